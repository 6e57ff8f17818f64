# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A report in the terminal, at 100 columns or more."""

from __future__ import annotations

import os
from typing import Any, Literal

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from theory.claims.base import UNCONFIRMED
from theory.outcomes import Report
from theory.plan import RIGHT
from theory.report import summary
from theory.report.attained import attained_fits

STYLES = {
    summary.HOLDS: "green",
    summary.CAUGHT: "green",
    summary.CLEAN: "green",
    summary.FAILS: "bold red",
    summary.MISSED: "bold red",
    summary.OBJECTED: "bold red",
    summary.PASSED: "dim",
    summary.UNCHECKED: "yellow",
    summary.UNCHALLENGED: "bold red",
    UNCONFIRMED: "bold yellow",
}

MOST_FAILURES = 20
"""How many are listed."""


def make_console(**options: Any) -> Console:
    """Return a console that is 100 columns wide where the output is no terminal."""
    console = Console(highlight=False, **options)
    if not console.is_terminal and "COLUMNS" not in os.environ and "width" not in options:
        console.width = 100
    return console


def make_table(title: str, *headers: str, right: tuple[str, ...] = ()) -> Table:
    """Return an empty table in the style of all tables here; ``right`` names numeric columns."""
    table = Table(
        title=Text(title, style="bold"),
        title_justify="left",
        title_style="",
        box=box.SIMPLE_HEAD,
        padding=(0, 1),
        pad_edge=False,
    )
    for header in headers:
        numeric = header in right
        justify: Literal["left", "right"] = "right" if numeric else "left"
        table.add_column(header, justify=justify, no_wrap=numeric, overflow="fold")
    return table


def verdict_text(verdict: str) -> Text:
    """Return the verdict in its colour."""
    return Text(verdict, style=STYLES[verdict])


def show_report(report: Report, console: Console) -> None:
    """Print the claims, the problems, the controls, what is attained, and the verdict."""
    parts = [_claims(report), *_challenges(report), _problems(report)]
    parts += [*_exponents(report), *_attained(report)]
    if report.controls:
        parts.insert(1, _controls(report))
    for part in parts:
        console.print(part)
    _close(report, console)


def _claims(report: Report) -> Table:
    table = make_table("Claims", "claim", "verdict", "on", "worst at", "ratio", "caught")
    table.expand, table.columns[0].ratio = True, 1
    for index in (4, 5):
        table.columns[index].justify = "right"
    for index in (1, 2, 4, 5):
        table.columns[index].no_wrap = True
    # Where it is worst takes its place from the statement only up to the longest usual name.
    table.columns[3].min_width, table.columns[3].max_width = 22, 24
    total = sum(control.name != RIGHT for control in report.controls)
    for row in summary.claim_summaries(report):
        ratio: Text | str = ""
        if row.worst is not None:
            ratio = Text(summary.ratio_text(row.worst))
            if row.allowance:
                ratio.append(f"\nof {row.allowance}", style="dim")
        table.add_row(
            Text.assemble((row.title, "bold"), "\n", (row.statement, "")),
            verdict_text(row.verdict),
            Text(f"{row.problems} × {row.settings}" if row.settings else "–"),
            Text(f"{row.place}\n{row.worst.setting}" if row.worst else ""),
            ratio,
            Text(f"{len(row.controls)} of {total}" if total else "–"),
        )
    table.caption = (
        "on: problems × settings in all. ratio: the largest measured/allowed; a bound is tight at"
        " 1, “of rounding” is the part used of what rounding may leave. caught: controls."
    )
    table.caption_justify, table.caption_style = "left", "dim"
    return table


def _challenges(report: Report) -> list[Table]:
    rows = summary.challenge_rows(report)
    if not rows:
        return []
    title = "Bounds that no problem here brings near equality"
    table = make_table(title, "claim", "where", "reached", "on", "why", right=("reached",))
    for claim, *cells in rows:
        table.add_row(claim, *(Text(cell) for cell in cells))
    table.caption = "reached: the largest part of the bound that a problem reached, for K ≥ 2."
    table.caption_justify, table.caption_style = "left", "dim"
    return [table]


