# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The theory's pages of the docs site, from the registry and from what is recorded.

Nothing is run: statements come from `theory.theorems`, what the kernel has from
``theory/rocq``, worst cases from ``theory/worst_case/data``. ``make verify`` and ``make rocq`` say
whether what is recorded is so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import matplotlib as mpl

from theory.claims.base import Claim
from theory.kernel import sources
from theory.kernel.audit import RECORD, version_of
from theory.proofs.base import Theorem
from theory.report import svg, worst_case_plots
from theory.report.markup import PAPERS
from theory.report.plots import STYLE
from theory.report.site_worst_cases import about as worst_cases
from theory.report.worst_case_page import CAPTIONS
from theory.report.worst_cases import numbers
from theory.statement import Statement
from theory.theorems import CLAIMS, HOMES, LEMMAS, THEOREMS, theorems_of
from theory.typeset import latex, prose, statement
from theory.worst_case.recorded import Recorded, recorded
from theory.worst_case.store import group_name

PICTURES = "pictures"
WHO = ("solver", "algebra", "hand")

BOUNDS = {
    "rate": ("paper",),
    "rate_first_term": ("first term",),
    "rate_first_term_zero": ("first term",),
    "rate_two_ends": ("two ends",),
    "rate_two_ends_zero": ("two ends",),
    "sharp_rate": ("sharp",),
    "sharp_rate_zero": ("sharp",),
    "smooth_linear": ("smooth, weighted",),
    "smooth_linear_least": ("smooth",),
    "smooth_capped": ("smooth, weighted", "smooth"),
    "rate_capped": ("any cap",),
    "any_bound": ("any bound",),
    "wrong_bound_below": ("wrong bound",),
    "wrong_bound_above": ("wrong bound",),
    "attained": ("orthogonal",),
    "trap": ("trap, proven",),
    "trap_zero": ("trap, proven",),
}
"""By which names the bounds of statements go among those on worst cases."""


@dataclass(frozen=True)
class Entry:
    """A statement with all that is recorded of it."""

    formal: Statement
    claim: Claim | None
    theorem: Theorem | None
    home: str

    @property
    def name(self) -> str:
        """Its name."""
        return self.formal.name


def entries() -> tuple[Entry, ...]:
    """Return every statement once, in the order of the proof."""
    found: dict[str, Entry] = {}
    for home, parts in HOMES.items():
        claims = {c.name: c for part in parts for c in getattr(part, "CLAIMS", ())}
        theorems = {t.name: t for part in parts for t in getattr(part, "THEOREMS", ())}
        for name in dict.fromkeys([*claims, *theorems]):
            formal = (theorems.get(name) or claims[name]).formal
            found[name] = Entry(formal, CLAIMS.get(name), THEOREMS.get(name), home)
    return tuple(found.values())


def pages() -> dict[str, str]:
    """Return the pages, by their names in ``docs/theory``."""
    cases = recorded()
    return {"statements.md": statements(cases), "worst_cases.md": worst_cases(cases)}


def pictures() -> dict[str, bytes]:
    """Return the pictures of the pages, by their names in ``docs/theory``."""
    cases = recorded()
    with mpl.rc_context(STYLE):
        made = {
            name: (figure, CAPTIONS[name])
            for name, figure in worst_case_plots.figures(cases).items()
        }
        for entry in entries():
            if own := against(entry.name, cases):
                about = f"{entry.formal.title}: worst cases found, and the bound"
                made[entry.name] = worst_case_plots.one_bound(own, BOUNDS[entry.name]), about
    return {f"{PICTURES}/{name}.svg": svg.alone(*each) for name, each in made.items()}


