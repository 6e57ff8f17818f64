"""Step rules: τ_k of the cap and the adaptive term; a new one is one file, and one line here."""

from momo.optim.step_rules.base import Scaled, StepRule
from momo.optim.step_rules.floor import Floored
from momo.optim.step_rules.growth import GrowthLimited
from momo.optim.step_rules.harmonic import HARMONIC, Harmonic
from momo.optim.step_rules.truncation import TRUNCATION, Truncation

__all__ = [
    "HARMONIC",
    "TRUNCATION",
    "Floored",
    "GrowthLimited",
    "Harmonic",
    "Scaled",
    "StepRule",
    "Truncation",
]
