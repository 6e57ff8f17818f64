"""The assumptions themselves: a certified minimiser, with interpolation of every f_i."""

from __future__ import annotations

from dataclasses import dataclass

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Claim, Result, always


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


CLAIM = Claim(
    name="certificate",
    title="certified optimum",
    statement="x* minimises f, and with interpolation inf f(·,s) = f(x*,s) = f* for all s",
    source="MoMo paper, assumption of the convergence theorem; checked as in theory/optimum.py",
    kind="assumption",
    units="largest of duality gap, KKT residual and, with interpolation, max_i f_i(x*)-inf f_i"
    " against the solver's tolerance, over G D",
    method="momo",
    objection=always,
    monitor=Certificate,
)

CLAIMS = (CLAIM,)
