"""Argument checks: every message names the argument, its value and what is allowed."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import torch
from torch import Tensor

from momo.optim.model import Scalar


def scalar(name: str, value: Any, allowed: str) -> Scalar:
    """Return a number, or a tensor of one real element.

    Raises
    ------
    TypeError
        If it is neither.
    ValueError
        If it is a tensor of another size, complex, or NaN.
    """
    if isinstance(value, Tensor):
        if value.numel() != 1 or value.is_complex():
            raise ValueError(
                f"{name} is a {value.dtype} tensor of shape {tuple(value.shape)};"
                f" allowed: {allowed}, as a number or a real tensor of one element"
            )
        return value
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} = {value!r} is no number; allowed: {allowed}")
    if math.isnan(value):
        raise ValueError(f"{name} = {value}; allowed: {allowed}")
    return float(value)


def _check(name: str, value: Scalar, good: bool, allowed: str) -> None:
    if not good:
        raise ValueError(f"{name} = {value} is out of range; allowed: {allowed}")


def non_negative(name: str, value: Any, infinite: bool = False) -> Scalar:
    """Return a value that is at least 0, and finite unless ``infinite`` is allowed.

    A tensor's value is not read, which would wait for its device.
    """
    allowed = f"{name} >= 0" + ("" if infinite else ", finite")
    value = scalar(name, value, allowed)
    if not isinstance(value, Tensor):
        _check(name, value, value >= 0 and (infinite or math.isfinite(value)), allowed)
    return value


def number(name: str, value: Any, allowed: str) -> float:
    """Return a number; a tensor of one element is read, once, when the optimizer is made."""
    checked = scalar(name, value, allowed)
    return float(checked.item() if isinstance(checked, Tensor) else checked)


def decay(name: str, value: Any) -> float:
    """Return an averaging parameter β in [0, 1)."""
    allowed = f"0 <= {name} < 1"
    beta = number(name, value, allowed)
    _check(name, beta, 0 <= beta < 1, allowed)
    return beta


def positive(name: str, value: Any) -> float:
    """Return a finite number above 0."""
    allowed = f"{name} > 0, finite"
    checked = number(name, value, allowed)
    _check(name, checked, 0 < checked < math.inf, allowed)
    return checked


def finite(name: str, value: Any) -> Scalar:
    """Return a finite number, or a tensor of one element whose value is not read."""
    allowed = "a finite number"
    value = scalar(name, value, allowed)
    if not isinstance(value, Tensor):
        _check(name, value, math.isfinite(value), allowed)
    return value


def flag(name: str, value: Any) -> bool:
    """Return a truth value."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} = {value!r}; allowed: True or False")
    return value


def pair(name: str, value: Any) -> tuple[Any, Any]:
    """Return a pair."""
    try:
        first, second = value
    except (TypeError, ValueError):
        raise ValueError(f"{name} = {value!r}; allowed: a pair (beta1, beta2)") from None
    return first, second


def loss_value(name: str, value: Any, like: Tensor) -> Tensor:
    """Return a loss as a 0-dim tensor of the dtype and on the device of ``like``.

    Parameters
    ----------
    name
        What to call it in messages.
    value
        A number, or a real tensor of one element, of any dtype, on any device. It is detached.

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
        return torch.full_like(like, float(value))
    if hasattr(value, "full_tensor"):  # DTensor
        value = value.full_tensor()
    if value.numel() != 1:
        raise ValueError(
            f"{name} has shape {tuple(value.shape)}; allowed: one element"
            " (reduce it, as with .mean(), to the number whose gradient was taken)"
        )
    if value.is_complex():
        raise ValueError(f"{name} is complex; allowed: a real number")
    return value.detach().reshape(()).to(dtype=like.dtype, device=like.device)
