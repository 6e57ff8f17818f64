# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The commands of ``python -m theory``; every import that takes time waits for its command."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import tyro

from theory.files import try_file, try_folder
from theory.kernel.command import Rocq
from theory.worst_case.command import WorstCase

if TYPE_CHECKING:
    from theory.outcomes import Report
    from theory.plan import Plan
    from theory.proofs.outcomes import Outcome as Proven


@dataclass(frozen=True)
class Selection:
    """What to run; what is not given comes from the default plan, or from the full one."""

    full: bool = False
    """More seeds, K up to 1e5, β up to 0.99: minutes instead of seconds."""
    problems: tuple[str, ...] = ()
    """Families (see `list`), 'name(dim=20, condition=1e3)', or module:function; default: all."""
    claims: tuple[str, ...] = ()
    """Claims (see `list`), or module:name; default: all."""
    betas: tuple[float, ...] = ()
    """Values of β in [0, 1)."""
    iterations: int | None = None
    """K."""
    seeds: int | None = None
    """Runs of each setting, which differ in the samples drawn."""
    seed: int | None = None
    """Where the random numbers start; the same seed gives the same result."""
    controls: bool = True
    """Whether to run the negative controls."""
    jobs: int | None = None
    """Processes; default: one for each core."""
    resume: bool = False
    """Go on with an interrupted run: same selection, same code; finished tasks are kept."""

    def plan(self) -> Plan:
        """Return the plan; bad values end the command with a message."""
        from dataclasses import replace

        from theory.plan import FULL, Plan

        given = {
            name: value
            for name in ("problems", "claims", "betas", "iterations", "seeds", "seed")
            if (value := getattr(self, name)) not in ((), None)
        }
        if "iterations" in given or "seeds" in given:
            given |= {"long_iterations": 0, "long_seeds": 0}
        if self.jobs is not None and self.jobs < 1:
            raise ValueError(f"jobs = {self.jobs}; allowed: at least 1")
        return replace(FULL if self.full else Plan(), controls=self.controls, **given)


class Command(Protocol):
    """A command with its arguments."""

    def run(self) -> int:
        """Carry it out, and return the exit status."""


@dataclass(frozen=True)
class Verify:
    """Check every claim on every problem, and that every check can fail; prove the theorems."""

    selection: tyro.conf.OmitArgPrefixes[Selection]
    report: Path | None = None
    """Also write a self-contained HTML report to this file."""
    proofs: bool = True
    """Whether to prove the theorems too; not where problems or claims are selected."""
    worst_cases: bool = True
    """Whether to certify the stored worst cases too; not where problems or claims are selected."""

    def run(self) -> int:
        """Return 0 if claims, controls, theorems and worst cases are as they must be, else 1."""
        from theory.report.html import Section, write_html
        from theory.report.terminal import make_console, show_report

        if self.report is not None:
            try_file("report", self.report)
        console = make_console()
        report = _verified(self.selection)
        show_report(report, console)
        sections, good = [], report.ok
        whole = not (self.selection.problems or self.selection.claims)
        if whole and self.proofs:
            from theory.report import proofs

            proven = _proven(jobs=_processes(self.selection.jobs))
            proofs.close(proven, console)
            held = all(outcome.ok for outcome in proven)
            wrong = tuple(proofs.linked(proven))
            text = proofs.section(proven)
            sections.append(Section(proofs.verdict(proven), held, text, "proofs", wrong))
            good = good and held
        if whole and self.worst_cases:
            from theory.report import worst_case_page, worst_cases

            command = WorstCase(jobs=self.selection.jobs)
            found, grown = command.certified(), command.grown()
            worst_cases.close(found, console, grown)
            held = all(outcome.good for outcome in found) and all(trap.good for trap in grown)
            drawn = worst_case_page.pictures(found) if self.report else {}
            text = worst_case_page.section(found, drawn, grown)
            wrong = worst_case_page.objections(found, grown)
            verdict = worst_cases.headline(found, grown)
            sections.append(Section(verdict, held, text, "worst-cases", wrong))
            good = good and held
        if self.report is not None:
            write_html(report, self.report, sections)
            console.print(f"report written to {self.report}")
        return 0 if good else 1


@dataclass(frozen=True)
class List:
    """List the claims, the problems and the controls."""

    def run(self) -> int:
        """Print the lists."""
        from theory.report.show import show_list
        from theory.report.terminal import make_console

        show_list(make_console())
        return 0


@dataclass(frozen=True)
class Show:
    """Show a claim: statement, source, and how it is checked; with --check, what is found."""

    claim: Annotated[str, tyro.conf.Positional]
    """Its name, see `list`."""
    selection: tyro.conf.OmitArgPrefixes[Selection]
    check: bool = False
    """Whether to run its check now, and to show what it finds on each problem."""

    def run(self) -> int:
        """Return 0 if the claim holds, or was not checked."""
        from dataclasses import replace

        from theory.report.show import show_claim, show_findings
        from theory.report.terminal import make_console
        from theory.theorems import find_claim

        claim = find_claim(self.claim)
        console = make_console()
        show_claim(claim, console)
        if not self.check:
            return 0
        report = _verified(replace(self.selection, claims=(self.claim,)))
        show_findings(claim, report, console)
        return 0 if report.ok else 1


