# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command ``python -m experiments``; every import that takes time waits for its command."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from typing import Protocol

from momo.installed import missing

PROGRAM = "python -m experiments"
DESCRIPTION = """Learning-rate robustness of momentum models and baselines, recorded run by run.

Exit status 0: done; 1: some runs failed, or data are missing; 2: wrong arguments, or something
that cannot be read or written; 130: interrupted."""

# One thread a process: the processes use the cores. It has to be said before torch is imported.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")


class Command(Protocol):
    """A command with its arguments."""

    def run(self) -> int:
        """Carry it out, and return the exit status."""


GO_ON = ("run", "sweep", "sample")
"""Commands that go on where they were interrupted."""


def main(arguments: list[str] | None = None) -> int:
    """Run a command, and return the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        import tyro

        from experiments.commands.bench import Bench
        from experiments.commands.claims import Claims
        from experiments.commands.inspect import List, Pack, Status, Summary
        from experiments.commands.inspect_run import Inspect
        from experiments.commands.sample import Sample
        from experiments.commands.sweep import RunCommand, Sweep
        from experiments.commands.throughput import ThroughputCommand
        from experiments.commands.tokens import TokensCommand
        from experiments.data.command import Data
    except ModuleNotFoundError as error:
        print(f"{PROGRAM}: {missing(error, 'the command', 'experiments')}", file=sys.stderr)
        return 2
    commands: dict[str, Callable[..., Command]] = {
        "list": List,
        "run": RunCommand,
        "sweep": Sweep,
        "status": Status,
        "summary": Summary,
        "claims": Claims,
        "inspect": Inspect,
        "data": Data,
        "tokens": TokensCommand,
        "bench": Bench,
        "throughput": ThroughputCommand,
        "sample": Sample,
        "pack": Pack,
    }
    command = tyro.extras.subcommand_cli_from_dict(
        commands, prog=PROGRAM, description=DESCRIPTION, args=arguments
    )
    for name in THREADS:
        os.environ.setdefault(name, "1")
    try:
        return command.run()
    except ModuleNotFoundError as error:
        said = "pip install" in str(error)  # of an extra of the method's, or the executor's
        message = str(error) if said else missing(error, "the command", "experiments")
    except (ValueError, OSError) as error:
        message = str(error)
    except KeyboardInterrupt:
        print(f"{PROGRAM}: interrupted{_to_go_on(given)}", file=sys.stderr)
        return 130
    print(f"{PROGRAM}: {message}", file=sys.stderr)
    return 2


def _to_go_on(given: list[str]) -> str:
    """Return how the command goes on, if it does."""
    if not given or given[0] not in GO_ON:
        return ""
    if "WORLD_SIZE" in os.environ:
        return "; the same command of torchrun goes on from here"
    return f"; to go on: {PROGRAM} {shlex.join(given)}"


if __name__ == "__main__":
    sys.exit(main())
