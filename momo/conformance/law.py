# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a law is, and how it is checked: on problems drawn by Hypothesis, until one breaks it."""

from __future__ import annotations

import os
import sys
import traceback
import unittest
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from momo.conformance import interrupt
from momo.conformance.problem import Problem
from momo.conformance.subject import Subject
from momo.lookup import told
from momo.methods import row

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

EXAMPLES = 20
"""How many problems are drawn, where nothing is said."""


def ours() -> list[str]:
    """Return the folders of which nothing is of interest to the author of a method that raised."""
    return [os.path.join(os.path.dirname(each), "") for each in (__file__, row.__file__)]


class Found(Exception):  # noqa: N818  (no error: what was looked for)
    """What a law's check found wrong.

    Parameters
    ----------
    what
        What is wrong, or which quantity it is.
    expected, got, tolerance
        Of that quantity.
    step
        At which step, from 0.
    """

    def __init__(
        self,
        what: str,
        expected: Any = None,
        got: Any = None,
        tolerance: Any = None,
        step: int | None = None,
    ) -> None:
        super().__init__(what)
        pairs = {"expected": expected, "got": got, "tolerance": tolerance}
        place = {} if step is None else {"at step": step + 1}
        shown = {name: value for name, value in pairs.items() if value is not None}
        self.facts: dict[str, Any] = {"what": what, **place, **shown}


class LawBroken(AssertionError):  # noqa: N818  (no error: a verdict)
    """A law does not hold, with the smallest problem that was found; `LawRaised` is told apart.

    Attributes
    ----------
    law, method
        Their names.
    facts
        What is wrong, and for which problem: text or numbers by name.
    """

    verdict = "breaks"

    def __init__(self, law: Law, subject: Subject, facts: dict[str, Any]) -> None:
        self.law, self.method, self.facts = law.name, subject.name, facts
        width = max(map(len, facts))
        lines = [f"{subject.name} {self.verdict} {law.name}: {law.statement}"]
        lines += [f"  {name:<{width}}  {_shown(value)}" for name, value in facts.items()]
        super().__init__("\n".join(lines))


class LawRaised(LawBroken):
    """Nobody knows whether a law holds: an error, which is its cause, was raised meanwhile."""

    verdict = "raised an error in"

    @classmethod
    def by(cls, error: Exception, law: Law, subject: Subject, facts: dict[str, Any]) -> LawRaised:
        """Return it for an error, with the place in the method where that was raised."""
        first = (str(error).strip() or "no message").splitlines()[0]
        frames = traceback.extract_tb(error.__traceback__)
        own = getattr(sys.modules.get(subject.optimizer.__module__), "__file__", None)
        # An error within torch is of interest where the method has called it.
        at = next((frame for frame in reversed(frames) if frame.filename == own), frames[-1])
        where = f"{os.path.basename(at.filename)}, line {at.lineno}, in {at.name}"
        place = {} if at.filename.startswith(tuple(ours())) else {"at": where}
        return cls(law, subject, {"what": f"{type(error).__name__}: {first}", **place, **facts})

    def trace(self) -> str:
        """Return the traceback of the error, from where the kit has called the method."""
        cause = self.__cause__ or self
        return told(cause, *ours())


class LawSkipped(unittest.SkipTest):
    """A law says nothing of a subject; pytest and unittest count the test as skipped."""


class LawExempt(LawSkipped):
    """A law does not hold of a subject, which says so itself, with a reason."""


