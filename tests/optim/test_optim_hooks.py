# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Hooks and profilers around a step, which torch's wrapper no longer surrounds always."""

from __future__ import annotations

import functools
import os
from typing import Any

import pytest
import torch
from torch.nn import Parameter
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from momo import Momo


def copied(step: Any) -> Any:
    """Return a step that looks like another, and calls it."""

    @functools.wraps(step)
    def wrapper(self: Any, *args: Any, **given: Any) -> Any:
        return step(self, *args, **given)

    return wrapper


class Looks(Momo):
    """Its step is said to be Momo's."""

    step = copied(Momo.step)


class Own(Momo):
    """It has a step of its own."""

    def step(self, *args: Any, **given: Any) -> Any:  # type: ignore[override]
        return super().step(*args, **given)


@pytest.mark.parametrize("kind", [Momo, Looks, Own])
@pytest.mark.parametrize("everywhere", [False, True])
def test_hooks_run_once(kind: Any, everywhere: bool) -> None:
    p = Parameter(torch.ones(3))
    p.grad = torch.ones(3)
    optimizer = kind([p])
    optimizer.step(loss=1.0)
    seen: list[str] = []
    if everywhere:
        before: Any = register_optimizer_step_pre_hook
        after: Any = register_optimizer_step_post_hook
    else:
        before, after = optimizer.register_step_pre_hook, optimizer.register_step_post_hook
    handles = [before(lambda *_: seen.append("before")), after(lambda *_: seen.append("after"))]
    optimizer.step(loss=1.0)
    for handle in handles:
        handle.remove()
    optimizer.step(loss=1.0)
    assert seen == ["before", "after"]


@pytest.mark.parametrize("kind", [Momo, Looks, Own])
def test_a_profiler_sees_the_step(kind: Any) -> None:
    p = Parameter(torch.ones(3))
    p.grad = torch.ones(3)
    optimizer = kind([p])
    optimizer.step(loss=1.0)
    os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # it talks, in all that follows, otherwise
    with torch.autograd.profiler.profile() as seen:
        optimizer.step(loss=1.0)
    assert [e.name for e in seen.function_events].count(f"Optimizer.step#{kind.__name__}.step") == 1
