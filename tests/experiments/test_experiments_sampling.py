# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The samplers: by hand, against closed forms, and torch's form against the reference."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from scipy.linalg import solve_discrete_lyapunov
from scipy.stats import chi2

from experiments.sampling import reference, samplers
from experiments.sampling.processes import Exploding, Preserving, Process
from experiments.sampling.reference import Array, Noise
from experiments.sampling.rules import Rule, Temperature, geometric

TEMPERATURES: tuple[Temperature, ...] = ("published", "exact")
RULES = (
    Rule("langevin"),
    *(Rule("fixed", temperature) for temperature in TEMPERATURES),
    *(Rule("adaptive", temperature) for temperature in TEMPERATURES),
    *(Rule("adaptive", temperature, guard=True) for temperature in TEMPERATURES),
    Rule("adaptive", delta=1e-4),
)
LEVELS = geometric(5.0, 0.1, 12)
PROCESSES: tuple[Process, ...] = (
    Exploding(LEVELS),
    Preserving(tuple(range(12, 0, -1)), tuple(np.linspace(0.01, 0.95, 12))),
)
ERROR = 1e-6
"""The probability that a statistical check fails by chance."""


def bumpy(x: Any, level: float) -> Any:
    """Return a score that is not linear, with NumPy's or torch's functions."""
    sine = torch.sin(x) if isinstance(x, torch.Tensor) else np.sin(x)
    return (sine - x) / (1 + level**2)


def start(seed: int, count: int = 6) -> Array:
    return 5 * np.random.default_rng(seed).standard_normal((count, 2, 3))


def recorded(shape: tuple[int, ...], seed: int) -> list[Array]:
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) for _ in range(100)]


def played(draws: list[Array]) -> Noise:
    left = iter(draws)
    return lambda: next(left)


def as_tensors(draws: list[Array]) -> samplers.Noise:
    left = iter(draws)
    return lambda: torch.tensor(next(left))


def both(rule: Rule, form: str | Process) -> tuple[Array, Array]:
    """Return the samples of both forms, over 60 steps with the same start and noise."""
    x, draws = start(0), recorded((6, 2, 3), 1)
    if isinstance(form, str):
        first = reference.annealed(bumpy, x, LEVELS, 5, 0.002, rule, played(draws))
        second = samplers.annealed(
            bumpy, torch.tensor(x), LEVELS, 5, 0.002, rule, as_tensors(draws)
        )
    else:
        first = reference.predictor_corrector(bumpy, x, form, 5, 0.2, rule, played(draws))
        second = samplers.predictor_corrector(
            bumpy, torch.tensor(x), form, 5, 0.2, rule, as_tensors(draws)
        )
    return first, second.numpy()


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("form", ["annealed", *PROCESSES], ids=["annealed", "VE", "VP"])
def test_torch_is_the_reference(rule: Rule, form: str | Process) -> None:
    """To rounding: sums in another order, some eps each step; 60 steps, of which none expands."""
    first, second = both(rule, form)
    assert np.isfinite(first).all()
    np.testing.assert_allclose(second, first, rtol=0, atol=1e-12 * np.abs(first).max())


def langevin(x: Array, sigmas: tuple[float, ...], steps: int, size: float, xi: Noise) -> Array:
    """Annealed Langevin dynamics, literally (Song and Ermon, arXiv 1907.05600)."""
    for sigma in sigmas:
        alpha = size * (sigma / sigmas[-1]) ** 2
        for _ in range(steps):
            x = x + alpha * bumpy(x, sigma) + math.sqrt(2 * alpha) * xi()
    return x + sigmas[-1] ** 2 * bumpy(x, sigmas[-1])


@pytest.mark.parametrize("temperature", TEMPERATURES)
@pytest.mark.parametrize("guard", [False, True])
def test_without_momentum_it_is_langevin_bit_for_bit(temperature: Temperature, guard: bool) -> None:
    """δ = 1 leaves β = 0 alone."""
    x, draws = start(2), recorded((6, 2, 3), 3)
    rules = (Rule("adaptive", temperature, delta=1.0, guard=guard), Rule("langevin", temperature))
    expected = langevin(x, LEVELS, 3, 0.002, played(draws))
    for rule in rules:
        found = reference.annealed(bumpy, x, LEVELS, 3, 0.002, rule, played(draws))
        assert np.array_equal(found, expected)
    first, second = (
        samplers.annealed(bumpy, torch.tensor(x), LEVELS, 3, 0.002, rule, as_tensors(draws))
        for rule in rules
    )
    assert torch.equal(first, second)


