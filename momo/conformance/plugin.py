# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The pytest plugin: ``pytest --momo-method package.module:Class`` collects a test for each law.

Only the options are here at the start of every pytest run; all else waits until one is used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from momo.installed import needed

with needed(__name__, "conformance"):
    import pytest

if TYPE_CHECKING:
    from momo.conformance.law import Law
    from momo.conformance.subject import Subject


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("momo", "laws of momentum models (momentum-models)")
    add = group.addoption
    add(
        "--momo-method",
        action="append",
        default=[],
        metavar="MODULE:CLASS",
        help="check this optimizer, or row of the table of methods; may be given several times",
    )
    add(
        "--momo-law",
        action="append",
        default=[],
        metavar="LAW",
        help="check this law only; may be given several times",
    )
    add("--momo-fast", action="store_true", help="leave out the laws that take seconds")
    add("--momo-examples", type=int, default=20, help="problems to draw for a law (default: 20)")
    add("--momo-seed", type=int, default=0, help="seed of the draws (default: 0)")
    add(
        "--momo-record",
        action="store_true",
        help="let momo_golden record the methods that it is given, instead of comparing them",
    )


@pytest.fixture
def momo_golden(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Hold methods of one's own against their golden trajectories.

    It is a function of a class, or of ``module:Class``, and fails the test if that moves otherwise
    than it did when it was recorded. Records are in ``golden`` beside the file of the test, or in
    the folder ``into``; ``pytest --momo-record`` writes them, and so does ``python -m
    momo.conformance.regression record``.
    """
    with needed("momo_golden", "conformance"):
        from momo.conformance.regression.hold import hold

    def hold_it(method: str | type[Any], into: str | Path = "golden") -> None:
        __tracebackhide__ = True
        folder = request.path.parent / into
        if wrong := hold(method, folder, request.config.option.momo_record):
            pytest.fail(wrong, pytrace=False)

    return hold_it


class LawItem(pytest.Item):
    """One law of one method."""

    def __init__(self, *, law: Law, subject: Subject, **rest: Any) -> None:
        super().__init__(**rest)
        self.law, self.subject = law, subject

    def runtest(self) -> None:
        """Check the law."""
        option = self.config.option
        note = self.law.check(self.subject, option.momo_examples, option.momo_seed)
        if note:
            self.add_report_section("call", "momo", note)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the counterexample, and no traceback, which would lead into the library."""
        from momo.conformance.law import LawBroken, LawRaised
        from momo.conformance.results import command, drawn

        if isinstance(excinfo.value, LawBroken):
            option = self.config.option
            options = drawn(option.momo_examples, option.momo_seed)
            lines = [str(excinfo.value)]
            if isinstance(excinfo.value, LawRaised):
                lines += ["", excinfo.value.trace(), ""]
            again = command(self.subject.asked, "--laws", self.law.name, *options)
            return "\n".join([*lines, f"again: {again}"])
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Say which law and method it is."""
        return self.path, None, f"{self.subject.name}: {self.law.name}"


class MethodCollector(pytest.Collector):
    """The laws of one method."""

    def __init__(self, *, subject: Subject, laws: list[Law], **rest: Any) -> None:
        super().__init__(**rest)
        self.subject, self.laws = subject, laws

    def collect(self) -> Iterator[LawItem]:
        """Yield a test for each law."""
        for law in self.laws:
            yield LawItem.from_parent(self, name=law.name, law=law, subject=self.subject)


def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add the tests of the methods that were asked for."""
    names = config.option.momo_method
    if not names:
        return
    # The pytest command, unlike ``python -m``, does not look for modules where it is called.
    here = str(config.invocation_params.dir)
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        with needed("--momo-method", "conformance"):
            from momo.conformance.catalogue import laws
            from momo.conformance.subject import Subject
    except ModuleNotFoundError as error:
        raise pytest.UsageError(str(error)) from error
    try:
        chosen = laws(*config.option.momo_law, slow=not config.option.momo_fast)
        subjects = [Subject.of(name) for name in names]
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error
    for subject in subjects:
        collector = MethodCollector.from_parent(
            session, name=subject.name, nodeid=subject.name, subject=subject, laws=chosen
        )
        items.extend(collector.collect())
