# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The named variants against their sources, with the arguments that they alone have."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from rows_with_loss import METHODS

from momo.core.method import Method
from momo.optim import (
    AdaptiveNhb,
    AlrSmag,
    Iam,
    IamAdam,
    ImaSpsSafe,
    MomoLion,
    MomoRandomScaling,
    MomSps,
    MuonAdamMomo,
    MuonMaxMomo,
    NgnM,
    ProxSps,
    ScheduleFreePolyak,
    ScionMomo,
    SgdmRandomScaling,
    SpsMax,
)
from momo.optim.fused import library
from momo.optim.state import INDEX
from momo.reference.sources import ORACLES
from momo.reference.sources.sequences import exponential

Array = NDArray[np.float64]
N, STEPS = 6, 12
Sample = Callable[[Array], tuple[float, Array]]


def samples(seed: int) -> list[Sample]:
    """Return the least squares losses of single rows: f(x) = ½ (a·x - b)² + c, c >= 0."""
    rng = np.random.default_rng(seed)

    def sample() -> Sample:
        a, b, c = rng.standard_normal(N), float(rng.standard_normal()), float(rng.uniform(0, 1))

        def at(x: Array) -> tuple[float, Array]:
            r = float(a @ x) - b
            return 0.5 * r * r + c, r * a

        return at

    return [sample() for _ in range(STEPS)]


def trajectory(make: Callable[[Any], Any], seed: int) -> list[Array]:
    """Return the points of an optimizer."""
    x = torch.nn.Parameter(torch.tensor(np.random.default_rng(seed + 1).standard_normal(N)))
    optimizer, points = make([x]), [x.detach().numpy().copy()]
    for sample in samples(seed):
        loss, grad = sample(x.detach().numpy())
        x.grad = torch.tensor(grad)
        optimizer.step(loss=loss)
        points.append(x.detach().numpy().copy())
    return points


def agree(make: Callable[[Any], Any], name: str, run: int, **arguments: Any) -> None:
    """The class is its source; rounding grows with the steps, which contract or are capped."""
    ours = trajectory(make, run)
    theirs = [ours[0], *ORACLES[name](ours[0], samples(run), **arguments)]
    for k, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-12 * (k + 1) * (1 + np.abs(b).max()))


lrs = st.sampled_from([0.02, 0.3, 5.0])
betas = st.sampled_from([0.0, 0.5, 0.9])
cs = st.sampled_from([0.5, 1.0, 3.0])
seeds = st.integers(0, 2**32 - 2)


@settings(max_examples=20)
@given(lr=lrs, c=cs, seed=seeds)
def test_sps_max(lr: float, c: float, seed: int) -> None:
    agree(lambda p: SpsMax(p, lr, c), "sps_max", seed, lr=lr, c=c)


@settings(max_examples=20)
@given(lr=lrs, decay=st.sampled_from([0.0, 0.1, 1.0]), seed=seeds)
def test_prox_sps(lr: float, decay: float, seed: int) -> None:
    agree(lambda p: ProxSps(p, lr, decay), "prox_sps", seed, lr=lr, weight_decay=decay)


@settings(max_examples=20)
@given(lr=lrs, beta=betas, c=cs, lb=st.sampled_from([0.0, 0.25]), seed=seeds)
def test_mom_sps(lr: float, beta: float, c: float, lb: float, seed: int) -> None:
    agree(lambda p: MomSps(p, lr, beta, c, lb), "mom_sps", seed, lr=lr, beta=beta, c=c, lb=lb)


@settings(max_examples=20)
@given(lr=lrs, beta=betas, c=cs, seed=seeds)
def test_alr_smag(lr: float, beta: float, c: float, seed: int) -> None:
    agree(lambda p: AlrSmag(p, lr, beta, c), "alr_smag", seed, lr=lr, beta=beta, c=c)


@settings(max_examples=20)
@given(lr=lrs, beta=betas, lb=st.sampled_from([0.0, -0.5]), seed=seeds)
def test_ngn_m(lr: float, beta: float, lb: float, seed: int) -> None:
    agree(lambda p: NgnM(p, lr, beta, lb), "ngn_m", seed, lr=lr, beta=beta, lb=lb)


@settings(max_examples=20)
@given(lr=st.sampled_from([0.3, math.inf]), beta=betas, seed=seeds)
def test_iam(lr: float, beta: float, seed: int) -> None:
    agree(lambda p: Iam(p, lr, beta), "iam", seed, lr=lr, beta=beta)