def test_both_forms_of_the_ratio_agree() -> None:
    """By the mean, and by the last move of x less its noise: α̃ cancels."""
    x, before, drift, move, noise = start(4), None, 0.0, None, played(recorded((6, 2, 3), 5))
    for alpha in np.geomspace(0.3, 0.01, 30):
        g = bumpy(x, 0.5)
        if before is not None and move is not None:
            other = reference.ratio_of_moves(drift, g, before.g, move)
            assert reference.ratio(g, before) == pytest.approx(other, rel=1e-13)
        beta = reference.momentum(Rule(), g, before)
        before = reference.Memory(g, reference.mean(beta, g, before))
        drift = reference.drift_size(float(alpha), beta)
        move = drift * before.m
        x = x + move + reference.noise_size(float(alpha), drift, "published") * noise()


def test_the_ratio_is_of_means_over_the_batch() -> None:
    """Norms 1 and 0 against 5 and 3: ½ over 4; not the mean of ratios, nor that of the largest."""
    before = reference.Memory(np.zeros((2, 1, 2)), np.array([[[3.0, 4.0]], [[0.0, 3.0]]]))
    g = np.array([[[0.6, 0.8]], [[0.0, 0.0]]])
    assert reference.ratio(g, before) == pytest.approx(0.125, rel=1e-15)
    torch_before = samplers.Memory(*(torch.tensor(part) for part in before))
    assert samplers.ratio(torch.tensor(g), torch_before).item() == pytest.approx(0.125, rel=1e-15)


BY_HAND: dict[Temperature, tuple[Fraction, Fraction]] = {
    "published": (Fraction(-83, 96), Fraction(83, 275) ** 2),
    "exact": (Fraction(-107, 96), Fraction(107, 299) ** 2),
}
"""x after two steps, and β of the third."""


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_three_steps_by_hand(temperature: Temperature) -> None:
    """Score -x, one level σ = 2, α = ½, δ = ¼, from x = 1, with noise ½, -⅓, 1: all is rational.

    1. g = m = -1, β = 0, α̃ = ½, noise √(2α) = 1 times ½: x = 1 - ½ + ½ = 1.
    2. g = -1, r = 0, so β = 1, cut to ¾; m = -1, α̃ = ½ (7/4)² = 49/32, noise 1, or exact 7/4,
       times -⅓: x = 1 - 49/32 - ⅓ = -83/96, or 1 - 49/32 - 7/12 = -107/96.
    3. g = 83/96, r = 179/96, β = ((96 - 179)/(96 + 179))² = (83/275)²; or g = 107/96, r = 203/96,
       β = (107/299)². m = -β + (1-β) g, α̃ = ½ (1+β)², noise 1, or 1 + β.
    4. Denoised: x + 4 (-x) = -3 x.
    """
    x2, beta = BY_HAND[temperature]
    m = -beta - (1 - beta) * x2
    x3 = x2 + (1 + beta) ** 2 / 2 * m + (1 + beta if temperature == "exact" else 1)
    rule = Rule("adaptive", temperature, delta=0.25)
    draws = [np.array([[xi]]) for xi in (0.5, -1 / 3, 1.0)]
    x = np.ones((1, 1))
    first = reference.annealed(lambda x, _: -x, x, (2.0,), 3, 0.5, rule, played(draws))
    second = samplers.annealed(
        lambda x, _: -x, torch.tensor(x), (2.0,), 3, 0.5, rule, as_tensors(draws)
    )
    assert first.item() == pytest.approx(float(-3 * x3), rel=1e-14)
    assert second.item() == pytest.approx(float(-3 * x3), rel=1e-14)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_order_of_the_batch_does_not_matter(rule: Rule) -> None:
    """To rounding: the mean over the batch is a sum in another order."""
    x, draws = start(6), recorded((6, 2, 3), 7)
    order = np.array([3, 0, 5, 1, 2, 4])
    first = reference.annealed(bumpy, x, LEVELS, 3, 0.002, rule, played(draws))
    second = reference.annealed(
        bumpy, x[order], LEVELS, 3, 0.002, rule, played([draw[order] for draw in draws])
    )
    np.testing.assert_allclose(second, first[order], rtol=0, atol=1e-12 * np.abs(first).max())


