# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The benchmark: what it measures is known in some cases, and the command runs as a user types it.

No test looks at a time.
"""

from __future__ import annotations

import gc
import json
import math
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from momo.bench import accuracy, contestants, records, speed, targets
from momo.bench.__main__ import main
from momo.bench.contestants import FUSED, Setting, families, missing_peers, runners
from momo.bench.memory import Usage, measure_family, peak_extra
from momo.bench.show import path_of, target_line
from momo.bench.speed import Spread, Timing
from momo.bench.workloads import WORKLOADS, size
from momo.methods import METHODS as ALL
from momo.methods import PAPER as METHODS
from momo.optim import Momo

CPU = torch.device("cpu")
DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)]
SETTING = Setting(CPU, torch.float32)
TINY = ["--workloads", "3x40", "--accuracy-workloads", "2x30", "--accuracy-steps", "4"]
TINY += ["--rounds", "2", "--patience", "0"]
THERE = ("loop", "foreach", "default")  # and the fused path, where it was built


def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "momo.bench", *arguments],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "COLUMNS"},
        capture_output=True,
        text=True,
        check=False,
    )


# ---- the command ------------------------------------------------------------------------------


def test_the_command_as_a_user_types_it(tmp_path: Path) -> None:
    out = tmp_path / "new" / "bench.json"
    methods = ["--methods", "momo", "momo_adam"]
    done = run([*TINY, *methods, "--threads", "1", "--json", str(out)], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for title in ("Time per step, 3x40", "Peak extra memory of a step, 3x40", "Error of h and τ"):
        assert title in done.stdout
    assert f"torch {torch.__version__}" in done.stdout.replace("\n", " ")
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert "…" not in done.stdout  # no number is cut off
    assert re.search(r"float16 +published +4 ", done.stdout)  # nor is a name
    found = load(out)
    assert found["facts"]["threads"] == 1
    assert platform.node() not in done.stdout + out.read_text(encoding="utf-8")
    assert found["targets"] == []  # set for 19 M elements
    assert list(out.parent.iterdir()) == [out]


def test_every_method_and_path_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "LEAST_SECONDS", 1e-4)  # no time is looked at
    out = tmp_path / "bench.json"
    assert main([*TINY, "--methods", *METHODS, "--weight-decay", "0.1", "--json", str(out)]) == 0
    found = load(out)
    ours = {(row.title, path) for row in METHODS.values() for path in THERE}
    torchs = {(n, p) for n in ("SGD-M", "AdamW") for p in ("loop", "foreach", FUSED, "default")}
    for table in ("speed", "memory"):
        rows = [(row["name"], row["path"]) for row in found[table]]
        assert {one for one in rows if one[1] != FUSED or one in torchs} == ours | torchs
        assert len(rows) == len(set(rows))
    dtypes = ("float32", "bfloat16", "float16")
    assert {(row["name"], row["dtype"], row["form"]) for row in found["accuracy"]} == {
        (row.title, dtype, form)
        for row in METHODS.values()
        for dtype in dtypes
        for form in (accuracy.OURS, accuracy.PUBLISHED, accuracy.RECURRENCE)
    }
    for row in found["speed"]:
        assert row["milliseconds"]["low"] > 0
        assert (row["rounds"], row["dropped"], row["bandwidth"]) == (2, 0, None)
        if (row["name"], row["path"]) == (row["baseline"], FUSED):
            assert row["ratio"] == {"median": 1, "low": 1, "high": 1}
    assert METHODS["momo_star"].title in capsys.readouterr().out


def test_one_measurement_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["memory", *TINY, "--methods", "momo", "--paths", "foreach"]) == 0
    out = capsys.readouterr().out
    assert "Peak extra memory" in out
    for absent in ("Time per step", "Error of h", "AdamW", "loop"):
        assert absent not in out


@pytest.mark.slow
def test_the_compiled_path_is_measured(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    done = run(["speed", *TINY, "--paths", "compiled", "--json", str(out)], tmp_path)
    assert done.returncode == 0, done.stderr
    assert {(row["name"], row["path"]) for row in load(out)["speed"]} == {
        *((name, path) for name in ("SGD-M", "AdamW") for path in (FUSED, "compiled")),
        *((METHODS[name].title, "compiled") for name in ("momo", "momo_adam")),
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--workloads", "vast"], "workload 'vast' is unknown; allowed: few_large"),
        (["--workloads", "0x10"], "workload '0x10' is unknown"),
        (["--accuracy-workloads", "10x"], "workload '10x' is unknown"),
        (["--workloads"], "workloads is empty"),
        (["--methods", "sgd"], "method 'sgd' is unknown; allowed: all, momo"),
        (["--methods", "iam"], "the accuracy of iam cannot be measured; allowed: one of momo"),
        (["--methods"], "methods is empty"),
        (["--rounds", "0"], "rounds = 0; allowed: at least 1"),
        (["--threads", "0"], "threads = 0; allowed: at least 1"),
        (["--accuracy-steps", "1"], "accuracy_steps = 1; allowed: at least 2"),
        (["--weight-decay", "-1"], "weight_decay = -1.0; allowed: at least 0"),
        (["--weight-decay", "nan"], "weight_decay = nan"),
        (["--patience", "-1"], "patience = -1.0; allowed: at least 0"),
        (["--device", "toaster"], "device = toaster cannot be used"),
        (["--clock", "cpu", "--threads", "2"], "clock = cpu with device = cpu and 2 threads"),
        (["--json", "."], "json = . is a folder"),
    ],
)
def test_wrong_arguments_end_with_2_before_anything_is_measured(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(arguments) == 2
    written = capsys.readouterr()
    assert message in written.err
    assert written.out == ""


def test_a_file_that_cannot_be_written_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    alone = ["memory", *TINY, "--methods", "momo", "--paths", "loop"]
    assert main([*alone, "--json", str(tmp_path / "file" / "bench.json")]) == 2
    assert "file" in capsys.readouterr().err


# ---- speed ------------------------------------------------------------------------------------


def test_ratios_are_taken_round_by_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that slows down eightfold after one round changes times, not ratios."""
    cost = {"loop": 2.0, "foreach": 4.0, FUSED: 1.0}
    calls = 0

    def seconds(runner: Any, steps: int, setting: Setting) -> float:
        nonlocal calls
        calls += 1
        slow = 8.0 if calls > 2 * len(cost_of) else 1.0
        return slow * cost[runner.contestant.path]

    monkeypatch.setattr(speed, "_seconds", seconds)
    torchs, family = families(["momo"], ["loop", "foreach"], SETTING, "2x3")
    assert [one.path for one in torchs.contestants] == ["loop", "foreach", FUSED]
    assert [one.path for one in family.measured] == [FUSED, "loop", "foreach"]
    cost_of = [cost[contestant.path] for contestant in family.measured]
    timings, left_out = speed.time_family(family, "2x3", SETTING, rounds=3)
    assert [t.path for t in timings] == ["loop", "foreach"]
    assert [t.milliseconds for t in timings] == [
        Spread(median=8e3 * c, low=4.5e3 * c, high=8e3 * c) for c in cost_of[1:]
    ]
    assert [t.ratio for t in timings] == [Spread(c, c, c) for c in cost_of[1:]]
    assert (timings[0].baseline, timings[0].baseline_path, left_out) == ("SGD-M", FUSED, [])


