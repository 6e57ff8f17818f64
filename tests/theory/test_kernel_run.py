# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The proven method, computed by Coq, and the code's: number by number, without a tolerance.

What Coq computes is proven to be the run over the reals that the theorems are about. Problems are
drawn first and then given to one process of Coq, which takes a while to start.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from kernel_problems import draw_problems
from kernel_runs import (
    Rounded,
    UndecidedError,
    core_run,
    fixed_metric,
    lifted,
    module_of,
    paper_floats,
    paper_run,
    paper_states,
    paper_zero_states,
    reference_floats,
)

from momo.reference import paper
from theory.kernel import build, run
from theory.kernel.problems import Largest, Numbers, Problem, Row, Square, State
from theory.kernel.run import KernelError, call, compiled, exact_runs, queries, read

needs_coq = pytest.mark.skipif(not build.present(), reason="Coq is not on this machine")
PROBLEMS = draw_problems(90)
FEW = [replace(one, order=one.order[:3]) for one in PROBLEMS if len(one.order) > 2][:8]
"""For changed methods, whose steps may be wild: three make no long numbers."""
ZERO = PROBLEMS[:35]
"""Those that are run from zero averages, too, in the metric `metric_of`."""
Runs = list[tuple[Problem, list[State]]]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which what a run needs is compiled."""
    return compiled(tmp_path_factory.mktemp("rocq"))


@pytest.fixture(scope="module")
def runs(library: Path) -> Runs:
    """Return the problems and what Coq computes of each."""
    return list(zip(PROBLEMS, exact_runs(library, PROBLEMS), strict=True))


@pytest.fixture(scope="module")
def zero_runs(library: Path) -> Runs:
    """Return the same from zero averages, each in a metric of its own."""
    return list(zip(ZERO, exact_runs(library, ZERO, list(map(metric_of, ZERO))), strict=True))


def metric_of(problem: Problem) -> Numbers:
    return tuple(abs(q) + Fraction(1, 2) for q in problem.start)


def flat(state: State | Iterable[Any]) -> list[Any]:
    x, d, *rest = (
        (state.x, state.d, state.f_avg, state.gamma) if isinstance(state, State) else state
    )
    return [*x, *d, *rest]


# ---- equal, exactly ------------------------------------------------------------------------------


@needs_coq
def test_the_paper_s_algorithm_is_the_proven_one(runs: Runs) -> None:
    for problem, states in runs:
        assert paper_states(problem) == states, problem


@needs_coq
def test_momo_adam_in_a_fixed_metric_is_the_proven_one(zero_runs: Runs) -> None:
    """From zero: the paper's Algorithm 2, but for the line that makes the metric."""
    adam = fixed_metric(paper_text())
    for problem, states in zero_runs:
        assert paper_zero_states(problem, metric_of(problem), adam) == states, problem


@needs_coq
@pytest.mark.parametrize("zero", [False, True])
def test_the_general_equation_is_the_proven_one(runs: Runs, zero_runs: Runs, zero: bool) -> None:
    """`momo.core.step`: each state that it reaches, until a comparison is too close for float64."""
    seen, computed = 0, zero_runs if zero else runs
    for problem, states in computed:
        ours = core_run(problem, metric_of(problem) if zero else None)
        for found, state in decided(ours, states):
            assert [lifted(q).value for q in flat(found)] == flat(state), problem
            seen += 1
    assert seen > 0.8 * sum(len(states) for _, states in computed)


def decided(found: Iterable[Any], *others: Iterable[Any]) -> Iterable[tuple[Any, ...]]:
    """Yield them together as long as all comparisons are certain in float64."""
    try:
        yield from zip(found, *others, strict=True)
    except UndecidedError:
        return


def test_every_case_of_the_step_is_drawn() -> None:
    """Each more than once; and each kind of problem."""
    cases = Counter(case for problem in PROBLEMS for case in cases_of(problem))
    assert set(cases) == {"no direction", "below the bound", "capped", "down to the bound"}
    assert min(cases.values()) >= 5
    kinds = {type(sample) for problem in PROBLEMS for sample in problem.samples}
    assert kinds == {Square, Largest}
    assert {len(problem.start) for problem in PROBLEMS} == {1, 2, 3, 4}
    assert max(len(problem.order) for problem in PROBLEMS) >= 5


def cases_of(problem: Problem) -> Iterable[str]:
    for before, after in pairwise(paper_states(problem)):
        norm = sum(q * q for q in after.d)
        h = after.f_avg + sum(a * b for a, b in zip(after.d, before.x, strict=True)) - after.gamma
        if not norm:
            yield "no direction"
        elif h <= problem.bound:
            yield "below the bound"
        elif problem.lr is not None and problem.lr < (h - problem.bound) / norm:
            yield "capped"
        else:
            yield "down to the bound"


