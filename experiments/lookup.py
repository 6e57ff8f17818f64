"""Finding a thing by its name: in a registry, or as ``module:attribute``."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module
from typing import TypeVar

T = TypeVar("T")


def is_elsewhere(name: str) -> bool:
    """Return whether a name is that of something outside the registries: ``module:attribute``."""
    return ":" in name


def elsewhere(kind: str, name: str, wanted: type[T]) -> T:
    """Return what ``module:attribute`` is.

    Raises
    ------
    ValueError
        If it cannot be loaded, or is something else than ``wanted``.
    """
    module, _, attribute = name.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise ValueError(f"{kind} = {name!r} cannot be loaded: {error}") from error
    if not isinstance(found, wanted):
        is_a = type(found).__name__
        raise ValueError(f"{kind} = {name!r} is a {is_a}; allowed: a {wanted.__name__}")
    return found


def unknown(kind: str, name: str, names: Iterable[str]) -> ValueError:
    """Return the error for a name that is in no registry, with the names that are close."""
    names = list(names)
    close = get_close_matches(name.lower().replace("-", "_"), names, n=3)
    allowed = f"did you mean {' or '.join(close)}" if close else f"allowed: {', '.join(names)}"
    return ValueError(f"{kind} = {name!r} is unknown; {allowed}, or module:attribute")
