# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The equations of the docs are the methods: their LaTeX is read, run, and compared."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from latex_run import Program
from test_glossary import parts_of_the_page

from momo import reference
from momo.core.random import uniform
from momo.methods import METHODS, Hyperparameters, Row, Shape
from momo.methods.equations import equations, of_row
from momo.methods.lines import AVERAGING, BOUNDS, DECAYS, ITERATES, PRECONDITIONERS, RULES
from momo.reference import (
    CAPPED,
    DecreaseMean,
    GrowthLimited,
    Method,
    RunningMean,
    Scaled,
    Spectral,
    State,
    momo,
    momo_adam,
)
from momo.reference import preconditioners as metrics
from momo.reference.preconditioners.spectral import newton_schulz

STEPS = 8
MATRIX, VECTOR = (3, 2), (6,)
SIZE = 6
UNREAD = ("momo_soap",)
"""Its bases are said in words."""
LRS = (0.02, 2.0)
"""α that caps most steps, and one that caps few."""
ALWAYS_CAPPED = (0.02, 0.2)


def sample(k: int, x: np.ndarray) -> tuple[float, np.ndarray]:
    """Return loss and gradient of a batch: consistent least squares above 0.3, x flat."""
    rng = np.random.default_rng(k)
    A, solution = rng.standard_normal((4, SIZE)), np.linspace(-1, 1, SIZE)
    r = A @ (x - solution)
    return 0.5 * float(r @ r) / 4 + 0.3, A.T @ r / 4


UNSAID = ("radius", "stale_norm", "start")
"""Options that the lines do not show; nor do they show what M is where a gradient says it."""


def chosen(row: Row) -> Iterator[tuple[Hyperparameters, dict[str, Any]]]:
    """Yield a large and a small α, with decay where there is one, and each choice of options."""
    decays = 0.1 if "weight_decay" in row.uses else 0.0
    beta = 0.8 if "beta" in row.uses else row.defaults.beta
    capped = row.reference(row.defaults, (1,)).step_rule is CAPPED
    own: dict[str, Any] = {"beta": beta, "beta2": 0.9, "weight_decay": decays, "lb": 0.25}
    for options in ({}, *row.options):
        if options.get("floor") != 0 and not {*options} & {*UNSAID}:
            for lr in ALWAYS_CAPPED if capped else LRS:
                yield replace(row.defaults, lr=lr, **own), dict(options)


def constants(h: Hyperparameters, method: Method, options: dict[str, Any]) -> dict[Any, Any]:
    """Return the values of the letters: hyper-parameters, options of the class, functions."""
    rule, metric = method.step_rule, method.preconditioner
    spectral = isinstance(metric, Spectral)
    known: dict[Any, Any] = {
        r"\alpha": float(method.lr), r"\lambda": h.weight_decay, r"\beta": h.beta,
        r"\beta_2": h.beta2, r"\varepsilon": h.eps, "f_*": h.lb, ("f_*", 1): h.lb,
        r"\delta": options.get("delta"), r"\mu": options.get("mu", options.get("mix")),
        "p": options.get("power"), "M": options.get("floor"), "r": options.get("rho"),
        "t": getattr(metric, "clip_threshold", None), "c": getattr(metric, "exponent", None),
        r"\varepsilon_2": getattr(metric, "eps2", None),
        "rows": lambda a: a.mean(axis=1, keepdims=True),
        "columns": lambda a: a.mean(axis=0, keepdims=True),
        "mean": np.mean, "sign": np.sign, "RMS": lambda a: np.sqrt(np.mean(a * a)),
        "polar": lambda a: newton_schulz(a, metric.eps, metric.steps) if spectral else 0 * a,
    }  # fmt: skip
    if isinstance(rule, Scaled):
        known["c"], rule = 1 / rule.factor, rule.rule
    if isinstance(rule, GrowthLimited):
        known |= {"q": rule.growth, (r"\tau", 0): rule.start}
    return known


def for_one(lines: tuple[str, ...], matrix: bool) -> list[str]:
    """Return the lines of matrices X or of the rest y alone, in x; f̄ and γ beside d."""
    mine, other = ("X", "y") if matrix else ("y", "X")
    found = [one for one in lines if not one.startswith(f"{other}^")]
    if any("d_k^" in one for one in lines):
        found = [
            one.replace(f"d_k^{other}", "0 d_k").replace(f"d_k^{mine}", "d_k")
            .replace(f"{mine}^", "x^")
            for one in found
        ]  # fmt: skip
    if not any(r"\gamma_k" in one for one in found):
        return found
    averages = [one for one in found if one.startswith(("d_k =", "m_k ="))]
    loss = [one.replace("d_", r"\bar f_").replace("m_", r"\bar m_").replace("g_", "f_")
            for one in averages]  # fmt: skip
    product = [
        one.replace("d_", r"\gamma_").replace("m_", r"\hat m_")
        .replace("g_k", r"\langle g_k, x^k\rangle").replace("g_1", r"\langle g_1, x^1\rangle")
        for one in averages
    ]  # fmt: skip
    last = found.index(averages[-1]) + 1
    return [*found[:last], *loss, *product, *found[last:]]