@pytest.mark.parametrize("clock", ["wall", "cpu"])
def test_the_clock_that_is_asked_for_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: str
) -> None:
    """A clock that goes on by a second at each look: a measurement of one step takes a second."""
    looks = iter(range(10**6))
    name = {"wall": "perf_counter", "cpu": "process_time"}[clock]
    monkeypatch.setattr("time." + name, lambda: float(next(looks)))
    out = tmp_path / "bench.json"
    arguments = ["speed", *TINY, "--threads", "1", "--clock", clock, "--json", str(out)]
    assert main(arguments) == 0
    found = load(out)
    assert {row["milliseconds"]["median"] for row in found["speed"]} == {1000.0}
    assert found["facts"]["clock"] == clock


def test_ratio_and_spread() -> None:
    assert speed.ratios([2.0, 9.0, 4.0], [1.0, 3.0, 8.0]) == [2.0, 3.0, 0.5]
    assert speed.spread([5.0, 1.0, 2.0, 4.0, 3.0]) == Spread(median=3.0, low=2.0, high=4.0)
    assert speed.spread([7.0]) == Spread(7.0, 7.0, 7.0)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_everyone_takes_every_place_equally_often(count: int) -> None:
    turns = [speed.order(turn, count) for turn in range(2 * count)]
    for place in zip(*turns, strict=True):
        assert {place.count(one) for one in range(count)} == {2}
    assert all(sorted(turn) == list(range(count)) for turn in turns)


