# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Gradients that are freed in the backward pass: the same steps, and what cannot work."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from momo.optim import (
    AdaLomo,
    GradientRelease,
    Iam,
    MomentumModelOptimizer,
    Momo,
    MomoAdaFactor,
    MomoAdaLomo,
    MomoAdam,
    MomoLion,
    MomoSoap,
    MuonMaxMomo,
    Recorder,
    SamPolyak,
    ScheduleFreePolyak,
)

STEPS = 6
Make = Callable[[Any], MomentumModelOptimizer]


class Net(nn.Module):
    """Two layers that share a matrix, dropout, and a parameter that is not always used."""

    def __init__(self, width: int = 8, dropout: float = 0.3) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(width, width), nn.Linear(width, width)
        self.last.weight = self.first.weight
        self.scale, self.rare = nn.Parameter(torch.ones(width)), nn.Parameter(torch.ones(()))
        self.dropout = nn.Dropout(dropout)
        self.checkpointed = False

    def forward(self, x: Tensor, rare: bool = False) -> Tensor:
        """Return numbers of the shape of x."""

        def inside(x: Tensor) -> Tensor:
            return self.dropout(torch.tanh(self.first(x)))

        hidden = checkpoint(inside, x, use_reentrant=False) if self.checkpointed else inside(x)
        out: Tensor = self.last(hidden) * self.scale
        return out * self.rare if rare else out


def loss_of(net: Net, step: int, size: float = 1.0) -> Tensor:
    generator = torch.Generator().manual_seed(step)
    x, y = torch.randn(2, 5, 8, generator=generator)
    torch.manual_seed(step)  # of the masks
    return size * (net(x, step % 3 == 1) - y).square().mean()


def parameters(net: nn.Module) -> list[Tensor]:
    return [p.detach().clone() for p in net.parameters()]


def ordinary(net: Net, optimizer: MomentumModelOptimizer, steps: int = STEPS) -> list[Tensor]:
    for k in range(steps):
        optimizer.zero_grad()
        loss = loss_of(net, k)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step(loss=loss)
    return parameters(net)


def released(net: Net, optimizer: MomentumModelOptimizer, form: Any, steps: int = STEPS) -> Any:
    with GradientRelease(optimizer, form) as release:
        for k in range(steps):
            release.step(loss_of(net, k))
            assert all(p.grad is None for p in net.parameters())
    return parameters(net)


def twins(make: Make, **path: bool) -> Any:
    """Two networks that are the same, each with its optimizer."""
    torch.manual_seed(0)
    nets = [net := Net(), deepcopy(net)]
    return [(one, partial(make, **path)(one.parameters())) for one in nets]


ONE_BY_ONE = {"foreach": False, "fused": False}


WITHOUT: dict[str, Make] = {
    "momo": partial(Momo, beta=0.0),
    "momo, decay": partial(Momo, beta=0.0, lr=0.1, weight_decay=0.1),
    "adam": partial(MomoAdam, betas=(0.0, 0.9)),
    "adafactor": partial(MomoAdaFactor, beta=0.0, weight_decay=0.1),
    "adalomo": partial(AdaLomo, lr=0.05, weight_decay=0.1),
    "momo_adalomo": partial(MomoAdaLomo, beta=0.0, lr=0.1, weight_decay=0.1),
    "starred": partial(Momo, beta=0.0, use_fstar=True),
    "soap": partial(MomoSoap, betas=(0.0, 0.9)),
}
WITH: dict[str, Make] = {
    "momo": Momo,
    "adam": partial(MomoAdam, weight_decay=0.1),
    "momo_adalomo": partial(MomoAdaLomo, lr=0.1, weight_decay=0.1),
    "soap": MomoSoap,
    "bfloat16": partial(MomoAdam, state_dtype=torch.bfloat16),
    "schedule free": ScheduleFreePolyak,
}
ANY = {"lion": partial(MomoLion, lr=1e-2), "iam": Iam}
CASES = [
    *(("exact", f"{n}, no average", make) for n, make in WITHOUT.items()),
    *(("exact", n, make) for n, make in (WITH | ANY).items()),
    *(("averaged", n, make) for n, make in WITH.items() if n not in ("schedule free", "soap")),
]


@pytest.mark.parametrize(("form", "name", "make"), CASES, ids=[f"{f}: {n}" for f, n, _ in CASES])
def test_exact_forms_are_the_ordinary_step_bit_for_bit(form: str, name: str, make: Make) -> None:
    """Also with dropout, a matrix in two places, and a parameter that some batches leave out."""
    (net, optimizer), (other, usual) = twins(make, **ONE_BY_ONE)
    start = parameters(net)
    ours, theirs = released(net, optimizer, form), ordinary(other, usual)
    assert all(map(torch.equal, ours, theirs))
    assert not any(map(torch.equal, ours, start))
    # And the ordinary step goes on from there.
    assert all(map(torch.equal, ordinary(net, optimizer), ordinary(other, usual)))


