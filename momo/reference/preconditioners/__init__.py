"""Preconditioners D_k and norms; a new one is one file, and one line here."""

from momo.reference.preconditioners.adagrad import AdaGradPreconditioner, adagrad
from momo.reference.preconditioners.adam import (
    AdamPreconditioner,
    adam_diagonal,
    adam_preconditioner,
)
from momo.reference.preconditioners.base import Diagonal, Memory, Metric, Preconditioner, inner
from momo.reference.preconditioners.fixed import FrozenPreconditioner, frozen
from momo.reference.preconditioners.identity import Identity, IdentityPreconditioner
from momo.reference.preconditioners.shampoo import ShampooPreconditioner, shampoo
from momo.reference.preconditioners.soap import SoapPreconditioner, soap
from momo.reference.preconditioners.spectral import SpectralPreconditioner, spectral

__all__ = [
    "AdaGradPreconditioner",
    "AdamPreconditioner",
    "Diagonal",
    "FrozenPreconditioner",
    "Identity",
    "IdentityPreconditioner",
    "Memory",
    "Metric",
    "Preconditioner",
    "ShampooPreconditioner",
    "SoapPreconditioner",
    "SpectralPreconditioner",
    "adagrad",
    "adam_diagonal",
    "adam_preconditioner",
    "frozen",
    "inner",
    "shampoo",
    "soap",
    "spectral",
]
