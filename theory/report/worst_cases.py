# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Worst cases in words, and in the terminal.

A value is called the exact worst case where a proven upper bound agrees with it
(`theory.worst_case.certify.Outcome.closed`), and the largest found elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console
from rich.table import Table
from rich.text import Text

from theory.report.terminal import make_table
from theory.worst_case.certificate import TOLERANCE
from theory.worst_case.certify import Outcome, groups
from theory.worst_case.growth import Growth
from theory.worst_case.setting import Setting

CERTIFICATE = (
    "gap: certified upper bound minus the value attained. violation: the largest of a condition."
    " slack, Gram: the smallest eigenvalues of the dual and of the primal matrix. least λ: the"
    " smallest multiplier. residual: of stationarity. replay: the largest error of steps, iterates"
    " and values in the reference."
)


EXACT = "="
"""The mark of a value that is an exact worst case."""

MARKED = (
    f"{EXACT}: an exact worst case, a proven upper bound agrees with it; the others are the largest"
    " values found."
)


def title(setting: Setting) -> str:
    """Return what a group of settings is, in words."""
    drawn = setting.sampling == "independent"
    gap = "E[f(x^k) - f*]" if drawn else "f(x^k) - f*"
    measures = {
        "best": f"min_{{k≤K}} {gap}",
        "last": gap.replace("k", "K"),
        "mean": f"mean of {gap} over k≤K",
        "weighted": "δ_1 + (1-β) Σ_{2≤k≤K} δ_k",
        "balanced": f"mean of {gap} less β/((1-β)K) E[h_K - f_1]",
    }
    kinds = {"lipschitz": "G-Lipschitz, in GD", "smooth": "L-smooth, in LD²"}
    methods = {"from_first": "MoMo", "from_zero": "MoMo-Adam with P frozen"}
    parts = [f"{measures[setting.measure]}, {kinds[setting.kind]}", methods[setting.averaging]]
    return "; ".join([*parts, *_conditions(setting)])


def _conditions(setting: Setting) -> list[str]:
    """Return what is special of a group of settings."""
    parts = []
    if setting.functions > 1:
        drawn = "drawn" if setting.sampling == "independent" else "in turn"
        parts.append(f"{setting.functions} functions {drawn}")
    parts += [] if setting.interpolation else ["no interpolation"]
    parts += ["a cap"] if math.isfinite(setting.lr) else []
    if setting.lower_bound:
        parts.append("f_* < f*" if setting.lower_bound < 0 else "f_* > f*")
    return parts


def headline(outcomes: Sequence[Outcome], grown: Sequence[Growth] = ()) -> str:
    """Return the verdict in one line."""
    bad = sum(not outcome.good for outcome in outcomes)
    wrong = sum(not trap.good for trap in grown)
    if bad or wrong:
        what = f"{bad} of {len(outcomes)} worst cases"
        what += f" and {wrong} of {len(grown)} traps" if wrong else ""
        return f"FAILED: {what} are objected to"
    exact = sum(outcome.closed for outcome in outcomes)
    what = f"{len(outcomes)} worst cases found ({exact} of them exact)"
    what += f" and {len(grown)} traps" if grown else ""
    return f"OK: {what} certified, replayed, and within the proven bounds"


def tables(outcomes: Sequence[Outcome], details: bool = False) -> list[Table]:
    """Return values, bounds and certificates as tables for the terminal.

    Parameters
    ----------
    outcomes
        What to show.
    details
        Whether to compare every K with the bounds, instead of the largest for each β.
    """
    made = [_grid(setting, own) for setting, own in groups(outcomes).items()]
    return [*made, *_comparison(outcomes, details), _certificates(outcomes)]


def show(
    outcomes: Sequence[Outcome],
    console: Console,
    details: bool = False,
    grown: Sequence[Growth] = (),
) -> None:
    """Print the tables, the objections, and the verdict."""
    for part in tables(outcomes, details):
        console.print(part)
    if grown:
        console.print(_growth(grown))
    close(outcomes, console, grown)


