# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Lines of LaTeX as a program: what `momo.methods.equations` writes, read and run in NumPy.

A line is ``left = right``, with where it begins behind ``,\\quad``, or ``left \\leftarrow right``
with a condition behind ``\\quad\\text{if }``. Letters with an index k are remembered by step;
juxtaposed arrays are multiplied by coordinates, and a column by a row makes a matrix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np

Value = Any
POINTS = ("x", "z", "e", "X", "y", r"\bar x", "f_*")
"""Whose index stands above; of all others a number above is a power."""
TOKEN = re.compile(
    r"\\(?:left|right)(?![A-Za-z])|\\operatorname\{\w+\}|\\nabla f_k|\d+"
    r"|(?:\\(?:bar|hat) )?(?:\\[A-Za-z]+|[A-Za-z])|\S"
)
SKIPPED = (r"\left", r"\right")
ENDS = ("", "+", "-", ")", "}", ",", r"\rbrace", r"\rangle", r"\rVert")
NOT_STEPS = ((r"\beta", "2"), (r"\varepsilon", "2"), ("f", "*"))
"""Indices that are part of a name."""


@cache
def tokens(text: str) -> tuple[str, ...]:
    return tuple(m[0] for m in TOKEN.finditer(text) if m[0] not in SKIPPED)


class Reader:
    """One side of a line: a recursive descent whose value is that at step k."""

    def __init__(self, text: str, k: int, known: Mapping[Any, Value]) -> None:
        self.tokens = tokens(text)
        self.k, self.known, self.at = k, known, 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if wanted and token != wanted:
            raise SyntaxError(f"{wanted!r} wanted at {self.tokens[self.at :]}")
        self.at += 1
        return token

    def group(self) -> str:
        """Return the text of an index: one token, or what stands in braces."""
        if self.peek() != "{":
            return self.take()
        self.take("{")
        found = ""
        while self.peek() != "}":
            found += self.take()
        self.take("}")
        return found

    def value(self) -> Value:
        found = self.sum()
        if self.peek():
            raise SyntaxError(f"not read: {self.tokens[self.at :]}")
        return found

    def sum(self) -> Value:
        sign = 1 if self.peek() not in ("+", "-") else {"+": 1, "-": -1}[self.take()]
        found = sign * self.product()
        while self.peek() in ("+", "-"):
            found = found + self.product() if self.take() == "+" else found - self.product()
        return found

    def product(self) -> Value:
        found = self.power()
        while self.peek() not in ENDS:
            found = found * self.power()
        return found

    def power(self) -> Value:
        found = self.atom()
        while self.peek() in ("^", "_"):
            if self.take() == "_":
                self.take("+")
                found = np.maximum(found, 0.0)
            elif self.peek() == "{":
                self.take("{")
                found = found ** self.sum()
                self.take("}")
            else:
                found = found ** self.atom()
        return found

    def braces(self) -> Value:
        self.take("{")
        found = self.sum()
        self.take("}")
        return found

    def atom(self) -> Value:
        token = self.take()
        if token.isdigit():
            return float(token)
        if token == "(":
            found = self.sum()
            self.take(")")
            return found
        if token == r"\frac":
            above = self.braces()
            return above / self.braces()
        if token == r"\sqrt":
            return np.sqrt(self.braces())
        if token in (r"\min", r"\max"):
            self.take(r"\lbrace")
            found = self.sum()
            while self.peek() == ",":
                self.take()
                found = {r"\min": np.minimum, r"\max": np.maximum}[token](found, self.sum())
            self.take(r"\rbrace")
            return found
        if token == r"\lVert":
            return self.norm()
        if token == r"\langle":
            a = self.sum()
            self.take(",")
            b = self.sum()
            self.take(r"\rangle")
            return float(np.sum(a * b))
        if token == r"\sum":  # over matrices: there is one
            self.take("_")
            self.group()
            return self.power()
        if token.startswith(r"\operatorname"):
            return self.call(token[14:-1])
        if token == r"\nabla f_k":
            return self.call("gradient")
        return self.letter(token)

    def call(self, name: str) -> Value:
        self.take("(")
        given = self.sum()
        self.take(")")
        return self.known[name](given)

    def norm(self) -> Value:
        inside = self.sum()
        self.take(r"\rVert")
        kind = ""
        if self.peek() == "_":
            self.take()
            if self.peek() == "{":  # a metric: ‖d‖²_{D^{-1}}, whose square follows
                metric = self.braces()
                self.take("^")
                self.take("2")
                return float(np.sum(inside * metric * inside))
            kind = self.take()
        if kind == "1":
            return float(np.abs(inside).sum())
        if kind == "*":
            return float(np.sum(inside * self.known["polar"](inside)))
        return float(np.sqrt(np.sum(inside * inside)))

    def letter(self, name: str) -> Value:
        key = self.key(name)
        if key == ("f", self.k) and self.peek() == "(":
            return self.call("loss")
        if key not in self.known:
            raise LookupError(f"{key} is not known")
        return self.known[key]

    def key(self, name: str) -> Any:
        """Return a letter with its step, if it has one: ``("d", 3)``, or ``"\\alpha"``."""
        index = None
        if self.peek() == "_" and self.tokens[self.at + 1] != "+":
            self.take()
            index = self.group()
            if (name, index) in NOT_STEPS:
                name, index = f"{name}_{index}", None
            elif "," in index:
                before, _, index = index.partition(",")
                name = f"{name}_{before}"
        if self.peek() == "^" and name in POINTS:
            self.take()
            index = self.group()
        return name if index is None else (name, self.step(index))

    def step(self, index: str) -> int:
        found = re.fullmatch(r"(k)?([+-]?\d+)?", index)
        if not found:
            raise SyntaxError(f"no index: {index!r}")
        return (self.k if found[1] else 0) + int(found[2] or 0)


class Line:
    """What is computed at each step, where it begins, and when it is done."""

    def __init__(self, text: str) -> None:
        body, _, self.when = text.partition(r"\quad\text{if }")
        body, _, start = body.partition(r",\quad")
        left, _, self.right = re.sub(r" \\leftarrow ", " = ", body, count=1).partition(" = ")
        self.left = left.strip("()").split(", ") if left.startswith("(") else [left]
        first, equal, self.begins = start.partition(" = ")
        self.first = self.keys(1, [first])[0] if equal else None

    def keys(self, k: int, left: list[str] | None = None) -> list[Any]:
        readers = [Reader(name, k, {}) for name in left or self.left]
        return [reader.key(reader.take()) for reader in readers]


class Program:
    """The lines of a method, run step by step.

    Attributes
    ----------
    known
        Constants and functions by name, and letters with an index by ``(name, step)``.
    """

    def __init__(self, lines: Iterable[str], known: Mapping[Any, Value]) -> None:
        self.lines, self.known = [*map(Line, lines)], dict(known)
        for line in self.lines:
            if line.first is not None and line.first[1] < line.keys(1)[0][1]:
                self.known[line.first] = self.value(line.begins, 1)

    def step(self, k: int) -> None:
        """Run the lines at step k."""
        self.known["k"] = k
        for line in self.lines:
            small, _, large = line.when.partition(" < ")
            if line.when and not self.value(small, k) < self.value(large, k):
                continue
            for key in line.keys(k):
                self.known[key] = self.value(line.begins if key == line.first else line.right, k)

    def value(self, text: str, k: int) -> Value:
        return Reader(text, k, self.known).value()
