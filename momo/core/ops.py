# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The operations on the numbers of a step that Python, NumPy and torch write differently.

All else is written with ``+ - * /`` and comparisons. A number of a step may be a Python float, an
array with one entry a run, or a 0-dim tensor on any device, which is never read. Neither NumPy nor
torch is imported unless arrays or tensors are used.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from momo.core.random import uniform

TINY = 2.0**-1022
"""The smallest normal number: squares below it have lost their digits, and count as 0."""


class Ops(NamedTuple):
    """The operations on one kind of numbers; NaN goes through all of them.

    Attributes
    ----------
    where
        ``(condition, a, b)``: a where the condition holds, else b.
    minimum, maximum
        Of two numbers.
    quotient
        ``(a, b, tiny=TINY)``: ``a/b``, and 0 where ``b < tiny``.
    power
        ``(a, p)`` for ``a >= 0`` and a float ``p >= 0``; inf where it is too large.
    log
        The natural logarithm.
    uniform
        ``(seed, k)``: a number in (0, 1) for step k (`momo.core.random.uniform`).
    """

    where: Callable[[Any, Any, Any], Any]
    minimum: Callable[[Any, Any], Any]
    maximum: Callable[[Any, Any], Any]
    quotient: Callable[..., Any]
    power: Callable[[Any, float], Any]
    log: Callable[[Any], Any]
    uniform: Callable[[int, Any], Any] = uniform


def _power(a: float, p: float) -> float:
    try:
        return float(a**p)
    except OverflowError:
        return math.inf


FLOATS = Ops(
    where=lambda condition, a, b: a if condition else b,
    minimum=lambda a, b: a if a <= b or a != a else b,
    maximum=lambda a, b: a if a >= b or a != a else b,
    quotient=lambda a, b, tiny=TINY: a / b if b >= tiny else 0.0,
    power=_power,
    log=math.log,
)
"""On Python floats: where nothing waits for a device."""


@cache
def arrays() -> Ops:
    """Return the operations on NumPy arrays that broadcast with each other."""
    import numpy as np

    def quotient(a: Any, b: Any, tiny: float = TINY) -> Any:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return np.where(np.asarray(b) >= tiny, np.divide(a, b), 0.0)

    def power(a: Any, p: float) -> Any:
        with np.errstate(over="ignore"):
            return np.asarray(a) ** p

    return Ops(np.where, np.minimum, np.maximum, quotient, power, np.log)


def tensors() -> Ops:
    """Return the operations on 0-dim tensors; Python numbers may stand beside them."""
    import torch

    def is_tensor(*values: Any) -> bool:
        return any(isinstance(value, torch.Tensor) for value in values)

    def minimum(a: Any, b: Any) -> Any:
        if not is_tensor(a, b):
            return FLOATS.minimum(a, b)
        return torch.clamp(a, max=b) if is_tensor(a) else torch.clamp(b, max=a)

    def maximum(a: Any, b: Any) -> Any:
        if not is_tensor(a, b):
            return FLOATS.maximum(a, b)
        return torch.clamp(a, min=b) if is_tensor(a) else torch.clamp(b, min=a)

    def where(condition: Any, a: Any, b: Any) -> Any:
        if not is_tensor(condition):
            return FLOATS.where(condition, a, b)
        if not is_tensor(a, b):  # of two numbers torch would make a float32
            dtype = torch.float32 if condition.device.type == "mps" else torch.float64
            a = torch.full((), a, dtype=dtype, device=condition.device)
        return torch.where(condition, a, b)

    def quotient(a: Any, b: Any, tiny: float = TINY) -> Any:
        if not is_tensor(b):
            return a / b if b >= tiny else 0.0 * a
        if not is_tensor(a):  # torch would multiply it by 1/b, which rounds twice
            a = torch.full_like(b, a)
        return torch.where(b >= tiny, a / b, 0.0)

    def power(a: Any, p: float) -> Any:
        return a**p if is_tensor(a) else _power(a, p)

    def log(a: Any) -> Any:
        return torch.log(a) if is_tensor(a) else math.log(a)

    return Ops(where, minimum, maximum, quotient, power, log)
