# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What came of the laws, as data.

The JSON form, for continuous integration, is an object with

=========== ==============================================================================
key         value
=========== ==============================================================================
version     2: of this form; 1 had no ``raised``, ``interrupted``, ``not_run``, ``traceback`` and
            ``again``, and called a law that raised ``broken``
momo        the version of the package
torch       that of torch
python      that of Python
examples    how many problems were drawn for a law, at most
seed        of the draws
broken      how many of the results are ``broken``
raised      how many are ``raised``
interrupted whether the command was, so that some laws were not run
not_run     those, as pairs of method and law
results     a list of objects, in the order of methods and then of laws:
            ``method`` and ``law``, names;
            ``status``, one of ``holds``, ``broken``, ``raised`` (an error, so that nobody knows),
            ``exempt`` (it does not hold, and need not), ``exempt_but_holds``, ``skipped`` (it says
            nothing of this method);
            ``reason``, why it is exempt or skipped, else empty;
            ``seconds``;
            ``counterexample``, an object of strings by name where the law is broken or raised, else
            null; ``traceback``, that of the error where it raised, else empty; ``again``, the
            command that runs this law alone where it is broken or raised, else empty
=========== ==============================================================================

A law that a method is exempt from is checked all the same. That it holds after all is shown, but
counts as no failure: a few problems need not contain one that breaks it.
"""

from __future__ import annotations

import platform
import shlex
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from momo.conformance.law import EXAMPLES, Law, LawBroken, LawExempt, LawRaised, LawSkipped
from momo.conformance.subject import Subject

Status = Literal["holds", "broken", "raised", "exempt", "exempt_but_holds", "skipped"]
FAILED: tuple[Status, ...] = ("broken", "raised")
"""What makes a run fail."""


@dataclass(frozen=True)
class Result:
    """What came of one law for one method; see the module for the fields."""

    method: str
    law: str
    status: Status
    seconds: float
    reason: str = ""
    counterexample: dict[str, str] | None = None
    message: str = ""
    traceback: str = ""
    again: str = ""

    @property
    def failed(self) -> bool:
        """Whether the law is broken, or raised an error."""
        return self.status in FAILED


def examine(
    subject: Subject,
    laws: Iterable[Law],
    examples: int = EXAMPLES,
    seed: int = 0,
    shrink: bool = True,
) -> Iterator[Result]:
    """Check laws of a subject, and yield what came of each; the arguments are `Law.check`'s."""
    for law in laws:
        started = time.perf_counter()
        status: Status = "holds"
        reason, message, counterexample, trace, again = "", "", None, "", ""
        try:
            if law.check(subject, examples, seed, shrink):
                status, reason = "exempt_but_holds", subject.row.exempt[law.name]
        except LawBroken as broken:
            status, message = "broken", str(broken)
            if isinstance(broken, LawRaised):
                status, trace = "raised", broken.trace()
            if subject.asked:
                again = command(subject.asked, "--laws", law.name, *drawn(examples, seed))
            counterexample = {name: str(value) for name, value in broken.facts.items()}
        except LawExempt as exempt:
            status, reason = "exempt", str(exempt)
        except LawSkipped as skipped:
            status, reason = "skipped", str(skipped)
        seconds = time.perf_counter() - started
        found = (reason, counterexample, message, trace, again)
        yield Result(subject.name, law.name, status, seconds, *found)


def drawn(examples: int, seed: int) -> list[str]:
    """Return the options by which the same problems are drawn again."""
    return ["--examples", str(examples), "--seed", str(seed)]


def command(*arguments: str) -> str:
    """Return a line for the shell that runs the command ``python -m momo.conformance``."""
    python = Path(sys.executable).name or "python"
    return shlex.join([python, "-m", "momo.conformance", *arguments])


def as_json(
    results: Sequence[Result],
    examples: int,
    seed: int,
    not_run: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
    """Return the JSON form."""
    import torch

    from momo import __version__

    shown = []
    for result in results:
        entry = asdict(result)
        del entry["message"]
        shown.append({**entry, "seconds": round(result.seconds, 3)})
    return {
        "version": 2,
        "momo": __version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "examples": examples,
        "seed": seed,
        "broken": sum(result.status == "broken" for result in results),
        "raised": sum(result.status == "raised" for result in results),
        "interrupted": bool(not_run),
        "not_run": [list(pair) for pair in not_run],
        "results": shown,
    }
