# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a name that is none may have meant, and what lies outside the registries."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from momo.lookup import FEW, choices, inside, load, near
from momo.methods import METHODS

MINE = """
from collections import OrderedDict

class Mine:
    inner = 1

class Other:
    pass

NUMBER = 3
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "looked_up.py").write_text(MINE)
    (tmp_path / "looked_up_wrong.py").write_text("1 / 0\n")
    (tmp_path / "looked_up_package").mkdir()
    (tmp_path / "looked_up_package" / "__init__.py").touch()
    (tmp_path / "looked_up_package" / "inner.py").write_text(MINE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "path_importer_cache", {})
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("looked_up")]:
        del sys.modules[name]


@pytest.mark.parametrize("name", ["MomoAdam", "momo-adam", "MOMO_ADAM", "momoadm", "momo_adamm"])
def test_case_and_hyphens_do_not_count_and_the_nearest_is_first(name: str) -> None:
    assert near(name, METHODS)[0] == "momo_adam"


def test_what_is_near_to_nothing_has_no_suggestion() -> None:
    assert near("cosine", METHODS) == []
    assert near("", METHODS) == []
    assert near("a", []) == []


def test_few_names_are_all_shown_and_many_only_if_nothing_is_near() -> None:
    assert choices("lien", ["line", "cap"]) == "did you mean line? allowed: line, cap"
    assert choices("x", ["line", "cap"], "or 3x4") == "allowed: line, cap, or 3x4"
    many = [f"other{k}" for k in range(FEW)]
    assert choices("lien", [*many, "line"]) == "did you mean line?"
    assert choices("zzz", [*many, "line"]).endswith("other11, line")
    assert choices("Line-A", ["line_a", "line_b", "line_c"]).startswith(
        "did you mean line_a, line_c or line_b?"
    )


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("looked_up:mine", "looked_up:Mine"),
        ("looked_up:Mine.iner", "looked_up:Mine.inner"),
        ("looked_pu:Mine", "looked_up:Mine"),
        ("looked_up.py:Mine", "looked_up:Mine"),
        ("./looked_up.py:Mine", "looked_up:Mine"),
        ("looked_up_package/inner.py:Mine", "looked_up_package.inner:Mine"),
        ("looked_up_package.iner:Mine", "looked_up_package.inner:Mine"),
        ("looked_up_package.inner:Mien", "looked_up_package.inner:Mine"),
    ],
)
def test_a_name_outside_that_is_spelled_otherwise(folder: Path, given: str, meant: str) -> None:
    with pytest.raises(ValueError, match=f"did you mean ([^ ]+ or )?{meant}") as caught:
        load(f"method {given!r}", given, object)
    assert str(caught.value).startswith(f"method {given!r} cannot be loaded")


def test_what_is_far_from_all_is_said_with_where_it_was_looked_for(folder: Path) -> None:
    for given in ("nothing_alike:Mine", "looked_up:zzzzzz"):
        with pytest.raises(ValueError, match=f"; looked in {folder} first") as caught:
            load("it", given, object)
        assert "mean" not in str(caught.value)
    with pytest.raises(ValueError, match="ZeroDivisionError"):
        load("it", "looked_up_wrong:Mine", object)
    assert load("it", "looked_up:Mine.inner", int) == 1


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("looked_up", ["looked_up:Mine", "looked_up:Other"]),
        ("looked_up.py", ["looked_up:Mine", "looked_up:Other"]),
        ("./looked_up.py", ["looked_up:Mine", "looked_up:Other"]),
        ("looked_up.Mine", ["looked_up:Mine"]),
        ("looked_up.Mien", ["looked_up:Mine"]),
        ("looked_up_package.inner.Other", ["looked_up_package.inner:Other"]),
        ("looked_up_wrong", []),
        ("looked_up_package", []),
        ("nothing_alike", []),
        ("", []),
    ],
)
def test_what_a_name_without_a_colon_may_stand_for(
    folder: Path, given: str, meant: list[str]
) -> None:
    assert inside(given, lambda found: isinstance(found, type)) == meant
