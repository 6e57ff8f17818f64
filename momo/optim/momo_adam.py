"""MoMo-Adam: Adam whose step the model of the loss limits."""

from __future__ import annotations

from typing import Any

from momo.optim import arguments
from momo.optim.averaging import FROM_ZERO
from momo.optim.base import MomentumModelOptimizer, Params
from momo.optim.choices import Choices, lower_bound, step_limits
from momo.optim.model import APPROXIMATE, PROXIMAL, Scalar
from momo.optim.preconditioners import AdamDiagonal


class MomoAdam(MomentumModelOptimizer):
    """MoMo-Adam (paper, arXiv 2305.07583): drop-in for Adam and AdamW.

    The averages start at zero, so ``ρ_k = 1 - β1^k``;
    ``v_k = β2 v_{k-1} + (1-β2) g_k∘g_k``, ``D_k = diag(ε + sqrt(v_k/(1-β2^k)))``, and without
    decay ``τ_k = min{α/ρ_k, (h_k - ρ_k f_*)_+ / ||d_k||²_{D_k^{-1}}}``,
    ``x^{k+1} = x^k - τ_k D_k^{-1} d_k``. A step that the cap limits is Adam's.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr
        α >= 0, the cap on the step; a number or a tensor of one element. ``inf``: no cap. Per
        group. Default 1e-2.
    betas
        β1 and β2 in [0, 1); β2 per group. Default (0.9, 0.999).
    eps
        ε > 0. Per group. Default 1e-8.
    weight_decay
        λ >= 0. Per group. Default 0.
    lb
        f_*, a lower bound on the loss; a number, or a tensor of one element. Default 0.
    divide
        True: the decay is a term of the proximal problem, ``x ← (x - τ D^{-1} d)/(1+αλ)``.
        False: AdamW's form of it, ``x ← (1-αλ) x - τ D^{-1} d``. Per group. Default True.
    use_fstar
        Whether the bound is estimated while training, from ``lb`` upwards (MoMo-Adam*).
        Default False.
    foreach, fused, maximize, nonfinite, process_group, shard_group
        See `momo.optim.base.MomentumModelOptimizer`.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range; the message says which, and what is allowed.

    Notes
    -----
    Arguments, defaults and results are those of the published package ``momo-opt``;
    ``docs/practitioner.md`` lists where the two differ.
    """

    def __init__(
        self,
        params: Params,
        lr: Scalar = 1e-2,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        lb: Scalar = 0,
        divide: bool = True,
        use_fstar: bool = False,
        *,
        foreach: bool | None = None,
        fused: bool | None = None,
        maximize: bool = False,
        nonfinite: str = "skip",
        process_group: Any = None,
        shard_group: Any = None,
    ) -> None:
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "lb": lb,
            "divide": divide,
            "use_fstar": use_fstar,
        }
        super().__init__(
            params, defaults, foreach, fused, maximize, nonfinite, process_group, shard_group
        )

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        lr, weight_decay = step_limits(group)
        beta1, beta2 = arguments.pair("betas", group["betas"])
        return Choices(
            lr=lr,
            weight_decay=weight_decay,
            beta=arguments.decay("betas[0]", beta1),
            averaging=FROM_ZERO,
            bound=lower_bound(group),
            preconditioner=AdamDiagonal(
                arguments.decay("betas[1]", beta2), arguments.positive("eps", group["eps"])
            ),
            decay=PROXIMAL if arguments.flag("divide", group["divide"]) else APPROXIMATE,
        )
