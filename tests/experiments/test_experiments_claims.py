# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Claims: the sentence, its numbers, and whether it would survive one more seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest
from experiments_summary_cases import Cases

from experiments.__main__ import main
from experiments.claims import CLAIMS
from experiments.claims.base import Claim, Estimate, Evidence, Find, judge
from experiments.claims.evidence import Side, difference, over_data_sets, score, wider, width
from experiments.claims.page import filled, sentences, table, verdicts
from experiments.summary import finals
from experiments.summary.significance import paired


def ends_of(found: Cases) -> pl.DataFrame:
    return finals(found.runs, found.epochs)


def against(*differences: float) -> pl.DataFrame:
    """Return MoMo and SGD-M on one workload, whose scores differ so, seed by seed."""
    found = Cases()
    for seed, d in enumerate(differences):
        found.add("momo", 1.0, 50.0 + d + seed, seed=seed)
        found.add("sgd_m", 0.1, 50.0 + seed, seed=seed)
    return ends_of(found)


MOMO, SGD_M = Side("w", "momo"), Side("w", "sgd_m")
BETTER = Claim(
    "better",
    "s",
    "by {least} ({low} … {high}, p = {p}, n = {n})",
    difference((MOMO, SGD_M)),
    "unknown",
    above=0.0,
    digits=1,
)


def test_a_claim_says_its_numbers() -> None:
    found = paired([1.0, 2.0, 3.0, 2.0], [0.0] * 4)
    verdict = judge(BETTER, against(1.0, 2.0, 3.0, 2.0))
    assert (verdict.holds, verdict.n) == (True, 4)
    assert verdict.sentence == f"by 2.0 ({found.low:.1f} … {found.high:.1f}, p = 0.12, n = 4)"


@pytest.mark.parametrize(
    ("second", "said"), [(2.0, "by 2.0 points"), (2.5, "by 2.0 to 2.5 points")]
)
def test_a_range_of_one_number_is_one_number(second: float, said: str) -> None:
    def two(_: pl.DataFrame) -> list[Evidence]:
        return [
            Evidence("e", 2, lambda _, v=v: Estimate(v, v - 1, v + 1))  # type: ignore[misc]
            for v in (2.0, second)
        ]

    claim = Claim("c", "s", "by {least} to {most} points", two, digits=1)
    assert judge(claim, pl.DataFrame()).sentence == said


def test_a_claim_that_does_not_hold_says_so_or_nothing() -> None:
    ends = against(1.0, -2.0, 3.0)
    assert judge(BETTER, ends).sentence == "unknown"
    (verdict,) = verdicts([Claim("c", "s", "yes", BETTER.find, above=0.0)], ends)
    assert verdict.sentence == sentences([verdict], "s") == ""
    assert "| c | 3 | 0.67 | " in table([verdict])


@pytest.mark.parametrize(
    ("differences", "holds", "survives"),
    [
        ((2.0, 2.1, 1.9, 2.0, 2.05), True, True),
        ((0.0, 1.0, 1.5, 1.0, 1.5), True, False),  # without one of the larger its interval has 0
        ((1.0, -2.0, 3.0), False, False),
        ((2.0,), False, False),  # one seed has no interval
    ],
)
def test_a_claim_survives_if_it_holds_without_any_seed_and_with_any_twice(
    differences: tuple[float, ...], holds: bool, survives: bool
) -> None:
    verdict = judge(BETTER, against(*differences))
    assert (verdict.holds, verdict.survives) == (holds, survives)


@pytest.mark.parametrize(
    "fails", [lambda units: 2 not in units, lambda units: len(units) > len(set(units))]
)
def test_one_more_is_one_left_out_and_one_twice(fails: Callable[[Sequence[int]], bool]) -> None:
    def of(units: Sequence[int]) -> Estimate:
        return Estimate(1.0, -1.0 if fails(units) else 0.5, 2.0)

    verdict = judge(Claim("c", "s", "", lambda _: [Evidence("", 3, of)], above=0.0), pl.DataFrame())
    assert (verdict.holds, verdict.survives) == (True, False)


def test_every_number_of_a_claim_has_to_bear_it_out() -> None:
    evidence = [
        Evidence("one", 2, lambda units: Estimate(1.0, 0.5, 1.5)),
        Evidence("two", 3, lambda units: Estimate(2.0, -0.5, 4.5, 0.3)),
    ]
    verdict = judge(
        Claim("c", "s", "{least} {most} {low} {p} {n} {count}", lambda _: evidence, above=-1.0),
        pl.DataFrame(),
    )
    assert verdict.sentence == "1.00 2.00 -0.50 0.3 2 2"
    assert not judge(Claim("c", "s", "", lambda _: evidence, above=0.0), pl.DataFrame()).holds


