# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""SAM-Polyak: a closure that is called at x and at e, and parameters that come back to x."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from momo.optim import Momo, SamPolyak
from momo.reference import Ascent

Closure = Callable[[], Tensor]
ROUNDING = 16 * torch.finfo(torch.float64).eps
"""Of points of size 1, after a dozen operations."""


def start() -> list[nn.Parameter]:
    generator = torch.Generator().manual_seed(0)
    shapes = [(3, 2), (4,)]
    return [nn.Parameter(torch.randn(s, generator=generator, dtype=torch.float64)) for s in shapes]


def loss_of(params: list[nn.Parameter]) -> Tensor:
    return sum(((p - 0.3) ** 4).sum() for p in params)  # type: ignore[return-value]


class Seen:
    """A closure that remembers where it was called."""

    def __init__(self, opt: SamPolyak, params: list[nn.Parameter], fails: bool = False) -> None:
        self.opt, self.params, self.fails = opt, params, fails
        self.points: list[list[Tensor]] = []
        self.losses: list[Tensor] = []

    def __call__(self) -> Tensor:
        self.points.append([p.detach().clone() for p in self.params])
        if self.fails and len(self.points) == 2:
            raise RuntimeError("no more memory")
        self.opt.zero_grad()
        loss = loss_of(self.params)
        loss.backward()
        self.losses.append(loss.detach())
        return loss


