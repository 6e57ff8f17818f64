# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Argument checks: every message names the argument, its value and what is allowed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

import torch
from torch import Tensor

Scalar = float | Tensor
"""A hyper-parameter: a number, or a tensor of one element."""


def is_zero(value: Scalar) -> bool:
    """Return whether a hyper-parameter is known to be 0 without reading a tensor."""
    return not isinstance(value, Tensor) and value == 0


def scalar(name: str, value: Any, allowed: str) -> Scalar:
    """Return a number, or a 0-dim tensor of float32 or float64.

    Raises
    ------
    TypeError
        If it is neither a number nor a tensor.
    ValueError
        If it is a tensor of another size, complex or of truth values.
    """
    if isinstance(value, Tensor):
        if value.numel() != 1 or value.is_complex() or value.dtype is torch.bool:
            torchs = f" (Tensor {name} must be 1-element)" if value.numel() != 1 else ""
            raise ValueError(
                f"{name} is a {value.dtype} tensor of shape {tuple(value.shape)};"
                f" allowed: {allowed}, as a number or a real tensor of one element{torchs}"
            )
        # With one dimension it would beat the 0-dim float64 tensors in type promotion.
        value = value.reshape(()) if value.dim() else value
        value = value if value.dtype in (torch.float32, torch.float64) else value.float()
    elif isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} = {value!r} is no number; allowed: {allowed}")
    else:
        value = float(value)
    return value


def known(value: Scalar) -> float | None:
    """Return a hyper-parameter's value; None for a tensor that would have to be waited for.

    That is one on a device, or in a graph that is being compiled.
    """
    if not isinstance(value, Tensor):
        return value
    here = value.device.type == "cpu" and not torch.compiler.is_compiling()
    # A fake tensor, which has no value, is of a class of its own.
    return value.item() if here and type(value) in (Tensor, torch.nn.Parameter) else None


def _check(name: str, value: Scalar, good: Callable[[float], bool], allowed: str) -> None:
    number = known(value)
    if number is not None and not good(number):
        raise ValueError(f"{name} = {number} is out of range; allowed: {allowed}")


def non_negative(name: str, value: Any, infinite: bool = False) -> Scalar:
    """Return a value that is at least 0, and finite unless ``infinite`` is allowed.

    Here and in `finite`, the value of a tensor on a device is not read, which would wait for it.
    """
    allowed = f"{name} >= 0" + ("" if infinite else ", finite")
    checked = scalar(name, value, allowed)
    if infinite and known(checked) != known(checked):
        allowed += f"; a schedule makes NaN of {name} = inf: begin with a finite {name}"
    _check(name, checked, lambda v: v >= 0 and (infinite or math.isfinite(v)), allowed)
    number = known(checked)
    if number is not None:
        return number
    assert isinstance(checked, Tensor)
    # in float64, so that αλ is not rounded to 24 bits
    return checked if checked.device.type == "mps" else checked.double()


def number(name: str, value: Any, allowed: str) -> float:
    """Return a number; a tensor of one element is read, at every step: keep it on the CPU."""
    checked = scalar(name, value, allowed)
    return float(checked.item() if isinstance(checked, Tensor) else checked)


def decay(name: str, value: Any) -> float:
    """Return an averaging parameter β in [0, 1)."""
    allowed = f"0 <= {name} < 1"
    beta = number(name, value, allowed)
    _check(name, beta, lambda v: 0 <= v < 1, allowed)
    return beta


def positive(name: str, value: Any) -> float:
    """Return a finite number above 0."""
    allowed = f"{name} > 0, finite"
    checked = number(name, value, allowed)
    _check(name, checked, lambda v: 0 < v < math.inf, allowed)
    return checked


def finite(name: str, value: Any) -> Scalar:
    """Return a finite value."""
    allowed = "a finite number"
    checked = scalar(name, value, allowed)
    _check(name, checked, math.isfinite, allowed)
    number = known(checked)
    return checked if number is None else number


def real(name: str, value: Any) -> float:
    """Return a finite number; see `number`."""
    allowed = "a finite number"
    checked = number(name, value, allowed)
    _check(name, checked, math.isfinite, allowed)
    return checked


def non_negative_number(name: str, value: Any) -> float:
    """Return a finite number of at least 0; see `number`."""
    allowed = f"{name} >= 0, finite"
    checked = number(name, value, allowed)
    _check(name, checked, lambda v: 0 <= v < math.inf, allowed)
    return checked


def fraction(name: str, value: Any) -> float:
    """Return a number from 0 to 1."""
    allowed = f"0 <= {name} <= 1"
    checked = number(name, value, allowed)
    _check(name, checked, lambda v: 0 <= v <= 1, allowed)
    return checked


def flag(name: str, value: Any) -> bool:
    """Return a truth value."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} = {value!r}; allowed: True or False")
    return value


def one_of(name: str, value: Any, choices: Sequence[str]) -> str:
    """Return one of several words."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} = {value!r}; allowed: {', '.join(map(repr, choices))}")
    return value


def whole(name: str, value: Any) -> int:
    """Return an integer of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} = {value!r}; allowed: an integer, at least 1")
    return value


def integer(name: str, value: Any) -> int:
    """Return an integer."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} = {value!r}; allowed: an integer")
    return value


def pair(name: str, value: Any) -> tuple[Any, Any]:
    """Return a pair."""
    try:
        first, second = value
    except (TypeError, ValueError):
        raise ValueError(f"{name} = {value!r}; allowed: a pair (beta1, beta2)") from None
    return first, second


def loss_value(name: str, value: Any) -> float | Tensor:
    """Return a loss as a float, or a 0-dim tensor of any dtype, on any device.

    Parameters
    ----------
    name
        What to call it in messages.
    value
        A number, or a real tensor of one element. It is detached.

    Raises
    ------
    TypeError, ValueError
        If it is anything else. NaN and infinities pass: the step deals with them.
    """
    if not isinstance(value, Tensor):
        if isinstance(value, bool) or not isinstance(value, Real):
            raise TypeError(
                f"{name} = {value!r} is of type {type(value).__name__};"
                " allowed: a number or a tensor of one element"
            )
        return float(value)
    if hasattr(value, "full_tensor"):  # DTensor
        value = value.full_tensor()
    if value.numel() != 1:
        raise ValueError(
            f"{name} has shape {tuple(value.shape)}; allowed: one element"
            " (reduce it, as with .mean(), to the number whose gradient was taken)"
        )
    if value.is_complex() or value.dtype is torch.bool:
        raise ValueError(f"{name} is of dtype {value.dtype}; allowed: a real number")
    return value.detach().reshape(())