def close(outcomes: Sequence[Outcome], console: Console, grown: Sequence[Growth] = ()) -> None:
    """Print the objections, and the verdict."""
    for trap in grown:
        if not trap.good:
            console.print(Text(f"✗ trap {trap.kind}, {growth_row(trap)}", style="red"))
    for outcome in outcomes:
        for objection in outcome.objections:
            console.print(Text(f"✗ {outcome.setting.label}: {objection}", style="red"))
    good = all(outcome.good for outcome in outcomes) and all(trap.good for trap in grown)
    console.print(Text(headline(outcomes, grown), style="bold green" if good else "bold red"))


GROWTH_HEADERS = ("β", "K", "trap", "bound", "quotient", "violation", "replay")
GROWTH = (
    "Functions on which all K values are equal, in units of GD: from first and from zero one"
    " function, in a given order a function for each step. bound: the best that is proven."
)


def growth_row(trap: Growth) -> list[str]:
    """Return a trap's numbers, as `GROWTH_HEADERS` name them."""
    quotient = trap.value / trap.upper
    return [
        *(f"{trap.beta:g}", str(trap.iterations)),
        *(f"{value:.4f}" for value in (trap.value, trap.upper, quotient)),
        *(f"{value:.0e}" for value in (trap.violation, trap.error)),
    ]


def _growth(grown: Sequence[Growth]) -> Table:
    table = make_table("Traps: lower bounds for larger K", "of", *GROWTH_HEADERS)
    for column in table.columns[1:]:
        column.justify = "right"
    for trap in grown:
        table.add_row(trap.kind, *growth_row(trap), style="" if trap.good else "bold red")
    table.caption, table.caption_justify, table.caption_style = GROWTH, "left", "dim"
    return table


def _grid(setting: Setting, outcomes: Sequence[Outcome]) -> Table:
    headers, rows = lines(setting, outcomes)
    table = make_table(title(setting), *headers, right=tuple(headers))
    for names, cells in rows:
        table.add_row(*names, *(_value(cell) for cell in cells))
    return table


Row = tuple[list[str], list[Outcome | None]]


def lines(setting: Setting, outcomes: Sequence[Outcome]) -> tuple[list[str], list[Row]]:
    """Return the columns and rows of a group: its numbers, then a value for each β."""
    betas = sorted({outcome.setting.beta for outcome in outcomes})
    rows: dict[tuple[float, float, int], dict[float, Outcome]] = {}
    for outcome in outcomes:
        own = outcome.setting
        rows.setdefault((own.lr, own.lower_bound, own.iterations), {})[own.beta] = outcome
    made = []
    for key in sorted(rows):
        any_one = next(iter(rows[key].values())).setting
        names = [*numbers(any_one).values(), str(any_one.iterations)]
        made.append((names, [rows[key].get(beta) for beta in betas]))
    return [*numbers(setting), "K", *(f"β={beta:g}" for beta in betas)], made


def numbers(setting: Setting) -> dict[str, str]:
    """Return the cap and the error of the lower bound, by name, where there are such."""
    found = {"α": f"{setting.lr:g}"} if math.isfinite(setting.lr) else {}
    return found | ({"f_*-f*": f"{setting.lower_bound:g}"} if setting.lower_bound else {})


def _value(outcome: Outcome | None) -> Text:
    if outcome is None:
        return Text("–", style="dim")
    return Text(marked(outcome), style="" if outcome.good else "bold red")


def marked(outcome: Outcome) -> str:
    """Return the value, with `EXACT` behind it, or a space."""
    return number(outcome.value) + (EXACT if outcome.closed else " ")


def number(value: float) -> str:
    """Return a value with six decimals, or fewer digits where it is large."""
    return "–" if math.isnan(value) else f"{value:.6f}"


def compared(outcomes: Sequence[Outcome], details: bool) -> list[Outcome]:
    """Return the outcomes with upper bounds, of the largest K for each β unless ``details``."""
    found = [outcome for outcome in outcomes if outcome.upper]
    if details:
        return found
    last: dict[Setting, Outcome] = {}
    for own in groups(found).values():
        for outcome in own:
            key = replace(outcome.setting, iterations=1)
            if key not in last or outcome.setting.iterations > last[key].setting.iterations:
                last[key] = outcome
    return list(last.values())


