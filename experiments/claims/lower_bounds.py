# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Claims on what a wrong lower bound does."""

from __future__ import annotations

from experiments.claims.base import Claim
from experiments.claims.evidence import Side, at, complete, difference, score, wider

SECTION = "lower-bounds"
MNIST, LM = "mnist_mlp", "lm_transformer"


def bound(workload: str, method: str, lb: float, lr: float | None = None) -> Side:
    """Return a method under a bound."""
    return Side(workload, method, lr, "lb", lb)


def decayed(method: str, *changes: str) -> Side:
    """Return a method on the small ImageNet32 with weight decay, or a bound, or both."""
    values = tuple({"weight_decay": 1e-2, "lb": 0.1}[name] for name in changes)
    return Side("imagenet32_resnet18", method, None, changes, values)


MODELS = ("momo", "momo_adam")
BOTH = ("weight_decay", "lb")
CLAIMS = (
    Claim(
        "too-high",
        SECTION,
        "Too high: with f_* = 1 on MNIST the best accuracy of MoMo and"
        " MoMo-Adam is {least} to {most} % ({low} … {high}, n = {n}).",
        score(bound(MNIST, "momo", 1.0), bound(MNIST, "momo_adam", 1.0)),
        below=90.0,
        digits=1,
    ),
    Claim(
        "far-too-low",
        SECTION,
        "Far too low (-10 on MNIST): the range of MoMo and MoMo-Adam changes by {least} to {most}"
        " decades ({low} … {high}, n = {n}) from that with f_* = 0.",
        wider(
            (bound(MNIST, "momo", -10.0), Side(MNIST, "momo")),
            (bound(MNIST, "momo_adam", -10.0), Side(MNIST, "momo_adam")),
        ),
        "Far too low (-10 on MNIST): the range of MoMo and MoMo-Adam changes by {least} to {most}"
        " decades, not for both by more than 1.5 ({low} … {high}, n = {n}).",
        below=-1.5,
        digits=1,
    ),
    Claim(
        "far-too-low-base",
        SECTION,
        "It is that of SGD-M and Adam then, from which it differs by {least} to {most} decades"
        " ({low} … {high}, n = {n}).",
        wider(
            (bound(MNIST, "momo", -10.0), Side(MNIST, "sgd_m")),
            (bound(MNIST, "momo_adam", -10.0), Side(MNIST, "adam")),
        ),
        "From that of SGD-M and Adam it differs by {least} to {most} decades then ({low} … {high},"
        " n = {n}).",
        above=-0.5,
        below=0.5,
        digits=1,
    ),
    Claim(
        "near-large-rate",
        SECTION,
        "Near the loss that is reached (2.5 on the language model) MoMo at α = 10 is {least} better"
        " than with f_* = 0, which learns little there ({low} … {high}, n = {n}).",
        difference(*at((10.0,), bound(LM, "momo", 2.5), Side(LM, "momo"))),
        "Near the loss that is reached (2.5 on the language model) MoMo at α = 10 is {least} better"
        " than with f_* = 0, in the mean ({low} … {high}, n = {n}).",
        above=1.0,
    ),
    Claim(
        "near-best",
        SECTION,
        "Its best loss is lower too, by {least} ({low} … {high}, n = {n}).",
        difference((bound(LM, "momo", 2.5), Side(LM, "momo"))),
        "That its best loss is lower too is not to be said ({least}, {low} … {high}, n = {n}).",
        above=0.0,
    ),
    Claim(
        "online-mnist",
        SECTION,
        "Online on MNIST: at equal α MoMo* differs from MoMo with the right bound by {least} to"
        " {most} points, within half a point everywhere ({low} … {high}, n = {n}).",
        difference(
            *at((0.01, 0.1, 1.0, 10.0, 100.0), Side(MNIST, "momo_star"), Side(MNIST, "momo"))
        ),
        "Online on MNIST: at equal α MoMo* differs from MoMo with the right bound by {least} to"
        " {most} points in the mean (intervals {low} … {high}, n = {n}).",
        above=-0.5,
        below=0.5,
    ),
    Claim(
        "online-lm",
        SECTION,
        "Online on the language model: at α = 100 MoMo* is {least} better than MoMo ({low} …"
        " {high}, n = {n}).",
        difference(*at((100.0,), Side(LM, "momo_star"), Side(LM, "momo"))),
        "Online on the language model: at α = 100 MoMo* is {least} better than MoMo in the mean"
        " ({low} … {high}, n = {n}).",
        above=0.0,
    ),
    Claim(
        "decay-bound",
        SECTION,
        "On ResNet-18 with weight decay 0.01 the bound 0.1 improves the best accuracies of MoMo and"
        " MoMo-Adam by {least} to {most} points ({low} … {high}, p = {p}, n = {n}).",
        complete(2, difference(*((decayed(m, *BOTH), decayed(m, BOTH[0])) for m in MODELS))),
        "On ResNet-18 with weight decay 0.01 the bound 0.1 changes the best accuracies of MoMo and"
        " MoMo-Adam by {least} to {most} points, no gain of both beyond the intervals ({low} …"
        " {high}, p = {p}, n = {n}).",
        above=0.0,
        digits=1,
    ),
    Claim(
        "decay-without",
        SECTION,
        "Without decay the bound improves them by {least} to {most} ({low} … {high}, p = {p},"
        " n = {n}).",
        complete(2, difference(*((decayed(m, BOTH[1]), decayed(m)) for m in MODELS))),
        "Without decay it is {least} to {most}, no gain of both either ({low} … {high}, p = {p},"
        " n = {n}).",
        above=0.0,
        digits=1,
    ),
)
