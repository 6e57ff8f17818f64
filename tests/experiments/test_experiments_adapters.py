# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Adapters: what other frameworks call is the run that this one would do."""

from __future__ import annotations

import enum
import importlib
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import polars as pl
import pytest
import torch
from experiments_runs import quick, task, trained
from torch.nn import functional

from experiments.adapters.algoperf import momo_adam
from experiments.adapters.algoperf.submission import Submission
from experiments.adapters.trainers import train_epoch, trainer_of
from experiments.adapters.tuning import objective, study
from experiments.config import Changes
from momo.optim import MomoAdam

ROOT = Path(__file__).parents[2]
WORKLOAD = "synthetic_least_squares"


def test_a_trainer_that_is_driven_from_outside_is_the_run() -> None:
    trainer = trainer_of(WORKLOAD, "smoke", "momo", 0.1, 1, device="cpu")
    trainer.begin()
    losses = []
    while trainer.goes_on():
        losses.append(train_epoch(trainer)["test_loss"])
    assert losses == [row["test_loss"] for row in trained(quick(seed=1)).epochs[1:]]


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_what_is_held_out_is_held_out_from_a_trainer(share: float) -> None:
    changes = Changes(held_out=share)
    trainer = trainer_of("cifar10_resnet20", "smoke", "momo", 0.1, changes=changes, device="cpu")
    held_out = 0 if trainer.validation is None else len(trainer.validation)
    assert held_out / (held_out + len(trainer.train)) == share


# ---- Optuna --------------------------------------------------------------------------------------


def test_optuna_gets_the_score_of_a_run_after_every_epoch() -> None:
    optuna = pytest.importorskip("optuna", reason="needs optuna, of the extra adapters")
    fixed = optuna.trial.FixedTrial({"lr": 0.1, "beta": 0.5})
    ask = objective(WORKLOAD, "momo", "smoke", ranges={"beta": (0.1, 0.9)}, device="cpu")
    record = trained(quick("momo", 0.1, beta=0.5))
    assert ask(fixed) == record.epochs[-1]["validation_score"]
    search = study(WORKLOAD, "smoke", sampler=optuna.samplers.RandomSampler(seed=0))
    search.optimize(ask, n_trials=2)
    assert search.direction.name == "MINIMIZE"
    for trial in search.trials:
        assert sorted(trial.params) == ["beta", "lr"]
        assert sorted(trial.intermediate_values) == [1, 2, 3, 4, 5]
        assert trial.value == trial.intermediate_values[5]


def test_optuna_prunes_and_a_run_that_diverges_has_the_worst_score() -> None:
    optuna = pytest.importorskip("optuna", reason="needs optuna, of the extra adapters")
    search = study(WORKLOAD, "smoke", pruner=optuna.pruners.ThresholdPruner(upper=0.0))
    search.optimize(objective(WORKLOAD, "momo", "smoke", device="cpu"), n_trials=1)
    assert search.trials[0].state.name == "PRUNED"
    assert list(search.trials[0].intermediate_values) == [1]
    ask = objective(WORKLOAD, "sgd_m", "smoke", lr=(50.0, 200.0), device="cpu")
    about = trained(quick("sgd_m", 100.0)).run
    assert about["diverged_at"] > 10  # in the second epoch: there was a score before
    assert ask(optuna.trial.FixedTrial({"lr": 100.0})) == about["worst"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"lr": (0.0, 1.0)}, "range of lr = 0.0, 1.0; allowed: above 0"),
        ({"lr": (2.0, 1.0)}, "range of lr"),
        ({"ranges": {"epochs": (1, 2)}}, "ranges of 'epochs'; allowed: beta"),
    ],
)
def test_ranges(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        objective(WORKLOAD, "momo", "smoke", **options)


def test_optuna_needs_something_held_out() -> None:
    optuna = pytest.importorskip("optuna", reason="needs optuna, of the extra adapters")
    all_in = Changes(held_out=0.0)
    ask = objective("cifar10_resnet20", "momo", "smoke", changes=all_in, device="cpu")
    with pytest.raises(ValueError, match="preset = 'smoke' holds nothing out to choose by"):
        ask(optuna.trial.FixedTrial({"lr": 0.1}))


# ---- AlgoPerf ------------------------------------------------------------------------------------


class FakeWorkload:
    """A linear classifier with AlgoPerf's signatures (its spec.py), and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def model_fn(
        self,
        params: torch.nn.Module,
        augmented_and_preprocessed_input_batch: dict[str, torch.Tensor],
        model_state: Any,
        mode: Any,
        rng: Any,
        update_batch_norm: bool,
        dropout_rate: float = 0.0,
    ) -> tuple[torch.Tensor, Any]:
        self.asked.append((mode, update_batch_norm, params.training))
        return params(augmented_and_preprocessed_input_batch["inputs"]), None

    def loss_fn(
        self,
        label_batch: torch.Tensor,
        logits_batch: torch.Tensor,
        mask_batch: torch.Tensor | None = None,
        label_smoothing: float = 0.0,
    ) -> dict[str, torch.Tensor]:
        each = functional.cross_entropy(
            logits_batch, label_batch, reduction="none", label_smoothing=label_smoothing
        )
        mask = torch.ones_like(each) if mask_batch is None else mask_batch
        return {"summed": (each * mask).sum(), "n_valid_examples": mask.sum(), "per_example": each}


@pytest.fixture
def spec(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a module that stands for AlgoPerf's."""
    package, module = ModuleType("algoperf"), ModuleType("algoperf.spec")
    mode = enum.Enum("ForwardPassMode", ["TRAIN", "EVAL"])
    module.ForwardPassMode = mode  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "algoperf", package)
    monkeypatch.setitem(sys.modules, "algoperf.spec", module)
    return mode


