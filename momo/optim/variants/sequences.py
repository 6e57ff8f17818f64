# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""IAM and its kin, whose gradients are at an average of iterates; steps along other momentum."""

from __future__ import annotations

from math import inf
from typing import Any, Unpack

from momo.core.method import Method
from momo.core.parts import (
    CAPPED,
    DECOUPLED,
    DECOUPLED_AT_X,
    FROM_FIRST,
    PROXIMAL,
    Floored,
    Given,
    Online,
    newest,
)
from momo.optim.hyperparameters import (
    Beta,
    Betas,
    DecayForm,
    Delta,
    Eps,
    FiniteLr,
    Floor,
    Lb,
    Lr,
    Mu,
    Options,
    Seed,
    UseFstar,
    WeightDecay,
)
from momo.optim.iterates import AnytimeAveraging, IterateAveraging, RandomScaling
from momo.optim.optimizer import MomentumModelOptimizer, Params
from momo.optim.preconditioners import AdamDiagonal, AdaptiveHeavyBall, Displacement, Identity


class Iam(MomentumModelOptimizer):
    """IAM (Gower et al. 2025, arXiv 2504.01898): iterate averaging with the model's step size.

    ``z ← z - η g``, ``η = min{α, [f - f_* + <g, z - x>]_+ / ||g||²}``, ``x ← (λ x + z)/(1+λ)``,
    ``β = λ/(1+λ)``: the heavy ball. The source has λ = 9, and bounds f_* of each batch:
    ``step(lb=...)``. `IamAnytime` has a λ that grows.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1.0,
        beta: Beta = 0.9,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_FIRST,
            preconditioner=Identity(),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            decay=DECOUPLED,
            iterates=IterateAveraging(h["beta"]),
        )


class IamAnytime(MomentumModelOptimizer):
    """IAM with ``λ_t = t`` (Gower et al. 2025, arXiv 2504.01898): x is the mean of all z's.

    ``z ← z - η g``, ``η = min{α, [f - f_* + <g, z - x>]_+ / ||g||²}``, ``x ← (t x + z)/(1+t)``, t
    from 1, so that the start counts as one of them: the choice of the theorem, which is of the last
    x.
    """

    def __init__(
        self, params: Params, lr: Lr = 1.0, lb: Lb = 0.0, **options: Unpack[Options]
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_FIRST,
            preconditioner=Identity(),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            decay=DECOUPLED,
            iterates=AnytimeAveraging(),
        )


class ImaSpsSafe(MomentumModelOptimizer):
    """IMA-SPS_safe (Oikonomou and Loizou 2025, arXiv 2512.02342): IAM with a floor for the norm.

    ``z ← z - η g``, ``η = [f - f_* + λ <g, x - x_before>]_+ / max{||g||², M}``,
    ``x ← (λ x + z)/(1+λ)``, ``β = λ/(1+λ)``; ``λ (x - x_before)`` is ``z - x``. The source has no
    cap: one, ``η <= lr``, is ours, and so is the default of λ, IAM's.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = inf,
        beta: Beta = 0.9,
        lb: Lb = 0.0,
        floor: Floor = 1.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_FIRST,
            preconditioner=Identity(),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            decay=DECOUPLED,
            step_rule=Floored(h["floor"]),
            iterates=IterateAveraging(h["beta"]),
        )


