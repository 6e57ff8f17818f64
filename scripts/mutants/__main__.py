# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command ``python -m scripts.mutants``."""

from __future__ import annotations

import hashlib
import os
import random
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro
from rich.console import Console

from scripts.mutants.theory import Theory

if TYPE_CHECKING:
    from scripts.mutants.results import Results
    from scripts.mutants.sites import Mutant

ROOT = Path(__file__).parents[2]
TARGET = 0.95


@dataclass(frozen=True)
class Mutants:
    """Break the equations one small change at a time, and report which change no test notices.

    Nothing is written but the results: each change is made in a process of its own. Interrupted, it
    goes on from what is in the file of results. Exit status 0: at least 95 % of the mutants that
    are not listed as equivalent were killed; 1: fewer; 2: wrong arguments, or tests that cannot
    run.
    """

    modules: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Modules, or packages, that are broken; default: all that hold equations."""
    tests: tuple[str, ...] = ()
    """The tests that have to notice, as files or folders in ``tests/``; default: those of the
    equations. Each choice has a baseline and results of its own."""
    sample: int | None = None
    """Try so many of the mutants, drawn at random; default: all."""
    seed: int = 0
    """Of the sample."""
    jobs: int = 1
    """How many processes."""
    examples: int = 20
    """At most so many examples of each property test."""
    limit: float = 30.0
    """Put a mutant to so many seconds of tests; those that are likely to notice come first."""
    patience: float = 10.0
    """A test that takes so many seconds longer than so many times what it took before has hung."""
    survivors: bool = False
    """Try those again that survived, as with more examples, or without a limit."""
    equivalent: bool = False
    """Also try those that are listed as equivalent."""
    report: bool = False
    """Only report what is known."""
    results: Path = ROOT / "build" / "mutants"
    """The folder of the results."""
    listed: Path = ROOT / "tests" / "mutants" / "equivalent.toml"
    """The equivalent mutants, with reasons."""

    def run(self) -> int:
        """Try what has not been tried, report, and return the exit status."""
        from scripts.mutants import report, sites, targets
        from scripts.mutants.baseline import digest
        from scripts.mutants.results import Results, equivalents

        targets.arguments(self.tests, ROOT)  # raises before anything is read
        files = targets.modules(ROOT)
        every = {m: sites.mutants(m, path.read_bytes()) for m, path in files.items()}
        reasons = equivalents(self.listed, (one for found in every.values() for one in found))
        chosen = [one for m in self._selected(list(files)) for one in every[m]]
        if self.sample is not None:
            chosen = random.Random(self.seed).sample(chosen, min(self.sample, len(chosen)))
        chosen.sort(key=lambda one: (one.module, one.start))
        self.results.mkdir(parents=True, exist_ok=True)
        results = Results(
            self.results / f"results{self._choice}.jsonl",
            {module: digest([path]) for module, path in files.items()},
            digest([ROOT / "tests"]),
        )
        known = results.read()
        again = {k for k, r in known.items() if self.survivors and not r.killed}
        left = [
            one
            for one in chosen
            if (one.key not in known or one.key in again)
            and (self.equivalent or one.key not in reasons)
        ]
        console = Console(highlight=False)
        if not console.is_terminal:
            console.width = 100
        if left and not self.report:
            self._tried(left, files, results, console)
        part = report.show(console, chosen, files, ROOT, results.read(), reasons)
        return 0 if part >= TARGET else 1

    @property
    def _choice(self) -> str:
        """What the names of the files end with where the tests are chosen."""
        chosen = " ".join(sorted(set(self.tests))).encode()
        return f"-{hashlib.sha256(chosen).hexdigest()[:8]}" if chosen else ""

    def _selected(self, names: list[str]) -> list[str]:
        if not self.modules:
            return names
        found = []
        for given in self.modules:
            within = [name for name in names if name == given or name.startswith(f"{given}.")]
            if not within:
                raise ValueError(f"modules = {given}; allowed: {', '.join(names)}")
            found += within
        return list(dict.fromkeys(found))

    def _tried(
        self, left: list[Mutant], files: dict[str, Path], results: Results, console: Console
    ) -> None:
        """Measure the tests, and try all mutants, in as many processes as there are jobs."""
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ.setdefault(name, "1")  # read when NumPy and torch are imported
        from scripts.mutants import suite, targets, workers
        from scripts.mutants.baseline import digest, load, measured, save

        for name in targets.LIBRARIES:
            import_module(name)
        suite.few_examples(self.examples)
        arguments = targets.arguments(self.tests, ROOT)
        path, log = self.results / f"baseline{self._choice}.json", self.results / "log.txt"
        of = f"{digest([ROOT / 'momo', ROOT / 'tests'])} {self.examples}"
        baseline = load(path, of)
        if baseline is None:
            console.print("the tests, with nothing broken ...")
            make = measured(files, lambda found: save(found, path, of))
            workers.in_a_fork(lambda: suite.run(arguments, make), log)
            baseline = load(path, of)
            if baseline is None:
                raise ValueError(f"the tests could not be collected; see {log}")
        console.print(
            f"{len(baseline.seconds)} tests take {sum(baseline.seconds.values()):.0f} s"
            f" in a row; {len(baseline.red)} fail already, and are left out; {len(left)} mutants"
        )
        job = workers.Job(
            files, baseline, arguments, results.append, log, self.limit, self.patience
        )
        workers.carry_out_all(job, left, self.jobs)
        if not {one.key for one in left} <= set(results.read()):
            raise ValueError(f"some mutants could not be tried; see {log}")


def main(arguments: list[str] | None = None) -> int:
    """Run the command, and return the exit status; ``theory`` has a list of its own."""
    given = sys.argv[1:] if arguments is None else arguments
    name, command = "python -m scripts.mutants", tyro.cli
    try:
        if given[:1] == ["theory"]:
            return command(Theory, prog=f"{name} theory", args=given[1:]).run()
        return command(Mutants, prog=name, args=given).run()
    except (ValueError, OSError) as error:
        print(f"python -m scripts.mutants: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from here", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
