# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The two passes of a step over what does not take the fused path, through blocks alone.

`take_in` averages the gradients in, and `move_` moves x. Of both, `Pass` also tells the fused path
(`momo.optim.fused`) the rates.

Between these two passes is `momo.optim.between`, which knows no vectors: what the first pass gives
it, and what it gives the second, are numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import torch
from torch import Tensor

from momo.core.method import Method
from momo.core.products import scales
from momo.core.step import Inner, Move, Number
from momo.optim.blocks import GRAD, Block, X
from momo.optim.gate import Gate
from momo.optim.numbers import Floats, Tensors
from momo.optim.plan import Portion
from momo.optim.preconditioners.base import Memory
from momo.optim.settings import Setting
from momo.optim.state import GRAD_AVG, MEMORY_WEIGHT, assign_


class Pass(NamedTuple):
    """What both passes need to know of a step and of the parameters at hand.

    Attributes
    ----------
    method, preconditioner
        The group's, and that of these of its parameters.
    betas
        β_k in the model, and in what is kept of d; 1 where the gate is shut.
    memory
        The rates of the old and of the new in the preconditioner's memory; 1 and 0 where the gate
        is shut.
    numbers
        How the numbers are held.
    gate
        None: the step is known to take place.
    directions
        Directions that are kept from the first pass for the second, by `id` of the block.
    share
        c, by which gradients are clipped; None: they are not.
    gap
        ``(f_k - ℓ_k)_+``, for preconditioners that see it.
    decays
        What scales the decay of parameters of which only shards are here, by `id` of the block.
    """

    method: Method
    preconditioner: Any
    betas: tuple[Number, Number]
    memory: tuple[Number, Number]
    numbers: Floats | Tensors
    gate: Gate | None
    directions: dict[int, Tensor]
    share: Number | None = None
    gap: Number = 0.0
    decays: MutableMapping[int, Tensor] = MappingProxyType({})  # type: ignore[assignment]


def with_scales(
    found: list[tuple[int, Block, Inner]],
    passes: Sequence[Pass],
    numbers: Floats | Tensors,
    whole: Mapping[int, Number],
) -> tuple[list[tuple[int, Block, Inner]], dict[int, list[Number]]]:
    """Return the inner products with the scales of a product of norms, and these by block.

    ``whole`` are the dual norms of what is spread over ranks, by `id` of the block.
    """
    moving = [n for n, (_, block, _) in enumerate(found) if not block.kept.absent]
    units = [passes[found[n][0]].preconditioner.unit for n in moving]
    norms = [whole.get(id(found[n][1]), found[n][2].dual_norm_sq) for n in moving]
    scale: dict[int, list[Number]] = {}
    for n, c in zip(
        moving, scales(passes[0].method.product, norms, units, numbers.ops), strict=True
    ):
        index, block, inner = found[n]
        scale.setdefault(id(block), []).append(c)
        scaled = inner._replace(dual_norm_sq=c * inner.dual_norm_sq, slope=c * inner.slope)
        found[n] = index, block, scaled
    return found, scale


def scaled(block: Block, at: Pass, scale: Sequence[Number]) -> Number | None:
    """Return the scale of the direction; of several members, multiply the kept direction by theirs.

    None: 1, as where there is no product of norms.
    """
    if len(scale) < 2:
        return scale[0] if scale else None
    direction = at.directions[id(block)]
    c = [torch.as_tensor(one, dtype=block.dtype, device=direction.device) for one in scale]
    direction.mul_(torch.stack(c).view(-1, *[1] * (direction.dim() - 1)))
    return None


class Averaged(NamedTuple):
    """A block whose gradient is averaged in, before its direction is known.

    Attributes
    ----------
    inner
        Its inner products but for those with the direction, which are 0.
    d, grad
        d_k, as the model sees it, and g_k; None without a gradient.
    stored
        d_k as it will be kept, where that is another.
    """

    inner: Inner
    d: Tensor | None = None
    grad: Tensor | None = None
    stored: Tensor | None = None


