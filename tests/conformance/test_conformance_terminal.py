# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command at the terminal: Ctrl-C, progress, errors that a method raises, and how to go on."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import conformance_optimizers as own
import pytest

import momo
from momo.conformance import LawBroken, LawRaised, Subject, examine, laws
from momo.conformance.__main__ import main
from momo.conformance.catalogue import LAWS
from momo.conformance.interrupt import Stoppable
from momo.conformance.law import Found, Law
from momo.conformance.problem import Problem
from momo.conformance.ranks import deaf
from momo.conformance.results import command

PLAIN = "conformance_optimizers:Plain"
OTHER = "conformance_optimizers:OtherNorm"
WRONG = """
from conformance_optimizers import Plain

class Wrong(Plain):
    def step(self, closure=None, loss=None, lb=None):
        return helper(loss)

def helper(loss):
    return loss.no_such_attribute
"""


def line_of(shown: str, label: str) -> str:
    """Return the command that stands behind a label, on one line."""
    (line,) = re.findall(rf"^{label}: (.*)$", shown, re.MULTILINE)
    return line


def run_line(line: str) -> int:
    python, *words = shlex.split(line)
    assert (python, words[:2]) == (Path(sys.executable).name, ["-m", "momo.conformance"])
    return main(words[2:])


@pytest.fixture
def wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "raises_somewhere.py").write_text(WRONG)
    monkeypatch.syspath_prepend(tmp_path)
    return "raises_somewhere:Wrong"


# ---- Ctrl-C --------------------------------------------------------------------------------------


