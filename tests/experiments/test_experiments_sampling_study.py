# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The study of samplers: what judges samples, the network, and a record that goes on."""

from __future__ import annotations

import copy
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from experiments.__main__ import main
from experiments.places import RESULTS
from experiments.sampling import record as records
from experiments.sampling.distance import directions, sliced_wasserstein, spread
from experiments.sampling.network import ScoreNetwork, train
from experiments.sampling.plan import SAMPLERS, SMOKE, Config
from experiments.sampling.record import SamplingRecord
from experiments.sampling.study import carry_out, pictures, trained
from experiments.sampling.tables import sheets
from experiments.sealed import KEY

TABLES = (RESULTS.parent / "TABLES.md").read_text(encoding="utf-8")


def test_the_distance_of_sets_is_that_of_their_sorted_projections() -> None:
    """Nothing for the same in another order; of a shift v, the root of the mean of <θ,v>²."""
    points = torch.tensor(np.random.default_rng(0).standard_normal((50, 2, 3)))
    along = directions(6, 40, 0)
    # To rounding: the products are summed in blocks of rows.
    assert sliced_wasserstein(points, points[torch.randperm(50)], along) < 1e-15
    shift = torch.arange(6.0, dtype=torch.float64).view(2, 3)
    expected = (along @ shift.flatten()).square().mean().sqrt().item()
    assert sliced_wasserstein(points, points + shift, along) == pytest.approx(expected, rel=1e-12)
    # On the line itself: {0, 2} and {5, 1} are √(½ (1² + 3²)) apart, not √(½ (5² + 1²)).
    first, second = torch.tensor([[0.0], [2.0]]), torch.tensor([[5.0], [1.0]])
    assert sliced_wasserstein(first, second, directions(1, 3, 0)) == pytest.approx(math.sqrt(5))
    assert torch.linalg.vector_norm(along, dim=1).sub(1).abs().max() < 1e-15
    assert torch.equal(along, directions(6, 40, 0))
    assert spread(3 * points, points) == pytest.approx(9, rel=1e-12)


def test_sets_of_different_size_are_refused() -> None:
    with pytest.raises(ValueError, match="allowed: equal shapes"):
        sliced_wasserstein(torch.ones(2, 1), torch.ones(3, 1), directions(1, 1, 0))


def small(v: float = 0.25) -> ScoreNetwork:
    torch.manual_seed(0)
    return ScoreNetwork(1, (8, 8), 4, (10.0, 0.05), math.sqrt(v))


@torch.no_grad()
def test_a_network_that_says_nothing_has_the_score_of_a_gaussian() -> None:
    """F = 0: -x/(σ²+v), exactly the score of N(0, v I) noised to σ."""
    network = small()
    for parameter in network.unet.leave[-1].parameters():
        parameter.zero_()
    x = torch.randn(3, 1, 7, 7)
    for sigma in (0.05, 1.0, 10.0):
        torch.testing.assert_close(network(x, sigma), -x / (sigma**2 + 0.25), rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_what_the_network_is_asked_has_variance_one() -> None:
    """On N(0, v I) the target ``(x - c_skip y)/c_out`` is N(0, I) at every level."""
    network = small()
    torch.manual_seed(1)
    x = 0.5 * torch.randn(500, 1, 7, 7)
    for sigma in (0.05, 0.5, 10.0):
        noised = x + sigma * torch.randn_like(x)
        _, skip, out = network.parts(noised, torch.full((500,), sigma))
        # 24 500 numbers: a deviation of 0.9 % of the variance, of which five are granted.
        assert ((x - skip * noised) / out).var().item() == pytest.approx(1, abs=0.045)


def test_the_loss_falls_and_training_is_the_same_each_time() -> None:
    images = pictures(SMOKE, None).train[:256]
    losses = []
    for _ in range(2):
        found = train(lambda: small(0.4), images, 3, 32, 3e-3, 0)
        losses.append([loss for _, loss in found])
    assert losses[0] == losses[1]
    assert losses[0][-1] < 0.9 * losses[0][0]


TINY = replace(
    SMOKE, evaluations=(4,), samples=16, tuning_samples=8, epsilons=(0.5,), snrs=(0.1, 0.2)
)


def without_times(record: SamplingRecord) -> dict[str, Any]:
    about = copy.deepcopy(vars(record))
    about["network"].pop("seconds")
    for row in about["scores"]:
        row.pop("seconds")
    return about


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SamplingRecord]:
    path = tmp_path_factory.mktemp("study") / "sampling.json"
    return path, carry_out(TINY, None, path, lambda share, what: None)