def take_in(block: Block, at: Pass) -> list[Inner]:
    """Average a block's gradients in, and return its inner products.

    They are the block's, but for a product of norms: that needs the dual norm of each member, which
    those after the first have alone.

    A direction is kept for the second pass where it is dear, or the block small: others, which are
    quickly computed anew, would double the memory of a step.
    """
    inner, d, grad, stored = averaged_in(block, at)
    if d is None:
        return [inner]
    direction = directed(block, d, at, grad)
    how, product, of = at.preconditioner, at.method.product, at.numbers.of
    if block.small or (not how.elementwise and (how.dear or product is not None)):
        at.directions[id(block)] = direction
    terms = along(block, at, d, direction)
    slopes = list(map(of, terms))
    duals = list(map(of, stale(block, at, terms))) if is_stale(how) else slopes
    if stored is not None:
        slopes = list(map(of, along(block, at, stored, direction)))
    first, *rest = zip(duals, slopes, strict=True)
    zero = at.numbers.zero
    others = [Inner(zero, zero, dual, zero, zero, slope) for dual, slope in rest]
    return [inner._replace(dual_norm_sq=first[0], slope=first[1]), *others]


def averaged_in(block: Block, at: Pass) -> Averaged:
    """Average a block's gradients in.

    With two rates what is kept of d is written by `move_`, which needs it as it was. Without
    gradients d decays; what is frozen is not in the line (`momo.optim.numbers.Ahead`).
    """
    numbers, dot, two_rate = at.numbers, block.dot, at.method.averaging.two_rate
    d, zero = block.load(GRAD_AVG), numbers.zero
    if block.kept.frozen:
        block.store(GRAD_AVG, d.mul_(numbers.near(at.betas[1], d)))
        return Averaged(Inner(zero, zero, zero, zero, zero, zero))
    z = base(block) if block.kept.points else block.load(X)
    before = numbers.of(dot(d, z))
    if block.kept.absent:
        shown = d * numbers.near(at.betas[0], d) if two_rate else None
        d = block.store(GRAD_AVG, d.mul_(numbers.near(at.betas[1], d)))
        kept = numbers.of(dot(d, z))
        now = kept if shown is None else numbers.of(dot(shown, z))
        return Averaged(Inner(before, now, zero, zero, kept, zero))
    grad = block.load(GRAD) if at.share is at.gate is None else sampled(block, at)
    shift = numbers.of(dot(grad, z - block.load(X))) if block.kept.points else zero
    # d_k, as the model sees it and as it is kept
    stored = None
    if two_rate:
        stored = block.rounded(averaged(d, grad, at.betas[1], at))
        kept, d = numbers.of(dot(stored, z)), averaged(d, grad, at.betas[0], at)
        now = numbers.of(dot(d, z))
    else:
        d = block.store(GRAD_AVG, d.lerp_(grad, numbers.near(1 - at.betas[1], d)))
        now = kept = numbers.of(dot(d, z))
    return Averaged(Inner(before, now, zero, shift, kept, zero), d, grad, stored)


def along(block: Block, at: Pass, d: Tensor, direction: Tensor) -> Sequence[Tensor]:
    """Return ``<d, direction>`` of a block; of each member, if a norm of its own is needed."""
    if at.method.product is None and not is_stale(at.preconditioner):
        return [block.dot(d, direction)]
    return (d * direction).reshape(len(block.members), -1).sum(1).unbind()


def is_stale(how: Any) -> bool:
    """Return whether a preconditioner puts other numbers in the place of ``<d, direction>``."""
    return getattr(how, "stale_norm", False)


def stale(block: Block, at: Pass, terms: Sequence[Tensor]) -> Sequence[Tensor]:
    """Return what stands in the place of ``<d, direction>`` of each member, and keep those."""
    found = torch.stack(list(terms)).unsqueeze(-1)
    memory = tuple(map(block.load, block.kept.memory))
    used, new = at.preconditioner.dual_norms(found, memory, weighed(block, at))
    keep_memory_(block, at, memory, new)
    return used.view(-1).unbind()


