# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Accumulation and clipping: the loss that goes with the gradient."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from momo.methods import PAPER as METHODS
from momo.methods import Hyperparameters
from momo.optim import AccumulatedLoss, MomentumModelOptimizer, Momo, MomoAdam, clip_grad_norm_
from momo.reference import State

EPS = torch.finfo(torch.float64).eps
LOSSES = {"squared": nn.functional.mse_loss, "absolute": nn.functional.l1_loss}
"""Means over the samples, for targets of one column."""


def network(seed: int = 0) -> nn.Sequential:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 1)).double()


def data(samples: int, seed: int = 1) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(samples, 5, generator=generator, dtype=torch.float64)
    return inputs, torch.randn(samples, 1, generator=generator, dtype=torch.float64)


def made(name: str, parameters: Any, **changes: Any) -> MomentumModelOptimizer:
    """eps = 1e-3, since Adam's D^{-1} multiplies the rounding of a gradient near 0 by 1/eps."""
    row = METHODS[name]
    hyper = Hyperparameters(**{"lr": 1.0, "eps": 1e-3, **changes})
    return row.torch_class()(parameters, **row.torch_arguments(hyper))


def flat(tensors: Any) -> Tensor:
    return torch.cat([t.detach().reshape(-1) for t in tensors])


def grads(model: nn.Module) -> Tensor:
    return flat(p.grad for p in model.parameters())


# ---- accumulation ---------------------------------------------------------------------------


def in_parts(model: nn.Module, criterion: Callable[..., Tensor], inputs: Tensor, targets: Tensor):
    """Backward over micro-batches of 5, 1 and the rest; the losses, and the helper."""
    accumulated, sizes = AccumulatedLoss(), (5, 1, len(inputs) - 6)
    for x, y in zip(inputs.split(sizes), targets.split(sizes), strict=True):
        loss = criterion(model(x), y)
        accumulated.add(loss, share=len(x) / len(inputs)).backward()
    return accumulated, loss


