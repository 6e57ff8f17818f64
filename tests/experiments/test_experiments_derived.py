# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""An optimizer class is a method as it is: ``--methods mine:Mine``."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from experiments_runs import place, quick, trained, workload
from torch import nn

from experiments import records
from experiments.config import is_plain, plan, product
from experiments.execution.processes import carry_out
from experiments.optimizers import derive, find, resolve
from momo import optim
from momo.methods import METHODS

MINE = """
import torch
from torch.optim import Optimizer
from momo.optim import Momo, MomoAdam, Iam

class Mine(Optimizer):
    def __init__(self, params, lr=0.02, momentum=0.8, weight_decay=0.5, nesterov=False, *, extra=3):
        defaults = dict(lr=lr, momentum=momentum, weight_decay=weight_decay)
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                d = self.state[p].setdefault("d", torch.zeros_like(p))
                d.mul_(group["momentum"]).add_(p.grad + group["weight_decay"] * p)
                p.sub_(group["lr"] * d)

class MyMomo(Momo):
    pass

class NoRate(Optimizer):
    def __init__(self, params, momentum=0.9): ...

class Needy(Optimizer):
    def __init__(self, params, lr, rho, *args, **kwargs): ...

class Text(Optimizer):
    def __init__(self, params, lr=0.1, betas=0.9): ...

class Zero(Optimizer):
    def __init__(self, params, lr=0.0): ...

class Flag(Optimizer):
    def __init__(self, params, lr=True): ...

class Lion(Mine):
    pass

number = 3
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine_derived.py").write_text(MINE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("mine")
def test_an_entry_is_what_the_signature_says() -> None:
    entry = find("mine_derived:Mine")
    row = entry.row
    assert (entry.name, row.title) == ("mine_derived:Mine", "Mine")
    assert set(row.uses) == {"lr", "beta", "weight_decay"}
    assert (row.defaults.lr, row.defaults.beta, row.defaults.weight_decay) == (0.02, 0.8, 0.5)
    assert row.grid == (1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0)
    assert (entry.needs, row.modes, entry.takes_spectral) == ("gradients", False, False)
    assert "mine_derived.Mine" in row.source
    with pytest.raises(ValueError, match=r"beta2 = 0\.9 was given, but Mine does not use it"):
        resolve("mine_derived:Mine", beta2=0.9)
    assert find("mine_derived:Lion").row.title == "mine_derived:Lion"  # the other is Lion


@pytest.mark.parametrize("name", ["momo", "momo_adam", "scion_momo", "iam_adam", "sam_polyak"])
def test_a_model_of_momo_is_its_row(name: str) -> None:
    """What is derived of a class is what the table of methods says of it."""
    row = METHODS[name]
    entry, own = derive(row.torch_class()), find(name)
    assert set(entry.row.uses) == set(row.uses)
    assert entry.row.defaults.lr == row.defaults.lr
    assert (entry.needs, entry.row.modes) == (own.needs, row.modes)
    assert entry.takes_spectral == own.takes_spectral


@pytest.mark.usefixtures("mine")
def test_a_run_of_a_class_is_a_run_of_its_method() -> None:
    own = trained(quick("momo", 1.0, lb=-1.0))
    derived = trained(quick("mine_derived:MyMomo", 1.0, lb=-1.0))
    assert derived.steps == own.steps
    sgd, other = quick("sgd_m_undampened", 0.05, beta=0.8), quick("mine_derived:Mine", 0.05)
    assert other.weight_decay == 0.0  # the preset's
    found, expected = ([row["loss"] for row in trained(run).steps] for run in (other, sgd))
    assert found == pytest.approx(expected, rel=1e-5)  # float32, with other roundings


@pytest.mark.usefixtures("mine")
def test_its_records_name_it(tmp_path: Path) -> None:
    runs = product(workload(), "smoke", ("mine_derived:Mine",), (0.1,), (0,))
    assert [outcome.status for outcome in carry_out(runs, place(tmp_path / "r"), 1)] == ["done"]
    (row,) = records.load(tmp_path / "r").runs.to_dicts()
    assert (row["method"], row["method_title"]) == ("mine_derived:Mine", "Mine")
    assert row["plain"]
    assert is_plain(workload(), plan(workload(), "smoke", "mine_derived:Mine", 1.0))


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("NoRate", "has no argument lr; its arguments: momentum"),
        ("Needy", "needs lr, rho, without a default; allowed: a class with defaults, or an Entry"),
        ("Text", "has the default betas = 0.9; allowed: a pair of numbers"),
        ("Zero", "has the default lr = 0.0; allowed: above 0"),
        ("Flag", "has the default lr = True; allowed: a number"),
        ("number", "is of type int; allowed: an Entry, or a class of Optimizer"),
        ("nn.Linear", "cannot be loaded"),
        ("torch.nn.Linear", "is Linear; allowed: an Entry, or a class of Optimizer"),
        ("torch.optim.LBFGS", "needs closure in a step; allowed: step()"),
    ],
)
def test_what_cannot_be_derived_is_refused(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"mine_derived:{name}.*{re.escape(message)}"):
        find(f"mine_derived:{name}")


def test_abstract_classes_and_unlimited_rates() -> None:
    with pytest.raises(ValueError, match="is abstract; it lacks"):
        derive(optim.MomentumModelOptimizer)
    entry = derive(optim.ScheduleFreePolyak)
    assert math.isinf(entry.row.defaults.lr)
    assert entry.row.grid == (1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2, 1e3)
    assert entry.row.modes


def test_fields_can_be_others() -> None:
    entry = derive(torch.optim.NAdam, "nadam", title="NAdam, mine", grid=(0.1, 1.0))
    assert (entry.name, entry.row.title, entry.row.grid) == ("nadam", "NAdam, mine", (0.1, 1.0))
    assert entry.row.defaults.eps == 1e-8
    model: Any = nn.Linear(2, 1)
    optimizer = entry.build(model.parameters(), entry.resolve({"beta": 0.5}))
    assert optimizer.param_groups[0]["betas"] == (0.5, 0.999)
