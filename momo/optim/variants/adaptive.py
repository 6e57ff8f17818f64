"""MoMo in the metrics of AMSGrad, AdaGrad, AdaBelief, AdaFactor and SOAP, and with Lion's sign.

None of these is in the paper, which says that any preconditioner will do; each capped step is that
of the method it is called after.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Unpack

from momo.optim import arguments
from momo.optim.averaging import FROM_ZERO, LionAverage
from momo.optim.base import MomentumModelOptimizer, Params
from momo.optim.choices import Choices, step_limits
from momo.optim.model import APPROXIMATE, DECOUPLED, PROXIMAL, Scalar
from momo.optim.momo_adam import MomoAdam
from momo.optim.preconditioners import (
    AdaBeliefDiagonal,
    AdaGradDiagonal,
    AmsGradDiagonal,
    Factored,
    Sign,
    Soap,
)
from momo.optim.variants.common import Options, given


def second_rate(group: dict[str, Any]) -> tuple[float, float]:
    """Return β2 and ε of a group."""
    _, beta2 = arguments.pair("betas", group["betas"])
    return arguments.decay("betas[1]", beta2), arguments.positive("eps", group["eps"])


def first_rate(group: dict[str, Any]) -> float:
    """Return β1 of a group."""
    return arguments.decay("betas[0]", arguments.pair("betas", group["betas"])[0])


class MomoAmsGrad(MomoAdam):
    """MoMo-AMSGrad: MoMo-Adam whose second moment never decreases (Reddi et al. 2018).

    A capped step is that of ``torch.optim.Adam(amsgrad=True)``. Arguments, defaults and errors are
    those of `momo.optim.MomoAdam`.
    """

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        metric = AmsGradDiagonal(*second_rate(group))
        return replace(MomoAdam.choices(group), preconditioner=metric)


class MomoAdaGrad(MomentumModelOptimizer):
    """MoMo-AdaGrad: ``D_k = diag(ε + sqrt(Σ_j g_j∘g_j))`` (Duchi, Hazan and Singer 2011).

    With β = 0 a capped step is that of ``torch.optim.Adagrad``. D never decreases, so that the
    claims of `theory` on growing metrics hold for it.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr
        α >= 0; ``inf``: no cap. Per group. Default 1e-2.
    beta
        β in [0, 1), of the average from zero. Default 0.9.
    eps
        ε > 0. Per group. Default 1e-10.
    weight_decay
        λ >= 0, a term of the proximal problem. Per group. Default 0.
    lb
        f_*. Default 0.
    **options
        See `momo.optim.base.MomentumModelOptimizer`.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range.
    """

    def __init__(
        self,
        params: Params,
        lr: Scalar = 1e-2,
        beta: float = 0.9,
        eps: float = 1e-10,
        weight_decay: float = 0.0,
        lb: Scalar = 0.0,
        **options: Unpack[Options],
    ) -> None:
        own = {"lr": lr, "beta": beta, "eps": eps, "weight_decay": weight_decay, "lb": lb}
        super().__init__(params, own, **options)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        lr, weight_decay = step_limits(group)
        return Choices(
            lr=lr,
            weight_decay=weight_decay,
            beta=arguments.decay("beta", group["beta"]),
            averaging=FROM_ZERO,
            bound=given(group),
            preconditioner=AdaGradDiagonal(arguments.positive("eps", group["eps"])),
            decay=PROXIMAL,
        )


class MomoAdaBelief(MomoAdam):
    """MoMo-AdaBelief: the metric of the squares of ``g - d`` (Zhuang et al. 2020).

    Arguments, defaults and errors are those of `momo.optim.MomoAdam`, but for ε: 1e-16, from memory
    of the source.
    """

    def __init__(
        self,
        params: Params,
        lr: Scalar = 1e-2,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-16,
        weight_decay: float = 0.0,
        lb: Scalar = 0.0,
        **more: Any,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, lb, **more)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        metric = AdaBeliefDiagonal(*second_rate(group))
        return replace(MomoAdam.choices(group), preconditioner=metric)


class MomoLion(MomentumModelOptimizer):
    """MoMo-Lion: the sign of Lion's average, in the constrained form (derived here).

    ``d_k = β1 m_{k-1} + (1-β1) g_k``, ``τ = min{α, (h_k - ρ_k f_*)_+ / Σ_i |d_i|}``,
    ``x ← (1-αλ) x - τ sign(d_k)``. A capped step is Lion's (Chen et al. 2023, arXiv 2302.06675).

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr
        α >= 0; ``inf``: no cap. Per group. Default 1e-4.
    betas
        β1 and β2 in [0, 1). Default (0.9, 0.99).
    weight_decay
        λ >= 0, decoupled. Per group. Default 0.
    lb
        f_*. Default 0.
    **options
        See `momo.optim.base.MomentumModelOptimizer`.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range.
    """

    def __init__(
        self,
        params: Params,
        lr: Scalar = 1e-4,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
        lb: Scalar = 0.0,
        **options: Unpack[Options],
    ) -> None:
        own = {"lr": lr, "betas": betas, "weight_decay": weight_decay, "lb": lb}
        super().__init__(params, own, **options)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        lr, weight_decay = step_limits(group)
        _, beta2 = arguments.pair("betas", group["betas"])
        return Choices(
            lr=lr,
            weight_decay=weight_decay,
            beta=first_rate(group),
            averaging=LionAverage(arguments.decay("betas[1]", beta2)),
            bound=given(group),
            preconditioner=Sign(),
            decay=DECOUPLED,
        )


class MomoAdaFactor(MomentumModelOptimizer):
    """MoMo-AdaFactor: a second moment of rows and columns (Shazeer and Stern 2018).

    The source's relative step and clipping of the update are left out: they would undo the step
    that the model chooses. Its average of gradients is optional; here it is that of MoMo-Adam.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr, weight_decay, lb
        As of `momo.optim.MomoAdam`.
    beta
        β in [0, 1), of the average from zero. Default 0.9.
    exponent
        ``β2_k = 1 - k^-exponent``. Default 0.8.
    eps
        ε > 0, added to the squares. Per group. Default 1e-30.
    **options
        See `momo.optim.base.MomentumModelOptimizer`.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range.
    """

    def __init__(
        self,
        params: Params,
        lr: Scalar = 1e-2,
        beta: float = 0.9,
        exponent: float = 0.8,
        eps: float = 1e-30,
        weight_decay: float = 0.0,
        lb: Scalar = 0.0,
        **options: Unpack[Options],
    ) -> None:
        own = {
            "lr": lr,
            "beta": beta,
            "exponent": exponent,
            "eps": eps,
            "weight_decay": weight_decay,
            "lb": lb,
        }
        super().__init__(params, own, **options)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        lr, weight_decay = step_limits(group)
        return Choices(
            lr=lr,
            weight_decay=weight_decay,
            beta=arguments.decay("beta", group["beta"]),
            averaging=FROM_ZERO,
            bound=given(group),
            preconditioner=Factored(
                arguments.positive("exponent", group["exponent"]),
                arguments.positive("eps", group["eps"]),
            ),
            decay=PROXIMAL,
        )


class MomoSoap(MomentumModelOptimizer):
    """MoMo-SOAP: MoMo-Adam in the eigenbasis of Shampoo (Vyas et al. 2024, arXiv 2409.11321).

    `momo.optim.preconditioners.soap` says where the bases differ from the source's.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr
        α >= 0; ``inf``: no cap. Per group. Default 3e-3.
    betas
        β1, and the β2 of squares and of the moments of rows and columns. Default (0.95, 0.95).
    eps
        ε > 0. Per group. Default 1e-8.
    weight_decay
        λ >= 0, as AdamW's. Per group. Default 0.01.
    frequency
        How many gradients there are between changes of the bases. Default 10.
    lb
        f_*. Default 0.
    **options
        See `momo.optim.base.MomentumModelOptimizer`.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range.
    """

    def __init__(
        self,
        params: Params,
        lr: Scalar = 3e-3,
        betas: tuple[float, float] = (0.95, 0.95),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
        frequency: int = 10,
        lb: Scalar = 0.0,
        **options: Unpack[Options],
    ) -> None:
        own = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "frequency": frequency,
            "lb": lb,
        }
        super().__init__(params, own, **options)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        lr, weight_decay = step_limits(group)
        return Choices(
            lr=lr,
            weight_decay=weight_decay,
            beta=first_rate(group),
            averaging=FROM_ZERO,
            bound=given(group),
            preconditioner=Soap(*second_rate(group), group["frequency"]),
            decay=APPROXIMATE,
        )
