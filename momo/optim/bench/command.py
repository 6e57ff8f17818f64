"""The benchmark's arguments, and what it does with them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated, Literal

import torch
import tyro

from momo.optim.bench import show
from momo.optim.bench.contestants import WORKLOADS, Setting, families
from momo.optim.bench.speed import time_family

What = Literal["speed"]
Path_ = Literal["loop", "foreach", "fused", "compiled"]


@dataclass(frozen=True)
class Bench:
    """What a step costs beside torch's SGD-M and AdamW, measured side by side in one run.

    Exit status 0: measured, whatever came out; 2: wrong arguments.
    """

    what: Annotated[tuple[What, ...], tyro.conf.Positional] = ("speed",)
    """What to measure; default: all."""
    workloads: tuple[str, ...] = tuple(WORKLOADS)
    """few_large, many_small, mixed, or COUNTxSIZE: 24x1000 for 24 tensors of 1000."""
    methods: tuple[str, ...] = ("momo", "momo_adam")
    """Names in the table of methods (momo/methods.py)."""
    paths: tuple[Path_, ...] = ("loop", "foreach", "fused")
    """Compiling takes minutes where there are many tensors, so it must be asked for."""
    rounds: int = 21
    """How often each is timed."""
    device: str = "cpu"
    """Where the tensors are: cpu, cuda, cuda:1, mps."""
    dtype: Literal["float64", "float32", "bfloat16", "float16"] = "float32"
    """Of the parameters, in measurements of time and memory."""
    weight_decay: float = 0.0
    """λ of all contestants."""
    threads: int | None = None
    """Threads of torch on the CPU; default: torch's own choice."""

    def run(self) -> int:
        """Measure, and print each table when it is there."""
        console = show.make_console()
        if self.threads is not None:
            if self.threads < 1:
                raise ValueError(f"threads = {self.threads}; allowed: at least 1")
            torch.set_num_threads(self.threads)
        setting = Setting(torch.device(self.device), getattr(torch, self.dtype), self.weight_decay)
        for workload in self.workloads:
            timings = [
                timing
                for family in families(self.methods, self.paths, setting)
                for timing in time_family(family, workload, setting, self.rounds)
            ]
            console.print(show.speed_table(timings))
        return 0


def run(arguments: list[str]) -> int:
    """Run the command; return 0, 2 for wrong arguments, or 130 if interrupted."""
    bench = tyro.cli(Bench, prog="python -m momo.optim.bench", args=arguments)
    try:
        return bench.run()
    except (ValueError, OSError) as error:
        print(f"python -m momo.optim.bench: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
