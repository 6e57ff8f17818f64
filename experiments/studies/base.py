# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a study is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from experiments.config import Run

REFERENCE = ("momo", "momo_adam", "sgd_m", "adam")
"""The methods whose best mean score, in plain runs, is "the best" on a workload.

It is the main sweep's, and a study's that names no other. A fixed set: what a table says of a
method does not depend on which other records there are.
"""
STANDS_FOR = {"adam": "adam_w"}
"""What takes a method's place on a workload that is not run with it."""


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
