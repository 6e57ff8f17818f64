# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Lists of tensors that are stepped on."""

from __future__ import annotations

import math
import re

from momo.lookup import choices

Shapes = tuple[tuple[int, ...], ...]


def transformer(width: int = 256, layers: int = 8, words: int = 8192) -> Shapes:
    """Return the shapes of a transformer's parameters: matrices among many short vectors."""
    layer: Shapes = (
        *((width,),) * 4,
        (3 * width, width),
        (3 * width,),
        (width, width),
        (width,),
        (4 * width, width),
        (4 * width,),
        (width, 4 * width),
        (width,),
    )
    return ((words, width), (512, width), *layer * layers, (width,), (width,))


FEW_LARGE, SMALL, NETWORK, ONE = "few_large", "small", "network", "one"
MATRICES, HUGE = "matrices", "huge"
WORKLOADS: dict[str, Shapes] = {
    FEW_LARGE: ((890, 890),) * 24,
    SMALL: (*((64, 64),) * 60, *((64,),) * 120),
    NETWORK: ((12, 784), (12,), (10, 12), (10,)),
    ONE: ((3,),),
    "many_small": ((1000,),) * 1000,
    "mixed": transformer(),
    MATRICES: (*((256, 256),) * 24, *((1024, 256),) * 8),
    HUGE: ((1024, 4096),) * 24,
}
"""Tensor shapes by name.

19 M elements in 24 tensors, 180 small tensors, a network of ten thousand parameters, one parameter
of three elements; a thousand vectors, a transformer, matrices alone, and 100 M elements, for GPUs.
"""


def shapes(workload: str) -> Shapes:
    """Return the shapes of a workload: a name of `WORKLOADS`, or "24x1000" for 24 of 1000.

    Raises
    ------
    ValueError
        If it is neither.
    """
    if workload in WORKLOADS:
        return WORKLOADS[workload]
    match = re.fullmatch(r"([1-9]\d*)x([1-9]\d*)", workload)
    if match is None:
        raise ValueError(
            f"workload {workload!r} is unknown;"
            f" {choices(workload, WORKLOADS, 'or COUNTxSIZE as in 24x1000')}"
        )
    return ((int(match[2]),),) * int(match[1])


def size(workload: str) -> tuple[int, int]:
    """Return how many elements a workload has, and in how many tensors."""
    found = shapes(workload)
    return sum(math.prod(shape) for shape in found), len(found)