def batches() -> list[dict[str, torch.Tensor]]:
    generator = torch.Generator().manual_seed(0)
    mask = torch.tensor([1.0, 1.0, 1.0, 0.0])
    return [
        {
            "inputs": torch.randn(4, 5, generator=generator),
            "targets": torch.randint(3, (4,), generator=generator),
            "weights": mask,
        }
        for _ in range(6)
    ]


def test_an_algoperf_submission_takes_the_steps_of_the_optimizer(spec: Any) -> None:
    """Bit for bit: it is the same optimizer, with the mean over the samples that count."""
    torch.manual_seed(0)
    model, other = torch.nn.Linear(5, 3), torch.nn.Linear(5, 3)
    other.load_state_dict(model.state_dict())
    workload, queue = FakeWorkload(), iter(batches())
    tuned = SimpleNamespace(learning_rate=0.5, one_minus_beta1=0.25, beta2=0.99, weight_decay=0.1)
    state = momo_adam.init_optimizer_state(workload, model, None, tuned, [0, 1])
    optimizer = MomoAdam(other.parameters(), lr=0.5, betas=(0.75, 0.99), weight_decay=0.1)
    for step, batch in enumerate(batches()):
        chosen = momo_adam.data_selection(workload, queue, state, model, None, tuned, step, [0, 1])
        state, model, _ = momo_adam.update_params(
            workload, model, None, None, tuned, chosen, None, state, [], step, [0, 1]
        )
        optimizer.zero_grad()
        each = functional.cross_entropy(other(batch["inputs"]), batch["targets"], reduction="none")
        loss = (each * batch["weights"]).sum() / 3
        loss.backward()
        optimizer.step(loss=loss)
    assert torch.equal(model.weight, other.weight)
    assert set(workload.asked) == {(spec.TRAIN, True, True)}
    assert momo_adam.prepare_for_eval(
        workload, model, None, "state", tuned, None, state, [], 6, [0, 1]
    ) == (state, model, "state")


def test_an_algoperf_submission_of_any_method(spec: Any) -> None:
    torch.manual_seed(0)
    for method in ("momo", "adam", "schedule_free_sgd"):
        model, own = torch.nn.Linear(5, 3), Submission(method)
        state = own.init_optimizer_state(None, model, None, SimpleNamespace(), None)
        before = model.weight.detach().clone()
        (batch, *_) = batches()
        own.update_params(
            FakeWorkload(), model, None, None, SimpleNamespace(), batch, None, state, [], 0, None
        )
        assert not torch.equal(before, model.weight)
    with pytest.raises(ValueError, match="sam_polyak needs a closure"):
        Submission("sam_polyak")


def test_batch_sizes_of_algoperf_and_what_is_said_without_it() -> None:
    assert momo_adam.get_batch_size("wmt") == 128
    with pytest.raises(ValueError, match="workload_name = 'cifar'; allowed: criteo1tb"):
        momo_adam.get_batch_size("cifar")
    model = torch.nn.Linear(5, 3)
    state = momo_adam.init_optimizer_state(None, model, None, SimpleNamespace(), None)
    with pytest.raises(ModuleNotFoundError, match="AlgoPerf is not installed"):
        momo_adam.update_params(
            FakeWorkload(), model, None, None, None, batches()[0], None, state, [], 0, None
        )


# ---- benchopt ------------------------------------------------------------------------------------


def test_benchopt_gets_the_test_loss_where_nothing_is_held_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stand_in = SimpleNamespace(BaseObjective=object)
    monkeypatch.setitem(sys.modules, "benchopt", stand_in)
    name = "experiments.adapters.benchopt.objective"
    asked = importlib.import_module(name).Objective()
    monkeypatch.delitem(sys.modules, name)
    asked.set_data("mnist_mlp", "smoke")
    row = {"test_loss": 0.3, "test_score": 90.0, "validation_loss": 0.4, "validation_score": 88.0}
    assert asked.evaluate_result(row)["value"] == 0.4
    assert asked.evaluate_result(row)["validation_score"] == -88.0
    row |= {"validation_loss": None, "validation_score": None}
    expected = {"value": 0.3, "test_loss": 0.3, "test_score": -90.0}
    assert asked.evaluate_result(row) == expected


@pytest.mark.slow
def test_benchopt_runs_a_method_epoch_by_epoch(tmp_path: Path) -> None:
    pytest.importorskip("benchopt", reason="needs benchopt, of the extra adapters")
    folder = tmp_path / "benchmark"  # it writes beside the files
    shutil.copytree(ROOT / "experiments/adapters/benchopt", folder)
    solver, data = "method[method=momo,lr=0.1]", "workload[preset=smoke]"
    command = [sys.executable, "-m", "benchopt", "run", str(folder), "-s", solver, "-d", data]
    done = subprocess.run(
        [*command, "-n", "9", "-r", "1", "--no-plot", "--no-display"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = (folder / "outputs").glob("*.parquet")
    table = pl.read_parquet(file).sort("stop_val")
    expected = [row["test_loss"] for row in trained(quick("momo", 0.1), task=task()).epochs]
    # Torch has as many threads there as it likes: sums of 20 terms may differ by 2^-24 each.
    assert table["objective_test_loss"].to_list() == pytest.approx(expected, rel=1e-4)
