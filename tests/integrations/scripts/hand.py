# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The training that a framework's is compared with, written by hand."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from momo import Momo
from momo.optim import MomentumModelOptimizer, clip_grad_norm_

ROUNDING = 1e-12
"""Of some hundred additions in float64, relative."""
NUMBERS = 3
"""How many numbers stand before the iterate in a row of a trace."""

# Those of the frameworks are left to them.
warnings.filterwarnings("error", message=".*(lies below its lower bound|steps in a row had a loss)")

mse = nn.functional.mse_loss
Batch = tuple[Tensor, Tensor]


def flat(model: nn.Module) -> Tensor:
    return torch.cat([p.detach().reshape(-1).double() for p in model.parameters()])


def whole(parameter: Any) -> Tensor:
    """Return a parameter, also one that is sharded."""
    x = parameter.detach()
    return x.full_tensor() if hasattr(x, "full_tensor") else x


class Trace:
    """What the steps of an optimizer were: f̄, τ and ζ, and the iterate, a row a step."""

    def __init__(self, optimizer: MomentumModelOptimizer) -> None:
        self.rows: list[Tensor] = []
        optimizer.register_step_post_hook(self._after_step)

    def _after_step(self, optimizer: Any, *_: Any) -> None:
        last = optimizer.last
        if last is None:  # a first batch without a loss
            return
        x = [whole(p).reshape(-1).double() for g in optimizer.param_groups for p in g["params"]]
        numbers = torch.stack([last.loss_avg, last.step_size, last.adaptive]).double()
        row = torch.cat([numbers, *x])
        if not self.rows or not torch.equal(row, self.rows[-1]):  # a batch may be left out
            self.rows.append(row)

    def check(self, other: Trace, tolerance: float = ROUNDING) -> None:
        """Raise unless the same steps were taken, up to rounding."""
        assert len(self.rows) == len(other.rows) > 0, (len(self.rows), len(other.rows))
        for k, (one, two) in enumerate(zip(self.rows, other.rows, strict=True)):
            torch.testing.assert_close(
                two, one, rtol=tolerance, atol=tolerance, msg=lambda m, k=k: f"step {k}: {m}"
            )


def data(rows: int = 64, dtype: torch.dtype = torch.float64) -> Batch:
    torch.manual_seed(0)
    x = torch.randn(rows, 5, dtype=dtype)
    return x, x @ torch.arange(1.0, 6.0, dtype=dtype)[:, None] + 10


def network(dtype: torch.dtype = torch.float64) -> nn.Sequential:
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(5, 4, dtype=dtype), nn.Tanh(), nn.Linear(4, 1, dtype=dtype))


def made(model: nn.Module, **options: Any) -> Momo:
    """An optimizer with a cap so large that the loss says how long the steps are."""
    return Momo(model.parameters(), **{"lr": 100.0, **options})


def train(
    model: nn.Module,
    optimizer: MomentumModelOptimizer,
    batches: Iterable[Batch],
    max_norm: float | None = None,
    criterion: Callable[[Tensor, Tensor], Tensor] = mse,
    after: Callable[[], None] = lambda: None,
    loss_of: Callable[[Any, Any], Tensor] | None = None,
) -> Trace:
    """One step a batch, with the loss of the whole batch, and then ``after``."""
    trace = Trace(optimizer)
    for x, y in batches:
        optimizer.zero_grad()
        loss = criterion(model(x), y) if loss_of is None else loss_of(x, y)
        loss.backward()
        if max_norm is not None:
            loss, _ = clip_grad_norm_(model.parameters(), max_norm, loss)
        optimizer.step(loss=loss)
        after()
    return trace


def train_mixed(
    parts: Sequence[Batch],
    accumulate: int,
    dtype: torch.dtype,
    scaled: bool,
    max_norm: float | None = None,
) -> Trace:
    """The same in float32 and ``dtype``, the batch in parts, since each of them is rounded."""
    model = network(torch.float32)
    optimizer = made(model)
    trace, scaler = Trace(optimizer), torch.amp.GradScaler("cpu", enabled=scaled)
    for k in range(0, len(parts), accumulate):
        optimizer.zero_grad()
        total: Any = 0.0
        for x, y in parts[k : k + accumulate]:
            with torch.autocast("cpu", dtype=dtype):
                loss = mse(model(x), y)
            scaler.scale(loss / accumulate).backward()
            total = total + loss.detach() / accumulate
        scaler.unscale_(optimizer)
        if max_norm is not None:
            total, _ = clip_grad_norm_(model.parameters(), max_norm, total)
        scaler.step(optimizer, loss=total)
        scaler.update()
    return trace


def refused(call: Callable[[], Any], *words: str) -> None:
    """Raise unless a call raises an error that says these words."""
    try:
        call()
    except (ValueError, TypeError) as error:
        said = str(error)
    else:
        raise AssertionError(f"not refused: {words}")
    assert all(word in said for word in words), (words, said)


CASES: list[Callable[[], None]] = []
TWO: list[Callable[[], None]] = []


def case(function: Callable[[], None]) -> Callable[[], None]:
    """Count a function among those that a script runs."""
    CASES.append(function)
    return function


def in_two_processes(function: Callable[[], None]) -> Callable[[], None]:
    """Count a function among those that are run in two processes."""
    TWO.append(function)
    return function


def run() -> None:
    """Run all cases, in two processes those of two; each says so if it passes."""
    for function in TWO if "WORLD_SIZE" in os.environ else CASES:
        function()
        print(f"{function.__name__}: as by hand", flush=True)
