# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Claims on a random length of the step where nothing is smooth."""

from __future__ import annotations

from experiments.claims.base import Claim
from experiments.claims.evidence import Side, difference
from experiments.studies.random_scaling import LRS
from experiments.summary.random_scaling import SCALED

SECTION = "random-scaling"
WHERE = "image_completion"


def pairs(*lrs: float) -> list[tuple[Side, Side]]:
    """Return MoMo and SGD-M without and with a random length, at equal rates."""
    return [
        (Side(WHERE, base, lr), Side(WHERE, scaled, lr / times))
        for scaled, (base, times) in SCALED.items()
        for lr in lrs
    ]


def best(method: str, times: float = 1.0) -> Side:
    """Return a method at the best of the study's rates."""
    return Side(WHERE, method, rates=tuple(lr / times for lr in LRS))


BEST = [(best(base), best(scaled, times)) for scaled, (base, times) in SCALED.items()]


CLAIMS = (
    Claim(
        "random-scaling-small",
        SECTION,
        "At α = 0.1 it changes neither error by more than 0.001 ({least} to {most} better without;"
        " {low} … {high}, n = {n}).",
        difference(*pairs(0.1)),
        "At α = 0.1 the errors are {least} to {most} better without it ({low} … {high}, n = {n}).",
        above=-0.001,
        below=0.001,
        digits=4,
    ),
    Claim(
        "random-scaling-costs",
        SECTION,
        "From α = 0.3 to 100 it costs at each rate, MoMo and SGD-M alike: {least} to {most} of the"
        " error ({low} … {high}, p = {p}, n = {n}).",
        difference(*pairs(0.3, 1.0, 3.0, 10.0, 30.0, 100.0)),
        "From α = 0.3 to 100 it costs {least} to {most} of the error, though not at each rate"
        " beyond its interval ({low} … {high}, n = {n}).",
        above=0.0,
        digits=4,
    ),
    Claim(
        "random-scaling-best",
        SECTION,
        "At the best of these rates for each side, MoMo and SGD-M are better without it, by {least}"
        " to {most} ({low} … {high}, p = {p}, n = {n}).",
        difference(*BEST),
        "At the best of these rates for each side, MoMo and SGD-M are {least} to {most} better"
        " without it ({low} … {high}, p = {p}, n = {n}).",
        above=0.0,
        digits=3,
    ),
    Claim(
        "random-scaling-damped",
        SECTION,
        "The published method, β = 0.99 and μ = 100, has at its best rate an error {least} above"
        " SGD-M's ({low} … {high}, p = {p}, n = {n}).",
        difference((best("sgd_m"), Side(WHERE, "sgdm_random_scaling"))),
        above=0.0,
        digits=3,
    ),
    Claim(
        "random-scaling-adam",
        SECTION,
        "MoMo-Adam's and Adam's best errors are below MoMo's, by {least} to {most} ({low} … {high},"
        " p = {p}, n = {n}).",
        difference(*((Side(WHERE, m), Side(WHERE, "momo")) for m in ("momo_adam", "adam"))),
        "MoMo-Adam's and Adam's best errors are {least} to {most} below MoMo's ({low} … {high},"
        " p = {p}, n = {n}).",
        above=0.0,
        digits=3,
    ),
)
