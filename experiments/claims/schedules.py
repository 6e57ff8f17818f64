"""Claims on decaying schedules."""

from __future__ import annotations

from experiments.claims.base import Claim
from experiments.claims.evidence import Side, difference, wider

SECTION = "schedules"


def cosine(workload: str, method: str) -> tuple[Side, Side]:
    """Return a method under a cosine schedule, and in its plain runs."""
    return Side(workload, method, None, "schedule", "cosine"), Side(workload, method)


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
    gain("cosine-mnist-sgd-m", "mnist_mlp", "sgd_m", "SGD-M on MNIST", 2),
    gain("cosine-mnist-momo", "mnist_mlp", "momo", "MoMo on MNIST", 2),
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
)
