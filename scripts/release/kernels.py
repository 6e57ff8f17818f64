# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Whether compiled kernels are right: compared with NumPy, without torch, on any processor.

    python kernels.py FILE      # _kernels.so, of the processor that Python runs on

Each metric, in float and double, for sizes that fill no vector, one, and several chunks: both
passes of a step, on each instruction set that there is. It needs NumPy alone, and no torch, so it
runs under emulation.
"""

from __future__ import annotations

import ctypes
import math
import sys
from typing import Any

import numpy as np

METRICS = ("identity", "sign", "root", "root_max", "belief")
SIZES = (1, 7, 256, 16384, 40_001)
X, GRAD, AVG, MEM0, MEM1 = 0, 1, 2, 4, 5
"""Columns of a row, as in ``kernels.c``; in all 8, then weight, next, root, size, kind and slot."""
BEFORE, NOW, DUAL, KEPT, NORM, SUMS = 0, 1, 2, 4, 6, 7
CHUNK, MARKS = 16384, 16
SHARE, PAST, NEW, PAST_MEMORY, NEW_MEMORY, EPS = 0.75, 0.9, 0.1, 0.99, 0.01, 1e-3
KEEP, SIZE, WEIGHT = 0.999, 0.05, 0.5


class Call(ctypes.Structure):
    """The arguments of a pass, as in ``kernels.c``."""

    _fields_ = (
        *((name, ctypes.c_int32) for name in ("number", "threads", "rows", "slots")),
        *((name, ctypes.c_void_p) for name in ("row", "kind", "first", "element", "parts")),
        *((name, ctypes.c_void_p) for name in ("marks", "sums")),
    )


def wanted(metric: str, x: Any, g: Any, d: Any, m0: Any, m1: Any) -> tuple[Any, Any, Any]:
    """Return what a step makes of its tensors, in float64, and the sums of its passes; with scales.

    The scale of a number is the sum of the sizes of its terms, a few roundings of which it is off.
    """
    x, g, d, m0, m1 = (a.astype(np.float64) for a in (x, g, d, m0, m1))
    raw, g = g, SHARE * g
    model = PAST * d + NEW * g
    if metric in ("root", "root_max"):
        m0 = PAST_MEMORY * m0 + NEW_MEMORY * g * g
    if metric == "root_max":
        m1 = np.maximum(m1, m0)
    if metric == "belief":
        m0 = PAST_MEMORY * m0 + NEW_MEMORY * (g - model) ** 2 + EPS
    root = 1 / math.sqrt(PAST_MEMORY * WEIGHT + NEW_MEMORY)
    memory = m1 if metric == "root_max" else m0
    plain = {"identity": model, "sign": np.sign(model)}
    u = plain[metric] if metric in plain else model / (np.sqrt(memory) * root + EPS)
    new = (KEEP * x - SIZE * u, model, m0, m1)
    squares = NEW_MEMORY * (abs(g) + abs(model)) ** 2
    scales = (KEEP * abs(x) + SIZE * abs(u), PAST * abs(d) + NEW * abs(g), m0 + squares, m1)
    products = {
        BEFORE: ((d, x), (d, x)),
        NOW: ((model, x), (model, new[0])),
        KEPT: ((model, x), (model, x)),
        DUAL: ((model, u), (0 * model, u)),
        NORM: ((raw, raw), (0 * raw, raw)),
    }
    return new, scales, {n: [(a @ b, abs(a) @ abs(b)) for a, b in of] for n, of in products.items()}


def compare(library: Any, metric: str, dtype: Any, size: int) -> float:
    """Take a step, and return its largest error, in units of what rounding allows; at most 1.

    Elements are rounded a few times, and sums of n in the working precision over 256, as a random
    walk: ``2 √256 u``, and a few u of each term.
    """
    rng = np.random.default_rng([size, METRICS.index(metric)])
    x, g, d = (rng.standard_normal(size).astype(dtype) for _ in range(3))
    d = np.copysign(d, g)  # the sign of an average that cancels is anything
    m0, m1 = (rng.uniform(0.5, 1.5, size).astype(dtype) for _ in range(2))
    tensors = {X: x, GRAD: g, AVG: d}
    tensors |= {MEM0: m0} if metric not in ("identity", "sign") else {}
    tensors |= {MEM1: m1} if metric == "root_max" else {}
    new, scales, products = wanted(metric, x, g, d, m0, m1)
    weight = np.array([WEIGHT])
    row, kind = np.zeros(14, np.int64), np.zeros(20)
    for column, tensor in tensors.items():
        row[column] = tensor.ctypes.data
    row[8], row[11] = weight.ctypes.data, size
    choices = kind.view(np.int32)
    choices[:8] = (METRICS.index(metric), 0, 0, 0, 0, 1, 1, 0)
    choices[8:16] = 0 if dtype is np.float32 else 1
    kind[8:] = (SHARE, PAST, NEW, PAST, NEW, PAST_MEMORY, NEW_MEMORY, EPS, KEEP, SIZE, 0, 0)
    chunks = -(-size // CHUNK)
    first, element = np.array([0, chunks]), np.array([0, size])
    parts, marks = np.zeros((chunks, SUMS)), np.zeros((chunks, MARKS), np.uint64)
    sums = np.zeros(SUMS)
    arrays = (row, kind, first, element, parts, marks, sums)
    call = Call(1, 1, 1, 1, *(array.ctypes.data for array in arrays))
    u, errors = np.finfo(dtype).eps / 2, []
    for number in (1, 2):
        call.number = number
        library.momo_pass(ctypes.byref(call))
        for n, passes in products.items():
            truth, scale = passes[number - 1]
            errors.append(abs(sums[n] - truth) / (40 * u * scale + 1e-300))
    for tensor, truth, scale in zip((x, d, m0, m1), new, scales, strict=True):
        errors.append(np.max(abs(tensor - truth) / (8 * u * scale)))
    assert weight[0] == PAST_MEMORY * WEIGHT + NEW_MEMORY
    return float(max(errors))


def main() -> None:
    """Compare the kernels of a file."""
    library = ctypes.CDLL(sys.argv[1])
    worst, count = 0.0, 0
    best = library.momo_isa(-1)
    for isa in range(best + 1):
        assert library.momo_isa(isa) == isa
        for metric in METRICS:
            for dtype in (np.float32, np.float64):
                for size in SIZES:
                    error = compare(library, metric, dtype, size)
                    assert error <= 1, (isa, metric, dtype, size, error)
                    worst, count = max(worst, error), count + 1
    print(f"  {count} steps of {best + 1} instruction sets: at most {worst:.2f} of what is allowed")


if __name__ == "__main__":
    main()
