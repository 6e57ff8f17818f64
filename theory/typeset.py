# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Statements as LaTeX, for pages that render formulas.

A statement is written once, as a function of its quantities (`theory.statement`). Read with
`Typeset` quantities it has fractions, roots and sums as a paper has them. Symbols and prose are
texts, whose indices and signs are translated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from theory.formula import ATOM, PRODUCT, SUM, Written, written
from theory.proofs.scalars import Relation, Scalars
from theory.statement import MIRRORED, Statement

SIGNS = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "varepsilon",
    "ζ": "zeta",
    "η": "eta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "ψ": "psi",
    "Γ": "Gamma",
    "Φ": "Phi",
    "≤": "le",
    "≥": "ge",
    "·": "cdot",
    "∞": "infty",
    "∇": "nabla",
    "Σ": "sum",
    "Π": "prod",
    "∫": "int",
    "⪰": "succeq",
    "⪯": "preceq",
    "…": "ldots",
}
"""Characters and the commands that they are in LaTeX."""

OTHERS = {"−": "-", "½": r"\tfrac{1}{2}", "|": r"\vert ", "%": r"\%", "#": r"\#", "&": r"\&"}
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵏ", "0123456789-k", strict=True))
NAMES = {
    "min": r"\min",
    "max": r"\max",
    "log": r"\log",
    "inf": r"\inf",
    "mean": r"\operatorname{mean}",
}
MARKS = {"\u0302": "hat", "\u0304": "bar"}
"""Characters that stand above the letter before them."""
TOKEN = re.compile(
    rf"\s+|\|\||‖|[{''.join(RAISED)}]+|[A-Za-z]{{3,}}(?![a-z{''.join(MARKS)}])|L[01](?!\d)|\d+(?:\.\d+)?|.",
    re.DOTALL,
)


def latex(text: str) -> str:
    """Return a formula, in the paper's symbols, as LaTeX.

    Raises
    ------
    ValueError
        If a bracket is not closed.
    """
    return _Reader(text).until("")


