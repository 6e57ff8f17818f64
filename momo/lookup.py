# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Finding what ``module:attribute`` names, and what to say of a name that is none.

This needs nothing else.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TypeVar

T = TypeVar("T")

# ---- names that are near to one ------------------------------------------------------------------

FEW = 12
"""As many names are shown even where some of them are near."""
NEAR = 0.7
"""How alike names are that are near, between 0 and 1; `difflib` says what that is."""


def near(name: str, names: Iterable[str], most: int = 3) -> list[str]:
    """Return the names that somebody may have meant, the nearest first.

    Neither case counts, nor ``-`` and ``_``: ``MomoAdam`` is as near to ``momo_adam`` as can be.
    """
    from difflib import get_close_matches  # errors alone need it

    plain = {each: each.lower().replace("-", "").replace("_", "") for each in [name, *names]}
    found = get_close_matches(plain.pop(name), plain.values(), most, NEAR)
    return list(dict.fromkeys(n for text in found for n in plain if plain[n] == text))[:most]


def choices(name: str, names: Iterable[str], also: str = "") -> str:
    """Return what an error says of a name that is none of these: what was meant, or all there is.

    Parameters
    ----------
    name
        What was given.
    names
        What there is; all of it is shown if it is little, or nothing is near.
    also
        What else is allowed, in words.
    """
    known = list(names)
    meant = meaning(near(name, known))
    allowed = f"allowed: {', '.join([*known, *([also] if also else [])])}"
    if meant and len(known) > FEW:
        return meant
    return f"{meant} {allowed}" if meant else allowed


def meaning(names: Sequence[str]) -> str:
    """Return "did you mean a, b or c?"; the empty string of no names."""
    if not names:
        return ""
    others = ", ".join(names[:-1])
    return f"did you mean {others} or {names[-1]}?" if others else f"did you mean {names[-1]}?"


# ---- module:attribute ----------------------------------------------------------------------------


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
        If it cannot be loaded, or is something else than ``wanted``. The message has the names that
        are near, or the traceback of an error within the module.
    """
    module, _, attribute = name.partition(":")
    if os.sep in module:
        meant = meaning([f"{_dotted(module)}:{attribute}"])
        raise ValueError(f"{what} cannot be loaded: {module} is a file; {meant}")
    try:
        found: object = import_module(module)
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and f"{module}.".startswith(f"{error.name}."):
            others = meaning([f"{other}:{attribute}" for other in _modules_near(module)])
            raise ValueError(f"{what} cannot be loaded: {error}; {others or _where()}") from error
        behind = told(error, "<frozen importlib", __file__)
        raise ValueError(f"{what} cannot be loaded:\n{behind}") from error
    before = f"{module}:"
    for part in attribute.split("."):
        try:
            found = getattr(found, part)
        except AttributeError as error:
            others = meaning([f"{before}{other}" for other in near(part, _public(found))])
            raise ValueError(f"{what} cannot be loaded: {error}; {others or _where()}") from error
        before += f"{part}."
    if not isinstance(found, wanted):
        is_a = type(found).__name__
        raise ValueError(f"{what} is of type {is_a}; allowed: a {wanted.__name__}")
    return found


def inside(name: str, wanted: Callable[[object], bool]) -> list[str]:
    """Return each ``module:attribute`` that a name without a colon may stand for.

    Such a name is that of a module (``mine``), of its file (``mine.py``), or has a dot where the
    colon should be (``mine.Mine``).

    Parameters
    ----------
    name
        What was given.
    wanted
        Whether something in a module, made there, is what is looked for.
    """
    path = _dotted(name)
    module, _, attribute = path.rpartition(".")
    for home in (path, module):
        try:
            there = bool(home) and find_spec(home) is not None
            found = vars(import_module(home)) if there else {}
        except Exception:  # of a module that cannot be imported: nobody has named anything in it
            continue
        own = [n for n, each in found.items() if wanted(each) and _is_of(each, home)]
        if home == path and own:
            return [f"{home}:{each}" for each in own]
        if home == module and found:
            meant = [attribute] if attribute in found else near(attribute, own)
            return [f"{home}:{each}" for each in meant]
    return []


def _is_of(found: object, module: str) -> bool:
    return getattr(found, "__module__", module) == module


def _public(found: object) -> list[str]:
    return [name for name in dir(found) if not name.startswith("__")]


def _dotted(path: str) -> str:
    """Return the name of the module of a file; that of a module as it is."""
    file = path.removeprefix(f".{os.sep}")
    return file.removesuffix(".py").replace(os.sep, ".")


def _modules_near(name: str) -> list[str]:
    """Return modules of such a name: that of a file, or those beside which it would stand."""
    import pkgutil

    if _dotted(name) != name:
        return [_dotted(name)]
    package, _, last = name.rpartition(".")
    try:
        spec = find_spec(package) if package else None
    except ImportError:
        return []
    folders = [sys.path[0]] if not package else spec and spec.submodule_search_locations
    there = [module.name for module in pkgutil.iter_modules(list(folders or ()))]
    return [f"{package}.{other}" if package else other for other in near(last, there)]


def _where() -> str:
    return f"looked in {sys.path[0] or 'this folder'} first"
