# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A step whose gradients come one by one: what `momo.optim.release` does to parameters and numbers.

It is that of `momo.optim.advance` on the path that takes parameters one by one, in other order: a
parameter is looked at, or taken in and moved, when its gradient is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from momo.core.step import Inner, Move, Number
from momo.optim import checkpoint
from momo.optim.advance import OFFSET, prepared, with_gap
from momo.optim.between import Outcome
from momo.optim.blocks import GRAD, Block, Member
from momo.optim.numbers import Floats, Tensors
from momo.optim.optimizer import MomentumModelOptimizer
from momo.optim.passes import count_, move_, take_in
from momo.optim.plan import Plan, Portion, plan
from momo.optim.ranks import Ranks
from momo.optim.samples import count_below_
from momo.optim.settings import Setting, preconditioner_of
from momo.optim.state import GRAD_AVG, INDEX, MEMORY_WEIGHT, new_memory

ALIKE = 1e-3
"""By how much of itself ``||g||²`` of a parameter may differ between two passes through one graph:
far more than the order of a sum does to it, far less than another random mask."""


@dataclass(frozen=True)
class Place:
    """Where a parameter stands: the number of its portion, the portion, its block."""

    row: int
    portion: Portion
    block: Block

    @property
    def parameter(self) -> Tensor:
        """The parameter."""
        return self.block.parameters[0]


class OneByOne:
    """One step.

    Parameters
    ----------
    optimizer, settings, numbers
        Of which, its groups' settings, and how its numbers are held.
    losses
        f_k, and ℓ_k if the batch brings one.
    without
        Whether β = 0, so that d is the gradient, and not kept.
    """

    def __init__(
        self,
        optimizer: MomentumModelOptimizer,
        settings: Sequence[Setting],
        numbers: Floats | Tensors,
        losses: list[Number],
        without: bool,
    ) -> None:
        self.optimizer, self.settings, self.numbers = optimizer, settings, numbers
        self.losses, self.without = losses, without
        self.inners: dict[int, Inner] = {}
        self.squares: dict[int, Number] = {}
        self.beyond: list[Number] = []
        if without:
            released_state_(optimizer, settings)
        self._plan(p for p in optimizer._parameters() if p.requires_grad)

    def _plan(self, there: Iterable[Tensor]) -> None:
        """Plan the step as if these had gradients."""
        optimizer, numbers = self.optimizer, self.numbers
        groups = [{**group, "foreach": False, "fused": False} for group in optimizer.param_groups]
        given = list(there)
        if optimizer._older:
            points = self.settings[0].method.iterates.points
            checkpoint.complete_(optimizer.state, optimizer.param_groups, points)
            optimizer._older = False
        try:
            for p in given:  # one number, seen as many
                p.grad = torch.zeros((), dtype=p.dtype, device=p.device).expand(p.shape)
            self.work: Plan = plan(groups, self.settings, optimizer.state, Ranks(), numbers)
        finally:
            for p in given:
                p.grad = None
        self.places = {
            id(block.parameters[0]): Place(row, portion, replace(block, small=False))
            for row, portion in enumerate(self.work.portions)
            for block in portion.blocks
        }
        self.model = optimizer._model(numbers.device)
        if self.work.known != self.work.members:
            self.model[INDEX["members"]] += self.work.members - self.work.known
        self.kept = numbers.read(self.model)
        lb = len(self.losses) > 1
        ready = prepared(self.settings, self.work, self.kept[0], lb, self.work.absent)
        self.ready = ready._replace(passes=with_gap(ready.passes, self.losses, numbers))

    # ---- a parameter ------------------------------------------------------------------------

    def look(self, p: Tensor) -> None:
        """Find the inner products of a parameter that has its gradient; nothing changes."""
        place = self.places[id(p)]
        block = self._block(place, self._copied(place))
        self.ready.passes[place.row].directions.pop(id(self._take_in(place, block)), None)

    def average(self, p: Tensor) -> None:
        """Take the gradient of a parameter in, for good."""
        place = self.places[id(p)]
        block = self._block(place, place.block.members[0].state)
        self.ready.passes[place.row].directions.pop(id(self._take_in(place, block)), None)

    def take_and_move(self, p: Tensor, outcome: Outcome) -> None:
        """Take the gradient of a parameter in, for good, and move it.

        Raises
        ------
        RuntimeError
            If the parameter was looked at with another gradient, or none.
        """
        place, before = self.places[id(p)], self.squares.get(id(p))
        state = place.block.members[0].state
        if self.without:
            state = {**state, GRAD_AVG: gradient_of(p, state)}
        block = self._take_in(place, self._block(place, state))
        now = self.squares[id(p)]
        if before is not None and not self.numbers.gated and abs(now - before) > ALIKE * before:
            raise RuntimeError(
                f"||g||² of a parameter of shape {tuple(p.shape)} is {now} in the second backward"
                f" pass and {before} in the first; allowed: the same gradients in both. Some"
                " parameters have moved (is something drawn anew in the backward pass?)"
            )
        self.move(place, block, outcome)

    def move_all(self, outcome: Outcome) -> None:
        """Move all parameters whose gradients were taken in, along their d."""
        for place in self.places.values():
            if not place.block.kept.absent:
                state = place.block.members[0].state
                self.move(place, self._block(place, state), outcome)

    def move(self, place: Place, block: Block, outcome: Outcome) -> None:
        """Move a parameter."""
        at, (keep, size) = self.ready.passes[place.row], outcome.moves[place.row]
        self.beyond.append(move_(block, at, Move(keep, size), outcome.follow))

    def leave(self, for_good: bool) -> None:
        """Let d of the parameters without a gradient decay, and find their inner products."""
        present = {key for key, place in self.places.items() if not place.block.kept.absent}
        if missing := present - set(self.squares):
            there = [self.places[key].parameter for key in present - missing]
            self._plan(there)
        for key, place in self.places.items():
            if not place.block.kept.absent:
                continue
            if self.without:
                self.inners[key] = Inner(*[self.numbers.zero] * len(Inner._fields))
                continue
            own = place.block.members[0].state
            block = self._block(place, own if for_good else self._copied(place))
            (self.inners[key],) = take_in(block, self.ready.passes[place.row])

    def _block(self, place: Place, state: Any) -> Block:
        member = Member(place.parameter, state)
        return replace(place.block, members=(member,), loaded={}, found={}, joined={})

    def _copied(self, place: Place) -> dict[str, Any]:
        """Return the state of a parameter, with copies of what a gradient changes."""
        own = place.block.members[0].state
        names = [GRAD_AVG, *place.block.kept.memory, MEMORY_WEIGHT]
        copies = {name: own[name].clone() for name in names if name in own}
        if self.without:
            copies[GRAD_AVG] = gradient_of(place.parameter, own)
        return {**own, **copies}

    def _take_in(self, place: Place, block: Block) -> Block:
        at, grad = self.ready.passes[place.row], block.load(GRAD)
        key = id(place.parameter)
        self.squares[key] = self.numbers.of(block.dot(grad, grad))
        if place.portion.counted:
            count_(replace(place.portion, members=block.members), at)
        (self.inners[key],) = take_in(block, at)
        return block

    # ---- the numbers ------------------------------------------------------------------------

    @property
    def norm_sq(self) -> Number:
        """``||g||²``, of the gradients that have come."""
        return self.numbers.total(list(self.squares.values()))

    @property
    def good(self) -> bool:
        """Whether it is finite; this waits for the device."""
        return bool(self.numbers.finite([*self.losses, self.norm_sq]))

    def rows(self) -> list[Inner]:
        """Return the inner products of each portion, and of what has no gradient, if there is any.

        They are added in the order of an ordinary step.
        """
        rows: list[list[Inner]] = [[] for _ in range(len(self.ready.passes) + self.work.absent)]
        for key, place in self.places.items():
            rows[-1 if place.block.kept.absent else place.row].append(self.inners[key])
        return [self.numbers.summed(row) for row in rows]

    def outcome(self, rows: Sequence[Inner]) -> Outcome:
        """Return what the general equation makes of inner products."""
        flat = [number for row in rows for number in row]
        sample = [*self.losses, self.work.members, *self.ready.betas]
        return Outcome.of(self.ready.run(self.kept, flat, self.ready.hyper, sample))

    def finish(self, outcome: Outcome) -> None:
        """Keep the numbers of the step."""
        numbers, new, info = self.numbers, list(outcome.kept), outcome.info
        new[OFFSET] = new[OFFSET] + numbers.total(self.beyond)
        numbers.write_(self.model, (*new, *info))
        low = info.below
        if not isinstance(low, float) or low:
            count_below_(low, None, self.losses[0], self.settings[0].method, self.model)


