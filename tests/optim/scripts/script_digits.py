# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the scripts share: handwritten digits, a small network, and a method by its name."""

import sys
from collections.abc import Iterator

import torch
from sklearn.datasets import load_digits
from torch import nn

from momo.methods import PAPER as METHODS

images, labels = load_digits(return_X_y=True)
order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
X = torch.tensor(images, dtype=torch.float32)[order] / 16
Y = torch.tensor(labels)[order]
X_TRAIN, X_TEST, Y_TRAIN, Y_TEST = X[:1200], X[1200:], Y[:1200], Y[1200:]

criterion = nn.CrossEntropyLoss()


def names() -> list[str]:
    """The methods of the command line; all if there are none."""
    return sys.argv[1:] or list(METHODS)


def network(seed: int = 0) -> nn.Sequential:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 10))


def optimizer(name: str, parameters, **arguments):
    """The method with its defaults, but for the arguments."""
    row = METHODS[name]
    return row.torch_class()(parameters, **{**row.fixed, **arguments})


def batches(epoch: int, size: int = 60) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """The training set in an order that depends on the epoch alone."""
    shuffled = torch.randperm(len(X_TRAIN), generator=torch.Generator().manual_seed(epoch))
    for rows in shuffled.split(size):
        yield X_TRAIN[rows], Y_TRAIN[rows]


def accuracy(model: nn.Module) -> float:
    with torch.no_grad():
        return (model(X_TEST).argmax(1) == Y_TEST).float().mean().item()