def test_what_is_not_finite_is_not_measured() -> None:
    _, family = families(["momo"], ["foreach"], SETTING, "2x3")
    runner = runners(family, "2x3", SETTING)[0][1]
    runner.check()
    runner.parameters[1].detach()[0] = torch.nan
    with pytest.raises(RuntimeError, match=r"MoMo \(foreach\): parameters are not finite"):
        runner.check()


def test_steps_without_gradients_are_not_measured() -> None:
    _, family = families(["momo"], ["foreach"], SETTING, "2x3")
    runner = runners(family, "2x3", SETTING)[0][1]
    runner.parameters[1].grad = None
    with pytest.raises(RuntimeError, match=r"MoMo \(foreach\): gradients were taken away"):
        runner.check()


def test_where_one_step_of_ten_is_dear_ten_are_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []

    def seconds(runner: Any, steps: int, setting: Setting) -> float:
        taken.append(steps)
        return 0.4 * speed.LEAST_SECONDS

    monkeypatch.setattr(speed, "_seconds", seconds)
    for method, each in (("momo", {1, 3}), ("momo_soap", {10})):
        _, family = families([method], ["loop"], SETTING, "2x3")
        taken.clear()
        speed.time_family(family, "2x3", SETTING, rounds=1)
        assert set(taken) == each


def test_a_run_that_becomes_infinite_is_not_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def poisoned(runner: Any, steps: int, setting: Setting) -> float:
        runner.parameters[0].detach().fill_(torch.inf)
        return 1.0

    monkeypatch.setattr(speed, "_seconds", poisoned)
    _, family = families(["momo"], ["foreach"], SETTING, "2x3")
    with pytest.raises(RuntimeError, match="parameters are not finite"):
        speed.time_family(family, "2x3", SETTING, rounds=1)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_contestants_have_their_own_parameters_and_share_gradients(
    device: str, dtype: torch.dtype
) -> None:
    setting = Setting(torch.device(device), dtype)
    for family in families(list(METHODS), ["loop", "foreach"], setting, "2x3"):
        field, _ = runners(family, "2x3", replace(setting, seed=1))
        start = [[x.detach().clone() for x in runner.parameters] for runner in field]
        grads = [x.grad for x in field[0].parameters]
        before = [g.clone() for g in grads]
        places = {x.data_ptr() for runner in field for x in runner.parameters}
        assert len(places) == 2 * len(field)
        for runner in field:
            runner.step()
        for runner, xs in zip(field, start, strict=True):
            assert all(torch.equal(a, b) for a, b in zip(xs, start[0], strict=True))
            assert all(x.grad is g for x, g in zip(runner.parameters, grads, strict=True))
        assert all(torch.equal(a, b) for a, b in zip(grads, before, strict=True))


