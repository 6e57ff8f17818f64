# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Finding what lies outside the registries, by ``module:attribute``; this needs nothing else."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module
from typing import TypeVar

T = TypeVar("T")


def told(error: BaseException, *ours: str) -> str:
    """Return the traceback of an error without its beginning, which is ours and not its cause.

    Parameters
    ----------
    ours
        Beginnings of the names of files: what is behind the last frame in one of them is kept; all,
        if nothing is.
    """
    trace = traceback.TracebackException.from_exception(error)
    last = max((i for i, at in enumerate(trace.stack) if at.filename.startswith(ours)), default=-1)
    if last + 1 < len(trace.stack) or isinstance(error, SyntaxError):
        trace.stack = traceback.StackSummary.from_list(trace.stack[last + 1 :])
    return "".join(trace.format()).rstrip()


def load(what: str, name: str, wanted: type[T]) -> T:
    """Return what ``module:attribute`` names; the attribute may have dots.

    Parameters
    ----------
    what
        How errors call it: the argument, with its value.
    name
        Where it is.
    wanted
        Its type; ``object`` for any.

    Raises
    ------
    ValueError
        If it cannot be loaded, or is something else than ``wanted``. The message has the traceback
        of an error within the module.
    """
    module, _, attribute = name.partition(":")
    try:
        found: object = import_module(module)
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and f"{module}.".startswith(f"{error.name}."):
            raise ValueError(f"{what} cannot be loaded: {error}{_where()}") from error
        behind = told(error, "<frozen importlib", __file__)
        raise ValueError(f"{what} cannot be loaded:\n{behind}") from error
    try:
        for part in attribute.split("."):
            found = getattr(found, part)
    except AttributeError as error:
        raise ValueError(f"{what} cannot be loaded: {error}{_where()}") from error
    if not isinstance(found, wanted):
        is_a = type(found).__name__
        raise ValueError(f"{what} is of type {is_a}; allowed: a {wanted.__name__}")
    return found


def _where() -> str:
    return f"; looked in {sys.path[0] or 'this folder'} first"
