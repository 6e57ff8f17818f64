# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command's arguments, and what it does with them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from momo import atomic
from momo.conformance import show
from momo.conformance.law import EXAMPLES
from momo.conformance.results import Result, as_json, examine
from momo.conformance.subject import Subject
from momo.methods import METHODS


@dataclass(frozen=True)
class Conformance:
    """Whether optimizers obey the laws, with the smallest problem found for which one does not.

    Exit status 0: no law is broken; 1: some are; 2: wrong arguments.
    """

    methods: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Names in the table of methods, module:Class or module:ROW; default: the whole table."""
    laws: tuple[str, ...] = ()
    """Which laws; default: all."""
    fast: bool = False
    """Leave out the laws that take seconds."""
    examples: int = EXAMPLES
    """How many problems are drawn for a law, at most."""
    seed: int = 0
    """Of the draws."""
    json: Path | None = None
    """Also write the results to this file; the form is described in momo.conformance.results."""
    list: bool = False
    """Show the laws and the methods, and do nothing else."""

    def run(self) -> int:
        """Check, and print."""
        from momo.conformance.catalogue import laws  # they need torch, and --help does not

        if self.examples < 1:
            raise ValueError(f"examples = {self.examples}; allowed: at least 1")
        chosen = laws(*self.laws, slow=not self.fast)
        console, status = show.make_console(), show.make_console(stderr=True)
        if self.list:
            console.print(show.laws_table(chosen))
            console.print(show.methods_line({name: row.title for name, row in METHODS.items()}))
            return 0
        subjects = [Subject.of(name) for name in self.methods or METHODS]
        results: list[Result] = []
        with status.status("") as line:
            for subject in subjects:
                line.update(subject.name)
                results += examine(subject, chosen, self.examples, self.seed)
        console.print(show.results_table(results))
        if len(subjects) > 1:
            for note in show.notes(results):
                console.print(note, markup=False)
        for details in show.broken_details(results):
            console.print(details)
        broken = sum(result.status == "broken" for result in results)
        asked = sum(result.status in ("holds", "broken") for result in results)
        console.print(f"{asked - broken} of {asked} laws hold")
        if self.json is not None:
            form = as_json(results, self.examples, self.seed)
            text = json.dumps(form, indent=2, ensure_ascii=False) + "\n"
            atomic.write(self.json, text.encode())
        return int(broken > 0)


def run(arguments: Sequence[str]) -> int:
    """Run the command, and return its exit status."""
    try:
        options = tyro.cli(Conformance, args=list(arguments), prog="python -m momo.conformance")
        return options.run()
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
