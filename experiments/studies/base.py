"""What a study is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from experiments.config import Run


@dataclass(frozen=True)
class Study:
    """A set of runs that answers a question.

    Attributes
    ----------
    name, question
        What it is called, and what one wants to know.
    runs
        ``seeds -> runs``.
    """

    name: str
    question: str
    runs: Callable[[Sequence[int]], list[Run]]
