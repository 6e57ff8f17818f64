# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A recorder of what the steps say of themselves, for plots."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from types import TracebackType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import Optimizer

from momo.core.step import StepInfo
from momo.optim.numbers import Tensors
from momo.optim.optimizer import MomentumModelOptimizer
from momo.optim.state import INDEX, find_model

COLUMNS = ("step", "lr", "loss", *StepInfo._fields)
"""What a row holds."""


class Recorder:
    """Keeps a row of numbers for each step of an optimizer, on its device, without waiting for it.

    A row has the number of the step (how many samples the optimizer has taken in or skipped; it
    goes on in a run that was resumed), the largest learning rate, the loss as it was given to this
    process, and all of `StepInfo`: NaN after a step that was skipped, but for a ``step_size`` of 0.
    A step without any gradient leaves no row. A row takes 88 bytes.

    It listens through hooks of this optimizer object: loading a state dict changes nothing, but
    a copy of the optimizer (``deepcopy``, ``pickle``) is not recorded. Replays of CUDA graphs run
    no hooks; a compiled step runs them outside the graph, so it cannot have ``fullgraph=True``.

    Parameters
    ----------
    optimizer
        The optimizer to listen to.
    every
        Keep one step in so many, the first of them.
    capacity
        How many rows there is memory for at first; it doubles when they are full.

    Examples
    --------
    ::

        with Recorder(opt) as recorder:
            train(model, opt)
        rows = recorder.to_numpy()
        plt.plot(rows["step"], rows["step_size"])
    """

    def __init__(
        self, optimizer: MomentumModelOptimizer, every: int = 1, capacity: int = 1024
    ) -> None:
        if not isinstance(optimizer, MomentumModelOptimizer):
            raise TypeError(
                f"optimizer is of type {type(optimizer).__name__};"
                " allowed: a MomentumModelOptimizer, such as Momo"
            )
        for name, value in (("every", every), ("capacity", capacity)):
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(f"{name} = {value!r}; allowed: a whole number >= 1")
        self._every = every
        self._capacity = capacity
        self._calls = 0
        self._rows: Tensor | None = None
        self._length = 0
        self._loss: Any = None
        self._before: Tensor | None = None
        self._handles = [
            optimizer.register_step_pre_hook(
                torch.compiler.disable(self._prepare)  # type: ignore[no-untyped-call]
            ),
            optimizer.register_step_post_hook(
                torch.compiler.disable(self._record)  # type: ignore[no-untyped-call]
            ),
        ]

    def remove(self) -> None:
        """Stop listening; what was recorded stays."""
        for handle in self._handles:
            handle.remove()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()

    def to_numpy(self) -> dict[str, NDArray[np.float64]]:
        """Return the columns by name, one entry a row; this waits for the device."""
        if self._rows is None:
            return {name: np.empty(0) for name in COLUMNS}
        rows = self._rows[: self._length].cpu().numpy().astype(np.float64)
        rows = rows[rows[:, 0] > 0]
        return {name: rows[:, column] for column, name in enumerate(COLUMNS)}

    def _prepare(
        self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
        """Note the number of steps so far, and catch the loss: as `momo.optim.observed.taken`."""
        self._calls += 1
        if not self._recording:
            return None
        self._before = _count(optimizer)
        _, closure, loss, *_ = (*args, None, None)
        closure = kwargs.get("closure", closure)
        given = kwargs.get("loss", loss)
        assert isinstance(optimizer, MomentumModelOptimizer)
        self._loss = _detached(optimizer._observed.loss if given is None else given)
        if not callable(closure) or given is not None:
            return None
        others = {name: value for name, value in kwargs.items() if name != "closure"}
        return (optimizer, self._overheard(closure, optimizer), *args[2:]), others

    def _overheard(
        self, closure: Callable[[], Any], optimizer: MomentumModelOptimizer
    ) -> Callable[[], Any]:
        def evaluate() -> Any:
            value = closure()
            observed = optimizer._observed.loss
            self._loss = _detached(value if observed is None else observed)
            return value

        return evaluate

    @torch.no_grad()
    def _record(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        assert isinstance(optimizer, MomentumModelOptimizer)
        last, after = optimizer.last, _count(optimizer)
        loss, before, self._loss, self._before = self._loss, self._before, None, None
        if not self._recording or last is None or after is None:
            return
        # A step without any gradient does not count; its row is left out when it is read, since to
        # see that here would be to wait for the device.
        number = after if before is None else torch.where(after > before, after, 0)
        numbers = Tensors(last.value.device)
        lr = reduce(numbers.ops.maximum, (group["lr"] for group in optimizer.param_groups))
        given = math.nan if loss is None else loss
        row = [numbers.loss("a row", value) for value in (number, lr, given, *last)]
        self._room(last.value)[self._length].copy_(torch.stack(row))
        self._length += 1

    @property
    def _recording(self) -> bool:
        return (self._calls - 1) % self._every == 0

    def _room(self, like: Tensor) -> Tensor:
        """Return the rows, with space for one more."""
        if self._rows is None:
            self._rows = like.new_empty(self._capacity, len(COLUMNS))
        elif self._length == len(self._rows):
            self._rows = torch.cat([self._rows, torch.empty_like(self._rows)])
        return self._rows


def _count(optimizer: Optimizer) -> Tensor | None:
    """Return how many samples were taken in or skipped; None before the first."""
    assert isinstance(optimizer, MomentumModelOptimizer)
    model = find_model(optimizer.state)
    return None if model is None else model[INDEX["steps"]] + model[INDEX["skipped"]]


def _detached(value: Any) -> Any:
    return value.detach() if isinstance(value, Tensor) else value
