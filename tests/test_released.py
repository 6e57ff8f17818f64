# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What every version has saved is loaded by this one, and goes on as it would have.

`scripts.record` writes the records, and says what is in them.
"""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch

import momo
from momo.methods import METHODS
from scripts import record
from scripts.record import AFTER, BEFORE, FOLDER, ROOT, SHAPES

GONE: dict[str, str] = {}
"""Methods that are no longer in the table, with the version that left them out (deprecation.md)."""
NOISE = 1e-7
NUMBERS = sum(torch.Size(shape).numel() for shape in SHAPES)
"""Of all parameters: no sum of a step has more terms."""
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@cache
def kept(version: str) -> Any:
    return torch.load(FOLDER / version / "states.pt", weights_only=True)


RECORDS = [
    (path.name, name) for path in sorted(FOLDER.iterdir()) for name in kept(path.name)["methods"]
]


def resumed(version: str, name: str, noise: float = 0.0) -> list[torch.Tensor]:
    """Return where a method of today goes from a state of a version, all steps in one tensor."""
    given, record_of = kept(version)["problem"], kept(version)["methods"][name]
    opt = record.optimizer(METHODS[name], record_of["points"])
    opt.load_state_dict(record_of["state"])
    found = []
    for k in range(BEFORE, BEFORE + AFTER):
        record.step_(opt, given, k, noise)
        found.append(torch.cat([x.flatten() for x in record.points(opt)]))
    return found


@pytest.mark.parametrize(("version", "name"), RECORDS)
def test_a_released_state_goes_on_as_it_would_have(version: str, name: str) -> None:
    """Up to rounding, whose order depends on the kernels: at most `NUMBERS` for each number.

    What that makes of the points is measured, with `NOISE` on gradients and losses.
    """
    if name in GONE:
        assert name not in METHODS
        return
    expected = [
        torch.cat([x.flatten() for x in xs]) for xs in kept(version)["methods"][name]["after"]
    ]
    for ours, theirs, noisy in zip(
        resumed(version, name), expected, resumed(version, name, NOISE), strict=True
    ):
        gap = float((noisy - ours).abs().max()) / NOISE
        tolerance = NUMBERS * 2.0**-53 * max(gap, 1.0)
        assert tolerance < 1e-10
        assert float((ours - theirs).abs().max()) <= tolerance


@pytest.mark.parametrize("name", ["momo", "momo_adam"])
def test_a_state_that_is_off_by_little_goes_elsewhere(name: str) -> None:
    """The comparison sees one part in a million, of the average alone."""
    record_of = kept(momo.__version__)["methods"][name]
    opt = record.optimizer(METHODS[name], record_of["points"])
    opt.load_state_dict(record_of["state"])
    opt.state[opt.param_groups[0]["params"][0]]["grad_avg"] *= 1 + 1e-6
    record.step_(opt, kept(momo.__version__)["problem"], BEFORE)
    moved = torch.cat([x.flatten() for x in record.points(opt)])
    assert float((moved - resumed(momo.__version__, name)[0]).abs().max()) > 1e-10


def test_every_version_has_a_record() -> None:
    """Those with a date, and the present one, with all methods of the table."""
    dated = {version for version, date in record.versions(CHANGELOG).items() if date}
    assert {path.name for path in FOLDER.iterdir()} == dated | {momo.__version__}
    assert {*kept(momo.__version__)["methods"]} == {*METHODS}
    assert {name for _, name in RECORDS} - {*METHODS} == {*GONE}
    assert momo.__version__ in record.versions(CHANGELOG)


def test_records_are_small() -> None:
    for path in FOLDER.rglob("*.pt"):
        assert path.stat().st_size < 300_000


@pytest.mark.parametrize(
    ("version", "changelog", "said"),
    [
        ("9.9.9", "", "allowed: " + momo.__version__),
        (momo.__version__, f"## {momo.__version__}, 2026-01-01\n", "has a date in CHANGELOG.md"),
    ],
)
def test_history_is_not_written_again(
    version: str,
    changelog: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    monkeypatch.setattr(record, "ROOT", tmp_path)
    monkeypatch.setattr(record, "FOLDER", tmp_path / "released")
    with pytest.raises(SystemExit):
        record.main([version])
    assert said in capsys.readouterr().err
    assert not (tmp_path / "released").exists()


def test_a_record_can_be_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written today has the states that are kept, but for rounding."""
    monkeypatch.setattr(record, "ROOT", tmp_path)
    monkeypatch.setattr(record, "FOLDER", tmp_path)
    monkeypatch.setattr(record, "METHODS", {"momo_adam": METHODS["momo_adam"]})
    (tmp_path / "CHANGELOG.md").write_text("## 0.1.0, unreleased\n", encoding="utf-8")
    record.main([momo.__version__])
    found = torch.load(tmp_path / momo.__version__ / "states.pt", weights_only=True)
    ours, theirs = found["methods"]["momo_adam"], kept(momo.__version__)["methods"]["momo_adam"]
    assert ours["state"]["param_groups"] == theirs["state"]["param_groups"]
    assert ours["state"]["state"].keys() == theirs["state"]["state"].keys()
    for x, y in zip(ours["points"], theirs["points"], strict=True):
        torch.testing.assert_close(x, y, rtol=1e-13, atol=1e-14)


def test_loading_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        resumed(momo.__version__, "momo")