def test_few_large_is_19_million_in_24() -> None:
    elements, tensors = size("few_large")
    assert (round(elements / 1e6, 1), tensors) == (19.0, 24)
    assert size("many_small") == (1_000_000, 1000)
    assert size("7x11") == (77, 7)
    assert size("small") == (60 * 64 * 64 + 120 * 64, 180)
    assert size("network") == (784 * 12 + 12 + 12 * 10 + 10, 4)
    assert size("one") == (3, 1)
    assert round(size("huge")[0] / 1e6) == 101


def test_every_method_has_a_family_beside_what_keeps_as_much() -> None:
    """What keeps nothing but d for its direction is set against SGD-M; one element, its loop."""
    found = list(families(["all"], ["default"], SETTING, "2x3"))
    units = {c.name: one.unit.name for one in found for c in one.contestants if c.method}
    titles = [row.title for row in ALL.values()]
    assert [name for name in titles if name not in units] == []
    assert {units[ALL[name].title] for name in ("momo", "momo_lion", "scion_momo")} == {"SGD-M"}
    assert {units[ALL[name].title] for name in ("momo_adam", "momo_soap")} == {"AdamW"}
    assert {one.unit.path for one in families(["momo"], ["default"], SETTING, "one")} == {"loop"}


def test_methods_of_matrices_stand_beside_muon() -> None:
    def peers(method: str, workload: str) -> list[str]:
        found = list(families([method], ["loop", "default"], SETTING, workload))[2:]
        for family in found:
            assert [one.path for one in family.contestants] == ["default", "default"]
            assert family.unit is family.contestants[0]
        return [family.unit.name for family in found]

    assert peers("muon_adam_momo", "matrices") == ["Muon"]
    assert peers("muon_adam_momo", "small") == []  # it has vectors
    assert peers("momo_adam", "matrices") == []
    assert peers("schedule_free_polyak", "small") == ["schedule-free SGD"]
    assert peers("schedule_free_adam_polyak", "small") == ["schedule-free AdamW"]


def test_peers_step_and_those_that_are_not_there_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WORKLOADS, "matrices", ((4, 3),) * 2)
    for method in ("scion_momo", "schedule_free_polyak"):
        *_, family = families([method], ["default"], SETTING, "matrices")
        rows, _ = speed.time_family(family, "matrices", SETTING, rounds=1)
        assert rows[0].ratio.median == 1
    monkeypatch.setitem(sys.modules, "schedulefree", None)
    (said,) = missing_peers(["momo", "schedule_free_polyak"], "matrices")
    assert said.startswith("schedule-free SGD: ")
    assert len(list(families(["schedule_free_polyak"], ["default"], SETTING, "matrices"))) == 2


def test_a_fused_path_that_does_not_cover_a_method_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    step = Momo.step

    def refusing(self: Momo, closure: Any = None, **given: Any) -> None:
        if "refuse" in self.defaults:
            raise RuntimeError("fused = True, but no")
        step(self, **given)

    def make(parameters: list[torch.Tensor]) -> Momo:
        made = Momo(parameters)
        made.defaults["refuse"] = True
        return made

    monkeypatch.setattr(Momo, "step", refusing)
    _, family = families(["momo"], ["loop"], SETTING, "2x3")
    wrong = contestants.Contestant("MoMo", FUSED, make, family.contestants[0].method)
    rows, left_out = speed.time_family(
        replace(family, contestants=(*family.contestants, wrong)), "2x3", SETTING, rounds=1
    )
    assert [row.path for row in rows] == ["loop"]
    assert left_out == ["MoMo (fused): fused = True, but no"]


