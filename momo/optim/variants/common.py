"""What the classes of this folder share: the arguments that every optimizer has."""

from __future__ import annotations

from typing import Any, TypedDict

from momo.optim import arguments
from momo.optim.lower_bounds import Given
from momo.optim.model import Scalar


class Options(TypedDict, total=False):
    """Arguments of `momo.optim.base.MomentumModelOptimizer` beside the hyper-parameters."""

    foreach: bool | None
    fused: bool | None
    maximize: bool
    nonfinite: str
    process_group: Any
    shard_group: Any


def given(group: dict[str, Any]) -> Given:
    """Return the bound of a group, ``lb``, or what a step brings."""
    return Given(arguments.finite("lb", group["lb"]))


def radius(group: dict[str, Any]) -> Scalar:
    """Return ``lr/(1-β)``: the cap on a step whose average of gradients has weights below one.

    The heavy ball's ``x - lr m`` with ``m_k = β m_{k-1} + g_k`` is a step of that length along the
    average d with weights ``(1-β) β^j``.
    """
    lr = arguments.non_negative("lr", group["lr"], infinite=True)
    return lr / (1 - arguments.decay("beta", group["beta"]))
