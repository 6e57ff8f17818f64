# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The table of methods, and what the two classes share with the published package."""

from __future__ import annotations

import inspect
import subprocess
import sys
from dataclasses import fields

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from optim_comparison import E, close
from optim_strategies import betas, numbers, weight_decays
from torch import Tensor

import momo
from momo.core.parts import FROM_FIRST, FROM_ZERO
from momo.methods import PAPER as METHODS
from momo.methods import Hyperparameters
from momo.optim import Momo, MomoAdam
from momo.reference import Method

# ---- the table -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", METHODS)
def test_a_row_is_complete(name: str) -> None:
    row = METHODS[name]
    assert row.name == name
    assert row.title
    values = Hyperparameters(lr=0.3, beta=0.7, weight_decay=0.2, beta2=0.6, eps=1e-3, lb=-0.5)
    arguments = row.torch_arguments(values)
    allowed = inspect.signature(row.torch_class()).parameters
    assert set(arguments) <= set(allowed)
    # Each hyper-parameter of the reference's has a name in torch, and its value arrives.
    one = row.reference(values, ())
    assert (one.lr, one.beta, one.weight_decay) == (0.3, 0.7, 0.2)
    p = torch.nn.Parameter(torch.ones(2))
    optimizer = row.torch_class()([p], **arguments)  # type: ignore[arg-type]
    (group,) = optimizer.param_groups
    (chosen,) = (one.method for one in optimizer._checked())
    assert (chosen.lr, chosen.beta, chosen.weight_decay) == (0.3, 0.7, 0.2)
    assert group["lb"] == -0.5
    own = getattr(one.preconditioner, "eps", None)
    assert getattr(chosen.preconditioner, "eps", None) == own
    assert chosen.decay.in_model == one.decay.in_model
    assert row.online == group["use_fstar"]
    assert one.lower_bound.takes_lb is not row.online


@pytest.mark.parametrize("name", METHODS)
def test_the_capped_method_differs_in_the_step_rule_alone(name: str) -> None:
    row, values = METHODS[name], Hyperparameters(lr=0.3, weight_decay=0.2)
    ours, capped = row.reference(values, ()), row.capped(values, ())
    for field in fields(Method):
        same = np.all(getattr(ours, field.name) == getattr(capped, field.name))
        if field.name == "preconditioner":
            same = type(ours.preconditioner) is type(capped.preconditioner)
        if field.name == "lower_bound":  # a capped step does not look at it
            continue
        if field.name == "decay" and row.fixed.get("divide") is False:
            same = capped.decay.move is ours.decay.move
        assert same == (field.name != "step_rule"), field.name


def test_no_two_rows_are_the_same_method() -> None:
    rows = list(METHODS.values())
    assert len({row.title for row in rows}) == len(rows)
    assert len({(row.optimizer, tuple(sorted(row.fixed.items()))) for row in rows}) == len(rows)
    assert {row.optimizer for row in rows} == {"Momo", "MomoAdam"}


def test_the_table_is_read_without_torch() -> None:
    """Else every command that lists methods would wait for torch."""
    code = "import sys, momo, momo.methods; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_package_has_the_classes_at_its_top() -> None:
    assert (momo.Momo, momo.MomoAdam) == (Momo, MomoAdam)


# ---- the published package -----------------------------------------------------------------------

EMPTY = inspect.Parameter.empty
PUBLISHED = {
    "Momo": [
        ("params", EMPTY),
        ("lr", 1.0),
        ("weight_decay", 0),
        ("beta", 0.9),
        ("lb", 0),
        ("bias_correction", False),
        ("use_fstar", False),
    ],
    "MomoAdam": [
        ("params", EMPTY),
        ("lr", 1e-2),
        ("betas", (0.9, 0.999)),
        ("eps", 1e-8),
        ("weight_decay", 0),
        ("lb", 0),
        ("divide", True),
        ("use_fstar", False),
    ],
}
"""Names, order and defaults of the constructors' arguments in momo-opt 0.1."""


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_constructors_are_the_published_ones(name: str) -> None:
    """What is new can only be given by name."""
    parameters = list(inspect.signature(getattr(momo, name)).parameters.values())
    count = len(PUBLISHED[name])
    assert [(p.name, p.default) for p in parameters[:count]] == PUBLISHED[name]
    assert all(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters[:count])
    assert all(p.kind is p.KEYWORD_ONLY for p in parameters[count:])


@pytest.mark.parametrize("name", PUBLISHED)
def test_step_takes_a_closure_or_a_loss_as_published(name: str) -> None:
    parameters = list(inspect.signature(getattr(momo, name).step).parameters.values())[1:3]
    assert [(p.name, p.default) for p in parameters] == [("closure", None), ("loss", None)]


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_defaults_are_those_of_the_first_row(name: str) -> None:
    """The paper's method is what a user gets who says nothing."""
    row = next(row for row in METHODS.values() if row.optimizer == name)
    assert row.fixed == {}
    optimizer = row.torch_class()([torch.nn.Parameter(torch.ones(2))])  # type: ignore[call-arg]
    (chosen,) = (one.method for one in optimizer._checked())
    assert chosen.beta == Hyperparameters().beta
    assert chosen.averaging == (FROM_FIRST if name == "Momo" else FROM_ZERO)
    if name == "MomoAdam":
        assert chosen.preconditioner.beta2 == Hyperparameters().beta2  # type: ignore[attr-defined]
        assert chosen.preconditioner.eps == Hyperparameters().eps  # type: ignore[attr-defined]


