# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Shards of matrices: each goes whole to one rank, which finds its direction, and comes back.

What is done to elements, averages and moves, is done to shards where they are. What a
preconditioner does to a parameter as a whole is done by one of the ranks that hold it: they send it
their shards of g_k, d_k and the memory, and get those of the direction and the memory back. As many
parameters as there are ranks are on their way at once, each to another rank, so that all work, and
none has more than one whole at a time, or several small ones in its place; those that take equally
long go together (`waves`). Ahn et al. 2025
(Dion, arXiv 2504.05295) and public distributed forms of Muon do the same.

The memory is cut as the parameter is (`momo.optim.state.memory_placements`), and travels: nothing
is kept twice, and state dicts and checkpoints, also those that another number of ranks loads, need
nothing special. The price are its bytes, there and back in each step, beside those of g_k, d_k and
the direction: none for Muon, rows and columns for AdaFactor, 5 n² numbers for SOAP of n × n.

All ranks of a group have these parameters in the same order, also those of which they hold nothing,
and know their shapes: so each knows what is sent without asking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, NamedTuple

import torch
import torch.distributed as dist
from torch import Tensor

from momo.core.step import Inner, Number
from momo.optim.blocks import Block, Kept, Member, X
from momo.optim.passes import Averaged, Pass, averaged_in, directed, is_stale, stale
from momo.optim.preconditioners.base import Shape
from momo.optim.ranks import Group, cuts
from momo.optim.state import MEMORY_WEIGHT

TOGETHER = 1 << 14
"""How many numbers a rank may get at once, if they are several parameters': vectors, mostly.

Of so few messages take longer than the work, which it does not pay to share.
"""


