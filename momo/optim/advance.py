# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A step, in order: what the batch brings, the first pass, the equation, the second pass.

The vectors are touched by the passes alone, through blocks (`momo.optim.passes`) or all at once
(`momo.optim.fused`); what happens to numbers between them is `momo.optim.between`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from math import isfinite
from typing import Any, NamedTuple

from torch import Tensor

from momo.core.step import Inner, Move, Number
from momo.optim.between import Outcome, between, equation, setup
from momo.optim.blocks import GRAD, Block
from momo.optim.fused.gpu import DeviceTable
from momo.optim.fused.gpu_step import advance_on_device_
from momo.optim.fused.table import Looked, Table
from momo.optim.gate import Gate
from momo.optim.numbers import Floats, Tensors
from momo.optim.passes import Pass, at_portion, count_, move_, scaled, take_in, with_scales
from momo.optim.plan import Plan, Portion
from momo.optim.ranks import Groups, Ranks, total
from momo.optim.samples import clipped, count_below_, skip_
from momo.optim.settings import Setting
from momo.optim.spread import take_in_spread
from momo.optim.state import INDEX, KEPT

GAMMA, OFFSET = (INDEX[name] - KEPT.start for name in ("inner_avg", "offset"))
"""Where these stand among the numbers of the model that are kept."""


def advance_(
    settings: Sequence[Setting],
    work: Plan,
    losses: list[Number],
    given: bool,
    ranks: Ranks | None,
    model: Tensor,
    options: Mapping[str, Any],
) -> None:
    """Take a step: f_k, and ℓ_k if the batch brings one, are ``losses``.

    Where they are not ``given``, f_k is that of the other ``ranks``, with whom the loss and the
    parameters are shared; None: nobody else. ``model`` are the model's numbers. If something is not
    finite, all stays as it is, or, with ``nonfinite="raise"``, ``FloatingPointError`` is raised.
    """
    if isinstance(work.table, DeviceTable):
        advance_on_device_(work.table, settings, work, losses, given, ranks, model, options)
    else:
        advance_from_here_(settings, work, losses, given, ranks, model, options)


def advance_from_here_(
    settings: Sequence[Setting],
    work: Plan,
    losses: list[Number],
    given: bool,
    ranks: Ranks | None,
    model: Tensor,
    options: Mapping[str, Any],
) -> None:
    """Take a step whose numbers are found from here, in Python: see `advance_`."""
    assert not isinstance(work.table, DeviceTable)
    numbers, table, method = work.numbers, work.table, settings[0].method
    nonfinite, max_norm = options["nonfinite"], options["max_norm"]
    if work.at_once and ranks is max_norm is None and at_once_(settings, work, losses, model):
        return
    # 1. What the fused path finds; it changes nothing.
    kept, lb, still = numbers.read(model), len(losses) > 1, work.absent or ranks is not None
    ready = prepared(settings, work, kept[0], lb, still)
    looked = () if table is None else table.look(ready.passes, ready.line)
    # 2. Is all finite? Where that must not be read, a gate keeps the step from taking place. A
    # squared norm that overflows would stop the method for as long as g is in the average.
    losses, norm_sq, touched = gathered_losses(work, looked, losses, given, ranks, model)
    ok = numbers.finite([*losses, norm_sq])
    gate = Gate(ok & touched) if numbers.gated and nonfinite != "raise" else None
    if work.known != work.members:  # what is new is in the line, with a d of 0
        model[INDEX["members"]] += work.members - work.known
    if gate is None and not (ok and touched):
        if touched:
            skip_(model, nonfinite, losses[0], norm_sq)
        return
    share = None if max_norm is None else clipped(losses, norm_sq, max_norm, method, numbers)
    # 3. The first pass: averages, and the inner products of each group.
    if ranks is not None or work.known != work.members:
        kept = numbers.read(model)  # another rank's may have been taken
    before, ready = ready, prepared(settings, work, kept[0], lb, still, gate, share)
    if table is not None and ready is not before:
        looked = table.look(ready.passes, ready.line)
    ready = ready._replace(passes=with_gap(ready.passes, losses, numbers))
    inner, scale = inner_products(work, ready.passes, looked, ranks)
    # 4. The general equation, and where it leads.
    sample = [*losses, work.members, *ready.betas]
    moves, follow, new, info = Outcome.of(ready.run(kept, inner, ready.hyper, sample))
    low = info.below
    if gate is not None:
        model[INDEX["skipped"]] += touched & ~ok
        moves, info = gate.moves(moves), gate.info(info)
        new[:-1] = gate.kept(new[:-1], kept[:-1])
    # 5. The second pass: moves.
    beyond = move_blocks_(work, ready.passes, moves, follow, scale)
    if any(hasattr(at.preconditioner, "decay_scale") for at in ready.passes):
        new[OFFSET] = new[OFFSET] + over_ranks(beyond, work, ranks)
    if table is not None:
        short = table.move_(moves, follow)
        new[GAMMA], new[OFFSET] = new[GAMMA] + short[0], new[OFFSET] + short[1]
    numbers.write_(model, (*new, *info))
    if gate is not None or not isinstance(low, float) or low:
        count_below_(low, gate, losses[0], method, model)