def against(name: str, cases: Iterable[Recorded]) -> list[Recorded]:
    """Return the worst cases on which the bound of a statement speaks; see `BOUNDS`."""
    names = BOUNDS.get(name, ())
    begins = "from_zero" if name.endswith("_zero") else "from_first"
    own = [c for c in cases if c.setting.averaging == begins and names and _has(c, names)]
    if name.startswith("wrong_bound"):
        sign = -1 if name.endswith("below") else 1
        own = [case for case in own if case.setting.lower_bound * sign > 0]
    if name in ("smooth_linear", "smooth_linear_least"):
        own = [case for case in own if case.setting.lr == float("inf")]
    if name == "smooth_capped":
        own = [case for case in own if case.setting.lr < float("inf")]
    return own


def _has(case: Recorded, names: Sequence[str]) -> bool:
    return any(name in case.upper | case.lower for name in names)


def statements(cases: Sequence[Recorded]) -> str:
    """Return the page that goes through them one by one."""
    everything = entries()
    coq = version_of(RECORD.read_text(encoding="utf-8"))
    rows = [_row(entry, cases) for entry in everything]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    sections = "\n".join(_section(entry, cases) for entry in everything)
    return f"{HEAD.format(coq=coq)}\n{TABLE}\n{table}\n\n{sections}"


HEAD = """# Statement by statement

Every statement of the theory: what it says, what it assumes, who proves it, and how near to
equality it comes. This page is made from the registry in `theory/theorems` and from records, by
`python -m theory site`; nothing on it is written by hand. What becomes of each statement on this
machine, `make verify` and `make rocq` say. [The theory, for reviewers](../../theory/README.md)
puts them into context.

* **kernel**: the file of [theory/rocq](../../theory/rocq/README.md) in which it is stated and
  proven as a whole. [The record](../../theory/rocq/statements.md) has what Coq {coq} printed of
  each. "–": it is not stated there.
* **by**: lemmas proven by a solver + by algebra + argued in words, outside of the kernel. "–": not
  proven, but a definition, or an assumption, that is measured.
* **measured**: whether runs are compared with it, at every step or in expectation.
* **reached**: the largest part of the bound that a [worst case](worst_cases.md) on record reaches
  for K ≥ 2, without momentum, and with; 1 is equality.
"""
TABLE = """| statement | what it is | kernel | by | measured | reached, β = 0 | β > 0 |
|---|---|---|---|---|---|---|"""


def _row(entry: Entry, cases: Sequence[Recorded]) -> tuple[str, ...]:
    return (
        f"[{entry.name}](#{entry.name})",
        prose(entry.formal.title),
        ", ".join(f"`{path}`" for path in _kernel(entry)) or "–",
        _by(entry) or "–",
        (entry.claim.kind if entry.claim else "") or "–",
        *(_reached(entry, cases, momentum) for momentum in (False, True)),
    )


def _reached(entry: Entry, cases: Sequence[Recorded], momentum: bool) -> str:
    nearest = _nearest(entry, [each for each in cases if (each.setting.beta > 0) == momentum])
    return f"{_ratio(entry, nearest):.3f}" if nearest else "–"


def _kernel(entry: Entry) -> list[str]:
    """Return the files of theory/rocq that state it."""
    if entry.theorem is None:
        return []
    return list(dict.fromkeys(_paths()[name] for name in entry.theorem.kernel))


@cache
def _paths() -> dict[str, str]:
    return {item.full_name: file.path for file in sources.read() for item in file.stated}


def _by(entry: Entry) -> str:
    if entry.theorem is None:
        return ""
    who = [LEMMAS[name].by.who for name in entry.theorem.lemmas]
    return " + ".join(str(who.count(each)) for each in WHO)


def _ratio(entry: Entry, case: Recorded) -> float:
    """Return which part of the statement's own bound a worst case reaches; at most 1."""
    found = case.upper | case.lower
    bound = min(found[name] for name in BOUNDS[entry.name] if name in found)
    return min(bound / case.value, case.value / bound)


def _nearest(entry: Entry, cases: Sequence[Recorded]) -> Recorded | None:
    """Return the worst case that comes nearest to the bound; at K = 1 no step was taken."""
    own = [case for case in against(entry.name, cases) if case.setting.iterations > 1]
    return max(own, key=lambda case: _ratio(entry, case), default=None)


