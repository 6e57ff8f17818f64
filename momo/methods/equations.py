# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The equations of a method in LaTeX, made of those of its parts (`momo.methods.lines`).

``f̄`` and ``γ`` are averaged as d is, of ``f_k`` and ``<g_k, x^k>``. A part of one's own has its
lines as an attribute ``latex``, of the kind that `momo.methods.lines` has for its like.
`tests/reference/test_equations.py` reads the lines and runs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from re import sub
from typing import Any, NamedTuple

from momo.core.parts import Capped, Decay, Given, Scaled, newest, penalty
from momo.core.products import MAX
from momo.methods.lines import (
    ASCENT,
    AVERAGING,
    BOUNDS,
    BY_COORDINATE,
    DECAYS,
    ITERATES,
    PRECONDITIONERS,
    RULES,
    Lines,
    Metric,
)
from momo.methods.row import Row
from momo.reference import Method
from momo.reference.preconditioners import NgnDiagonal


def written(table: Mapping[Any, Any], part: Any) -> Any:
    """Return what a table has for a part, its class or one that it stands on; its own comes first.

    Raises
    ------
    LookupError
        If there is nothing.
    """
    if (own := getattr(part, "latex", None)) is not None:
        return own
    for key in (part,) if part is None or isinstance(part, Decay) else type(part).__mro__:
        if key in table:
            return table[key]
    raise LookupError(
        f"{part!r} has no equation; allowed: a part with an attribute latex, or one that"
        " momo/methods/lines.py has"
    )


def metric_of(preconditioner: Any) -> Metric:
    """Return what a preconditioner writes; of one by coordinates, around what its base writes."""
    if not isinstance(preconditioner, NgnDiagonal):
        found: Metric = written(PRECONDITIONERS, preconditioner)
        return found
    base = metric_of(preconditioner.base)
    return base._replace(
        lines=(*base.lines, BY_COORDINATE), direction=base.direction.replace("d_k", "u_k")
    )


LONG = 72
"""Characters of a line that a phone does not show beside where it begins."""


class Letters(NamedTuple):
    """What the letters of the lines become, in the order in which they are put in."""

    GAP: str
    ESTIMATE: str
    VALUE: str
    WEIGHT: str
    RHO: str
    CAP: str
    NORM: str


def equations(method: Method, decays: bool = True, rest: Method | None = None) -> Lines:
    """Return the lines of a step.

    Parameters
    ----------
    method
        The parts.
    decays
        Whether it has a weight decay.
    rest
        The method of what is no matrix, where ``method`` is another, of matrices alone.
    """
    if method.product not in (None, MAX) or (method.product is MAX and rest is None):
        raise LookupError(
            f"{method.product!r} has no equation; allowed: none, or MAX beside a rest"
        )
    metric = metric_of(method.preconditioner)
    others = None if rest is None else metric_of(rest.preconditioner)
    averages, model = bool((method.beta > 0).any()), not isinstance(method.step_rule, Capped)
    decay = method.decay if decays else None
    average = written(AVERAGING, method.averaging) if averages else ()
    line = _line(method, averages)
    lines = [*(average if model and line else average[:1]), *metric.lines]
    norm = metric.norm
    if others is not None:
        lines += [*others.lines, r"N_k = \sum_X \lVert d_k^X\rVert_*"]
        whole = "N_k^2" if method.product is MAX else "N_k"
        norm = f"{whole} + {others.norm.replace('d_k', 'd_k^y')}"
    before, after = written(BOUNDS, method.lower_bound) if model else ((), ())
    if model:
        lines += [line] if line else []
        if decay is not None and decay.in_model:
            lines.append(r"c_k = (1+\alpha\lambda) h_k - \alpha\lambda\langle d_k, z^k\rangle")
        lines += [*before, *_step_size(method.step_rule)]
    size = r"\tau_k" if model else r"\alpha"
    lines += _moves(method, metric, others, decay, size)
    lines += [*written(ITERATES, method.iterates), *after]
    letters = _letters(method, decay, norm, weighs=len(average) > 1 and bool(line))
    return tuple(_in_letters(one, letters, method, line, averages) for one in lines)


