"""Exact worst cases in the terminal and on the page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from rich.console import Console
from rich.table import Table
from rich.text import Text

from theory.report import markup
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


def title(setting: Setting) -> str:
    """Return what a group of settings is, in words."""
    measures = {"best": "min_{k≤K} f(x^k) - f*", "last": "f(x^K) - f*"}
    kinds = {"lipschitz": "G-Lipschitz, in GD", "smooth": "L-smooth, in LD²"}
    methods = {"from_first": "MoMo", "from_zero": "MoMo-Adam with P frozen"}
    parts = [f"{measures[setting.measure]}, {kinds[setting.kind]}", methods[setting.averaging]]
    if setting.functions > 1:
        parts.append(f"{setting.functions} functions in turn")
    if math.isfinite(setting.lr):
        parts.append(f"capped at α = {setting.lr:g}")
    return "; ".join(parts)


def headline(outcomes: Sequence[Outcome], grown: Sequence[Growth] = ()) -> str:
    """Return the verdict in one line."""
    bad = sum(not outcome.good for outcome in outcomes)
    wrong = sum(not trap.good for trap in grown)
    if bad or wrong:
        what = f"{bad} of {len(outcomes)} worst cases"
        what += f" and {wrong} of {len(grown)} traps" if wrong else ""
        return f"FAILED: {what} are objected to"
    what = f"{len(outcomes)} worst cases" + (f" and {len(grown)} traps" if grown else "")
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
    betas = sorted({outcome.setting.beta for outcome in outcomes})
    headers = [f"β={beta:g}" for beta in betas]
    table = make_table(title(setting), "K", *headers, right=("K", *headers))
    by_place = {(o.setting.iterations, o.setting.beta): o for o in outcomes}
    for count in sorted({outcome.setting.iterations for outcome in outcomes}):
        cells = [by_place.get((count, beta)) for beta in betas]
        table.add_row(str(count), *(_value(cell) for cell in cells))
    return table


def _value(outcome: Outcome | None) -> Text:
    if outcome is None:
        return Text("–", style="dim")
    return Text(number(outcome.value), style="" if outcome.good else "bold red")


def number(value: float) -> str:
    """Return a value with six decimals, or fewer digits where it is large."""
    return "–" if math.isnan(value) else f"{value:.6f}"


def compared(outcomes: Sequence[Outcome], details: bool) -> list[Outcome]:
    """Return the outcomes with upper bounds, of the largest K for each β unless ``details``."""
    found = [outcome for outcome in outcomes if outcome.upper]
    if details:
        return found
    last: dict[tuple[Setting, float], Outcome] = {}
    for setting, own in groups(found).items():
        for outcome in own:
            key = setting, outcome.setting.beta
            if key not in last or outcome.setting.iterations > last[key].setting.iterations:
                last[key] = outcome
    return list(last.values())


def short(setting: Setting) -> str:
    """Return a group's name for a column."""
    parts = [f"{setting.kind} {setting.measure}"]
    parts += ["from zero"] if setting.averaging == "from_zero" else []
    parts += [f"{setting.functions} functions"] if setting.functions > 1 else []
    parts += [f"α = {setting.lr:g}"] if math.isfinite(setting.lr) else []
    return ", ".join(parts)


BOUNDS = (
    "orthogonal",
    "trap, proven",
    "trap",
    "sharp",
    "two ends",
    "first term",
    "paper",
    "smooth",
)
HEADERS = {
    "orthogonal": "any\nmethod",
    "trap, proven": "trap,\nproven",
    "two ends": "two\nends",
    "first term": "first\nterm",
}


def _comparison(outcomes: Sequence[Outcome], details: bool) -> list[Table]:
    made = []
    for setting, own in groups(compared(outcomes, details)).items():
        names = [n for n in BOUNDS if any(n in o.upper | o.lower for o in own)]
        headers = ("β", "K", "worst\ncase", *(HEADERS.get(name, name) for name in names))
        table = make_table(f"Against the theory: {short(setting)}", *headers, right=headers)
        for outcome in own:
            where = f"{outcome.setting.beta:g}", str(outcome.setting.iterations)
            table.add_row(*where, _value(outcome), *_bounds(outcome, names))
        made.append(table)
    if made:
        made[0].caption = (
            "any method, trap: lower bounds by explicit functions (theory/traps.py). The others are"
            " upper bounds (theory/bounds.py); from zero, sharp is attained."
        )
        made[0].caption_justify, made[0].caption_style = "left", "dim"
    return made


def _bounds(outcome: Outcome, names: Sequence[str]) -> list[str]:
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


def pictures(outcomes: Sequence[Outcome]) -> dict[str, bytes]:
    """Return the figures as SVG files."""
    from theory.report import plots, worst_case_plots

    drawn = worst_case_plots.figures(outcomes)
    return {name: plots.rendered(figure, "svg") for name, figure in drawn.items()}