@settings(max_examples=20)
@given(lr=lrs, beta=betas, decay=st.sampled_from([0.0, 0.1]), seed=seeds)
def test_iam_adam(lr: float, beta: float, decay: float, seed: int) -> None:
    own = {"lr": lr, "betas": (beta, 0.99), "eps": 1e-3, "weight_decay": decay}
    own["decay"] = ("decoupled", "proximal")[seed % 2]
    agree(lambda p: IamAdam(p, **own), "iam_adam", seed, **own)


@settings(max_examples=20)
@given(lr=lrs, beta=betas, power=st.sampled_from([0.0, 1.0, 2.0]), seed=seeds)
def test_schedule_free_polyak(lr: float, beta: float, power: float, seed: int) -> None:
    own = {"lr": lr, "beta": beta, "power": power}
    agree(lambda p: ScheduleFreePolyak(p, **own), "schedule_free_polyak", seed, **own)


@settings(max_examples=20)
@given(lr=st.sampled_from([1e-3, 0.1, math.inf]), decay=st.sampled_from([0.0, 0.1]), seed=seeds)
def test_momo_lion(lr: float, decay: float, seed: int) -> None:
    decay = 0.0 if math.isinf(lr) else decay
    own = {"lr": lr, "weight_decay": decay}
    agree(lambda p: MomoLion(p, **own), "momo_lion", seed, **own)


@settings(max_examples=20)
@given(lr=lrs, beta=betas, draws=st.integers(0, 2**64 - 1), seed=seeds)
def test_momo_random_scaling(lr: float, beta: float, draws: int, seed: int) -> None:
    own = {"lr": lr, "beta": beta, "seed": draws}
    agree(lambda p: MomoRandomScaling(p, **own), "momo_random_scaling", seed, **own)


# ---- norms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", [ScionMomo, MuonAdamMomo, MuonMaxMomo])
def test_a_model_below_its_bound_makes_no_step(cls: Any) -> None:
    """The public code of these methods has no positive part, and would go uphill here."""
    x = torch.nn.Parameter(torch.ones(3, 2, dtype=torch.float64))
    optimizer = cls([x], lr=0.1, lb=2.0)
    x.grad = torch.ones_like(x)
    before = x.detach().clone()
    optimizer.step(loss=1.0)
    assert optimizer.last.step_size == 0
    assert torch.equal(x, before)


def test_muon_max_moves_all_matrices_by_one_length() -> None:
    """``-τ (Σ_j ||d_j||_*) u(d)``; the others by Adam's step of the same τ."""
    torch.manual_seed(0)
    x = [torch.nn.Parameter(torch.randn(s, dtype=torch.float64)) for s in ((4, 4), (4, 4), (3,))]
    optimizer = MuonMaxMomo(x, lr=math.inf, betas=(0.0, 0.0), eps=1e-300)
    before = [p.detach().clone() for p in x]
    for p in x:
        p.grad = torch.randn_like(p)
    optimizer.step(loss=2.0)
    tau = float(optimizer.last.step_size)
    moved = [a - b.detach() for a, b in zip(before, x, strict=True)]
    slopes = [float((m * p.grad).sum()) for m, p in zip(moved, x, strict=True)]
    # Newton-Schulz makes singular values between 0.68 and 1.14 of 1.
    lengths = [float(torch.linalg.matrix_norm(m, 2)) for m in moved[:2]]
    assert lengths[0] / lengths[1] == pytest.approx(1, abs=0.5)
    # β2 = 0: D = |g|, so the vector moves by τ sign(g).
    torch.testing.assert_close(moved[2], tau * x[2].grad.sign())
    # Uncapped, the step takes the linearisation down to the bound.
    assert sum(slopes) == pytest.approx(2.0)


def test_the_hybrid_and_the_ball_differ_in_length_alone() -> None:
    torch.manual_seed(1)
    start = torch.randn(4, 3, dtype=torch.float64)
    moved = []
    for cls in (MuonAdamMomo, MuonMaxMomo):
        x = torch.nn.Parameter(start.clone())
        x.grad = torch.arange(12, dtype=torch.float64).reshape(4, 3).sin()
        cls([x], lr=0.01).step(loss=1e6)
        moved.append(start - x.detach())
    ratio = moved[1] / moved[0]
    torch.testing.assert_close(ratio, torch.full_like(ratio, float(ratio[0, 0])))
    assert float(ratio[0, 0]) > 1


