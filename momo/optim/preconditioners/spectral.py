"""The spectral norm of a matrix (Muon, Scion): the direction has all singular values equal.

``||X|| = σ_max(X) / r``, ``||d||_* = r Σ_i σ_i(d)``, ``u(d) = r U Vᵀ`` with ``d = U Σ Vᵀ``; what r
is, and from where, is in `momo.reference.preconditioners.spectral`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any, ClassVar

import torch
from torch import Tensor

from momo.optim import arguments
from momo.optim.preconditioners.base import Memory, Rate, Shape
from momo.optim.preconditioners.matrices import RESOLUTION, as_matrix

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""Of the quintic of Jordan et al. 2024."""

RADII: Mapping[str, Callable[[int, int], float]] = {
    "one": lambda rows, columns: 1.0,
    "shape": lambda rows, columns: sqrt(max(1.0, rows / columns)),
    "rms": lambda rows, columns: 0.2 * sqrt(max(rows, columns)),
    "scion": lambda rows, columns: sqrt(rows / columns),
}
"""r of a matrix, by name."""


def polar(d: Tensor) -> Tensor:
    """Return ``U Vᵀ`` over the singular values that are not rounding; 0 where d is 0.

    Those between φ/2 and φ of the largest, φ = `RESOLUTION`, count in part: it is continuous in d.
    torch's singular value decomposition waits for a CUDA device: `newton_schulz` does not.
    """
    left, values, right = torch.linalg.svd(d, full_matrices=False)
    largest = values.amax()
    parts = values / torch.where(largest > 0, largest, 1.0)
    return (left * (2 * parts / RESOLUTION - 1).clamp(0, 1)) @ right


def newton_schulz(d: Tensor, eps: float, steps: int) -> Tensor:
    """Return nearly ``U Vᵀ``, by the quintic iteration on ``d / (||d||_F + ε)``; 0 where d is 0.

    In the dtype of d, where Jordan et al. 2024 use bfloat16. Singular values that are at least
    0.0075 of ||d||_F come out between 0.68 and 1.14.
    """
    norm = torch.linalg.vector_norm(d)
    x = d / torch.where(norm > 0, norm + eps, 1.0)
    tall = d.shape[0] > d.shape[1]
    x = x.mT if tall else x
    a, b, c = COEFFICIENTS
    for _ in range(steps):
        gram = x @ x.mT
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x


@dataclass(frozen=True)
class Spectral:
    """The norm ``σ_max(X) / r``; a parameter of other than two axes is folded, first axis first.

    With "newton_schulz" the direction is nearly the maximiser, and ``<d, direction>`` nearly the
    dual norm: it is the slope along the step that is taken, which the step length needs.

    Attributes
    ----------
    way
        "newton_schulz" (Muon's) or "polar", by singular value decomposition.
    radius
        r: "one", "shape" (Muon's), "rms" (Liu et al. 2025) or "scion" (Pethick et al. 2025).
    eps, steps
        Of Newton-Schulz: ε >= 0 and the number of iterations.

    Raises
    ------
    ValueError, TypeError
        If an attribute is out of range.
    """

    way: str = "newton_schulz"
    radius: str = "one"
    eps: float = 1e-7
    steps: int = 5
    elementwise: ClassVar[bool] = False
    unit: ClassVar[bool] = True
    beta2: ClassVar[None] = None

    def __post_init__(self) -> None:
        """Check the attributes."""
        for name, allowed in (("way", ("newton_schulz", "polar")), ("radius", tuple(RADII))):
            if getattr(self, name) not in allowed:
                listed = ", ".join(map(repr, allowed))
                raise ValueError(f"{name} = {getattr(self, name)!r}; allowed: {listed}")
        arguments.non_negative("eps", self.eps)
        arguments.whole("steps", self.steps)

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep nothing."""
        return {}

    def update(
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Rate, new: Rate, weight: Any
    ) -> Memory:
        """Keep nothing."""
        return memory

    def direction(self, d: Tensor, memory: Memory, weight: Any) -> Tensor:
        """Return ``u(d)``; 0 where d is 0."""
        matrix = as_matrix(d)
        exact = self.way == "polar"
        unit = polar(matrix) if exact else newton_schulz(matrix, self.eps, self.steps)
        return (RADII[self.radius](*matrix.shape) * unit).reshape(d.shape)