def test_a_kink_has_the_slope_of_the_first_of_the_largest_rows() -> None:
    one, other = Row((Fraction(2),), Fraction(0)), Row((Fraction(-1),), Fraction(0))
    for rows in ((one, other), (other, one)):
        problem = Problem((Largest(rows),), Fraction(0), Fraction(-1), None, (Fraction(0),), (0,))
        assert paper_states(problem)[1].d == rows[0].slope


# ---- within rounding -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exact_run", "float_run"),
    [(lambda problem: paper_run(problem, Rounded.of), paper_floats), (core_run, reference_floats)],
    ids=["paper", "reference"],
)
def test_float64_is_within_rounding(exact_run: Any, float_run: Any) -> None:
    """Of the exact numbers; how far, `Rounded` adds up operation by operation."""
    shares, wide = distances(exact_run, float_run)
    assert max(shares) <= 1
    assert len(shares) > 0.8 * sum(len(problem.order) + 1 for problem in PROBLEMS)
    assert wide < 0.01


def distances(exact_run: Any, float_run: Any) -> tuple[list[float], float]:
    """Return how far each state in float64 is off, over how far it may be; and the share of the
    states that may be more than a billionth off."""
    shares, wide = [], 0
    for problem in PROBLEMS:
        pairs = decided(exact_run(problem), float_run(problem, paper_states(problem)))
        for bounds, floats in pairs:
            worst = 0.0
            for exact, number in zip(map(lifted, flat(bounds)), flat(floats), strict=True):
                off = abs(Fraction(float(number)) - exact.value)
                worst = max(
                    worst, float(off) / exact.error if exact.error else math.inf * bool(off)
                )
            shares.append(worst)
            wide += any(b.error > 1e-9 * max(1, abs(b.value)) for b in map(lifted, flat(bounds)))
    return shares, wide / len(shares)


def test_a_step_that_is_a_billionth_too_long_is_out_of_rounding() -> None:
    longer = module_of(altered(paper_text(), "gap / inner(d, d)", "(1 + 1e-9) * gap / inner(d, d)"))
    shares, _ = distances(
        lambda problem: paper_run(problem, Rounded.of),
        lambda problem, exact: paper_floats(problem, exact, longer),
    )
    assert max(shares) > 1e3


# ---- what is changed on purpose ------------------------------------------------------------------


def paper_text() -> str:
    return Path(str(paper.__file__)).read_text(encoding="utf-8")


def altered(text: str, old: str, new: str) -> str:
    """Return a text with its first such passage changed: that of MoMo, in both files."""
    assert old in text
    return text.replace(old, new, 1)


IN_PYTHON = [
    ("gap / inner(d, d)", "2 * gap / inner(d, d)"),
    ("min(lr, gap / inner(d, d))", "gap / inner(d, d)"),
    ("+ inner(d, x), 0)", "+ inner(d, x), -1)"),
    ("gamma - lb)", "gamma + lb)"),
    ("f_avg, d, gamma = f, g, inner(g, x)", "f_avg, d, gamma = 0 * f, 0 * g, 0 * f"),
    ("beta * f_avg + (1 - beta) * f", "(1 - beta) * f_avg + beta * f"),
    ("beta * gamma + (1 - beta) * inner(g, x)", "beta * gamma + (1 - beta) * inner(d, x)"),
    ("x - tau * d", "x - tau * g"),
]


@needs_coq
@pytest.mark.parametrize(("old", "new"), IN_PYTHON)
def test_a_change_of_the_paper_s_algorithm_is_seen(runs: Runs, old: str, new: str) -> None:
    changed = module_of(altered(paper_text(), old, new))
    assert any(paper_states(problem, changed) != states for problem, states in runs)


IN_ADAM = [
    ("rho = 1 - beta1**k", "rho = 1"),
    ("- rho * lb)", "- lb)"),
    ("min(lr / rho,", "min(lr,"),
    ("gap / inner(d, d / D)", "gap / inner(d, d)"),
    ("x - tau * d / D", "x - tau * d"),
]


@needs_coq
@pytest.mark.parametrize(("old", "new"), IN_ADAM)
def test_a_change_of_momo_adam_is_seen(zero_runs: Runs, old: str, new: str) -> None:
    changed = fixed_metric(altered(paper_text(), old, new))
    found = [(paper_zero_states(p, metric_of(p), changed), states) for p, states in zero_runs]
    assert any(ours != states for ours, states in found)


