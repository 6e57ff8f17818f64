"""The momentum models: every row of the table of methods."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from experiments.optimizers.entry import Entry, decades
from momo.methods import METHODS, Hyperparameters, Row
from momo.reference.iterates import ScheduleFree

if TYPE_CHECKING:
    from torch.optim import Optimizer

USES = {"betas": ("beta", "beta2")}
"""The hyper-parameters behind an argument of a torch class, where they are not called like it."""

GRIDS = ((1e-4, decades(-5, 0)), (0.02, decades(-4, 1)))
"""Learning rates by the largest default that they are for: Lion's, and Adam's."""
EUCLIDEAN = decades(-3, 3)
"""The learning rates of all others, whose steps are multiples of averaged gradients."""


def _build(row: Row, params: Any, h: Hyperparameters) -> Optimizer:
    # The base class is abstract and its signature another one than that of the methods.
    cls: Any = row.torch_class()
    return cls(params, **row.torch_arguments(h))


def entry(row: Row) -> Entry:
    """Return a row of the table as a method that can be compared.

    Its learning rates are decades around those of its kind, which its default gives away.
    """
    alpha = row.defaults.lr
    wrapper = row.reference(row.defaults, (1,)).iterates
    return Entry(
        name=row.name,
        title=row.title,
        source=f"{row.source}; momo.optim",
        make=partial(_build, row),
        uses=tuple(name for argument in row.arguments for name in USES.get(argument, (argument,))),
        defaults=row.defaults,
        lrs=next((lrs for largest, lrs in GRIDS if alpha <= largest), EUCLIDEAN),
        takes_loss=True,
        # Among the sequences this one alone is evaluated elsewhere than it takes gradients.
        modes=isinstance(wrapper, ScheduleFree),
    )


MOMENTUM_MODELS = tuple(entry(row) for row in METHODS.values())
