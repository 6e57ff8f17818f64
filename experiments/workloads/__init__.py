# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The registry of workloads: one line each; the module of the same name is loaded when needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

from momo.lookup import choices, load

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
    trained
        What "small" trains: its network and its data; empty: what "paper" trains.
    """

    title: str
    paper: str | None = None
    small: str | None = None
    trained: str = ""


WORKLOADS: dict[str, Listed] = {
    "mnist_mlp": Listed("MLP on MNIST", "mnist", "mnist", "MLP on MNIST, a tenth held out"),
    "cifar10_resnet20": Listed(
        "ResNet-20 on CIFAR-10", "cifar10", "fashion_slice", "ResNet-8 on Fashion-MNIST"
    ),
    "cifar10_vgg16": Listed(
        "VGG-16 on CIFAR-10", "cifar10", "fashion_slice", "VGG-7 on Fashion-MNIST"
    ),
    "cifar100_resnet110": Listed(
        "ResNet-110 on CIFAR-100", "cifar100", "emoji_slice", "ResNet-14 on emoji"
    ),
    "cifar10_vit": Listed(
        "ViT on CIFAR-10", "cifar10", "fashion_slice", "2-block ViT on Fashion-MNIST"
    ),
    "imagenet32_resnet18": Listed(
        "ResNet-18 on ImageNet32", "imagenet32", "emoji_slice", "Narrow ResNet-18 on emoji"
    ),
    "imagenet_vit_tiny": Listed(
        "ViT-tiny on ImageNet", "imagenet", "emoji_slice", "2-block ViT on emoji"
    ),
    "criteo_dlrm": Listed("DLRM on Criteo", "criteo", "flights_slice", "Small DLRM on flights"),
    "iwslt14_transformer": Listed(
        "Transformer on IWSLT14", "iwslt14", "help_slice", "Small Transformer on manuals"
    ),
    "diffusion_unet": Listed(
        "Diffusion, UNet", "images", "fashion_slice", "Diffusion, UNet of 2 levels, Fashion-MNIST"
    ),
    "lm_transformer": Listed(
        "Language model", "text", "austen_slice", "Language model, 2 blocks, on one novel"
    ),
    "gpt": Listed(
        "GPT-2 on OpenWebText", "openwebtext", "austen_slice", "GPT, 2 blocks, on one novel"
    ),
    "image_completion": Listed(
        "Image completion", "cifar10", "fashion_slice", "Image completion, small, Fashion-MNIST"
    ),
    "synthetic_least_squares": Listed("Synthetic least squares"),
}
"""Every workload by its name; ``WORKLOAD`` in the module of that name is the rest."""


def heading(name: str, title: str, preset: str, data: str = "") -> str:
    """Return what a run trained, for the headings of figures and tables.

    Parameters
    ----------
    name, title, preset
        As in the run's record: `Workload.name` and `Workload.title`, and the preset's name.
    data
        The name of its data set, if it has one.

    Returns
    -------
    str
        At "paper", the title. At "small", what is trained there, and behind it what that stands
        for, unless the first begins so. Elsewhere the name of the scale, the data, and what that
        stands for. Of a workload that is not in the registry, the title and the name of the scale.
    """
    if preset == "paper":
        return title
    # A variant of a workload is called "experiments.workloads.NAME:ATTRIBUTE".
    known = WORKLOADS.get(name.removeprefix(f"{__name__}.").partition(":")[0])
    if known is None or known.title not in title:
        return f"{title}; {preset} scale"
    if preset != "small" or not known.trained:
        on = f" on {data.replace('_', ' ')}" if data else ""
        return f"{preset} scale{on}; for {title}"
    trained = title.replace(known.title, known.trained, 1)
    return trained if known.trained.startswith(known.title) else f"{trained}; for {known.title}"


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
        said = choices(name, WORKLOADS, "or module:attribute")
        raise ValueError(f"workload = {name!r} is unknown; {said}")
    found: Workload = import_module(f"experiments.workloads.{name}").WORKLOAD
    return found