class IamAdam(MomentumModelOptimizer):
    """IAM-Adam (Gower et al. 2025, arXiv 2504.01898): `Iam` in Adam's metric.

    ``z ← z - η D^{-1} g - αλ x``, ``η = min{α, [f - f_* + <g, z - x>]_+ / ||g||²_{D^{-1}}}``; β1 is
    that of the average of iterates. The decay is decoupled, and one at x. The cap on η is ours: in
    the source α is that of the decay alone. A "proximal" decay is a term of the proximal
    problem around z, ``z ← (z - η D^{-1} g)/(1+αλ)``, and η knows of it.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1e-2,
        betas: Betas = (0.9, 0.999),
        eps: Eps = 1e-8,
        weight_decay: WeightDecay = 0.0,
        lb: Lb = 0.0,
        use_fstar: UseFstar = False,
        decay: DecayForm = "decoupled",
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_FIRST,
            preconditioner=AdamDiagonal(h["betas"][1], h["eps"]),
            lower_bound=Online(h["lb"]) if h["use_fstar"] else Given(h["lb"]),
            lr=h["lr"],
            weight_decay=h["weight_decay"],
            decay=PROXIMAL if h["decay"] == "proximal" else DECOUPLED_AT_X,
            iterates=IterateAveraging(h["betas"][0]),
        )


class MomoRandomScaling(MomentumModelOptimizer):
    """MoMo whose steps are scaled by ``s_k ~ Exp(1)`` (after arXiv 2405.09742; derived here).

    ``x ← x - s τ d``, with MoMo's τ and d; the decay is part of the step that is scaled. Where τ is
    not capped, the steps of s > 1, which are 37 % (1/e), pass the point where the model is at its
    bound. `SgdmRandomScaling` is the source's own method.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1.0,
        weight_decay: WeightDecay = 0.0,
        beta: Beta = 0.9,
        lb: Lb = 0.0,
        seed: Seed = 0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_FIRST,
            preconditioner=Identity(),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            beta=h["beta"],
            weight_decay=h["weight_decay"],
            iterates=RandomScaling(h["seed"]),
        )


class SgdmRandomScaling(MomentumModelOptimizer):
    """SGD with momentum and random scaling (Zhang and Cutkosky 2024, arXiv 2405.09742).

    ``Δ ← β/(1 + ημ) (Δ - η g)``, ``x ← x + s Δ``, ``s ~ Exp(1)``. It has no model: losses are not
    looked at. Δ is kept, so that under a schedule each gradient has the η of its time; where η is 0
    nothing moves. With κ = β/(1+ημ) a step has the length of one of SGD with momentum κ (and
    dampening) at the rate ``ηκ/(1-κ)``, which is below β/μ for every η. The default of η is ours:
    κ = 0.9, so that ten gradients count.

    The average of the source, ``x̄ ← β x̄ + (1-β) x``, is one that torch has
    (`docs/methods.md`).
    """

    def __init__(
        self,
        params: Params,
        lr: FiniteLr = 1e-3,
        beta: Beta = 0.99,
        mu: Mu = 100.0,
        seed: Seed = 0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_FIRST,
            preconditioner=Displacement(h["beta"], h["mu"]),
            lower_bound=Given(),
            lr=h["lr"],
            decay=DECOUPLED,
            step_rule=CAPPED,
            iterates=RandomScaling(h["seed"]),
            linearisation=newest,
            bounded=False,
        )


class AdaptiveNhb(MomentumModelOptimizer):
    """The normalised heavy ball whose β is adaptive (the root of arXiv 2405.13726; ECAI 2023).

    ``m ← β m + (1-β) g``, ``x ← x - α m``; for each parameter ``β = min{((1-r)/(1+r))², 1-δ}``,
    ``r = α ||Δg||/||Δx|| = ||g - g_before||/||m||``, and 0 at the first step. It has no model:
    losses are not looked at. β falls to 0 at r = 1 and rises again for r > 1, so a stiff parameter
    gets most momentum, as in the source. The defaults of α and δ (the sampler's) are ours.
    """

    def __init__(
        self,
        params: Params,
        lr: FiniteLr = 0.1,
        delta: Delta = 1e-3,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_FIRST,
            preconditioner=AdaptiveHeavyBall(h["delta"]),
            lower_bound=Given(),
            lr=h["lr"],
            decay=DECOUPLED,
            step_rule=CAPPED,
            linearisation=newest,
            bounded=False,
        )
