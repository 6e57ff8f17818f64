# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""SVAG: as much noise as SGD has, and less of the curvature (Li, Malladi, Arora, arXiv 2102.12470).

With a number ℓ, each step becomes ℓ steps with lr/ℓ. Each of these sees two independent batches,
whose losses f_1 and f_2 have the gradients g_1 and g_2:

    f = a f_1 + b f_2,   a = ½ (1 + sqrt(2ℓ-1)),   b = ½ (1 - sqrt(2ℓ-1))

Its gradient is ``a g_1 + b g_2``: a momentum model gets a loss and the gradient of this loss, as
ever. As a + b = 1 and a² + b² = ℓ, their means are those of one batch, and their covariance is ℓ
times that of one. Over the ℓ steps the mean moves by as much as in one step, and so does the noise,
ℓ · (1/ℓ²) · ℓ of its variance; what depends on the length of one step (lr times curvature) becomes
ℓ times smaller. As ℓ grows, SGD tends to the stochastic differential equation
``dX = -∇f dt + sqrt(lr Σ) dW`` of its own learning rate. So does SGD-M with an average of a fixed
β: its 1/(1-β) steps are ℓ times shorter too. Both with order 1 in 1/ℓ.

The combined loss is not convex, and not bounded below, since b < 0: f_* bounds its mean, and not
itself.
"""

from __future__ import annotations

import math


def weights(svag: int) -> tuple[float, ...]:
    """Return the weights of the batches of one step: (a, b), or (1,) where ``svag`` = ℓ is 1."""
    if svag == 1:
        return (1.0,)
    spread = math.sqrt(2 * svag - 1)
    return (1 + spread) / 2, (1 - spread) / 2
