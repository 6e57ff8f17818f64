# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every source file says whose it is and under which licence, or `REUSE.toml` says it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from readme_pages import ROOT

from scripts import headers
from scripts.headers import FORMS, LINES, elsewhere, header, sources, told, with_header

PYTHON = header(Path("a.py"))


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs a checkout, of which git knows")
def test_every_source_has_the_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Where not: ``python -m scripts.headers --add``."""
    assert len(sources()) > 800
    assert (headers.main([]), capsys.readouterr().out) == (0, "")


def test_all_licences_have_a_text() -> None:
    found = tomllib.loads((ROOT / "REUSE.toml").read_text(encoding="utf-8"))["annotations"]
    named = {each["SPDX-License-Identifier"] for each in found}
    assert named == {path.stem for path in (ROOT / "LICENSES").iterdir()}
    assert (ROOT / "LICENSES" / "MIT.txt").read_text() == (ROOT / "LICENSE").read_text()


def test_data_of_others_are_told() -> None:
    """Every folder that has a NOTICE; and what the kernel's record is made of is told as well."""
    patterns = elsewhere()
    for path in ("theory/problems/data/mushrooms.npz", "theory/rocq/base/reals.v"):
        assert told(path, patterns)
    folders = [p for p in (ROOT / "experiments" / "data" / "slices").iterdir() if p.is_dir()]
    assert len(folders) == 5
    for folder in folders:
        for file in folder.iterdir():
            assert told(str(file.relative_to(ROOT)), patterns), file
    assert not told("momo/optim/optimizer.py", patterns)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.py", '"""Words."""\n', f'{PYTHON}\n"""Words."""\n'),
        ("a.py", "", PYTHON),
        ("a.sh", "#!/bin/sh\n# Words.\n", f"#!/bin/sh\n{PYTHON}\n# Words.\n"),
        (
            "a.c",
            "/* Words. */\n",
            "".join(f"/* {line} */\n" for line in LINES) + "\n/* Words. */\n",
        ),
        ("a.v", "Proof.\n", "".join(f"(* {line} *)\n" for line in LINES) + "\nProof.\n"),
    ],
)
def test_lines_come_first_and_once(name: str, before: str, after: str) -> None:
    lines = header(Path(name))
    assert with_header(before, lines) == after
    assert with_header(after, lines) == after


def test_a_file_without_the_lines_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new.py"
    file.write_text('"""Words."""\n', encoding="utf-8")
    monkeypatch.setattr(headers, "ROOT", tmp_path)
    monkeypatch.setattr(headers, "sources", lambda: [file])
    assert headers.main([]) == 1
    assert capsys.readouterr().out == "new.py\n"
    assert file.read_text(encoding="utf-8") == '"""Words."""\n'
    assert headers.main(["--add"]) == 0
    assert headers.main([]) == 0
    assert {*FORMS} >= {".py", ".c", ".v", ".sh"}
