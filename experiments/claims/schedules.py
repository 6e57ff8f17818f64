# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Claims on decaying schedules."""

from __future__ import annotations

from experiments.claims.base import Claim
from experiments.claims.evidence import Side, complete, difference, wider

SECTION = "schedules"


def cosine(workload: str, method: str) -> tuple[Side, Side]:
    """Return a method under a cosine schedule, and in its plain runs."""
    return Side(workload, method, None, "schedule", "cosine"), Side(workload, method)


def stepped(method: str) -> Side:
    """Return a method under step decay on the deepest residual network."""
    return Side("cifar100_resnet110", method, None, "schedule", "step")


def plain(method: str) -> Side:
    """Return it at a constant rate."""
    return Side("cifar100_resnet110", method)


STEPPED = ("momo", "sgd_m")


def gain(name: str, workload: str, method: str, said: str, digits: int) -> Claim:
    """Return the claim that a method gains from a cosine schedule."""
    numbers = "({least}, {low} … {high}, p = {p}, n = {n})"
    return Claim(
        name,
        SECTION,
        f"A cosine schedule improves the best score of {said} {numbers}.",
        difference(cosine(workload, method)),
        f"Whether a cosine schedule improves the best score of {said} cannot be told {numbers}.",
        above=0.0,
        digits=digits,
    )


CLAIMS = (
    gain("cosine-mnist-sgd-m", "mnist_mlp", "sgd_m", "SGD-M on MNIST", 3),
    gain("cosine-mnist-momo", "mnist_mlp", "momo", "MoMo on MNIST", 3),
    Claim(
        "cosine-mnist-width",
        SECTION,
        "It does not widen SGD-M's range there ({least} decades, {low} … {high}, n = {n}).",
        wider(cosine("mnist_mlp", "sgd_m")),
        below=0.1,
        digits=1,
    ),
    gain("cosine-diffusion-momo", "diffusion_unet", "momo", "MoMo on the diffusion model", 4),
    gain("cosine-diffusion-momo-adam", "diffusion_unet", "momo_adam", "MoMo-Adam there", 4),
    gain("cosine-diffusion-adam", "diffusion_unet", "adam", "Adam there", 4),
    Claim(
        "cosine-diffusion-sgd-m",
        SECTION,
        "SGD-M's best loss is worse under it there, by {most} ({low} … {high}, n = {n}).",
        difference(cosine("diffusion_unet", "sgd_m")),
        "Whether SGD-M's best loss is worse under it there cannot be told ({least}, {low} … {high},"
        " n = {n}).",
        below=0.0,
        digits=4,
        sign=-1,
    ),
    Claim(
        "cosine-diffusion-width",
        SECTION,
        "MoMo's range within five points grows by {least} decades ({low} … {high}, n = {n}).",
        wider(cosine("diffusion_unet", "momo")),
        above=0.0,
        digits=1,
    ),
    Claim(
        "step-decay-gain",
        SECTION,
        "On ResNet-110 step decay improves the best accuracies of MoMo and SGD-M by {least} to"
        " {most} points ({low} … {high}, p = {p}, n = {n}).",
        complete(2, difference(*((stepped(method), plain(method)) for method in STEPPED))),
        "On ResNet-110 step decay changes the best accuracies of MoMo and SGD-M by {least} to"
        " {most} points, no gain of both beyond the intervals ({low} … {high}, p = {p}, n = {n}).",
        above=0.0,
        digits=1,
    ),
    Claim(
        "step-decay-width",
        SECTION,
        "Under it MoMo's range is longer than SGD-M's by {least} decades ({low} … {high},"
        " n = {n}).",
        wider((stepped("momo"), stepped("sgd_m"))),
        "Under it MoMo's range cannot be told from SGD-M's ({least} decades, {low} … {high},"
        " n = {n}).",
        above=0.0,
        digits=1,
    ),
)
