# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every workload at its smoke scale: it can be learned, is the same each time, and keeps apart."""

from __future__ import annotations

import dataclasses
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import torch

from experiments.batches import FileSource, TensorSource, TokenSource
from experiments.data import DATASETS
from experiments.scales import scale_of, values_of
from experiments.windows import TokenWindows
from experiments.workload import Preset, Source, Task, Workload
from experiments.workloads import WORKLOADS, find, heading

NAMES = tuple(WORKLOADS)


@pytest.fixture(autouse=True, scope="module")
def _cache_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
    built.cache_clear()


@cache
def built(name: str) -> Task:
    return find(name).presets["smoke"].build(None)


def presets(workload: Workload) -> list[Preset]:
    return [workload.presets[scale] for scale in ("smoke", "small", "paper")]


@pytest.mark.parametrize("name", NAMES)
def test_some_steps_of_adam_reduce_the_loss(name: str) -> None:
    task, preset = built(name), find(name).presets["smoke"]
    torch.manual_seed(0)
    model = task.model()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    losses: list[float] = []
    while len(losses) < 40:
        for batch in task.train.batches(preset.batch_size, torch.randperm(len(task.train))):
            optimizer.zero_grad()
            loss = task.loss(model, batch)
            assert loss.shape == ()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    assert sum(losses[20:40]) < 0.97 * sum(losses[:20])
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())


@pytest.mark.parametrize("name", NAMES)
def test_scores_are_finite_and_repeat(name: str) -> None:
    task, workload = built(name), find(name)
    size = workload.presets["smoke"].batch_size
    torch.manual_seed(0)
    model = task.model().eval()
    with torch.no_grad():
        for source in (task.validation, task.test):
            first, second = (task.evaluate(model, source, size) for _ in range(2))
            assert first == second
            assert math.isfinite(first.loss)
            assert math.isfinite(first.score)
            if "%" in workload.score.name or workload.score.name == "BLEU":
                assert 0 <= first.score <= 100


@pytest.mark.parametrize("name", NAMES)
def test_the_score_of_an_untrained_model_is_about_the_worst(name: str) -> None:
    task, workload = built(name), find(name)
    score = workload.presets["smoke"].score or workload.score
    torch.manual_seed(1)
    with torch.no_grad():
        found = task.evaluate(task.model().eval(), task.test, 256).score
    assert abs(found - score.worst) < 0.35 * max(score.worst, 100 * score.point)


def contents(source: Source) -> list[Any]:
    if isinstance(source, TensorSource):
        return [tensor.tolist() for tensor in source.tensors]
    if isinstance(source, FileSource):
        return [[source.read(i).tolist() for i in range(len(source))]]
    if isinstance(source, TokenWindows):
        return [torch.cat([tokens for tokens, _ in source.batches(512, None)]).tolist()]
    assert isinstance(source, TokenSource)
    return [list(map(list, side)) for side in source.sentences]


@pytest.mark.parametrize("name", NAMES)
def test_a_scale_builds_the_same_task_each_time_and_draws_nothing(name: str) -> None:
    first = built(name)
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    second = find(name).presets["smoke"].build(None)
    assert torch.equal(torch.rand(1), expected)
    for part in ("train", "validation", "test"):
        assert contents(getattr(first, part)) == contents(getattr(second, part)), part
    models = []
    for task in (first, second):
        torch.manual_seed(7)
        models.append(task.model().state_dict())
    assert models[0].keys() == models[1].keys()
    assert all(torch.equal(models[0][key], models[1][key]) for key in models[0])


@pytest.mark.parametrize("name", NAMES)
def test_the_parts_are_apart(name: str) -> None:
    task = built(name)
    sizes = [len(part) for part in (task.train, task.validation, task.test)]
    assert min(sizes) >= 20
    if name != "lm_transformer":  # windows of one text: apart by construction, see its own test
        rows = [set(map(str, zip(*contents(part), strict=True))) for part in parts(task)]
        for left, right in ((0, 1), (0, 2), (1, 2)):
            assert len(rows[left] & rows[right]) <= 0.01 * min(sizes)