class Cut(NamedTuple):
    """A tensor that is cut along an axis, over ranks: in the chunks of ``torch.chunk``."""

    shape: Shape
    axis: int

    def part(self, rank: int, ranks: int) -> Shape:
        """Return the shape of a rank's part, which may be empty."""
        whole = self.shape[self.axis]
        each = -(-whole // ranks)
        size = max(0, min(each, whole - rank * each))
        return (*self.shape[: self.axis], size, *self.shape[self.axis + 1 :])

    def parts(self, ranks: int) -> list[Shape]:
        """Return the shapes of all parts."""
        return [self.part(rank, ranks) for rank in range(ranks)]


@dataclass(frozen=True)
class Spread:
    """A shard of a parameter, whose gradient is averaged in.

    Attributes
    ----------
    block, taken
        The shard, and what is known of it.
    there, back
        How what is sent for it is cut: d_k, g_k where there is a memory to take it in, x where the
        preconditioner sees it, and the memory; and what is sent back, direction and memory.
    """

    block: Block
    taken: Averaged
    there: tuple[Cut, ...]
    back: tuple[Cut, ...]

    @classmethod
    def of(cls, block: Block, taken: Averaged, at: Pass) -> Spread:
        """Return it with how it is cut."""
        p, how = block.members[0].parameter, at.preconditioner
        ((_, placement),) = cuts(p)
        whole = tuple(p.shape)
        own = Cut(whole, placement.dim % len(whole))
        shapes = map(tuple, how.memory(whole).values())
        memory = tuple(own if shape == whole else Cut(shape, 0) for shape in shapes)
        beside = (own,) * (bool(memory) + sees_x(at))
        return cls(block, taken, (own, *beside, *memory), (own, *memory))

    @property
    def size(self) -> int:
        """How many numbers the whole parameter has."""
        return prod(self.there[0].shape)

    @property
    def work(self) -> int:
        """About how long its direction takes: the operations of a product of its matrices."""
        shape = self.there[0].shape
        return self.size * min(shape[0], prod(shape[1:]))

    def packed(self, at: Pass) -> Tensor:
        """Return what is sent for it from here, flat."""
        names, (_, d, grad, _) = self.block.kept.memory, self.taken
        assert d is not None
        assert grad is not None
        seen = [self.block.load(X)] if sees_x(at) else []
        tensors = [d, *([grad] if names else []), *seen, *map(self.block.load, names)]
        return torch.cat([tensor.reshape(-1) for tensor in tensors])


def sees_x(at: Pass) -> bool:
    """Return whether the preconditioner sees x."""
    return "x" in getattr(at.preconditioner, "sees", ())


def take_in_spread(
    blocks: Sequence[Block], at: Pass, whole: dict[int, Number]
) -> list[tuple[Block, Inner]]:
    """Average gradients of shards in, keep their directions, and return their inner products.

    Dual norms that are needed of each parameter as such, for a product or from the step before, are
    put into ``whole``, by `id` of the block; the rank that has found one counts it.
    """
    items = [Spread.of(block, averaged_in(block, at), at) for block in blocks]
    together: dict[tuple[Group, torch.dtype], list[Spread]] = {}
    for item in items:
        group = item.block.kept.ranks[0]
        together.setdefault((group, item.block.dtype), []).append(item)
    mine: set[int] = set()
    for (group, _), some in together.items():
        for wave in waves(some, group.size()):
            mine |= send_(wave, at, group, whole)
    return [(item.block, _inner(item, at, whole, id(item.block) in mine)) for item in items]


def waves(items: Sequence[Spread], ranks: int) -> list[list[list[Spread]]]:
    """Return what is on its way at once, and of that what goes to each of the first ranks.

    What takes longest goes first. A rank gets several parameters if together they are no larger
    than the first of its wave, or `TOGETHER`.
    """
    found: list[list[list[Spread]]] = []
    for item in sorted(items, key=lambda one: -one.work):
        wave = found[-1] if found else []
        limit = max(wave[0][0].size, TOGETHER) if wave else 0
        if wave and sum(one.size for one in wave[-1]) + item.size <= limit:
            wave[-1].append(item)
        elif wave and len(wave) < ranks:
            wave.append([item])
        else:
            found.append([[item]])
    return found


def _inner(item: Spread, at: Pass, whole: dict[int, Number], mine: bool) -> Inner:
    """Return the inner products of a shard, such that the sums over ranks are the parameter's."""
    block, (inner, d, _, stored) = item.block, item.taken
    direction, numbers = at.directions[id(block)], at.numbers
    assert d is not None
    dual = slope = numbers.of(block.dot(d, direction))
    if id(block) in whole:
        dual = whole[id(block)] if mine else numbers.zero
    if stored is not None:
        slope = numbers.of(block.dot(stored, direction))
    return inner._replace(dual_norm_sq=dual, slope=slope)


def send_(
    wave: Sequence[Sequence[Spread]], at: Pass, group: Group, whole: dict[int, Number]
) -> set[int]:
    """Let each of the first ranks of a group work on its part; return what this one did.

    That is the `id` of each block. Directions are kept in ``at``, memories are stored.
    """
    ranks, me = group.size(), group.rank()
    own = wave[me] if me < len(wave) else []
    extra = is_measured(at) + scales_decay(at)
    sent = [torch.cat([item.packed(at) for item in part]) for part in wave]
    there = [flat_sizes(item.there, ranks) for item in own]
    pieces = exchanged(sent, [sum(sizes[rank] for sizes in there) for rank in range(ranks)], group)
    split = [torch.split(piece, [sizes[n] for sizes in there]) for n, piece in enumerate(pieces)]
    found: list[list[Tensor]] = [[] for _ in range(ranks if own else 0)]
    for n, item in enumerate(own):
        wholes = joined([pieces_of[n] for pieces_of in split], item.there, ranks)
        answer = parted(*worked_on(item, wholes, at), item.back, ranks)
        for to, one in zip(found, answer, strict=True):
            to.append(one)
    back = [[flat_sizes(item.back, ranks)[me] + extra for item in part] for part in wave]
    sizes = [sum(each) for each in back] + [0] * (ranks - len(wave))
    answers = exchanged(list(map(torch.cat, found)), sizes, group, like=sent[0])
    for part, counts, each in zip(wave, back, answers, strict=False):
        for item, own_part in zip(part, torch.split(each, counts), strict=True):
            take_back_(item, own_part, at, whole)
    return {id(item.block) for item in own}


def is_measured(at: Pass) -> bool:
    """Return whether the dual norm of each parameter is needed as such."""
    return at.method.product is not None or is_stale(at.preconditioner)


def scales_decay(at: Pass) -> bool:
    """Return whether the preconditioner scales the decay of each parameter."""
    return hasattr(at.preconditioner, "decay_scale")


def take_back_(item: Spread, answer: Tensor, at: Pass, whole: dict[int, Number]) -> None:
    """Keep what has come back of a parameter: direction, memory, dual norm, scale of the decay."""
    block, group = item.block, item.block.kept.ranks[0]
    parts = [cut.part(group.rank(), group.size()) for cut in item.back]
    sizes = [int(is_measured(at)), int(scales_decay(at)), *map(prod, parts)]
    dual, decay, *flat = torch.split(answer, sizes)
    direction, *memory = (one.view(part) for one, part in zip(flat, parts, strict=True))
    at.directions[id(block)] = direction
    for name, kept in zip(block.kept.memory, memory, strict=True):
        block.store(name, kept)
    if is_measured(at):
        whole[id(block)] = at.numbers.of(dual[0])
    if scales_decay(at):
        at.decays[id(block)] = decay[0]


def worked_on(item: Spread, wholes: list[Tensor], at: Pass) -> tuple[list[Tensor], list[Tensor]]:
    """Return direction and memory of a whole parameter, and its numbers, where they are needed."""
    block, names, (d, *rest) = item.block, item.block.kept.memory, wholes
    grad = rest.pop(0) if names else None
    x = rest.pop(0) if sees_x(at) else d.new_zeros(()).expand(d.shape)
    state: dict[str, Any] = dict(zip(names, rest, strict=True))
    if names:
        state[MEMORY_WEIGHT] = block.members[0].state[MEMORY_WEIGHT]
    alone = Block((Member(x, state),), Kept(names, (), (), False), block.dtype, plain=True)
    direction = directed(alone, d, at, grad)
    numbers: list[Tensor] = []
    if is_measured(at):
        numbers = [(d * direction).sum()]
        if is_stale(at.preconditioner):
            numbers = list(stale(alone, at, numbers))
    if scales_decay(at):
        numbers.append(at.preconditioner.decay_scale(x, tuple(d.shape)))
    return [direction, *(state[name] for name in names)], numbers


# ---- messages --------------------------------------------------------------------------------


def flat_sizes(cuts: Sequence[Cut], ranks: int) -> list[int]:
    """Return how many numbers each rank has of some tensors."""
    return [sum(prod(cut.part(rank, ranks)) for cut in cuts) for rank in range(ranks)]


def exchanged(
    sent: list[Tensor], sizes: list[int], group: Group, like: Tensor | None = None
) -> list[Tensor]:
    """Send the n-th vector to rank n, and return what each rank has sent here, of these sizes."""
    like = sent[0] if like is None else like
    counts = [len(one) for one in sent] + [0] * (len(sizes) - len(sent))
    out = like.new_empty(sum(sizes))
    dist.all_to_all_single(
        out, torch.cat(sent) if sent else like.new_empty(0), sizes, counts, group=group
    )
    return list(torch.split(out, sizes))


def joined(pieces: Sequence[Tensor], cuts: Sequence[Cut], ranks: int) -> list[Tensor]:
    """Return whole tensors of what each rank has of them."""
    split = [
        torch.split(piece, [prod(cut.part(rank, ranks)) for cut in cuts])
        for rank, piece in enumerate(pieces)
    ]
    return [
        torch.cat(
            [one[n].view(part) for one, part in zip(split, cut.parts(ranks), strict=True)],
            cut.axis,
        )
        for n, cut in enumerate(cuts)
    ]


def parted(
    wholes: Sequence[Tensor], numbers: Sequence[Tensor], cuts: Sequence[Cut], ranks: int
) -> list[Tensor]:
    """Return for each rank the numbers that all get, and its parts of tensors, flat."""
    sizes = [[part[cut.axis] for part in cut.parts(ranks)] for cut in cuts]
    parts = [
        torch.split(whole, size, cut.axis)
        for whole, size, cut in zip(wholes, sizes, cuts, strict=True)
    ]
    return [
        torch.cat(
            [*(number.view(1) for number in numbers), *(one[rank].reshape(-1) for one in parts)]
        )
        for rank in range(ranks)
    ]