@pytest.mark.parametrize("form", [reference, samplers])
def test_scores_and_mean_go_on_from_level_to_level(form: Any) -> None:
    """β = ½, no noise, score -x/σ²: the first step at σ = 1 sees m of the step at σ = 2."""
    x = np.array([[8.0]])
    # σ = 2, α = 0.4: g = m = -2, x = 7.2; σ = 1, α = 0.1: m = ½(-2) + ½(-7.2), α̃ = 0.1 · 2.25.
    expected = 7.2 + 0.225 * (-1 - 3.6)
    rule, sigmas = Rule("fixed", beta=0.5), (2.0, 1.0)
    levels = []

    def score(x: Any, sigma: float) -> Any:
        levels.append(sigma)
        return -x / sigma**2 if len(levels) < 3 else 0 * x

    if form is reference:
        found = reference.annealed(score, x, sigmas, 1, 0.1, rule, lambda: 0 * x)
    else:
        zero = torch.zeros(1, 1, dtype=torch.float64)
        made = samplers.annealed(score, torch.tensor(x), sigmas, 1, 0.1, rule, lambda: zero)
        found = made.numpy()
    assert found.item() == pytest.approx(expected, rel=1e-14)
    assert levels == [2.0, 1.0, 1.0]


# ---- stationary distributions on N(0, 1) -----------------------------------------------------


def stationary(alpha: float, beta: float, temperature: Temperature) -> tuple[Array, Array]:
    """Return the map of (x, m) in a step on N(0, 1) with fixed β, and the covariance it keeps.

    ``m ← β m - (1-β) x``, then ``x ← x + α̃ m + noise``: ``P = A P Aᵀ + Q``, Lyapunov's equation.
    """
    drift = alpha * (1 + beta) ** 2
    step = np.array([[1 - drift * (1 - beta), drift * beta], [-(1 - beta), beta]])
    noise = 2 * (drift if temperature == "exact" else alpha)
    return step, solve_discrete_lyapunov(step, np.diag([noise, 0.0]))


def limit(alpha: float, temperature: Temperature) -> tuple[float, float]:
    """Return β and the variance of adaptive momentum on N(0, 1) in a large batch.

    x and m are Gaussian, so the ratio of mean norms is that of deviations, of ``x_k - x_{k-1}`` and
    ``m_{k-1}``; β is the fixed point of the sampler's own rule.
    """
    beta = 0.5
    for _ in range(200):
        step, kept = stationary(alpha, beta, temperature)
        change = step[0] - (1, 0)
        noise = 2 * alpha * ((1 + beta) ** 2 if temperature == "exact" else 1)
        r = math.sqrt((change @ kept @ change + noise) / kept[1, 1])
        beta = (beta + ((1 - r) / (1 + r)) ** 2) / 2
    return beta, float(stationary(alpha, beta, temperature)[1][0, 0])


def variance(rule: Rule, alpha: float, steps: int, count: int, seed: int) -> float:
    """Return the mean square of independent samples on N(0, 1), one level, from N(0, 1)."""
    rng = np.random.default_rng(seed)
    # The last step denoises: at this σ it changes nothing.
    x = reference.annealed(
        lambda x, _: -x,
        rng.standard_normal((count, 1)),
        (1e-9,),
        steps,
        alpha,
        rule,
        lambda: rng.standard_normal((count, 1)),
    )
    return float(np.mean(x**2))


def within(expected: float, count: int) -> tuple[float, float]:
    """Return between what the mean square of ``count`` samples of N(0, expected) is.

    But for a probability of `ERROR`: ``count`` times it is χ² distributed.
    """
    low, high = chi2.ppf([ERROR / 2, 1 - ERROR / 2], count) / count
    return expected * low, expected * high


COUNT = 10_000
"""Samples: the checks see 7 % of a variance."""


@pytest.mark.parametrize("temperature", TEMPERATURES)
@pytest.mark.parametrize(("alpha", "beta"), [(0.05, 0.9), (0.01, 0.9), (0.1, 0.5), (0.2, 0.0)])
def test_the_stationary_variance_of_fixed_momentum(
    alpha: float, beta: float, temperature: Temperature
) -> None:
    """That of Lyapunov's equation; after 500 steps less than 1e-4 of the start is left of it."""
    step, kept = stationary(alpha, beta, temperature)
    steps = 500
    assert np.abs(np.linalg.eigvals(step)).max() ** (2 * steps) < 1e-4
    rule = Rule("fixed", temperature, beta=beta)
    low, high = within(float(kept[0, 0]), COUNT)
    assert low < variance(rule, alpha, steps, COUNT, 1) < high


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.5, 0.9, 0.99])
def test_where_the_variance_of_fixed_momentum_goes(beta: float) -> None:
    """As α falls: to 1/(1+β)² as published, to 1 at the exact temperature."""
    limits = (1 / (1 + beta) ** 2, 1.0)
    for temperature, expected in zip(TEMPERATURES, limits, strict=True):
        errors = [
            abs(stationary(alpha, beta, temperature)[1][0, 0] - expected) / expected
            for alpha in (1e-4, 1e-5, 1e-6)
        ]
        # The error is of first order in α: (1+β)² α / (1-β) and less.
        for error, alpha in zip(errors, (1e-4, 1e-5, 1e-6), strict=True):
            assert error < (1 + beta) ** 2 / (1 - beta) * alpha
        assert errors[0] > 9 * errors[1] > 80 * errors[2] > 0


