# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Preconditioners D_k and norms; a new one is one file, and one line here."""

from momo.reference.preconditioners.adabelief import AdaBeliefDiagonal
from momo.reference.preconditioners.adagrad import AdaGradDiagonal
from momo.reference.preconditioners.adalomo import AdaLomoDiagonal
from momo.reference.preconditioners.adam import AdamDiagonal, AdamFromFirst, adam_diagonal
from momo.reference.preconditioners.amsgrad import AmsGradDiagonal
from momo.reference.preconditioners.base import (
    Along,
    Diagonal,
    Memory,
    Metric,
    Preconditioner,
    inner,
)
from momo.reference.preconditioners.factored import Factored
from momo.reference.preconditioners.fixed import Frozen
from momo.reference.preconditioners.heavy_ball import AdaptiveHeavyBall, Displacement
from momo.reference.preconditioners.identity import Euclidean, Identity
from momo.reference.preconditioners.ngn import NgnDiagonal
from momo.reference.preconditioners.sign import MaxNorm, Sign
from momo.reference.preconditioners.soap import Soap
from momo.reference.preconditioners.spectral import Spectral, SpectralNorm

__all__ = [
    "AdaBeliefDiagonal",
    "AdaGradDiagonal",
    "AdaLomoDiagonal",
    "AdamDiagonal",
    "AdamFromFirst",
    "AdaptiveHeavyBall",
    "Along",
    "AmsGradDiagonal",
    "Diagonal",
    "Displacement",
    "Euclidean",
    "Factored",
    "Frozen",
    "Identity",
    "MaxNorm",
    "Memory",
    "Metric",
    "NgnDiagonal",
    "Preconditioner",
    "Sign",
    "Soap",
    "Spectral",
    "SpectralNorm",
    "adam_diagonal",
    "inner",
]
