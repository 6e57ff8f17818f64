# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Which table the parameters of a plan are in: that of the CPU, or of a device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from momo.optim.fused.gpu import DeviceTable
from momo.optim.fused.table import Table
from momo.optim.numbers import Floats, Tensors
from momo.optim.ranks import Ranks


def table_of(
    portions: Sequence[Any],
    parts: Mapping[int, tuple[Any, Any]],
    ranks: Ranks,
    numbers: Floats | Tensors,
) -> Table | DeviceTable | None:
    """Return the parameters of a plan's portions that take the fused path; None: there are none."""
    fused = [(n, block) for n, portion in enumerate(portions) for block in portion.fused]
    if not fused:
        return None
    if isinstance(numbers, Floats):
        return Table(fused, parts)
    places = [(portion.group, portion.which) for portion in portions]
    shares = [groups for portion in portions for groups in portion.ranks]
    return DeviceTable(fused, parts, places, [*shares, ranks.of_shards], numbers.device)
