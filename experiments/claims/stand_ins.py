"""Claims on the small workloads."""

from __future__ import annotations

from experiments.claims.base import Claim
from experiments.claims.evidence import Side, difference, over_data_sets, wider

SECTION = "stand-ins"
IMAGES = ("cifar10_resnet20", "cifar10_vgg16", "imagenet32_resnet18", "diffusion_unet")
"""Where the network can bring the training loss near 0."""
FAR = ("lm_transformer", "iwslt14_transformer", "criteo_dlrm")
"""Where it cannot."""
LEAST = "synthetic_least_squares"


def pairs(first: str, second: str, *workloads: str) -> list[tuple[Side, Side]]:
    """Return two methods on several workloads."""
    return [(Side(workload, first), Side(workload, second)) for workload in workloads]


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
        "images-momo",
        SECTION,
        "Where the network can bring the training loss near f_* = 0 (ResNet-20, VGG16 and ResNet-18"
        " on images, and the diffusion model), MoMo's range within five points is longer than"
        " SGD-M's by {least} to {most} decades ({low} … {high}, n = {n}).",
        wider(*pairs("momo", "sgd_m", *IMAGES)),
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
        "far-from-bound",
        SECTION,
        "Where the loss stays far above f_* = 0 (language model, translation, click prediction) the"
        " models' range is that of what they are built upon: it differs by {least} to {most}"
        " decades ({low} … {high}, n = {n}). The cure is a better bound, see lower bounds.",
        wider(*pairs("momo", "sgd_m", *FAR), *pairs("momo_adam", "adam", *FAR)),
        above=-0.5,
        below=0.5,
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
)
