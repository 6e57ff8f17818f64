# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Bad arguments are refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import torch

from momo.conformance.law import Found, Law
from momo.conformance.problem import Group, Problem
from momo.conformance.run import (
    optimizer,
    parameters,
    same_bits,
    set_gradients,
    take,
)
from momo.conformance.subject import DECAYS, Subject

WRONG: tuple[tuple[str, float], ...] = (
    ("lr", -1.0),
    ("lr", math.nan),
    ("weight_decay", -0.5),
    ("beta", 1.0),
    ("beta", -0.5),
    ("beta2", 1.0),
    ("eps", -1.0),
    ("lb", math.nan),
)
PROBLEM = Problem((Group(((3,), (2, 2)), 0.1),), (2.0, 1.0), eps=1e-3)


def body(subject: Subject) -> int:
    """Give the constructor values out of range, and a step no loss, or one that is no number."""
    h = PROBLEM.hyperparameters(PROBLEM.groups[0])
    for name, value in WRONG:
        if not subject.takes(name):
            continue
        keywords = subject.row.torch_arguments(replace(h, **{name: value}))
        given = f"{name} = {value:g}"
        names = DECAYS if name == "beta" else ("beta2", "betas") if name == "beta2" else (name,)
        construct: Callable[..., Any] = subject.optimizer
        message = _refused(partial(construct, parameters(PROBLEM), **keywords), given)
        if not any(known in message for known in names) or f"{value:g}" not in message:
            raise Found(f"the error for {given}", "names the argument and its value", message)

    params = parameters(PROBLEM)
    made = optimizer(subject, PROBLEM, params)
    untouched = parameters(PROBLEM)
    exact = optimizer(subject, PROBLEM, untouched)
    wrong: dict[str, dict[str, Any]] = {
        "step()": {},
        'step(loss="low")': {"loss": "low"},
        "step(loss=a tensor of two elements)": {"loss": torch.ones(2)},
    }
    for k in range(len(PROBLEM.losses)):
        set_gradients(PROBLEM, params, k)
        for title, arguments in wrong.items():
            _refused(partial(made.step, **arguments), title)
        take(PROBLEM, exact, untouched, k)
        take(PROBLEM, made, params, k)
        if not all(
            same_bits(p.detach(), q.detach()) for p, q in zip(params, untouched, strict=True)
        ):
            raise Found(
                "the parameters, after steps that were refused",
                "unchanged by them",
                "changed",
                step=k,
            )
    return 1


def _refused(call: Callable[[], Any], given: str) -> str:
    """Return the message of the error that a call raises."""
    try:
        call()
    except (ValueError, TypeError) as error:
        return str(error)
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise Found(given, "ValueError or TypeError", what) from error
    raise Found(given, "ValueError or TypeError", "no error")


LAW = Law(
    "errors",
    "bad arguments raise an error that names argument and value, and change nothing",
    None,
    body,
)
