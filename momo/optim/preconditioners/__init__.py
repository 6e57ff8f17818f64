# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Preconditioners D_k and norms; a new one is one file, and one line here."""

from momo.optim.preconditioners.adabelief import AdaBeliefDiagonal
from momo.optim.preconditioners.adagrad import AdaGradDiagonal
from momo.optim.preconditioners.adalomo import AdaLomoDiagonal
from momo.optim.preconditioners.adam import AdamDiagonal, AdamFromFirst
from momo.optim.preconditioners.amsgrad import AmsGradDiagonal
from momo.optim.preconditioners.base import Preconditioner, Shape
from momo.optim.preconditioners.factored import Factored
from momo.optim.preconditioners.heavy_ball import AdaptiveHeavyBall, Displacement
from momo.optim.preconditioners.identity import Identity
from momo.optim.preconditioners.ngn import NgnDiagonal
from momo.optim.preconditioners.sign import Sign
from momo.optim.preconditioners.soap import Soap
from momo.optim.preconditioners.spectral import Spectral

__all__ = [
    "AdaBeliefDiagonal",
    "AdaGradDiagonal",
    "AdaLomoDiagonal",
    "AdamDiagonal",
    "AdamFromFirst",
    "AdaptiveHeavyBall",
    "AmsGradDiagonal",
    "Displacement",
    "Factored",
    "Identity",
    "NgnDiagonal",
    "Preconditioner",
    "Shape",
    "Sign",
    "Soap",
    "Spectral",
]