def interrupting(number: int, swallow: bool, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Add a law `interrupts`, in which a signal comes the first time; return the times."""
    times: list[int] = []

    def body(subject: Subject) -> int:
        times.append(len(times))
        if times == [0]:
            try:
                signal.raise_signal(number)
            except BaseException:
                if not swallow:
                    raise
        return 1

    monkeypatch.setitem(LAWS, "interrupts", Law("interrupts", "none", None, body))
    return times


@pytest.mark.parametrize("swallow", [False, True])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_finished_is_shown_and_the_line_that_is_shown_runs_the_rest(
    number: int,
    swallow: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    times = interrupting(number, swallow, monkeypatch)
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    file = tmp_path / "my laws.json"
    some = ["errors", "interrupts", "step_size_nonnegative"]
    names = [PLAIN, OTHER]
    assert main([*names, "--laws", *some, "--examples", "2", "--json", str(file)]) == 130
    shown = capsys.readouterr().out
    assert re.search(r"errors +holds", shown)
    assert "1 of 1 laws hold" in shown
    assert "interrupted; 5 not run:" in shown
    assert f"  {PLAIN}: interrupts, step_size_nonnegative\n" in shown
    assert f"  {OTHER}: errors, interrupts, step_size_nonnegative\n" in shown
    form = json.loads(file.read_text(encoding="utf-8"))
    assert form["interrupted"]
    assert form["not_run"][0] == [PLAIN, "interrupts"]
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == before

    assert run_line(line_of(shown, "to go on")) == 0
    rest = json.loads((tmp_path / "my laws.rest.json").read_text(encoding="utf-8"))
    assert (rest["interrupted"], rest["examples"]) == (False, 2)
    pairs = [(r["method"], r["law"]) for r in [*form["results"], *rest["results"]]]
    assert pairs == [(name, law) for name in names for law in some]
    assert len(times) == 3
    assert json.loads(file.read_text(encoding="utf-8")) == form


def test_what_swallows_the_interrupt_gets_no_other_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    problems: list[Problem] = []

    def body(subject: Subject, problem: Problem) -> None:
        problems.append(problem)
        with suppress(KeyboardInterrupt):
            if len(problems) == 1:
                signal.raise_signal(signal.SIGINT)

    law = Law("swallows", "none", LAWS["shift"].draw, body)
    monkeypatch.setitem(LAWS, "swallows", law)
    assert main(["momo", "--laws", "swallows"]) == 130
    assert len(problems) == 1


def test_nothing_is_said_to_hold_where_nothing_is_finished(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupting(signal.SIGINT, False, monkeypatch)
    assert main(["momo", "--laws", "interrupts", "--fast", "--traceback"]) == 130
    shown = capsys.readouterr().out
    assert "hold" not in shown
    line = line_of(shown, "to go on")
    assert line.endswith("--fast --examples 20 --seed 0 --traceback --start-at momo interrupts")


def test_a_place_to_start_at_is_one_that_is_to_be_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for place, said in (
        (["momoo", "shift"], "start_at: 'momoo' is not to be checked; did you mean momo?"),
        (["momo", "shfit"], "start_at: 'shfit' is not to be checked; did you mean shift?"),
    ):
        assert main(["momo", "--laws", "shift", "errors", "--start-at", *place]) == 2
        assert said in capsys.readouterr().err


def test_signals_that_were_ignored_stay_so_and_after_the_first_the_second_kills() -> None:
    ignored = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with Stoppable() as stoppable:
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            assert stoppable.asked
            assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, ignored)


def test_processes_of_a_law_do_not_hear_ctrl_c() -> None:
    code = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    with deaf():
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "True\n"
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


# ---- a terminal ----------------------------------------------------------------------------------

STUBBORN = """
import time
from momo.conformance.interrupt import Stoppable
from momo.conformance.progress import Progress

progress = Progress(21)
with Stoppable(progress.stop), progress:
    progress.begin("mine:Mine", "errors")
    progress.end("holds")
    progress.begin("mine:Mine", "shift")
    while True:
        try:
            time.sleep(0.05)
        except KeyboardInterrupt:
            pass
"""


def on_a_terminal(arguments: list[str], answers: list[tuple[str, str]]) -> tuple[str, int]:
    """Run a program on a terminal of 80 columns; type an answer when what it is to is shown."""
    pid, terminal = pty.fork()
    if pid == 0:
        plain = {"COLUMNS": "80", "TERM": "xterm", "OMP_NUM_THREADS": "1"}
        os.execve(sys.executable, [sys.executable, *arguments], {**os.environ, **plain})
    shown, answers, end = "", list(answers), time.monotonic() + 60
    try:
        while time.monotonic() < end:
            if select.select([terminal], [], [], 1)[0]:
                try:
                    shown += os.read(terminal, 1 << 16).decode(errors="replace")
                except OSError:  # how Linux says that nobody is there any more
                    break
            if answers and answers[0][0] in shown:
                os.write(terminal, answers.pop(0)[1].encode())
        else:
            os.kill(pid, signal.SIGKILL)
        return shown, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    finally:
        os.close(terminal)


def test_on_a_terminal_a_line_names_the_law_and_a_second_ctrl_c_kills() -> None:
    again = "stopping; Ctrl-C again kills"
    shown, status = on_a_terminal(["-c", STUBBORN], [("shift", "\x03"), (again, "\x03")])
    assert status == -signal.SIGINT, shown
    assert re.search(r"mine:Mine: shift, \d s \(2 of 21, 0:0\d in all\)", shown)
    # hidden while the line changes, and shown again before anybody is killed
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")


@pytest.mark.slow
def test_ctrl_c_at_a_terminal_ends_the_command_with_its_table(tmp_path: Path) -> None:
    arguments = ["momo", "--laws", "errors", "dual_norm", "--examples", "4000"]
    whole = ["-m", "momo.conformance", *arguments]
    shown, status = on_a_terminal(whole, [("momo: dual_norm", "\x03")])
    assert status == 130, shown[-2000:]
    assert re.search(r"errors +.*holds", shown)
    assert "Traceback" not in shown
    assert "--examples 4000 --seed 0 --start-at momo dual_norm" in shown


def test_where_there_is_no_terminal_lines_name_the_laws(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([PLAIN, OTHER, "--laws", "errors", "dual_norm", "--examples", "8"]) == 1
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err
    assert "\r" not in out + err
    places = [f"{PLAIN}: errors", f"{PLAIN}: dual_norm", f"{OTHER}: errors", f"{OTHER}: dual_norm"]
    words = ["holds", "holds", "holds", "BROKEN"]
    patterns = [rf"{p} \.\.\. {w} \(\d+\.\d s\)" for p, w in zip(places, words, strict=True)]
    assert re.fullmatch("\n".join([*patterns, ""]), err)
    assert "✓ holds  ✗ BROKEN  ! RAISED" in out


# ---- what is broken, and what raised -------------------------------------------------------------


def test_the_line_of_a_broken_law_shows_the_same_again(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [OTHER, "--laws", "errors", "dual_norm", "--examples", "9", "--seed", "3"]
    assert main(arguments) == 1
    first = capsys.readouterr().out
    line = line_of(first, "again")
    assert line.endswith(f"momo.conformance {OTHER} --laws dual_norm --examples 9 --seed 3")
    assert run_line(line) == 1
    again = capsys.readouterr().out
    assert "0 of 1 laws hold, 1 broken" in again
    facts = re.compile(r"breaks dual_norm.*^again", re.MULTILINE | re.DOTALL)
    assert facts.findall(first) == facts.findall(again) != []


def test_a_counterexample_is_in_the_words_of_the_optimizer() -> None:
    (result,) = examine(Subject.of(own.NotClipped), laws("step_size_nonnegative"))
    facts = result.counterexample
    assert facts is not None
    assert re.fullmatch(r"NotClipped\(groups, beta=0\.5, lb=[\d.]+\)", facts["made as"])
    assert facts["losses"] == "0"
    assert re.fullmatch(r"\[-?[\d.]+, -?[\d.]+\]", facts["start"])
    assert facts["start"].count(",") == facts["gradients 1"].count(",")
    assert "gradients 2" not in facts
    # A law that gives the steps other gradients than those that are drawn shows none.
    (other,) = examine(Subject.of(own.DividesByZero), laws("zero_gradient"), shrink=False)
    assert other.counterexample is not None
    assert "start" not in other.counterexample


def test_a_law_that_raised_is_no_broken_one(
    wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "laws.json"
    assert main([wrong, "--laws", "shift", "--json", str(file)]) == 1
    shown = capsys.readouterr().out
    assert re.search(r"shift +RAISED", shown)
    assert f"{wrong} raised an error in shift: for f + c" in shown
    assert re.search(r"  what +AttributeError: 'float' object has no attribute 'no_such", shown)
    assert re.search(r"  at +raises_somewhere\.py, line 9, in helper", shown)
    assert "Traceback" not in shown
    assert "0 of 1 laws hold, 1 raised" in shown
    line = line_of(shown, "again")
    assert line.endswith("--traceback")
    assert run_line(line) == 1
    traced = capsys.readouterr().out
    assert "Traceback (most recent call last):" in traced
    # from where the method is called on: nothing of the kit, nor of Hypothesis
    files = re.findall(r'File "(.*)", line', traced)
    assert [Path(file).name for file in files[-2:]] == ["raises_somewhere.py"] * 2
    ours = str(Path(momo.__file__).parent)
    assert not [file for file in files if file.startswith(ours) or "hypothesis" in file]
    form = json.loads(file.read_text(encoding="utf-8"))
    (result,) = form["results"]
    assert (form["broken"], form["raised"], result["status"]) == (0, 1, "raised")
    assert "in helper" in result["traceback"]
    assert f"{result['again']} --traceback" == line


def test_one_error_in_several_laws_is_shown_once(
    wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    some = ["shift", "several_groups", "state_round_trip"]
    assert main([wrong, "--laws", *some, "errors", "--examples", "2", "--seed", "4"]) == 1
    shown = capsys.readouterr().out
    assert shown.count("raised an error in shift") == 1
    assert f"the same error in {', '.join(some[1:])}\n" in shown
    assert "raised an error in several_groups" not in shown
    lines = re.findall(r"^again: (.*)$", shown, re.MULTILINE)
    assert [shlex.split(line)[5:-5] for line in lines[:2]] == [some[:1], some[1:]]
    assert run_line(lines[1]) == 1
    again = capsys.readouterr().out
    assert "0 of 2 laws hold, 2 raised" in again


def test_an_error_outside_of_the_method_has_no_place_in_the_kit() -> None:
    class Nothing:
        def step(self, loss: float) -> None:
            pass

    (result,) = examine(Subject.of(Nothing), laws("several_groups"), 2)
    assert result.status == "raised"
    assert result.counterexample is not None
    assert result.counterexample["what"].endswith("Nothing() takes no arguments")
    assert "at" not in result.counterexample


def test_what_raised_is_a_broken_law_to_those_who_do_not_ask() -> None:
    def body(subject: Subject) -> int:
        raise KeyError("beta")

    with pytest.raises(LawBroken, match="KeyError: 'beta'") as caught:
        Law("law", "none", None, body).check(Subject.of(own.Plain))
    assert isinstance(caught.value, LawRaised)
    assert isinstance(caught.value.__cause__, KeyError)

    def broken(subject: Subject) -> int:
        raise Found("something")

    with pytest.raises(LawBroken) as caught:
        Law("law", "none", None, broken).check(Subject.of(own.Plain))
    assert not isinstance(caught.value, LawRaised)


def test_a_class_within_a_function_has_no_line_that_runs_it_again() -> None:
    class Local(own.OtherNorm):
        pass

    (result,) = examine(Subject.of(Local), laws("dual_norm"), 8, shrink=False)
    assert (result.failed, result.again) == (True, "")
    (result,) = examine(Subject.of(own.OtherNorm), laws("dual_norm"), 8, shrink=False)
    assert f" {OTHER} --laws dual_norm" in result.again
    assert shlex.split(command("a b:C'd"))[-1] == "a b:C'd"


def test_methods_are_not_taken_for_laws(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--laws", "shift", "mine:Mine"]) == 2
    assert "law 'mine:Mine' is a method; allowed: methods before --laws" in capsys.readouterr().err


def test_the_help_fits_80_columns_and_has_every_exit_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 89  # a sentence is not wrapped
    for status in ("0: all laws hold", "1: some are broken", "2: wrong usage", "130: interrupted"):
        assert status in shown
