# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Holds a torch optimizer against its reference, and against the laws that every method obeys.

``python -m momo.conformance momo_adam``, or ``package.module:Class`` for a class from elsewhere,
prints a table of laws. ``pytest --momo-method package.module:Class`` collects them as tests, and in
a test file of one's own they are parameters::

    from momo.conformance import Subject, laws

    @pytest.mark.parametrize("law", laws())
    def test_my_method(law):
        law.check(Subject.of(MyMethod))

A law is broken by a problem: Hypothesis draws them, and shows the smallest that it finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from momo.installed import needed

if TYPE_CHECKING:
    from momo.conformance.catalogue import laws
    from momo.conformance.law import Law, LawBroken, LawExempt, LawRaised, LawSkipped
    from momo.conformance.results import Result, examine
    from momo.conformance.subject import Subject

__all__ = [
    "Law",
    "LawBroken",
    "LawExempt",
    "LawRaised",
    "LawSkipped",
    "Result",
    "Subject",
    "examine",
    "laws",
]

HOMES = {"Subject": "subject", "Result": "results", "examine": "results", "laws": "catalogue"}
"""Where the names are that are not in `momo.conformance.law`."""


def __getattr__(name: str) -> Any:
    # The plugin is loaded by every pytest run beside it, which should not wait for NumPy.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    with needed(f"{__name__}.{name}", "conformance"):
        return getattr(import_module(f"{__name__}.{HOMES.get(name, 'law')}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
