# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Pure functions of numbers, recorded once and replayed as straight-line code.

The general equation (`momo.core.step`) is written once, for numbers of any kind. So it can be taken
with numbers that write down what is done to them: what comes out is the code of that method alone,
with its constants in place and without its parts, which Python runs some ten times as fast, and of
which a GPU kernel can be made (`Dialect`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from momo.core.ops import FLOATS, TINY, Ops
from momo.core.random import uniform

Dialect = Mapping[str, str]
"""How an operation is written, by name; ``{0}`` is its first argument."""
ARITHMETIC: Dialect = {
    "add": "{0} + {1}",
    "sub": "{0} - {1}",
    "mul": "{0} * {1}",
    "truediv": "{0} / {1}",
    "neg": "-{0}",
    "abs": "abs({0})",
    "lt": "{0} < {1}",
    "le": "{0} <= {1}",
    "gt": "{0} > {1}",
    "ge": "{0} >= {1}",
    "eq": "{0} == {1}",
    "ne": "{0} != {1}",
    "and": "{0} & {1}",
    "or": "{0} | {1}",
}
PYTHON: Dialect = {
    **ARITHMETIC,
    "where": "{1} if {0} else {2}",
    "minimum": "{0} if {0} <= {1} or {0} != {0} else {1}",
    "maximum": "{0} if {0} >= {1} or {0} != {0} else {1}",
    "quotient": "{0} / {1} if {1} >= {2} else 0.0",
    "power": "power({0}, {1})",
    "log": "log({0})",
    "uniform": "uniform({0}, {1})",
}
"""On Python floats, as `momo.core.ops.FLOATS`."""
NAMES = {
    "inf": math.inf,
    "nan": math.nan,
    "power": FLOATS.power,
    "log": math.log,
    "uniform": uniform,
}


class UnrecordableError(TypeError):
    """A function looks at its numbers, or needs something else than numbers."""


class Symbol:
    """A number that writes down what is done to it; two are never compared, nor true or false."""

    __slots__ = ("record", "text")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, record: Record, text: str) -> None:
        self.record = record
        self.text = text

    def __bool__(self) -> bool:
        raise UnrecordableError("a recorded number has no value to decide by")

    def __neg__(self) -> Any:
        return self.record.add("neg", self)

    def __abs__(self) -> Any:
        return self.record.add("abs", self)

    def __mul__(self, other: Any) -> Any:
        return self if _is_one(other) else self.record.add("mul", self, other)

    def __rmul__(self, other: Any) -> Any:
        return self if _is_one(other) else self.record.add("mul", other, self)

    def __truediv__(self, other: Any) -> Any:
        return self if _is_one(other) else self.record.add("truediv", self, other)

    def __rpow__(self, base: Any) -> Any:
        raise UnrecordableError("a power of a recorded number is ops.power")


def _is_one(number: Any) -> bool:
    return isinstance(number, int | float) and number == 1


def _binary(name: str, swapped: bool = False) -> Callable[[Symbol, Any], Any]:
    def method(self: Symbol, other: Any) -> Any:
        pair = (other, self) if swapped else (self, other)
        return self.record.add(name, *pair)

    return method


for _name in ("add", "sub", "and", "or"):
    setattr(Symbol, f"__{_name}__", _binary(_name))
    setattr(Symbol, f"__r{_name}__", _binary(_name, swapped=True))
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Symbol, f"__{_name}__", _binary(_name))
Symbol.__rtruediv__ = _binary("truediv", swapped=True)  # type: ignore[attr-defined]


class Record:
    """What is written down; the same operation on the same numbers is written once.

    Parameters
    ----------
    dialect
        How.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.lines: dict[str, str] = {}

    def add(self, name: str, *arguments: Any) -> Symbol:
        """Write an operation down, and return its result."""
        expression = self.dialect[name].format(*map(self.text, arguments))
        return Symbol(self, self.lines.setdefault(expression, f"t{len(self.lines)}"))

    def text(self, number: Any) -> str:
        """Return how a number is written.

        Raises
        ------
        UnrecordableError
            If it is none.
        """
        if isinstance(number, Symbol):
            return number.text
        if not isinstance(number, int | float):
            raise UnrecordableError(f"{number!r} is no Python number, whose value is known")
        written = repr(int(number) if isinstance(number, bool) else number)
        return f"({written})" if written.startswith("-") else written

    @property
    def ops(self) -> Ops:
        """The operations on these numbers."""

        def operation(name: str) -> Callable[..., Any]:
            return lambda *arguments: self.add(name, *arguments)

        def quotient(a: Any, b: Any, tiny: float = TINY) -> Any:
            known = not isinstance(a, Symbol) and not isinstance(b, Symbol)
            return FLOATS.quotient(a, b, tiny) if known else self.add("quotient", a, b, tiny)

        def where(condition: Any, a: Any, b: Any) -> Any:
            if isinstance(condition, bool):
                return a if condition else b
            return self.add("where", condition, a, b)

        named = ("minimum", "maximum", "power", "log", "uniform")
        return Ops(where=where, quotient=quotient, **{name: operation(name) for name in named})


def record(
    compute: Callable[..., Sequence[Any]],
    inputs: Mapping[str, int],
    dialect: Dialect = PYTHON,
    recorder: type[Record] = Record,
) -> tuple[list[str], list[str]]:
    """Return the lines that compute the outputs of a function, and how these are written.

    Parameters
    ----------
    compute
        ``(ops, *vectors) -> outputs``: each vector a list of numbers.
    inputs
        The names of the vectors, with how many numbers each has; the n-th number of ``sums`` is
        written ``sums_n``.
    dialect
        The language.
    recorder
        What writes it, where a format for each operation does not do.

    Raises
    ------
    UnrecordableError
        If the function decides by the value of a number, or has parts that are no Python numbers.
    """
    made = recorder(dialect)
    vectors = [[Symbol(made, f"{name}_{n}") for n in range(size)] for name, size in inputs.items()]
    outputs = [made.text(number) for number in compute(made.ops, *vectors)]
    wanted, lines = set(outputs), []
    for expression, name in reversed(made.lines.items()):
        if name in wanted:
            lines.append(f"{name} = {expression}")
            wanted.update(re.findall(r"\bt\d+\b", expression))
    return lines[::-1], outputs


def compiled(
    compute: Callable[..., Sequence[Any]], inputs: Mapping[str, int]
) -> Callable[..., tuple[float, ...]]:
    """Return a function that does the same on Python floats: a vector each, and a tuple of results.

    Raises
    ------
    UnrecordableError
        As `record` does.
    """
    lines, outputs = record(compute, inputs)
    unpacked = [
        f"{', '.join(f'{name}_{n}' for n in range(size))}, = {name}"
        for name, size in inputs.items()
        if size
    ]
    body = [*unpacked, *lines, f"return ({', '.join(outputs)},)"]
    source = f"def replay({', '.join(inputs)}):\n" + "\n".join(f"    {line}" for line in body)
    found: dict[str, Any] = dict(NAMES)
    exec(compile(source, "<recorded>", "exec"), found)  # no text of anybody else gets in here
    return found["replay"]