def sampled(block: Block, at: Pass) -> Tensor:
    """Return g_k as the model sees it: clipped, and 0 where the gate is shut."""
    grad = block.load(GRAD)
    if at.share is not None:
        grad = grad * at.numbers.near(at.share, grad)
    return grad if at.gate is None else at.gate.sample(grad)


def directed(block: Block, d: Tensor, at: Pass, grad: Tensor | None = None) -> Tensor:
    """Return the direction of d; before, take a gradient into the preconditioner's memory."""
    names, how, form = block.kept.memory, at.preconditioner, d.shape
    if not how.elementwise:
        own = block.members[0].parameter.shape
        seen = (*form[: len(form) - len(own)], *how.seen(tuple(own)))
        d, grad = d.reshape(seen), None if grad is None else grad.reshape(seen)
    around = seen_around(block, at, d)
    if not names:
        return how.direction(d, (), 1.0, **around).reshape(form)
    memory, weight = tuple(map(block.load, names)), weighed(block, at)
    if grad is not None:
        keep, new = at.memory
        if at.gate is not None:
            keep, new = at.numbers.near(keep, d), at.numbers.near(new, d)
        taken = {name: around[name] for name in getattr(how, "takes", ())}
        updated = how.update(memory, grad, d, keep, new, weight, **taken)
        memory = keep_memory_(block, at, memory, updated)
    return how.direction(d, memory, weight, **around).reshape(form)


def keep_memory_(block: Block, at: Pass, old: Memory, new: Memory) -> Memory:
    """Keep the memory of a preconditioner, or what it was where the gate is shut, and return it."""
    if at.gate is not None:
        new = tuple(
            after if after is before else at.gate.outcome(after, before)
            for after, before in zip(new, old, strict=True)
        )
    return tuple(map(block.store, block.kept.memory, new))


def seen_around(block: Block, at: Pass, d: Tensor) -> dict[str, Any]:
    """Return what a preconditioner sees beside gradients, by name; of most, nothing."""
    names = getattr(at.preconditioner, "sees", ())
    found: dict[str, Any] = {}
    if "x" in names:
        found["x"] = block.load(X).reshape(d.shape)
    if "gap" in names:
        found["gap"] = at.numbers.near(at.gap, d)
    if "lr" in names:
        found["lr"] = at.numbers.near(at.method.lr, d)
    return found


def move_(block: Block, at: Pass, move: Move, follow: Number) -> Number:
    """Do ``z ← keep z - size direction`` for a block, and let x follow z.

    Where the gate is shut ``keep`` is 1 and ``size`` is 0. Returned is by how much ``<d_k, z>``
    changes beyond that, where a preconditioner scales the decay.
    """
    numbers, iterates, stored = at.numbers, at.method.iterates, None
    direction = at.directions.pop(id(block), None)
    if at.method.averaging.two_rate:
        d = block.load(GRAD_AVG)
        grad = sampled(block, at)
        stored = averaged(d, grad, at.betas[1], at)
        if direction is None:
            direction = directed(block, averaged(d, grad, at.betas[0], at), at)
    if direction is None:
        direction = directed(block, block.load(GRAD_AVG), at)
    z = block.load(X) if iterates.plain else base(block).clone()
    # z ← keep z - size direction, or z - (1 - keep) x - size direction
    keep, size = move
    beyond = numbers.zero
    if isinstance(keep, Tensor) or keep != 1:
        shrunk = shrunk_(block, at, keep, z)
        beyond = numbers.zero if shrunk is None else shrunk
    if isinstance(size, Tensor):
        z.addcmul_(direction, numbers.near(size, z), value=-1)
    else:
        z.add_(direction, alpha=-size)
    if iterates.plain:
        block.store(X, z)
    else:
        names = (X, *block.kept.points)
        old = tuple(map(block.load, names))
        new = iterates.move(old[1:], old[0], z, numbers.near(follow, z))
        for name, before, after in zip(names, old, new, strict=True):
            block.store(name, after if at.gate is None else at.gate.outcome(after, before))
    if stored is not None:
        block.store(GRAD_AVG, stored)
    return beyond


