"""Preconditioners D_k and norms; a new one is one file, and one line here."""

from momo.optim.preconditioners.adam import AdamDiagonal
from momo.optim.preconditioners.base import Preconditioner, Shape
from momo.optim.preconditioners.identity import Identity

__all__ = ["AdamDiagonal", "Identity", "Preconditioner", "Shape"]
