# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Other people's optimizers that step along the same directions: beside ours where they are there.

torch's own baselines are in `momo.bench.contestants`; what is here is compared with the methods
whose parts it shares. Each but torch's is optional: what is not installed is left out, and said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from momo.installed import needed

with needed(__name__, "bench"):
    from torch import Tensor
    from torch.optim import Optimizer

from momo.bench.workloads import Shapes
from momo.core.iterates import ScheduleFree
from momo.core.method import Method
from momo.optim.preconditioners import AdamDiagonal, Identity, Soap, Spectral
from momo.optim.settings import preconditioner_of


@dataclass(frozen=True)
class Peer:
    """An optimizer that ours are compared with.

    Attributes
    ----------
    title
        How it is called in tables.
    module, name
        Where its class is.
    fits
        Whether it does what a method does to parameters of two axes.
    matrices
        Whether it takes parameters of two axes alone.
    """

    title: str
    module: str
    name: str
    fits: Callable[[Method], bool]
    matrices: bool = False

    def suits(self, method: Method, shapes: Shapes) -> bool:
        """Return whether it is to be compared with a method on parameters of these shapes."""
        return self.fits(method) and not (self.matrices and any(len(s) != 2 for s in shapes))

    def maker(
        self, learning_rate: float, weight_decay: float
    ) -> Callable[[list[Tensor]], Optimizer]:
        """Return what makes it over given parameters.

        Raises
        ------
        ImportError
            If it is not there.
        """
        try:
            cls = getattr(import_module(self.module), self.name)
        except AttributeError:
            raise ImportError(f"{self.module} has no {self.name}") from None
        given = {"lr": learning_rate, "weight_decay": weight_decay}

        def make(parameters: list[Tensor]) -> Optimizer:
            made: Any = cls(parameters, **given)
            if hasattr(made, "train"):
                made.train()
            return made

        return make


def _spectral(method: Method) -> bool:
    return isinstance(preconditioner_of(method, (2, 2)), Spectral)


def _soap(method: Method) -> bool:
    return isinstance(preconditioner_of(method, (2, 2)), Soap)


def _schedule_free(method: Method) -> bool:
    return isinstance(method.iterates, ScheduleFree) and isinstance(method.preconditioner, Identity)


def _schedule_free_adam(method: Method) -> bool:
    own = method.iterates, method.preconditioner
    return isinstance(own[0], ScheduleFree) and isinstance(own[1], AdamDiagonal)


PEERS = (
    Peer("Muon", "torch.optim", "Muon", _spectral, matrices=True),
    Peer("SOAP (pytorch_optimizer)", "pytorch_optimizer", "SOAP", _soap, matrices=True),
    Peer("schedule-free SGD", "schedulefree", "SGDScheduleFree", _schedule_free),
    Peer("schedule-free AdamW", "schedulefree", "AdamWScheduleFree", _schedule_free_adam),
)
"""A new one is a line here."""