ADAPTIVE = {0.05: (0.733, 1.055), 0.01: (0.497, 1.026), 0.002: (0.369, 1.013)}
"""The variance of adaptive momentum by α, as published and exact."""


@pytest.mark.parametrize("alpha", ADAPTIVE)
@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_the_stationary_variance_of_adaptive_momentum(
    alpha: float, temperature: Temperature
) -> None:
    """It is that of the fixed point of β; a batch's own β is off by its size^-½, 1 %, and averaged
    over the 1/α steps of the memory, far below what the check sees."""
    beta, expected = limit(alpha, temperature)
    assert expected == pytest.approx(ADAPTIVE[alpha][TEMPERATURES.index(temperature)], abs=5e-4)
    steps = 200 + round(4 / alpha)
    assert math.exp(-2 * alpha * (1 + beta) ** 2 * steps) < 1e-4
    low, high = within(expected, COUNT)
    assert low < variance(Rule("adaptive", temperature), alpha, steps, COUNT, 2) < high


def test_cold_is_near_soon_and_exact_is_right_later() -> None:
    """On two modes ±4 of variance 1, from σ = 10 to 0.1, α = 0.1 σ².

    Sixty evaluations: the published form, cold and fast at once, has the variance around the modes
    most nearly right; 250 of them: it is too cold by half, and the exact form nearly right. The
    margins are tens of standard deviations of the means over 4000 samples.
    """

    def score(x: Array, sigma: float) -> Array:
        total = 1 + sigma**2
        return (4 * np.tanh(4 * x / total) - x) / total

    found: dict[tuple[int, str], float] = {}
    for levels, (name, rule) in itertools.product((12, 50), NAMED.items()):
        rng = np.random.default_rng(levels)
        x = 10 * rng.standard_normal((4000, 1))
        y = reference.annealed(
            score,
            x,
            geometric(10, 0.1, levels),
            5,
            0.1 * 0.1**2,
            rule,
            lambda rng=rng: rng.standard_normal((4000, 1)),  # type: ignore[misc]
        )
        found[levels * 5, name] = float(np.mean((np.abs(y) - 4) ** 2))
    # E(|y| - 4)² of the two modes themselves is 1, but for 1e-4.
    errors = {key: abs(value - 1) for key, value in found.items()}
    assert errors[60, "published"] < 0.3 < 0.5 < errors[60, "exact"] < 1.5 < errors[60, "langevin"]
    assert errors[250, "exact"] < 0.25 < 0.4 < errors[250, "published"]
    assert found[250, "published"] < 0.6


NAMED = {
    "langevin": Rule("langevin"),
    "published": Rule("adaptive", "published"),
    "exact": Rule("adaptive", "exact"),
}


# ---- momentum, and what is refused -----------------------------------------------------------


@pytest.mark.parametrize(
    ("r", "expected"), [(0.0, 0.999), (0.5, 1 / 9), (1.0, 0.0), (3.0, 0.25), (1e9, 0.999)]
)
def test_momentum_falls_to_nothing_and_rises_again(r: float, expected: float) -> None:
    """Beyond r = 1 the guard keeps it at nothing."""
    for guard, wanted in ((False, expected), (True, expected if r <= 1 else 0.0)):
        found = reference.adapted(r, 1e-3, guard)
        assert found == pytest.approx(wanted, abs=1e-15)
        other = samplers.adapted(torch.tensor(r, dtype=torch.float64), 1e-3, guard)
        assert other.item() == pytest.approx(found, abs=1e-15)


@pytest.mark.parametrize("r", [math.nan, math.inf])
def test_where_the_ratio_says_nothing_there_is_no_momentum(r: float) -> None:
    assert reference.adapted(r, 1e-3, False) == 0
    assert samplers.adapted(torch.tensor(r), 1e-3, False) == 0
    still = reference.Memory(np.zeros((1, 2)), np.zeros((1, 2)))
    assert reference.momentum(Rule(), np.zeros((1, 2)), still) == 0