def short(setting: Setting) -> str:
    """Return a group's name for a column."""
    parts = [f"{setting.kind} {setting.measure}"]
    parts += ["from zero"] if setting.averaging == "from_zero" else []
    return ", ".join([*parts, *_conditions(setting)])


BOUNDS = (
    "orthogonal",
    "trap, proven",
    "trap",
    "sharp",
    "two ends",
    "first term",
    "paper",
    "smooth",
    "smooth, weighted",
    "any cap",
    "any cap, first term",
    "any bound",
    "any bound, mean",
    "wrong bound",
)
HEADERS = {
    "orthogonal": "any\nmethod",
    "trap, proven": "trap,\nproven",
    "two ends": "two\nends",
    "first term": "first\nterm",
    "any cap, first term": "any cap,\nfirst term",
    "any bound, mean": "any bound,\nmean",
}


def _comparison(outcomes: Sequence[Outcome], details: bool) -> list[Table]:
    made = []
    for setting, own in groups(compared(outcomes, details)).items():
        names = [n for n in BOUNDS if any(n in o.upper | o.lower for o in own)]
        named = [HEADERS.get(name, name) for name in names]
        headers = (*numbers(setting), "β", "K", "largest\nfound", *named, "ratio")
        table = make_table(f"Against the theory: {short(setting)}", *headers, right=headers)
        for outcome in own:
            given = numbers(outcome.setting).values()
            where = *given, f"{outcome.setting.beta:g}", str(outcome.setting.iterations)
            ratio = f"{outcome.ratio:.3f}"
            table.add_row(*where, _value(outcome), *bounds(outcome, names), ratio)
        made.append(table)
    if made:
        made[0].caption = (
            "any method, trap: lower bounds by explicit functions (theory/traps.py). The others are"
            " upper bounds (theory/bounds.py, theory/beyond.py). ratio: of the value to the least"
            f" of these. {MARKED}"
        )
        made[0].caption_justify, made[0].caption_style = "left", "dim"
    return made


def bounds(outcome: Outcome, names: Sequence[str]) -> list[str]:
    """Return the bounds of an outcome by these names, as text."""
    found = outcome.upper | outcome.lower
    return [f"{found[name]:.4f}" if name in found else "–" for name in names]


def certificate_rows(outcomes: Sequence[Outcome]) -> list[tuple[str, list[str]]]:
    """Return, for each group, its name and the worst of each part of its certificates."""
    rows = []
    for setting, own in groups(outcomes).items():
        proofs = [o.certificate for o in own if o.certificate is not None]
        runs = [o.run for o in own if o.run is not None]
        worst = [
            max((abs(p.gap) for p in proofs), default=math.nan),
            max((p.violation for p in proofs), default=math.nan),
            min((p.least_slack for p in proofs), default=math.nan),
            min((p.least_gram for p in proofs), default=math.nan),
            min((p.least_multiplier for p in proofs), default=math.nan),
            max((p.stationarity for p in proofs), default=math.nan),
            max((run.error for run in runs), default=math.nan),
        ]
        certified = f"{sum(outcome.good for outcome in own)} of {len(own)}"
        rows.append((short(setting), [certified, *(f"{value:.0e}" for value in worst)]))
    return rows


CERTIFICATE_HEADERS = (
    "good",
    "gap",
    "violation",
    "slack",
    "Gram",
    "least λ",
    "residual",
    "replay",
)


def _certificates(outcomes: Sequence[Outcome]) -> Table:
    heading = f"Certificates: the worst of each group; allowed {TOLERANCE:.0e}"
    table = make_table(heading, "of", *CERTIFICATE_HEADERS, right=CERTIFICATE_HEADERS)
    for name, cells in certificate_rows(outcomes):
        table.add_row(name, *cells)
    table.caption, table.caption_justify, table.caption_style = CERTIFICATE, "left", "dim"
    return table