def flat(tensors: list[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.concatenate([t.detach().numpy().reshape(-1) for t in tensors])


@pytest.mark.parametrize("mix", [0.0, 0.5, 1.0])
def test_it_looks_at_x_and_at_e_and_returns_the_loss_at_x(mix: float) -> None:
    params = start()
    opt = SamPolyak(params, rho=0.005, mix=mix)
    seen = Seen(opt, params)
    returned = opt.step(seen)
    x, e = map(flat, seen.points)
    grad = 4 * (x - 0.3) ** 3
    assert np.array_equal(x, flat(start()))
    np.testing.assert_allclose(e, Ascent(0.005, mix).point(x, grad), rtol=0, atol=ROUNDING)
    assert torch.equal(returned.detach(), seen.losses[0])
    # x - γ g_e, of the value at x of the line at e
    g = 4 * (e - 0.3) ** 3
    gamma = min(1.0, (float(seen.losses[1]) - g @ (e - x)) / (g @ g))
    assert 0 < gamma < 1
    np.testing.assert_allclose(flat(params), x - gamma * g, rtol=0, atol=ROUNDING)


def test_a_rho_of_its_own_for_each_group() -> None:
    params = start()
    groups = [{"params": [params[0]], "rho": 0.0}, {"params": [params[1]], "rho": 0.5}]
    opt = SamPolyak(groups)
    seen = Seen(opt, params)
    opt.step(seen)
    assert torch.equal(seen.points[0][0], seen.points[1][0])
    grads = [4 * (p - 0.3) ** 3 for p in seen.points[0]]
    norm = torch.cat([g.reshape(-1) for g in grads]).norm()
    expected = seen.points[0][1] + 0.5 * grads[1] / norm
    torch.testing.assert_close(seen.points[1][1], expected, rtol=0, atol=ROUNDING)


def test_without_a_way_up_it_is_momo() -> None:
    ours, theirs = start(), start()
    sam, momo = SamPolyak(ours, rho=0.0, beta=0.9), Momo(theirs)
    for _ in range(4):
        sam.step(Seen(sam, ours))
        momo.zero_grad()
        loss = loss_of(theirs)
        loss.backward()
        momo.step(loss=loss)
    assert all(torch.equal(p, q) for p, q in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("given", [{}, {"loss": 1.0}, {"loss": 1.0, "closure": lambda: 1.0}])
def test_a_loss_alone_is_refused(given: dict[str, Any]) -> None:
    """It is the loss at x: nothing turns SAM silently into another method."""
    params = start()
    opt = SamPolyak(params)
    loss_of(params).backward()
    with pytest.raises(ValueError, match=r"SamPolyak.step\(\) was given .*allowed: step\(closure"):
        opt.step(**given)
    assert np.array_equal(flat(params), flat(start()))


def test_a_closure_that_fails_at_e_leaves_x_as_it_was() -> None:
    params = start()
    opt = SamPolyak(params, rho=1 / 3)
    opt.step(Seen(opt, params))
    before = [p.detach().clone() for p in params]
    seen = Seen(opt, params, fails=True)
    with pytest.raises(RuntimeError, match="no more memory"):
        opt.step(seen)
    assert not np.array_equal(*map(flat, seen.points))
    assert all(torch.equal(p, x) for p, x in zip(params, before, strict=True))
    opt.step(Seen(opt, params))


def test_gradients_that_are_added_to_others_are_refused_at_x() -> None:
    params = start()
    opt = SamPolyak(params)

    def adds() -> Tensor:
        loss = loss_of(params)
        loss.backward()
        return loss

    with pytest.raises(ValueError, match=r"closure\(\) has added"):
        opt.step(adds)
    assert np.array_equal(flat(params), flat(start()))


@pytest.mark.parametrize("by", ["returned", "observed"])
def test_an_observed_loss_is_the_one_at_e(by: str) -> None:
    ours, theirs = start(), start()
    one, other = SamPolyak(ours), SamPolyak(theirs)

    def closure() -> Tensor | None:
        other.zero_grad()
        loss = loss_of(theirs)
        if by == "observed":
            for _ in range(2):
                (other.observe(loss_of(theirs)) / 2).backward()
            return None
        loss.backward()
        return loss

    for _ in range(3):
        one.step(Seen(one, ours))
        other.step(closure)
    np.testing.assert_allclose(flat(theirs), flat(ours), rtol=0, atol=ROUNDING)


def test_a_batch_that_is_left_out_is_no_step() -> None:
    params = start()
    opt = SamPolyak(params)
    assert opt.step(lambda: None) is None
    assert opt.last is None


def test_a_gradient_of_0_moves_nothing() -> None:
    params = start()
    opt = SamPolyak(params)

    def closure() -> float:
        for p in params:
            p.grad = torch.zeros_like(p)
        return 1.0

    opt.step(closure)
    assert np.array_equal(flat(params), flat(start()))


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
def test_a_gradient_that_is_not_finite_does_not_lead_anywhere(bad: float) -> None:
    """Else a model would see parameters that are NaN, and its batch norms would keep that."""
    params, points = start(), []
    opt = SamPolyak(params)

    def closure() -> float:
        points.append(flat(params).copy())
        for p in params:
            p.grad = torch.full_like(p, bad)
        return 1.0

    opt.step(closure)
    assert all(np.array_equal(x, flat(start())) for x in [*points, flat(params)])
    assert len(points) == 2
    assert opt.skipped == 1


def test_sharded_parameters_are_refused_before_anything_is_called() -> None:
    params = start()
    params[0].placements = ()  # type: ignore[attr-defined]  # as a DTensor has
    opt = SamPolyak(params)
    with pytest.raises(ValueError, match=r"sharded; allowed: whole parameters"):
        opt.step(lambda: pytest.fail("the closure was called"))


def test_complex_parameters_are_pairs() -> None:
    pairs = nn.Parameter(torch.tensor([[0.5, -0.25], [1.0, 2.0]], dtype=torch.float64))
    whole = nn.Parameter(torch.view_as_complex(pairs.detach().clone()))
    for p, view in ((pairs, lambda p: p), (whole, torch.view_as_real)):
        opt = SamPolyak([p], rho=0.5)

        def closure(opt: Any = opt, p: Any = p, view: Any = view) -> Tensor:
            opt.zero_grad()
            loss: Tensor = ((view(p) - 0.3) ** 4).sum()
            loss.backward()  # type: ignore[no-untyped-call]
            return loss

        for _ in range(3):
            opt.step(closure)
    torch.testing.assert_close(
        torch.view_as_real(whole).detach(), pairs.detach(), rtol=0, atol=ROUNDING
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rho": -0.1}, r"rho = -0.1 is out of range; allowed: rho >= 0, finite"),
        ({"mix": 1.5}, r"mix = 1.5 is out of range; allowed: 0 <= mix <= 1"),
    ],
)
def test_arguments_are_checked(given: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        SamPolyak(start(), **given)


@pytest.mark.parametrize(("lb", "below"), [(0.0, 0), (1.0, 1)])
def test_it_is_the_loss_at_e_that_is_compared_with_its_bound(lb: float, below: int) -> None:
    """Its line may well be below the bound at x, where the loss is not: here 0.5 - 2 ρ = -1.5."""
    p = nn.Parameter(torch.zeros(1, dtype=torch.float64))
    opt = SamPolyak([p], rho=1.0, lb=lb)

    def closure() -> float:
        p.grad = torch.full_like(p, 2.0)
        return 0.5

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        opt.step(closure)
    assert opt.last is not None
    assert opt.last.value == pytest.approx(-1.5)
    assert opt.below == below
    assert [str(w.message).split(":")[0] for w in told] == [
        "a loss of 0.5 lies below its lower bound (lb = 1.0)"
    ] * below
    assert all(w.filename == __file__ for w in told)
