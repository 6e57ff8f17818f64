# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Claims on the small workloads."""

from __future__ import annotations

from experiments.claims.base import Claim
from experiments.claims.evidence import Side, complete, difference, over_data_sets, remaining, wider
from experiments.studies.base import REFERENCE
from experiments.studies.dropout import WORKLOAD as OTHER_DROPOUT

SECTION = "stand-ins"
IMAGES = ("cifar10_resnet20", "cifar10_vgg16", "imagenet32_resnet18", "diffusion_unet")
"""Where MoMo's training loss ends near 0, the bound."""
BETWEEN = ("cifar10_vit", "cifar100_resnet110", "image_completion")
FAR = ("lm_transformer", "iwslt14_transformer", "criteo_dlrm", "imagenet_vit_tiny")
"""Where it stays far above."""
LEAST = "synthetic_least_squares"
TRANSLATION = "iwslt14_transformer"


def pairs(first: str, second: str, *workloads: str) -> list[tuple[Side, Side]]:
    """Return two methods on several workloads."""
    return [(Side(workload, first), Side(workload, second)) for workload in workloads]


def estimated(workload: str, method: str) -> tuple[Side, Side]:
    """Return a method that estimates its bound, and the one that is told 0."""
    return Side(workload, f"{method}_star"), Side(workload, method, None, "lb", 0.0)


def dropped(method: str) -> tuple[Side, Side]:
    """Return a method with the other dropout, and with the workload's."""
    return Side(OTHER_DROPOUT, method), Side(TRANSLATION, method)


def by_data_set(name: str, model: str, title: str, base: str) -> Claim:
    """Return the claim that a model is wider than its base over data sets."""
    numbers = "({least} decades in the median, {low} … {high}, p = {p}, {n} data sets)"
    return Claim(
        name,
        SECTION,
        f"Within five points of the best, {title} has a longer range than {base} {numbers}.",
        over_data_sets(model, 5.0),
        f"Over data sets the range of {title} within five points cannot be told from {base}'s"
        f" {numbers}.",
        above=0.0,
        digits=1,
    )


