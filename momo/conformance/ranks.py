# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Two processes, joined by gloo, that run an optimizer as under data parallelism.

They are started when they are first needed, and stay until the program ends: starting torch takes
longer than everything that is then asked of them.
"""

from __future__ import annotations

import atexit
import multiprocessing
import pickle
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from momo.conformance.law import LawSkipped
from momo.conformance.problem import Problem
from momo.conformance.subject import Subject, masked_of

COUNT = 2
STARTING, ANSWERING = 120.0, 30.0
"""Seconds after which processes that do not answer are given up."""


class Ranks:
    """The processes."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.folder = tempfile.TemporaryDirectory(prefix="momo-ranks-")
        self.pipes: list[Connection] = []
        self.processes: list[Any] = []
        for rank in range(COUNT):
            ours, theirs = context.Pipe()
            path = str(Path(self.folder.name) / "rendezvous")
            process = context.Process(target=work, args=(rank, path, theirs), daemon=True)
            with deaf():
                process.start()
            theirs.close()
            self.pipes.append(ours)
            self.processes.append(process)
        for pipe in self.pipes:
            self._receive(pipe, STARTING)

    def run(self, subject: Subject, problems: Sequence[Problem]) -> list[Any]:
        """Return what `steps` gives on each rank, for a problem each.

        Raises
        ------
        RuntimeError
            If a rank fails, or does not answer; the processes are ended then.
        """
        # Only the class travels: references are often functions that cannot be pickled.
        bare = replace(subject, reference=None, capped=None, base=None, masked=None)
        for pipe, problem in zip(self.pipes, problems, strict=True):
            pipe.send((bare, problem))
        return [self._receive(pipe, ANSWERING) for pipe in self.pipes]

    def _receive(self, pipe: Connection, patience: float) -> Any:
        try:
            if not pipe.poll(patience):
                raise RuntimeError(f"a rank does not answer within {patience:g} s")
            answer = pipe.recv()
            if isinstance(answer, str):
                raise RuntimeError(answer)
        except (RuntimeError, EOFError, OSError) as error:
            self.close()
            raise RuntimeError(str(error) or "a rank ended") from error
        return answer

    def close(self) -> None:
        """End the processes."""
        for process in self.processes:
            process.kill()
            process.join()
        for pipe in self.pipes:
            pipe.close()
        self.folder.cleanup()
        started.cache_clear()


@contextmanager
def deaf() -> Iterator[None]:
    """Let what is started here never hear Ctrl-C, which a terminal sends to all: we end it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@cache
def started() -> Ranks:
    """Return the processes, started the first time."""
    ranks = Ranks()
    atexit.register(ranks.close)
    return ranks


def on_ranks(subject: Subject, problems: Sequence[Problem]) -> list[Any]:
    """Return what `Ranks.run` does; a class that cannot be sent there is skipped."""
    try:
        pickle.dumps(subject.optimizer)
    except (pickle.PicklingError, AttributeError) as error:
        raise LawSkipped(f"the class cannot be sent to another process: {error}") from error
    return started().run(subject, problems)


def work(rank: int, path: str, pipe: Connection) -> None:
    """Do what a rank is asked, until nobody asks."""
    import warnings

    import torch
    import torch.distributed as dist

    from momo.conformance.run import steps

    # as in `momo.conformance.law`
    warnings.filterwarnings("ignore", "a loss of .* lies below its lower bound")
    torch.set_num_threads(1)
    dist.init_process_group(
        "gloo",
        init_method=f"file://{path}",
        rank=rank,
        world_size=COUNT,
        timeout=timedelta(seconds=ANSWERING),
    )
    pipe.send(None)
    with suppress(EOFError):
        while True:
            subject, problem = pipe.recv()
            try:
                whole = replace(subject, masked=masked_of(subject.optimizer))
                with whole.way(problem)():
                    answer: Any = list(steps(subject, problem))
            except Exception as error:
                answer = f"rank {rank} raised {type(error).__name__}: {error}"
            pipe.send(answer)
