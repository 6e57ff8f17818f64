# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Claims on MNIST at the paper's scale."""

from __future__ import annotations

from experiments.claims.base import Claim
from experiments.claims.evidence import (
    Side,
    at,
    complete,
    difference,
    given,
    wider,
    width,
)

SECTION = "mnist"
LRS = (1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2, 1e3)
OTHERS = ("adam_w", "adabelief", "lion", "prodigy", "schedule_free_sgd", "schedule_free_adam_w")
FREE = ("prodigy", "dadapt_sgd", "dadapt_adam", "dog", "ldog", "mechanic_adam_w")
"""Methods that find their rate; α is a factor of it."""


def side(method: str, setting: str | None = None, value: object = None) -> Side:
    """Return a method here."""
    return Side("mnist_mlp", method, None, setting, value)


MOMO, SGD_M = side("momo"), side("sgd_m")
MOMO_ADAM, ADAM = side("momo_adam"), side("adam")
ADABOUND = side("adabound")

CLAIMS = (
    Claim(
        "mnist-width",
        SECTION,
        "Within one point of the best of the four, MoMo and MoMo-Adam stay for {least} to {most}"
        " decades of α ({low} … {high}, n = {n}).",
        width(MOMO, MOMO_ADAM),
        above=4.0,
        digits=1,
    ),
    Claim(
        "mnist-width-base",
        SECTION,
        "SGD-M and Adam stay there for {least} to {most} decades ({low} … {high}, n = {n}).",
        width(SGD_M, ADAM),
        below=1.5,
        digits=1,
    ),
    Claim(
        "mnist-wider",
        SECTION,
        "The models' range is longer than that of what they are built upon by {least} to {most}"
        " decades ({low} … {high}, n = {n}).",
        wider((MOMO, SGD_M), (MOMO_ADAM, ADAM), points=1.0),
        above=2.0,
        digits=1,
    ),
    Claim(
        "mnist-end",
        SECTION,
        "At the ends of their grids, α = 1000 and 10, the accuracies of MoMo and MoMo-Adam are"
        " within a point of those at their best rates ({least} to {most} points, {low} … {high},"
        " n = {n}).",
        difference((MOMO._replace(lr=1e3), MOMO), (MOMO_ADAM._replace(lr=10.0), MOMO_ADAM)),
        "At the ends of their grids, α = 1000 and 10, the accuracies of MoMo and MoMo-Adam differ"
        " from those at their best rates by {least} to {most} points ({low} … {high}, n = {n}).",
        above=-1.0,
        below=1.0,
    ),
    Claim(
        "mnist-best-momo",
        SECTION,
        "At its best rate MoMo is {least} points better than SGD-M ({low} … {high}, p = {p},"
        " n = {n}).",
        difference((MOMO, SGD_M)),
        "MoMo's best accuracy cannot be told from SGD-M's ({least} points, {low} … {high}, p = {p},"
        " n = {n}).",
        above=0.0,
    ),
    Claim(
        "mnist-best-momo-adam",
        SECTION,
        "At its best rate MoMo-Adam is {least} points better than Adam ({low} … {high}, p = {p},"
        " n = {n}).",
        difference((MOMO_ADAM, ADAM)),
        "MoMo-Adam's best accuracy cannot be told from Adam's ({least} points, {low} … {high},"
        " p = {p}, n = {n}).",
        above=0.0,
    ),
    Claim(
        "mnist-momentum-momo",
        SECTION,
        "Momentum adds {least} to {most} points to MoMo at every α ({low} … {high}, n = {n}).",
        difference(*at(LRS, MOMO, side("momo", "beta", 0.0))),
        "What momentum adds to MoMo at equal α is {least} to {most} points, and no gain at every α"
        " (intervals {low} … {high}, n = {n}).",
        above=0.0,
    ),
    Claim(
        "mnist-momentum-sgd-m",
        SECTION,
        "What it adds to SGD-M is range: at α = 1 {least} points ({low} … {high}, n = {n}).",
        difference(*at((1.0,), SGD_M, side("sgd_m", "beta", 0.0))),
        above=20.0,
    ),
    Claim(
        "mnist-prox-sps",
        SECTION,
        "The range of ProxSPS, which is MoMo with β = 0, differs from MoMo's by {most} decades"
        " ({low} … {high}, n = {n}).",
        wider((side("prox_sps"), MOMO), points=1.0),
        above=-0.5,
        below=0.5,
        digits=1,
    ),
    Claim(
        "mnist-others",
        SECTION,
        "AdamW, AdaBelief, Lion, Prodigy and the two schedule-free methods stay within one point"
        " for {least} to {most} decades ({low} … {high}, n = {n}).",
        complete(len(OTHERS), width(*map(side, OTHERS))),
        below=2.5,
        digits=1,
    ),
    Claim(
        "baselines-adabound",
        SECTION,
        "Nor are the models alone in their robustness: the range of AdaBound, whose late steps do"
        " not depend on α, differs from MoMo-Adam's by {most} decades ({low} … {high}, n = {n}).",
        given(ADABOUND._replace(lr=1e-6), wider((ADABOUND, MOMO_ADAM), points=1.0)),
        "The range of AdaBound differs from MoMo-Adam's by {most} decades ({low} … {high},"
        " n = {n}).",
        above=-0.5,
        below=0.5,
        digits=1,
    ),
    Claim(
        "baselines-free",
        SECTION,
        "Methods that find their rate (Prodigy, D-Adapt SGD and Adam, DoG, LDoG, Mechanic) have as"
        " they come, with factor 1, scores below MoMo's best, by {least} to {most} points ({low} …"
        " {high}, p = {p}, n = {n}).",
        complete(len(FREE), difference(*((MOMO, side(m)._replace(lr=1.0)) for m in FREE))),
        "Methods that find their rate (Prodigy, D-Adapt SGD and Adam, DoG, LDoG, Mechanic) have as"
        " they come, with factor 1, scores {least} to {most} points below MoMo's best, not each"
        " beyond its interval ({low} … {high}, p = {p}, n = {n}).",
        above=0.0,
    ),
    Claim(
        "baselines-free-width",
        SECTION,
        "Over their factor they stay within one point for {least} to {most} decades ({low} …"
        " {high}, n = {n}), less than MoMo.",
        complete(len(FREE), width(*map(side, FREE))),
        "Over their factor they stay within one point for {least} to {most} decades ({low} …"
        " {high}, n = {n}).",
        below=4.0,
        digits=1,
    ),
)