@pytest.mark.parametrize("criterion", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("name", METHODS)
def test_micro_batches_take_the_step_of_the_whole_batch(
    name: str, criterion: Callable[..., Tensor]
) -> None:
    """Each step starts from the same point, so rounding does not grow: 1e-12 is 100 times the
    eps of some 50 additions in gradient and scalars."""
    parts, whole = network(), network()
    opt, other = made(name, parts.parameters()), made(name, whole.parameters())
    for k in range(8):
        inputs, targets = data(20, seed=k)
        whole.load_state_dict(parts.state_dict())
        opt.zero_grad()
        other.zero_grad()
        accumulated, _ = in_parts(parts, criterion, inputs, targets)
        loss = criterion(whole(inputs), targets)
        loss.backward()
        taken = accumulated.take()
        assert taken.item() == pytest.approx(loss.item(), rel=1e-13)
        torch.testing.assert_close(grads(parts), grads(whole), rtol=1e-12, atol=1e-14)
        opt.step(loss=taken)
        other.step(loss=loss)
        torch.testing.assert_close(
            flat(parts.parameters()), flat(whole.parameters()), rtol=1e-12, atol=1e-12
        )


@pytest.mark.parametrize("name", METHODS)
def test_the_loss_of_the_last_micro_batch_takes_another_step(name: str) -> None:
    inputs, targets = data(20)
    models = [network(), network()]
    for model, right in zip(models, (True, False), strict=True):
        opt = made(name, model.parameters(), lr=math.inf)
        accumulated, last = in_parts(model, LOSSES["squared"], inputs, targets)
        opt.step(loss=accumulated.take() if right else last)
    distance = (flat(models[0].parameters()) - flat(models[1].parameters())).norm()
    assert distance > 1e-2


def test_losses_of_low_precision_are_added_up_in_float64() -> None:
    accumulated, losses = AccumulatedLoss(), [1 + i / 128 for i in range(100)]
    for value in losses:
        accumulated.add(torch.tensor(value, dtype=torch.bfloat16, requires_grad=True), 0.01)
    assert accumulated.take().item() == pytest.approx(sum(losses) / 100, rel=1e-14)


def test_taking_begins_anew() -> None:
    accumulated = AccumulatedLoss()
    with pytest.raises(RuntimeError, match=r"allowed: after add\(loss, share\)"):
        accumulated.take()
    accumulated.add(torch.tensor(3.0), 1)
    assert accumulated.take() == 3
    with pytest.raises(RuntimeError, match="take"):
        accumulated.take()
    accumulated.add(torch.tensor(5.0), 0.5)
    assert accumulated.take() == 2.5


@pytest.mark.parametrize("share", [0.25, 0, 1, torch.tensor(0.25), torch.tensor([0.25]).double()])
@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_shares_are_numbers_or_tensors(share: float | Tensor, shape: tuple[int, ...]) -> None:
    loss = torch.full(shape, 8.0, requires_grad=True)
    accumulated = AccumulatedLoss()
    accumulated.add(loss, share).backward()
    assert loss.grad is not None
    assert loss.grad.item() == float(share)
    taken = accumulated.take()
    assert (taken.shape, taken.dtype, taken.item()) == ((), torch.float64, 8 * float(share))
    assert not taken.requires_grad


@pytest.mark.parametrize(
    ("loss", "share", "error", "message"),
    [
        (1.0, 1.0, TypeError, "loss is of type float; allowed: the tensor"),
        (torch.ones(2), 1.0, ValueError, r"loss has shape \(2,\); allowed: one element"),
        (torch.ones(()), -0.5, ValueError, "share = -0.5 is out of range"),
        (torch.ones(()), math.nan, ValueError, "share = nan"),
        (torch.ones(()), math.inf, ValueError, "share = inf"),
        (torch.ones(()), torch.ones(3), ValueError, "share"),
        (torch.ones(()), "half", TypeError, "share = 'half' is no number"),
        (torch.ones((), dtype=torch.complex64), 1.0, ValueError, "loss is of dtype"),
    ],
)
def test_wrong_accumulation_is_refused(
    loss: Any, share: Any, error: type[Exception], message: str
) -> None:
    accumulated = AccumulatedLoss()
    with pytest.raises(error, match=message):
        accumulated.add(loss, share)
    with pytest.raises(RuntimeError):
        accumulated.take()


def test_the_sum_holds_no_graph() -> None:
    accumulated, model = AccumulatedLoss(), network()
    hidden = model[0](data(3)[0])
    alive = weakref.ref(hidden)
    accumulated.add(hidden.sum(), 1)
    del hidden
    assert alive() is None


def test_a_micro_batch_that_is_not_finite_makes_the_batch_so() -> None:
    model, accumulated = network(), AccumulatedLoss()
    opt = Momo(model.parameters())
    before = flat(model.parameters())
    inputs, targets = data(4)
    accumulated.add(LOSSES["squared"](model(inputs), targets) * math.nan, 0.5).backward()
    accumulated.add(LOSSES["squared"](model(inputs), targets), 0.5).backward()
    opt.step(loss=accumulated.take())
    assert torch.equal(flat(model.parameters()), before)
    assert opt.skipped == 1


# ---- clipping -------------------------------------------------------------------------------


def sample(lb: float, seed: int = 0) -> tuple[nn.Module, Tensor]:
    """A network with gradients of a loss above lb."""
    model = network(seed)
    inputs, targets = data(6, seed)
    loss = LOSSES["squared"](model(inputs), targets) + lb
    loss.backward()
    return model, loss


@pytest.mark.parametrize("lb", [0.0, 0.7, -3.0])
@pytest.mark.parametrize("share", [0.5, 0.01, 3.0])
@pytest.mark.parametrize("name", METHODS)
def test_an_uncapped_step_is_that_of_the_sample_without_clipping(
    name: str, share: float, lb: float
) -> None:
    """Without momentum it lands where the sample's own linearisation reaches f_*.

    Rounding: n products in <g, Δx> and ||d||², a dozen operations beside, and what the sum
    ``lb + c (f - lb)`` loses is divided by c again.
    """
    model, loss = sample(lb)
    g, x = grads(model), flat(model.parameters())
    norm = g.norm().item()
    opt = made(name, model.parameters(), lr=math.inf, beta=0.0, lb=lb)
    clipped, total = clip_grad_norm_(model.parameters(), share * norm, loss, lb)
    opt.step(loss=clipped)
    reached = loss.detach() + g @ (flat(model.parameters()) - x)
    scale = loss.item() + abs(lb) + (g.abs() @ x.abs()).item()
    tolerance = (g.numel() + 20) * EPS * scale / min(share, 1)
    assert abs(reached.item() - lb) <= tolerance
    assert total.item() == pytest.approx(norm, rel=1e-14)


@pytest.mark.parametrize("name", METHODS)
def test_with_the_loss_as_it_was_the_step_overshoots(name: str) -> None:
    """f_* is passed by (1/c - 1)(f - f_*): 9 times the gap at c = 0.1."""
    model, loss = sample(0.0)
    g, x = grads(model), flat(model.parameters())
    opt = made(name, model.parameters(), lr=math.inf, beta=0.0)
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1 * g.norm().item())
    opt.step(loss=loss)
    reached = loss.detach() + g @ (flat(model.parameters()) - x)
    assert reached.item() == pytest.approx(-9 * loss.item(), rel=1e-4)  # torch's 1e-6 in c


