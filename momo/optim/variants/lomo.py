# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaLomo, and MoMo in its metric."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Unpack

from momo.core.method import Method
from momo.core.parts import CAPPED, DECOUPLED, FROM_FIRST, TRUNCATION, Given
from momo.optim.hyperparameters import (
    Beta,
    ClipThreshold,
    Eps,
    Eps2,
    Exponent,
    Lb,
    Lr,
    Options,
    WeightDecay,
)
from momo.optim.optimizer import MomentumModelOptimizer, Params
from momo.optim.preconditioners import AdaLomoDiagonal


def _parts(h: dict[str, Any], beta: float, lb: Any, step_rule: Any) -> Method:
    numbers = (h["exponent"], h["eps"], h["eps2"], h["clip_threshold"])
    return Method(
        averaging=FROM_FIRST,
        preconditioner=AdaLomoDiagonal(*numbers),
        lower_bound=Given(lb),
        lr=h["lr"],
        beta=beta,
        weight_decay=h["weight_decay"],
        decay=DECOUPLED,
        step_rule=step_rule,
    )


class AdaLomo(MomentumModelOptimizer):
    """AdaLomo (Lv et al. 2023, arXiv 2310.10195), without a model: every step has length α.

    ``U = g/sqrt(V̂)``, V̂ AdaFactor's with ``β_k = 1 - k^-c``, and for each parameter
    ``s = max{ε_2, RMS(x)}``, ``x ← (1 - αλs) x - αs U / max{1, RMS(U)/d}``. What the source does
    beside, to take each step within the backward pass, is `momo.optim.release`. The default of lr
    is ours, and so is that ``step`` wants the loss, as all methods here do; it changes nothing.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1e-3,
        exponent: Exponent = 0.8,
        eps: Eps = 1e-30,
        eps2: Eps2 = 1e-3,
        clip_threshold: ClipThreshold = 1.0,
        weight_decay: WeightDecay = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return replace(_parts(h, 0.0, 0.0, CAPPED), bounded=False)


class MomoAdaLomo(MomentumModelOptimizer):
    """MoMo-AdaLomo: the momentum model in AdaLomo's metric (derived here).

    ``D = sqrt(V̂) max{1, RMS(U)/d} / max{ε_2, RMS(x)}`` for each parameter, ``U = d_k/sqrt(V̂)``. The
    average starts at the first sample, as V̂ does. The model does not know the decay, by
    ``1 - αλ max{ε_2, RMS(x)}``. With β = 0 a capped step is `AdaLomo`'s.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1e-2,
        beta: Beta = 0.9,
        exponent: Exponent = 0.8,
        eps: Eps = 1e-30,
        eps2: Eps2 = 1e-3,
        clip_threshold: ClipThreshold = 1.0,
        weight_decay: WeightDecay = 0.0,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return _parts(h, h["beta"], h["lb"], TRUNCATION)
