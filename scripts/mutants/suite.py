# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Tests that run one by one in this process, in any order, as pytest would run them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import pytest

Work = Callable[[dict[str, pytest.Item]], None]
"""What to do with the tests collected, by their ids."""

QUIET = (
    *("-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:faulthandler"),
    # Libraries of this program that are pytest plugins too are imported already.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
    # Rewriting loads the modules of this distribution, which has a plugin, by a loader of its own:
    # a change that is made as a module is imported would be lost.
    "--assert=plain",
)


class Suite:
    """A plugin that does its own work in the place of pytest's loop over the tests."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.failed = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do the work instead, unless a module of tests could not be imported."""
        if session.testsfailed:
            raise session.Failed(f"{session.testsfailed} errors while tests were collected")
        self.work({item.nodeid: item for item in session.items})
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember a failure."""
        self.failed |= report.failed

    def passes(self, item: pytest.Item) -> bool:
        """Run a test, with all its fixtures, and return whether it passed or was skipped."""
        self.failed = False
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        return not self.failed


def run(arguments: Sequence[str], make: Callable[[Suite], Work]) -> int:
    """Collect tests, do the work with them, and return pytest's exit status."""
    suite = Suite(lambda items: None)
    suite.work = make(suite)
    return int(pytest.main([*QUIET, *arguments], plugins=[suite]))


def first_failure(
    suite: Suite, items: Iterable[pytest.Item], started: Callable[[str], None]
) -> str | None:
    """Run tests until one fails, and return its id; None if all pass."""
    for item in items:
        started(item.nodeid)
        if not suite.passes(item):
            return item.nodeid
    return None


def print_to(path: Path) -> None:
    """Send what this process prints from now on to the end of a file."""
    sys.stdout.flush()
    sys.stderr.flush()
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for descriptor in (1, 2):
        os.dup2(file, descriptor)
    os.close(file)


def few_examples(number: int) -> None:
    """Have Hypothesis draw the same few examples each time, and stop at the first that fails."""
    made: Any = hypothesis.settings.__init__

    def init(self: hypothesis.settings, parent: Any = None, **given: Any) -> None:
        if "max_examples" in given or parent is None:
            given["max_examples"] = min(number, given.get("max_examples", number))
        given |= {
            "database": None,
            "deadline": None,
            "derandomize": True,
            "phases": [hypothesis.Phase.explicit, hypothesis.Phase.generate],
            "report_multiple_bugs": False,
            # How long it takes to draw says nothing where other processes take the time.
            "suppress_health_check": list(hypothesis.HealthCheck),
        }
        made(self, parent, **given)

    hypothesis.settings.__init__ = init  # type: ignore[method-assign]
    hypothesis.settings.register_profile("few", max_examples=number)
    hypothesis.settings.load_profile("few")
