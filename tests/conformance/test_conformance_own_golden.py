# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Golden trajectories of methods that are not in the table, in folders of their authors."""

from __future__ import annotations

import importlib
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import conformance_optimizers as own
import pytest

from momo.conformance.regression import check as checking
from momo.conformance.regression.__main__ import main
from momo.conformance.regression.hold import hold
from momo.conformance.regression.own import defaults_of, row_of
from momo.conformance.regression.problems import PROBLEMS
from momo.conformance.regression.record import GOLDEN, read, recorded
from momo.methods import METHODS
from momo.optim import MomoAdam

MINE = """
from dataclasses import replace

from momo.core.parts import HARMONIC
from momo.optim import MomoAdam

BETA = 0.9


class Mine(MomoAdam):
    @staticmethod
    def method(h):
        return replace(MomoAdam.method(h), step_rule=HARMONIC, beta=BETA)
"""
NAME = "golden_of_mine:Mine"
PLAIN = "conformance_optimizers:Plain"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of the problems, and one noise: what is said of all is said of each."""
    monkeypatch.setattr(checking, "PROBLEMS", PROBLEMS[:2])
    monkeypatch.setattr("momo.conformance.regression.record.SEEDS", range(1))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of somebody's, with a method, in which the commands are called."""
    (tmp_path / "golden_of_mine.py").write_text(MINE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    importlib.invalidate_caches()
    yield tmp_path
    sys.modules.pop("golden_of_mine", None)


def package() -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in GOLDEN.iterdir()}


def test_a_method_of_ones_own_is_recorded_checked_and_accepted(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = package()
    assert main(["record", NAME, "--into", "golden"]) == 0
    assert capsys.readouterr().out == "golden_of_mine.Mine.json written\n"
    assert recorded(here / "golden") == [NAME]
    golden = read(NAME, here / "golden")
    assert golden is not None
    assert {form for _, form in golden.trajectories} == {"torch"}
    for names in ([NAME], []):  # without names, all that the folder has
        assert main(["check", *names, "--golden", "golden"]) == 0
        assert capsys.readouterr().out == "1 same\n"
    assert main(["record", NAME]) == 0
    assert "on record already, and has not moved" in capsys.readouterr().out

    sys.modules["golden_of_mine"].BETA = 0.9 + 1e-6
    kept = (here / "golden" / "golden_of_mine.Mine.json").read_bytes()
    assert main(["check", "--golden", "golden"]) == 1
    line = capsys.readouterr().out.splitlines()[-1].removeprefix("If that is meant: ")
    assert main(["record", NAME]) == 1  # what has moved is not recorded anew by the way
    assert line in capsys.readouterr().out
    assert (here / "golden" / "golden_of_mine.Mine.json").read_bytes() == kept
    assert shlex.split(line)[1:3] == ["-m", "momo.conformance.regression"]
    assert main(shlex.split(line)[3:]) == 0
    assert "golden_of_mine.Mine.json overwritten" in capsys.readouterr().out
    assert main(["check", "--golden", "golden"]) == 0
    assert package() == before


def test_a_class_that_has_nothing_of_ours_is_recorded_as_well(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [PLAIN, "conformance_optimizers:PlainStar"]
    assert main(["record", *names, "--into", "golden"]) == 0
    assert main(["check", *names, "--golden", "golden"]) == 0
    # With one thing wrong, it has moved from the record of the right one.
    wrong = here / "golden" / "conformance_optimizers.WrongSign.json"
    right = here / "golden" / "conformance_optimizers.Plain.json"
    wrong.write_text(right.read_text().replace("Plain", "WrongSign"))
    capsys.readouterr()
    assert main(["check", "conformance_optimizers:WrongSign", "--golden", "golden"]) == 1
    assert "1 moved" in capsys.readouterr().out


def test_a_row_with_both_forms_is_recorded_in_both(here: Path) -> None:
    assert main(["record", "conformance_optimizers:ROW", "momo", "--into", "golden"]) == 0
    for name in ("conformance_optimizers:ROW", "momo"):
        golden = read(name, here / "golden")
        assert golden is not None
        assert {form for _, form in golden.trajectories} == {"reference", "torch"}
    assert recorded(here / "golden") == ["conformance_optimizers:ROW", "momo"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["record"], "names: none are given; allowed: module:Class, as in mine:Mine"),
        (["record", NAME, "--into", str(GOLDEN)], "is the package's; allowed: a folder of your"),
        (["record", NAME, "--into", f"{GOLDEN}/mine"], "is the package's; allowed: a folder"),
        (["check", NAME], f"{NAME} is not in the table, and so not on record in the package"),
        (["accept", NAME], f"{NAME} is not in the table, and so not on record in the package"),
        (["check", "--golden", "goldn"], "golden = goldn has no records; allowed: what record"),
        (["record", "golden_of_mine"], f"'golden_of_mine' is unknown; did you mean {NAME}?"),
        (["record", "golden_of_mine:Mien"], f"did you mean {NAME}?"),
    ],
)
def test_what_cannot_be_is_refused(
    arguments: list[str], said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = package()
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
    assert package() == before
    assert not (here / "golden").exists()


def test_defaults_are_those_of_the_constructor() -> None:
    given = defaults_of(MomoAdam)
    assert (given.lr, given.beta, given.beta2, given.eps, given.lb) == (1e-2, 0.9, 0.999, 1e-8, 0)
    assert defaults_of(MomoAdam) == METHODS["momo_adam"].defaults

    class Local(own.Plain):
        def __init__(self, params, lr=0.5, beta=None):
            super().__init__(params, lr)

    assert (defaults_of(Local).lr, defaults_of(Local).beta) == (0.5, 0.9)
    with pytest.raises(ValueError, match="Local is a class within a function; allowed"):
        row_of(Local)


def test_a_test_says_what_has_moved_and_what_to_do(here: Path) -> None:
    folder = here / "golden"
    said = hold(own.Plain, folder)
    assert f"{PLAIN} is not on record in {folder}; pytest --momo-record records it" in said
    assert f"record {PLAIN} --into {folder}" in said
    assert not folder.exists()
    assert hold(own.Plain, folder, write=True) == ""
    assert hold(PLAIN, folder) == ""
    path = folder / "conformance_optimizers.Plain.json"
    first = read(PLAIN, folder).trajectories["caps", "torch"][0, 4]
    path.write_text(path.read_text().replace(f"{first:.10g}", f"{2 * first:.10g}", 1))
    moved = hold(PLAIN, folder)
    assert f"{PLAIN} has moved:" in moved
    assert f"matrix at step 1: {2 * first:.10g} before, {first:.10g} now" in moved
    assert f"accept {PLAIN} --golden {folder}" in moved
    assert hold(PLAIN, folder, write=True) == hold(PLAIN, folder) == ""
    with pytest.raises(ValueError, match="is the package's; allowed"):
        hold(PLAIN, GOLDEN, write=True)


def test_the_fixture_holds_a_class_of_the_tests(
    momo_golden: Callable[..., None],
    request: pytest.FixtureRequest,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"is not on record in .*elsewhere"):
        momo_golden(own.Plain, into=here / "elsewhere")
    monkeypatch.setattr(request.config.option, "momo_record", True)
    momo_golden(own.Plain, into=here / "elsewhere")
    monkeypatch.setattr(request.config.option, "momo_record", False)
    momo_golden(own.Plain, into=here / "elsewhere")
