# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Sharpness-aware minimisation with Polyak's step size: SAM-Polyak."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from momo.reference.paper import Array, Sample, inner


def sam_polyak(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 1.0,
    beta: float = 0.0,
    lb: float = 0.0,
    rho: float = 0.1,
    mix: float = 1.0,
) -> Iterator[Array]:
    """SAM with Polyak's step size (arXiv 2606.01827), λ the argument ``mix``; γ_b is ``lr``.

    Ours: the default of λ, that a gradient of 0 moves nothing, and β > 0, MoMo's average of the
    lines ``f(e) + <g_e, y - e>``.
    """
    c, d = 0.0, np.zeros_like(x)
    for k, sample in enumerate(samples, start=1):
        _, g = sample(x)
        norm = np.sqrt(inner(g, g))
        e = x + rho * (1 - mix + mix / norm) * g if norm else x
        f_e, g_e = sample(e)
        if beta == 0:
            polyak = (f_e - lb - inner(g_e, e - x)) / inner(g_e, g_e) if g_e.any() else 0.0
            x = x - np.clip(polyak, 0.0, lr) * g_e  # γ_t in [0, γ_b]
        else:
            share = 1.0 if k == 1 else 1 - beta
            c = (1 - share) * c + share * (f_e - inner(g_e, e))  # the lines at 0
            d = (1 - share) * d + share * g_e
            tau = max(c + inner(d, x) - lb, 0.0) / inner(d, d) if d.any() else 0.0
            x = x - min(lr, tau) * d
        yield x
