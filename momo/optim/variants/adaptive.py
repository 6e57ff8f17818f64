# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""MoMo in the metrics of AMSGrad, AdaGrad, AdaBelief, AdaFactor and SOAP, and with Lion's sign.

None of these is in the paper, which says that any preconditioner will do; each capped step is that
of the method it is called after.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Unpack

from momo.core.method import Method
from momo.core.parts import APPROXIMATE, DECOUPLED, FROM_ZERO, Given, LionAverage
from momo.optim.hyperparameters import (
    Beta,
    Betas,
    Divide,
    Eps,
    Exponent,
    Frequency,
    Lb,
    Lr,
    Options,
    UseFstar,
    WeightDecay,
)
from momo.optim.momo_adam import MomoAdam
from momo.optim.optimizer import MomentumModelOptimizer, Params
from momo.optim.preconditioners import (
    AdaBeliefDiagonal,
    AdaGradDiagonal,
    AmsGradDiagonal,
    Factored,
    Sign,
    Soap,
)


class MomoAmsGrad(MomoAdam):
    """MoMo-AMSGrad: MoMo-Adam whose second moment never decreases (Reddi et al. 2018).

    A capped step is that of ``torch.optim.Adam(amsgrad=True)``.
    """

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        own = MomoAdam.method(h)
        return replace(own, preconditioner=AmsGradDiagonal(h["betas"][1], h["eps"]))


class MomoAdaGrad(MomentumModelOptimizer):
    """MoMo-AdaGrad: ``D_k = diag(ε + sqrt(Σ_j g_j∘g_j))`` (Duchi, Hazan and Singer 2011).

    With β = 0 a capped step is that of ``torch.optim.Adagrad``. D never decreases, so that the
    claims of `theory` on growing metrics hold for it.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1e-2,
        beta: Beta = 0.9,
        eps: Eps = 1e-10,
        weight_decay: WeightDecay = 0.0,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_ZERO,
            preconditioner=AdaGradDiagonal(h["eps"]),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            beta=h["beta"],
            weight_decay=h["weight_decay"],
        )


class MomoAdaBelief(MomentumModelOptimizer):
    """MoMo-AdaBelief: the metric of the squares of ``g - d`` (Zhuang et al. 2020).

    ε is added to the average at each step, and once more outside the root; its default, 1e-16, is
    that of the authors' code.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1e-2,
        betas: Betas = (0.9, 0.999),
        eps: Eps = 1e-16,
        weight_decay: WeightDecay = 0.0,
        lb: Lb = 0.0,
        divide: Divide = True,
        use_fstar: UseFstar = False,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        own = MomoAdam.method(h)
        return replace(own, preconditioner=AdaBeliefDiagonal(h["betas"][1], h["eps"]))


class MomoLion(MomentumModelOptimizer):
    """MoMo-Lion: the sign of Lion's average, in the constrained form (derived here).

    ``d_k = β1 m_{k-1} + (1-β1) g_k``, ``τ = min{α, (h_k - ρ_k f_*)_+ / Σ_i |d_i|}``,
    ``x ← (1-αλ) x - τ sign(d_k)``. A capped step is Lion's (Chen et al. 2023, arXiv 2302.06675).
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1e-4,
        betas: Betas = (0.9, 0.99),
        weight_decay: WeightDecay = 0.0,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        beta, beta2 = h["betas"]
        return Method(
            averaging=LionAverage(beta2),
            preconditioner=Sign(),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            beta=beta,
            weight_decay=h["weight_decay"],
            decay=DECOUPLED,
        )


class MomoAdaFactor(MomentumModelOptimizer):
    """MoMo-AdaFactor: a second moment of rows and columns (Shazeer and Stern 2018).

    The source's relative step and its limit on the update are left out; `MomoAdaLomo` has both,
    as a part of the metric. Its average of gradients is optional; here it is that of MoMo-Adam.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1e-2,
        beta: Beta = 0.9,
        exponent: Exponent = 0.8,
        eps: Eps = 1e-30,
        weight_decay: WeightDecay = 0.0,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_ZERO,
            preconditioner=Factored(h["exponent"], h["eps"]),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            beta=h["beta"],
            weight_decay=h["weight_decay"],
        )


class MomoSoap(MomentumModelOptimizer):
    """MoMo-SOAP: MoMo-Adam in the eigenbasis of Shampoo (Vyas et al. 2024, arXiv 2409.11321).

    `momo.optim.preconditioners.soap` says where the bases differ from the source's.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 3e-3,
        betas: Betas = (0.95, 0.95),
        eps: Eps = 1e-8,
        weight_decay: WeightDecay = 0.01,
        frequency: Frequency = 10,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        beta, beta2 = h["betas"]
        return Method(
            averaging=FROM_ZERO,
            preconditioner=Soap(beta2, h["eps"], h["frequency"]),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            beta=beta,
            weight_decay=h["weight_decay"],
            decay=APPROXIMATE,
        )