def shrunk_(block: Block, at: Pass, keep: Number, z: Tensor) -> Number | None:
    """Do ``z ← keep z``, or ``z ← z - (1-keep) x`` of a decay at x.

    Where a preconditioner scales the decay it is ``z ← (1 - (1-keep) s) z``.

    Then return by how much ``<d_k, z>`` changes beyond what ``keep`` alone would do.
    """
    numbers, scale = at.numbers, getattr(at.preconditioner, "decay_scale", None)
    if at.method.decay.at_x:
        z.add_(block.load(X) * numbers.near(keep - 1, z))
        return None
    if scale is None:
        z.mul_(numbers.near(keep, z))
        return None
    s = at.decays[id(block)] if block.kept.spread else scale(z, tuple(block.parameters[0].shape))
    lost = numbers.near(1 - keep, z)
    beyond = block.dot(block.load(GRAD_AVG), z * ((1 - s) * lost))
    z.mul_(1 - s * lost)
    return numbers.of(beyond)


def base(block: Block) -> Tensor:
    """Return z, from where the step goes: x, unless the iterates have another point."""
    return block.load(block.kept.points[0] if block.kept.points else X)


def averaged(d: Tensor, grad: Tensor, beta: Number, at: Pass) -> Tensor:
    """Return ``β d_{k-1} + (1-β) g_k``: a new tensor."""
    return torch.lerp(d, grad, at.numbers.near(1 - beta, d))


def weighed(block: Block, at: Pass) -> Any:
    """Return the total weight of the memory: a number, or a tensor with one entry an element.

    It is that of the parameter, which counts its gradients. Of a stack it has one entry a member.
    """
    own = [member.state[MEMORY_WEIGHT] for member in block.members]
    if isinstance(at.numbers, Floats):
        first, *others = (one.item() for one in own)
        if all(other == first for other in others):
            return first
    # Before the first gradient weight and memory are 0; the clamp makes 0/0 a 0.
    tiny = torch.finfo(block.dtype).tiny
    x = block.tensors(X)
    found = [one.to(x[0].device, block.dtype).clamp(min=tiny) for one in own]
    if len(own) == 1:
        return found[0]
    if block.stacked:
        seen = at.preconditioner.seen(tuple(block.parameters[0].shape))
        return torch.stack(found).view(-1, *[1] * len(seen))
    return torch.cat([one.expand(t.numel()) for one, t in zip(found, x, strict=True)])


def at_portion(
    settings: Sequence[Setting],
    portion: Portion,
    betas: tuple[Number, Number],
    numbers: Floats | Tensors,
    gate: Gate | None = None,
    share: Number | None = None,
) -> Pass:
    """Return what the passes need to know of a portion, with the gate's first door."""
    method = settings[portion.group].method
    how = settings[portion.group].preconditioners[portion.which]
    memory = (1.0, 1.0) if how.beta2 is None else (how.beta2, 1 - how.beta2)
    if gate is not None:
        betas = (gate.outcome(betas[0], 1.0), gate.outcome(betas[1], 1.0))
        memory = (gate.outcome(memory[0], 1.0), gate.outcome(memory[1], 0.0))
    return Pass(method, how, betas, memory, numbers, gate, {}, share, decays={})


def count_(portion: Portion, at: Pass) -> None:
    """Count a gradient in the weights of the memory: ``w ← keep w + new``."""
    keep, new = at.memory
    for member in portion.members:
        weight = member.state[MEMORY_WEIGHT]
        if isinstance(at.numbers, Floats):
            array = weight.numpy()
            array[...] = keep * array.item() + new
        else:
            near = at.numbers.near
            assign_(weight, near(keep, weight) * weight + near(new, weight))
