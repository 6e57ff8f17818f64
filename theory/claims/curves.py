# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a claim measured beside its bound, step by step, kept for plots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from theory.case import Case, Setting
from theory.claims.base import Check, Claim, OfRows
from theory.claims.expectation import Curve


@dataclass(frozen=True)
class BoundCurve:
    """The curve of one claim in one setting of a case.

    Attributes
    ----------
    claim
        Its name.
    setting
        The setting.
    curve
        K, what was measured, and the bound.
    """

    claim: str
    setting: Setting
    curve: Curve


@runtime_checkable
class KeepsCurves(Protocol):
    """A check that keeps what it compared."""

    def curves(self) -> Sequence[Curve]:
        """Return one curve a setting."""


def kept(claim: Claim, case: Case, check: Check | None) -> Iterator[BoundCurve]:
    """Yield the curves of a check that keeps them, one a setting that the claim speaks of."""
    inner: object = check
    rows = tuple(range(len(case.settings)))
    if isinstance(check, OfRows):
        inner, rows = check.inner, check.chosen
    if isinstance(inner, KeepsCurves):
        for row, curve in zip(rows, inner.curves(), strict=True):
            yield BoundCurve(claim.name, case.settings[row], curve)
