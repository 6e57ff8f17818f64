# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Parameters of optimizers, whose meaning is declared once, in the annotations of ``__init__``."""

from __future__ import annotations

import ast
from functools import cache

import griffe

from scripts.site.pages import ROOT

DECLARED = "momo/optim/hyperparameters.py"


@cache
def meanings() -> dict[str, str]:
    """Return what each kind of hyper-parameter means, by the name of its annotation."""
    tree = ast.parse((ROOT / DECLARED).read_text(encoding="utf-8"))
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            calls = [call for call in ast.walk(node.value) if isinstance(call, ast.Call)]
            for call in calls:
                if isinstance(call.func, ast.Name) and call.func.id == "Hyperparameter":
                    found[node.targets[0].id] = str(ast.literal_eval(call.args[0]))
    return found


def parameters(cls: griffe.Class) -> griffe.DocstringSectionParameters | None:
    """Return the parameters of an optimizer, as `momo.optim.hyperparameters.documented` does.

    None for a class whose ``__init__`` declares no hyper-parameters.
    """
    init = cls.members.get("__init__")
    if not isinstance(init, griffe.Function):
        return None
    rows = [
        griffe.DocstringParameter(
            given.name,
            description=meanings()[str(given.annotation)],
            annotation=given.annotation,
            value=None if given.default is None else str(given.default),
        )
        for given in init.parameters
        if str(given.annotation) in meanings()
    ]
    if not rows:
        return None
    params = griffe.DocstringParameter(
        "params",
        description="Parameters, named parameters, or parameter groups.",
        annotation=init.parameters["params"].annotation,
    )
    options = griffe.DocstringParameter(
        "options",
        description="What all optimizers take: `momo.optim.hyperparameters.Options`.",
        value="{}",
    )
    return griffe.DocstringSectionParameters([params, *rows, options])
