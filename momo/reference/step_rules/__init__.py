"""Step rules: τ_k of the cap and the adaptive term; a new one is one file, and one line here."""

from momo.reference.step_rules.base import Memoryless, Scaled, StepRule
from momo.reference.step_rules.floor import Floored
from momo.reference.step_rules.growth import GrowthLimited
from momo.reference.step_rules.harmonic import HARMONIC, harmonic
from momo.reference.step_rules.truncation import CAPPED, TRUNCATION, capped, truncation

__all__ = [
    "CAPPED",
    "HARMONIC",
    "TRUNCATION",
    "Floored",
    "GrowthLimited",
    "Memoryless",
    "Scaled",
    "StepRule",
    "capped",
    "harmonic",
    "truncation",
]
