# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The benchmark's arguments, and what it does with them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from momo.installed import needed

with needed(__name__, "bench"):
    import torch
    import tyro
    from rich.table import Table

from momo.bench import records, show
from momo.bench.accuracy import measurable, measure
from momo.bench.compare import changes, differing, lacking
from momo.bench.contestants import Setting, chosen, families, missing_peers
from momo.bench.memory import measure_family
from momo.bench.quiet import Patience
from momo.bench.speed import time_family
from momo.bench.targets import judged
from momo.bench.workloads import FEW_LARGE, NETWORK, ONE, SMALL, shapes

Dtype = Literal["float64", "float32", "bfloat16", "float16"]


@dataclass(frozen=True)
class Bench:
    """What a step costs beside torch's SGD-M and AdamW, side by side, and how accurate h is.

    ``compare A.json B.json`` compares two results. Exit status 0: measured, whatever came out; 2:
    wrong arguments.
    """

    what: Annotated[tuple[Literal["speed", "memory", "accuracy"], ...], tyro.conf.Positional] = (
        "speed",
        "memory",
        "accuracy",
    )
    """What to measure; default: all."""
    workloads: tuple[str, ...] = (FEW_LARGE, SMALL, NETWORK, ONE)
    """few_large, small, network, one, many_small, mixed, matrices, huge, or COUNTxSIZE: 24x1000 for
    24 tensors of 1000."""
    methods: tuple[str, ...] = ("momo", "momo_adam", "momo_lion", "iam", "ngn_m")
    """Names in the table of methods (momo/methods), or all."""
    paths: tuple[Literal["loop", "foreach", "fused", "default", "compiled"], ...] = (
        "loop",
        "foreach",
        "fused",
        "default",
    )
    """default: what is taken where nothing is asked for. Compiling takes minutes where there are
    many tensors, so it must be asked for."""
    rounds: int = 21
    """How often each is timed, at least."""
    patience: float = 20.0
    """Seconds that each method on each workload may wait for other processes, and lose with rounds
    in which they were busy; 0: all rounds count."""
    device: str = "cpu"
    """Where the tensors are: cpu, cuda, cuda:1, mps."""
    dtype: Dtype = "float32"
    """Of the parameters, for speed and memory."""
    weight_decay: float = 0.0
    """λ of all contestants, for speed and memory."""
    threads: int | None = None
    """Threads of torch on the CPU; default: torch's own choice."""
    clock: Literal["wall", "cpu"] = "wall"
    """cpu: the process's own time, less disturbed by others; for one thread on the CPU."""
    accuracy_workloads: tuple[str, ...] = ("4x250000", "300x1000")
    """As --workloads, for the accuracy."""
    accuracy_dtypes: tuple[Dtype, ...] = ("float32", "bfloat16", "float16")
    """Of the parameters, for the accuracy."""
    accuracy_steps: int = 40
    """Over which the accuracy is measured."""
    json: Path | None = None
    """Also write all numbers to this file."""

    def run(self) -> int:
        """Measure, and print each table as soon as it is there."""
        device = self._checked()
        console, status = show.make_console(), show.make_console(stderr=True)
        if self.threads is not None:
            torch.set_num_threads(self.threads)
        known = {**records.facts(device), "clock": self.clock}
        console.print(show.facts_line(known))
        tables: dict[str, list[Any]] = {"speed": [], "memory": [], "accuracy": []}
        drawn: dict[str, Callable[[list[Any]], Table]] = {
            "speed": show.speed_table,
            "memory": show.memory_table,
            "accuracy": show.accuracy_table,
        }
        for name, workload in self._tasks():
            with status.status(f"{name}: {workload}"):
                rows, left_out = self._measured(name, workload, device)
            tables[name] += rows
            for group in show.groups(rows):
                console.print()
                console.print(drawn[name](group))
            for line in left_out:
                console.print(f"left out: {line}")
        if self.dtype == "float32":
            tables["targets"] = judged(tables["speed"], tables["memory"], device.type)
            for target in tables["targets"]:
                console.print(show.target_line(target))
        if self.json is not None:
            records.write(self.json, known, tables)
        return 0

    def _tasks(self) -> Iterator[tuple[str, str]]:
        for name in self.what:
            for workload in self.accuracy_workloads if name == "accuracy" else self.workloads:
                yield name, workload

    def _measured(
        self, name: str, workload: str, device: torch.device
    ) -> tuple[list[Any], list[str]]:
        if name == "accuracy":
            dtypes = [getattr(torch, dtype) for dtype in self.accuracy_dtypes]
            return [*measure(self.methods, workload, dtypes, device, self.accuracy_steps)], []
        clock = time.process_time if self.clock == "cpu" else time.perf_counter
        setting = Setting(device, getattr(torch, self.dtype), self.weight_decay, clock=clock)
        found: list[Any] = []
        left_out: list[str] = []
        for family in families(self.methods, self.paths, setting, workload):
            if name == "memory":
                usages = measure_family(family, workload, setting)
                found += [row for row in usages if row not in found]  # beside peers they come again
                continue
            patience = Patience(self.patience)
            rows, more = time_family(family, workload, setting, self.rounds, patience)
            found, left_out = [*found, *rows], [*left_out, *more]
        return found, left_out + missing_peers(self.methods, workload) * (name == "speed")

    def _checked(self) -> torch.device:
        """Return the device, after all arguments were checked, before anything takes time.

        Raises
        ------
        ValueError
            If one is wrong.
        """
        for name in ("what", "workloads", "methods", "accuracy_workloads", "accuracy_dtypes"):
            if not getattr(self, name):
                raise ValueError(f"{name} is empty; allowed: at least one")
        for workload in (*self.workloads, *self.accuracy_workloads):
            shapes(workload)
        chosen(self.methods)
        if "accuracy" in self.what:
            measurable(self.methods)
        for name, least in (("rounds", 1), ("threads", 1), ("accuracy_steps", 2)):
            value = getattr(self, name)
            if value is not None and value < least:
                raise ValueError(f"{name} = {value}; allowed: at least {least}")
        for name in ("weight_decay", "patience"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise ValueError(f"{name} = {getattr(self, name)}; allowed: at least 0, finite")
        if self.json is not None and self.json.is_dir():
            raise ValueError(f"json = {self.json} is a folder; allowed: the name of a file")
        try:
            device = torch.device(self.device)
            torch.empty(1, device=device)
        except (RuntimeError, AssertionError) as error:  # torch without CUDA asserts
            reason = str(error).splitlines()[0]
            raise ValueError(f"device = {self.device} cannot be used: {reason}") from None
        if self.clock == "cpu" and not (device.type == "cpu" and self._threads == 1):
            raise ValueError(
                f"clock = cpu with device = {self.device} and {self._threads} threads;"
                " allowed: --device cpu --threads 1, where it is the time a step takes"
            )
        return device

    @property
    def _threads(self) -> int:
        return torch.get_num_threads() if self.threads is None else self.threads


@dataclass(frozen=True)
class Compare:
    """What became slower or faster between two results, beyond the spread of each."""

    first: tyro.conf.Positional[Path]
    """The file of an earlier run, written with --json."""
    second: tyro.conf.Positional[Path]
    """That of a later one."""
    by: Literal["ratio", "milliseconds"] = "ratio"
    """What is compared: the ratio to the baseline, or the time, which the machine decides too."""

    def run(self) -> int:
        """Print the comparison."""
        before, after = records.read(self.first), records.read(self.second)
        rows = list(changes(before, after, self.by))
        if not rows:
            raise ValueError(
                f"{self.first} and {self.second} have no row in common; allowed: results that share"
                " a workload, a method and a path"
            )
        console = show.make_console()
        for name, (one, two) in differing(before, after).items():
            console.print(f"{name} differs: {one}, {two}", soft_wrap=True)
        console.print(show.comparison_table(rows, self.by))
        for run, other, called in ((before, after, "first"), (after, before, "second")):
            for row in lacking(run, other):
                console.print(f"not in the {called}: {row}", soft_wrap=True)
        return 0


def run(arguments: list[str]) -> int:
    """Run the command; return 0, 2 for wrong arguments, or 130 if interrupted."""
    name = "python -m momo.bench"
    command: Bench | Compare
    if arguments[:1] == ["compare"]:
        command = tyro.cli(Compare, prog=f"{name} compare", args=arguments[1:])
    else:
        command = tyro.cli(Bench, prog=name, args=arguments)
    try:
        return command.run()
    except (ValueError, OSError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
