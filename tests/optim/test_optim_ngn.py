# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Where the step sizes of coordinates have nothing to divide by, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from momo.optim import MomSpsSmooth, NgnD, NgnMdV1, NgnMdV2, SpsSafe
from momo.optim.preconditioners import Identity, NgnDiagonal

DTYPES = [torch.float32, torch.float64]


def stepped(cls: Any, loss: float, grad: list[float], dtype: torch.dtype, **given: Any) -> Any:
    """Return how far two numbers go in a step."""
    x = torch.nn.Parameter(torch.ones(2, dtype=dtype))
    x.grad = torch.tensor(grad, dtype=dtype)
    cls([x], **given).step(loss=loss)
    return 1 - x.detach()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("cls", [NgnD, NgnMdV2])
def test_a_loss_at_its_bound_or_below_moves_nothing(cls: Any, dtype: torch.dtype) -> None:
    assert stepped(cls, 0.5, [3.0, 0.0], dtype, lb=0.5).tolist() == [0, 0]
    with pytest.warns(UserWarning, match="below its lower bound"):
        assert stepped(cls, 0.5, [3.0, 0.0], dtype, lb=0.75).tolist() == [0, 0]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("lr", [0.5, torch.tensor(0.5)])
def test_each_coordinate_has_its_own_step_size(lr: Any, dtype: torch.dtype) -> None:
    """γ_j = c/(1 + c g_j²/(2f)) = 0.5/(1 + 0.5·4/2) = 1/4 of g_j = 2; and nothing of g_j = 0."""
    assert stepped(NgnD, 1.0, [2.0, 0.0], dtype, lr=lr).tolist() == [0.5, 0.0]


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_direction_at_the_ends_of_the_range(dtype: torch.dtype) -> None:
    tiny, huge = torch.finfo(dtype).tiny, torch.finfo(dtype).max
    d = torch.tensor([0.0, tiny, 1.0, huge], dtype=dtype)
    for gap in (0.0, 1.0):
        found = NgnDiagonal(Identity()).direction(d, (), 1.0, gap=gap, lr=1.0)
        assert torch.isfinite(found).all()
        assert found.tolist()[:2] == [0.0, gap * tiny]
    assert torch.equal(d, torch.tensor([0.0, tiny, 1.0, huge], dtype=dtype))  # not in place


@pytest.mark.parametrize("cls", [NgnD, NgnMdV2])
def test_without_a_cap_it_is_refused(cls: Any) -> None:
    with pytest.raises(ValueError, match=r"lr = inf is out of range; allowed: lr >= 0, finite"):
        cls([torch.nn.Parameter(torch.ones(2))], lr=math.inf)


@pytest.mark.parametrize("cls", [NgnMdV1, NgnMdV2])
def test_a_decay_of_another_form_is_refused(cls: Any) -> None:
    with pytest.raises(ValueError, match=r"decay = 'l2'; allowed: 'decoupled', 'proximal'"):
        cls([torch.nn.Parameter(torch.ones(2))], decay="l2")


@pytest.mark.parametrize(
    ("cls", "given", "said"),
    [
        (SpsSafe, {"floor": math.inf}, r"floor = inf is out of range; allowed: a finite number"),
        (
            MomSpsSmooth,
            {"first_step": 0.0},
            r"first_step = 0.0 is out of range; allowed: first_step > 0",
        ),
        (MomSpsSmooth, {"n": -1}, r"n = -1.0 is out of range; allowed: n > 0"),
    ],
)
def test_arguments_are_checked(cls: Any, given: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        cls([torch.nn.Parameter(torch.ones(2))], **given)


def test_the_first_gradient_above_0_is_the_floor() -> None:
    x = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    opt = SpsSafe([x], floor=0.0)
    moved = []
    for grad in (0.0, 2.0, 1.0):  # of f = 4: Polyak's steps are 2 and 4
        before = x.item()
        x.grad = torch.full_like(x, grad)
        opt.step(loss=4.0)
        moved.append(before - x.item())
    assert moved == [0.0, 2.0, 1.0]
