# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Where a module may be broken, and its source with one change made."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from scripts.mutants.operators import changes, statement_changes

KEPT = {"strict"}
"""Keyword arguments that only decide whether something raises."""
LIVE = {"abstractmethod", "classmethod", "property", "staticmethod", "torch.no_grad()"}
"""Decorators that leave the function to be found. A cache would keep what it returned before."""


@dataclass(frozen=True)
class Mutant:
    """One small change of a module.

    Attributes
    ----------
    module
        Its name.
    function
        The qualified name of the innermost function; "" at the level of module or class.
    before, after
        What was changed, and to what, in normal form.
    nth
        Which of the same changes in this function, counted from 1.
    line
        Where it is.
    start, end, text
        The bytes of the source that are replaced, and by what.
    live
        Whether it lies in the body of a function that a running program can exchange.
    """

    module: str
    function: str
    before: str
    after: str
    line: int
    start: int
    end: int
    text: str
    live: bool
    nth: int = 1

    @property
    def change(self) -> str:
        """What is changed: with module and function it names the mutant, whatever its line."""
        number = f" (number {self.nth})" if self.nth > 1 else ""
        return f"{self.before} → {self.after}{number}"

    @property
    def key(self) -> tuple[str, str, str]:
        """The mutant's name."""
        return self.module, self.function, self.change

    def source(self, original: bytes) -> bytes:
        """Return the module's source with the change made."""
        return original[: self.start] + self.text.encode() + original[self.end :]


def mutants(module: str, source: bytes) -> list[Mutant]:
    """Return all mutants of a module, in the order of their places."""
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    found, seen = [], Counter[tuple[str, str, str]]()
    for place in _Walk().visited(ast.parse(source)):
        node = place.node
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        one = Mutant(
            module,
            place.function,
            ast.unparse(node),
            place.after,
            node.lineno,
            offsets[node.lineno - 1] + node.col_offset,
            offsets[node.end_lineno - 1] + node.end_col_offset,
            f"({place.after})" if isinstance(node, ast.expr) else place.after,
            place.live,
        )
        seen[one.key] += 1
        found.append(replace(one, nth=seen[one.key]))
    return sorted(found, key=lambda m: (m.start, m.end, m.after))


@dataclass(frozen=True)
class _Place:
    node: ast.expr | ast.stmt
    after: str
    function: str
    live: bool


class _Walk:
    """Goes through a module and keeps the name of the function it is in."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.function = ""
        self.live = False

    def visited(self, node: ast.AST) -> Iterator[_Place]:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from self._scope(node)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                yield from self.visited(node.value)
        elif not _left_out(node):
            yield from self._changed(node)
            for child in ast.iter_child_nodes(node):
                yield from self.visited(child)

    def _changed(self, node: ast.AST) -> Iterator[_Place]:
        if isinstance(node, ast.expr):
            for after in changes(node):
                yield self._place(node, ast.unparse(after))
        if isinstance(node, ast.stmt):
            for text in statement_changes(node):
                yield self._place(node, text)
        if isinstance(node, ast.If):
            yield self._place(node.test, "False")
            if not (isinstance(node.body[0], ast.Raise) and not node.orelse):
                yield self._place(node.test, "True")
        if isinstance(node, ast.comprehension):
            for test in node.ifs:
                yield self._place(test, "True")

    def _place(self, node: ast.expr | ast.stmt, after: str) -> _Place:
        return _Place(node, after, self.function, self.live)

    def _scope(self, node: ast.FunctionDef | ast.ClassDef) -> Iterator[_Place]:
        """Go through a body; defaults belong to the scope around, for they are its values."""
        function = isinstance(node, ast.FunctionDef)
        if isinstance(node, ast.FunctionDef):
            for default in (*node.args.defaults, *node.args.kw_defaults):
                if default is not None:
                    yield from self._default(node, default)
        before = self.path, self.function, self.live
        inside = [*self.path, node.name]
        self.path = [*inside, "<locals>"] if function else inside
        if function:
            kept = {ast.unparse(decorator) for decorator in node.decorator_list} <= LIVE
            self.function, self.live = ".".join(inside), kept and (self.live or not self.function)
        for child in node.body:
            yield from self.visited(child)
        self.path, self.function, self.live = before

    def _default(self, node: ast.FunctionDef, default: ast.expr) -> Iterator[_Place]:
        before = self.function, self.live
        self.function, self.live = ".".join([*self.path, node.name]), self.live
        yield from self.visited(default)
        self.function, self.live = before


def _left_out(node: ast.AST) -> bool:
    """Return whether changes would not be of equations: messages, imports, lists of names."""
    if isinstance(node, ast.Assign):
        return any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    if isinstance(node, ast.keyword):
        return node.arg in KEPT
    return isinstance(node, ast.Raise | ast.Assert | ast.Import | ast.ImportFrom | ast.JoinedStr)
