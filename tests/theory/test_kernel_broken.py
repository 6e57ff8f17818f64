# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every theorem of theory/rocq with a wrong constant, and every hypothesis dropped: Coq refuses."""

import re
from pathlib import Path

import pytest
from kernel_mutants import hypotheses, refusal, without, wrong_constant

from theory.kernel import build, check, sources

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not build.present(), reason="Coq is not on this machine"),
]
FILES = sources.read()
THEOREMS = [(file, item) for file in FILES for item in file.stated if not item.example]
DROPPED = [(file, name) for file in FILES for name in hypotheses(file)]


@pytest.mark.usefixtures("compiled_theorems")
@pytest.mark.parametrize(("file", "item"), THEOREMS, ids=[item.full_name for _, item in THEOREMS])
def test_a_wrong_constant(tmp_path: Path, file: sources.File, item: sources.Stated) -> None:
    """The wrong statement makes sense, and it is its proof that fails, not another one's."""
    text = wrong_constant(file, item)
    objection = refusal(file, text, tmp_path)
    line = int(re.search(r"line (\d+)", objection)[1])
    before = text[: re.search(rf"^Theorem {item.name}\b", text, re.MULTILINE).start()]
    behind = text[len(before) :]
    proof = before.count("\n") + behind[: behind.index("\nProof")].count("\n") + 1
    assert line > proof, objection


@pytest.mark.usefixtures("compiled_theorems")
@pytest.mark.parametrize(("file", "name"), DROPPED, ids=[f"{f.name}-{name}" for f, name in DROPPED])
def test_a_dropped_hypothesis(tmp_path: Path, file: sources.File, name: str) -> None:
    """No hypothesis of a section is there for nothing."""
    assert refusal(file, without(file, name), tmp_path)


@pytest.mark.usefixtures("compiled_theorems")
def test_a_second_kernel() -> None:
    assert check.second_opinion() == []
