# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Hooks around a step, and the profiler's name for it: torch's, where anybody is interested."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import torch
from torch.autograd import _profiler_enabled  # type: ignore[attr-defined]
from torch.optim import Optimizer
from torch.optim.optimizer import _global_optimizer_post_hooks, _global_optimizer_pre_hooks

P = ParamSpec("P")
R = TypeVar("R")


OURS = object()
"""Tells a step that torch has wrapped, which says True, from one that copied what ours says."""


def hooked_if_asked(step: Callable[P, R]) -> Callable[P, R]:
    """Return ``step`` such that torch's hooks are run where there are some.

    Torch wraps the step of every class in its hooks and in a range of the profiler, which on a
    small network takes as long as the step. Where there is neither a hook nor a profiler, nobody
    sees the difference. A class that has a step of its own has been wrapped by torch.
    """
    hooked = Optimizer.profile_hook_step(step)

    @wraps(step)
    def wrapper(*args: P.args, **given: P.kwargs) -> R:
        optimizer: Any = args[0]
        own = getattr(type(optimizer).step, "hooked", None) is OURS
        if own and (torch.compiler.is_compiling() or _observed(optimizer)):
            return hooked(*args, **given)
        return step(*args, **given)

    wrapper.hooked = OURS  # type: ignore[attr-defined]  # torch wraps it no more
    return wrapper


def _observed(optimizer: Any) -> bool:
    """Return whether anybody wants to know of a step."""
    return bool(
        optimizer._optimizer_step_pre_hooks
        or optimizer._optimizer_step_post_hooks
        or _global_optimizer_pre_hooks
        or _global_optimizer_post_hooks
        or _profiler_enabled()
    )