@pytest.mark.parametrize(
    "find",
    [
        difference((MOMO, Side("w", "adam"))),
        difference((MOMO._replace(lr=7.0), SGD_M)),
        score(Side("w", "momo", None, "beta", 0.0)),
        width(Side("other", "momo")),
        wider((MOMO, Side("w", "adam"))),
        over_data_sets("momo_adam", 5.0),
    ],
)
def test_where_there_are_no_records_nothing_is_claimed(find: Find) -> None:
    verdict = judge(Claim("c", "s", "yes", find, "no"), against(1.0, 2.0))
    assert (verdict.estimates, verdict.holds, verdict.sentence) == ((), False, "")
    assert "| c | 0 | no records |" in table([verdict])


def test_settings_are_compared_over_shared_rates_alone() -> None:
    """The plain curve has a rate more, at which it is as wide as nothing else."""
    found = Cases()
    for seed in range(3):
        for lr, value in ((1.0, 90.0), (10.0, 90.0), (100.0, 90.0)):
            found.add("momo", lr, value, seed=seed)
        for lr, value in ((1.0, 90.0), (10.0, 90.0)):
            found.add("momo", lr, value, seed=seed, lb=1.0, plain=False)
    (evidence,) = wider((Side("w", "momo", None, "lb", 1.0), MOMO))(ends_of(found))
    assert evidence.of(range(3)) == Estimate(0.0, 0.0, 0.0) or evidence.of(range(3))[:3] == (
        0,
        0,
        0,
    )
    (score_,) = score(Side("w", "momo", 10.0))(ends_of(found))
    assert score_.of([0, 2])[:3] == (90.0, 90.0, 90.0)


def test_blocks_of_a_page_are_written_anew() -> None:
    judged = verdicts([BETTER], against(1.0, 2.0, 3.0, 2.0))
    page = "a\n<!-- claims: s -->\nstale\n<!-- end -->\nb\n<!-- claims -->\n<!-- end -->\nc\n"
    once = filled(page, judged)
    assert once == filled(once, judged)
    assert "stale" not in once
    assert once.startswith("a\n<!-- claims: s -->\n\n- by 2.0 ")
    assert "| better | 4 | 2.0 | " in once
    assert once.endswith("<!-- end -->\nc\n")
    with pytest.raises(ValueError, match="section 'x' of the page; allowed: s"):
        filled("<!-- claims: x -->\n<!-- end -->", judged)
    with pytest.raises(ValueError, match="has no block"):
        filled("nothing", judged)


def test_what_has_no_records_is_not_on_the_page_and_roundings_are_marked() -> None:
    def of(units: Sequence[int]) -> Estimate:
        return Estimate(1.0, 0.5, 1.5)

    within = Claim(
        "within", "s", "yes", lambda _: [Evidence("", 2, of, False), Evidence("", 2, of, True)]
    )
    beyond = Claim("beyond", "s", "yes", lambda _: [Evidence("", 2, of, False)])
    waits = Claim("waits", "t", "yes", lambda _: [], "no")
    page = "<!-- claims -->\n<!-- end -->\n<!-- claims: t -->\n<!-- end -->\n"
    text = filled(page, verdicts([within, beyond, waits], pl.DataFrame()))
    assert "| within | 2 | 1.00 … 1.00 | 0.50 … 1.50 |  | ≈ | yes | yes |" in text
    assert "| beyond | 2 | 1.00 | 0.50 … 1.50 |  | no | yes | yes |" in text
    assert "waits" not in text
    assert text.endswith("<!-- claims: t -->\n<!-- end -->\n")


def test_names_are_unique_and_every_sentence_can_be_made() -> None:
    assert len({claim.name for claim in CLAIMS}) == len(CLAIMS)
    names = dict.fromkeys(("least", "most", "low", "high", "p", "n", "count"), "0")
    for claim in CLAIMS:
        assert claim.holds.format(**names)
        assert (claim.otherwise or "-").format(**names)
        assert claim.above > -float("inf") or claim.below < float("inf"), claim.name


def test_the_command_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing\n", encoding="utf-8")
    assert main(["claims", "--into", str(page)]) == 2
    assert "has no block" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == "nothing\n"