def test_the_share_of_the_bandwidth(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of 100 bytes a second; MoMo has to move 7 streams of 4 bytes, SGD-M has 5 of them."""

    class Copy:
        def __init__(self, setting: Setting) -> None: ...

        def measure(self) -> float:
            return 100.0

    monkeypatch.setattr(speed, "Bandwidth", Copy)
    monkeypatch.setattr(speed, "LEAST", 5 * 4 * 6)
    monkeypatch.setattr(speed, "_seconds", lambda runner, steps, setting: 4.0)
    torchs, family = families(["momo"], ["loop"], SETTING, "2x3")
    for one, streams in ((torchs, 5), (family, 7)):
        rows, _ = speed.time_family(one, "2x3", SETTING, rounds=2)
        share = 6 * 4 * streams / 4 / 100
        for row in rows:
            assert row.bandwidth == pytest.approx(Spread(share, share, share))
            assert row.megabytes == 6 * 4 * streams / 1e6
    monkeypatch.setattr(speed, "LEAST", 1000)
    assert speed.time_family(family, "2x3", SETTING, rounds=1)[0][0].bandwidth is None


# ---- memory -----------------------------------------------------------------------------------

UNIT = 4096  # bytes; CUDA's allocator hands out multiples of 512


def overlapping(device: torch.device) -> None:
    a = torch.empty(UNIT, dtype=torch.uint8, device=device)
    b = torch.empty(2 * UNIT, dtype=torch.uint8, device=device)
    del a, b


def in_turn(device: torch.device) -> None:
    for _ in range(3):
        a = torch.empty(UNIT, dtype=torch.uint8, device=device)
        del a


def inside_an_operation(device: torch.device) -> None:
    """One byte an element as it was, and eight as it is cast, are there together."""
    torch.ones(UNIT, dtype=torch.uint8, device=device).to(torch.float64).square_()


def nothing(device: torch.device) -> None:
    pass


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(
    ("action", "units"),
    [(overlapping, 3), (in_turn, 1), (inside_an_operation, 9), (nothing, 0)],
)
def test_the_peak_of_known_allocations(
    device: str, action: Callable[[torch.device], None], units: int
) -> None:
    where = torch.device(device)
    assert peak_extra(lambda: action(where), where) == units * UNIT


def test_garbage_of_others_is_not_released_in_the_middle(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The profiler warns of each release of what it did not see allocated."""
    ring: list[Any] = [torch.empty(UNIT, dtype=torch.uint8)]
    ring.append(ring)
    del ring
    assert peak_extra(gc.collect, CPU) == 0
    assert capfd.readouterr().err == ""


def test_memory_of_torchs_optimizers_is_as_known() -> None:
    """AdamW's foreach path holds a temporary of every tensor; the for-loop of SGD-M one at most.

    The small rest is scalars: fewer than 64 bytes a tensor.
    """
    count, numel = 6, 5000
    each = 4 * numel
    wanted = {("SGD-M", "loop"): 1, ("SGD-M", FUSED): 0, ("AdamW", "foreach"): count}
    decayed = replace(SETTING, weight_decay=0.1)
    found = {
        (row.name, row.path): row
        for family in families(["momo", "momo_adam"], ["loop", "foreach"], decayed, "6x5000")
        for row in measure_family(family, f"{count}x{numel}", decayed)
    }
    for key, tensors in wanted.items():
        assert 0 <= found[key].peak - tensors * each < 64 * count, key
        assert found[key].largest == each
        assert found[key].elements == count * numel
    assert found["SGD-M", FUSED].state == count * each
    # v as well, and the step count, a float32, with each tensor
    assert found["AdamW", FUSED].state == count * (2 * each + 4)


def test_memory_of_other_devices_is_refused() -> None:
    with pytest.raises(ValueError, match="device = meta: its memory cannot be measured"):
        peak_extra(lambda: None, torch.device("meta"))


# ---- targets and records ----------------------------------------------------------------------


def timing(
    name: str,
    ratio: float,
    workload: str = "few_large",
    path: str = "default",
    baseline: str = "SGD-M",
    share: float | None = None,
) -> Timing:
    unit = Spread(ratio, ratio, ratio)
    reached = None if share is None else Spread(share, share, share)
    return Timing(
        workload, name, path, "fused (AVX2)", baseline, FUSED, unit, unit, 1.0, reached, 1, 0, 0
    )


@pytest.mark.parametrize(
    ("path", "shown"),
    [("loop", "loop"), (FUSED, "fused (AVX2)"), ("default", "default: fused (AVX2)")],
)
def test_the_path_that_was_left_open_is_said(path: str, shown: str) -> None:
    row = timing("MoMo", 1.0, path=path)
    assert path_of(row) == shown
    assert path_of(replace(row, runs="")) == path


def test_targets_are_judged() -> None:
    usage = Usage("few_large", "MoMo", "default", 0, 100, 0, 25)
    found = targets.judged(
        [
            timing("MoMo", 1.5, share=0.81),
            timing("MoMo-Adam", 1.4, baseline="AdamW", share=0.79),
            timing("MoMo-Lion", 2.6),
            timing("MoMo", 0.4, "small"),
            timing("Scion-MoMo", 1.1, "matrices", baseline="Muon"),
            timing("AdamW", 9.0, baseline="AdamW"),
        ],
        [usage, replace(usage, name="MoMo-Adam", peak=1), replace(usage, name="AdamW")],
    )
    assert [str(target_line(target)) for target in found] == [
        "target: MoMo ≤ 1.5 × SGD-M (fused), few_large: 1.50 ✓",
        "target: MoMo-Adam ≤ 1.35 × AdamW (fused), few_large: 1.40 ✗",
        "target: MoMo-Lion ≤ 2.5 × SGD-M (fused), few_large: 2.60 ✗",
        "target: MoMo ≤ 0.5 × SGD-M (fused), small: 0.40 ✓",
        "target: Scion-MoMo ≤ 1.2 × Muon (fused), matrices: 1.10 ✓",
        "target: share of the bandwidth of MoMo ≥ 0.8, few_large: 0.81 ✓",
        "target: share of the bandwidth of MoMo-Adam ≥ 0.8, few_large: 0.79 ✗",
        "target: extra memory of MoMo ≤ 0.001 × the largest tensor, few_large: 0.00 ✓",
        "target: extra memory of MoMo-Adam ≤ 0.001 × the largest tensor, few_large: 0.01 ✗",
    ]


def test_a_target_says_where_most_rounds_were_disturbed() -> None:
    quiet = replace(timing("MoMo", 1.0, share=0.9), rounds=4, disturbed=2)
    for row, said in ((quiet, ""), (replace(quiet, disturbed=3), " (others were busy)")):
        lines = [str(target_line(target)) for target in targets.judged([row], [])]
        assert [line.partition(" ✓")[2] for line in lines] == [said, said]


def test_every_target_is_of_something_that_is_measured() -> None:
    for aim in targets.AIMS:
        assert aim.name in {row.title for row in ALL.values()}
        assert aim.workload in WORKLOADS


@pytest.mark.parametrize(("dtype", "shown"), [("float32", 4), ("bfloat16", 0)])
def test_the_command_judges_the_targets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], dtype: str, shown: int
) -> None:
    monkeypatch.setitem(WORKLOADS, "few_large", ((5,),) * 2)
    monkeypatch.setattr(speed, "LEAST_SECONDS", 1e-4)
    arguments = ["--workloads", "few_large", "--rounds", "1", "--dtype", dtype, "--patience", "0"]
    arguments += ["--methods", "momo", "momo_adam", "--paths", "default"]
    assert main(["speed", "memory", *arguments]) == 0
    assert capsys.readouterr().out.count("target: ") == shown


