# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A step on a GPU: four to seven kernels, however many tensors there are.

It is more where these differ in structure: a launch of each pass is of one (`Structure`).

1. ``measure``: ``||g||²``, only where gradients are clipped or parameters partitioned.
2. The first half of the recorded equation: how the gradient is averaged in, where that depends on
   the step.
3. ``look``: inner products. It only reads, so that until here nothing has changed.
4. The second half, with its gate; it writes the model's numbers.
5. ``move``: d, memories and x; or, where the gate is shut, nothing.

Sums are added up in between. The host waits for nothing and reads nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from momo.core.step import Number
from momo.optim.fused.gpu import EXACT, KNOWN, DeviceTable
from momo.optim.fused.gpu_numbers import SUMS, after_kernel, before_kernel, form_of, known_before
from momo.optim.numbers import Tensors
from momo.optim.ranks import Groups, Ranks, total
from momo.optim.samples import skip_
from momo.optim.settings import Setting
from momo.optim.state import INDEX

if TYPE_CHECKING:
    from momo.optim.plan import Plan


def advance_on_device_(
    table: DeviceTable,
    settings: Sequence[Setting],
    work: Plan,
    losses: list[Number],
    given: bool,
    ranks: Ranks | None,
    model: Tensor,
    options: Mapping[str, Any],
) -> None:
    """Take a step, as `momo.optim.advance.advance_`, whose arguments all but ``table`` are.

    Raises
    ------
    FloatingPointError
        If ``nonfinite="raise"``, the only case in which the device is waited for.
    """
    assert isinstance(work.numbers, Tensors)
    with torch.cuda.device(table.device) if table.device.type == "cuda" else nullcontext():
        # 1. What is sent; and where it must be known before the first pass, ||g||².
        prepare(table, settings, work, len(losses) > 1, ranks is not None, options["max_norm"])
        assert table.form is not None
        before, after, extra = before_kernel(table.form), after_kernel(table.form), table.none
        first = [0.0] * KNOWN if before is not None else known_before(table.form, table.given)
        table.send([*first, *table.given, *table.rates])
        early = table.form.clips or (ranks is not None and bool(ranks.of_shards))
        if early:
            table.measure()
            losses, extra = gathered(table, work, losses, given, ranks, model)
        if work.known != work.members:  # what is new is in the line, with a d of 0
            model[INDEX["members"]] += work.members - work.known
        # 2. How the gradient is averaged in.
        known = table.numbers if before is None else table.known
        if before is not None:
            before[(1,)](model, table.sums, extra, table.hyper, known, **EXACT)
        # 3. The first pass.
        table.look(known)
        if not early:
            losses, extra = gathered(table, work, losses, given, ranks, model)
        if options["nonfinite"] == "raise" and not waited(table, losses, extra, ranks, model):
            return
        # 4. The general equation, and 5. the second pass.
        sums = table.sums
        if ranks is not None:
            sums = total(dict(zip(table.shares, sums.unbind(), strict=True)))
        table.equation(after, model, sums, losses[0], losses[-1], extra, known)
        table.move_(known)


def prepare(
    table: DeviceTable,
    settings: Sequence[Setting],
    work: Plan,
    lb: bool,
    ranks: bool,
    max_norm: float | None,
) -> None:
    """Write down what the step does to numbers, unless it is what the last one did."""
    key = (lb, ranks, max_norm, work.members)
    if table.key is None or table.key[0] is not settings or table.key[1] != key:
        given = (work.absent or ranks, lb, work.tiny, work.members, max_norm, ranks)
        table.form, table.given = form_of(settings, table.places, *given)
        table.key = settings, key


def gathered(
    table: DeviceTable,
    work: Plan,
    losses: list[Number],
    given: bool,
    ranks: Ranks | None,
    model: Tensor,
) -> tuple[list[Number], Tensor]:
    """Return the mean losses, and ``||g||²`` with whether there is a gradient, over all ranks."""
    if ranks is None:
        return losses, table.none
    norms = table.sums[..., SUMS - 1].sum(1).unbind()
    squares: dict[Groups, list[Number]] = {
        groups: [one] for groups, one in zip(table.shares, norms, strict=True)
    }
    losses, norm_sq, touched = ranks.mean(
        losses, squares, table.shares, model, work.touched, work.numbers, given
    )
    # Kernels take where a number lies for granted, which a view of others may be anywhere.
    found = [one.clone() for one in losses]
    return found, torch.stack([norm_sq, touched.to(norm_sq.dtype)])


def waited(
    table: DeviceTable, losses: list[Number], extra: Tensor, ranks: Ranks | None, model: Tensor
) -> bool:
    """Return whether there is a gradient, after waiting for the device; raise if not finite."""
    norm_sq = table.sums[..., SUMS - 1].sum() if ranks is None else extra[0]
    if ranks is not None and not extra[1] > 0:
        return False
    if not torch.isfinite(torch.stack([*losses, norm_sq])).all():
        skip_(model, "raise", losses[0], norm_sq)
    return True