def refused() -> Iterator[tuple[str, Any]]:
    yield "kind = 'nesterov'; allowed: langevin, fixed, adaptive", lambda: Rule("nesterov")  # type: ignore[arg-type]
    yield "temperature = 'warm'; allowed: published, exact", lambda: Rule(temperature="warm")  # type: ignore[arg-type]
    yield "beta = 1.0; allowed", lambda: Rule(beta=1.0)
    yield "delta = 0.0; allowed", lambda: Rule(delta=0.0)
    yield "first = 1, last = 2; allowed", lambda: geometric(1, 2, 3)
    yield "count = 1; allowed", lambda: geometric(2, 1, 1)
    yield "sigmas = .*allowed: falling", lambda: Exploding((1.0, 1.0))
    yield "kept = .*allowed: above 0", lambda: Preserving((2, 1), (0.0, 0.5))
    yield "times are 1, kept 2", lambda: Preserving((1,), (0.2, 0.5))
    for form in (reference, samplers):
        x: Any = np.ones((1, 1)) if form is reference else torch.ones(1, 1)
        run: Any = form.annealed
        corrected: Any = form.predictor_corrector
        yield "epsilon = 0; allowed", lambda r=run, x=x: r(bumpy, x, (1.0,), 1, 0, Rule(), None)
        yield "steps = 0; allowed", lambda r=run, x=x: r(bumpy, x, (1.0,), 0, 1, Rule(), None)
        yield "levels = ", lambda r=run, x=x: r(bumpy, x, (), 1, 1, Rule(), None)
        process = Exploding((1.0,))
        yield (
            "snr = -1; allowed",
            lambda r=corrected, x=x, p=process: r(bumpy, x, p, 1, -1, Rule(), None),
        )


@pytest.mark.parametrize(("message", "call"), [*refused()])
def test_what_is_out_of_range_is_refused(message: str, call: Any) -> None:
    with pytest.raises(ValueError, match=message):
        call()


# ---- predictors ------------------------------------------------------------------------------


@pytest.mark.parametrize("process", PROCESSES, ids=["VE", "VP"])
def test_a_predictor_is_exact_where_the_denoised_sample_is_known(process: Process) -> None:
    """On one point c: from mean and variance of a level to those of the next, c itself at last."""
    c = 3.0

    def moments(i: int) -> tuple[float, float]:
        if isinstance(process, Exploding):
            return c, (*process.sigmas, 0.0)[i] ** 2
        kept = (*process.kept, 1.0)[i]  # type: ignore[attr-defined]
        return math.sqrt(kept) * c, 1 - kept

    for i in range(len(process)):
        (mean, var), (next_mean, next_var) = moments(i), moments(i + 1)
        keep, drift, spread = process.predict(i)
        # s(x) = (mean - x)/var, so x ← slope x + shift + spread ξ.
        slope, shift = keep - drift / var, drift * mean / var
        assert slope * mean + shift == pytest.approx(next_mean, rel=1e-12)
        assert slope**2 * var + spread**2 == pytest.approx(next_var, rel=1e-10, abs=1e-12)


def test_the_corrector_is_as_long_as_its_noise_says() -> None:
    """α = 2 α_t (snr ‖ξ‖/‖m‖)²: 2 · ½ · (0.1 · 5/2)², and α_t of the discrete processes."""
    xi, m = np.array([[3.0, 4.0]]), np.array([[0.0, 2.0]])
    assert reference.corrector_size(0.5, 0.1, xi, m) == pytest.approx(0.0625, rel=1e-15)
    assert PROCESSES[0].corrector_scale(3) == 1
    kept = PROCESSES[1].kept  # type: ignore[attr-defined]
    assert PROCESSES[1].corrector_scale(3) == kept[3] / kept[4]


def test_with_a_corrector_the_variance_of_a_gaussian_is_right() -> None:
    """N(0, 1), exploding from 10 to 0.05 over 200 levels, exact temperature.

    Samples stay Gaussian, so the mean square of 10 000 numbers is χ² distributed. Steps of finite
    length leave a bias of 0 to 3 % (by 50 000 numbers with other seeds), for which 5 % is granted;
    as published the variance is 0.5 to 0.65.
    """
    rng = np.random.default_rng(0)
    shape = (400, 25)
    y = reference.predictor_corrector(
        lambda x, sigma: -x / (1 + sigma**2),
        10 * rng.standard_normal(shape),
        Exploding(geometric(10, 0.05, 200)),
        1,
        0.1,
        Rule("adaptive", "exact", delta=1e-4),
        lambda: rng.standard_normal(shape),
    )
    low, high = within(1.0, y.size)
    assert 0.95 * low < float(np.mean(y**2)) < 1.05 * high
