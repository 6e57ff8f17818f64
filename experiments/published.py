# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Published results of experiments that the presets "paper" repeat."""

from __future__ import annotations

from typing import NamedTuple

NGN_M = "arXiv 2508.15071"


class Published(NamedTuple):
    """The final score of a method at its best learning rate, as somebody else has it.

    Attributes
    ----------
    workload, method
        Names in `experiments.workloads` and `experiments.optimizers`.
    score, sd, n
        Mean and standard deviation over n seeds; sd is None where it was not noted.
    source
        Where it is from.
    """

    workload: str
    method: str
    score: float
    sd: float | None
    n: int
    source: str


PUBLISHED = (
    Published("cifar10_resnet20", "mom_sps", 87.20, 0.38, 3, NGN_M),
    Published("cifar10_resnet20", "momo", 88.86, 0.14, 3, NGN_M),
    Published("cifar10_resnet20", "alr_smag", 88.88, 0.19, 3, NGN_M),
    Published("cifar10_resnet20", "ngn_m", 88.76, 0.05, 3, NGN_M),
    Published("cifar10_resnet20", "sgd_m", 85.42, 0.70, 3, NGN_M),
    Published("cifar10_resnet20", "adam", 86.96, None, 3, NGN_M),
    Published("cifar10_resnet20", "momo_adam", 89.41, 0.36, 3, NGN_M),
    Published("cifar10_resnet20", "ngn_md_v1", 89.53, 0.11, 3, NGN_M),
    Published("cifar100_resnet110", "momo", 64.81, 0.33, 3, NGN_M),
    Published("cifar100_resnet110", "momo_adam", 67.10, 0.53, 3, NGN_M),
    Published("cifar10_vgg16", "momo", 90.43, None, 3, NGN_M),
    Published("cifar10_vit", "momo", 85.47, 0.27, 3, NGN_M),
    Published("cifar10_vit", "momo_adam", 85.74, None, 3, NGN_M),
    Published("mnist_mlp", "momo", 97.97, 0.04, 3, NGN_M),
)
"""All of them accuracies in percent; from runs of its authors, not of those of the methods."""
