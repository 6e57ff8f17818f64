# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command ``python -m theory``, as a user types it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from theory.__main__ import main

QUICK = ["--problems", "balls", "--iterations", "20", "--seeds", "4", "--jobs", "1"]


def test_verify_ends_with_0_where_all_holds(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "deep" / "report.html"
    arguments = ["--claims", "landing", "fejer", "--no-controls", "--report", str(page)]
    assert main([*QUICK, *arguments]) == 0
    out = capsys.readouterr().out
    assert "landing" in out
    assert "Fejér" in out
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")


def test_verify_ends_with_1_where_a_claim_fails(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["verify", *QUICK, "--no-controls", "--problems", "noisy_regression"]
    assert main([*arguments, "--claims", "landing"]) == 1
    assert "FAIL" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--betas", "1.5"], "betas has 1.5"),
        (["verify", "--problems", "nothing"], "problem 'nothing' is unknown"),
        (["--problems", "least_squares(dim=-3)"], "dim=-3)': dim = -3; allowed: integers >= 2"),
        (["--problems", "least_squares(condition=[])"], "(condition=[])' raised TypeError"),
        (["show", "nothing"], "claim 'nothing' is unknown; allowed: certificate"),
        (["--jobs", "0"], "jobs = 0; allowed: at least 1"),
        (["--report", "."], "report = . is a folder"),
    ],
)
def test_wrong_arguments_end_with_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "option"), [("verify", "report"), ("plot", "out"), ("worst-case", "out")]
)
def test_what_cannot_be_written_is_said_before_the_work(
    command: str,
    option: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def work(*_: object) -> None:
        raise AssertionError("the path was not tried first")

    monkeypatch.setattr("theory.verify.verify", work)
    monkeypatch.setattr("theory.worst_case.certify.certify_all", work)
    (tmp_path / "file").write_text("in the way")
    path = tmp_path / "file" / "deeper"
    assert main([command, f"--{option}", str(path)]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert (
        f"{option}: {path.parent if option == 'report' else path} cannot be written" in written.err
    )


def test_an_interrupt_ends_with_130(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("theory.verify.verify", interrupt)
    assert main(QUICK) == 130
    assert "interrupted" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["--help", "list"])
def test_a_reader_who_has_had_enough_gets_no_traceback(command: str) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "theory", command],
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "")


def test_list_names_everything(capsys: pytest.CaptureFixture[str]) -> None:
    from theory.controls import CONTROLS
    from theory.problems import BROKEN, FAMILIES
    from theory.theorems import CLAIMS

    assert main(["list"]) == 0
    out = capsys.readouterr().out
    for name in (*CLAIMS, *FAMILIES, *BROKEN, *CONTROLS):
        assert name in out


def test_show_tells_how_a_claim_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "smooth"]) == 0
    written = capsys.readouterr()
    assert "Findings" not in written.out
    assert written.err == ""  # no progress: nothing was run
    out = written.out
    assert "derived here" in out
    assert "Cauchy" in out


def test_show_checks_where_it_is_asked_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "landing", "--check", *QUICK, "--no-controls"]) == 0
    out = capsys.readouterr().out
    assert out.index("statement") < out.index("Findings")


def test_help_tells_what_verify_takes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    for part in ("worst-case", "--problems", "--claims", "--report", "--full"):
        assert part in out


def test_plot_writes_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", *QUICK, "--no-controls", "--out", str(tmp_path)]) in (0, 1)
    assert list(tmp_path.glob("*.png"))


def test_help_needs_no_solver_and_no_plots() -> None:
    code = (
        "import sys; import theory.__main__ as m\n"
        "try: m.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'cvxpy', 'matplotlib', 'sklearn', 'torch'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
