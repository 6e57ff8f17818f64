# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Putting a change into a program: into one that runs, or into the module as it is imported."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from types import CodeType, FunctionType, ModuleType
from typing import Any


def exchange(module: str, path: str, source: bytes, function: str) -> None:
    """Give a function of an imported module the body that it has in ``source``.

    Whoever has imported the function holds the same object, so all of them see the new body.

    Raises
    ------
    LookupError
        If there is no such function, or more than the two of a property.
    """
    outer = function.partition(".<locals>")[0]
    codes = [c for c in _codes(compile(source, path, "exec")) if c.co_qualname == outer]
    found = [f for f in functions(sys.modules[module]) if f.__code__.co_qualname == outer]
    if not found or len(codes) != 1:
        raise LookupError(f"{module} has {len(found)} functions {outer}")
    for each in found:
        each.__code__ = codes[0]


def functions(module: ModuleType) -> Iterator[FunctionType]:
    """Yield the functions and methods that a module defines, without what decorators add."""
    for value in list(vars(module).values()):
        if inspect.isclass(value) and value.__module__ == module.__name__:
            for member in list(vars(value).values()):
                yield from _plain(module, member)
        else:
            yield from _plain(module, value)


def _plain(module: ModuleType, value: Any) -> Iterator[FunctionType]:
    if isinstance(value, property):
        value = value.fget
    value = inspect.unwrap(getattr(value, "__func__", value))
    if isinstance(value, FunctionType) and value.__code__.co_filename == module.__file__:
        yield value


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def import_as(module: str, source: bytes) -> None:
    """Have a module that is not imported yet be imported from ``source``."""
    assert module not in sys.modules
    get_code = SourceFileLoader.get_code

    def changed(self: SourceFileLoader, fullname: str) -> CodeType | None:
        if fullname == module:
            return compile(source, self.path, "exec", dont_inherit=True)
        return get_code(self, fullname)

    SourceFileLoader.get_code = changed  # type: ignore
