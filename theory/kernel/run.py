"""Runs of MoMo by the proof kernel, in fractions.

`theory/rocq/polymorphic.v` has the method over any ordered field. Over the reals it is the method
that the theorems are about, and what it computes over the rationals is proven to be its run over
the reals (`computed_run.v`). Here Coq is given problems and computes them (``vm_compute``: by the
kernel's own rules), and its numbers are read. The tests hold `momo/reference/paper.py` against
them: without a tolerance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from theory.kernel import build, sources
from theory.kernel.problems import Largest, Numbers, Problem, Row, Sample, Square, State

FILES = ("ordered_field", "rational", "polymorphic", "polymorphic_zero", "samples", "computed")
"""What a run needs, in order of compilation; nothing of the real numbers, which take a second."""
IMPORTS = "Require Import QArith List.\nFrom Momo Require Import {files}.\nImport ListNotations.\n"
PRINTING = "Open Scope Z_scope.\nSet Printing Depth 100000.\nSet Printing Width 1000.\n"


class KernelError(Exception):
    """Coq refused what it was given; the message is its own."""


def call(folder: Path, name: str) -> str:
    """Compile a file of a folder; return what it prints.

    Raises
    ------
    KernelError
        If there is no Coq, or it finds an error.
    """
    if not build.present():
        raise KernelError(build.ABSENT)
    said, error = build.coqc(f"{name}.v", folder)
    if error:
        raise KernelError(error)
    return said


def text(name: str) -> str:
    """Return a file of theory/rocq, by its name."""
    return next(file.text for file in sources.read() if file.name == name)


def compiled(folder: Path, names: Iterable[str] = FILES) -> Path:
    """Copy files of theory/rocq to a folder and compile them there; return the folder."""
    texts = {file.name: file.text for file in sources.read()}
    for name in names:
        (folder / f"{name}.v").write_text(texts[name], encoding="utf-8")
        call(folder, name)
    return folder


def exact_runs(
    folder: Path, problems: Sequence[Problem], metrics: Sequence[Numbers] | None = None
) -> list[list[State]]:
    """Return all states of each problem's run, computed by Coq; one process for all.

    Parameters
    ----------
    folder
        What `compiled` returned.
    problems
        What to run.
    metrics
        The diagonal of a metric for each: averages start at zero then, as in MoMo-Adam. None: at
        the first sample, as in MoMo.

    Raises
    ------
    KernelError
        If Coq finds an error.
    """
    text = IMPORTS.format(files=" ".join(FILES)) + PRINTING + queries(problems, metrics)
    (folder / "run.v").write_text(text, encoding="utf-8")
    return read(call(folder, "run"), problems)


def queries(problems: Sequence[Problem], metrics: Sequence[Numbers] | None = None) -> str:
    """Return what asks Coq for the tables of problems."""
    tables = ["table"] * len(problems)
    if metrics is not None:
        tables = [f"zero_table {fractions(metric)}" for metric in metrics]
    pairs = zip(tables, map(written, problems), strict=True)
    return "".join(f"Eval vm_compute in {table} {problem}.\n" for table, problem in pairs)


def read(output: str, problems: Sequence[Problem]) -> list[list[State]]:
    """Return the states that Coq printed, a table for each problem.

    Raises
    ------
    KernelError
        If there are not as many tables as problems, or as many rows as states.
    """
    tables = re.findall(r"= \[(.*?)\]\s*: list \(list Z\)", output, flags=re.DOTALL)
    if len(tables) != len(problems):
        raise KernelError(f"{len(tables)} tables of {len(problems)} problems:\n{output[:2000]}")
    return [states(table, problem) for table, problem in zip(tables, problems, strict=True)]


def states(table: str, problem: Problem) -> list[State]:
    """Return the states of a printed table."""
    found = []
    for row in re.findall(r"\[([^\[\]]*)\]", table):
        whole = [int(number) for number in re.findall(r"-?\d+", row)]
        found.append(state(len(problem.start), whole))
    if len(found) != len(problem.order) + 1:
        raise KernelError(f"{len(found)} states of {len(problem.order)} samples:\n{table[:2000]}")
    return found


def state(n: int, whole: list[int]) -> State:
    """Return the state of a row of numerators and denominators."""
    if len(whole) != 4 * n + 4:
        raise KernelError(f"{len(whole)} whole numbers in {n} dimensions: {whole}")
    numbers = [Fraction(top, bottom) for top, bottom in list(pairwise(whole))[::2]]
    return State(tuple(numbers[:n]), tuple(numbers[n : 2 * n]), numbers[-2], numbers[-1])


def written(problem: Problem) -> str:
    """Return a problem as Coq reads it."""
    cap = "None" if problem.lr is None else f"(Some {fraction(problem.lr)})"
    fields = {
        "dimension": f"{len(problem.start)}%nat",
        "losses": listed(sample(one) for one in problem.samples),
        "averaging": fraction(problem.beta),
        "bound": fraction(problem.bound),
        "learning_rate": cap,
        "from": fractions(problem.start),
        "order": listed(f"{index}%nat" for index in problem.order),
    }
    return "{| " + "; ".join(f"{name} := {value}" for name, value in fields.items()) + " |}"


def sample(one: Sample) -> str:
    """Return a sample as Coq reads it."""
    if isinstance(one, Square):
        return f"square (F := Q_field) {fraction(one.weight)} {row(one.row)}"
    assert isinstance(one, Largest)
    first, *others = map(row, one.rows)
    return f"largest (F := Q_field) {first} {listed(others)}"


def row(one: Row) -> str:
    """Return an affine function as Coq reads it."""
    return f"({fractions(one.slope)}, {fraction(one.offset)})"


def fractions(numbers: Numbers) -> str:
    """Return a list of fractions as Coq reads it."""
    return listed(map(fraction, numbers))


def fraction(number: Fraction) -> str:
    """Return a fraction as Coq reads it."""
    return f"(({number.numerator}) # {number.denominator})%Q"


def listed(items: Iterable[str]) -> str:
    """Return a list as Coq reads it."""
    return "[" + "; ".join(items) + "]"
