# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the passes of a step have to move, against what is kept and what was counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from momo.bench.contestants import Runner, Setting, families
from momo.bench.streams import kept, method_of, state_bytes, step_bytes, traffic
from momo.methods import METHODS
from momo.methods.row import step_with
from momo.optim.settings import preconditioner_of

VECTOR = (64,)
COUNTED = {
    # the first pass reads, the second reads, the second writes
    "momo": (2, 3, 2),
    "momo_lion": (2, 3, 2),
    "momo_random_scaling": (2, 3, 2),
    "momo_adam": (3, 4, 3),
    "momo_adagrad": (3, 4, 3),
    "momo_adabelief": (3, 4, 3),
    "momo_amsgrad": (4, 5, 4),
    "iam": (4, 4, 3),
    "ngn_m": (4, 4, 3),
    "iam_adam": (5, 5, 4),
    "schedule_free_polyak": (4, 5, 4),
}


@pytest.mark.parametrize("name", COUNTED)
def test_streams_are_those_that_were_counted(name: str) -> None:
    row = METHODS[name]
    moved = traffic(method_of(row, row.defaults), VECTOR, torch.float32)
    assert tuple(map(len, (moved.first, moved.read, moved.written))) == COUNTED[name]
    assert moved.bytes == 4 * moved.count == 4 * sum(COUNTED[name])


def test_a_decay_that_the_model_knows_has_x_read_twice() -> None:
    row = METHODS["momo"]
    decayed = method_of(row, replace(row.defaults, weight_decay=0.1))
    assert traffic(decayed, VECTOR, torch.float32).count == 8
    lion = method_of(METHODS["momo_lion"], replace(row.defaults, weight_decay=0.1))
    assert traffic(lion, VECTOR, torch.float32).count == 7


def test_narrow_parameters_keep_wide_memory() -> None:
    """g twice and x twice and d thrice in 2 bytes each; v thrice in 4."""
    row = METHODS["momo_adam"]
    assert traffic(method_of(row, row.defaults), VECTOR, torch.bfloat16).bytes == 2 * 7 + 4 * 3


def test_factored_squares_are_as_good_as_nothing_and_need_the_gradient_once_more() -> None:
    row = METHODS["momo_adafactor"]
    moved = traffic(method_of(row, row.defaults), (256, 256), torch.float32)
    assert moved.count == pytest.approx(8 + 3 * 2 / 256)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("name", METHODS)
def test_the_state_is_what_the_optimizer_keeps(name: str, dtype: torch.dtype) -> None:
    """But for the numbers of the model, and one a tensor: the total weight of the memory."""
    row, shape = METHODS[name], (32, 16)
    method = method_of(row, row.defaults)
    x = torch.ones(shape, dtype=dtype, requires_grad=True)
    x.grad = torch.ones_like(x)
    optimizer = row.torch_class()([x], **row.torch_arguments(row.defaults))  # type: ignore[call-arg]
    step_with(optimizer, 1.0)
    state = optimizer.state[x]
    assert {one.name for one in kept(method, shape, dtype)} == {*state} - {"memory_weight", "model"}
    for one in kept(method, shape, dtype):
        assert one.width == state[one.name].itemsize
        assert one.share * x.numel() == state[one.name].numel()
    small = sum(state[n].nbytes for n in ("memory_weight", "model") if n in state)
    bytes_kept = sum(value.nbytes for value in state.values()) - small
    assert state_bytes(method, shape, dtype) * x.numel() == pytest.approx(bytes_kept)


def test_matrices_and_vectors_are_each_counted_as_they_are_worked_on() -> None:
    row = METHODS["muon_adam_momo"]
    method = method_of(row, row.defaults)
    assert not preconditioner_of(method, (8, 8)).elementwise
    each = 4 * (8 * 8 * 8 + 10 * 5)  # d twice and g once more; Adam's
    assert step_bytes(method, ((8, 8), (5,)), torch.float32) == each


def test_torchs_optimizers_move_what_they_keep_twice_and_read_the_gradient() -> None:
    setting = Setting(torch.device("cpu"), torch.float32)
    streams = {}
    for family in families(["momo", "momo_adam"], [], setting, "1x1000"):
        runner = Runner(family.unit, [torch.ones(1000)], [torch.ones(1000)])
        runner.step()
        streams[family.unit.name] = runner.step_bytes() / 4000
    # AdamW's count of the steps is a number: 4 bytes, read and written
    assert streams == {"SGD-M": 5, "AdamW": 7 + 2 / 1000}