# ---- the state where d is the gradient ----------------------------------------------------------


def gradient_of(p: Tensor, own: Mapping[str, Any]) -> Tensor:
    """Return what d becomes with β = 0, in its dtype; of one that is the gradient's, no copy.

    What it was is multiplied by 0, wherever it enters; so it may as well have been that.
    """
    assert p.grad is not None
    return p.grad.to(own[GRAD_AVG].dtype)


def released_state_(optimizer: MomentumModelOptimizer, settings: Sequence[Setting]) -> None:
    """Make the state of new parameters, and let d take no memory: one number, seen as many."""
    for one, group in zip(settings, optimizer.param_groups, strict=True):
        for p in group["params"]:
            own, points = optimizer.state[p], one.method.iterates.points
            if GRAD_AVG not in own and p.requires_grad:
                memory = preconditioner_of(one.method, p.shape).memory(tuple(p.shape))
                own.update(new_memory(p, memory, points, group["state_dtype"]))
            if GRAD_AVG in own:
                dtype = own[GRAD_AVG].dtype
                own[GRAD_AVG] = torch.zeros((), dtype=dtype, device=p.device).expand(p.shape)


def complete_state_(optimizer: MomentumModelOptimizer) -> None:
    """Give d its memory back, as zeros: what it was is multiplied by β = 0."""
    for p, own in optimizer.state.items():
        if GRAD_AVG in own and p.numel() > 1 and not any(own[GRAD_AVG].stride()):
            own[GRAD_AVG] = torch.zeros_like(p, dtype=own[GRAD_AVG].dtype)
    optimizer._plan = None
