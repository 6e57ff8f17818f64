# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The names in the glossary are those of the code, and those of the code are in the glossary."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from functools import cache
from importlib import import_module
from inspect import getmembers, getsource, isclass, isfunction
from typing import Any

import pytest
from readme_pages import PAGES, ROOT, table

from momo.core import bounds, iterates, parts, products
from momo.core import step as core
from momo.core.method import PAPER, Method
from momo.optim import iterates as torch_iterates
from momo.optim import preconditioners as torch_preconditioners
from momo.reference import iterates as numpy_iterates
from momo.reference import preconditioners as numpy_preconditioners

PAGE = PAGES["docs/glossary.md"]
HEADER = "| symbol | name | in | meaning | shape |"
PLACES = tuple(
    map(
        import_module,
        (
            *("momo.core.step", "momo.core.method", "momo.core.parts", "momo.core.bounds"),
            *("momo.reference.vectors", "momo.reference.groups", "momo.reference.methods"),
            *("momo.reference.preconditioners.base", "momo.reference.iterates.base"),
            *("momo.optim.passes", "momo.optim.iterates.base"),
            *("momo.optim.preconditioners.base", "momo.optim.preconditioners.adam"),
            *("theory.optimum", "theory.problems.base"),
        ),
    )
)
"""Where a record, function or class is looked for."""
RECORDS = (
    *(core.Sample, core.Hyper, core.Inner, core.Line),
    *(core.State, core.Move, core.StepInfo),
)


def named(cell: str) -> list[str]:
    return re.findall(r"`([\w./]+)`", cell)


def rows() -> Iterator[tuple[list[str], list[str]]]:
    """Yield the names of each symbol, and where they are."""
    for text in PAGE.split(HEADER)[1:]:
        for line in text.partition("\n\n")[0].splitlines()[2:]:
            _, name, where, *_ = re.split(r" *\| *", line.strip("|"))
            yield named(name), named(where)


def words(source: str) -> set[str]:
    """Return the identifiers of a piece of code, and its strings."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        for kind in ("id", "arg", "attr", "name", "value"):
            word = getattr(node, kind, None)
            found |= {word} if isinstance(word, str) else set()
    return found


@cache
def there(where: str) -> list[set[str]]:
    """Return the identifiers of all that is called so: a module, or what is defined in PLACES."""
    if "." in where:
        return [words(getsource(import_module(where)))]
    found = [vars(place).get(where) for place in PLACES]
    return [
        set(made._fields) if hasattr(made, "_fields") else words(code(made))
        for made, place in zip(found, PLACES, strict=True)
        if made is not None and getattr(made, "__module__", "") == place.__name__
    ]


def code(made: Any) -> str:
    """Return the source of a function, or of a class and those that it stands on."""
    own = [made] if isfunction(made) else made.__mro__
    return "\n".join(getsource(one) for one in own if one.__module__.startswith(("momo", "theory")))


def test_every_name_is_where_it_is_said_to_be() -> None:
    found = list(rows())
    assert len(found) > 40
    for names, places in found:
        for where in places:
            assert there(where), where
            for name in names:
                assert all(name in known for known in there(where)), f"{name} in {where}"


def test_every_field_of_a_record_is_in_the_glossary() -> None:
    said = {(name, where) for names, places in rows() for name in names for where in places}
    assert {(field, made.__name__) for made in RECORDS for field in made._fields} <= said
    shown = [named(row)[0] for row in table("| record | what it is |")]
    assert shown == [made.__name__ for made in RECORDS]


def parts_of_the_page() -> dict[str, list[str]]:
    lines = table("| part | what it decides | which there are |")
    cells = [row.strip("| ").split(" | ") for row in lines]
    return {kind: named(names) for kind, _, names in cells}


def test_the_parts_exist() -> None:
    """Scalar parts once, in the core; what works on vectors in both trees."""
    twice: dict[str, tuple[Any, ...]] = {
        "preconditioner": (torch_preconditioners, numpy_preconditioners),
        "iterates": (iterates, torch_iterates, numpy_iterates),
        "product": (products,),
    }
    for kind, names in parts_of_the_page().items():
        assert names
        assert kind in Method.__dataclass_fields__
        for name in names:
            for where in (parts,) if name == "PLAIN" else twice.get(kind, (parts,)):
                assert hasattr(where, name), f"{kind} {name}"
    assert {*PAPER} <= {*parts_of_the_page()}


def test_every_part_is_in_the_glossary() -> None:
    """A class that has an instance with a name of its own goes by that name."""
    said = {name for names in parts_of_the_page().values() for name in names}
    for module in (bounds, parts, iterates, products):
        single = {n: v for n, v in vars(module).items() if n.isupper() and is_part(v)}
        made = {type(value) for value in single.values()}
        classes = {
            name
            for name, cls in getmembers(module, isclass)
            if cls.__module__ == module.__name__ and is_dataclass(cls) and cls not in made
        }
        assert {*single, *classes} <= said
    chosen = {n for n, cls in getmembers(torch_preconditioners, isclass) if is_dataclass(cls)}
    assert chosen <= said


def is_part(value: object) -> bool:
    return is_dataclass(value) or isfunction(value)


@pytest.mark.parametrize("row", table("| name | in | what it is |"))
def test_what_a_step_in_torch_works_on_is_there(row: str) -> None:
    names, where, _ = row.strip("| ").split(" | ")
    (path,) = named(where)
    defined = {
        node.name
        for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    }
    assert {*named(names)} <= defined
