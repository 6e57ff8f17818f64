# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Argument checks: every message names the argument, its value and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def as_float(name: str, value: ArrayLike) -> Array:
    """Return ``value`` as a float64 array.

    Raises
    ------
    ValueError
        If it is complex, or cannot be read as numbers.
    """
    try:
        array = np.asarray(value)
        if not np.iscomplexobj(array):
            return np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} = {value!r} is not an array of real numbers") from error
    raise ValueError(f"{name} is complex; allowed: real numbers")


def frozen(array: Array) -> Array:
    """Return a read-only copy: a hyper-parameter that nobody's array can change later."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy


def finite(name: str, value: ArrayLike) -> Array:
    """Return ``value`` as a float64 array; NaN and infinity raise ``ValueError``."""
    array = as_float(name, value)
    good = np.isfinite(array)
    if not good.all():
        where = tuple(int(i) for i in np.argwhere(~good)[0])
        raise ValueError(f"{name} has {array[where]} at index {where}; allowed: finite numbers")
    return array


def _in_range(name: str, value: ArrayLike, good: NDArray[np.bool_], allowed: str) -> None:
    if not np.all(good):
        array = np.asarray(value)
        worst = array[~good].flat[0] if array.ndim else array
        raise ValueError(f"{name} = {worst} is out of range; allowed: {allowed}")


def decay(name: str, value: ArrayLike) -> Array:
    """Return an averaging parameter β, which must lie in [0, 1)."""
    array = as_float(name, value)
    _in_range(name, array, (array >= 0) & (array < 1), "0 <= " + name + " < 1")
    return frozen(array)


def learning_rate(name: str, value: ArrayLike) -> Array:
    """Return a cap α on the step; it must be positive, and ``inf`` means no cap."""
    array = as_float(name, value)
    _in_range(name, array, array > 0, name + " > 0 (inf: no cap)")
    return frozen(array)


def non_negative(name: str, value: ArrayLike) -> Array:
    """Return a finite array whose entries are all at least 0."""
    array = finite(name, value)
    _in_range(name, array, array >= 0, name + " >= 0")
    return frozen(array)


def positive(name: str, value: ArrayLike) -> Array:
    """Return a finite array whose entries are all above 0."""
    array = finite(name, value)
    _in_range(name, array, array > 0, name + " > 0")
    return frozen(array)


def weight_decay(lr: Array, value: ArrayLike) -> Array:
    """Return λ ≥ 0; without a cap (α = inf) the proximal term is gone, so λ must be 0."""
    array = non_negative("weight_decay", value)
    broadcasts({"lr": lr.shape, "weight_decay": array.shape})
    both = np.isinf(lr) & (array > 0)
    if np.any(both):
        raise ValueError(
            f"weight_decay = {array.max()} together with lr = inf; allowed: a finite lr, or"
            " weight_decay = 0 (an uncapped step has no proximal term to balance the decay)"
        )
    return array


def same_event(x: Array, **others: Array) -> None:
    """Raise unless each array has the last axis of ``x`` and broadcasts with it."""
    if x.ndim == 0:
        raise ValueError("x is a scalar; allowed: shape (..., n)")
    for name, other in others.items():
        if other.ndim == 0 or other.shape[-1] != x.shape[-1]:
            raise ValueError(
                f"{name} has shape {other.shape}, x has {x.shape}; the last axes must be equal"
            )
        broadcasts({"x": x.shape[:-1], name: other.shape[:-1]})


def broadcasts(shapes: Mapping[str, Sequence[int]]) -> tuple[int, ...]:
    """Return the common batch shape, or raise and name the arguments that do not match."""
    try:
        return np.broadcast_shapes(*(tuple(shape) for shape in shapes.values()))
    except ValueError as error:
        listed = ", ".join(f"{name}: {tuple(shape)}" for name, shape in shapes.items())
        raise ValueError(f"batch shapes do not broadcast together ({listed})") from error


def set_fields(record: object, **values: object) -> None:
    """Set fields of a frozen dataclass while it is made: to what its arguments mean."""
    for name, value in values.items():
        object.__setattr__(record, name, value)
