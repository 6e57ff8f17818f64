# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Problems for the kernels of the GPU path, a few of each kind, interpreted and on a GPU.

They are held against the reference where it has the method, with the tolerances of
`optim_comparison`, and against ``foreach=False`` where it has not.
"""

from __future__ import annotations

from math import inf
from typing import Any

import torch
from optim_comparison import compare
from optim_strategies import Group, Leaf, Path, Problem, Step, roundoff

from momo.methods import METHODS
from momo.optim import MomentumModelOptimizer
from momo.optim.fused.gpu import DeviceTable
from momo.optim.state import MODEL

F64, F32, BF16, F16 = torch.float64, torch.float32, torch.bfloat16, torch.float16
REFERENCES = [
    ("momo", (F64, F32), False),
    ("momo_adam", (BF16, F32), True),
    ("momo_adam_star", (F32,), False),
    ("own", (F16,), True),
]
"""Method, dtypes, and whether x has a compensation."""
OTHERS = [
    "momo_amsgrad",
    "momo_adabelief",
    "momo_adagrad",
    "momo_lion",
    "iam_adam",
    "schedule_free_polyak",
    "momo_random_scaling",
    "ngn_m",
]


def problem(name: str, dtypes: tuple[torch.dtype, ...], kahan_sum: bool) -> Problem:
    """Two groups; gradients that are missing, laid out otherwise, or not finite; a bound."""
    shapes = ((2, 45), (5,), (2, 3), (41,))
    kinds = [dtypes[i % len(dtypes)] for i in range(len(shapes))]
    drawn = [Leaf(shape, kind, "plain", "plain") for shape, kind in zip(shapes, kinds, strict=True)]
    drawn[2] = Leaf(shapes[2], kinds[2], "transposed", "strided")
    groups = (Group(tuple(drawn[:1]), 0.1, 0.9, 1e-8), Group(tuple(drawn[1:]), 0.0, 0.99, 1e-3))
    online, all_of_them, some = "star" in name, (True,) * 4, (True, True, True, False)
    given = (
        (3.0, (1.0, 0.5), all_of_them, 0.5, None),
        (2.0, (1.0, 0.5), some, 0.25, "nan gradient"),
        (2.5, (2.0**-7, 2.0**-5), some, 0.25, None),
        (1.0, (0.0, 0.5), all_of_them, -0.25, None),
    )
    steps = tuple(
        Step(loss, lrs, present, None if online else lb, fault, False)
        for loss, lrs, present, lb, fault in given
    )
    return Problem(
        name, groups, 0.9, 0.125, not online, "number", 1.0, 0, steps, kahan_sum=kahan_sum
    )


def on_device(optimizer: MomentumModelOptimizer, given: dict[str, Any]) -> None:
    """Take a step, which has to take the path."""
    optimizer.step(**given)
    assert optimizer._plan is not None
    assert isinstance(optimizer._plan.table, DeviceTable)


def check_the_reference(
    name: str, dtypes: tuple[torch.dtype, ...], kahan_sum: bool, device: str
) -> None:
    """Hold every step against the reference's."""
    found = compare(problem(name, dtypes, kahan_sum), Path(masked=True), device, on_device)
    assert found is not None
    assert found.skipped == 1


def pair(
    name: str, device: str, dtype: torch.dtype = F64, **options: Any
) -> tuple[MomentumModelOptimizer, MomentumModelOptimizer]:
    """Return an optimizer on the path and the same with ``foreach=False``, of one start."""
    made = []
    for path in ({}, {"foreach": False}):
        generator = torch.Generator().manual_seed(0)
        xs = [torch.randn(n, generator=generator, dtype=F64) for n in (70, 5, 17)]
        params = [torch.nn.Parameter(x.to(device, dtype)) for x in xs]
        groups = [{"params": params[:2]}, {"params": params[2:], "lr": 0.02}]
        cap = {"lr": 1.0} if METHODS[name].defaults.lr == inf else {}  # inf in one group is refused
        made.append(METHODS[name].torch_class()(groups, **cap, **path, **options))
    return made[0], made[1]


def feed(optimizer: MomentumModelOptimizer, k: int) -> float:
    """Give the gradients of step k; one is missing in every second. Return the loss."""
    generator = torch.Generator().manual_seed(k)
    for n, p in enumerate(p for group in optimizer.param_groups for p in group["params"]):
        grad = torch.randn(p.shape, generator=generator, dtype=F64).to(p.device, p.dtype)
        p.grad = None if n == 1 and k % 2 else grad
    return 1.0 + k


def assert_same(ours: MomentumModelOptimizer, theirs: MomentumModelOptimizer) -> None:
    """All that is kept is the same but for rounding.

    Sums of N products, N < 128, differ by at most ``N u`` of the sum of their sizes, and a step
    follows from a few of them, none of which cancel here by more than a digit or two: 1e4 u.
    """
    for group, other in zip(ours.param_groups, theirs.param_groups, strict=True):
        for p, q in zip(group["params"], other["params"], strict=True):
            tolerance = 1e4 * roundoff(p.dtype)
            a, b = ours.state[p], theirs.state[q]
            for x, y in [(p, q), *((a[name], b[name]) for name in b if name != MODEL)]:
                torch.testing.assert_close(x, y, rtol=tolerance, atol=tolerance)
            torch.testing.assert_close(
                a[MODEL], b[MODEL], rtol=tolerance, atol=20 * tolerance, equal_nan=True
            )
