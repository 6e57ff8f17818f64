# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The methods by name: every one builds, steps, and takes only what it uses."""

from __future__ import annotations

import copy
import io
import math
import subprocess
import sys
from dataclasses import asdict, replace
from typing import Any

import pytest
import torch
from torch.optim import Optimizer

from experiments.optimizers import OPTIMIZERS, find, resolve
from experiments.optimizers.entry import Entry
from momo.methods import METHODS, Hyperparameters

NAMES = list(OPTIMIZERS)


def start(dtype: torch.dtype = torch.float32) -> list[torch.nn.Parameter]:
    tensors = (torch.tensor([1.0, -2.0]), torch.ones(2, 3), torch.ones(1))
    return [torch.nn.Parameter(x.to(dtype)) for x in tensors]


def loss_of(params: list[torch.nn.Parameter], step: int) -> torch.Tensor:
    """Return a loss whose minimiser moves from step to step, so that gradients change sign."""
    return sum(((p - 9 * math.cos(step**2 + i)) ** 2).sum() for i, p in enumerate(params))  # type: ignore[return-value]


def train(optimizer: Optimizer, params: list[Any], entry: Entry, steps: range) -> None:
    if entry.row.modes:
        optimizer.train()  # type: ignore[attr-defined]
    for step in steps:

        def closure(step: int = step) -> torch.Tensor:
            optimizer.zero_grad()
            loss = loss_of(params, step)
            loss.backward()
            return loss

        if entry.needs_closure:
            optimizer.step(closure)
        else:
            loss = closure()
            optimizer.step(**({"loss": loss} if entry.takes_loss else {}))


def values(params: list[torch.nn.Parameter]) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in params])


