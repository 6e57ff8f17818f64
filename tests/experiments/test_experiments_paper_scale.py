# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The presets "paper": what they are, what they say of themselves, and what is set beside them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from experiments_summary_cases import Cases
from torch import nn

from experiments.__main__ import main
from experiments.batches import TensorSource, TokenSource
from experiments.config import Changes, is_plain, plan, preset_for, preset_name, product
from experiments.data.made_up import MAKERS, SAMPLES, given, made_up
from experiments.execution.processes import Place, perform
from experiments.models.vgg import vgg
from experiments.published import PUBLISHED
from experiments.records import load
from experiments.scales import later, scale_of, values_of
from experiments.summary import best, curve, finals, to_markdown, variants
from experiments.summary.beside import beside, beside_sheet, interval
from experiments.summary.decay import decay
from experiments.throughput import measure, run_steps
from experiments.workload import Preset, Task, Workload
from experiments.workloads import WORKLOADS, criteo_dlrm, find

CPU = torch.device("cpu")
ROOT = Path(__file__).parents[2]
OF_THE_PAPER = tuple(name for name in WORKLOADS if find(name).differences is not None)


def paper(name: str) -> Preset:
    return find(name).presets["paper"]


@cache
def built(name: str) -> Task:
    """Return the task at the paper's scale, of noise."""
    preset = paper(name)
    if "workers" in preset.scale:  # processes for 200 images of noise
        preset = preset.at({**preset.scale, "workers": 0})
    with ExitStack() as stack:
        for data in preset.data:
            stack.enter_context(given(data, made_up(data, 200)))
        return preset.build(None)


@pytest.fixture(autouse=True, scope="module")
def _forget() -> Iterator[None]:
    yield
    built.cache_clear()


# ---- what they are ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [  # epochs, batch, schedule, warm-up, decay, lower bound
        ("mnist_mlp", (10, 128, "constant", 0.0, 0.0, 0.0)),
        ("cifar10_resnet20", (50, 128, "constant", 0.0, 0.0, 0.0)),
        ("cifar10_vgg16", (50, 128, "constant", 0.0, 0.0, 0.0)),
        ("cifar100_resnet110", (100, 128, "constant", 0.0, 0.0, 0.0)),
        ("cifar10_vit", (200, 512, "constant", 0.0, 0.0, 0.0)),
        ("imagenet32_resnet18", (45, 128, "constant", 0.0, 0.0, 0.0)),
        ("imagenet_vit_tiny", (200, 512, "cosine", 5 / 200, 0.1, 0.0)),
        ("criteo_dlrm", (1, 128, "constant", 0.0, 0.0, 0.0)),
        ("synthetic_least_squares", (20, 20, "constant", 0.0, 0.0, -10.0)),
    ],
)
def test_presets_are_trained_as_published(name: str, expected: tuple[Any, ...]) -> None:
    found = paper(name)
    fields = ("epochs", "batch_size", "schedule", "warmup", "weight_decay", "lb")
    assert tuple(getattr(found, field) for field in fields) == expected


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("mnist_mlp", 89_610),
        ("cifar10_resnet20", 269_722),
        ("cifar100_resnet110", 1_727_962 + 90 * 65),  # 1.7 million, with 90 classes more
        # The convolutions of VGG16 with batch normalisation, and layers of 512, 512 and 10.
        ("cifar10_vgg16", 14_728_266 + 2 * (512 * 512 + 512)),
        ("cifar10_vit", 9_523_722),
        ("imagenet32_resnet18", 11_173_962 + 990 * 513),
        ("imagenet_vit_tiny", 5_717_416),
    ],
)
def test_models_are_of_the_published_size_and_nothing_is_held_out(name: str, size: int) -> None:
    task = built(name)
    assert sum(p.numel() for p in task.model().parameters()) == size
    assert task.validation is None
    assert len(task.train) == 200


def test_vgg_has_dropout_before_both_layers_of_its_head() -> None:
    head = list(built("cifar10_vgg16").model())[-7:]
    assert [type(layer) for layer in head] == [nn.Dropout, nn.Linear, nn.ReLU] * 2 + [nn.Linear]
    assert [layer.p for layer in head if isinstance(layer, nn.Dropout)] == [0.5, 0.5]
    plain = vgg(10, ((4,),))
    assert not any(isinstance(layer, nn.Dropout) for layer in plain)