def at_once_(settings: Sequence[Setting], work: Plan, losses: list[Number], model: Tensor) -> bool:
    """Take the step if it is as most are, in as few lines; return whether it was.

    One call finds all, nobody else has a part in it, nothing is clipped, counted or not finite.
    """
    numbers, table = work.numbers, work.table
    if work.known != work.members or len(losses) > 1 or not isinstance(table, Table):
        return False
    kept = numbers.read(model)
    ready = prepared(settings, work, kept[0], False, False)
    (sums,) = table.sums(ready.passes, ready.line)
    if not (isfinite(losses[0]) and isfinite(sums[6])):
        return False
    sample = [losses[0], work.members, *ready.betas]
    keep, size, follow, *new = ready.run(kept, sums[:6], ready.hyper, sample)
    if new[-1]:  # below its bound
        return False
    short = table.move_((Move(keep, size),), follow)
    new[GAMMA], new[OFFSET] = new[GAMMA] + short[0], new[OFFSET] + short[1]
    numbers.write_(model, new)
    return True


class Ready(NamedTuple):
    """What follows from the settings, and holds over many steps.

    Attributes
    ----------
    settings, lb, still
        The groups', whether the batch brings a bound, and whether there are, or may be on other
        ranks, parameters without a gradient.
    betas
        β_k in the model, and in what is kept if it is another.
    passes
        Of each portion.
    run
        `momo.optim.between.between` of the setup and the kind of numbers.
    hyper
        The hyper-parameters that it is given.
    line
        Whether a decay is in the model, so that it needs ``<d_k, x>``.
    """

    settings: Sequence[Setting]
    lb: bool
    still: bool
    betas: tuple[Number, ...]
    passes: list[Pass]
    run: Callable[..., Sequence[Number]]
    hyper: list[Number]
    line: bool


def prepared(
    settings: Sequence[Setting],
    work: Plan,
    seen: Number,
    lb: bool,
    still: bool,
    gate: Gate | None = None,
    share: Number | None = None,
) -> Ready:
    """Return what step k = seen + 1 needs of the settings, with gate and clipping in its passes."""
    numbers, method = work.numbers, settings[0].method
    both = method.averaging.betas(method.beta, seen + 1, numbers.ops)
    betas = both if method.averaging.two_rate else both[:1]
    last = work.ready[0] if work.ready else None
    like = last is not None and last.settings is settings and (last.lb, last.still) == (lb, still)
    if last is None or not like or numbers.gated:
        kinds = [(portion.group, portion.which) for portion in work.portions]
        found, hyper = setup(settings, kinds, still, lb, work.tiny)
        line = any(decay.in_model and not zero for decay, _, zero in found.groups)
        run = partial(between, found, numbers.ops) if numbers.gated else equation(found)
        if not numbers.gated:
            hyper = list(map(float, hyper))
    elif last.betas == betas and gate is share is None:
        return last
    else:
        run, hyper, line = last.run, last.hyper, last.line
    passes = [at_portion(settings, one, both, numbers, gate, share) for one in work.portions]
    made = Ready(settings, lb, still, betas, passes, run, hyper, line)
    if gate is share is None:
        work.ready[:] = [made]
    return made


def gathered_losses(
    work: Plan,
    looked: Sequence[Looked],
    losses: list[Number],
    given: bool,
    ranks: Ranks | None,
    model: Tensor,
) -> tuple[list[Number], Number, Any]:
    """Return the mean losses, ``||g||²``, and whether there is a gradient, over all ranks."""
    numbers = work.numbers
    if looked and ranks is None and not work.blocks:
        return losses, sum([one.sums[6] for one in looked]), work.touched
    present = [block for block in work.blocks if not block.kept.absent]
    squares: list[Number] = []
    for block in present:
        grad = block.load(GRAD)
        squares.append(numbers.of(block.dot(grad, grad)))
    if ranks is None:
        return losses, numbers.total(squares + [one.sums[6] for one in looked]), work.touched
    by_groups: dict[Groups, list[Number]] = {}
    for block, square in zip(present, squares, strict=True):
        by_groups.setdefault(block.kept.ranks, []).append(square)
    for _, groups, sums in looked:
        by_groups.setdefault(groups, []).append(sums[6])
    held = holders(work, ranks)
    return ranks.mean(losses, by_groups, held, model, work.touched, numbers, given)