def test_spectral_false_makes_a_group_of_matrices_adams() -> None:
    x = torch.nn.Parameter(torch.ones(2, 2, dtype=torch.float64))
    x.grad = torch.tensor([[1.0, 4.0], [9.0, 0.25]], dtype=torch.float64)
    MuonAdamMomo([{"params": [x], "spectral": False}], lr=0.1).step(loss=1e6)
    torch.testing.assert_close(x.detach(), torch.full_like(x, 0.9), rtol=0, atol=1e-7)


# ---- the average of a schedule-free method, and random scaling -----------------------------------


def schedule_free(dtype: torch.dtype) -> tuple[torch.nn.Parameter, ScheduleFreePolyak]:
    x = torch.nn.Parameter(torch.linspace(-1, 2, 5).to(dtype))
    optimizer = ScheduleFreePolyak([x], lr=0.3)
    for k in range(4):
        take(x, optimizer, k)
    return x, optimizer


def take(x: torch.nn.Parameter, optimizer: ScheduleFreePolyak, k: int) -> None:
    x.grad = torch.sin(x.detach() + k)
    optimizer.step(loss=1.0 + k)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
def test_evaluation_mode_changes_nothing_in_training(dtype: torch.dtype) -> None:
    x, optimizer = schedule_free(dtype)
    y = x.detach().clone()
    optimizer.eval()
    optimizer.eval()
    average = optimizer.state[x]["average_point"]
    assert torch.equal(x, average.to(dtype))
    assert not torch.equal(x, y)
    with pytest.raises(RuntimeError, match=r"evaluation mode.*allowed: call train\(\)"):
        take(x, optimizer, 4)
    optimizer.train()
    optimizer.train()
    assert torch.equal(x, y)
    take(x, optimizer, 4)


def test_a_state_saved_in_evaluation_mode_goes_on_in_training() -> None:
    x, optimizer = schedule_free(torch.float64)
    other = torch.nn.Parameter(x.detach().clone())
    optimizer.eval()
    resumed = ScheduleFreePolyak([other], lr=0.3)
    resumed.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    other.data.copy_(x.detach())
    for p, o in ((x, optimizer), (other, resumed)):
        o.train()
        take(p, o, 4)
    assert torch.equal(x, other)


@pytest.mark.parametrize("saved", [False, True])
@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16], ids=str)
def test_an_evaluation_after_beta_has_changed_changes_nothing(
    dtype: torch.dtype, saved: bool
) -> None:
    """As schedulers do between a step and the evaluation; the new β is that of the next step."""
    (x, optimizer), (other, evaluated) = schedule_free(dtype), schedule_free(dtype)
    for o in (optimizer, evaluated):
        o.param_groups[0]["momentum"] = 0.5
    evaluated.eval()
    if saved:
        resumed = ScheduleFreePolyak([other], lr=0.3)
        resumed.load_state_dict(copy.deepcopy(evaluated.state_dict()))
        evaluated = resumed
    assert not torch.equal(x, other)
    evaluated.train()
    assert torch.equal(x, other)
    assert set(evaluated.state[other]) == set(optimizer.state[x])
    for k in (4, 5):
        take(x, optimizer, k)
        take(other, evaluated, k)
        assert torch.equal(x, other)


def test_a_schedule_of_sgdm_with_random_scaling_is_of_each_gradient() -> None:
    """Δ is kept, and not the average of the gradients: a past one has the η of its time."""
    etas, x = (0.1, 0.02, 0.0, 0.3, 0.01), torch.nn.Parameter(torch.zeros(2, dtype=torch.float64))
    optimizer = SgdmRandomScaling([x], lr=1.0, beta=0.9, mu=10.0, seed=3)
    delta, at, scales = np.zeros(2), np.zeros(2), exponential(3)
    for k, eta in enumerate(etas):
        g = np.array([1.0 + k, -2.0])
        x.grad = torch.tensor(g)
        optimizer.param_groups[0]["lr"] = eta
        optimizer.step(loss=0.0)
        delta = 0.9 / (1 + 10 * eta) * (delta - eta * g)
        at = at + next(scales) * (delta if eta else 0.0)  # where η is 0 nothing moves
        np.testing.assert_allclose(x.detach().numpy(), at, rtol=1e-14)


