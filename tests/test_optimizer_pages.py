# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the pages for people who train say: their examples run, their numbers are those measured."""

from __future__ import annotations

import inspect
import io
import re
from collections import Counter
from contextlib import redirect_stdout

import pytest
from readme_pages import PAGES, ROOT, blocks, table

from momo import Momo, MomoAdam
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


def test_a_run_that_is_resumed_goes_on_bit_for_bit() -> None:
    assert printed("equal, bit for bit") == "equal, bit for bit: True\n"


@pytest.mark.parametrize(("column", "cls"), [(1, Momo), (2, MomoAdam)])
def test_the_arguments_are_those_of_the_class(column: int, cls: type[Momo | MomoAdam]) -> None:
    """Each with its default; the parameters themselves are none of them."""
    said = {}
    for line in table("| argument | `Momo` | `MomoAdam` | what it is |"):
        cells = [one.strip() for one in line.strip("|").split("|")]
        if cells[column] != "–":
            said |= dict.fromkeys(re.findall(r"`(\w+)`", cells[0]), cells[column].strip("`"))
    known = inspect.signature(cls).parameters
    assert said == {name: repr(one.default) for name, one in known.items() if name != "params"}


def test_a_negative_loss_needs_a_bound_below_it() -> None:
    with_bound, without = numbers(printed("reached(-5.0)"))
    assert with_bound == pytest.approx(-5, abs=1e-2)
    assert without == pytest.approx(0, abs=1e-2)


def test_a_bound_that_is_too_high_is_seen_in_the_last_step() -> None:
    step_size, cap, value, bound, loss = numbers(printed("{last.lower_bound"))
    assert (step_size, cap, bound) == (0, 1, 2)
    assert value == pytest.approx(bound, abs=0.05)
    assert loss == pytest.approx(bound, abs=0.05)


def test_a_scaled_loss_is_heard_and_one_that_is_not_told_of_spoils_the_step() -> None:
    plain, scaled, not_told = numbers(printed("trained(1000"))
    assert scaled == pytest.approx(plain, rel=1e-2)
    assert not_told > 50 * plain


def test_a_schedule_lowers_the_cap() -> None:
    first, last = numbers(printed("CosineAnnealingLR("))
    assert first == 1
    assert last < 0.05


def test_the_sum_of_losses_trains_both() -> None:
    # both are 1 or so at the start
    assert max(numbers(printed("first + 0.5 * second"))) < 0.05


def rows(heading: str) -> list[list[str]]:
    """Return the cells of a table of TABLES.md, without variants of workloads."""
    text = (ROOT / "experiments" / "TABLES.md").read_text(encoding="utf-8")
    lines = text.partition(f"## {heading}\n")[2].partition("\n## ")[0].splitlines()
    cells = [[one.strip() for one in line.strip("|").split("|")] for line in lines]
    return [one for one in cells if len(one) > 1 and ":" not in one[0] and "(" in one[0]]


def test_what_others_reached_on_mnist_is_what_the_tables_say() -> None:
    best = {
        method: cell.partition(" ±")[0]
        for one in rows("Best scores")
        if one[0].startswith("mnist_mlp")
        for method, cell in zip(("MoMo", "MoMo-Adam"), one[2:4], strict=True)
    }
    wide = {
        one[1]: (one[4], one[6])
        for one in rows("Robustness to the learning rate")
        if one[0].startswith("mnist_mlp")
    }
    others = {
        one[1]: [one[2], one[7], one[8]]
        for one in rows("Other methods")
        if one[0].startswith("mnist_mlp")
    }
    said = table("| method | best rate: accuracy | decades | seeds |")
    assert len(said) == 5
    for line in said:
        name, *cells = (one.strip() for one in line.strip("|").split("|"))
        assert cells == (others[name] if name in others else [best[name], *wide[name]])


def test_how_much_longer_a_training_step_takes_is_what_the_tables_say() -> None:
    said = " ".join(PAGES["docs/faq.md"].split())
    found = re.search(
        r"changed by (-\d+) to \+(\d+) % on (\d+) of (\d+) workloads, and by (\d+) to (\d+) %", said
    )
    assert found
    low, high, few, all_, least, most = map(int, found.groups())
    times = [
        [int(cell.rstrip(" %")) for cell in (one[2], one[4]) if cell != "–"]
        for one in rows("Time of a step")
    ]
    usual = [both for both in times if max(both) <= high]
    rest = [number for both in times if max(both) > high for number in both]
    assert (len(times), len(usual)) == (all_, few)
    assert min(map(min, usual)) == low
    assert max(map(max, usual)) == high
    assert (min(rest), max(rest)) == (least, most)


def test_every_method_is_placed() -> None:
    assert {*METHODS} - {"momo", "momo_adam"} <= {*re.findall(r"`(\w+)`", WHICH)}


def best_rates(column: int) -> Counter[str]:
    """Return how often each rate is the best, over workloads, by the column of a method."""
    found = [one[column].partition(":")[0] for one in rows("Best scores")]
    return Counter(f"{float(rate):g}" for rate in found)


def test_who_was_better_is_what_the_tables_say() -> None:
    found = re.search(
        r"`MomoAdam` was better than `Momo` in the mean on (\d+) of (\d+) workloads",
        " ".join(WHICH.split()),
    )
    assert found
    better = []
    for _, score, *cells in rows("Best scores"):
        momo, adam = (float(cell.split()[1]) for cell in cells[:2])
        better.append(adam > momo if "in %" in score else adam < momo)
    assert (sum(better), len(better)) == tuple(map(int, found.groups()))


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
