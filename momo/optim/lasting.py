# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Plans that last: whether that of the last step is right for this one, and what tells that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from torch import Tensor

from momo.optim.blocks import plan_key
from momo.optim.plan import Plan
from momo.optim.ranks import Ranks
from momo.optim.watch import Watch


def still_right(
    plan: Plan | None,
    param_groups: Sequence[Mapping[str, Any]],
    settings: Sequence[Any],
    state: Mapping[Tensor, Any],
    ranks: Ranks,
) -> Plan | None:
    """Return the plan of the last step if it is right for this one; else None."""
    if plan is None or plan.watch is None:
        return None
    if plan.watch.holds(param_groups, settings, state):
        return plan
    if plan.key != plan_key(param_groups, settings, state, ranks) or not plan.fits():
        return None
    return replace(plan, watch=_watch(plan, param_groups, settings, state))


def lasting(
    plan: Plan,
    model: Tensor,
    param_groups: Sequence[Mapping[str, Any]],
    settings: Sequence[Any],
    state: Mapping[Tensor, Any],
    ranks: Ranks,
) -> Plan | None:
    """Return a new plan such that later steps can tell whether it is right; None: they cannot.

    What is new to it is none of that to them, and the state of all parameters has been made.
    """
    key = plan_key(param_groups, settings, state, ranks)
    if key is None:
        return None
    watch = _watch(plan, param_groups, settings, state)
    return replace(plan, key=key, watch=watch, model=model, known=plan.members)


def _watch(
    plan: Plan,
    param_groups: Sequence[Mapping[str, Any]],
    settings: Sequence[Any],
    state: Mapping[Tensor, Any],
) -> Watch:
    kinds = any(len(setting.preconditioners) > 1 for setting in settings)
    return Watch(param_groups, settings, state, shapes=kinds or bool(plan.blocks))
