# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command's arguments, and what it does with them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from momo.installed import needed

with needed(__name__, "conformance"):
    import tyro

from momo import atomic
from momo.conformance import interrupt, show
from momo.conformance.interrupt import STATUS, Stoppable
from momo.conformance.law import EXAMPLES, Law
from momo.conformance.progress import Progress
from momo.conformance.results import Result, as_json, command, drawn, examine
from momo.conformance.shown import Flag, Json, option
from momo.conformance.subject import Subject
from momo.lookup import choices
from momo.methods import METHODS

Pair = tuple[Subject, Law]


@dataclass(frozen=True)
class Conformance:
    """Whether optimizers obey the laws, with the smallest problem found for which one does not.

    Exit status 0: all laws hold; 1: some are broken, or raised an error; 2: wrong usage;
    130: interrupted, by Ctrl-C or SIGTERM: what is finished is shown, and how to go on.
    """

    methods: Annotated[
        tuple[str, ...], tyro.conf.Positional, option("[METHOD ...]", "default: the whole table")
    ] = ()
    """Names in the table of methods, module:Class or module:ROW."""
    laws: Annotated[tuple[str, ...], option("LAW ...", "default: all")] = ()
    """Which laws."""
    fast: Flag = False
    """Leave out the laws that take seconds."""
    examples: Annotated[int, option("N", f"default: {EXAMPLES}")] = EXAMPLES
    """How many problems are drawn for a law, at most."""
    seed: Annotated[int, option("N", "default: 0")] = 0
    """Of the draws: the same problems are drawn again with the same."""
    traceback: Flag = False
    """Show the tracebacks of errors that laws raised."""
    start_at: Annotated[tuple[str, str] | None, option("METHOD LAW", "default: the first")] = None
    """Begin with this law of this method, where an interrupted command has ended."""
    json: Json = None
    """Also write the results to this file; momo.conformance.results describes the form."""
    list: Flag = False
    """Show the laws and the methods, and do nothing else."""

    def run(self) -> int:
        """Check, and print."""
        from momo.conformance.catalogue import laws  # they need torch, and --help does not

        if self.examples < 1:
            raise ValueError(f"examples = {self.examples}; allowed: at least 1")
        if mixed := [name for name in self.laws if name in METHODS or ":" in name]:
            raise ValueError(f"law {mixed[0]!r} is a method; allowed: methods before --laws")
        chosen = laws(*self.laws, slow=not self.fast)
        if self.list:
            console = show.make_console()
            console.print(show.laws_table(chosen))
            console.print(show.methods_line({name: row.title for name, row in METHODS.items()}))
            return 0
        subjects = [Subject.of(name) for name in self.methods or METHODS]
        pairs = [(subject, law) for subject in subjects for law in chosen]
        pairs = pairs[self._first(pairs) :]
        progress = Progress(len(pairs))
        with Stoppable(progress.stop) as stoppable:
            results = carried_out(pairs, self.examples, self.seed, progress, stoppable)
            return self._tell(results, pairs[len(results) :])

    def _first(self, pairs: Sequence[Pair]) -> int:
        """Return where in the order of all to begin."""
        if self.start_at is None:
            return 0
        method, law = self.start_at
        places = {(name_of(subject), law.name): i for i, (subject, law) in enumerate(pairs)}
        methods, laws = (list(dict.fromkeys(names)) for names in zip(*places, strict=True))
        for name, known in ((method, methods), (law, laws)):
            if name not in known:
                raise ValueError(f"start_at: {name!r} is not to be checked; {choices(name, known)}")
        return places[method, law]

    def _tell(self, results: Sequence[Result], rest: Sequence[Pair]) -> int:
        """Print what came of it, write the file, and return the exit status."""
        console = show.make_console()
        if results:
            console.print(show.results_table(results))
        with_several = len({result.method for result in results}) > 1
        for note in show.notes(results) if with_several else ():
            console.print(note, markup=False)
        failed = show.failed_details(results, self.traceback)
        for details in failed:
            console.print(details, markup=False, soft_wrap=True)
        if failed:
            console.print()
        if results:
            console.print(show.summary(results))
        if self.json is not None:
            not_run = [(subject.name, law.name) for subject, law in rest]
            form = as_json(results, self.examples, self.seed, not_run)
            text = json.dumps(form, indent=2, ensure_ascii=False) + "\n"
            atomic.write(self.json, text.encode())
        if rest:
            console.print(show.not_run([(subject.name, law.name) for subject, law in rest]))
            subject, law = rest[0]
            # Nothing is kept of this run, so that nothing can be out of date: the order is fixed,
            # and what was not run is all from one place on.
            line = f"to go on: {self._from(name_of(subject), law.name)}"
            console.print(line, markup=False, soft_wrap=True)
            return STATUS
        return int(any(result.failed for result in results))

    def _from(self, method: str, law: str) -> str:
        """Return the command that runs what this one would from a place on."""
        words = [*self.methods, *(["--laws", *self.laws] if self.laws else [])]
        words += ["--fast"] * self.fast + drawn(self.examples, self.seed)
        words += ["--traceback"] * self.traceback
        if self.json is not None:  # what is finished stays in the file
            words += ["--json", str(self.json.with_suffix(f".rest{self.json.suffix}"))]
        return command(*words, "--start-at", method, law)


def carried_out(
    pairs: Sequence[Pair], examples: int, seed: int, progress: Progress, stoppable: Stoppable
) -> list[Result]:
    """Return the results, in order, up to where it was interrupted."""
    results: list[Result] = []
    try:
        with progress:
            for subject, law in pairs:
                progress.begin(subject.name, law.name)
                (result,) = examine(subject, [law], examples, seed)
                interrupt.check()  # where it was swallowed: who knows what this result is
                results.append(result)
                progress.end(show.WORDS[result.status][0])
    except KeyboardInterrupt:
        if not stoppable.asked:
            raise
    return results


def name_of(subject: Subject) -> str:
    """Return how a method was asked for."""
    return subject.asked or subject.name


def run(arguments: Sequence[str]) -> int:
    """Run the command, and return its exit status."""
    try:
        options = tyro.cli(Conformance, args=list(arguments), prog="python -m momo.conformance")
        return options.run()
    except (ValueError, OSError) as error:
        print(f"python -m momo.conformance: {error}", file=sys.stderr)
        return 2
