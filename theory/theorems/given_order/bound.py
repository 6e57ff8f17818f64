"""What functions in a given order leave, in numbers, in units of G D."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import traps
from theory.problems.base import Array
from theory.quantities import averaged


def given_order_construction(
    beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first"
) -> Array:
    """Return what `theory.traps.own_functions` leaves, a function of its own for each step.

    By bisection: no formula is known. The statement says between which two it lies; as K grows it
    is ``GD/((1-β)√K)``: for functions in a given order the paper's factor cannot be improved
    (derived here).
    """
    distance = np.vectorize(lambda b, k: traps.own_functions(b, int(k), averaging).distance)
    return np.asarray(1 / distance(*averaged(beta, iterations)))
