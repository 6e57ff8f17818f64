# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The multilayer perceptron."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from torch import nn


def mlp(sizes: Sequence[int], last: bool = False) -> nn.Sequential:
    """Return linear layers with ReLU between them, for inputs of any shape after the first axis.

    Parameters
    ----------
    sizes
        Of all layers, input and output among them: (784, 100, 100, 10) has two hidden layers.
    last
        Whether a ReLU follows the last layer too.
    """
    layers: list[nn.Module] = [nn.Flatten()]
    for before, after in pairwise(sizes):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*layers if last else layers[:-1])