def test_all_rows_of_the_table_and_all_baselines_are_there() -> None:
    baselines = (
        "sgd_m sgd_m_undampened adam adam_w adabelief adabound lion prodigy dadapt_sgd dadapt_adam"
        " dog ldog mechanic_adam_w schedule_free_sgd schedule_free_adam_w"
    )
    assert set(NAMES) == {*METHODS, *baselines.split()}
    assert all(OPTIMIZERS[name].row.title == row.title for name, row in METHODS.items())
    titles = [entry.row.title.lower() for entry in OPTIMIZERS.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", METHODS)
def test_a_row_of_the_table_says_what_its_entry_is(name: str) -> None:
    entry, row = OPTIMIZERS[name], METHODS[name]
    assert entry.row is row
    assert entry.takes_loss != entry.needs_closure
    assert entry.needs_closure == hasattr(row.torch_class(), "needs_closure")
    assert not OPTIMIZERS[row.base].takes_loss
    optimizer = entry.build(start(), row.defaults)
    assert row.modes == hasattr(optimizer, "eval") == hasattr(optimizer, "train")


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_is_consistent(name: str) -> None:
    entry = OPTIMIZERS[name]
    assert entry.name == name
    assert entry.row.source
    assert set(entry.row.uses) <= set(asdict(Hyperparameters()))
    assert "lr" in entry.row.uses
    assert list(entry.row.grid) == sorted(set(entry.row.grid))
    lr = entry.row.defaults.lr  # inf: no cap; the grid is one of caps all the same
    assert lr == float("inf") or entry.row.grid[0] <= lr <= entry.row.grid[-1]
    assert entry.row.grid[-1] < float("inf")


@pytest.mark.parametrize(
    ("name", "lrs"),
    [
        ("momo", (1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2, 1e3)),
        ("sgd_m", (1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2)),
        ("momo_adam", (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 1e1)),
        ("prox_sps", (1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2, 1e3)),
        ("alr_smag", (1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2, 1e3)),
        ("scion_momo", (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 1e1)),
        ("momo_lion", (1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)),
        ("lion", (1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)),
        ("prodigy", (1e-2, 1e-1, 1.0, 1e1, 1e2)),
        ("dog", (1e-2, 1e-1, 1.0, 1e1, 1e2)),
        ("adabound", (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 1e1)),
        ("sgd_m_undampened", (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 1e1)),
    ],
)
def test_the_grids_are_exact_decades(name: str, lrs: tuple[float, ...]) -> None:
    assert OPTIMIZERS[name].row.grid == lrs


@pytest.mark.parametrize("name", NAMES)
def test_it_learns_and_a_copy_goes_on_from_its_state(name: str) -> None:
    entry, h = find(name), resolve(name)
    params = start(torch.float64)  # in which the first steps of Mechanic are no rounding
    optimizer = entry.build(params, h)
    before = values(params)
    train(optimizer, params, entry, range(3))
    assert not torch.equal(values(params), before)

    stored = io.BytesIO()
    torch.save(optimizer.state_dict(), stored)
    stored.seek(0)
    others = [torch.nn.Parameter(p.detach().clone()) for p in params]
    other = entry.build(others, h)
    other.load_state_dict(torch.load(stored, weights_only=True))
    train(optimizer, params, entry, range(3, 6))
    train(other, others, entry, range(3, 6))
    torch.testing.assert_close(values(others), values(params), rtol=0, atol=0)


def result(name: str, h: Hyperparameters, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    params = start(dtype)
    train(find(name).build(params, h), params, find(name), range(20))
    return values(params)


@pytest.mark.parametrize("name", NAMES)
def test_it_depends_on_exactly_what_it_uses(name: str) -> None:
    entry, own = find(name), resolve(name)
    if math.isinf(own.lr):  # of which no multiple is another
        own = replace(own, lr=1.0)

    def results(h: Hyperparameters) -> torch.Tensor:
        # Cap and adaptive term each limit a step at one of the learning rates.
        # Mechanic's first steps are so short that single precision loses what ε does; DoG diverges.
        lrs = [h.lr * scale for scale in (0.01, 1, 100)]
        found = [result(name, replace(h, lr=lr), torch.float64) for lr in lrs]
        return torch.cat(found).nan_to_num()

    reference = results(own)
    for hyperparameter, value in asdict(own).items():
        other = {"lb": 1e6, "eps": 1e-3}.get(hyperparameter, 0.6 * value + 0.02)
        same = torch.equal(results(replace(own, **{hyperparameter: other})), reference)
        assert same == (hyperparameter not in entry.row.uses), hyperparameter


def test_what_is_not_given_is_the_methods_own() -> None:
    assert resolve("lion", lr=None, beta=None) == Hyperparameters(lr=1e-4, beta=0.9, beta2=0.99)
    assert resolve("prox_sps", lb=0.5) == Hyperparameters(lr=1.0, beta=0.0, lb=0.5)
    assert resolve("momo", lr=2) == Hyperparameters(lr=2.0)
    assert resolve("adam", lb=None) == OPTIMIZERS["adam"].row.defaults


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("adam", {"lb": 0.0}, "lb = 0.0 was given, but Adam does not use it; allowed with method"),
        ("prox_sps", {"beta": 0.0}, "ProxSPS does not use it"),
        ("lion", {"eps": 1e-8}, "allowed with method lion: lr, weight_decay, beta, beta2"),
        ("momo", {"momentum": 0.9}, "momentum = 0.9 was given, but MoMo does not use it"),
        ("momo", {"lr": -1.0}, r"lr = -1\.0; allowed: at least 0; inf: no cap"),
        ("momo", {"lr": float("nan")}, "lr = nan"),
        ("adam", {"lr": float("inf")}, "lr = inf; allowed: at least 0, finite"),
        ("momo", {"beta": 1.0}, r"beta = 1\.0; allowed: at least 0, below 1"),
        ("momo", {"lb": float("-inf")}, "lb = -inf"),
        ("adam", {"eps": 0.0}, "eps"),
        ("adam", {"weight_decay": -0.1}, "weight_decay"),
        ("momoadam", {}, "'momoadam' is unknown; did you mean momo_adam"),
        ("Schedule-Free-SGD", {}, "did you mean schedule_free_sgd"),
        ("zzz", {}, "unknown; allowed: momo, "),
    ],
)
def test_wrong_hyperparameters_are_refused(
    name: str, given: dict[str, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        resolve(name, **given)


def test_a_momentum_model_may_have_no_cap() -> None:
    assert resolve("schedule_free_polyak").lr == resolve("momo", lr=float("inf")).lr == float("inf")


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(TypeError, match="lr = '1' is no number; allowed: at least 0"):
        resolve("momo", lr="1")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="beta = True"):
        resolve("momo", beta=True)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("prodigy", {"lr": 0.0}),
        ("dadapt_sgd", {"lr": 0.0}),
        ("dadapt_adam", {"lr": 0.0}),
        ("dog", {"lr": 0.0}),
        ("ldog", {"lr": 0.0}),
        ("mechanic_adam_w", {"lr": 0.0}),
        ("schedule_free_sgd", {"beta": 0.0}),
        ("schedule_free_adam_w", {"beta": 0.0}),
    ],
)
def test_what_a_package_refuses_is_refused_clearly(name: str, values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=f"= 0 with method {name}; allowed: above 0"):
        find(name).build(start(), resolve(name, **values))


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.optimizers.entry.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"prodigyopt.*'\.\[baselines\]'"):
        find("prodigy").build(start(), resolve("prodigy"))
    find("adam").build(start(), resolve("adam"))


