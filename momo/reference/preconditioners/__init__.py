"""Preconditioners D_k and norms; a new one is one file, and one line here."""

from momo.reference.preconditioners.adabelief import AdaBeliefPreconditioner, adabelief
from momo.reference.preconditioners.adagrad import AdaGradPreconditioner, adagrad
from momo.reference.preconditioners.adam import (
    AdamPreconditioner,
    adam_diagonal,
    adam_preconditioner,
)
from momo.reference.preconditioners.amsgrad import AmsGradPreconditioner, amsgrad
from momo.reference.preconditioners.base import Diagonal, Memory, Metric, Preconditioner, inner
from momo.reference.preconditioners.factored import FactoredPreconditioner, factored
from momo.reference.preconditioners.fixed import FrozenPreconditioner, frozen
from momo.reference.preconditioners.identity import Identity, IdentityPreconditioner
from momo.reference.preconditioners.sign import SignMetric, SignPreconditioner
from momo.reference.preconditioners.soap import SoapPreconditioner, soap
from momo.reference.preconditioners.spectral import SpectralPreconditioner, spectral

__all__ = [
    "AdaBeliefPreconditioner",
    "AdaGradPreconditioner",
    "AdamPreconditioner",
    "AmsGradPreconditioner",
    "Diagonal",
    "FactoredPreconditioner",
    "FrozenPreconditioner",
    "Identity",
    "IdentityPreconditioner",
    "Memory",
    "Metric",
    "Preconditioner",
    "SignMetric",
    "SignPreconditioner",
    "SoapPreconditioner",
    "SpectralPreconditioner",
    "adabelief",
    "adagrad",
    "adam_diagonal",
    "adam_preconditioner",
    "amsgrad",
    "factored",
    "frozen",
    "inner",
    "soap",
    "spectral",
]
