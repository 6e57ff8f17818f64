# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The listed edits of the theory's code: they fit it, and a process of its own carries them out."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.mutants.theory import ROOT, Edit, passes, read


def test_every_edit_fits_the_code() -> None:
    edits = read()
    assert len(edits) >= 45
    for edit in edits:
        assert edit.source() != (ROOT / edit.file).read_text()
        assert edit.new != edit.old
        for test in edit.tests:
            assert (ROOT / test.partition("::")[0]).is_file()


def test_an_edit_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\nx = 1\n")
    for old, times in (("x = 2", 0), ("x = 1", 2)):
        with pytest.raises(ValueError, match=f"has its text {times} times"):
            Edit("a name", "a.py", old, "x = 3", ()).source(tmp_path)


TEST = """
from a.b import double
def test_it():
    assert double(2) == 4
"""


def test_a_change_is_made_in_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "__init__.py").write_text("")
    (tmp_path / "a" / "b.py").write_text("def double(x):\n    return 2 * x\n")
    (tmp_path / "test_it.py").write_text(TEST)
    (tmp_path / "scripts").symlink_to(ROOT / "scripts")
    (tmp_path / "experiments").symlink_to(ROOT / "experiments")
    edit = Edit("tripled", "a/b.py", "2 * x", "3 * x", ("test_it.py",))
    assert passes("", "", edit.tests, tmp_path, 60)
    assert not passes(edit.module, edit.source(tmp_path), edit.tests, tmp_path, 60)
    assert "2 * x" in (tmp_path / "a" / "b.py").read_text()
    with pytest.raises(ValueError, match="tests cannot run"):
        passes("", "", ("no_such_test.py",), tmp_path, 60)