CLAIMS = (
    by_data_set("over-data-momo", "momo", "MoMo", "SGD-M"),
    by_data_set("over-data-momo-adam", "momo_adam", "MoMo-Adam", "Adam"),
    Claim(
        "images-loss",
        SECTION,
        "On ResNet-20, VGG16, ResNet-18 and the diffusion model MoMo's training loss at its best"
        " rate ends near f_* = 0, at {least} to {most} of that before training ({low} … {high},"
        " n = {n}).",
        remaining(*(Side(workload, "momo") for workload in IMAGES)),
        "On ResNet-20, VGG16, ResNet-18 and the diffusion model MoMo's training loss at its best"
        " rate ends at {least} to {most} of that before training ({low} … {high}, n = {n}).",
        below=0.28,
    ),
    Claim(
        "images-momo",
        SECTION,
        "There MoMo's range within five points is longer than SGD-M's by {least} to {most} decades"
        " ({low} … {high}, n = {n}).",
        wider(*pairs("momo", "sgd_m", *IMAGES)),
        "There MoMo's range within five points is {least} to {most} decades longer than SGD-M's,"
        " not on each beyond its interval ({low} … {high}, n = {n}).",
        above=0.0,
        digits=1,
    ),
    Claim(
        "images-momo-adam",
        SECTION,
        "There MoMo-Adam's is longer than Adam's by {least} to {most} decades ({low} … {high},"
        " n = {n}).",
        wider(*pairs("momo_adam", "adam", *IMAGES)),
        "There MoMo-Adam's is longer than Adam's by {least} to {most} decades, though not on each"
        " beyond its interval ({low} … {high}, n = {n}).",
        above=0.0,
        digits=1,
    ),
    Claim(
        "far-loss",
        SECTION,
        "On the language model, in translation, in click prediction and on ViT-tiny it ends far"
        " above, at {least} to {most} ({low} … {high}, n = {n}).",
        remaining(*(Side(workload, "momo") for workload in FAR)),
        "On the language model, in translation, in click prediction and on ViT-tiny it ends at"
        " {least} to {most} ({low} … {high}, n = {n}).",
        above=0.5,
    ),
    Claim(
        "far-from-bound",
        SECTION,
        "There the models' range is that of what they are built upon: it differs by {least} to"
        " {most} decades ({low} … {high}, n = {n}). That the distance from the bound is the cause"
        " was not tested.",
        wider(
            *pairs("momo", "sgd_m", *FAR),
            *pairs("momo_adam", "adam", *FAR[:-1]),
            *pairs("momo_adam", "adam_w", FAR[-1]),
        ),
        "There the models' range differs from that of what they are built upon by {least} to {most}"
        " decades ({low} … {high}, n = {n}).",
        above=-0.5,
        below=0.5,
        digits=1,
    ),
    Claim(
        "between-momo",
        SECTION,
        "In between, on ViT, ResNet-110 and image completion, MoMo's is longer than SGD-M's by"
        " {least} to {most} decades ({low} … {high}, n = {n}).",
        wider(*pairs("momo", "sgd_m", *BETWEEN)),
        "In between, on ViT, ResNet-110 and image completion, MoMo's is longer than SGD-M's by"
        " {least} to {most} decades, not on each beyond its interval ({low} … {high}, n = {n}).",
        above=0.0,
        digits=1,
    ),
    Claim(
        "best-score-diffusion",
        SECTION,
        "On the diffusion model MoMo's best loss is {least} lower than SGD-M's ({low} … {high},"
        " n = {n}).",
        difference(*pairs("momo", "sgd_m", "diffusion_unet")),
        above=0.0,
        digits=4,
    ),
    Claim(
        "best-score-resnet18",
        SECTION,
        "On ResNet-18 MoMo's best accuracy is {least} points above SGD-M's ({low} … {high},"
        " n = {n}).",
        difference(*pairs("momo", "sgd_m", "imagenet32_resnet18")),
        above=0.0,
        digits=1,
    ),
    Claim(
        "one-step-size",
        SECTION,
        "On both vision transformers and in translation one step size for all parameters is not"
        " enough: MoMo's best accuracy is {least} to {most} points from MoMo-Adam's ({low} …"
        " {high}, n = {n}).",
        difference(
            *pairs("momo", "momo_adam", "cifar10_vit", "imagenet_vit_tiny", "iwslt14_transformer")
        ),
        below=0.0,
        digits=1,
    ),
    Claim(
        "least-squares-low-bound",
        SECTION,
        "On the least-squares problem with lb = -10, far too low, MoMo's range is SGD-M's"
        " (difference {least}, {low} … {high}, n = {n}).",
        wider(*pairs("momo", "sgd_m", LEAST)),
        above=-0.1,
        below=0.1,
        digits=1,
    ),
    Claim(
        "least-squares-online",
        SECTION,
        "MoMo*, which estimates the bound, is wider there by {least} decades ({low} … {high},"
        " n = {n}).",
        wider(*pairs("momo_star", "momo", LEAST)),
        above=1.0,
        digits=1,
    ),
    Claim(
        "starred-right",
        SECTION,
        "The estimate is worth as much there as the right bound: MoMo* and MoMo-Adam* differ in"
        " range from MoMo and MoMo-Adam with lb = 0 by {least} to {most} decades ({low} … {high},"
        " n = {n}).",
        complete(2, wider(*(estimated(LEAST, method) for method in ("momo", "momo_adam")))),
        "MoMo* and MoMo-Adam* differ there in range from MoMo and MoMo-Adam with the right bound,"
        " lb = 0, by {least} to {most} decades ({low} … {high}, n = {n}).",
        above=-0.5,
        below=0.5,
        digits=1,
    ),
    Claim(
        "dropout-scores",
        SECTION,
        "In translation, dropout 0.3 for 0.1 changes the best accuracies of the four methods by"
        " {least} to {most} points, each by less than two ({low} … {high}, n = {n}).",
        complete(4, difference(*(dropped(method) for method in REFERENCE))),
        "In translation, dropout 0.3 for 0.1 changes the best accuracies of the four methods by"
        " {least} to {most} points ({low} … {high}, n = {n}).",
        above=-2.0,
        below=2.0,
        digits=1,
    ),
    Claim(
        "baselines-images",
        SECTION,
        "On ResNet-20 the best accuracies of AdaBelief, AdaBound, Lion and ProxSPS, of three rates"
        " each, are {least} to {most} points below MoMo's ({low} … {high}, p = {p}, n = {n}).",
        complete(
            4,
            difference(
                *(
                    (Side("cifar10_resnet20", "momo"), Side("cifar10_resnet20", method))
                    for method in ("adabelief", "adabound", "lion", "prox_sps")
                )
            ),
        ),
        "On ResNet-20 the best accuracies of AdaBelief, AdaBound, Lion and ProxSPS, of three rates"
        " each, are {least} to {most} points below MoMo's in the mean, not each beyond its interval"
        " ({low} … {high}, p = {p}, n = {n}).",
        above=0.0,
        digits=1,
    ),
    Claim(
        "baselines-text",
        SECTION,
        "On the language model the best losses of AdaBelief, Lion, Prodigy and schedule-free AdamW,"
        " of three rates each, are {least} to {most} above MoMo-Adam's ({low} … {high}, p = {p},"
        " n = {n}).",
        complete(
            4,
            difference(
                *(
                    (Side("lm_transformer", "momo_adam"), Side("lm_transformer", method))
                    for method in ("adabelief", "lion", "prodigy", "schedule_free_adam_w")
                )
            ),
        ),
        "On the language model the best losses of AdaBelief, Lion, Prodigy and schedule-free AdamW,"
        " of three rates each, are {least} to {most} above MoMo-Adam's in the mean, not each beyond"
        " its interval ({low} … {high}, p = {p}, n = {n}).",
        above=0.0,
    ),
)