def section(
    outcomes: Sequence[Outcome],
    pictures: Mapping[str, bytes],
    grown: Sequence[Growth] = (),
) -> str:
    """Return the page's section on worst cases.

    Parameters
    ----------
    outcomes
        What the short run found.
    pictures
        SVG files by the names of `theory.report.worst_case_plots.figures`.
    grown
        The traps.
    """
    good = all(outcome.good for outcome in outcomes) and all(trap.good for trap in grown)
    tone = "good" if good else "bad"
    parts = [
        '<h2 id="worst-cases">Exact worst cases</h2>',
        f'<p class="{tone}">{escape(headline(outcomes, grown))}.</p>',
        INTRODUCTION,
    ]
    bad = [(o.setting.label, text) for o in outcomes for text in o.objections]
    if bad:
        items = "".join(f"<li>{escape(label)}: {escape(text)}</li>" for label, text in bad)
        parts.append(f'<ul class="bad">{items}</ul>')
    for name, svg in pictures.items():
        about = CAPTIONS.get(name, name)
        parts.append(
            f"<figure>{markup.picture(svg, about)}<figcaption>{escape(about)}</figcaption></figure>"
        )
    parts.append(_html_comparison(outcomes))
    if grown:
        parts.append("<h3>Traps: lower bounds for larger K</h3>")
        cells = [[escape(trap.kind), *map(escape, growth_row(trap))] for trap in grown]
        parts.append(markup.table(["of", *GROWTH_HEADERS], cells, ["", *["number"] * 7]))
        parts.append(f'<p class="soft">{escape(GROWTH)}</p>')
    for setting, own in groups(outcomes).items():
        parts.append(
            f"<details><summary>{markup.indexed(title(setting))}</summary>{_html_grid(own)}</details>"
        )
    rows = [
        [markup.indexed(name), *map(escape, cells)] for name, cells in certificate_rows(outcomes)
    ]
    kinds = ["", *["number"] * len(CERTIFICATE_HEADERS)]
    parts.append("<h3>Certificates: the worst of each group</h3>")
    parts.append(markup.table(["of", *CERTIFICATE_HEADERS], rows, kinds))
    parts.append(f'<p class="soft">{escape(CERTIFICATE)} Allowed: {TOLERANCE:.0e}.</p>')
    return "\n".join(parts)


CAPTIONS = {
    "worst_cases_from_first": "Best iterate of MoMo on one G-Lipschitz function, against K.",
    "worst_cases_from_zero": "The same for MoMo-Adam with a frozen preconditioner: the proven bound"
    " is what the worst cases attain.",
    "worst_cases_beta": "Best iterate of MoMo against β, over 1/√K.",
    "worst_cases_others": "Other classes and measures: smooth functions, the last iterate, two"
    " functions in turn.",
}

INTRODUCTION = f"""<p>For fixed effective steps {markup.mathematics("τ_k")} the worst case over all
convex functions of a class is a semidefinite program, because the step rule
{markup.mathematics("τ_k||d_k||² = h_k - f*")} is linear in the Gram matrix of the start and the
gradients, for any β. Each value below is certified for its steps: a function attains it, and
multipliers prove that no function exceeds it. Over the steps the maximum was searched, not proven:
as a worst case of the method each value is a lower bound. Each function was run through the
reference, which made the same steps. “any method” and “trap” are lower bounds by explicit
functions, the others upper bounds that are proven (see Proofs). Where “trap” and “sharp” agree, the
worst case is known exactly.</p>"""


def _html_comparison(outcomes: Sequence[Outcome]) -> str:
    chosen = compared(outcomes, details=False)
    names = [n for n in BOUNDS if any(n in o.upper | o.lower for o in chosen)]
    rows = []
    for outcome in chosen:
        setting = outcome.setting
        where = [escape(short(setting)), f"{setting.beta:g}", str(setting.iterations)]
        rows.append([*where, _html_value(outcome), *_bounds(outcome, names)])
    headers = ["of", "β", "K", "worst case", *names]
    return markup.table(headers, rows, ["", *["number"] * (len(headers) - 1)])


def _html_value(outcome: Outcome | None) -> str:
    if outcome is None:
        return "–"
    text = number(outcome.value)
    return text if outcome.good else f'<span class="word bad">{text}</span>'


def _html_grid(outcomes: Sequence[Outcome]) -> str:
    betas = sorted({outcome.setting.beta for outcome in outcomes})
    by_place = {(o.setting.iterations, o.setting.beta): o for o in outcomes}
    rows = [
        [str(count), *(_html_value(by_place.get((count, beta))) for beta in betas)]
        for count in sorted({outcome.setting.iterations for outcome in outcomes})
    ]
    headers = ["K", *(f"β = {beta:g}" for beta in betas)]
    return markup.table(headers, rows, ["number"] * len(headers))