def _section(entry: Entry, cases: Sequence[Recorded]) -> str:
    formal = entry.formal
    said, rest = statement(formal)
    source = f"theory/theorems/{entry.home}/statement.py"
    parts = [f"## {entry.name}\n", f"**{prose(formal.title)}.** {_paper(formal.source)}.\n"]
    for label, formula in said:
        parts += [f"{prose(label)}:\n"] if label else []
        parts.append(f"$$\n{formula}\n$$\n")
    if rest:
        parts.append(f"for {', '.join(f'${formula}$' for formula in rest)}.\n")
    symbols = [(f"${latex(q.symbol)}$", prose(q.meaning)) for q in formal.quantities]
    # Paragraphs of their own: on the site a paragraph with a long formula scrolls.
    parts += [f"* {symbol}: {meaning}\n" for symbol, meaning in symbols]
    assumed = "; ".join(map(prose, formal.assumptions))
    parts.append(f"Assumed: {assumed}.\n" if assumed else "Nothing else is assumed.\n")
    parts.append("\n".join(f"* {line}" for line in _evidence(entry, cases, source)) + "\n")
    if against(entry.name, cases):
        about = f"{formal.title}: worst cases found, and the bound"
        parts.append(f"![{about}]({PICTURES}/{entry.name}.svg)\n")
    return "\n".join(parts)


def _evidence(entry: Entry, cases: Sequence[Recorded], source: str) -> list[str]:
    """Return who proves it, how it is measured, and what comes near, a line each."""
    lines = []
    proving = [entry.theorem] if entry.theorem else list(theorems_of(entry.name))
    kernel = _kernel(entry)
    if kernel:
        files = ", ".join(f"[{path}.v](../../theory/rocq/{path}.v)" for path in kernel)
        names = ", ".join(each.rpartition(".")[2] for each in proving[0].kernel)
        lines.append(f"Kernel: {_plain(names)} in {files}")
    if entry.theorem:
        by = f"{_by(entry)} lemmas (solver + algebra + words)"
        lines.append(f"Proof: {by}; `python -m theory prove {entry.name}` shows each")
    elif proving:
        named = ", ".join(f"[{each.name}](#{each.name})" for each in proving)
        lines.append(f"Proven in {named}")
    if entry.claim:
        lines.append(
            f"Measured: {entry.claim.kind}; `python -m theory show {entry.name} --check` runs it"
        )
        if entry.claim.unchallenged:
            lines.append(f"Not challenged: {prose(entry.claim.unchallenged)}")
    for momentum, when in ((False, "without momentum"), (True, "with momentum")):
        own = [case for case in cases if (case.setting.beta > 0) == momentum]
        if nearest := _nearest(entry, own):
            exact = ", exact" if nearest.closed else ""
            part = f"{_ratio(entry, nearest):.3f} of it{exact}"
            lines.append(f"Nearest worst case {when}: {part}, {_where(nearest)}")
    if (Path(__file__).parents[2] / source).exists():
        lines.append(f"Written in [{source}](../../{source})")
    return lines


def _where(case: Recorded) -> str:
    """Return a link to the table in which a worst case stands, and its numbers."""
    group, setting = group_name(case.setting), case.setting
    given = [f"{name}={value}" for name, value in numbers(setting).items()]
    given += [f"β={setting.beta:g}", f"K={setting.iterations}"]
    return f"[{group}](worst_cases.md#{group}) at {', '.join(map(prose, given))}"


def _paper(source: str) -> str:
    """Return where a statement is from, as a sentence, with links to papers."""
    text = source[0].upper() + source[1:]
    for name, address in PAPERS.items():
        text = text.replace(name, f"[{name}]({address})")
    return text.replace("MoMo*", r"MoMo\*")


def _plain(text: str) -> str:
    return text.replace("_", r"\_")
