"""The registry of workloads: one line each; the module of the same name is loaded when needed."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.workload import Workload

WORKLOADS: dict[str, str] = {
    "mnist_mlp": "MLP on MNIST",
    "cifar10_resnet20": "ResNet-20 on CIFAR-10",
    "synthetic_least_squares": "Synthetic least squares",
}
"""The title of every workload by its name; ``WORKLOAD`` in the module of that name is the rest."""


def find(name: str) -> Workload:
    """Return a workload; this imports torch.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    if name not in WORKLOADS:
        near = get_close_matches(name, WORKLOADS, n=3) or list(WORKLOADS)
        raise ValueError(f"workload = {name}; allowed, among others: {', '.join(near)}")
    found: Workload = import_module(f"experiments.workloads.{name}").WORKLOAD
    return found
