# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``run`` and ``sweep``: carry runs out, a line for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import tyro

from experiments.commands.options import Execution, Selection, check_data
from momo.lookup import choices

if TYPE_CHECKING:
    from experiments.config import Run


@dataclass(frozen=True)
class RunCommand:
    """Run methods over learning rates and seeds on one workload, and sum up what came out."""

    workload: Annotated[str, tyro.conf.Positional]
    """See `list`."""
    selection: tyro.conf.OmitArgPrefixes[Selection]
    execution: tyro.conf.OmitArgPrefixes[Execution]

    def run(self) -> int:
        """Return 0 if all runs have a record now, diverged or not; 1 if some failed."""
        self.execution.check()
        return carry_out_and_tell(self.selection.runs(self.workload), self.execution)


@dataclass(frozen=True)
class Sweep:
    """Run several workloads and studies, at one scale.

    A study is a set of runs that answers a question; see `list`.
    """

    selection: tyro.conf.OmitArgPrefixes[Selection]
    execution: tyro.conf.OmitArgPrefixes[Execution]
    names: tyro.conf.Positional[tuple[str, ...]] = ()
    """Workloads and studies; default: all workloads."""

    def run(self) -> int:
        """Return 0 if all runs have a record now, diverged or not; 1 if some failed."""
        from experiments.studies import STUDIES
        from experiments.workloads import WORKLOADS

        self.execution.check()
        runs: list[Run] = []
        for name in self.names or WORKLOADS:
            if name in STUDIES:
                runs += STUDIES[name].runs(self.selection.seeds)
            elif name in WORKLOADS or ":" in name:
                runs += self.selection.runs(name)
            else:
                said = choices(name, [*WORKLOADS, *STUDIES])
                raise ValueError(f"names: {name!r} is unknown; {said}")
        return carry_out_and_tell(runs, self.execution)


def carry_out_and_tell(runs: Sequence[Run], execution: Execution) -> int:
    """Carry out the runs that have no record yet, and say what comes out."""
    from rich.console import Console

    from experiments import ranks
    from experiments.commands.show import Lines, sum_up
    from experiments.execution.processes import carry_out, pending
    from experiments.optimizers import find

    folder = execution.place().records
    for method in {run.method for run in runs}:
        find(method).check_installed()
    total = len({run.id for run in runs})
    with ranks.joined():
        left = set(ranks.agreed(" ".join(run.id for run in pending(runs, folder))).split())
        todo = list({run.id: run for run in runs if run.id in left}.values())
        place = execution.place(len(todo))
        check_data(todo, place)
        console = Console(quiet=ranks.rank() > 0, highlight=False, soft_wrap=True)
        if execution.executor == "processes":
            outcomes = carry_out(todo, place, execution.processes())
        else:
            from experiments.execution.jobs import carry_out_in_jobs

            outcomes = carry_out_in_jobs(todo, place, execution, console.print)
        failed = 0
        with Lines(console, folder, left, total - len(todo)) as lines:
            for outcome in outcomes:
                lines(outcome)
                failed += outcome.status in ("failed", "skipped")
        if ranks.rank() == 0:
            sum_up(runs, folder, console)
    return 1 if failed else 0
