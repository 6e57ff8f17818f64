"""The training that a framework's is compared with, written by hand."""

from __future__ import annotations

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

mse = nn.functional.mse_loss
Batch = tuple[Tensor, Tensor]


def flat(model: nn.Module) -> Tensor:
    return torch.cat([p.detach().reshape(-1).double() for p in model.parameters()])


class Trace:
    """What the steps of an optimizer were: f̄, τ and ζ, and the iterate, a row a step."""

    def __init__(self, optimizer: MomentumModelOptimizer) -> None:
        self.rows: list[Tensor] = []
        optimizer.register_step_post_hook(self._after_step)

    def _after_step(self, optimizer: Any, *_: Any) -> None:
        last = optimizer.last
        if last is None:  # a first batch without a loss
            return
        x = [p.detach().reshape(-1).double() for g in optimizer.param_groups for p in g["params"]]
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
) -> Trace:
    """One step a batch, with the loss of the whole batch, and then ``after``."""
    trace = Trace(optimizer)
    for x, y in batches:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
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
        for word in words:
            assert word in str(error), (word, error)
    else:
        raise AssertionError(f"not refused: {words}")


def run(
    arguments: Sequence[str], cases: Sequence[Callable[[], None]], two: Callable[[], None]
) -> None:
    """Run all cases, or, with the argument "two", that of two processes; say which passed."""
    for case in (two,) if "two" in arguments else cases:
        case()
        print(f"{case.__name__}: as it has to be", flush=True)