@dataclass(frozen=True)
class Law:
    """A law.

    Attributes
    ----------
    name
        A stable identifier.
    statement
        One sentence.
    draw
        The problems to draw for a subject; None: there is nothing to draw.
    body
        Raises `Found` where a problem breaks the law. It may return how many comparisons it made;
        if that is 0 for all problems, the law is skipped.
    objection
        Why it says nothing of a subject; the empty string where it applies.
    slow
        Whether it takes seconds.
    times
        How many more problems to draw than for other laws.
    most
        The largest number of problems to draw.
    both
        Whether each problem is taken as on a device, too, where the method has another way there
        (`Subject.masked`). Else every other problem is taken so.
    as_drawn
        Whether the steps get the points and gradients of a problem as they are, so that those of a
        small one are shown.
    """

    name: str
    statement: str
    draw: Callable[[Subject], SearchStrategy[Problem]] | None
    body: Callable[..., int | None]
    objection: Callable[[Subject], str] = lambda subject: ""
    slow: bool = False
    times: int = 1
    most: int = 10**9
    both: bool = False
    as_drawn: bool = False

    @property
    def __name__(self) -> str:
        """Its name, by which pytest calls it as a parameter."""
        return self.name

    def check(
        self, subject: Subject, examples: int = EXAMPLES, seed: int = 0, shrink: bool = True
    ) -> str:
        """Check it, and return a note: empty, or "exempt, but holds (the reason)".

        Parameters
        ----------
        subject
            What is tested.
        examples
            How many problems are drawn at most.
        seed
            Of the draws.
        shrink
            Whether to look for a smaller problem than the first that breaks it. For a subject that
            is exempt none is looked for.

        Raises
        ------
        LawBroken
            If it does not hold.
        LawRaised
            If something else is raised while it is checked.
        LawSkipped
            If it says nothing of the subject, with the reason.
        LawExempt
            If it does not hold, and the subject says why it need not.
        """
        if reason := self.objection(subject):
            raise LawSkipped(reason)
        reason = subject.row.exempt.get(self.name, "")
        try:
            self._search(subject, examples, seed, shrink and not reason)
        except LawBroken as broken:
            if reason:
                raise LawExempt(reason) from broken
            raise
        return f"exempt, but holds ({reason})" if reason else ""

    def _search(self, subject: Subject, examples: int, seed: int, shrink: bool) -> None:
        compared: list[int] = []

        def examine(*drawn: Problem) -> None:
            interrupt.check()
            facts: dict[str, Any] = {}
            if drawn:
                facts = drawn[0].facts(subject.call(drawn[0]), self.as_drawn)
            for way, context in self._ways(subject, *drawn):
                try:
                    with context():
                        count = self.body(subject, *drawn)
                except Found as found:
                    raise LawBroken(self, subject, {**found.facts, **way, **facts}) from None
                except Exception as error:
                    if isinstance(error, (unittest.SkipTest, *control)):
                        raise
                    raise LawRaised.by(error, self, subject, {**way, **facts}) from error
                compared.append(1 if count is None else count)

        if self.draw is None:
            control: tuple[type[Exception], ...] = ()
            examine()
        else:
            from hypothesis.errors import HypothesisException

            control = (HypothesisException,)
            self._drawn(subject, examine, min(self.times * examples, self.most), seed, shrink)
        if not any(compared):
            raise LawSkipped("no step could be compared: rounding decides too much")

    def _ways(
        self, subject: Subject, *drawn: Problem
    ) -> list[tuple[dict[str, str], Callable[[], AbstractContextManager[Any]]]]:
        """Return how a problem is taken, as facts and as a context."""
        chosen = [subject.way(problem) for problem in drawn] or [nullcontext]
        if self.both and subject.masked is not None:
            chosen = [nullcontext, subject.masked]
        masked = {"steps": "masked, as on a device"}
        return [({} if context is nullcontext else masked, context) for context in chosen]

    def _drawn(
        self,
        subject: Subject,
        examine: Callable[[Problem], None],
        examples: int,
        seed: int,
        shrink: bool,
    ) -> None:
        import hypothesis
        from hypothesis import HealthCheck, Phase, Verbosity
        from hypothesis.errors import Flaky

        assert self.draw is not None

        def test(problem: Problem) -> None:
            with warnings.catch_warnings():  # losses and bounds are drawn apart from each other
                warnings.filterwarnings("ignore", "a loss of .* lies below its lower bound")
                examine(problem)

        test = hypothesis.given(self.draw(subject))(test)
        test = hypothesis.settings(
            database=None,
            deadline=None,
            derandomize=False,
            max_examples=examples,
            phases=(Phase.generate, *[Phase.shrink] * shrink),
            print_blob=False,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )(hypothesis.seed(seed)(test))
        try:
            test()
        except LawBroken as broken:
            broken.__notes__ = []  # Hypothesis says the same again, as code
            raise
        except Flaky as error:
            what = f"the same steps, taken twice, differ: {str(error).splitlines()[0]}"
            raise LawBroken(self, subject, {"what": what}) from None


def _shown(value: Any) -> str:
    return f"{value:.17g}" if isinstance(value, float) else str(value)