@pytest.mark.parametrize("name", METHODS)
def test_a_capped_step_is_that_of_the_clipped_gradient(name: str) -> None:
    (model, loss), (other, _) = sample(0.5), sample(0.5)
    lr = 1e-3
    opt = made(name, model.parameters(), lr=lr, lb=0.5)
    clipped, _ = clip_grad_norm_(model.parameters(), 0.1, loss, lb=0.5)
    opt.step(loss=clipped)
    torch.nn.utils.clip_grad_norm_(other.parameters(), 0.1)
    made(name, other.parameters(), lr=lr, lb=0.5).step(loss=1e6)  # which caps any step
    assert torch.equal(flat(model.parameters()), flat(other.parameters()))
    assert opt.last is not None
    assert opt.last.step_size == opt.last.cap


@pytest.mark.parametrize("decay", [0.0, 0.1])
@pytest.mark.parametrize("name", METHODS)
def test_training_with_clipping_follows_the_reference(name: str, decay: float) -> None:
    """The reference gets every x from torch, so rounding does not grow: the averages of 10 steps
    of 29 parameters, some 300 roundings of numbers below 10."""
    lb, model = 0.2, network()
    hyper = Hyperparameters(lr=0.3, eps=1e-3, lb=lb, weight_decay=decay)
    row = METHODS[name]
    opt = row.torch_class()(model.parameters(), **row.torch_arguments(hyper))
    method, state = row.reference(hyper, ()), State()
    ratios = []
    for k in range(10):
        inputs, targets = data(4, seed=k)
        opt.zero_grad()
        loss = LOSSES["squared"](model(inputs), targets) + lb
        loss.backward()
        x, g, f = flat(model.parameters()).numpy(), grads(model).numpy(), loss.item()
        max_norm = 0.5 if k % 3 else 50.0
        c = min(1.0, max_norm / (np.linalg.norm(g) + 1e-6))
        ratios.append(c)
        x_next, state, _ = method.step(state, x, lb + c * (f - lb), c * g)
        opt.step(loss=clip_grad_norm_(model.parameters(), max_norm, loss, lb)[0])
        np.testing.assert_allclose(
            flat(model.parameters()).numpy(), x_next, rtol=0, atol=3000 * EPS
        )
    assert min(ratios) < 0.5 < 1 == max(ratios)


class Convex:
    """``f(x) = mean |A x - b|`` or its square, with values, gradients, and f* >= 0."""

    def __init__(self, seed: int, squared: bool, scale: float) -> None:
        generator = torch.Generator().manual_seed(seed)
        self.matrix = scale * torch.randn(6, 3, generator=generator, dtype=torch.float64)
        self.target = torch.randn(6, generator=generator, dtype=torch.float64)
        self.squared = squared

    def __call__(self, x: Tensor) -> Tensor:
        residual = self.matrix @ x - self.target
        return (residual.square() if self.squared else residual.abs()).mean()


points = st.lists(st.integers(-500, 500).map(lambda i: i / 100), min_size=3, max_size=3).map(
    lambda values: torch.tensor(values, dtype=torch.float64)
)