@dataclass(frozen=True)
class Plot:
    """Draw the figures of the report into a folder."""

    selection: tyro.conf.OmitArgPrefixes[Selection]
    out: Path = Path("build/figures")
    """Where the figures go."""

    def run(self) -> int:
        """Run the plan and save its figures."""
        from theory.report.plots import figures, save
        from theory.report.terminal import make_console

        console = make_console()
        try_folder("out", self.out)
        report = _verified(self.selection)
        for path in save(figures(report), self.out):
            console.print(str(path))
        return 0 if report.ok else 1


@dataclass(frozen=True)
class Prove:
    """Prove the theorems, lemma by lemma, and refute slightly wrong ones."""

    theorems: tyro.conf.Positional[tuple[str, ...]] = ()
    """Names, shown in full; default: all, as a table."""
    jobs: int = 1
    """Processes; all lemmas together take one process a few seconds."""

    def run(self) -> int:
        """Return 0 if every theorem is proven and every wrong statement refuted, else 1."""
        from theory.report.proofs import show
        from theory.report.terminal import make_console

        outcomes = _proven(self.theorems, self.jobs)
        show(outcomes, make_console(), in_full=bool(self.theorems))
        return 0 if all(outcome.ok for outcome in outcomes) else 1


@dataclass(frozen=True)
class Bench:
    """Time batched runs against a Python loop over single runs, side by side."""

    def run(self) -> int:
        """Print the comparison."""
        from rich.console import Console
        from rich.table import Table

        from theory.bench import DIM, RUNS, compare

        table = Table(title=f"{RUNS} runs at n = {DIM}: microseconds per step of one run (medians)")
        for column in ("what", "batched", "looped", "looped / batched"):
            table.add_column(column, justify="left" if column == "what" else "right")
        for row in compare():
            table.add_row(row.what, f"{row.batched:.2f}", f"{row.single:.1f}", f"{row.ratio:.0f}")
        Console().print(table)
        return 0


def _processes(jobs: int | None) -> int:
    """Return how many processes are asked for: by default one for each core."""
    import joblib

    return int(joblib.cpu_count()) if jobs is None else jobs


def _proven(theorems: tuple[str, ...] = (), jobs: int = 1) -> tuple[Proven, ...]:
    """Prove theorems, the progress shown on the standard error."""
    from rich.console import Console

    from theory.proofs.assemble import prove
    from theory.report.proofs import Progress

    return prove(theorems, jobs, Progress(Console(stderr=True)))


def _verified(selection: Selection) -> Report:
    """Run the selection, its progress shown on the standard error."""
    from rich.console import Console

    from theory.outcomes import Outcome
    from theory.plan import tasks
    from theory.report.progress import Progress
    from theory.resume import Journal
    from theory.verify import verify

    plan = selection.plan()
    jobs = _processes(selection.jobs)
    journal = Journal(plan)
    finished = journal.finished() if selection.resume else []
    if not selection.resume:
        journal.clear()
    with Progress(tasks(plan), Console(stderr=True)) as progress:
        for outcome in finished:
            progress(outcome)

        def keep(outcome: Outcome) -> None:
            journal.add(outcome)
            progress(outcome)

        report = verify(plan, jobs, keep, finished)
    journal.clear()
    return report


@dataclass(frozen=True)
class Site:
    """Write the theory's pages of the docs site, from what is recorded; nothing is run."""

    into: Path = Path("docs/theory")
    """The folder; its files of the same names are replaced."""

    def run(self) -> int:
        """Write pages and pictures, and say which."""
        from theory.files import write
        from theory.report.site import pages, pictures

        try_folder("into", self.into)
        made = {name: text.encode() for name, text in pages().items()} | pictures()
        for name, content in made.items():
            write(self.into / name, content)
            print(self.into / name)
        return 0


DESCRIPTION = """Check the convergence theory of momentum models on convex problems.

Without a command: verify. Exit status 0: all holds; 1: something failed; 2: wrong arguments."""

COMMANDS: dict[str, Callable[..., Command]] = {
    "verify": Verify,
    "list": List,
    "show": Show,
    "plot": Plot,
    "prove": Prove,
    "rocq": Rocq,
    "bench": Bench,
    "worst-case": WorstCase,
    "site": Site,
}


def _parsed(given: list[str]) -> Command:
    """Return the command that the arguments ask for; tyro ends the program where they are wrong."""
    return tyro.extras.subcommand_cli_from_dict(
        COMMANDS, prog="python -m theory", description=DESCRIPTION, args=given
    )


def run(given: list[str]) -> int:
    """Run a command; without one it is ``verify``. Return the exit status.

    0: all holds; 1: something failed; 2: wrong arguments; 130: interrupted.
    """
    if given and given[0] in ("-h", "--help"):
        with suppress(SystemExit):
            _parsed(given)
        print("\nWhat verify takes, which also runs without its name:\n")
        given = ["verify", "--help"]
    elif not given or given[0] not in COMMANDS:
        given = ["verify", *given]
    command = _parsed(given)
    # One thread a process: the processes use the cores.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    try:
        return command.run()
    except BrokenPipeError:
        raise  # of whoever reads the output, not of a file
    except (ValueError, OSError) as error:
        print(f"python -m theory: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        hint = "; the same command with --resume goes on from here"
        print(f"interrupted{hint if hasattr(command, 'selection') else ''}", file=sys.stderr)
        return 130
