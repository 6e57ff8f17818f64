# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The golden trajectories say what moved, and nothing else; a changed constant moves every method.

Most of it runs on three methods with their records in a temporary folder; what is said of every
method runs on the table and the records of the repository.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from momo.conformance.regression import check as checking
from momo.conformance.regression import forms
from momo.conformance.regression.__main__ import main
from momo.conformance.regression.check import accept, check, checked
from momo.conformance.regression.compare import COLUMNS, compared, differences
from momo.conformance.regression.problems import PROBLEMS, SHAPES, STEPS, Problem
from momo.conformance.regression.record import GOLDEN, LARGEST, NOISE, read, spread
from momo.core.ops import Ops
from momo.core.parts import FROM_FIRST, FromFirst, averaged
from momo.core.step import Line, Number
from momo.methods import METHODS, Hyperparameters, Row
from momo.reference import CAPPED, Method
from momo.reference.preconditioners import adam_diagonal

CAPS = next(problem for problem in PROBLEMS if problem.name == "caps")
FEW = {name: METHODS[name] for name in ("momo", "momo_star", "momo_adam")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, found in check(methods=FEW, folder=tmp_path):
        accept(name, found, FEW, tmp_path)
    return tmp_path


def states(names: tuple[str, ...] = (), methods: dict[str, Row] = FEW, **where: Path) -> set[str]:
    return {c.state for _, found in check(names, methods, **where) for c in found.changes}


def moved(row: Row, form: str) -> bool:
    """Return whether a changed row moves on some problem, the likeliest first."""
    golden = read(row.name, GOLDEN)
    assert golden is not None
    for problem in (*PROBLEMS[1:], PROBLEMS[0]):
        steps = forms.FORMS[form](row, problem)
        record = golden.trajectories[problem.name, form]
        if not compared(
            row.name, form, problem.name, record, golden.spreads[problem.name], steps
        ).good:
            return True
    return False


# ---- every method of the table ------------------------------------------------------------------


def test_no_method_has_moved_from_its_record(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed = main(["check"]), capsys.readouterr().out
    assert (code, printed) == (0, f"{len(METHODS)} same\n")


def test_there_is_a_record_of_each_method_and_they_are_small() -> None:
    sizes = {path.stem: path.stat().st_size for path in GOLDEN.iterdir()}
    assert set(sizes) == set(METHODS)
    assert max(sizes.values()) < 20_000
    assert sum(sizes.values()) < 12_000 * len(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_a_record_has_steps_with_and_without_the_cap(name: str) -> None:
    """lr = 10 is beyond any ζ here, 1e-3 far below; rules between the two are near each."""
    golden = read(name, GOLDEN)
    assert golden is not None
    for form in forms.FORMS:
        tau = golden.trajectories["caps", form][:, COLUMNS.index("τ")]
        assert tau.shape == (STEPS,)
        lrs = np.array([CAPS.lr(k) for k in range(1, STEPS + 1)])
        if METHODS[name].reference(METHODS[name].defaults, (1,)).step_rule is CAPPED:
            assert (tau == np.minimum(lrs, forms.CAPPED_LR)).all()
            continue
        # ρ >= 1-β, at the first step; harmonic means may be half of the minimum.
        assert (tau[lrs == 10] < 9).any()
        assert (tau[lrs == 1e-3] <= 1e-3 / golden_weight(METHODS[name])).all()
        assert (tau[lrs == 1e-3] > 0).any()


def golden_weight(row: Row) -> float:
    return 1 - row.defaults.beta


CONSTANTS: dict[str, Callable[[Hyperparameters], Hyperparameters]] = {
    "beta": lambda h: replace(h, beta=abs(h.beta - 1e-3)),
    "beta2": lambda h: replace(h, beta2=h.beta2 - 1e-3),
    "eps": lambda h: replace(h, eps=10 * h.eps),
}
"""Changes of the defaults, which all problems leave as they are; β2 from 0.999 to 0.998."""


def has(row: Row, constant: str) -> bool:
    return constant in row.arguments or ("betas" in row.arguments and constant in ("beta", "beta2"))


@pytest.mark.parametrize("form", forms.FORMS)
@pytest.mark.parametrize(
    ("name", "constant"), [(n, c) for n, row in METHODS.items() for c in CONSTANTS if has(row, c)]
)
def test_a_changed_constant_moves_the_method(name: str, constant: str, form: str) -> None:
    row = METHODS[name]
    assert moved(replace(row, defaults=CONSTANTS[constant](row.defaults)), form)


@pytest.mark.parametrize("name", METHODS)
def test_a_changed_default_of_the_class_moves_the_method(name: str) -> None:
    """The problem that leaves all to the class; here α, since every method has it."""
    row, golden = METHODS[name], read(name, GOLDEN)
    assert golden is not None
    record, spreads = golden.trajectories["defaults", "torch"], golden.spreads["defaults"]
    steps = forms.torch(replace(row, fixed={**row.fixed, "lr": 0.017}), PROBLEMS[0])
    assert not compared(name, "torch", "defaults", record, spreads, steps).good


@pytest.mark.parametrize("name", METHODS)
def test_dropped_bias_correction_of_the_averages_moves_the_method(name: str) -> None:
    row = METHODS[name]

    parts = row.reference(row.defaults, SHAPES["matrix"])

    def weightless(loss: Number, line: Line) -> Line:
        return parts.linearisation(loss, line)._replace(weight=1.0)

    def dropped(h: Hyperparameters, shape: tuple[int, ...]) -> Method:
        return replace(row.reference(h, shape), linearisation=weightless)

    # A step for the newest loss does not look at the weight of the averages.
    weighted = parts.averaging is not FROM_FIRST and parts.linearisation is averaged
    assert moved(replace(row, reference=dropped), "reference") == weighted


@pytest.mark.parametrize("name", METHODS)
def test_dropped_bias_correction_of_the_moments_moves_the_method(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In both forms, for every preconditioner that looks at the weight of what it keeps."""
    import torch

    from momo.optim import passes
    from momo.optim.blocks import Block
    from momo.optim.preconditioners import AdaGradDiagonal, AdaptiveHeavyBall, Displacement

    unweighted = (AdaGradDiagonal, AdaptiveHeavyBall, Displacement)  # sums, without corrections

    used = {"reference": False, "torch": False}

    def no_weight(moment: np.ndarray, step: int, beta2: np.ndarray, eps: np.ndarray) -> np.ndarray:
        used["reference"] = True
        return eps + np.sqrt(moment)

    weighed = passes.weighed

    def no_weights(block: Block, at: passes.Pass) -> torch.Tensor:
        used["torch"] |= not isinstance(at.preconditioner, unweighted)
        return torch.ones_like(torch.as_tensor(weighed(block, at)))

    for module in list(sys.modules.values()):
        if module.__name__.startswith("momo.reference.preconditioners") and (
            getattr(module, "adam_diagonal", None) is adam_diagonal
        ):
            monkeypatch.setattr(module, "adam_diagonal", no_weight)
    monkeypatch.setattr(passes, "weighed", no_weights)
    with np.errstate(over="ignore"):  # steps of NGN-MDv2 are as long as 1/D makes them
        for form in forms.FORMS:
            assert moved(METHODS[name], form) == used[form]


@pytest.mark.parametrize("name", METHODS)
def test_rounding_moves_nothing(name: str) -> None:
    """Sixteen units of roundoff of everything, before every step: another machine's sums."""
    golden = read(name, GOLDEN)
    assert golden is not None
    generator = np.random.default_rng(17)

    def noise(a: np.ndarray) -> np.ndarray:
        return a * (1 + 2.0**-49 * (2 * generator.random(a.shape) - 1))

    for problem in PROBLEMS:
        steps = forms.reference(METHODS[name], problem, noise)
        record, spreads = golden.trajectories[problem.name, "reference"], golden.spreads
        assert compared(name, "reference", problem.name, record, spreads[problem.name], steps).good


# ---- what a check says --------------------------------------------------------------------------


def test_what_moved_is_named_with_its_step(folder: Path) -> None:
    class Later(FromFirst):
        def betas(self, beta: Number, k: Number, ops: Ops) -> tuple[Number, Number]:
            share = super().betas(beta, k, ops)[0] - (1e-6 if k == 7 else 0)
            return share, share

    def later(h: Hyperparameters, shape: tuple[int, ...]) -> Method:
        return replace(FEW["momo"].reference(h, shape), averaging=Later())

    row = replace(FEW["momo"], reference=later)
    found = checked(row, read("momo", folder))
    for change in found.changes:
        if change.form == "torch":
            assert change.state == "same"
        else:
            assert (change.state, change.step) == ("moved", 7)
            assert 1e-10 < change.by < 1e-3


def test_a_method_without_a_record_is_new_until_it_is_accepted(tmp_path: Path) -> None:
    assert states(folder=tmp_path) == {"new"}
    assert list(tmp_path.iterdir()) == []
    (name, found), *_ = check(("momo",), FEW, tmp_path)
    accept(name, found, FEW, tmp_path)
    assert states(("momo",), folder=tmp_path) == {"same"}
    assert states(folder=tmp_path) == {"same", "new"}


def test_a_record_whose_method_is_gone_is_told_and_deleted_when_accepted(folder: Path) -> None:
    fewer = {name: row for name, row in FEW.items() if name != "momo"}
    assert states(methods=fewer, folder=folder) == {"same", "gone"}
    for name, found in check(("momo",), fewer, folder):
        accept(name, found, fewer, folder)
    assert not (folder / "momo.json").exists()


def test_a_problem_that_is_not_on_record_is_new(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "PROBLEMS", (*PROBLEMS, Problem("other", (0.5,))))
    changes = [c for _, found in check(("momo",), FEW, folder) for c in found.changes]
    assert {c.problem for c in changes if c.state == "new"} == {"other"}


def test_a_method_that_raises_has_failed_and_cannot_be_accepted(folder: Path) -> None:
    def broken(h: Hyperparameters, shape: tuple[int, ...]) -> Method:
        raise RuntimeError("no such thing\nat all")

    rows = {"momo": replace(FEW["momo"], reference=broken)}
    before = (folder / "momo.json").read_bytes()
    ((name, found),) = check(("momo",), rows, folder)
    assert {c.state for c in found.changes if c.form == "reference"} == {"failed"}
    assert {c.detail for c in found.changes} == {"", "RuntimeError: no such thing"}
    with pytest.raises(ValueError, match=r"failed on the problem 'defaults'.*no such thing"):
        accept(name, found, rows, folder)
    assert (folder / "momo.json").read_bytes() == before


def test_accepting_twice_writes_the_same_bytes(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    for name, found in check(methods=FEW, folder=folder):
        accept(name, found, FEW, folder)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_damaged_record_is_told(folder: Path) -> None:
    path = folder / "momo.json"
    path.write_text(path.read_text()[:-100])
    with pytest.raises(ValueError, match=r"momo\.json is damaged"):
        states(folder=folder)


def test_a_trajectory_that_rounding_takes_elsewhere_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Noise as large as the limit stands for a problem that makes small noise that large."""
    monkeypatch.setattr("momo.conformance.regression.record.NOISE", 100 * LARGEST)
    with pytest.raises(ValueError, match="rounding may change momo on the problem 'caps'"):
        spread(METHODS["momo"], CAPS)


def test_the_spread_is_that_of_rounding() -> None:
    found = spread(METHODS["momo"], CAPS)
    assert found.shape == (STEPS,)
    assert (np.diff(found) >= 0).all()
    assert NOISE / 10 < found[0] < 1e-9


def test_differences_are_parts_and_numbers_that_are_not_finite_must_be_the_same() -> None:
    inf, nan = np.inf, np.nan
    golden = np.array([2.0, 0.0, inf, nan, 1.0, inf, -inf, 1.0])
    found = np.array([2.5, 0.1, inf, nan, nan, 1.0, inf, 1.0])
    np.testing.assert_allclose(
        differences(golden, found), [0.25, 0.1, 0, 0, inf, inf, inf, 0], rtol=1e-14
    )


# ---- the command --------------------------------------------------------------------------------


def test_the_command_checks_accepts_and_checks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--golden", str(tmp_path / "golden")]
    assert main(["check", "momo", *where]) == 1
    assert "new" in capsys.readouterr().out
    assert main(["accept", "momo", *where]) == 0
    assert "momo.json written" in capsys.readouterr().out
    assert main(["check", "momo", *where]) == 0
    assert main(["accept", "momo", *where]) == 0
    assert capsys.readouterr().out == "1 same\n1 same\n"

    path = tmp_path / "golden" / "momo.json"
    path.write_text(path.read_text().replace('"reference"', '"elsewhere"', 1))
    assert main(["accept", "momo", *where]) == 0
    assert "momo.json overwritten" in capsys.readouterr().out


def test_the_command_writes_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "found.json"
    arguments = ["--golden", str(tmp_path / "golden"), "--json", str(target)]
    assert main(["check", "momo", "momo_star", *arguments]) == 1
    content = json.loads(target.read_text())
    assert {"numpy", "python", "torch", "platform"} == set(content["environment"])
    assert len(content["changes"]) == 2 * len(forms.FORMS) * len(PROBLEMS)
    assert content["changes"][0]["state"] == "new"


def test_an_unknown_name_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "momo_adm"]) == 2
    assert "method 'momo_adm' is unknown; did you mean momo_adam" in capsys.readouterr().err


def test_accept_needs_names_and_says_what_it_would_accept(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("momo_star", "momo_adam"):
        (folder / f"{name}.json").unlink()
    path = folder / "momo.json"
    path.write_text(path.read_text().replace('"reference"', '"elsewhere"', 1))
    before = {each: each.read_bytes() for each in folder.iterdir()}
    where = ["--golden", str(folder)]
    assert main(["accept", *where]) == 2
    err = capsys.readouterr().err
    assert "names: none are given; allowed: names, or --all, which would accept momo (new)" in err
    assert main(["accept", "momo", "--all", *where]) == 2
    assert "names = momo, and all; allowed: one of the two" in capsys.readouterr().err
    assert {each: each.read_bytes() for each in folder.iterdir()} == before
    assert main(["accept", "--all", *where]) == 0
    assert "momo.json overwritten" in capsys.readouterr().out
    assert main(["accept", *where]) == 2
    assert "which would accept nothing, since nothing has moved" in capsys.readouterr().err


def test_what_moved_is_shown_before_and_after(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "momo.json"
    content = json.loads(path.read_text())
    number = content["problems"]["caps"]["torch"][4][0]
    content["problems"]["caps"]["torch"][4][0] = 2 * number
    path.write_text(json.dumps(content))
    for verb, status in (("check", 1), ("accept", 0)):
        assert main([verb, "momo", "--golden", str(folder)]) == status
        shown = " ".join(capsys.readouterr().out.split())
        assert f"torch caps 5.0e-01 5 h {2 * number:.10g} {number:.10g}" in shown
        line = f"regression accept momo --golden {folder}"
        assert (line in shown) == (verb == "check")
    assert main(["check", "momo", "--golden", str(folder)]) == 0


def test_a_folder_that_cannot_be_written_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(path: Path, data: bytes) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("momo.conformance.regression.record.atomic.write", denied)
    assert main(["record", "momo", "--into", str(folder / "new")]) == 2
    err = capsys.readouterr().err
    assert "momo.json cannot be written: Permission denied; allowed: a folder in which" in err
    (folder / "momo.json").unlink()
    monkeypatch.setattr("momo.conformance.regression.record.GOLDEN", folder)
    assert main(["accept", "momo", "--golden", str(folder)]) == 2
    assert "records of your own methods go elsewhere, with record --into" in capsys.readouterr().err
