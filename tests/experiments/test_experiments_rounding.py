# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""One rounding of the start, parts of a batch, and epochs of full batches alone."""

from __future__ import annotations

import pytest
import torch

from experiments.batches import cut
from experiments.config import Changes, Run, identity, plan
from experiments.execution.draws import round_once
from experiments.execution.training import train
from experiments.models.mlp import mlp
from experiments.records import Record
from experiments.workloads import find

WORKLOAD = find("mnist_mlp")


def trained(method: str = "momo", lr: float = 0.1, **changes: object) -> Record:
    run = plan(WORKLOAD, "smoke", method, lr, 0, Changes(epochs=1, **changes))  # type: ignore[arg-type]
    task = WORKLOAD.presets["smoke"].build(None)
    return train(run, WORKLOAD, task, torch.device("cpu"))


def test_a_rounding_moves_every_parameter_by_one_unit_at_most_and_most_of_them() -> None:
    model, moved = mlp((784, 20, 10)), mlp((784, 20, 10))
    moved.load_state_dict(model.state_dict())
    round_once(moved, 7)
    total = changed = 0
    for before, after in zip(model.parameters(), moved.parameters(), strict=True):
        up = torch.nextafter(before, torch.full_like(before, torch.inf))
        down = torch.nextafter(before, torch.full_like(before, -torch.inf))
        assert ((after == before) | (after == up) | (after == down)).all()
        total, changed = total + before.numel(), changed + int((after != before).sum())
    # Two of three move: 16 000 draws, so that one half or less has a probability below 1e-300.
    assert changed > total / 2


def test_the_same_rounding_gives_the_same_run_and_another_one_another() -> None:
    first, again = trained(rounding=1).epochs[-1], trained(rounding=1).epochs[-1]
    other, none = trained(rounding=2).epochs[-1], trained().epochs[-1]
    assert first["train_loss"] == again["train_loss"]
    assert len({first["train_loss"], other["train_loss"], none["train_loss"]}) == 3
    # The start differs by 1e-7 and an epoch has 29 steps: not by as much as another seed.
    assert first["train_loss"] == pytest.approx(none["train_loss"], rel=1e-2)


def test_a_batch_in_parts_gives_the_whole_one_s_loss_and_path() -> None:
    whole, parts = trained(), trained(accumulate=3)
    assert parts.run["steps"] == whole.run["steps"]
    # Sums in another order: single precision, over 29 steps of a stable rate.
    assert parts.epochs[-1]["train_loss"] == pytest.approx(whole.epochs[-1]["train_loss"], rel=1e-4)


def test_parts_have_all_samples_once_and_shares_that_add_up_to_one() -> None:
    batch = (torch.arange(10), torch.arange(10, 20))
    parts = cut((batch,), 4)
    assert torch.cat([part[0][0] for _, part in parts]).tolist() == list(range(10))
    assert sum(share for share, _ in parts) == pytest.approx(1, abs=1e-15)
    assert [share * 10 for share, _ in parts] == [len(part[0][1]) for _, part in parts]


def test_an_epoch_without_its_last_small_batch_has_full_batches_alone() -> None:
    whole, full = trained(batch_size=1000), trained(batch_size=1000, drop_last=True)
    assert (whole.run["steps"], full.run["steps"]) == (4, 3)  # of 3600 samples


def test_drop_last_is_refused_where_no_batch_is_full() -> None:
    with pytest.raises(ValueError, match="drop_last = True with batches of 5000 of 3600"):
        trained(batch_size=5000, drop_last=True)


def test_runs_without_these_settings_keep_the_ids_of_their_records() -> None:
    run = plan(WORKLOAD, "smoke", "momo", 0.1)
    before = {
        n: v for n, v in vars(run).items() if n not in {"accumulate", "drop_last", "rounding"}
    }
    assert identity(before) == run.id
    for changes in (Changes(accumulate=2), Changes(drop_last=True), Changes(rounding=1)):
        other: Run = plan(WORKLOAD, "smoke", "momo", 0.1, 0, changes)
        assert other.id != run.id


@pytest.mark.parametrize(("name", "value"), [("accumulate", 0), ("rounding", -1)])
def test_settings_out_of_range_are_refused(name: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"{name} = {value}; allowed: at least"):
        plan(WORKLOAD, "smoke", "momo", 0.1, 0, Changes(**{name: value}))  # type: ignore[arg-type]