def with_gap(passes: list[Pass], losses: Sequence[Number], numbers: Floats | Tensors) -> list[Pass]:
    """Return the passes with ``(f_k - ℓ_k)_+``, where a preconditioner sees it."""
    if not any("gap" in getattr(at.preconditioner, "sees", ()) for at in passes):
        return passes
    loss, *own = losses
    lb = own[0] if own else passes[0].method.lower_bound.lb
    gap = numbers.ops.maximum(loss - lb, 0.0)
    gates = [at.gate for at in passes]  # all the same
    if gates[0] is not None:  # NaN times a size of 0 would be NaN
        gap = gates[0].outcome(gap, 0.0)
    return [at._replace(gap=gap) for at in passes]


def move_blocks_(
    work: Plan,
    passes: Sequence[Pass],
    moves: Sequence[Move],
    follow: Number,
    scale: Mapping[int, Sequence[Number]],
) -> list[tuple[Groups, Number]]:
    """Move what is in blocks; return what `move_` does of each, with the ranks that hold it."""
    beyond: list[tuple[Groups, Number]] = []
    for portion, at, (keep, size) in zip(work.portions, passes, moves, strict=False):
        for block in portion.present:
            c = scaled(block, at, scale.get(id(block), []))
            own = move_(block, at, Move(keep, size if c is None else size * c), follow)
            beyond.append((block.kept.ranks, own))
    return beyond


def over_ranks(found: Sequence[tuple[Groups, Number]], work: Plan, ranks: Ranks | None) -> Number:
    """Return the sum of the blocks' numbers, first over the ranks that hold each."""
    numbers = work.numbers
    if ranks is None:
        return numbers.total([one for _, one in found])
    sums: dict[Groups, list[Number]] = {groups: [] for groups in (*holders(work, ranks), ())}
    for groups, one in found:
        sums[groups].append(one)
    sent = {groups: numbers.message([numbers.total(own)]) for groups, own in sums.items()}
    return numbers.received(total(sent))[0]


def taken_in(
    index: int, portion: Portion, at: Pass, whole: dict[int, Number]
) -> list[tuple[int, Block, Inner]]:
    """Average the gradients of a portion in; return its inner products, with their rows.

    ``whole`` gets dual norms, as `momo.optim.spread` says. All ranks have what is spread in one
    order; the order of the others is their own.
    """
    spread = [block for block in portion.present if block.kept.spread]
    found = {id(block): [one] for block, one in take_in_spread(spread, at, whole)} if spread else {}
    rows: list[tuple[int, Block, Inner]] = []
    for block in portion.blocks:
        each = found[id(block)] if id(block) in found else take_in(block, at)
        rows += [(-1 if block.kept.absent else index, block, one) for one in each]
    return rows


def holders(work: Plan, ranks: Ranks) -> list[Groups]:
    """Return the groups of ranks that hold parts of parameters, in one order on all ranks."""
    own = (groups for portion in work.portions for groups in portion.ranks)
    return list(dict.fromkeys([*own, ranks.of_shards]))


def inner_products(
    work: Plan, passes: Sequence[Pass], looked: Sequence[Looked], ranks: Ranks | None
) -> tuple[list[Number], dict[int, list[Number]]]:
    """Average the gradients in; return the inner products, and the scales of a product of norms.

    The inner products are those of each portion, and last, of the parameters without a gradient,
    which do not move, if there are any. What the fused path has ``looked`` up is among them. The
    scales are by `id` of the block: one, or one a member.
    """
    numbers, count = work.numbers, len(passes) + (work.absent or ranks is not None)
    if ranks is None and work.at_once:
        return looked[0].sums[:6], {}
    found: list[tuple[int, Block, Inner]] = []
    whole: dict[int, Number] = {}
    for index, (portion, at) in enumerate(zip(work.portions, passes, strict=True)):
        if portion.counted and portion.members:
            count_(portion, at)
        found += taken_in(index, portion, at, whole)
    scale: dict[int, list[Number]] = {}
    if found and passes[0].method.product is not None:
        found, scale = with_scales(found, passes, numbers, whole)
    # Sums over blocks, and over the ranks that hold them.
    if ranks is None:
        rows: list[list[Inner]] = [[] for _ in range(count)]
        for index, _, inner in found:
            rows[index].append(inner)
        for index, _, sums in looked:
            rows[index].append(Inner(*sums[:6]))
        return [*chain.from_iterable(numbers.summed(row) for row in rows)], scale
    tables: dict[Groups, list[list[Inner]]] = {
        groups: [[] for _ in range(count)] for groups in (*holders(work, ranks), ())
    }
    for index, block, inner in found:
        tables[block.kept.ranks][index].append(inner)
    for index, groups, sums in looked:
        tables[groups][index].append(Inner(*sums[:6]))
    totals = {groups: [numbers.summed(row) for row in table] for groups, table in tables.items()}
    return [*chain.from_iterable(ranks.total_rows(totals, numbers))], scale