def parts(task: Task) -> tuple[Source, Source, Source]:
    return task.train, task.validation, task.test


@pytest.mark.parametrize("name", NAMES)
def test_a_scale_is_plain_json_and_determines_the_task(name: str) -> None:
    for preset in presets(find(name)):
        assert json.loads(json.dumps(preset.scale)) == preset.scale
        scale = preset.build.__self__  # type: ignore[attr-defined]
        assert dataclasses.is_dataclass(scale)
        assert scale.__dataclass_params__.frozen
        assert values_of(scale) == preset.scale
        assert scale_of(type(scale), preset.scale) == scale


@pytest.mark.parametrize("name", NAMES)
def test_presets_can_be_run(name: str) -> None:
    workload = find(name)
    assert (workload.name, workload.title) == (name, WORKLOADS[name].title)
    for preset in presets(workload):
        assert set(preset.data) <= set(DATASETS)
        assert preset.epochs >= 1
        assert preset.batch_size >= 1
        assert 0 <= preset.warmup < 1
        assert preset.weight_decay >= 0
        assert all(lr > 0 for grid in preset.lrs.values() for lr in grid)
        assert all(list(grid) == sorted(set(grid)) for grid in preset.lrs.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_data_that_are_listed_are_those_of_the_presets(name: str) -> None:
    presets, listed = find(name).presets, WORKLOADS[name]
    for scale, data in (("paper", listed.paper), ("small", listed.small)):
        assert presets[scale].data == (() if data is None else (data,))


def test_the_list_of_workloads_needs_no_torch() -> None:
    code = (
        "import sys; from experiments.__main__ import main;"
        "sys.exit(main(['list']) or 'torch' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert found.returncode == 0


def test_a_wrong_name_is_answered_with_near_ones() -> None:
    with pytest.raises(ValueError, match=r"workload = .mnist_mpl.*did you mean mnist_mlp"):
        find("mnist_mpl")


def test_what_small_trains_is_named_where_it_is_not_what_paper_trains() -> None:
    for name, known in WORKLOADS.items():
        scales = [find(name).presets[scale].scale for scale in ("small", "paper")]
        assert scales[0] == scales[1] or known.trained, name
        assert heading(name, known.title, "paper") == known.title
        if known.trained and not known.trained.startswith(known.title):
            shown = heading(name, known.title, "small")
            assert shown == f"{known.trained}; for {known.title}"
    assert heading("mine:WORKLOAD", "Own title", "small") == "Own title; small scale"
    variant = "experiments.workloads.cifar10_vit:OTHER"
    shown = heading(variant, f"{WORKLOADS['cifar10_vit'].title}, no dropout", "small")
    assert shown == f"{WORKLOADS['cifar10_vit'].trained}, no dropout; for ViT on CIFAR-10"
    shown = heading("mnist_mlp", "MLP on MNIST", "smoke", "fashion_slice")
    assert shown == "smoke scale on fashion slice; for MLP on MNIST"


def test_the_sizes_in_the_names_of_small_networks_are_theirs() -> None:
    small = {name: find(name).presets["small"].scale for name in WORKLOADS}
    for name in ("cifar10_resnet20", "cifar100_resnet110"):
        layers = 2 + 2 * sum(small[name]["blocks"])
        assert WORKLOADS[name].trained.startswith(f"ResNet-{layers} on")
    layers = 1 + sum(map(len, small["cifar10_vgg16"]["stages"]))
    assert WORKLOADS["cifar10_vgg16"].trained.startswith(f"VGG-{layers} on")
    for name in ("cifar10_vit", "imagenet_vit_tiny"):
        assert WORKLOADS[name].trained.startswith(f"{small[name]['depth']}-block ViT")
    levels = len(small["diffusion_unet"]["widths"])
    assert f"UNet of {levels} levels" in WORKLOADS["diffusion_unet"].trained