class _Reader:
    """Reads a text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = TOKEN.findall(text)
        self.at = 0

    def until(self, end: str) -> str:
        """Return what there is before a closing token, and pass it."""
        parts: list[str] = []
        while self.at < len(self.tokens):
            if self.tokens[self.at] == end or (end in NORM and self.tokens[self.at] in NORM):
                self.at += 1
                return "".join(parts).strip()
            parts.append(self.one(parts))
        if end:
            raise ValueError(f"{self.text!r} has no {end!r} where one is needed")
        return "".join(parts).strip()

    def one(self, before: list[str]) -> str:
        """Return the next token, with what belongs to it."""
        token = self.tokens[self.at]
        self.at += 1
        if token in ("_", "^"):
            return token + self.script()
        if token == "*" or token[0] in RAISED:
            return "^{" + "".join(RAISED.get(each, each) for each in token) + "}"
        if token in NORM:
            return rf"\lVert {self.until(token)}\rVert "
        if token == "√":
            return rf"\sqrt{{{self.root()}}}"
        if token == "<" and self.paired():
            return rf"\langle {self.until('>')}\rangle "
        if token == "{":
            return rf"\{{{self.until('}')}\}}"
        return self.sign(token, before)

    def sign(self, token: str, before: list[str]) -> str:
        """Return a token that stands for itself: a number, a letter, a sign."""
        if self.at < len(self.tokens) and self.tokens[self.at] in MARKS:
            self.at += 1
            return rf"\{MARKS[self.tokens[self.at - 1]]}{{{token}}}"
        if token in NAMES:
            return NAMES[token] + " "
        if token in SIGNS:
            return f"\\{SIGNS[token]} "
        if token in ("L0", "L1"):
            return f"L_{token[1]}"
        if len(token) > 2 and token.isalpha():
            return rf"\text{{{token}}}" if before[-1:] != ["_"] else rf"\mathrm{{{token}}}"
        rest = "".join(self.tokens[self.at : self.at + 2])
        if token == "E" and rest.startswith(("[", "_", "||", "‖", " inf")):
            return r"\mathbb{E}"
        if token.isspace():  # words are apart, symbols need no space
            words = rest[:3].isalpha() and before[-1:] and before[-1].startswith(r"\text")
            return r"\ " if words else " "
        return OTHERS.get(token, token)

    def script(self) -> str:
        """Return what is raised or lowered."""
        token = self.tokens[self.at]
        self.at += 1
        if token == "{":
            return f"{{{self.until('}')}}}"
        if len(token) > 2 and token.isalpha():
            return rf"{{\mathrm{{{token}}}}}"
        return f"{{{token}}}" if token in "*+" else f"{{{self.sign(token, [])}}}"

    def root(self) -> str:
        """Return what stands below a root: brackets, or one symbol with its indices."""
        while self.tokens[self.at].isspace():
            self.at += 1
        if self.tokens[self.at] == "(":
            self.at += 1
            return self.until(")")
        parts = [self.one([])]
        while self.at < len(self.tokens) and self.tokens[self.at] in ("_", "^"):
            parts.append(self.one(parts))
        return "".join(parts)

    def paired(self) -> bool:
        """Return whether ``<`` begins an inner product: ``<a, b>``."""
        rest = self.tokens[self.at :]
        return bool(rest) and not rest[0].isspace() and "," in rest and ">" in rest


NORM = ("||", "‖")


class Typeset(Written):
    """A formula as LaTeX."""

    def within(self, binds: int) -> str:
        """Return the text as a part of something that binds so tightly."""
        return self.text if self.binds >= binds else rf"\left({self.text}\right)"

    def __add__(self, other: Any) -> Typeset:
        return Typeset(f"{self.text} + {typeset(other).text}", SUM)

    def __radd__(self, other: Any) -> Typeset:
        return typeset(other) + self

    def __sub__(self, other: Any) -> Typeset:
        return Typeset(f"{self.text} - {typeset(other).within(PRODUCT)}", SUM)

    def __rsub__(self, other: Any) -> Typeset:
        return typeset(other) - self

    def __neg__(self) -> Typeset:
        return Typeset(f"-{self.within(PRODUCT)}", SUM)

    def __mul__(self, other: Any) -> Typeset:
        return Typeset(rf"{self.within(PRODUCT)}\,{typeset(other).within(PRODUCT)}", PRODUCT)

    def __rmul__(self, other: Any) -> Typeset:
        return typeset(other) * self

    def __truediv__(self, other: Any) -> Typeset:
        return Typeset(rf"\frac{{{self.text}}}{{{typeset(other).text}}}", PRODUCT)

    def __rtruediv__(self, other: Any) -> Typeset:
        return typeset(other) / self

    def __pow__(self, power: Any) -> Typeset:
        base = self.within(ATOM)
        # A symbol that is raised already becomes one, so that it can be raised again.
        base = f"{{{base}}}" if "^" in base and not base.startswith(r"\left") else base
        return Typeset(f"{base}^{{{typeset(power).text}}}")

    def root(self) -> Typeset:
        """Return its square root."""
        return Typeset(rf"\sqrt{{{self.text}}}")

    @classmethod
    def log(cls, value: Any) -> Typeset:
        """Return the natural logarithm of a value."""
        number = typeset(value)
        return cls(rf"\log {number.within(ATOM)}", PRODUCT)

    @classmethod
    def among(cls, name: str, values: Iterable[Any]) -> Typeset:
        """Return "min" or "max" of values."""
        return cls(rf"\{name}\left\{{{', '.join(typeset(value).text for value in values)}\right\}}")

    @classmethod
    def total(cls, term: Callable[[Any], Any], first: int, last: Any) -> Typeset:
        """Return the sum of ``term(k)`` from the first k to the last."""
        limits = f"_{{k={first}}}^{{{typeset(last).text}}}"
        return cls(rf"\sum{limits} {typeset(term(cls('k'))).within(PRODUCT)}", PRODUCT)


def typeset(value: Any) -> Typeset:
    """Return a value as LaTeX."""
    if isinstance(value, Typeset):
        return value
    found = written(value)
    return Typeset(latex(found.text), found.binds, found.number)


SENSES = {"<=": r"\le", "<": "<", "==": "="}
TURNED = {"<=": r"\ge", "<": ">"}


def statement(formal: Statement) -> tuple[list[tuple[str, str]], list[str]]:
    """Return what a statement says as LaTeX: its relations with labels, and for what, and where."""
    symbols: dict[str, Any] = {q.name: Typeset(latex(q.symbol)) for q in formal.quantities}
    symbols |= {name: Typeset(latex(name)) for name in formal.where}
    v = Scalars(symbols)
    said = [(label, _relation(each)) for label, each in formal.holds(v).items()]
    rest = [_relation(each) for each in formal.given(v).values()]
    rest += [
        f"{latex(name)} = {typeset(formula(v)).text}" for name, formula in formal.where.items()
    ]
    return said, rest


def _relation(relation: Relation) -> str:
    left, right = typeset(relation.left), typeset(relation.right)
    if left.number and relation.sense in MIRRORED:
        return f"{right.text} {TURNED[relation.sense]} {left.text}"
    return f"{left.text} {SENSES[relation.sense]} {right.text}"


MATHS = re.compile(
    r"[_^*|‖≤≥=√ΣΠ∇·²½⪰⪯∞∫αβγδεζηκλμρστψΓΦ]|^[<>+/-]$|\w[({]|<\w|\w>|^(?=.*[\d/+])(?!.*[a-z]{2})\w.+$"
)
WORD = re.compile(r"[A-Za-z]*[a-z]{2,}(?:[-'][a-z]+)*|[Aa]|[A-Z]\w*'s|.*-[a-z]{3,}|MoMo\*")
SYMBOL = re.compile(r"[(\[{]?(?:[A-Zb-z]'?|L[01]|\d+)")
INNER = re.compile(r"<[^<>]*,[^<>]*>")
BEGUN = re.compile(r"(?<![\w}])<(?=\w)[^>]*$")
OPERATORS = frozenset("<>=+-/≤≥")


def prose(text: str) -> str:
    """Return words with formulas among them as Markdown: formulas between dollars."""
    parts: list[str] = []
    run: list[str] = []
    for token in text.split():
        bare = token.rstrip(",;:.")
        if not _maths(bare, bool(run)):
            parts += [*_spans(run), _plain(token)]
            run = []
            continue
        run.append(token)
        if bare != token and _open(" ".join(run)) <= 0:
            parts += _spans(run)
            run = []
    return " ".join([*parts, *_spans(run)])


def _open(text: str) -> int:
    """Return how many brackets are open at the end of a text; ``<a, b>`` is an inner product."""
    text = INNER.sub("", text)
    brackets = sum((each in "([{") - (each in ")]}") for each in text)
    return brackets + bool(BEGUN.search(text))


def _maths(token: str, inside: bool) -> bool:
    if token in NAMES:
        return inside or token != "mean"
    if WORD.fullmatch(token):
        return False
    return bool(MATHS.search(token) or SYMBOL.fullmatch(token)) or (inside and len(token) < 2)


def _spans(run: list[str]) -> list[str]:
    """Return a run of formula tokens as one formula; as words where it is none."""
    text = " ".join(run)
    bare = text.rstrip(",;:.")
    if not bare:
        return []
    if bare in NAMES or bare.isdigit() or bare in OPERATORS or _open(bare):
        return [_plain(text)]
    return [f"${latex(bare)}${text[len(bare) :]}"]


def _plain(text: str) -> str:
    return re.sub(r"([\\*_<|$])", r"\\\1", text)