class Published:
    """The published formulas for one group and one vector, written out anew.

    ``adam`` is (β2, ε), or None for MoMo.
    """

    def __init__(
        self,
        lr: float,
        weight_decay: float,
        beta: float,
        lb: float,
        use_fstar: bool,
        from_zero: bool,
        adam: tuple[float, float] | None = None,
        divide: bool = True,
    ) -> None:
        self.lr, self.weight_decay, self.beta, self.lb = lr, weight_decay, beta, lb
        self.use_fstar, self.from_zero, self.adam = use_fstar, from_zero, adam
        self.divide, self.floor, self.k = divide, lb, 0
        self.f = self.d = self.gamma = self.v = torch.zeros((), dtype=torch.float64)

    def step(self, x: Tensor, f: float, g: Tensor) -> Tensor:
        """Return the next point; what is used of the bound, τ and ||d||² is left in self."""
        b, shrink = self.beta, 1 + self.lr * self.weight_decay
        self.k += 1
        if self.k == 1 and not self.from_zero:
            self.f, self.d, self.gamma = torch.full_like(self.f, f), g, g @ x
        self.f = b * self.f + (1 - b) * f
        self.d = b * self.d + (1 - b) * g
        self.gamma = b * self.gamma + (1 - b) * (g @ x)
        rho = 1 - b**self.k if self.from_zero else 1.0
        diagonal = torch.ones_like(x)
        if self.adam is not None:
            beta2, eps = self.adam
            self.v = beta2 * self.v + (1 - beta2) * g * g
            diagonal = eps + (self.v / (1 - beta2**self.k)).sqrt()
        self.direction = self.d / diagonal
        self.norm = float(self.d @ self.direction)
        inner = self.d @ x
        c = float(shrink * (self.f - self.gamma) + inner)
        if self.use_fstar and c < shrink * rho * self.lb:
            self.lb = max(c / (2 * shrink * rho), self.floor)
        self.bound, self.rho = self.lb, rho
        self.tau = min(self.lr / rho, max(c - shrink * rho * self.lb, 0.0) / self.norm)
        if self.use_fstar:
            h = float(self.f + inner - self.gamma)
            self.lb = max((h - self.tau * self.norm / 2) / rho, self.floor)
        if self.divide:
            return (x - self.tau * self.direction) / shrink
        return (1 - self.lr * self.weight_decay) * x - self.tau * self.direction


@pytest.mark.parametrize("use_fstar", [False, True])
@pytest.mark.parametrize("flag", [False, True])
@pytest.mark.parametrize("name", PUBLISHED)
@settings(max_examples=25)
@given(
    lr=st.one_of(st.just(100.0), numbers(0.004, 2)),
    weight_decay=weight_decays,
    beta=betas,
    beta2=betas,
    lb=numbers(-1, 1),
    seed=st.integers(0),
)
def test_every_step_is_the_published_one(
    name: str,
    flag: bool,
    use_fstar: bool,
    lr: float,
    weight_decay: float,
    beta: float,
    beta2: float,
    lb: float,
    seed: int,
) -> None:
    """Arguments by position. ``flag`` is bias_correction of the one class, divide of the other.

    The published loop starts each step from the optimizer's point, so that errors do not grow:
    its numbers are off by at most ``4 n (k+1) E`` times the largest thing that is averaged.
    """
    rng = np.random.default_rng(seed)
    weight, bias = (
        torch.nn.Parameter(torch.from_numpy(rng.standard_normal(s))) for s in ((3, 2), 2)
    )
    if name == "Momo":
        optimizer: torch.optim.Optimizer = Momo(
            [weight, bias], lr, weight_decay, beta, lb, flag, use_fstar
        )
        theirs = Published(lr, weight_decay, beta, lb, use_fstar, from_zero=flag)
    else:
        optimizer = MomoAdam(
            [weight, bias], lr, (beta, beta2), 1e-3, weight_decay, lb, flag, use_fstar
        )
        theirs = Published(lr, weight_decay, beta, lb, use_fstar, True, (beta2, 1e-3), flag)

    def vector(which: str) -> Tensor:
        values = (p.grad if which == "grad" else p.detach() for p in (weight, bias))
        return torch.cat([value.flatten() for value in values])

    largest = 0.0
    for k in range(5):
        inputs, targets = (torch.from_numpy(rng.standard_normal((4, n))) for n in (3, 2))

        def closure(inputs: Tensor = inputs, targets: Tensor = targets) -> Tensor:
            optimizer.zero_grad()
            loss = (inputs @ weight + bias - targets).square().mean()
            loss.backward()
            return loss

        x = vector("x").clone()
        if k % 2:
            loss = closure()
            assert optimizer.step(loss=loss) is loss
        else:
            loss = optimizer.step(closure)
        g, f = vector("grad"), loss.item()
        expected = theirs.step(x, f, g)
        largest = max(
            largest, abs(f) + abs(lb) + float(g.abs() @ x.abs()), float(theirs.d.abs() @ x.abs())
        )
        error = 32 * (k + 2) * E * largest / theirs.rho
        last = optimizer.last
        close(last.lower_bound, theirs.bound, error)
        shrink = 1 + lr * weight_decay
        error_tau = error * shrink / theirs.norm + 64 * E * theirs.tau / theirs.rho
        close(last.step_size, theirs.tau, error_tau)
        length = theirs.direction.abs().numpy()
        size = shrink * x.abs().numpy() + theirs.tau * length
        close(vector("x").numpy(), expected.numpy(), error_tau * length + 64 * E * size)
