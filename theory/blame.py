# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Where the author of a claim or a problem has to look: files and lines, not the engine's."""

from __future__ import annotations

import inspect
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from theory.audit import Step
from theory.engine import Monitor


class AuthorError(RuntimeError):
    """A claim or a problem raised; the message says which, what, and where."""


def place(thing: Any) -> str:
    """Return ``file:line`` of a function, class or object, as short as can be; "" if unknown."""
    while isinstance(thing, partial):
        thing = thing.func
    if not (inspect.isroutine(thing) or inspect.isclass(thing)):
        thing = type(thing)
    try:
        file, (_, line) = inspect.getsourcefile(thing), inspect.getsourcelines(thing)
    except (TypeError, OSError):
        return ""
    return "" if file is None else f"{_short(file)}:{line}"


def _short(file: str) -> str:
    """Return a path relative to the working folder, where it lies in it."""
    shown = os.path.relpath(file)
    return file if shown.startswith("..") else shown


def named(what: str, thing: Any) -> str:
    """Return ``what (file:line)``."""
    where = place(thing)
    return f"{what} ({where})" if where else what


def raised(error: BaseException, *things: Any) -> str:
    """Return ``Type: message (file:line, in function)``.

    The place is the innermost in a file of one of the things; else the innermost of all.
    """
    files = {place(thing).rpartition(":")[0] for thing in things}
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _short(frame.filename) in files]
    text = f"{type(error).__name__}: {error}"
    if not frames:
        return text
    frame = (own or frames)[-1]
    return f"{text} ({_short(frame.filename)}:{frame.lineno}, in {frame.name})"


@contextmanager
def blaming(what: str, *things: Any, let: tuple[type[BaseException], ...] = ()) -> Iterator[None]:
    """Turn what is raised within into an `AuthorError` of what raised it.

    Parameters
    ----------
    what
        How to call it: "claim fejer".
    things
        Its functions and classes.
    let
        What passes as it is.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, (AuthorError, *let)):
            raise
        raise AuthorError(f"{what} raised {raised(error, *things)}") from error


@dataclass(frozen=True)
class Watched:
    """A monitor that is blamed for what it raises."""

    what: str
    thing: Any
    monitor: Monitor

    def observe(self, step: Step) -> None:
        """Show it the step."""
        try:
            self.monitor.observe(step)
        except Exception as error:
            raise AuthorError(f"{self.what} raised {raised(error, self.thing)}") from error