def test_prodigy_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    find("prodigy").build(start(), resolve("prodigy", weight_decay=0.1))
    assert capsys.readouterr().out == ""


def test_the_baselines_of_torch_are_the_momentum_models_when_capped() -> None:
    h = Hyperparameters(lr=1e-4)
    for momentum_model, baseline in (("momo", "sgd_m"), ("momo_adam", "adam")):
        torch.testing.assert_close(result(momentum_model, h), result(baseline, h))
    assert result("momo", Hyperparameters(lr=1e3)).isfinite().all()


def test_prox_sps_is_momo_without_momentum() -> None:
    h = Hyperparameters(lr=0.3, beta=0.0, weight_decay=0.1)
    assert torch.equal(result("prox_sps", h), result("momo", h))


def test_entries_can_be_copied() -> None:
    assert copy.deepcopy(OPTIMIZERS["lion"]).row.grid == OPTIMIZERS["lion"].row.grid


def test_names_come_without_torch() -> None:
    code = (
        "import sys, experiments.optimizers as o, experiments.schedules;"
        "o.resolve('prodigy', lr=1.0);"
        "found = {'torch', 'scipy', 'prodigyopt', 'schedulefree'} & set(sys.modules);"
        "sys.exit(str(found) if found else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "groups", "message"),
    [
        ("dog", [{}, {}], "2 groups with method dog; allowed: 1"),
        ("dadapt_sgd", [{}, {"weight_decay": 0.0}], r"weight_decay = \[0.0, 0.1\] in the groups"),
    ],
)
def test_groups_that_would_change_a_package_s_method_are_refused(
    name: str, groups: list[dict[str, float]], message: str
) -> None:
    params = [{"params": [p], **given} for p, given in zip(start(), groups, strict=False)]
    with pytest.raises(ValueError, match=message):
        find(name).build(params, resolve(name, weight_decay=0.1))


def test_dog_steps_only_from_its_points_and_with_all_gradients() -> None:
    params = start()
    optimizer: Any = find("ldog").build(params, resolve("ldog"))
    with pytest.raises(RuntimeError, match="a parameter has no gradient; DoG needs one of every"):
        optimizer.step()
    train(optimizer, params, find("ldog"), range(20))
    points = values(params)
    optimizer.eval()
    assert not torch.equal(values(params), points)
    with pytest.raises(RuntimeError, match=r"call train\(\) before a step"):
        optimizer.step()
    optimizer.train()
    assert torch.equal(values(params), points)


@pytest.mark.parametrize("name", ["dog", "ldog"])
def test_a_run_of_dog_diverges_where_the_package_would_end_it(name: str) -> None:
    params = start()
    optimizer = find(name).build(params, resolve(name))
    for param in params:
        param.grad = torch.full_like(param, math.nan)
    optimizer.step()
    assert values(params).isnan().all()