def test_targets_are_for_one_workload_path_and_device() -> None:
    others = [timing("MoMo", 2.0, "many_small"), timing("MoMo", 2.0, path="loop")]
    assert targets.judged(others, []) == []
    of_gpu = timing("MoMo-Adam", 1.0, "huge", baseline="AdamW")
    assert targets.judged([of_gpu], []) == []
    assert len(targets.judged([of_gpu], [], "cuda")) == 1


def test_records_are_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    records.write(path, {"torch": "2"}, {"speed": [timing("MoMo", float("inf"))]})
    written = load(path)
    assert written["facts"] == {"torch": "2"}
    assert written["speed"][0]["ratio"]["median"] is None
    with pytest.raises(TypeError):
        records.write(path, {"torch": object()}, {})
    assert load(path) == written
    (tmp_path / "folder" / "full").mkdir(parents=True)
    with pytest.raises(OSError, match="folder"):
        records.write(tmp_path / "folder", {}, {})
    assert {entry.name for entry in tmp_path.iterdir()} == {path.name, "folder"}


# ---- accuracy ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", METHODS)
def test_in_float64_all_forms_are_the_reference(name: str) -> None:
    """The forms differ by rounding alone.

    Each inner product of n = 60 terms is off by at most ``n u S``, u = 2^-53, ``S = Σ|d_i x_i|``,
    and the errors of earlier steps count with weights that add up to 1/(1-β) = 10; two products a
    step. S is below 4 f̄ in this problem, as ``|x| <= |x - x*| + |x*|`` with both alike at first.
    τ is proportional to h less the bound, which is above a thousandth of f̄ here.
    """
    steps = list(accuracy.run_steps(METHODS[name], "3x20", torch.float64, CPU, 8))
    assert len(steps) == 8
    relative = 2 * 10 * 60 * 2**-53 * 4
    allowed = relative * max(step.loss_avg for step in steps)
    for step in steps:
        assert all(abs(value - step.value) <= allowed for value in step.values.values())
        taus = step.step_sizes.values()
        assert all(abs(tau - step.step_size) <= 1e3 * relative * step.step_size for tau in taus)