@pytest.mark.parametrize("make", [WITHOUT["adam"], WITH["adam"]], ids=["no average", "adam"])
def test_other_paths_of_the_ordinary_step_are_the_same_to_rounding(make: Make) -> None:
    (net, optimizer), (other, usual) = twins(make)
    for a, b in zip(released(net, optimizer, "exact"), ordinary(other, usual), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


def test_soap_along_its_average_is_the_ordinary_step_to_rounding() -> None:
    """Its bases have another layout once they are stored, and products another rounding."""
    (net, optimizer), (other, usual) = twins(MomoSoap, **ONE_BY_ONE)
    for a, b in zip(released(net, optimizer, "averaged"), ordinary(other, usual), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("form", ["exact", "averaged"])
def test_masks_that_are_drawn_again_in_the_backward_pass_are_the_same(form: str) -> None:
    make = WITHOUT["adam"] if form == "exact" else WITH["adam"]
    (net, optimizer), (other, usual) = twins(make, **ONE_BY_ONE)
    net.checkpointed = other.checkpointed = True
    assert all(map(torch.equal, released(net, optimizer, form), ordinary(other, usual)))


@pytest.mark.parametrize("form", ["exact", "averaged", "stale"])
def test_at_most_one_gradient_is_there_at_a_time(form: Any) -> None:
    """The ordinary step has all; and with β = 0 no average takes their place in the state."""
    make = WITH["momo"] if form == "averaged" else WITHOUT["momo"]
    (net, optimizer), (other, usual) = twins(make, **ONE_BY_ONE)
    peaks = []
    for one in (net, other):
        peaks.append(peak := [0])

        def note(_: Tensor, one: Net = one, peak: list[int] = peak) -> None:
            there = [p.grad.nbytes for p in one.parameters() if p.grad is not None]
            peak[0] = max(peak[0], sum(there))

        for p in one.parameters():
            p.register_post_accumulate_grad_hook(note)
    ordinary(other, usual)
    with GradientRelease(optimizer, form) as release:
        for k in range(3):
            release.step(loss_of(net, k))
        d = [state["grad_avg"].untyped_storage().nbytes() for state in optimizer.state.values()]
    largest = max(p.nbytes for p in net.parameters())
    total = sum(p.nbytes for p in net.parameters())
    assert (peaks[0][0], peaks[1][0]) == (largest, total)
    assert sum(d) == (total if form == "averaged" else 4 * len(d))


# ---- stale ---------------------------------------------------------------------------------------


def test_a_stale_step_is_this_loss_over_the_last_norm() -> None:
    x = nn.Parameter(torch.tensor([3.0, 4.0], dtype=torch.float64))
    with GradientRelease(Momo([x], lr=float("inf"), beta=0.0), "stale") as release:
        release.step(0.5 * x.square().sum())  # the first is exact: 12.5/25, half of the way
        assert torch.equal(x.detach(), torch.tensor([1.5, 2.0], dtype=torch.float64))
        assert release.ratio == 1
        release.step(0.5 * x.square().sum())  # 3.125/25 in the place of 3.125/6.25
        assert torch.equal(x.detach(), torch.tensor([1.5, 2.0], dtype=torch.float64) * 0.875)
        assert release.ratio == 0.25
        last = release.optimizer.last
        assert last is not None
        assert last.step_size == 0.125


def test_where_the_norm_stays_stale_steps_are_exact() -> None:
    points = []
    for form in ("stale", "exact"):
        x = nn.Parameter(torch.tensor(1.0, dtype=torch.float64))
        with GradientRelease(Momo([x], lr=0.1, beta=0.0), form) as release:
            for _ in range(20):
                release.step((x - 0.25).abs())
        points.append(x.detach())
    assert torch.equal(*points)


def test_capped_a_stale_step_is_exact() -> None:
    """α is known before the norm is."""
    make = partial(AdaLomo, lr=0.05, weight_decay=0.1)
    (net, optimizer), (other, usual) = twins(make, **ONE_BY_ONE)
    assert all(map(torch.equal, released(net, optimizer, "stale"), ordinary(other, usual)))


# ---- what surrounds it ---------------------------------------------------------------------------


def test_schedulers_state_dicts_and_frozen_parameters() -> None:
    (net, optimizer), (other, usual) = twins(WITHOUT["adam"], **ONE_BY_ONE)
    schedules = [torch.optim.lr_scheduler.StepLR(o, 1, 0.5) for o in (optimizer, usual)]
    release = GradientRelease(optimizer)
    for k in range(4):
        if k == 2:
            net.scale.requires_grad_(False)
            other.scale.requires_grad_(False)
        release.step(loss_of(net, k))
        usual.zero_grad()
        loss = loss_of(other, k)
        loss.backward()  # type: ignore[no-untyped-call]
        usual.step(loss=loss)
        for schedule in schedules:
            schedule.step()
    assert all(map(torch.equal, parameters(net), parameters(other)))
    fresh = WITHOUT["adam"](net.parameters())
    fresh.load_state_dict(optimizer.state_dict())
    release.step(loss_of(net, 5))  # the state that was saved is not needed to go on
    release.close()
    assert optimizer.last is not None
    optimizer.zero_grad()
    loss_of(net, 6).backward()  # type: ignore[no-untyped-call]
    optimizer.step(loss=1.0)


def test_what_listens_to_steps_hears_released_ones_too() -> None:
    """A recorder has the rows of ordinary steps, and what was observed is used up."""
    (net, optimizer), (other, usual) = twins(Momo, **ONE_BY_ONE)
    with Recorder(optimizer, every=2) as ours, Recorder(usual, every=2) as theirs:
        with GradientRelease(optimizer) as release:
            for k in range(STEPS):
                release.step(optimizer.observe(loss_of(net, k)))
        ordinary(other, usual)
    rows, expected = ours.to_numpy(), theirs.to_numpy()
    assert len(rows["step"]) == STEPS // 2
    assert all((rows[name] == expected[name]).all() for name in expected)
    assert optimizer.path == usual.path == "blocks"
    loss_of(net, 0).backward()  # type: ignore[no-untyped-call]  # of which nothing is heard
    with pytest.raises(ValueError, match="loss"):
        optimizer.step()


def test_no_step_in_evaluation_mode_nor_after_the_end() -> None:
    (net, optimizer), _ = twins(ScheduleFreePolyak)
    release = GradientRelease(optimizer)
    release.step(loss_of(net, 0))
    optimizer.eval()
    with pytest.raises(RuntimeError, match=r"evaluation mode, .* allowed: call train\(\)"):
        release.step(loss_of(net, 1))
    optimizer.train()
    release.step(loss_of(net, 1))
    release.close()
    with pytest.raises(RuntimeError, match="this GradientRelease is closed; allowed: a new one"):
        release.step(loss_of(net, 2))


def test_beta_cannot_rise_where_no_average_was_kept() -> None:
    """Of d nothing is there that it could be multiplied by."""
    (net, optimizer), _ = twins(WITHOUT["momo"])
    with GradientRelease(optimizer) as release:
        release.step(loss_of(net, 0))
        before = parameters(net)
        optimizer.param_groups[0]["momentum"] = 0.9
        with pytest.raises(ValueError, match="β above 0 after steps with β = 0"):
            release.step(loss_of(net, 1))
        assert all(map(torch.equal, parameters(net), before))


def test_a_sparse_gradient_is_refused_and_freed() -> None:
    embedding = nn.Embedding(5, 3, sparse=True)
    before = parameters(embedding)
    with (
        GradientRelease(Momo(embedding.parameters())) as release,
        pytest.raises(RuntimeError, match=r"of a parameter of shape \(5, 3\) has layout"),
    ):
        release.step(embedding(torch.tensor([1, 2])).square().sum())
    assert embedding.weight.grad is None
    assert all(map(torch.equal, parameters(embedding), before))


def test_an_exception_in_the_first_pass_changes_nothing() -> None:
    class Failing(torch.autograd.Function):
        """Fails in the backward pass, after the gradients of the last layer are there."""

        @staticmethod
        def forward(ctx: Any, x: Tensor) -> Tensor:
            return x.clone()

        @staticmethod
        def backward(ctx: Any, grad: Tensor) -> Tensor:
            raise ZeroDivisionError

    (net, optimizer), (other, usual) = twins(MomoAdam, **ONE_BY_ONE)
    with GradientRelease(optimizer) as release:
        release.step(loss_of(net, 0))
        handle = net.dropout.register_forward_hook(lambda *given: Failing.apply(given[-1]))  # type: ignore[no-untyped-call]
        with pytest.raises(ZeroDivisionError):
            release.step(loss_of(net, 1))
        handle.remove()
        for k in range(1, STEPS):
            release.step(loss_of(net, k))
    assert all(map(torch.equal, parameters(net), ordinary(other, usual)))


def test_a_loss_or_gradient_that_is_not_finite_is_skipped_where_that_is_known_in_time() -> None:
    (net, optimizer), _ = twins(WITHOUT["momo"])
    with GradientRelease(optimizer) as release:
        release.step(loss_of(net, 0))
        before = parameters(net)
        release.step(loss_of(net, 0, torch.inf))
        release.step(loss_of(net, 0, 1e30))  # of which the squares overflow
        assert optimizer.skipped == 2
        assert all(map(torch.equal, parameters(net), before))
        release.step(loss_of(net, 0))
        assert not all(map(torch.equal, parameters(net), before))
    (net, optimizer), _ = twins(partial(Momo, nonfinite="raise", beta=0.0))
    with (
        GradientRelease(optimizer) as release,
        pytest.raises(FloatingPointError, match="squared norm"),
    ):
        release.step(loss_of(net, 0, 1e30))
    (net, optimizer), _ = twins(Momo)
    with (
        GradientRelease(optimizer, "averaged") as release,
        pytest.raises(FloatingPointError, match="known after gradients were taken in"),
    ):
        release.step(loss_of(net, 0, 1e30))


def test_a_loss_below_its_bound_and_a_bound_with_the_batch() -> None:
    (net, optimizer), (other, usual) = twins(WITHOUT["momo"], **ONE_BY_ONE)
    with GradientRelease(optimizer) as release:
        release.step(loss_of(net, 0), lb=0.5)
    loss = loss_of(other, 0)
    loss.backward()  # type: ignore[no-untyped-call]
    usual.step(loss=loss, lb=0.5)
    assert all(map(torch.equal, parameters(net), parameters(other)))
    with (
        GradientRelease(optimizer) as release,
        pytest.warns(UserWarning, match="below its lower bound"),
    ):
        release.step(loss_of(net, 1), lb=1e3)


def test_what_cannot_work_is_refused() -> None:
    net = Net()
    with pytest.raises(TypeError, match=r"optimizer is of type SGD; allowed: one of momo\.optim"):
        GradientRelease(torch.optim.SGD(net.parameters()))  # type: ignore[arg-type]
    refused = [
        (Momo, "fast", "form = 'fast'; allowed: exact, averaged, stale"),
        (Momo, "stale", r'form = "stale" with β = 0\.9; allowed: β = 0'),
        (WITHOUT["momo"], "averaged", 'form = "averaged", but no average'),
        (MomoLion, "averaged", "allowed: β > 0 and one rate"),
        (partial(Momo, max_norm=1.0), "exact", r"max_norm = 1\.0 in param_groups\[0\]"),
        (partial(Momo, fused=True), "exact", r"fused = True in param_groups\[0\]; allowed where"),
        (MuonMaxMomo, "exact", "joins the norms of parameters"),
        (SamPolyak, "exact", "SamPolyak takes its gradients at two points; allowed where"),
    ]
    for make, form, message in refused:
        with pytest.raises(ValueError, match=message):
            GradientRelease(make(net.parameters()), form)  # type: ignore[operator, arg-type]
    optimizer = Momo(net.parameters())
    with GradientRelease(optimizer) as release:
        with pytest.raises(TypeError, match="loss has no graph"):
            release.step(torch.tensor(1.0))
        with pytest.raises(RuntimeError, match=r"optimizer\.step\(\) while its gradients"):
            optimizer.step(loss=1.0)
        loss_of(net, 0).backward()  # type: ignore[no-untyped-call]
        with pytest.raises(RuntimeError, match="has a gradient already"):
            release.step(loss_of(net, 0))


def test_a_gradient_in_parts_and_one_that_differs_between_the_passes_are_refused() -> None:
    class Drawn(torch.autograd.Function):
        """A mask that is drawn in the backward pass, whatever the forward pass did."""

        @staticmethod
        def forward(ctx: Any, x: Tensor) -> Tensor:
            return x.clone()

        @staticmethod
        def backward(ctx: Any, grad: Tensor) -> Tensor:
            return grad * (torch.rand_like(grad) > 0.5)

    # What is compared is a sum of squares; of equal numbers two masks may have the same.
    torch.manual_seed(0)
    x = nn.Parameter(torch.arange(1.0, 33.0))
    with (
        GradientRelease(Momo([x])) as release,
        pytest.raises(RuntimeError, match=r"in the second backward pass .* allowed: the same"),
    ):
        release.step(Drawn.apply(x).square().sum())  # type: ignore[no-untyped-call]

    def twice(x: Tensor) -> Tensor:
        return x.square()

    y = nn.Parameter(torch.ones(3))
    one = torch.ones(3, requires_grad=True)
    parts = [checkpoint(lambda a: twice(a * y), one, use_reentrant=True) for _ in range(2)]
    with (
        GradientRelease(Momo([y])) as release,
        pytest.raises(RuntimeError, match="got its gradient in parts"),
    ):
        release.step(torch.stack(parts).sum())


def test_a_batch_that_no_parameter_is_in_changes_nothing() -> None:
    (net, optimizer), _ = twins(WITHOUT["momo"])
    before = parameters(net)
    with GradientRelease(optimizer) as release:
        release.step(torch.ones((), requires_grad=True) * 2)
    assert all(map(torch.equal, parameters(net), before))