@given(
    points,
    points,
    st.integers(0, 99),
    st.booleans(),
    st.sampled_from([0.1, 1.0, 10.0]),
    st.sampled_from([0.01, 0.3, 1.0]),
    st.sampled_from([0.0, -1.0]),
)
def test_the_clipped_sample_is_a_lower_bound_of_a_convex_loss(
    x: Tensor, y: Tensor, seed: int, squared: bool, scale: float, share: float, lb: float
) -> None:
    """Equality is possible on linear pieces, up to the rounding of sums of 6 terms."""
    f = Convex(seed, squared, scale)
    p = nn.Parameter(x.clone())
    loss = f(p)
    loss.backward()
    assert p.grad is not None
    clipped, _ = clip_grad_norm_(p, share * p.grad.norm().item(), loss, lb)
    model = clipped + p.grad @ (y - x)
    size = f(y) + loss.detach() + (p.grad.abs() @ (y - x).abs()) + abs(lb)
    assert model <= f(y) + 50 * EPS * size


def test_with_the_loss_as_it_was_it_is_none() -> None:
    f, x = Convex(0, True, 1.0), torch.tensor([3.0, -2.0, 1.0], dtype=torch.float64)
    p = nn.Parameter(x.clone())
    loss = f(p)
    loss.backward()
    assert p.grad is not None
    clip_grad_norm_(p, 0.1 * p.grad.norm().item(), loss)
    y = x - 0.1 * p.grad
    assert loss.detach() + p.grad @ (y - x) > f(y) + 0.1


@pytest.mark.parametrize("foreach", [None, False, True])
@pytest.mark.parametrize("norm_type", [1.0, 2.0, math.inf])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16])
def test_the_gradients_are_clipped_by_torch(
    dtype: torch.dtype, norm_type: float, foreach: bool | None
) -> None:
    """The loss shrinks by the coefficient of the gradients: both are rounded once, the
    gradients to their dtype."""
    ours, theirs = sample(0.0)[0].to(dtype), sample(0.0)[0].to(dtype)
    kept = [p.grad.clone() for p in ours.parameters()]
    loss, norm = clip_grad_norm_(
        ours.parameters(), 0.125, 3.0, 1.0, norm_type=norm_type, foreach=foreach
    )
    expected = torch.nn.utils.clip_grad_norm_(
        theirs.parameters(), 0.125, norm_type, foreach=foreach
    )
    assert torch.equal(norm, expected)
    assert torch.equal(grads(ours), grads(theirs))
    coefficient = (loss - 1.0) / 2.0
    assert 0 < coefficient < 0.9
    for p, before in zip(ours.parameters(), kept, strict=True):
        torch.testing.assert_close(
            p.grad.double(), coefficient * before.double(), rtol=torch.finfo(dtype).eps, atol=1e-7
        )


@pytest.mark.parametrize("max_norm", [1e3, math.inf])
@pytest.mark.parametrize("lb", [0.0, -1e4, 1e4 / 3, torch.tensor(0.1)])
def test_what_is_not_clipped_keeps_its_loss_to_the_last_bit(
    lb: float | Tensor, max_norm: float
) -> None:
    model, loss = sample(0.0)
    g = grads(model)
    clipped, _ = clip_grad_norm_(model.parameters(), max_norm, loss, lb)
    assert torch.equal(clipped, loss.detach())
    assert torch.equal(grads(model), g)