def test_groups_of_sgdm_with_random_scaling_may_have_rates_of_their_own() -> None:
    params = [torch.nn.Parameter(torch.zeros(2, dtype=torch.float64)) for _ in range(2)]
    groups = [{"params": [p], "lr": lr} for p, lr in zip(params, (0.1, 0.01), strict=True)]
    optimizer = SgdmRandomScaling(groups)
    for p in params:
        p.grad = torch.ones_like(p)
    optimizer.step(loss=0.0)
    s = next(exponential(0))
    for p, lr in zip(params, (0.1, 0.01), strict=True):
        expected = -s * 0.99 / (1 + 100 * lr) * lr
        np.testing.assert_allclose(p.detach().numpy(), expected, rtol=1e-14)


def test_the_adaptive_momentum_is_0_at_r_of_1_and_large_for_a_stiff_parameter() -> None:
    """On ½ h x² the first step makes ``r = lr h``; each parameter has its own."""
    curvatures = (1.0, 0.25, 3.0)
    params = [torch.nn.Parameter(torch.ones(2, dtype=torch.float64)) for _ in curvatures]
    optimizer = AdaptiveNhb(params, lr=1.0, delta=0.1)
    for _ in range(2):
        for p, h in zip(params, curvatures, strict=True):
            p.grad = h * p.detach()
        optimizer.step(loss=0.0)
    for p, h, beta in zip(params, curvatures, (0.0, 0.36, 0.25), strict=True):
        x = 1 - h
        m = beta * h + (1 - beta) * h * x
        np.testing.assert_allclose(p.detach().numpy(), x - m, rtol=1e-15, atol=1e-16)


@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_a_decay_at_x_takes_blocks_and_none_the_fused_path(decay: float) -> None:
    """The kernels know no decay at x; a λ that changes makes another plan, and the same steps."""
    points = []
    for foreach in (None, False):
        x = torch.nn.Parameter(torch.linspace(-1, 2, 5, dtype=torch.float64))
        optimizer = IamAdam([x], weight_decay=0.0, foreach=foreach)
        for k in range(6):
            x.grad = torch.sin(x.detach() + k)
            optimizer.param_groups[0]["weight_decay"] = decay if k > 2 else 0.0
            optimizer.step(loss=1.0 + k)
            if foreach is None and library.unavailable() == "":
                assert ("blocks" in optimizer.path) is (k > 2 and decay > 0)
        points.append(x.detach().clone())
    torch.testing.assert_close(*points, rtol=0, atol=1e-15)


def test_a_decay_at_x_needs_a_model_of_the_newest_gradient() -> None:
    class Averaged(IamAdam):
        @staticmethod
        def method(h: dict[str, Any]) -> Method:
            return replace(IamAdam.method(h), beta=0.5)

    params = [torch.nn.Parameter(torch.ones(2))]
    Averaged(params)
    with pytest.raises(ValueError, match=r"beta = 0.5 together with a decay at x; allowed: 0"):
        Averaged(params, weight_decay=0.1)


def test_what_a_decay_at_x_leads_to_is_known_for_parameters_that_are_frozen_next() -> None:
    """``<g_k, z_{k+1}> - γ_k`` is kept: a frozen parameter leaves the line's value as it was."""
    params = [torch.nn.Parameter(torch.ones(2, dtype=torch.float64)) for _ in range(2)]
    optimizer = IamAdam(params, lr=0.1, weight_decay=0.5)
    for k in range(3):
        for i, p in enumerate(params):
            p.grad = torch.full_like(p, 1.0 + i + k)
        optimizer.step(loss=5.0)
    model = optimizer.state[params[0]]["model"]
    led = sum(float((p.grad * optimizer.state[p]["base_point"]).sum()) for p in params)
    offset = led - float(model[INDEX["inner_avg"]])
    assert float(model[INDEX["offset"]]) == pytest.approx(offset, rel=1e-13)


def test_random_scales_are_exponential_and_depend_on_the_seed() -> None:
    """10000 numbers: mean within 5 standard errors (0.01); P(s < ln 2) = ½ within 5 (0.005).

    Seeds are fixed; a right generator fails with probability below 2e-6.
    """
    from momo.core.random import uniform

    steps = torch.arange(1, 10001)
    drawn = -uniform(3, steps).log()
    assert abs(float(drawn.mean()) - 1) < 0.05
    assert abs(float((drawn < math.log(2)).double().mean()) - 0.5) < 0.025
    # Neighbours are not correlated.
    assert abs(float(((drawn[1:] - 1) * (drawn[:-1] - 1)).mean())) < 0.05
    assert not torch.equal(drawn, -uniform(4, steps).log())
    for seed in (0, 3, 2**63 + 5, 2**64 - 1):
        ours = uniform(seed, torch.tensor(11))
        assert float(ours) == uniform(seed, 11)


