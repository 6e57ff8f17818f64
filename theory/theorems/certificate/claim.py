"""The assumptions themselves: a certified minimiser, with interpolation of every f_i."""

from __future__ import annotations

from dataclasses import dataclass

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Result, measured
from theory.theorems.certificate.statement import STATEMENT


@dataclass(frozen=True)
class Certificate:
    """Reports the checks of `theory.optimum.compute`; it needs no trajectory."""

    case: Case

    def observe(self, step: Step) -> None:
        """Do nothing."""

    def findings(self) -> list[Result]:
        """Return the largest residual of the certificate, once for all settings."""
        optimum = self.case.optimum
        unit = self.case.constants.gradient * self.case.optimum.distance
        note = "; ".join(optimum.objections)
        result = (optimum.certified, optimum.residual / unit, optimum.tolerance / unit, 0, note)
        return [result] * len(self.case.settings)


CLAIM = measured(
    STATEMENT,
    kind="assumption",
    units="the largest of them against the solver's tolerance, over G D",
    method="momo",
    monitor=Certificate,
)

CLAIMS = (CLAIM,)
