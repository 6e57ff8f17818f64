"""What the pages for people who train say: their examples run, their numbers are those measured."""

from __future__ import annotations

import io
import re
from collections import Counter
from contextlib import redirect_stdout

import pytest
from readme_pages import PAGES, ROOT, blocks

from momo.methods import METHODS

BLOCKS = blocks("python")
WHICH = PAGES["docs/optimizers/which.md"]


def printed(mark: str) -> str:
    """Return what the example with a mark prints."""
    (block,) = (one for one in BLOCKS if mark in one)
    said = io.StringIO()
    with redirect_stdout(said):
        exec(compile(block, mark, "exec"), {"__name__": "__main__"})
    return said.getvalue()


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


def test_decay_is_lost_in_bfloat16_but_with_kahan_sum() -> None:
    rounded, kept, exact = numbers(printed("after_decay("))
    assert rounded == 1
    assert kept == pytest.approx(exact, abs=2e-3)


def test_the_example_of_the_path_shows_both() -> None:
    first, second = printed("{optimizer.path}").splitlines()
    assert re.fullmatch(r"fused=None: (fused \(.*\)|blocks)", first)
    assert second == "fused=False: blocks"


def test_every_method_is_placed() -> None:
    assert {*METHODS} - {"momo", "momo_adam"} <= {*re.findall(r"`(\w+)`", WHICH)}


def best_rates(column: int) -> Counter[str]:
    """Return how often each rate is the best, over workloads, by the column of a method."""
    text = (ROOT / "experiments" / "TABLES.md").read_text(encoding="utf-8")
    rows = text.partition("## Best scores")[2].partition("\n\n## ")[0].splitlines()
    cells = [[one.strip() for one in row.strip("|").split("|")] for row in rows if "(" in row]
    # a variant of a workload is none of its own
    found = [cell for cell in cells if len(cell) > 5 and ":" not in cell[0]]
    return Counter(f"{float(cell[column].partition(':')[0]):g}" for cell in found)


def test_the_rates_to_start_with_are_those_that_were_best() -> None:
    """The sentence counts all workloads."""
    said = " ".join(WHICH.split())
    sentence = re.search(
        r"Of (\d+) workloads the best rate of `Momo` was 1 on (\d+), 0.1 on (\d+) and 3 on (\d+);"
        r" that of `MomoAdam` 0.01 on (\d+), 0.1 on (\d+), 0.003 on (\d+) and 0.0001 on (\d+)",
        said,
    )
    assert sentence
    count, *ours = map(int, sentence.groups())
    assert best_rates(2) == Counter(dict(zip(("1", "0.1", "3"), ours[:3], strict=True)))
    adam = dict(zip(("0.01", "0.1", "0.003", "0.0001"), ours[3:], strict=True))
    assert best_rates(3) == Counter(adam)
    assert sum(ours[:3]) == sum(ours[3:]) == count
