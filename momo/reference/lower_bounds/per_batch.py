"""A bound that comes with each batch, such as a teacher's loss (paper)."""

from __future__ import annotations

from dataclasses import dataclass

from momo.reference.checks import Array, finite
from momo.reference.lower_bounds.base import Average


@dataclass(frozen=True)
class PerBatch:
    """A bound ℓ_k with each batch: ``ρ_k f_*^k = Σ_j ρ_{j,k} ℓ_j``, averaged like the losses."""

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Nothing of its own."""
        return {}

    def observe(
        self, memory: Array | None, sample: Array | None, average: Average
    ) -> tuple[Array, Array]:
        """Average ℓ_k into ``ρ_k f_*^k``."""
        if sample is None:
            raise ValueError("lower_bound is missing; allowed: the bound of this batch, a number")
        return average(memory, finite("lower_bound", sample))

    def before(self, memory: tuple[Array, Array], decayed: Array, weight: Array) -> Array:
        """Return the averaged bound over ρ_k."""
        return memory[1] / weight

    def after(
        self, memory: tuple[Array, Array], value: Array, decrease: Array, weight: Array
    ) -> Array:
        """Keep the average."""
        return memory[0]