def test_an_optimizer_that_is_wrong_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the loss twice, so at the first step h and τ are twice what they are."""
    step = Momo.step
    monkeypatch.setattr(Momo, "step", lambda self, loss: step(self, loss=2 * loss))
    first = next(accuracy.run_steps(METHODS["momo"], "3x20", torch.float64, CPU, 1))
    ours = first.values[accuracy.OURS], first.step_sizes[accuracy.OURS]
    # the norm of 60 terms is all that is rounded
    assert ours == pytest.approx((2 * first.value, 2 * first.step_size), rel=60 * 2**-52)


@pytest.mark.parametrize("name", ["momo", "momo_adam"])
def test_in_bfloat16_ours_is_far_more_accurate_than_the_published_form(name: str) -> None:
    """Published: a product is rounded as a whole, by up to u of itself.

    Ours: d is rounded by u in each of n = 40000 elements, and the errors average out to 1/sqrt(n)
    = 1/200 of that; a tenth leaves room for chance.
    """
    found = accuracy.measure([name, "iam"], "2x20000", [torch.bfloat16], CPU, 12)
    worst = {row.form: row.to_loss[1] for row in found}
    assert worst[accuracy.OURS] < worst[accuracy.PUBLISHED] / 10


@pytest.mark.parametrize("last", [1, 3])
def test_a_run_ends_where_a_parameter_is_infinite(
    monkeypatch: pytest.MonkeyPatch, last: int
) -> None:
    calls, step = 0, Momo.step

    def overflowing(self: Momo, loss: float) -> None:
        nonlocal calls
        calls += 1
        step(self, loss=loss)
        if calls % last == 0:
            self.param_groups[0]["params"][0].fill_(torch.inf)

    monkeypatch.setattr(Momo, "step", overflowing)
    found = accuracy.measure(["momo"], "2x10", [torch.float32], CPU, 5)
    assert [row.steps for row in found] == [last] * 3
    assert [math.isnan(row.to_offset[0]) for row in found] == [last == 1] * 3
