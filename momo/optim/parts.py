"""What a step works on, and what it does with the gradients before it knows the step size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from momo.optim.blocks import Block, Member, gathered, inner, one_by_one
from momo.optim.choices import Choices
from momo.optim.preconditioners import Preconditioner
from momo.optim.reductions import Groups
from momo.optim.state import assign_


@dataclass(frozen=True)
class Part:
    """What a step works on of one group.

    Attributes
    ----------
    choices
        The group's.
    blocks
        The parameters that have a gradient, with the ranks that hold their parts.
    absent
        Those that have none now, but had one before.
    groups
        The ranks that hold parts of any of them, in the order of the parameters: also of parameters
        that have no elements on this rank, and so no block.
    working_dtypes
        The dtypes in which the parameters with a gradient are worked on; likewise.
    memory_weights
        The weights of the preconditioner's memory of those that have a gradient.
    """

    choices: Choices
    blocks: list[tuple[Groups, Block]]
    absent: list[tuple[Groups, Block]]
    groups: list[Groups]
    working_dtypes: set[torch.dtype]
    memory_weights: list[Tensor]


def check_gradient(p: Tensor, name: str) -> None:
    """Raise unless the gradient is dense, and distributed over the ranks of its parameter."""
    grad = p.grad
    assert grad is not None
    if grad.layout is not torch.strided:
        raise RuntimeError(
            f"the gradient of {name} has layout {grad.layout}; allowed: dense gradients"
            " (for an embedding: sparse=False)"
        )
    placements = getattr(p, "placements", ())
    if any(placement.is_partial() for placement in placements):
        raise RuntimeError(
            f"{name} has placements {placements}; allowed: sharded or replicated parameters"
        )
    mesh, own = (getattr(tensor, "device_mesh", None) for tensor in (grad, p))
    if mesh != own:
        raise RuntimeError(
            f"the gradient of {name} is distributed over {mesh}; allowed: over that of the"
            f" parameter, {own}"
        )


def smallest(parts: Sequence[Part]) -> float:
    """Return the smallest normal number of the dtype in which ``||d||²`` was added up."""
    dtypes = {dtype for part in parts for dtype in part.working_dtypes}
    return torch.finfo(torch.float64 if dtypes == {torch.float64} else torch.float32).tiny


def cutter(foreach: bool | None) -> Callable[[Iterable[Member]], Iterator[Block]]:
    """Return the path: how parameters are cut into blocks."""
    if foreach is None:
        foreach = not torch.compiler.is_compiling()
    return gathered if foreach else one_by_one


def average_weights_(part: Part, ok: Tensor | None) -> None:
    """Do ``w ← β2 w + (1-β2)`` for the weights of the preconditioner's memory."""
    decay = part.choices.preconditioner.decay
    if decay is None or not part.memory_weights:
        return
    if ok is None:
        torch._foreach_mul_(part.memory_weights, decay)
        torch._foreach_add_(part.memory_weights, 1 - decay)
        return
    for weight in part.memory_weights:
        new = decay * weight + (1 - decay)
        assign_(weight, torch.where(ok.to(weight.device), new, weight))


def near(value: Tensor, device: torch.device) -> Tensor:
    """Return a 0-dim tensor on a device."""
    return value if value.device == device else value.to(device)


def average_block(
    block: Block, preconditioner: Preconditioner, beta: Tensor, ok: Tensor | None
) -> tuple[Tensor, Tensor, Tensor]:
    """Average a block's gradients in, and return ``<d_{k-1},x>``, ``<d_k,x>``, ``||d_k||²``.

    Where ``ok`` is false nothing changes; ``beta`` is 1 there. Without gradients d decays.
    """
    x, d = block.x(), block.grad_avg()
    before = inner(d, x)
    if block.absent:
        d = block.store_grad_avg(d.mul_(beta.to(d.device, d.dtype)))
        return before, inner(d, x), torch.zeros_like(before)
    grad = block.grad()
    if ok is not None:
        ok = ok.to(d.device)
        grad = torch.where(ok, grad, d)
    d = block.store_grad_avg(d.lerp_(grad, (1 - beta).to(d.device, d.dtype)))
    preconditioner.update_(block, grad, ok)
    return before, inner(d, x), inner(d, preconditioner.direction(block, d))


def summed(table: list[list[tuple[Tensor, ...]]], columns: int, like: Tensor) -> Tensor:
    """Return the sums over each row's tuples, one row a row, in the dtype of ``like``."""
    rows = []
    for row in table:
        flat = [near(value, like.device) for entry in row for value in entry]
        whole = torch.stack(flat).to(like.dtype) if flat else like.new_zeros(columns)
        rows.append(whole.view(-1, columns).sum(0))
    return torch.stack(rows)
