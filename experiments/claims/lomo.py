# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Claims on AdaLomo's metric."""

from __future__ import annotations

from experiments.claims.base import Claim
from experiments.claims.evidence import Side, at, complete, difference
from experiments.studies.lomo import LRS

SECTION = "lomo"
WHERE = "lm_transformer"
ADALOMO, MODEL = Side(WHERE, "adalomo"), Side(WHERE, "momo_adalomo")
WITHOUT = Side(WHERE, "momo_adalomo", None, "beta", 0.0)
OTHERS = ("adam", "momo_adafactor", "adalomo", "momo_adalomo")


def best(method: str) -> Side:
    """Return a method at the best of the study's rates."""
    return Side(WHERE, method, rates=LRS[method])


CLAIMS = (
    Claim(
        "lomo-best",
        SECTION,
        "At their best rates Adam, MoMo-AdaFactor, AdaLomo and MoMo-AdaLomo have a loss within 0.15"
        " of MoMo-Adam's ({least} to {most} lower; {low} … {high}, n = {n}).",
        complete(
            len(OTHERS),
            difference(*((best(method), best("momo_adam")) for method in OTHERS)),
        ),
        "At their best rates Adam, MoMo-AdaFactor, AdaLomo and MoMo-AdaLomo have losses {least} to"
        " {most} below MoMo-Adam's ({low} … {high}, n = {n}).",
        above=-0.15,
        below=0.15,
        digits=3,
    ),
    Claim(
        "lomo-capped",
        SECTION,
        "With β = 0 MoMo-AdaLomo is AdaLomo at α = 0.01 and 0.03: the losses differ by {least} to"
        " {most} ({low} … {high}, n = {n}).",
        difference(*at((0.01, 0.03), WITHOUT, ADALOMO)),
        above=-1e-3,
        below=1e-3,
        digits=4,
    ),
    Claim(
        "lomo-model",
        SECTION,
        "At α = 0.1, where its model shortens some steps, its loss is {least} lower ({low} …"
        " {high}, p = {p}, n = {n}).",
        difference(*at((0.1,), WITHOUT, ADALOMO)),
        "Whether it is better at α = 0.1 cannot be told ({least}, {low} … {high}, n = {n}).",
        above=0.0,
        digits=3,
    ),
    Claim(
        "lomo-momentum",
        SECTION,
        "With β = 0.9 its loss at α = 0.1 is {least} above AdaLomo's ({low} … {high}, p = {p},"
        " n = {n}).",
        difference(*at((0.1,), MODEL, ADALOMO)),
        "With β = 0.9 its loss there cannot be told from AdaLomo's ({least} higher, {low} … {high},"
        " n = {n}).",
        below=0.0,
        digits=3,
        sign=-1,
    ),
)