def _line(method: Method, averages: bool) -> str:
    """Return what is truncated; empty where it is f_k, of weight 1."""
    if method.linearisation is newest or (method.iterates.plain and not averages):
        return ""
    if averages:
        return r"h_k = \bar f_k + \langle d_k, z^k\rangle - \gamma_k"
    return r"h_k = f_k + \langle g_k, z^k - x^k\rangle"


def _step_size(rule: Any) -> Lines:
    """Return ζ_k, where the rule has it, and τ_k."""
    scaled = isinstance(rule, Scaled)
    size = written(RULES, rule.rule if scaled else rule)
    if scaled:
        size = size.replace(r"\zeta_k", r"\frac{\zeta_k}{c}")
    tau = rf"\tau_k = {size}"
    return (r"\zeta_k = \frac{GAP}{NORM}", tau) if r"\zeta_k" in size else (tau,)


def _moves(
    method: Method, metric: Metric, others: Metric | None, decay: Any, size: str
) -> list[str]:
    """Return the move of z, or those of matrices X and the rest y."""
    move = written(DECAYS, decay)
    if metric.scale:
        move = move.replace(r"\alpha\lambda", rf"\alpha\lambda {metric.scale}")
    if others is None:
        return [
            f"z^{{k+1}} = {move.replace('MOVE', metric.move or f'- {size} {metric.direction}')}"
        ]
    scale = "N_k" if method.product is MAX else ""
    found = []
    for name, one, by in (("X", metric, scale), ("y", others, "")):
        step = f"- {size} {by} {one.direction.replace('d_k', f'd_k^{name}')}"
        found.append(f"{name}^{{k+1}} = {move.replace('z', name).replace('MOVE', step)}")
    return found


def _letters(method: Method, decay: Any, norm: str, weighs: bool) -> Letters:
    """Return what stands for the letters of the lines."""
    rho, estimate = "", r"h_k - \frac{\tau_k}{2} NORM"
    cap = r"\alpha"
    if weighs:
        rho, estimate = r"\rho_k", rf"\frac{{1}}{{\rho_k}}\left({estimate}\right)"
        if method.limit(method.preconditioner.unit) is penalty:
            cap = r"\frac{\alpha}{\rho_k}"
    modelled = decay is not None and decay.in_model
    bound = "f_*" if isinstance(method.lower_bound, Given) else "f_*^k"
    return Letters(
        GAP=f"(VALUE - WEIGHT {bound})_+",
        ESTIMATE=estimate,
        VALUE="c_k" if modelled else "h_k",
        WEIGHT=rf"(1+\alpha\lambda) {rho}" if modelled else rho,
        RHO=rho,
        CAP=cap,
        NORM=norm,
    )


def _in_letters(text: str, letters: Letters, method: Method, line: str, averages: bool) -> str:
    """Return a line in its letters: x for z where z is x, f for h and g for d where they are."""
    for name, meant in letters._asdict().items():
        text = text.replace(name, meant)
    if not method.iterates.points:
        text = text.replace("z^k", "x^k")
    if method.iterates.plain:
        text = text.replace("z^{k+1}", "x^{k+1}")
    if not line:
        text = text.replace("h_k", "f_k")
    if not averages:
        text = sub(r"(?<!\\)\bd_k", "g_k", text)
    return sub(" +", " ", text)


def of_row(row: Row, **options: Any) -> Lines:
    """Return the lines of a method of the table, at its defaults; β > 0 if it has one.

    ``options`` are those of the row.
    """
    given = row.defaults
    if "beta" in row.uses and given.beta == 0:
        given = replace(given, beta=0.5)
    made, rest = (row.reference(given, shape, **options) for shape in ((3, 2), (3,)))
    same = type(made.preconditioner) is type(rest.preconditioner)
    found = equations(made, "weight_decay" in row.uses, None if same else rest)
    return (*ASCENT, *found) if row.ascent is not None else found


def display(lines: Lines) -> str:
    """Return the lines as one display, aligned at their signs.

    Conditions stand below, and so does where a long line begins: it fits a phone then.
    """
    rows: list[str] = []
    for line in lines:
        later = r"(?=\\text)" if len(line) < LONG else ""
        first, *below = sub(rf",?(\\quad){later}", r"\n&\1", line).split("\n")
        rows += [sub(r" (=|\\leftarrow) ", r" &\1 ", first, count=1), *below]
    return "\n".join(["$$", r"\begin{aligned}", " \\\\\n".join(rows), r"\end{aligned}", "$$"])
