# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Sharpness-aware minimisation: the model's lines are taken at another point than x."""

from __future__ import annotations

from dataclasses import replace

from momo.methods.row import Hyperparameters, Row, Shape
from momo.reference import Ascent, Given, Method, momo


def _sam_polyak(h: Hyperparameters, shape: Shape, rho: float = 0.1, mix: float = 1.0) -> Method:
    # Its samples are taken elsewhere (`Row.ascent`); the step is the one that it always is.
    return replace(momo(h.lr, h.beta, lower_bound=Given(h.lb)), bounded=False)


ROWS = (
    Row(
        "sam_polyak",
        "SAM-Polyak",
        ("lr", "beta", "lb"),
        _sam_polyak,
        "SamPolyak",
        defaults=Hyperparameters(beta=0.0),
        source="arXiv 2606.01827",
        equation="e = x + ρ(1-λ+λ/‖g‖)g; γ = min{γ_b, (f(e) - ℓ - <g_e, e-x>)_+/‖g_e‖²};"
        " x ← x - γ g_e; γ_b = lr",
        ours="λ = 1 by default; β > 0, which averages the lines as MoMo does; g = 0 moves nothing",
        options=({"rho": 0.05}, {"mix": 0.0}, {"rho": 0.2, "mix": 0.5}),
        ascent=Ascent,
        exempt={
            "dtypes": "e is rounded as x is, so that ρ is another; the losses of the law do not"
            " depend on the point, as they have to for that to be made up for",
            "rank_without_gradient": "such a rank does not know how far the line falls from e to x;"
            " under data parallelism all ranks have the same gradients",
        },
    ),
)