def test_a_study_goes_on_from_its_record(done: tuple[Path, SamplingRecord]) -> None:
    """What is there is not repeated; what was cut off comes out the same, network kept or not."""
    path, whole = done
    for keep_network in (True, False):
        cut = records.load(path)
        assert without_times(cut) == without_times(whole)
        cut.scores = cut.scores[: 3 * len(TINY.seeds)]
        cut.tuning = cut.tuning[:3]  # of the same three: one step size is tried for each
        left = {"real", *(f"{row['sampler']}/4" for row in cut.scores)}
        cut.samples = {name: text for name, text in cut.samples.items() if name in left}
        other = path.with_name(f"cut-{keep_network}.json")
        if keep_network:
            weights = path.with_name(f"{path.stem}-{TINY.id}.pt")
            other.with_name(f"{other.stem}-{TINY.id}.pt").write_bytes(weights.read_bytes())
        cut.save(other)
        told: list[tuple[float, str]] = []
        again = carry_out(TINY, None, other, lambda *what, told=told: told.append(what))
        assert without_times(again) == without_times(whole)
        assert any("training" in what for _, what in told) is not keep_network
        assert told[-1] == (1.0, "done")


def test_a_study_is_complete_and_its_step_sizes_are_the_best_tried(
    done: tuple[Path, SamplingRecord],
) -> None:
    _, record = done
    for name in SAMPLERS:
        rows = record.picked(name, 4)
        assert [row["seed"] for row in rows] == list(TINY.seeds)
        tried = [row for row in record.tuning if row["sampler"] == name]
        best = min(tried, key=lambda row: row["distance"] or math.inf)
        assert {row["size"] for row in rows} == {best["size"]}
        assert record.images(f"{name}/4").shape == (TINY.shown, TINY.size, TINY.size)
    assert [row["seed"] for row in record.floor] == list(TINY.seeds)


def test_a_record_of_something_else_is_refused(done: tuple[Path, SamplingRecord]) -> None:
    path, _ = done
    with pytest.raises(ValueError, match="of another configuration"):
        carry_out(SMOKE, None, path, lambda share, what: None)
    broken = path.with_name("broken.json")
    broken.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.json is no readable record"):
        records.load(broken)
    with pytest.raises(FileNotFoundError):
        records.load(path.with_name("none.json"))
    assert records.found((path.with_name("none.json"), path)).id == TINY.id
    with pytest.raises(FileNotFoundError, match="python -m experiments sample"):
        records.found((path.with_name("none.json"),))


def test_a_flipped_bit_is_seen_and_a_record_without_a_seal_is_read(
    done: tuple[Path, SamplingRecord], tmp_path: Path
) -> None:
    path, record = done
    whole, damaged = path.read_bytes(), tmp_path / "damaged.json"
    bits = np.random.default_rng(0).choice(8 * len(whole), 100, replace=False).tolist()
    for bit in bits:
        data = bytearray(whole)
        data[bit // 8] ^= 1 << bit % 8
        damaged.write_bytes(data)
        with pytest.raises(ValueError, match=r"damaged\.json is no readable record"):
            records.load(damaged)
    said = json.loads(whole)
    assert said.pop(KEY)["version"] == 2
    damaged.write_text(json.dumps(said), encoding="utf-8")
    assert records.load(damaged) == record == records.load(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"evaluations": (5,)}, "allowed: even"),
        ({"seeds": ()}, "seeds is empty"),
        ({"samples": 0}, "samples = 0; allowed: at least 1"),
    ],
)
def test_a_configuration_out_of_range_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(SMOKE, **changes)


def test_more_images_than_there_are_are_refused() -> None:
    with pytest.raises(ValueError, match="samples = 501; allowed: up to 500"):
        pictures(replace(SMOKE, samples=501), None)


def test_the_command_says_what_a_finished_record_has(
    done: tuple[Path, SamplingRecord],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path, _ = done
    monkeypatch.setattr("experiments.sampling.plan.SMOKE", TINY)
    tables = path.with_name("tables.md")
    assert main(["sample", "--smoke", "--out", str(path), "--markdown", str(tables)]) == 0
    assert "Samplers: spread" in capsys.readouterr().out
    assert tables.read_text(encoding="utf-8").count("### Samplers: ") == 4
    assert main(["sample", "--out", str(path)]) == 2
    assert "of another configuration" in capsys.readouterr().err


# ---- the project's record --------------------------------------------------------------------


@pytest.fixture(scope="module")
def project() -> SamplingRecord:
    return records.load(RESULTS / records.NAME)


def test_the_record_of_the_project_is_that_of_the_study(project: SamplingRecord) -> None:
    config = Config()
    assert project.id == config.id
    assert {row["sampler"] for row in project.scores} == {*SAMPLERS}
    rows = sum(len(config.counts(sampler)) for sampler in SAMPLERS.values())
    assert rows == 5 * 4 + 3 * 3
    assert len(project.scores) == rows * len(config.seeds)
    assert len(project.tuning) == 5 * rows
    assert len(project.samples) == rows + 1
    assert (RESULTS / records.NAME).stat().st_size < 300_000
    assert not project.environment["commit"].endswith("+")


def test_the_tables_of_the_samplers_are_those_of_the_record(project: SamplingRecord) -> None:
    tables = "\n".join(sheet.markdown() for sheet in sheets(project))
    assert tables in TABLES, "python -m experiments summary --markdown writes them anew"


def test_a_network_beside_a_record_is_used_again(done: tuple[Path, SamplingRecord]) -> None:
    path, record = done
    images = pictures(TINY, None).train
    told: list[Any] = []
    network = trained(TINY, images, path, record, lambda *what: told.append(what))
    assert not told
    assert not network.training
