"""What a step works on, and what it does with the gradients before it knows the step size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from momo.optim.averaging import Averaging, Decays
from momo.optim.blocks import Block, Member, gathered, inner, one_by_one
from momo.optim.choices import Choices
from momo.optim.model import Scalar
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
    preconditioner
        Of these parameters of the group.
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
    preconditioner: Preconditioner
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


def check_whole(p: Tensor, name: str, choice: Choices, partitioned: Groups) -> None:
    """Raise if a parameter that has to be worked on as a whole is complex, or sharded."""
    if not choice.preconditioner_of(p.shape).elementwise:
        if p.is_complex():
            raise TypeError(
                f"{name} is complex; allowed with a preconditioner of matrices: real parameters"
            )
        if any(not placement.is_replicate() for placement in getattr(p, "placements", ())):
            raise ValueError(
                f"{name} has placements {getattr(p, 'placements', ())}; allowed with a"
                " preconditioner of matrices: whole or replicated parameters"
            )
    if choice.product is not None and (partitioned or getattr(p, "placements", ())):
        raise ValueError(
            f"{name} is one of parameters that are partitioned over ranks; allowed with a product"
            " of norms: all parameters on each rank"
        )


def smallest(parts: Sequence[Part]) -> float:
    """Return the smallest normal number of the dtype in which ``||d||²`` was added up."""
    dtypes = {dtype for part in parts for dtype in part.working_dtypes}
    return torch.finfo(torch.float64 if dtypes == {torch.float64} else torch.float32).tiny


def cutter(
    foreach: bool | None, whole: bool = False
) -> Callable[[Iterable[Member]], Iterator[Block]]:
    """Return the path: how parameters are cut into blocks; ``whole``: one each."""
    if whole:
        return one_by_one
    if foreach is None:
        foreach = not torch.compiler.is_compiling()
    return gathered if foreach else one_by_one


def average_weights_(part: Part, ok: Tensor | None) -> None:
    """Do ``w ← β2 w + (1-β2)`` for the weights of the preconditioner's memory, or count."""
    decay = part.preconditioner.decay
    if not part.memory_weights:
        return
    if ok is None:
        if decay is not None:
            torch._foreach_mul_(part.memory_weights, decay)
        torch._foreach_add_(part.memory_weights, 1 - (decay or 0.0))
        return
    for weight in part.memory_weights:
        new = weight + 1 if decay is None else decay * weight + (1 - decay)
        assign_(weight, torch.where(ok.to(weight.device), new, weight))


def near(value: Tensor, device: torch.device) -> Tensor:
    """Return a 0-dim tensor on a device."""
    return value if value.device == device else value.to(device)


Directions = dict[int, Tensor]
"""The directions of this step that cost a decomposition, by `id` of the block."""


class Products(NamedTuple):
    """The inner products of a block or a group, z being the base point.

    ``<d_{k-1}, z>``, ``<d_k, z>`` of the model, ``<d_k, direction>``, ``<g, z - x>`` and
    ``<d_k, z>`` of what is kept. Without a sequence of its own z is x.
    """

    before: Tensor
    after: Tensor
    norm: Tensor
    shift: Tensor
    kept: Tensor


def masked_gradient(block: Block, kept: Tensor, ok: Tensor | None) -> Tensor:
    """Return g; where ``ok`` is false, what is averaged with itself."""
    grad = block.grad()
    return grad if ok is None else torch.where(ok.to(grad.device), grad, kept)


def shown_average(kept: Tensor, grad: Tensor, decay: Tensor) -> Tensor:
    """Return ``β1 m_{k-1} + (1-β1) g_k``, what the model sees of two rates: a new tensor."""
    return torch.lerp(kept, grad, (1 - decay).to(kept.device, kept.dtype))


def average_block(
    block: Block,
    preconditioner: Preconditioner,
    averaging: Averaging,
    decays: Decays,
    ok: Tensor | None,
    directions: Directions,
) -> Products:
    """Average a block's gradients in, and return the inner products.

    A direction that is not elementwise is put into ``directions``, for `move_block`; of others,
    which are quickly computed anew, that would double the memory of a step.
    Where ``ok`` is false nothing changes; the ``decays`` are 1 there. Without gradients d decays.
    With two rates what is kept is written by `move_block`, which needs it as it was.
    """
    points, d = block.points(), block.grad_avg()
    z = points[0] if points else block.x()
    before = inner(d, z)
    zero = torch.zeros_like(before)
    if block.absent:
        after = inner(d * decays.shown.to(d.device, d.dtype), z) if averaging.two_rate else None
        d = block.store_grad_avg(d.mul_(decays.kept.to(d.device, d.dtype)))
        kept = inner(d, z)
        return Products(before, kept if after is None else after, zero, zero, kept)
    ok = None if ok is None else ok.to(d.device)
    grad = masked_gradient(block, d, ok)
    shift = inner(grad, z - block.x()) if points else zero
    weight = (1 - decays.kept).to(d.device, d.dtype)
    if averaging.two_rate:
        kept = inner(block.rounded(torch.lerp(d, grad, weight)), z)
        d = shown_average(d, grad, decays.shown)
    else:
        d = block.store_grad_avg(d.lerp_(grad, weight))
    preconditioner.update_(block, grad, d, ok)
    after = inner(d, z)
    direction = preconditioner.direction(block, d)
    if not preconditioner.elementwise:
        directions[id(block)] = direction
    norm = inner(d, direction)
    return Products(before, after, norm, shift, kept if averaging.two_rate else after)


def move_block(
    block: Block,
    part: Part,
    decays: Decays,
    step_size: Tensor,
    rate: Scalar,
    share: Tensor,
    ok: Tensor | None,
    known: Tensor | None,
) -> None:
    """Step from the base point of a block, let x follow, and write what is kept of two rates.

    ``rate`` is αλ; where ``ok`` is false, ``step_size`` and ``rate`` are 0. ``known`` is the
    direction, if it was kept.
    """
    choices, x, points, d = part.choices, block.x(), block.points(), block.grad_avg()
    ok = None if ok is None else ok.to(x.device)
    kept = None
    if choices.averaging.two_rate:
        grad = masked_gradient(block, d, ok)
        kept = torch.lerp(d, grad, (1 - decays.kept).to(d.device, d.dtype))
        d = shown_average(d, grad, decays.shown)
    direction = part.preconditioner.direction(block, d) if known is None else known
    tau = step_size.to(x.device, x.dtype)
    if choices.sequence.plain:
        choices.decay.move_(x, direction, tau, rate)
        block.store_x(x)
    else:
        z = (points[0] if points else x).clone()
        choices.decay.move_(z, direction, tau, rate)
        moved = choices.sequence.move(points, x, z, share.to(x.device, x.dtype))
        if ok is not None:
            old = (x, *points)
            moved = tuple(torch.where(ok, a, b) for a, b in zip(moved, old, strict=True))
        block.store_x(moved[0])
        block.store_points(moved[1:])
    if kept is not None:
        block.store_grad_avg(kept)


def summed(table: list[list[tuple[Tensor, ...]]], columns: int, like: Tensor) -> Tensor:
    """Return the sums over each row's tuples, one row a row, in the dtype of ``like``."""
    rows = []
    for row in table:
        flat = [near(value, like.device) for entry in row for value in entry]
        whole = torch.stack(flat).to(like.dtype) if flat else like.new_zeros(columns)
        rows.append(whole.view(-1, columns).sum(0))
    return torch.stack(rows)
