# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every change is one of the equations, changes the source where it says, and keeps its name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from scripts.mutants import targets
from scripts.mutants.operators import changes, statement_changes
from scripts.mutants.sites import Mutant, mutants

ROOT = Path(__file__).parents[2]


def made(expression: str) -> set[str]:
    node = ast.parse(expression, mode="eval").body
    return {ast.unparse(after) for after in changes(node)}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a + b", {"a - b"}),
        ("1 - b", {"1 + b", "b"}),
        ("a * b", {"a / b"}),
        ("a / b", {"a * b"}),
        ("a ** b", {"a * b"}),
        ("a @ b", {"b @ a"}),
        ("a < b", {"a <= b", "a > b"}),
        ("a >= b", {"a > b", "a < b"}),
        ("a == b", {"a != b"}),
        ("a is None", {"a is not None"}),
        ("a and b", {"a or b"}),
        ("not a", {"a"}),
        ("-a", {"a"}),
        ("2", {"3"}),
        ("0.5", {"0.505"}),
        ("0.0", {"0.01"}),
        ("True", {"False"}),
        ("'text'", set()),
        ("None", set()),
        ("'text' + a", set()),
        ("a if b else c", {"a", "c"}),
        ("np.maximum(a, 0)", {"np.minimum(a, 0)", "a", "0"}),
        ("np.where(c, a, b)", {"a", "b"}),
        ("a.sqrt()", {"a"}),
        ("np.sqrt(a)", {"a"}),
        ("a.rsqrt()", {"a.sqrt()", "a"}),
        ("a.mul_(b)", {"a.div_(b)"}),
        ("f(a, b)", {"f(b, a)"}),
        ("f(a, a)", set()),
        ("f(*a, b)", set()),
        ("inner(a, b)", set()),
        ("isinstance(a, b)", set()),
        ("any(a)", {"all(a)"}),
    ],
)
def test_an_expression_is_changed_to(expression: str, expected: set[str]) -> None:
    assert made(expression) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("x.mul_(b)", ["pass"]),
        ("a[i] = b", ["pass"]),
        ("a.b = c", ["pass"]),
        ("a = b", []),
        ("a += b", ["a -= b"]),
        ("a *= b", ["a /= b"]),
        ("a |= b", []),
        ("return a", []),
    ],
)
def test_a_statement_is_changed_to(statement: str, expected: list[str]) -> None:
    assert list(statement_changes(ast.parse(statement).body[0])) == expected


SOURCE = '''"""A text of 1 - 2."""

from __future__ import annotations

__all__ = ["f" + "g"]
FACTOR = 2  # ε


class Part:
    size: int = 3

    @property
    def half(self) -> int:
        """Return half + 1."""
        assert self.size > 0, "0 < size"
        return self.size // 2


def scaled(x: list[int], /, by: int = 4, *, strict: bool = True) -> list[int]:
    if by < 0:
        raise ValueError(f"by = {by + 1}; allowed: " + "more")

    def one(e: int) -> int:
        return e * by

    return [one(e) for e, _ in zip(x, x, strict=True) if e]
'''


def found() -> list[Mutant]:
    return mutants("sample", SOURCE.encode())


def test_the_changes_of_a_module_are_those_of_its_equations() -> None:
    assert {(m.function, m.change) for m in found()} == {
        ("", "2 → 3"),
        ("", "3 → 4"),
        ("Part.half", "self.size // 2 → self.size * 2"),
        ("Part.half", "2 → 3"),
        ("scaled", "4 → 5"),
        ("scaled", "True → False"),
        ("scaled", "by < 0 → by <= 0"),
        ("scaled", "by < 0 → by > 0"),
        ("scaled", "0 → 1"),
        ("scaled", "by < 0 → False"),
        ("scaled.<locals>.one", "e * by → e / by"),
        ("scaled", "e → True"),
    }


def test_only_what_happens_in_a_call_can_be_changed_in_a_running_program() -> None:
    dead = {m.change for m in found() if not m.live}
    assert dead == {"2 → 3", "3 → 4", "4 → 5", "True → False"}
    cached = "@cache\ndef f() -> int:\n    return 1 + 2\n"
    assert not any(m.live for m in mutants("sample", cached.encode()))


def test_a_change_is_made_where_it_says_also_behind_letters_of_two_bytes() -> None:
    source = "β = 1\nδ = [β * 2, β * 3]  # δ\n".encode()
    changed = [m.source(source).decode() for m in mutants("sample", source)]
    assert "β = 1\nδ = [(β / 2), β * 3]  # δ\n" in changed
    assert "β = 1\nδ = [β * 2, (β / 3)]  # δ\n" in changed


def test_equal_changes_of_a_function_are_told_apart() -> None:
    source = b"def f(a):\n    return a + 1, a + 1\n"
    changes = [m.change for m in mutants("sample", source)]
    assert sorted(changes) == [
        "1 → 2",
        "1 → 2 (number 2)",
        "a + 1 → a - 1",
        "a + 1 → a - 1 (number 2)",
    ]


def test_names_do_not_depend_on_lines() -> None:
    moved = mutants("sample", b"# a line\n\n" + SOURCE.encode())
    assert [m.key for m in moved] == [m.key for m in found()]


@pytest.mark.parametrize("module", targets.modules(ROOT))
def test_the_changes_of_the_equations_have_names_and_can_be_compiled(module: str) -> None:
    source = targets.modules(ROOT)[module].read_bytes()
    every = mutants(module, source)
    assert len({m.key for m in every}) == len(every)
    before = ast.dump(ast.parse(source))
    for mutant in every[::40]:  # some of each module: parsing takes a while
        assert ast.dump(ast.parse(mutant.source(source))) != before


def test_the_modules_of_the_equations_are_found() -> None:
    names = set(targets.modules(ROOT))
    assert {"momo.core", "momo.core.step", "momo.reference.vectors", "momo.optim.ranks"} <= names
    assert not {"momo.optim.arguments", "momo.bench", "momo.methods.row"} & names