def test_vit_tiny_decays_no_vector_token_or_position() -> None:
    preset = paper("imagenet_vit_tiny")
    run = plan(find("imagenet_vit_tiny"), "paper", "adam_w", 1.0)
    assert (preset.decayed, run.decayed) == ("weights", "weights")
    assert preset.scale["crop"] == "random"


def test_diffusion_is_scored_by_what_it_is_trained_on_and_dlrm_by_accuracy() -> None:
    diffusion, dlrm = paper("diffusion_unet"), paper("criteo_dlrm")
    assert diffusion.methods == ("momo_adam", "adam_w")
    assert {run.method for run in product(find("diffusion_unet"), "paper")} == {*diffusion.methods}
    task = built("diffusion_unet")
    assert len(task.test) == len(task.train) == 200
    assert getattr(task.test, "augment") is None  # noqa: B009
    assert dlrm.score is not None
    assert dlrm.score.name == "accuracy in %"


def test_accuracy_of_clicks_counts_the_right_sides_of_a_half() -> None:
    class Fixed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.logits = nn.Parameter(torch.tensor([-1.0, 2.0, 3.0, -4.0]))

        def forward(self, numbers: torch.Tensor, categories: torch.Tensor) -> torch.Tensor:
            return self.logits

    labels = torch.tensor([0.0, 1.0, 0.0, 0.0])
    source = TensorSource((torch.zeros(4, 1), torch.zeros(4, 1), labels))
    model = Fixed()
    assert criteo_dlrm.evaluate(model, source, 4, "accuracy").score == 75
    with torch.no_grad():
        model.logits[0] = float("nan")
    assert criteo_dlrm.evaluate(model, source, 4, "accuracy").score == 0


def test_seeds_start_at_one_point_at_the_papers_scale_unless_told_otherwise() -> None:
    workload = find("mnist_mlp")
    assert plan(workload, "paper", "momo", 1.0, seed=2).init_seed == 0
    other = plan(workload, "paper", "momo", 1.0, seed=2, changes=Changes(same_init=False))
    assert other.init_seed == 2
    assert plan(workload, "small", "momo", 1.0, seed=2).init_seed == 2


# ---- what they say of themselves ----------------------------------------------------------------


@pytest.mark.parametrize("name", OF_THE_PAPER)
def test_what_differs_from_the_paper_is_said(name: str) -> None:
    workload, preset = find(name), paper(name)
    rows = {row.what: row for row in workload.differences or ()}
    assert all(len(text) > 3 for row in rows.values() for text in row)
    deviations = {
        "learning rates": True,  # no grid could be confirmed
        "choice of the rate": "validation" not in preset.scale,
        "held out": preset.scale.get("validation", 0.0) > 0,
        "seeds": not preset.same_init,
    }
    for what, there in deviations.items():
        assert (what in rows) is there, what
    if not preset.drop_last and name != "synthetic_least_squares":  # whose 200 rows are 10 batches
        assert {"last batch", "batches"} & {*rows}


def test_the_paper_has_all_but_three_of_the_workloads() -> None:
    assert {*WORKLOADS} - {*OF_THE_PAPER} == {"lm_transformer", "gpt", "image_completion"}


def test_differences_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "criteo_dlrm", "lm_transformer"]) == 0
    said = capsys.readouterr().out
    for word in ("hashed", "perceptrons", "dense"):  # cells are folded
        assert word in said
    assert "The paper has no such experiment." in said


# ---- what is held out ---------------------------------------------------------------------------


def test_a_scale_leaves_out_later_fields_that_are_as_they_were() -> None:
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Scale:
        width: tuple[tuple[int, ...], ...] = ((1,), (2, 3))
        share: float = later(0.1)

    assert values_of(Scale()) == {"width": [[1], [2, 3]]}
    other = Scale(share=0.0)
    assert values_of(other) == {"width": [[1], [2, 3]], "share": 0.0}
    assert scale_of(Scale, values_of(other)) == other
    assert scale_of(Scale, values_of(Scale())) == Scale()
    with pytest.raises(ValueError, match=r"scale = .*depth.* cannot be built"):
        scale_of(Scale, {"depth": 3})


