"""The registry of workloads: one line each; the module of the same name is loaded when needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

from experiments.lookup import unknown
from momo.lookup import load

if TYPE_CHECKING:
    from experiments.workload import Workload


@dataclass(frozen=True)
class Listed:
    """What is known of a workload before its module, and with it torch, is loaded.

    Attributes
    ----------
    title
        How it is called in figures.
    paper, small
        The data set of each scale (`experiments.data`); None: it makes its own data.
    """

    title: str
    paper: str | None = None
    small: str | None = None


WORKLOADS: dict[str, Listed] = {
    "mnist_mlp": Listed("MLP on MNIST", "mnist", "mnist"),
    "cifar10_resnet20": Listed("ResNet-20 on CIFAR-10", "cifar10", "fashion_slice"),
    "cifar10_vgg16": Listed("VGG-16 on CIFAR-10", "cifar10", "fashion_slice"),
    "cifar100_resnet110": Listed("ResNet-110 on CIFAR-100", "cifar100", "emoji_slice"),
    "cifar10_vit": Listed("ViT on CIFAR-10", "cifar10", "fashion_slice"),
    "imagenet32_resnet18": Listed("ResNet-18 on ImageNet32", "imagenet32", "emoji_slice"),
    "imagenet_vit_tiny": Listed("ViT-tiny on ImageNet", "imagenet", "emoji_slice"),
    "criteo_dlrm": Listed("DLRM on Criteo", "criteo", "flights_slice"),
    "iwslt14_transformer": Listed("Transformer on IWSLT14", "iwslt14", "help_slice"),
    "diffusion_unet": Listed("Diffusion, UNet", "images", "fashion_slice"),
    "lm_transformer": Listed("Language model", "text", "austen_slice"),
    "gpt": Listed("GPT-2", "openwebtext", "austen_slice"),
    "image_completion": Listed("Image completion", "cifar10", "fashion_slice"),
    "synthetic_least_squares": Listed("Synthetic least squares"),
}
"""Every workload by its name; ``WORKLOAD`` in the module of that name is the rest."""


def find(name: str) -> Workload:
    """Return a workload by its name, or as ``module:attribute``; this imports torch.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    from experiments.workload import Workload

    if ":" in name:
        return replace(load(f"workload = {name!r}", name, Workload), name=name)
    if name not in WORKLOADS:
        raise unknown("workload", name, WORKLOADS)
    found: Workload = import_module(f"experiments.workloads.{name}").WORKLOAD
    return found