def trajectories(
    lines: tuple[str, ...],
    method: Method,
    known: dict[Any, Any],
    shape: Shape = MATRIX,
    seen: Any = None,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the points of the lines, and those of the reference."""
    x = np.linspace(-2, 1.5, SIZE) ** 3
    begins = {(name, 1): x.reshape(shape) for name in ("x", "z", r"\bar x")}
    program = Program(for_one(lines, len(shape) > 1), {**known, **begins})
    state, points = State(), []
    for k in range(1, STEPS + 1):
        mine = program.known["x", k]
        loss, grad = sample(k, mine.ravel())
        program.known |= {
            ("f", k): loss,
            ("g", k): grad.reshape(shape),
            ("s", k): -np.log(uniform(seed, k)),
            "loss": lambda e, k=k: sample(k, e.ravel())[0],
            "gradient": lambda e, k=k: sample(k, e.ravel())[1].reshape(shape),
        }
        program.step(k)
        at = partial(sample, k)
        loss, grad = at(x) if seen is None else seen(at)(x)
        x, state, _ = method.step(state, x, loss, grad)
        points.append((program.known["x", k + 1].ravel(), x))
    return np.array([a for a, _ in points]), np.array([b for _, b in points])


@pytest.mark.parametrize("name", [name for name in METHODS if name not in UNREAD])
def test_the_lines_of_a_method_are_what_it_does(name: str) -> None:
    row, ends = METHODS[name], []
    named = inspect.signature(row.reference).parameters.values()
    own = {one.name: one.default for one in named if one.default is not one.empty}
    if row.ascent is not None:
        own |= vars(row.ascent())
    for h, options in chosen(row):
        lines = of_row(row, **options)
        for shape in (MATRIX, VECTOR) if "_k^X" in " ".join(lines) else (MATRIX,):
            method = row.reference(h, shape, **options)
            known = constants(h, method, {**own, **options})
            seen = partial(row.seen, **options)
            seed = options.get("seed", 0)
            written, run = trajectories(lines, method, known, shape, seen, seed)
            np.testing.assert_allclose(written, run, rtol=1e-9, atol=1e-11)
            ends.append(run[-1])
    assert len({end.tobytes() for end in ends}) > 1


@pytest.mark.parametrize("bound", [RunningMean, DecreaseMean])
@pytest.mark.parametrize("make", [momo, momo_adam])
def test_the_lines_of_bounds_that_no_row_has_are_what_they_do(bound: Any, make: Any) -> None:
    h = Hyperparameters(lr=2.0, weight_decay=0.1, lb=-1.0)
    method = make(lr=h.lr, weight_decay=h.weight_decay, lower_bound=bound(h.lb))
    written, run = trajectories(equations(method), method, constants(h, method, {}))
    np.testing.assert_allclose(written, run, rtol=1e-9, atol=1e-11)


def test_every_part_has_its_line() -> None:
    """Of each kind, as the glossary has them; what stands around another part shows that one's."""
    kinds = {"averaging": AVERAGING, "lower_bound": BOUNDS, "step_rule": RULES}
    kinds |= {"iterates": ITERATES, "preconditioner": PRECONDITIONERS}
    around = {"Scaled", "NgnDiagonal"}
    for kind, found in parts_of_the_page().items():
        made = {name: getattr(reference, name, None) or getattr(metrics, name) for name in found}
        for name, part in made.items():
            if kind in kinds and name not in around:
                cls = part if isinstance(part, type) else type(part)
                assert any(one in kinds[kind] for one in cls.__mro__), name
            if kind == "decay":
                assert part in DECAYS, name


def test_a_part_of_ones_own_brings_its_line() -> None:
    class Twice:
        latex = "2 CAP"

    found = equations(replace(momo(), step_rule=Twice()))
    assert r"\tau_k = 2 \alpha" in found


def test_a_part_without_a_line_is_named() -> None:
    with pytest.raises(LookupError, match=r"Nameless.* has no equation; allowed: a part with"):
        equations(replace(momo(), step_rule=Nameless()))


class Nameless:
    pass