def test_what_is_held_out_can_be_chosen() -> None:
    workload = find("mnist_mlp")
    for share in (0.0, 0.25):
        run = plan(workload, "smoke", "momo", 1.0, changes=Changes(held_out=share))
        task = preset_for(workload, run).build(None)
        held_out = 0 if task.validation is None else len(task.validation)
        assert (len(task.train), held_out) == (4000 * (1 - share), 4000 * share)
        assert (preset_name(workload, run), is_plain(workload, run)) == ("smoke", False)
    same = plan(workload, "smoke", "momo", 1.0, changes=Changes(held_out=0.1))
    assert is_plain(workload, same)
    # A field that came later is no part of the identity where it is what it was.
    image = find("cifar10_resnet20")
    again = plan(image, "small", "momo", 1.0, changes=Changes(held_out=0.1))
    assert again.id == plan(image, "small", "momo", 1.0).id


@pytest.mark.parametrize(
    ("name", "share", "message"),
    [
        ("mnist_mlp", 1.0, r"held_out = 1.0; allowed: at least 0, below 1"),
        ("mnist_mlp", -0.1, r"held_out = -0.1; allowed: at least 0, below 1"),
        ("criteo_dlrm", 0.1, r"held_out = 0.1; allowed: None, for these data come in parts"),
    ],
)
def test_what_cannot_be_held_out_is_refused(name: str, share: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plan(find(name), "smoke", "momo", 1.0, changes=Changes(held_out=share))


def test_a_scale_that_cannot_be_built_is_refused() -> None:
    preset = Preset(lambda root: built("mnist_mlp"), {"width": 1}, (), 1, 1)
    assert preset.at({"width": 1}) is preset
    with pytest.raises(ValueError, match=r"scale = {'width': 2}; allowed: {'width': 1}"):
        preset.at({"width": 2})
    with pytest.raises(ValueError, match=r"held_out = 0\.5; allowed: None"):
        preset.holding_out(0.5)


def test_without_a_validation_part_rates_are_chosen_on_the_test(tmp_path: Path) -> None:
    workload, changes = find("mnist_mlp"), Changes(held_out=0.0, epochs=1)
    runs = product(workload, "smoke", ("sgd_m",), (1e-4, 1e-1), (0,), changes)
    for run in runs:
        assert perform(run, Place(tmp_path, device="cpu")).status == "done"
    found = load(tmp_path)
    assert found.epochs.get_column("validation_score").is_null().all()
    assert found.epochs.get_column("test_score").is_not_null().all()
    ends = finals(found.runs, found.epochs)
    assert not ends.get_column("held_out").any()
    assert ends.get_column("validation_score").equals(ends.get_column("test_score"))
    top = best(curve(ends))
    assert top.get_column("lr").to_list() == [1e-1]
    assert not top.get_column("held_out").any()


def test_a_run_with_other_samples_held_out_is_no_variant_of_the_plain_ones() -> None:
    made = Cases()
    made.add("momo", 1.0, 90.0)
    made.add("momo", 1.0, 95.0, beta=0.5, plain=False)
    made.add("momo", 1.0, 99.0, beta=0.5, plain=False, scale='{"validation": 0}')
    found = variants(finals(made.runs, made.epochs), "beta")
    assert sorted(found.get_column("test_score")) == [90.0, 95.0]


def test_variants_start_where_the_plain_runs_do() -> None:
    made = Cases()
    for seed in (0, 1):
        made.add("momo", 1.0, 90.0, seed=seed, init_seed=0)
        made.add("momo", 1.0, 91.0, seed=seed, init_seed=0, beta=0.5, plain=False)
        made.add("momo", 1.0, 92.0, seed=seed, init_seed=5, beta=0.5, plain=False)
    found = variants(finals(made.runs, made.epochs), "beta")
    assert sorted(found.get_column("test_score")) == [90.0, 90.0, 91.0, 91.0]


# ---- what they are compared with ----------------------------------------------------------------


def published_cases() -> Cases:
    made = Cases()
    for seed, score in enumerate((88.0, 89.0, 90.0)):
        others: dict[str, Any] = {"workload": "cifar10_resnet20", "preset": "paper"}
        made.add("momo", 1.0, score, seed=seed, **others)
        made.add("momo", 10.0, 50.0, seed=seed, **others)
        made.add("adam", 1e-3, score - 1, seed=seed, **others)
        made.add("lion", 1e-3, 80.0, seed=seed, **others)
        made.add("momo", 1.0, 10.0, seed=seed, workload="cifar10_resnet20")
    return made


def test_scores_at_the_papers_scale_are_set_beside_the_published() -> None:
    made = published_cases()
    ends = finals(made.runs, made.epochs)
    rows = {row["method"]: row for row in beside(ends).iter_rows(named=True)}
    assert rows["momo"]["difference"] == pytest.approx(89.0 - 88.86)
    assert rows["momo"]["error"] == pytest.approx((1 / 3 + 0.14**2 / 3) ** 0.5)
    assert rows["adam"]["difference"] == pytest.approx(88.0 - 86.96)
    assert rows["adam"]["error"] is None  # without a published deviation
    assert {*rows} == {"momo", "adam"}
    names = {"momo": "MoMo", "adam": "Adam"}
    sheet = beside_sheet(ends, names)
    assert [row[:2] for row in sheet.rows] == [
        ("cifar10_resnet20", "Adam"),
        ("cifar10_resnet20", "MoMo"),
    ]
    assert sheet.rows[1][5:8] == ("88.86 ± 0.14", "3", "+0.14")
    assert not beside_sheet(ends.filter(preset="small"), names).rows
    assert "# Beside the published\n" in to_markdown(made)


def test_the_interval_of_a_difference_is_welchs() -> None:
    from scipy.stats import ttest_ind

    ours, theirs = np.array([88.0, 89.5, 90.0]), np.array([87.0, 87.4, 87.1, 86.8, 87.9])
    row: dict[str, Any] = {"difference": ours.mean() - theirs.mean()}
    for name, values in (("", ours), ("published_", theirs)):
        row |= {f"{name}sd": values.std(ddof=1), f"{name}n": len(values)}
    row["error"] = (ours.var(ddof=1) / 3 + theirs.var(ddof=1) / 5) ** 0.5
    expected = ttest_ind(ours, theirs, equal_var=False).confidence_interval(0.95)
    assert interval(row) == pytest.approx((expected.low, expected.high))
    assert interval({**row, "error": None}) is None


def test_published_names_are_known() -> None:
    from experiments.optimizers import find as method

    for row in PUBLISHED:
        assert row.workload in WORKLOADS
        assert method(row.method).name == row.method
        assert paper(row.workload).score is None
        assert find(row.workload).score.worst < row.score < 100
    assert len({row[:2] for row in PUBLISHED}) == len(PUBLISHED)


def test_decay_and_bound_are_compared_at_the_rates_that_all_pairs_have() -> None:
    made = Cases()
    for lr, score in ((1.0, 90.0), (10.0, 99.0)):
        made.add("momo", lr, score)
    for settings, score in (((0.1, 0.0), 91.0), ((0.0, 0.5), 92.0), ((0.1, 0.5), 93.0)):
        given_ = dict(zip(("weight_decay", "lb"), settings, strict=True))
        made.add("momo", 1.0, score, plain=False, **given_)
    found = decay(finals(made.runs, made.epochs))
    rows = {(row["weight_decay"], row["lb"]): row["score"] for row in found.iter_rows(named=True)}
    assert rows.pop((0.0, 0.0)) == 99.0  # at the rate that the others were not run at
    better = {row["score"]: row["difference"] for row in found.iter_rows(named=True)}
    assert better == {99.0: None, 91.0: 1.0, 92.0: 2.0, 93.0: 3.0}
    assert rows == {(0.1, 0.0): 91.0, (0.0, 0.5): 92.0, (0.1, 0.5): 93.0}


# ---- how long they take -------------------------------------------------------------------------


def test_the_steps_of_a_run_are_those_that_it_takes(tmp_path: Path) -> None:
    run = plan(find("mnist_mlp"), "smoke", "momo", 1e-2, changes=Changes(epochs=1))
    found = measure(run, CPU, 1)
    perform(run, Place(tmp_path, device="cpu"))
    assert found.run_steps == load(tmp_path).runs["steps"][0]
    assert found.real_data
    assert found.hours == pytest.approx(found.run_steps / found.steps_per_second / 3600)
    assert found.steps_per_second > 0
    assert found.peak_memory > 2**20


def test_batches_of_tokens_are_counted_and_not_divided() -> None:
    workload = find("iwslt14_transformer")
    run = plan(workload, "smoke", "momo", 1e-2, changes=Changes(epochs=3, batch_size=10))
    # Three of 2 tokens and four of 5 share batches of at most 10: 3, 2 and 2.
    source = TokenSource(([[7] * 2] * 3 + [[7] * 5] * 4,), 0)
    preset = workload.presets["smoke"]
    assert run_steps(run, preset, source) == 3 * 3
    assert run_steps(run, preset, source, ("iwslt14",)) == 3 * round(3 * SAMPLES["iwslt14"] / 7)
    assert run_steps(run, preset, source, ("text",)) is None


def test_data_that_are_not_there_are_made_up(tmp_path: Path) -> None:
    run = plan(find("mnist_mlp"), "paper", "sam_polyak", 1.0, changes=Changes(held_out=0.5))
    found = measure(run, CPU, 2, tmp_path)
    assert not found.real_data
    # 30 000 images in whole batches of 128, since the last is left out.
    assert found.run_steps == 10 * 234
    with pytest.raises(ValueError, match="steps = 0; allowed: at least 1"):
        measure(run, CPU, 0)


@pytest.mark.parametrize("name", MAKERS)
def test_made_up_data_are_of_the_kind_of_the_real_ones(name: str) -> None:
    from experiments.data import DATASETS
    from experiments.data import load as load_data

    splits = made_up(name, 40)
    assert isinstance(splits.train, DATASETS[name].kind)
    assert len(splits.train) == 40
    with given(name, splits):
        assert load_data(name) is splits
    with pytest.raises(ValueError, match="samples = 19; allowed: at least 20"):
        made_up(name, 19)


def test_data_in_the_repository_are_not_made_up() -> None:
    with pytest.raises(ValueError, match="made-up data = 'emoji_slice'; allowed: mnist"):
        made_up("emoji_slice", 40)


# ---- the script ---------------------------------------------------------------------------------

SCRIPT = ROOT / "scripts" / "paper_scale.sh"
LINE = re.compile(r"^line (\w+) (\d+) (\d+|unknown) (\S+) --preset paper(.*)$", re.MULTILINE)
LINES = LINE.findall(SCRIPT.read_text(encoding="utf-8"))
OTHER = "experiments.workloads.iwslt14_transformer:OTHER_DROPOUT"


@pytest.mark.parametrize(("name", "runs", "steps", "target", "options"), LINES)
def test_every_line_of_the_script_says_its_runs_and_steps(
    name: str, runs: str, steps: str, target: str, options: str
) -> None:
    workload: Workload = find(OTHER if target == "$OTHER" else target)
    said = options.split()
    methods: tuple[str, ...] = ()
    if "--methods" in said:
        rest = said[said.index("--methods") + 1 :]
        methods = tuple(word for word in rest if word[0] not in "-0123456789")
    assert int(runs) == len(product(workload, "paper", methods))
    preset = workload.presets["paper"]
    size = 200 if not preset.data else SAMPLES.get(preset.data[0])
    if target.startswith(("$OTHER", "iwslt14")) or size is None:
        assert steps == "unknown"
    else:
        whole, rest_ = divmod(size, preset.batch_size)
        assert int(steps) == preset.epochs * (whole + (rest_ > 0 and not preset.drop_last))


def test_the_script_has_all_experiments_of_the_paper_and_prints_them(tmp_path: Path) -> None:
    assert {line[3] for line in LINES} == {*OF_THE_PAPER, "$OTHER"}
    environment = {"PATH": "/usr/bin:/bin", "TIMES": str(tmp_path), "PYTHON": "python"}
    done = subprocess.run(
        ["sh", str(SCRIPT)], env=environment, check=True, capture_output=True, text=True
    )
    said = done.stdout.splitlines()
    assert len(said) == 2 * len(LINES)
    assert said[0] == "python -m experiments run mnist_mlp --preset paper"
    assert "GPU hours: not measured here; records/paper/mnist_mlp.parquet" in said[1]
    wrong = subprocess.run(["sh", str(SCRIPT), "go"], check=False, capture_output=True, text=True)
    assert (wrong.returncode, wrong.stderr.strip()) == (
        2,
        "mode = go; allowed: print, measure, run",
    )


@pytest.mark.slow
def test_the_check_of_a_gpu_runs_on_a_cpu(tmp_path: Path) -> None:
    tiny = {"DEVICE": "cpu", "PRESET": "smoke", "STEPS": "1", "METHODS": "momo"}
    environment = {**os.environ, **tiny, "OUT": str(tmp_path), "PYTHON": sys.executable}
    subprocess.run(["sh", str(ROOT / "scripts" / "gpu_check.sh")], env=environment, check=True)
    found = json.loads((tmp_path / "all.json").read_text())
    assert len(found) == 6
    assert [row["status"] for row in found["ddp"]] == ["done", "done"]
    assert found["ddp"][0]["test_score"] == found["alone"][0]["test_score"]
    assert found["lm_transformer-bfloat16"][0]["precision"] == "bfloat16"
