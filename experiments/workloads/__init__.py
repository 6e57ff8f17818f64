"""The registry of workloads: one line each; the module of the same name is loaded when needed."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from experiments.lookup import unknown
from momo.lookup import load

if TYPE_CHECKING:
    from experiments.workload import Workload

WORKLOADS: dict[str, str] = {
    "mnist_mlp": "MLP on MNIST",
    "cifar10_resnet20": "ResNet-20 on CIFAR-10",
    "cifar10_vgg16": "VGG-16 on CIFAR-10",
    "cifar100_resnet110": "ResNet-110 on CIFAR-100",
    "cifar10_vit": "ViT on CIFAR-10",
    "imagenet32_resnet18": "ResNet-18 on ImageNet32",
    "imagenet_vit_tiny": "ViT-tiny on ImageNet",
    "criteo_dlrm": "DLRM on Criteo",
    "iwslt14_transformer": "Transformer on IWSLT14",
    "diffusion_unet": "Diffusion, UNet",
    "lm_transformer": "Language model",
    "synthetic_least_squares": "Synthetic least squares",
}
"""The title of every workload by its name; ``WORKLOAD`` in the module of that name is the rest."""


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