def test_seeds_make_other_steps() -> None:
    points = [trajectory(lambda p, s=seed: MomoRandomScaling(p, 0.1, seed=s), 0) for seed in (0, 1)]
    assert not np.allclose(points[0][1], points[1][1])


# ---- arguments -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", METHODS)
def test_the_defaults_of_the_table_are_those_of_the_class(name: str) -> None:
    row = METHODS[name]
    p = torch.nn.Parameter(torch.ones(2, 2))
    (default,) = row.torch_class()([p], **row.fixed).param_groups  # type: ignore[arg-type]
    (table,) = row.torch_class()([p], **row.torch_arguments(row.defaults)).param_groups  # type: ignore[arg-type]
    assert {k: v for k, v in default.items() if k != "params"} == {
        k: v for k, v in table.items() if k != "params"
    }


BAD = {
    "lr": (-1.0, "lr = -1.0"),
    "beta": (1.0, "beta = 1.0"),
    "betas": ((0.9, 1.0), r"betas\[1\] = 1.0"),
    "weight_decay": (-0.1, "weight_decay = -0.1"),
    "eps": (0.0, "eps = 0.0"),
    "lb": (math.nan, "lb = nan"),
}


@pytest.mark.parametrize(
    ("name", "argument"),
    [(name, argument) for name, row in METHODS.items() for argument in row.arguments],
)
def test_bad_arguments_are_named(name: str, argument: str) -> None:
    value, said = BAD[argument]
    with pytest.raises(ValueError, match=f"{said}.*allowed"):
        METHODS[name].torch_class()([torch.nn.Parameter(torch.ones(2))], **{argument: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: SpsMax(p, c=0.0), "c = 0.0.*allowed"),
        (lambda p: MomSps(p, c=-1.0), "c = -1.0.*allowed"),
        (lambda p: ScheduleFreePolyak(p, power=-1.0), r"power = -1\.0 is out of range; allowed"),
        (lambda p: ScheduleFreePolyak(p, power=math.inf), "power = inf is out of range; allowed"),
        (lambda p: SgdmRandomScaling(p, mu=math.inf), "mu = inf is out of range; allowed"),
        (lambda p: ScheduleFreePolyak(p, floor=math.nan), "floor = nan is out of range; allowed"),
        (lambda p: ScheduleFreePolyak(p, floor="first"), "floor = 'first' is no number; allowed"),
        (lambda p: ImaSpsSafe(p, floor=None), "floor = None.*allowed"),
        (lambda p: ImaSpsSafe(p, floor=math.inf), "floor = inf is out of range; allowed"),
        (lambda p: IamAdam(p, decay=None), "decay = None; allowed"),
        (lambda p: SgdmRandomScaling(p, lr=math.inf), "lr = inf.*allowed"),
        (lambda p: SgdmRandomScaling(p, mu=-1.0), r"mu = -1\.0 is out of range; allowed"),
        (lambda p: AdaptiveNhb(p, lr=math.inf), "lr = inf.*allowed"),
        (lambda p: AdaptiveNhb(p, delta=0.0), "delta = 0.0; allowed"),
        (lambda p: AdaptiveNhb(p, delta=1.5), "delta = 1.5; allowed"),
        (lambda p: MomoRandomScaling(p, seed=0.5), "seed = 0.5; allowed"),
        (lambda p: ScionMomo(p, spectral=1), "spectral = 1; allowed"),
        (lambda p: ScionMomo(p, start="last"), "start = 'last'; allowed: 'first', 'zero'"),
        (lambda p: ScionMomo(p, start=0), "start = 0; allowed: 'first', 'zero'"),
        (lambda p: MuonAdamMomo(p, radius=0.0), "radius = 0.0 is out of range; allowed"),
        (lambda p: MuonAdamMomo(p, radius="big"), "radius = 'big'; allowed: 'one', 'shape'"),
        (lambda p: MuonMaxMomo(p, stale_norm=1), "stale_norm = 1; allowed"),
    ],
)
def test_bad_arguments_of_one_class(make: Callable[[Any], Any], said: str) -> None:
    with pytest.raises((ValueError, TypeError), match=said):
        make([torch.nn.Parameter(torch.ones(2))])
