"""MoMo: SGD with momentum whose step the model of the loss limits."""

from __future__ import annotations

from typing import Any

from momo.optim import arguments
from momo.optim.averaging import FROM_FIRST, FROM_ZERO
from momo.optim.base import MomentumModelOptimizer, Params
from momo.optim.choices import Choices, lower_bound, step_limits
from momo.optim.model import PROXIMAL, Scalar
from momo.optim.preconditioners import Identity


class Momo(MomentumModelOptimizer):
    """MoMo (paper, arXiv 2305.07583): drop-in for SGD with momentum.

    ``d_k = β d_{k-1} + (1-β) g_k``, ``h_k = f̄_k + <d_k, x^k> - γ_k``, and without decay
    ``τ_k = min{α/ρ, (h_k - ρ f_*)_+ / ||d_k||²}``, ``x^{k+1} = x^k - τ_k d_k``. A step that the
    cap limits is that of ``torch.optim.SGD`` with ``dampening = momentum``.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr
        α >= 0, the cap on the step; a number or a tensor of one element. ``inf``: no cap. Per
        group. Default 1.
    weight_decay
        λ >= 0, a term of the proximal problem (not added to the gradient). Per group. Default 0.
    beta
        β in [0, 1). In ``param_groups`` it is called "momentum", the name under which schedulers
        look for it. Default 0.9.
    lb
        f_*, a lower bound on the loss; a number, or a tensor of one element. Default 0.
    bias_correction
        Whether the averages start at zero, with ``ρ_k = 1 - β^k``, instead of at the first
        sample, with ``ρ_k = 1``. Default False.
    use_fstar
        Whether the bound is estimated while training, from ``lb`` upwards (MoMo*). Default False.
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

    _other_names = ("beta",)

    def __init__(
        self,
        params: Params,
        lr: Scalar = 1.0,
        weight_decay: float = 0,
        beta: float = 0.9,
        lb: Scalar = 0,
        bias_correction: bool = False,
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
            "weight_decay": weight_decay,
            "momentum": beta,
            "lb": lb,
            "bias_correction": bias_correction,
            "use_fstar": use_fstar,
        }
        super().__init__(
            params, defaults, foreach, fused, maximize, nonfinite, process_group, shard_group
        )

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        if "beta" in group:
            raise ValueError(
                f"beta = {group['beta']} in param_groups; allowed: the name momentum, by which"
                " schedulers know it"
            )
        lr, weight_decay = step_limits(group)
        return Choices(
            lr=lr,
            weight_decay=weight_decay,
            beta=arguments.decay("beta", group["momentum"]),
            averaging=FROM_ZERO
            if arguments.flag("bias_correction", group["bias_correction"])
            else FROM_FIRST,
            bound=lower_bound(group),
            preconditioner=Identity(),
            decay=PROXIMAL,
        )

    @classmethod
    def _renamed(cls, group: dict[str, Any]) -> dict[str, Any]:
        if "beta" not in group:
            return group
        if "momentum" in group:
            raise ValueError("a parameter group has both beta and momentum; allowed: one of them")
        return {("momentum" if name == "beta" else name): v for name, v in group.items()}
