# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Two results beside each other: what lies apart by more than the quartiles is said, and facts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from momo.bench import records
from momo.bench.__main__ import main
from momo.bench.compare import ALIKE, FASTER, SLOWER, Change
from momo.bench.speed import Spread, Timing


def row(name: str, ratio: Spread, runs: str = "blocks", path: str = "default") -> Timing:
    ms = Spread(10 * ratio.median, 10 * ratio.low, 10 * ratio.high)
    return Timing("small", name, path, runs, "SGD-M", "fused", ms, ratio, 1.0, None, 3, 0, 0)


def written(folder: Path, name: str, facts: dict[str, Any], *rows: Timing) -> str:
    records.write(folder / name, facts, {"speed": rows})
    return str(folder / name)


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        (Spread(2.0, 1.6, 2.5), SLOWER),
        (Spread(2.0, 1.4, 2.5), ALIKE),
        (Spread(0.5, 0.4, 0.6), FASTER),
        (Spread(0.5, 0.4, 0.8), ALIKE),
    ],
)
def test_beyond_the_spread(after: Spread, verdict: str) -> None:
    change = Change("small", "MoMo", "loop", "SGD-M", Spread(1.0, 0.75, 1.5), after)
    assert change.verdict == verdict
    assert change.quotient == Spread(after.median, after.low / 1.5, after.high / 0.75)


def test_the_command_compares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = Spread(1.0, 0.9, 1.1), Spread(2.0, 1.9, 2.1)
    a = written(tmp_path, "a.json", {"torch": "2.12", "threads": 2}, row("MoMo", one))
    b = written(
        tmp_path,
        "b.json",
        {"torch": "2.13", "threads": 2},
        row("MoMo", two, "fused (AVX2)"),
        row("IAM", one),
    )
    assert main(["compare", a, b]) == 0
    out = capsys.readouterr().out
    assert "torch differs: 2.12, 2.13" in out
    assert "threads" not in out
    assert "slower" in out
    assert "1.73 – 2.33" in out
    assert "not in the first: small, IAM, default" in out
    assert main(["compare", b, a, "--by", "milliseconds"]) == 0
    out = capsys.readouterr().out
    assert "faster" in out
    assert "0.50" in out
    assert "not in the second: small, IAM, default" in out


def test_what_is_no_result_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = written(tmp_path, "a.json", {}, row("MoMo", Spread(1.0, 1.0, 1.0)))
    other = written(tmp_path, "b.json", {}, row("IAM", Spread(1.0, 1.0, 1.0)))
    (tmp_path / "text.json").write_text("no")
    (tmp_path / "list.json").write_text("[]")
    for first, second, said in (
        (good, "text.json", "is not JSON"),
        (good, "list.json", "has no facts"),
        (good, "none.json", "none.json"),
        (good, other, "have no row in common"),
    ):
        assert main(["compare", first, str(tmp_path / second)]) == 2
        assert said in capsys.readouterr().err
