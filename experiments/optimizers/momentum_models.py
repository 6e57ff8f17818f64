"""The momentum models: every row of the table of methods."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from experiments.optimizers.entry import Entry, decades
from momo.methods import METHODS, Hyperparameters, Row

if TYPE_CHECKING:
    from torch.optim import Optimizer

SOURCE = "arXiv 2305.07583; momo.optim"
USES = {"betas": ("beta", "beta2")}
"""The hyper-parameters behind an argument of a torch class, where they are not called like it."""


def _build(row: Row, params: Any, h: Hyperparameters) -> Optimizer:
    # The base class is abstract and its signature another one than that of the methods.
    cls: Any = row.torch_class()
    return cls(params, **row.torch_arguments(h))


def entry(row: Row) -> Entry:
    """Return a row of the table as a method that can be compared.

    One with a preconditioner like Adam's is compared at Adam's learning rates and starts from
    α = 0.01, the others from α = 1: the defaults of the torch classes.
    """
    adaptive = "betas" in row.arguments
    uses = tuple(name for argument in row.arguments for name in USES.get(argument, (argument,)))
    return Entry(
        name=row.name,
        title=row.title,
        source=SOURCE,
        make=partial(_build, row),
        uses=uses,
        defaults=Hyperparameters(lr=1e-2 if adaptive else 1.0),
        lrs=decades(-4, 1) if adaptive else decades(-3, 3),
        takes_loss=True,
    )


MOMENTUM_MODELS = tuple(entry(row) for row in METHODS.values())