@pytest.mark.parametrize(
    "loss", [2, 2.0, torch.tensor(2.0), torch.tensor([[2]]), torch.tensor(2.0, dtype=torch.float16)]
)
def test_losses_of_any_kind(loss: float | Tensor) -> None:
    p = nn.Parameter(torch.tensor([3.0, 4.0]))
    p.grad = torch.tensor([6.0, 8.0])
    clipped, norm = clip_grad_norm_(p, 5.0, loss)
    assert (clipped.shape, clipped.dtype, norm.item()) == ((), torch.float64, 10)
    assert clipped.item() == pytest.approx(1.0, rel=1e-6)  # torch adds 1e-6 to the norm


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"max_norm": -1.0}, ValueError, "max_norm = -1.0 is out of range"),
        ({"max_norm": math.nan}, ValueError, "max_norm = nan"),
        ({"max_norm": "1"}, TypeError, "max_norm = '1' is no number"),
        ({"loss": torch.ones(2)}, ValueError, r"loss has shape \(2,\)"),
        ({"loss": None}, TypeError, "loss = None"),
        ({"lb": math.nan}, ValueError, "lb = nan"),
        ({"lb": -math.inf}, ValueError, "lb = -inf"),
        ({"lb": torch.ones(2)}, ValueError, "lb is a"),
    ],
)
def test_wrong_clipping_is_refused_before_it_clips(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    p = nn.Parameter(torch.ones(2))
    p.grad = torch.tensor([6.0, 8.0])
    with pytest.raises(error, match=message):
        clip_grad_norm_(p, **{"max_norm": 1.0, "loss": 1.0, **arguments})
    assert p.grad.tolist() == [6, 8]


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_gradient_that_is_not_finite_is_still_skipped(name: str, bad: float) -> None:
    model, loss = sample(0.0)
    next(model.parameters()).grad[0, 0] = bad
    before = flat(model.parameters())
    opt = made(name, model.parameters())
    opt.step(loss=clip_grad_norm_(model.parameters(), 0.1, loss)[0])
    assert torch.equal(flat(model.parameters()), before)
    assert opt.skipped == 1
    with pytest.raises(RuntimeError, match="non-finite"):
        clip_grad_norm_(model.parameters(), 0.1, loss, error_if_nonfinite=True)


def test_a_norm_that_overflows_leaves_nothing_of_the_sample() -> None:
    """c is 0: no gradient, and the loss at its bound, so that nothing moves, and nothing breaks."""
    p = nn.Parameter(torch.ones(2000, dtype=torch.float16))
    p.grad = torch.full_like(p, 60000.0)
    opt = MomoAdam([p], lb=0.5)
    loss, norm = clip_grad_norm_(p, 1.0, 3.0, lb=0.5)
    assert norm.isinf()
    opt.step(loss=loss)
    assert (loss.item(), opt.skipped.item()) == (0.5, 0)
    assert torch.equal(p, torch.ones_like(p))
    assert opt.last is not None
    assert opt.last.step_size == 0


def test_parameters_without_gradient_and_generators() -> None:
    model, loss = sample(0.0)
    model[0].bias.grad = None
    g = flat(p.grad for p in model.parameters() if p.grad is not None)
    clipped, norm = clip_grad_norm_((p for p in model.parameters()), 0.1, loss)
    assert norm.item() == pytest.approx(g.norm().item(), rel=1e-14)
    assert clipped.item() == pytest.approx(loss.item() * 0.1 / norm.item(), rel=1e-4)
    nothing, zero = clip_grad_norm_([nn.Parameter(torch.ones(2))], 1.0, loss)
    assert (nothing.item(), zero.item()) == (loss.item(), 0)


@pytest.mark.parametrize("name", [n for n, row in METHODS.items() if not row.online])
def test_a_bound_given_with_the_step_is_given_to_both(name: str) -> None:
    """Tolerance as for the bound of the optimizer, above."""
    model, loss = sample(0.0)
    bound = loss.detach() / 2
    g, x = grads(model), flat(model.parameters())
    opt = made(name, model.parameters(), lr=math.inf, beta=0.0, lb=-5.0)
    clipped, _ = clip_grad_norm_(model.parameters(), g.norm().item() / 8, loss, bound)
    opt.step(loss=clipped, lb=bound)
    reached = loss.detach() + g @ (flat(model.parameters()) - x)
    scale = loss.item() + 5 + (g.abs() @ x.abs()).item()
    assert abs((reached - bound).item()) <= 8 * (g.numel() + 20) * EPS * scale


def test_nothing_waits_for_the_device() -> None:
    p = nn.Parameter(torch.ones(3, 2, device="meta"))
    p.grad = torch.ones_like(p)
    loss = torch.ones((), device="meta", requires_grad=True)
    for value in (loss, 2.0):
        clipped, norm = clip_grad_norm_([p], 1.0, value, torch.zeros((), device="meta"))
        assert clipped.device == norm.device == p.device
    accumulated = AccumulatedLoss()
    accumulated.add(loss, torch.ones((), device="meta"))
    accumulated.add(loss, 0.5)
    assert accumulated.take().device == p.device
    with pytest.raises(RuntimeError):  # so a value that is read would show
        clip_grad_norm_([p], 1.0, loss, error_if_nonfinite=True)