def _controls(report: Report) -> Table:
    table = make_table("Controls: what must be caught", "control", "what is wrong", "caught by")
    for control in report.controls:
        verdict, right = summary.control_verdict(control, report.plan)
        found = Text(", ".join(control.caught_by))
        if not right or not control.caught_by:
            found = Text.assemble(verdict_text(verdict), " by " if found else "", found)
        table.add_row(control.name, Text(summary.plain(summary.wrong(control))), found)
    return table


def _problems(report: Report) -> Table:
    numeric = ("N", "n", "f*", "D", "G", "L", "residual", "allowed")
    table = make_table("Problems, and their certificates", "problem", *numeric, right=numeric)
    for name, case in summary.problem_cases(report).items():
        if case is None:
            table.add_row(Text(name), Text("no result", style="bold red"))
            continue
        optimum, smoothness = case.optimum, case.constants.smoothness
        style = "" if optimum.certified else "bold red"
        table.add_row(
            Text(name),
            *(str(count) for count in (case.samples, case.dim)),
            *(
                summary.number(value)
                for value in (optimum.value, optimum.distance, case.constants.gradient)
            ),
            "–" if smoothness is None else summary.number(smoothness),
            Text(summary.number(optimum.residual), style=style),
            summary.number(optimum.tolerance),
        )
    table.caption = (
        "D = ||x^1 - x*||; G bounds the gradients on the ball; L where all f(·,s) are smooth."
        " residual: the largest of duality gap, KKT and interpolation."
    )
    table.caption_justify, table.caption_style = "left", "dim"
    return table


def _exponents(report: Report) -> list[Table]:
    found = {
        name: summary.exponents(case)
        for name, case in summary.problem_cases(report).items()
        if case is not None and summary.exponents(case)
    }
    if not found:
        return []
    betas = sorted({beta for row in found.values() for beta in row})
    headers = [f"β={beta:g}" for beta in betas]
    title = "Decay exponent of min_k≤K E[f(x^k) - f*] in K, 95 % interval; the bound's is -0.50"
    used = summary.rate_used(report)
    table = make_table(title, "problem", *headers, "tight", right=(*headers, "tight"))
    for name, row in found.items():
        cells = [summary.exponent_text(row.get(beta)).replace(", ", ",") for beta in betas]
        if len(betas) > 3:
            cells = [cell.replace(" ", "\n", 1) for cell in cells]
        cells.append(summary.quotient(used.get(name, np.nan)))
        table.add_row(Text(name), *(Text(cell) for cell in cells))
    table.caption = "tight: the largest part of the paper's bound that was reached, over β and K."
    table.caption_justify, table.caption_style = "left", "dim"
    return [table]


def _attained(report: Report) -> list[Table]:
    fits = attained_fits(report.cases)
    if not fits:
        return []
    steps = sorted({int(step) for fit in fits for step in fit.steps})
    headers = [f"K={step}" for step in steps]
    title = "Resisting functions: √K · min_k≤K (f(x^k) - f*) / GD; at β = 0 the theory says 1"
    slope = "exponent in K"
    table = make_table(title, "β", *headers, slope, right=("β", *headers, slope))
    for fit in fits:
        at = dict(zip(fit.steps, fit.values / fit.bounds, strict=True))
        cells = [summary.quotient(at.get(step, np.nan)) for step in steps]
        exponent = "–" if np.isnan(fit.slope) else f"{fit.slope:.6f}"
        table.add_row(f"{fit.beta:g}", *cells, exponent)
    return [table]


def _close(report: Report, console: Console) -> None:
    steps, seconds = summary.run_steps(report)
    speed = f", {steps / seconds:,.0f} a second and process" if seconds > 0 else ""
    console.print(Text(f"{steps:,} run-steps{speed}; {summary.duration(report.seconds)} in all."))
    console.print(Text(f"Of these steps {summary.held_text(report)}."))
    count = summary.comparisons(report)
    if count:
        each, all_ = report.plan.error_probability, summary.error_probability(report)
        console.print(
            Text(
                f"{count} comparisons in expectation, each wrongly accepted with probability at"
                f" most {each:g}: at most {all_:.2g} for any of them."
            )
        )
    for failure in report.failures[:MOST_FAILURES]:
        console.print(Text(f"✗ {failure}", style="red"))
    if len(report.failures) > MOST_FAILURES:
        console.print(Text(f"… and {len(report.failures) - MOST_FAILURES} more", style="red"))
    console.print(Text(summary.headline(report), style="bold green" if report.ok else "bold red"))
