# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a step works on: it makes a table, blocks, and the state of new parameters; it moves none.

A plan holds as long as the parameters are the same tensors, the same of them have gradients, and
their groups' settings cut them alike; so it is made anew when one of these changes, and not at each
step. It may make state, and read what belongs to a parameter; it changes no parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Any

import torch
from torch import Tensor

from momo.core.method import Method
from momo.optim.between import recordable
from momo.optim.blocks import (
    SLICE,
    SLICE_ELSEWHERE,
    Block,
    Kept,
    Member,
    X,
    dot_of,
    gathered,
    local,
    one_by_one,
    working_dtype,
)
from momo.optim.checks import check_parameters
from momo.optim.fused.choice import table_of
from momo.optim.fused.coverage import (
    demand,
    device_uncovered,
    elsewhere,
    parts_uncovered,
    tensors_uncovered,
    uncovered,
    wanted,
)
from momo.optim.fused.gpu import DeviceTable
from momo.optim.fused.table import Table
from momo.optim.numbers import Floats, Tensors
from momo.optim.ranks import Groups, Ranks, cuts
from momo.optim.settings import Setting, preconditioner_of, preconditioners
from momo.optim.stacks import stacked
from momo.optim.state import (
    COMPENSATION,
    GRAD_AVG,
    MEMORY_WEIGHT,
    ParameterState,
    compensate_,
    mark,
    new_memory,
    typed_,
)
from momo.optim.watch import Watch


