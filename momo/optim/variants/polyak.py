"""Stochastic Polyak steps: SPS_max, ProxSPS, MomSPS, ALR-SMAG, NGN-M."""

from __future__ import annotations

from typing import Any, Unpack

from momo.optim import arguments
from momo.optim.averaging import FROM_FIRST, FROM_ZERO
from momo.optim.base import MomentumModelOptimizer, Params
from momo.optim.choices import Choices, step_limits
from momo.optim.iterates import IterateAveraging
from momo.optim.model import DECOUPLED, PROXIMAL, Scalar
from momo.optim.preconditioners import Identity
from momo.optim.step_rules import HARMONIC, TRUNCATION, Scaled
from momo.optim.variants.common import Options, given, radius


class SpsMax(MomentumModelOptimizer):
    """SPS_max (Loizou et al. 2021, arXiv 2002.10542): the Polyak step of each batch, bounded.

    ``x ← x - γ g``, ``γ = min{γ_b, (f - f_*)/(c ||g||²)}``.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr
        The bound γ_b >= 0; ``inf``: none. Per group. Default 1.
    c
        Above 0. Default 1, of the source's convex case; its experiments use other values.
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
        lr: Scalar = 1.0,
        c: float = 1.0,
        lb: Scalar = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, {"lr": lr, "c": c, "lb": lb}, **options)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        return Choices(
            lr=arguments.non_negative("lr", group["lr"], infinite=True),
            weight_decay=0.0,
            beta=0.0,
            averaging=FROM_FIRST,
            bound=given(group),
            preconditioner=Identity(),
            decay=PROXIMAL,
            rule=Scaled(TRUNCATION, 1 / arguments.positive("c", group["c"])),
        )


class ProxSps(MomentumModelOptimizer):
    """ProxSPS (Schaipp, Gower and Ulbrich 2023, arXiv 2301.04935): SPS_max with weight decay.

    ``τ = min{α, ((1+αλ)(f - f_*) - αλ<g,x>)_+/||g||²}``, ``x ← (x - τg)/(1+αλ)``: MoMo, β = 0.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr, weight_decay
        α >= 0 (``inf``: no cap) and λ >= 0. Per group. Defaults 1 and 0.
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
        lr: Scalar = 1.0,
        weight_decay: float = 0.0,
        lb: Scalar = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay, "lb": lb}, **options)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        lr, weight_decay = step_limits(group)
        return Choices(
            lr=lr,
            weight_decay=weight_decay,
            beta=0.0,
            averaging=FROM_FIRST,
            bound=given(group),
            preconditioner=Identity(),
            decay=PROXIMAL,
        )


class MomSps(MomentumModelOptimizer):
    """MomSPS_max (Oikonomou and Loizou 2024, arXiv 2406.04142): the heavy ball with Polyak steps.

    ``x ← x - γ g + β (x - x_before)``, ``γ = min{γ_b, (1-β)(f - f_*)/(c ||g||²)}``: an iterate
    average with ``τ = γ/(1-β)``.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr
        The bound γ_b >= 0; ``inf``: none. Per group. Default 1; the source's could not be
        confirmed.
    beta
        β in [0, 1). Default 0.9.
    c
        Above 0. Default 1.
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
        lr: Scalar = 1.0,
        beta: float = 0.9,
        c: float = 1.0,
        lb: Scalar = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, {"lr": lr, "beta": beta, "c": c, "lb": lb}, **options)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        return Choices(
            lr=radius(group),
            weight_decay=0.0,
            beta=0.0,
            averaging=FROM_FIRST,
            bound=given(group),
            preconditioner=Identity(),
            decay=DECOUPLED,
            rule=Scaled(TRUNCATION, 1 / arguments.positive("c", group["c"])),
            iterates=IterateAveraging(arguments.decay("beta", group["beta"])),
            current_loss=True,
        )


class AlrSmag(MomentumModelOptimizer):
    """ALR-SMAG (Wang, Johansson and Zhang 2023, arXiv 2305.12939): a Polyak step along momentum.

    ``m ← β m + g``, ``x ← x - η m``, ``η = min{η_max, (f - f_*)/(c ||m||²)}``. The constant c, and
    that f is the newest batch's loss, are from memory of the source and could not be confirmed.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr
        The bound η_max >= 0; ``inf``: none. Per group. Default 0.1; not confirmed.
    beta
        β in [0, 1). Default 0.9.
    c
        Above 0. Default 1.
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
        lr: Scalar = 0.1,
        beta: float = 0.9,
        c: float = 1.0,
        lb: Scalar = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, {"lr": lr, "beta": beta, "c": c, "lb": lb}, **options)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        beta = arguments.decay("beta", group["beta"])
        return Choices(
            lr=radius(group),
            weight_decay=0.0,
            beta=beta,
            averaging=FROM_ZERO,
            bound=given(group),
            preconditioner=Identity(),
            decay=DECOUPLED,
            rule=Scaled(TRUNCATION, (1 - beta) / arguments.positive("c", group["c"])),
            current_loss=True,
        )


class NgnM(MomentumModelOptimizer):
    """NGN-M (arXiv 2508.15071): the heavy ball with the step size of Gauss-Newton.

    ``x ← x - (1-β) γ g + β (x - x_before)``, ``γ = c/(1 + c ||g||²/(2 (f - f_*)))``. The source has
    f_* = 0.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr
        c >= 0; ``inf``: ``γ = 2 (f - f_*)/||g||²``. Per group. Default 1; not confirmed.
    beta
        β in [0, 1). Default 0.9.
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
        lr: Scalar = 1.0,
        beta: float = 0.9,
        lb: Scalar = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, {"lr": lr, "beta": beta, "lb": lb}, **options)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        return Choices(
            lr=arguments.non_negative("lr", group["lr"], infinite=True),
            weight_decay=0.0,
            beta=0.0,
            averaging=FROM_FIRST,
            bound=given(group),
            preconditioner=Identity(),
            decay=DECOUPLED,
            rule=HARMONIC,
            iterates=IterateAveraging(arguments.decay("beta", group["beta"])),
            current_loss=True,
        )
