"""Finding what lies outside the registries, by ``module:attribute``; this needs nothing else."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TypeVar

T = TypeVar("T")


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
        If it cannot be loaded, or is something else than ``wanted``.
    """
    module, _, attribute = name.partition(":")
    try:
        found: object = import_module(module)
        for part in attribute.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        where = f"; looked in {sys.path[0] or 'this folder'} first"
        raise ValueError(f"{what} cannot be loaded: {error}{where}") from error
    if not isinstance(found, wanted):
        is_a = type(found).__name__
        raise ValueError(f"{what} is of type {is_a}; allowed: a {wanted.__name__}")
    return found