@dataclass(frozen=True)
class Portion:
    """The parameters of a group that have one preconditioner.

    Attributes
    ----------
    group, which
        The number of the group, and that of the preconditioner among the group's.
    blocks, present
        The blocks, and those of them whose parameters have a gradient; the others had one before.
    members
        The parameters in ``blocks`` that have a gradient.
    counted
        Whether their gradients are counted: the preconditioner has a memory.
    ranks
        The process groups that hold parts of any of them, in the order of the parameters: also of
        parameters that have no elements on this rank, and so no block.
    dtypes
        The dtypes in which those that have a gradient are worked on; likewise.
    fused
        The parameters that take the fused path, one a block; they are not among ``blocks``.
    """

    group: int
    which: int
    blocks: tuple[Block, ...]
    present: tuple[Block, ...]
    members: tuple[Member, ...]
    counted: bool
    ranks: tuple[Groups, ...]
    dtypes: frozenset[torch.dtype]
    fused: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What a step works on.

    Attributes
    ----------
    portions, blocks
        Of all groups.
    numbers
        How the numbers of a step are held.
    tiny
        The smallest normal number of the dtype in which ``||d||²`` is added up.
    touched
        Whether any parameter has a gradient.
    absent
        Whether any has none, but had one.
    known, members
        Whose d are in the line: of those that had one, and with those that are new (`members`).
    ready
        What the last step prepared (`momo.optim.advance.prepared`), or nothing.
    path
        What the way is called that it takes: fused, blocks, or both.
    at_once
        Whether one call finds all: one portion, all of it fused, with gradients.
    table
        The parameters that take the fused path; None: there are none.
    key, watch, model
        What it follows from, in full and for a quick look, and the model's numbers; None: it
        cannot be told whether it still holds.
    """

    portions: tuple[Portion, ...]
    blocks: tuple[Block, ...]
    numbers: Floats | Tensors
    tiny: float
    touched: bool
    absent: bool
    known: int
    members: int
    path: str = ""
    at_once: bool = False
    table: Table | DeviceTable | None = None
    ready: list[Any] = field(default_factory=list)
    key: list[Any] | None = None
    watch: Watch | None = None
    model: Tensor | None = None

    def fits(self) -> bool:
        """Return whether the tensors in the table are such as it says."""
        return not isinstance(self.table, Table) or self.table.fits()

    def forget(self) -> None:
        """Keep nothing of the gradients."""
        for block in self.blocks:
            block.forget()
        if self.table is not None:
            self.table.forget()


def plan(
    param_groups: Sequence[dict[str, Any]],
    settings: Sequence[Setting],
    state: Mapping[Tensor, ParameterState],
    ranks: Ranks,
    numbers: Floats | Tensors,
) -> Plan:
    """Return the groups' parameters, in a table and in blocks; make the state of new ones.

    Raises
    ------
    RuntimeError, ValueError, TypeError
        If a gradient is sparse or placed otherwise than its parameter, or a parameter that has to
        be worked on whole is complex or sharded. Nothing has changed then.
    """
    methods = [setting.method for setting in settings]
    check_parameters(param_groups, methods, ranks)
    kernels = numbers.gated and not device_uncovered(numbers.device)
    parts_of = "" if not kernels or recordable(settings) else "a part cannot be recorded"
    by_group = dict(zip(map(id, param_groups), methods, strict=True))
    demand(param_groups, lambda group: by_group[id(group)], numbers.gated, parts_of)
    known, chosen = members(param_groups, state, ranks), []
    for index, (group, method) in enumerate(zip(param_groups, methods, strict=True)):
        for which, how in enumerate(preconditioners(method)):
            own = [p for p in group["params"] if preconditioner_of(method, p.shape) is how]
            if group["params"] and not own:
                continue  # what α means to a kind that is not there is none of the group's
            kept = list(_members(own, method, how, state, ranks, group))
            chosen.append((index, which, kept, group, method, how))
    moving = [
        one for _, _, kept, *_ in chosen for one in kept if not is_frozen(one.parameter, ranks)
    ]
    small = _small(moving)
    portions = [_portion(*one, ranks, small, numbers) for one in chosen]
    if numbers.gated and (parts_of or any(portion.blocks for portion in portions)):
        portions = [_portion(*one, ranks, small, numbers) for one in map(_unfused, chosen)]
    parts = {n: (method, how) for n, (*_, method, how) in enumerate(chosen)}
    blocks = tuple(block for portion in portions for block in portion.blocks)
    for block in blocks:
        block.leave_()
    dtypes = {dtype for portion in portions for dtype in portion.dtypes}
    absent = any(block.kept.absent for one in portions for block in (*one.blocks, *one.fused))
    table = table_of(portions, parts, ranks, numbers)
    counted = any(portion.counted and portion.members for portion in portions)
    titles = [*([] if table is None else [table.title]), *(["blocks"] if blocks else [])]
    return Plan(
        tuple(portions),
        blocks,
        numbers,
        torch.finfo(torch.float64 if dtypes == {torch.float64} else torch.float32).tiny,
        bool(dtypes),
        absent,
        known,
        members(param_groups, state, ranks),
        " and ".join(titles),
        table is not None and len(portions) == 1 and not (blocks or absent or counted),
        table,
    )


def is_frozen(p: Tensor, ranks: Ranks) -> bool:
    """Return whether a parameter stays where it is, and may lose its state when that is loaded.

    Partitioned parameters lose none, and their ranks do not know of each other's.
    """
    return p.grad is None and not p.requires_grad and not ranks.of_shards


def members(
    param_groups: Sequence[Mapping[str, Any]],
    state: Mapping[Tensor, ParameterState],
    ranks: Ranks,
) -> int:
    """Return a number that says which parameters' d are in the line: all that are not frozen.

    It is the sum of the marks of their places (`mark`); -1 where parameters are partitioned, and
    none is left out.
    """
    if ranks.of_shards:
        return -1
    parameters = enumerate(chain.from_iterable(group["params"] for group in param_groups))
    kept = ((i, p) for i, p in parameters if GRAD_AVG in state.get(p, ()))
    return sum(mark(i) for i, p in kept if not is_frozen(p, ranks))


def _members(
    parameters: Iterable[Tensor],
    method: Method,
    how: Any,
    state: Mapping[Tensor, ParameterState],
    ranks: Ranks,
    options: Mapping[str, Any],
) -> Iterator[Member]:
    """Yield the parameters that have, or had, a gradient; make the state of those that are new."""
    for p in parameters:
        if GRAD_AVG not in state.get(p, ()):
            if p.grad is None:
                continue
            memory, points = how.memory(tuple(p.shape)), method.iterates.points
            state[p].update(new_memory(p, memory, points, options["state_dtype"]))
        own = state[p]
        typed_(own, p, options["state_dtype"])
        compensate_(own, p, options["kahan_sum"])
        if ranks.of_shards and MEMORY_WEIGHT in own:
            # ZeroRedundancyOptimizer loads all 0-dim tensors to the CPU.
            own[MEMORY_WEIGHT] = own[MEMORY_WEIGHT].to(p.device)
        yield Member(p, own)


Chosen = tuple[int, int, list[Member], dict[str, Any], Method, Any]  # as `_portion` has them


def _unfused(chosen: Chosen) -> Chosen:
    """Return what was chosen, without kernels: those of a device find all numbers, or none."""
    return (*chosen[:3], {**chosen[3], "fused": False}, *chosen[4:])


def _portion(
    group: int,
    which: int,
    members: Sequence[Member],
    options: Mapping[str, Any],
    method: Method,
    how: Any,
    ranks: Ranks,
    small: bool,
    numbers: Floats | Tensors,
) -> Portion:
    whole = not how.elementwise or method.product is not None
    in_place = not method.averaging.two_rate and method.iterates.plain and not how.unit
    cut = cutter(options["foreach"], whole, in_place, stacks=not how.elementwise)
    sorted_: dict[Kept, list[Member]] = {}
    # What is frozen comes last, so that the others are what they are without it.
    for member in sorted(members, key=lambda one: is_frozen(one.parameter, ranks)):
        absent, frozen = member.parameter.grad is None, is_frozen(member.parameter, ranks)
        memory = () if absent else tuple(how.memory(tuple(member.parameter.shape)))
        held = ranks.groups_of(member.parameter)
        parts = COMPENSATION in member.state
        kept = Kept(
            memory,
            method.iterates.points,
            held,
            absent,
            compensated=parts,
            frozen=frozen,
            spread=is_spread(member.parameter, method, how),
        )
        sorted_.setdefault(kept, []).append(member)
    fused = _fused(sorted_, options, method, how, numbers)
    found = [
        block
        for kept, some in sorted_.items()
        for block in (one_by_one if kept.spread else cut)(some, kept)
    ]
    found = [replace(block, small=small and not block.kept.frozen) for block in found]
    blocks = tuple(replace(block, dot=dot_of(block)) for block in found)
    present = [member for member in members if member.parameter.grad is not None]
    apart = {id(block.members[0].state) for block in fused}
    return Portion(
        group,
        which,
        blocks,
        tuple(block for block in blocks if not block.kept.absent),
        tuple(member for member in present if id(member.state) not in apart),
        bool(how.memory(())),
        tuple(dict.fromkeys(kept.ranks for kept in sorted_)),
        frozenset(working_dtype(local(member.parameter)) for member in present),
        fused,
    )


def _fused(
    sorted_: dict[Kept, list[Member]],
    options: Mapping[str, Any],
    method: Method,
    how: Any,
    numbers: Floats | Tensors,
) -> tuple[Block, ...]:
    """Return a block for each parameter that takes the fused path, and leave the others."""
    if not wanted(options) or parts_uncovered(method, how):
        return ()
    found: list[Block] = []
    for kept, some in sorted_.items():
        each = [block for member in some for block in one_by_one([member], kept)]
        covered = [
            block
            for block in each
            if not (uncovered(block.tensors(X)[0], numbers.gated) or tensors_uncovered(block))
            and not elsewhere(block, numbers.device)
        ]
        found += covered
        apart = {id(block.members[0].state) for block in covered}
        sorted_[kept] = [member for member in some if id(member.state) not in apart]
    return tuple(found)


def is_spread(p: Tensor, method: Method, how: Any) -> bool:
    """Return whether a parameter is worked on whole, but cut over ranks."""
    whole = not how.elementwise or (method.product is not None and how.unit)
    return whole and bool(cuts(p))


def cutter(
    foreach: bool | None, whole: bool = False, in_place: bool = True, stacks: bool = False
) -> Callable[[Iterable[Member], Kept], Iterator[Block]]:
    """Return how parameters are cut into blocks.

    ``whole``: one each, unless those of one shape may be ``stacks``; ``in_place``: see
    `momo.optim.blocks.gathered`.
    """
    if foreach is None:
        foreach = not torch.compiler.is_compiling()
    if foreach and whole and stacks:
        return stacked
    if whole or not foreach:
        return one_by_one
    return partial(gathered, in_place=in_place)


def _small(members: Sequence[Member]) -> bool:
    """Return whether all that a step loads is no more than a slice."""
    if torch.compiler.is_compiling() or not members:
        return False
    device = members[0].parameter.device.type
    sizes = (local(member.parameter).numel() for member in members)
    return sum(sizes) <= SLICE.get(device, SLICE_ELSEWHERE)
