# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Parameter groups: what is decayed and what is a matrix is said by the workload and the run."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
import torch
from experiments_runs import CPU, quick, trained, workload
from torch import nn

from experiments.config import Changes, identity, is_plain, plan
from experiments.execution.training import train
from experiments.optimizers import find
from experiments.parameter_groups import last_layer, parameter_groups, roles
from experiments.workloads import WORKLOADS
from experiments.workloads import find as workload_of


def network() -> nn.Sequential:
    """Return one parameter of every role: the embedding is the last layer of another one, too."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 3), nn.LayerNorm(3), nn.Linear(3, 2))


def names(model: nn.Module, groups: Any) -> dict[str, tuple[Any, Any]]:
    """Return of each parameter its decay and whether it is a matrix, as its group says."""
    own = {id(param): name for name, param in model.named_parameters()}
    return {
        own[id(param)]: (group.get("weight_decay"), group.get("spectral"))
        for group in groups
        for param in group["params"]
    }


def test_roles_are_those_of_the_modules_and_what_the_workload_says() -> None:
    model = network()
    assert roles(model, last_layer(model)) == {
        "0.weight": "embedding",
        "1.weight": "hidden",
        "1.bias": "vector",
        "2.weight": "vector",
        "2.bias": "vector",
        "3.weight": "head",
        "3.bias": "vector",
    }
    assert roles(nn.Linear(2, 1), last_layer(nn.Linear(2, 1))) == {
        "weight": "head",
        "bias": "vector",
    }


def test_groups_leave_out_what_the_settings_say() -> None:
    model = network()
    said = last_layer(model)
    assert list(parameter_groups(model, said)) == list(model.parameters())
    found = names(model, parameter_groups(model, said, "matrices"))
    assert {name for name, (decay, _) in found.items() if decay == 0} == {
        "1.bias", "2.weight", "2.bias", "3.bias",
    }  # fmt: skip
    found = names(model, parameter_groups(model, said, "weights", "hidden"))
    assert found.keys() == dict(model.named_parameters()).keys()
    assert {name for name, (decay, _) in found.items() if decay is None} == {"1.weight", "3.weight"}
    assert {name for name, (_, matrix) in found.items() if matrix is None} == {"1.weight"}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"4.weight": "head"}, "'4.weight' is no parameter; allowed: 0.weight, "),
        ({"1.weight": "body"}, "role of 1.weight = 'body'; allowed: hidden, embedding"),
    ],
)
def test_a_role_of_nothing_is_refused(said: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        roles(network(), said)


@pytest.mark.parametrize("name", [*WORKLOADS])
def test_what_a_workload_says_names_parameters_of_its_model(name: str) -> None:
    task = workload_of(name).presets["smoke"].build(None)
    model = task.model()
    found = roles(model, task.roles(model))
    tied_or_linear = ("lm_transformer", "gpt", "iwslt14_transformer", "synthetic_least_squares")
    assert list(found.values()).count("head") == (name not in tied_or_linear)
    assert "hidden" in found.values()


@pytest.mark.parametrize("name", [*WORKLOADS])
def test_at_the_papers_scale_the_last_layer_is_no_matrix(name: str) -> None:
    presets = workload_of(name).presets
    recorded = presets["paper"] is presets["small"]
    assert (presets["paper"].spectral, presets["small"].spectral) == (
        "all" if recorded else "hidden",
        "hidden" if name == "gpt" else "all",  # of all others there were records before
    )


def test_old_runs_are_in_one_group_and_keep_their_ids() -> None:
    run = quick("muon_adam_momo", 0.01)
    assert (run.decayed, run.spectral) == ("all", "all")
    old = {k: v for k, v in asdict(run).items() if k not in ("decayed", "spectral")}
    assert identity(json.loads(json.dumps(old))) == run.id
    assert is_plain(workload(), run)
    other = quick("muon_adam_momo", 0.01, spectral="hidden")
    assert other.id != run.id
    assert not is_plain(workload(), other)


def test_a_setting_without_effect_is_no_part_of_a_run() -> None:
    assert quick("momo", decayed="matrices") == quick("momo")  # there is no decay
    assert quick("momo", decayed="matrices", weight_decay=0.1).decayed == "matrices"
    presets = {"smoke": replace(workload().presets["smoke"], spectral="hidden", decayed="weights")}
    changed: Any = replace(workload(), presets=presets)
    assert plan(changed, "smoke", "momo_adam", 0.1) == quick("momo_adam")
    run = plan(changed, "smoke", "scion_momo", 0.1, changes=Changes(weight_decay=0.1))
    assert (run.decayed, run.spectral) == ("weights", "hidden")
    assert plan(changed, "smoke", "scion_momo", 0.1, changes=Changes(spectral="all")) == quick(
        "scion_momo"
    )


@pytest.mark.parametrize(
    ("method", "wrong", "message"),
    [
        ("momo", {"spectral": "hidden"}, "spectral = 'hidden' was given, but momo"),
        ("momo", {"decayed": "most"}, "decayed = 'most'; allowed: all, matrices, weights"),
        ("scion_momo", {"spectral": "some"}, "spectral = 'some'; allowed: all, hidden"),
    ],
)
def test_a_setting_that_there_is_not_is_refused(method: str, wrong: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        quick(method, **wrong)


def test_a_run_takes_its_steps_in_groups() -> None:
    found = workload_of("mnist_mlp")
    task = found.presets["smoke"].build(None)
    task = replace(task, train=_few(task.train))
    changes = Changes(spectral="hidden", decayed="matrices", weight_decay=0.1, epochs=1)
    run = plan(found, "smoke", "muon_adam_momo", 0.01, 0, changes)
    record = train(run, found, task, CPU)
    assert record.run["spectral"] == "hidden"
    other = replace(task, roles=lambda model: {})
    assert losses(train(run, found, other, CPU)) != losses(record)  # the head is no matrix
    plain = train(replace(run, spectral="all"), found, task, CPU)
    assert losses(plain) != losses(record)
    assert losses(plain)[0] == losses(record)[0]
    decayed = train(replace(run, decayed="all"), found, task, CPU)
    assert losses(decayed) != losses(record)


@pytest.mark.parametrize("method", ["momo", "adam", "adabelief", "lion"])
def test_undecayed_parameters_are_those_of_a_run_without_decay(method: str) -> None:
    """The only parameter of the smoke network has two axes: "matrices" is "all" for it."""
    run = quick(method, 0.01, weight_decay=0.1)
    vectors = replace(run, decayed="matrices")
    assert losses(trained(vectors)) == losses(trained(run))
    embedded = replace(_task(), roles=lambda model: {"weight": "embedding"})
    without = trained(replace(run, weight_decay=0.0))
    assert losses(trained(replace(run, decayed="weights"), task=embedded)) == losses(without)
    assert losses(without) != losses(trained(run))


@pytest.mark.parametrize("method", ["muon_adam_momo", "muon_max_momo", "scion_momo"])
def test_methods_in_a_norm_of_matrices_are_known_by_their_class(method: str) -> None:
    assert find(method).takes_spectral
    assert not find("momo_adam").takes_spectral
    assert not find("adam").takes_spectral


def losses(record: Any) -> list[float]:
    return [row["loss"] for row in record.steps]


def _task() -> Any:
    return workload().presets["smoke"].build(None)


def _few(source: Any) -> Any:
    return replace(source, tensors=tuple(tensor[:640] for tensor in source.tensors))