METHODS = ("polymorphic", "polymorphic_zero")
FROM_FIRST = [
    ("keep := if gfirst st then zero F else beta", "keep := beta"),
    ("keep * gpf st + (one F - keep) * f s x", "(one F - keep) * gpf st + keep * f s x"),
    ("glin F keep (gpd st) (one F - keep) (g s x)", "glin F keep (gpd st) keep (g s x)"),
    ("(one F - keep) * gdot F n (g s x) x", "(one F - keep) * gdot F n d x"),
    ("gmin F alpha z", "gmax F alpha z"),
    ("gmax F (zero F) (h - fstar)", "(h - fstar)"),
    ("(h - fstar)", "(h + fstar)"),
    ("gdot F n d x - gm", "gdot F n d x + gm"),
    ("opp F (gtau", "(fun q => q) (gtau"),
    ("tab F n (gpx st)", "tab F n (gpd st)"),
]
FROM_ZERO = [
    ("one F - gpow beta k", "one F"),
    ("(r * fstar)", "fstar"),
    ("Some (alpha / r)", "Some alpha"),
    ("d i * d i / P i", "d i * d i"),
    ("fun i => d i / P i", "d"),
]
IN_COQ = [("polymorphic", *pair) for pair in FROM_FIRST]
IN_COQ += [("polymorphic_zero", *pair) for pair in FROM_ZERO]
REQUIRE = re.compile(r"^(From \w+ )?Require .*\.$", flags=re.MULTILINE)


def inlined(name: str, changed: str, old: str, new: str) -> str:
    """Return a module in which a changed method, and not the one of the library, is run."""
    texts = {file: run.text(file) for file in (*METHODS, "computed")}
    texts[changed] = altered(texts[changed], old, new)
    asked = queries(FEW, list(map(metric_of, FEW)) if changed == "polymorphic_zero" else None)
    body = "".join(REQUIRE.sub("", text) for text in texts.values()) + run.PRINTING + asked
    return f"Module {name}.\n{body}End {name}.\nClose Scope Z_scope.\n"


@needs_coq
def test_a_change_of_the_proven_step_is_seen(library: Path) -> None:
    """Of all changes in one process; and a module that changes nothing is none."""
    changes = [("polymorphic", "Record", "Record"), *IN_COQ]
    files = " ".join(name for name in run.FILES if name not in (*METHODS, "computed"))
    modules = [inlined(f"changed{k}", *change) for k, change in enumerate(changes)]
    script = "\n".join([run.IMPORTS.format(files=files), *modules])
    (library / "changed.v").write_text(script, encoding="utf-8")
    found = read(call(library, "changed"), FEW * len(changes))
    adam = fixed_metric(paper_text())
    expected = {
        "polymorphic": [paper_states(problem) for problem in FEW],
        "polymorphic_zero": [paper_zero_states(p, metric_of(p), adam) for p in FEW],
    }
    blocks = [found[k : k + len(FEW)] for k in range(0, len(found), len(FEW))]
    same = [block == expected[name] for block, (name, *_) in zip(blocks, changes, strict=True)]
    assert same == [True] + [False] * len(IN_COQ)


STEP = ("sums", "vectors", "method", "assumptions", "one_step", "expectation", "metric")
STEP += ("method_zero", "fejer_zero", "ordered_field", "rational", "samples")
LINKS = ("real_field", "polymorphic_agree", "computed_run", "polymorphic_zero_agree")


@pytest.fixture(scope="module")
def proofs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which what is proven of the steps can be proven again."""
    return compiled(tmp_path_factory.mktemp("proofs"), STEP)


@needs_coq
@pytest.mark.slow
@pytest.mark.parametrize(("name", "old", "new"), [("polymorphic", "Record", "Record"), *IN_COQ])
def test_a_change_of_the_proven_step_breaks_a_proof(
    proofs: Path, name: str, old: str, new: str
) -> None:
    """That it is the step of the theorems, or that the run in tables is the run."""
    for file in METHODS:
        text = run.text(file)
        text = altered(text, old, new) if file == name else text
        (proofs / f"{file}.v").write_text(text, encoding="utf-8")
        call(proofs, file)
    with pytest.raises(KernelError, match="Error") if old != new else nullcontext():
        compiled(proofs, ("computed", *LINKS, "computed_zero_run"))


# ---- what is said where something is missing -----------------------------------------------------


def test_without_a_compiler_nothing_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "present", lambda: False)
    with pytest.raises(KernelError, match="Coq was not found"):
        compiled(tmp_path)


@needs_coq
def test_an_error_of_coq_is_told(tmp_path: Path) -> None:
    (tmp_path / "wrong.v").write_text("Check nothing_of_this_name.", encoding="utf-8")
    with pytest.raises(KernelError, match="nothing_of_this_name"):
        call(tmp_path, "wrong")


def test_a_table_that_is_not_whole_is_no_run() -> None:
    problem = Problem((), Fraction(0), Fraction(0), None, (Fraction(1),), ())
    printed = "= [[1; 1; 0; 1; 0; 1; 0; 1]]\n : list (list Z)"
    zero = Fraction(0)
    assert read(printed, [problem]) == [[State((Fraction(1),), (zero,), zero, zero)]]
    with pytest.raises(KernelError, match="1 tables of 2 problems"):
        read(printed, [problem, problem])
    with pytest.raises(KernelError, match="1 states of 1 samples"):
        read(printed, [replace(problem, order=(0,))])
    with pytest.raises(KernelError, match="8 whole numbers in 2 dimensions"):
        read(printed, [replace(problem, start=(Fraction(1), Fraction(2)))])
