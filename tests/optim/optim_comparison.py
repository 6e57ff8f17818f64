# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""One torch step against the reference's, from the state that torch had before it.

Starting afresh from what is stored keeps rounding from adding up, so that each step has a
tolerance of its own. It is compared in two parts. First d, v and the averages are the reference's,
up to rounding in the working dtype and one rounding to the dtype in which d is stored. Then
everything else is the reference's *for the d and v that were stored*: the reference gets the state
of step k-1 from which it arrives at just that d_k, with the ``<d,x> - γ`` that it would have had
(the rounding of d_k does not enter it), and D_k from the v_k that was stored. So low precision of
what is stored does not blur the comparison.

Every parameter is a group of the reference, with the hyper-parameters of its torch group.

Symbols in the tolerances: u is the unit roundoff of the working dtype, s that of the stored one,
E that of float64. A sum of N terms in any order is within ``N u`` of the sum of their sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import torch
from optim_strategies import Array, Path, Problem, real_dtype, reals, roundoff, working_dtype

from momo.optim import MomentumModelOptimizer
from momo.optim.state import (
    AHEAD,
    COMPENSATION,
    GRAD_AVG,
    MEMORY_WEIGHT,
    MODEL,
    NUMBERS,
    find_model,
    new_model,
)
from momo.reference import (
    FROM_ZERO,
    PROXIMAL,
    AdamDiagonal,
    Diagonal,
    GroupedState,
    Method,
    grouped,
)
from momo.reference.preconditioners import Euclidean, Metric, adam_diagonal

E = roundoff(torch.float64)
ALMOST_ZERO = 1e-200
"""Stands for lr = 0, which the reference does not take: it moves nothing, and weighs nothing."""
GRAD_SQ_AVG = "grad_sq_avg"

# ---- what torch has -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Snapshot:
    """Parameters, gradients and state at one moment, in float64; tuples by parameter.

    x is with its compensation, if it has one.
    """

    x: tuple[Array, ...]
    grad: tuple[Array | None, ...]
    grad_avg: tuple[Array, ...]
    second_moment: tuple[Array | None, ...]
    memory_weight: tuple[float, ...]
    model: dict[str, float]
    raw: dict[tuple[int, str], torch.Tensor] = field(repr=False)
    """Copies of the parameters and of their state, to see whether a bit has changed."""

    @classmethod
    def of(cls, optimizer: MomentumModelOptimizer) -> Snapshot:
        params = parameters(optimizer)
        states = [optimizer.state.get(p, {}) for p in params]
        raw = {(i, "x"): p for i, p in enumerate(params)}
        raw |= {(i, n): t for i, s in enumerate(states) for n, t in s.items() if n != MODEL}
        v = [s.get(GRAD_SQ_AVG) for s in states]
        return cls(
            x=tuple(
                reals(p) + (reals(s[COMPENSATION]) if COMPENSATION in s else 0)
                for p, s in zip(params, states, strict=True)
            ),
            grad=tuple(None if p.grad is None else reals(p.grad).copy() for p in params),
            grad_avg=tuple(
                reals(s.get(GRAD_AVG, torch.zeros_like(p))).copy()
                for p, s in zip(params, states, strict=True)
            ),
            second_moment=tuple(None if a is None else reals(a).copy() for a in v),
            memory_weight=tuple(float(s.get(MEMORY_WEIGHT, 0)) for s in states),
            model=dict(zip(NUMBERS, _model(optimizer).tolist(), strict=False)),
            raw={key: t.detach().clone() for key, t in raw.items()},
        )

    @property
    def steps(self) -> int:
        return int(self.model["steps"])


def _model(optimizer: MomentumModelOptimizer) -> torch.Tensor:
    """Return what is kept of the model; zeros before the first step."""
    model = find_model(optimizer.state)
    return new_model(torch.device("cpu")) if model is None else model


def parameters(optimizer: MomentumModelOptimizer) -> list[torch.nn.Parameter]:
    return [p for group in optimizer.param_groups for p in group["params"]]


def same_bits(ours: torch.Tensor, theirs: torch.Tensor) -> bool:
    """Return whether two tensors agree, signs of zeros and NaNs included."""
    if ours.dtype != theirs.dtype or ours.shape != theirs.shape:
        return False
    ours, theirs = (torch.view_as_real(t) if t.is_complex() else t for t in (ours, theirs))
    if not ours.is_floating_point():
        return bool(torch.equal(ours, theirs))
    integers = {2: torch.int16, 4: torch.int32, 8: torch.int64}[ours.element_size()]
    return bool(torch.equal(ours.contiguous().view(integers), theirs.contiguous().view(integers)))


def assert_untouched(before: Snapshot, after: Snapshot, masked: bool = False) -> None:
    """Nothing has changed but the count of skipped steps and the last step's scalars.

    A first step makes the state; what it makes is all zeros. On the masked path ``x + 0 y`` may
    turn a -0 into a 0; else every bit is the same.
    """
    same = torch.equal if masked else same_bits
    for (i, name), ours in after.raw.items():
        assert same(before.raw.get((i, name), torch.zeros_like(ours)), ours)
    for name, kept in before.model.items():
        assert name in ("skipped", "members") or after.model[name] == kept, name


# ---- what the reference says --------------------------------------------------------------------


@dataclass(frozen=True)
class Fixed:
    """A preconditioner whose D is given."""

    metric: Metric
    unit: ClassVar[bool] = False

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {}

    def update(
        self, memory: Array | None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Metric, None]:
        return self.metric, None


@dataclass(frozen=True)
class Expected:
    """What the reference says of a step; x by parameter."""

    x: tuple[Array, ...]
    step_size: float
    value: float
    lower_bound: float
    state: GroupedState

    @property
    def loss_avg(self) -> float:
        return float(self.state.loss_avg)

    @property
    def memory(self) -> float:
        return float(self.state.lower_bound[0])


def methods(problem: Problem, k: int) -> list[Method]:
    """Return the reference's method for each parameter at step k (from 0)."""
    hypers = [problem.hyperparameters(g, problem.steps[k].lrs[g]) for g, _ in problem.leaves]
    return [problem.row.reference(replace(h, lr=h.lr or ALMOST_ZERO), ()) for h in hypers]


def reference_step(
    each: list[Method],
    state: GroupedState,
    x: tuple[Array, ...],
    loss: float,
    grads: tuple[Array | None, ...],
    sample: float | None,
) -> Expected:
    """Take the reference's step over groups."""
    moved, new, info = grouped(*each).step(state, x, loss, grads, lower_bound=sample)
    numbers = (info.step_size, info.value, info.lower_bound)
    return Expected(moved, *map(float, numbers), new)


def weight_of(one: Method, k: int) -> float:
    """Return ρ_k."""
    return 1 - float(one.beta) ** k if one.averaging is FROM_ZERO else 1.0


# ---- the comparison -----------------------------------------------------------------------------


class Comparison:
    """Holds an optimizer against the reference, step by step.

    Attributes
    ----------
    seen
        How many gradients each parameter has had.
    skipped
        How many steps were not finite.
    held
        How many steps were not compared in full, since rounding alone decides them.
    """

    def __init__(
        self, problem: Problem, optimizer: MomentumModelOptimizer, masked: bool = False
    ) -> None:
        self.problem, self.optimizer, self.masked = problem, optimizer, masked
        self.params = parameters(optimizer)
        self.seen = (0,) * len(self.params)
        self.skipped = self.held = 0
        stored = [torch.finfo(real_dtype(p)) for p in self.params]
        self.u = [roundoff(working_dtype(p)) for p in self.params]
        self.s = [info.eps / 2 for info in stored]
        # x is kept with a compensation (`momo.optim.rounding.split`) where that was asked for.
        halved = [problem.kahan_sum and info.bits == 16 for info in stored]
        self.s_x = [s * s * (1 + s) if h else s for s, h in zip(self.s, halved, strict=True)]
        self.tiny = [info.smallest_normal * info.eps for info in stored]  # the smallest number

    def state(self, before: Snapshot) -> GroupedState:
        """Return torch's state in the reference's form."""
        model = before.model
        if before.steps == 0:
            return GroupedState()
        return GroupedState(
            before.steps,
            model["loss_avg"],
            model["weight"],
            model["inner_avg"],
            (model["lower_bound"],),
            grad_avg=before.grad_avg,
            second_moment=before.second_moment,
            seen=self.seen,
        )

    def check(self, k: int, before: Snapshot) -> None:
        """Compare step k (from 0), which has been taken from ``before``."""
        after, step = Snapshot.of(self.optimizer), self.problem.steps[k]
        outcome = self.problem.outcome(k, [g.size for g in before.grad if g is not None])
        if outcome == "nothing":
            assert_untouched(before, after)
            assert after.model["skipped"] == self.skipped
            return
        if outcome == "skipped":
            self.skipped += 1
            assert_untouched(before, after, self.masked)
            assert after.model["skipped"] == float(self.optimizer.skipped) == self.skipped
            last = self.optimizer.last
            assert [bool(v.isnan()) for v in last] == [n != "step_size" for n in last._fields]
            assert last.step_size == 0
            return

        each, start = methods(self.problem, k), self.state(before)
        sample = None
        if self.problem.per_batch:
            sample = self.problem.lb if step.lb is None else step.lb
        given = (step.loss, before.grad, sample)
        self.seen = tuple(n + (g is not None) for n, g in zip(self.seen, before.grad, strict=True))
        expected = reference_step(each, start, before.x, *given)
        self._check_averages(before, after, expected, each, step.loss)

        fixed = [
            m if g is None else replace(m, preconditioner=Fixed(self._metric(m, v, n)))
            for m, g, v, n in zip(each, before.grad, after.second_moment, self.seen, strict=True)
        ]
        start = self._arriving_at(before, after, start, each[0])
        expected = reference_step(fixed, start, before.x, *given)
        if all(
            np.abs(x).max(initial=0) < torch.finfo(real_dtype(p)).max
            for x, p in zip(expected.x, self.params, strict=True)
        ):
            self._check_step(before, after, expected, fixed, sample, k)

    def _metric(self, one: Method, v: Array | None, n: int) -> Metric:
        own = one.preconditioner
        if not isinstance(own, AdamDiagonal):
            return Euclidean()
        return Diagonal(adam_diagonal(v, n, own.beta2, own.eps))

    def _beta(self, before: Snapshot, one: Method) -> float:
        first = one.averaging is not FROM_ZERO and not before.steps
        return 0.0 if first else float(one.beta)

    def _arriving_at(
        self, before: Snapshot, after: Snapshot, start: GroupedState, one: Method
    ) -> GroupedState:
        """Return the state from which the reference arrives at the d that torch has stored.

        ``d' = (d_k - (1-β) g_k)/β`` instead of ``d_{k-1}``, and ``γ'`` such that
        ``<d', x> - γ' = <d_{k-1}, x> - γ_{k-1}``.
        """
        beta = self._beta(before, one)
        if beta == 0:  # d_k = g_k, which has to be exact
            for d, g in zip(after.grad_avg, before.grad, strict=True):
                assert np.array_equal(d, np.zeros_like(d) if g is None else g)
            return start
        state = start if before.steps else GroupedState(grad_avg=before.grad_avg)
        d = tuple(
            (new - (0 if g is None else (1 - beta) * g)) / beta
            for new, g in zip(after.grad_avg, before.grad, strict=True)
        )
        moved = sum(
            np.vecdot(new - old, x)
            for new, old, x in zip(d, before.grad_avg, before.x, strict=True)
        )
        return replace(
            state,
            grad_avg=d,
            inner_avg=state.inner_avg + moved,
            second_moment=(None,) * len(d),
        )

    def _check_averages(
        self,
        before: Snapshot,
        after: Snapshot,
        expected: Expected,
        each: list[Method],
        loss: float,
    ) -> None:
        """d and v: at most eight operations in the working dtype, and one rounding when stored.

        The model's own numbers are in float64 whatever the parameters are.
        """
        k = after.steps
        assert k == before.steps + 1
        one = each[0]
        close(after.model["weight"], weight_of(one, k), 4 * E * k)
        previous = before.model["loss_avg"]
        close(after.model["loss_avg"], expected.loss_avg, 8 * E * (abs(previous) + abs(loss)))
        for i, own in enumerate(each):
            g, u, s, tiny = before.grad[i], self.u[i], self.s[i], self.tiny[i]
            size = np.abs(before.grad_avg[i]) + (0 if g is None else np.abs(g))
            d = expected.state.grad_avg[i]
            close(after.grad_avg[i], d, 8 * u * size + s * np.abs(d) + tiny)
            if not isinstance(own.preconditioner, AdamDiagonal):
                continue
            if g is None:
                assert np.array_equal(before.x[i], after.x[i])
                assert before.memory_weight[i] == after.memory_weight[i]
                if before.second_moment[i] is not None:
                    assert np.array_equal(before.second_moment[i], after.second_moment[i])
                continue
            v, beta2 = expected.state.second_moment[i], float(own.preconditioner.beta2)
            smallest = torch.finfo(working_dtype(self.params[i])).tiny
            close(after.second_moment[i], v, 9 * u * v + smallest)  # v is stored as it is computed
            close(after.memory_weight[i], 1 - beta2 ** self.seen[i], 4 * E * self.seen[i])

    def _check_step(
        self,
        before: Snapshot,
        after: Snapshot,
        expected: Expected,
        each: list[Method],
        sample: float | None,
        k: int,
    ) -> None:
        """Everything else, for the d and v that are stored.

        What rounding makes of each scalar is followed from the inner products to the step.
        Two things are left out: a step for which rounding decides whether the online bound is
        reset, where f_* jumps (`held`), and τ where no group that has a gradient can move.
        """
        step, problem, last = self.problem.steps[k], self.problem, self.optimizer.last
        moving = [i for i, g in enumerate(before.grad) if g is not None]
        one, x, d = each[0], before.x, after.grad_avg
        n = 8 + sum(a.size for a in x)
        beta, weight = self._beta(before, one), weight_of(one, after.steps)
        previous = before.model
        online = problem.row.online

        # h: two inner products in the working dtype; the rest, and the reference's own rounding,
        # in float64, relative to what is added up.
        sizes = [np.vecdot(np.abs(a), np.abs(b)) for a, b in zip(d, x, strict=True)]
        old_sizes = [
            np.vecdot(np.abs(a), np.abs(b)) for a, b in zip(before.grad_avg, x, strict=True)
        ]
        new_sizes = [np.vecdot(np.abs(before.grad[i]), np.abs(x[i])) for i in moving]
        total = sum(sizes) + sum(old_sizes) + sum(new_sizes)
        numbers = abs(previous["inner_avg"]) + abs(previous["loss_avg"]) + abs(step.loss)
        exact = 8 * n * E * (total + numbers)
        error_before = sum(n * u * size for u, size in zip(self.u, old_sizes, strict=True))
        error_after = [n * u * size for u, size in zip(self.u, sizes, strict=True)]
        error = beta * error_before + exact
        close(last.value, expected.value, error)
        close(
            last.loss_avg, expected.loss_avg, 8 * E * (abs(previous["loss_avg"]) + abs(step.loss))
        )
        # γ is stored such that it fits the d that is stored.
        q = sum(np.vecdot(a, b) for a, b in zip(d, x, strict=True)) - after.model["inner_avg"]
        close(q, expected.value - expected.loss_avg, error + sum(error_after) + exact)

        # c/(1+αλ), the linearisation where the decay alone leads.
        lrs = [step.lrs[g] for g, _ in problem.leaves]
        alpha = max(lrs)
        ratios = [1.0 if lr == alpha else lr / alpha for lr in lrs]
        decays = [problem.groups[g].weight_decay for g, _ in problem.leaves]
        rates = [lr * w if w else 0.0 for lr, w in zip(lrs, decays, strict=True)]
        seen = [rate if one.decay.in_model else 0.0 for rate in rates]
        decayed = expected.value - sum(
            np.vecdot(d[i], x[i]) * seen[i] / (1 + seen[i]) for i in moving
        )
        error_decayed = error + sum(error_after[i] * seen[i] / (1 + seen[i]) for i in moving)

        # f_*: averages in float64, or the online bound. ρ and what is divided by it lose digits
        # where ρ is small.
        near = 8 * E * (k + 2) / weight
        if online:
            kept = previous["lower_bound"] if before.steps else problem.lb
            margin = decayed - weight * kept
            jump = abs(kept - max(decayed / (2 * weight), problem.lb))
            if abs(margin) <= error_decayed + near * abs(kept) and jump > 0:
                self.held += 1
                return
            was_reset = margin < 0
            error_bound = (error_decayed / (2 * weight) + near * abs(decayed / weight)) * was_reset
        else:
            total = abs(problem.lb) + abs(sample or 0) + abs(previous["lower_bound"])
            error_bound = near * total
            close(after.model["lower_bound"], expected.memory, near * total)
            assert problem.per_batch or after.model["lower_bound"] == 0
        close(last.lower_bound, expected.lower_bound, error_bound)

        # ||d||² and ζ. A dozen operations make a term of ||d||², and all are positive.
        metrics = {i: each[i].preconditioner.metric for i in moving}
        squares = {i: ratios[i] * float(metrics[i].dual_norm_sq(d[i])) for i in moving}
        dual, slope = sum(squares.values()), sum(s / (1 + seen[i]) for i, s in squares.items())
        relative = (n + 16) * max(self.u) + n * E
        close(last.dual_norm_sq, dual, relative * dual)
        above = decayed - weight * expected.lower_bound
        error_above = error_decayed + weight * (error_bound + near * abs(expected.lower_bound))
        zeta, error_zeta = 0.0, 0.0
        if slope > 0:
            zeta = max(above, 0) / slope
            error_zeta = error_above / slope + zeta * (2 * relative + near)
        close(last.adaptive, zeta, error_zeta)
        cap = alpha / weight
        close(last.cap, cap, 0 if np.isinf(cap) else near * cap)

        # τ, which is constant where the cap, or the positive part, decides.
        assert last.step_size == torch.minimum(last.cap, last.adaptive)
        error_tau = error_zeta + (0 if np.isinf(cap) else near * cap)
        if zeta - error_zeta > cap:
            error_tau = near * cap
        if above + error_above < 0:
            error_tau = 0.0
        tau = float(last.step_size)
        for i in moving if slope > 0 else ():
            close(
                tau * ratios[i],
                expected.step_size * ratios[i],
                error_tau * ratios[i] + 2 * ALMOST_ZERO / weight,
            )

        if online:
            total = (error + (error_tau * dual + tau * dual * relative) / 2) / weight
            memory = after.model["lower_bound"]
            close(
                memory, expected.memory, total + near * (abs(expected.memory) + tau * dual / weight)
            )

        # The step: a dozen operations for the direction, a few more for the point.
        for i, (ours, theirs) in enumerate(zip(after.x, expected.x, strict=True)):
            if i not in metrics:
                assert np.array_equal(before.x[i], ours)
                continue
            direction, u = np.abs(metrics[i].direction(d[i])), self.u[i]
            shrink = 1 / (1 + rates[i]) if one.decay is PROXIMAL else 1.0
            old = (1 + rates[i]) * shrink * np.abs(x[i])
            moved = expected.step_size * ratios[i] * direction * shrink
            tolerance = error_tau * ratios[i] * direction * shrink + u * (16 * moved + 4 * old)
            close(ours, theirs, tolerance + (self.s_x[i] + 4 * u) * np.abs(theirs) + self.tiny[i])


def close(ours: Any, theirs: Any, tolerance: Any) -> None:
    """Assert ``|ours - theirs| <= tolerance``, elementwise; NaN is close to nothing."""
    ours = float(ours) if isinstance(ours, torch.Tensor) else ours
    with np.errstate(invalid="ignore"):
        good = (np.abs(ours - theirs) <= tolerance) | np.equal(ours, theirs)
    assert np.all(good), f"{ours} differs from {theirs} by more than {tolerance}"


# ---- one optimizer against another --------------------------------------------------------------


def assert_same_step(
    ours: MomentumModelOptimizer,
    theirs: MomentumModelOptimizer,
    params: list[tuple[torch.nn.Parameter, torch.nn.Parameter]],
    adaptive: bool,
) -> None:
    """The two, over these pairs of parameters, have taken the same step on whole numbers.

    Sums of such numbers are exact in any order, but for those of the terms of an adaptive ||d||²:
    it may be off by rounding, and what follows from it is left to the comparison with the
    reference.
    """
    assert (ours.last is None) == (theirs.last is None)
    if ours.last is None:
        return
    for p, q in params:
        a, b = ours.state.get(p, {}), theirs.state.get(q, {})
        for name in (GRAD_AVG, GRAD_SQ_AVG, MEMORY_WEIGHT):
            assert (name in a) == (name in b)
            assert name not in a or equal(a[name], b[name]), name
        assert adaptive or equal(p, q)
        assert (COMPENSATION in a) == (COMPENSATION in b)
        assert adaptive or COMPENSATION not in a or equal(a[COMPENSATION], b[COMPENSATION])
    for name, a, b in zip(NUMBERS, *map(_model, (ours, theirs)), strict=False):
        # What is kept in case of freezing knows of the order, and is a sum over groups.
        if name not in AHEAD and not (adaptive and name == "lower_bound"):
            assert equal(a, b), name
    n = 16 + sum(p.numel() for p, _ in params)
    u = max(roundoff(working_dtype(p)) for p, _ in params)
    for name, a, b in zip(ours.last._fields, ours.last, theirs.last, strict=True):
        if name == "dual_norm_sq" and adaptive:
            assert torch.isclose(a, b, rtol=2 * n * u, atol=0, equal_nan=True)
        elif not adaptive or name in ("value", "cap", "loss_avg"):
            assert equal(a, b), name


def settle_one_rounding(
    ours: MomentumModelOptimizer,
    theirs: MomentumModelOptimizer,
    params: list[tuple[torch.nn.Parameter, torch.nn.Parameter]],
    before: Sequence[Array],
) -> None:
    """After a step of the fused path: hold x to theirs up to one rounding, and go on from theirs.

    The fused path rounds ``keep z - size direction`` once more or once less, whatever the compiler
    makes of it. The two terms are no larger than ``|x| + |x⁺|`` together, but for what decay takes
    from x; and the result is rounded to what is stored: one number, or two that add up.
    """
    if not ours.path.startswith("fused"):
        return
    for (p, q), x in zip(params, before, strict=True):
        own, other = ours.state.get(p, {}), theirs.state.get(q, {})
        kahan = COMPENSATION in own
        a, b = (
            reals(one) + (reals(kept[COMPENSATION]) if kahan else 0)
            for one, kept in ((p, own), (q, other))
        )
        u, s = roundoff(working_dtype(p)), roundoff(real_dtype(p))
        stored = 2 * (s * s if kahan else s) * abs(b) + torch.finfo(real_dtype(p)).tiny
        assert (abs(a - b) <= 4 * u * (abs(x) + abs(b)) + stored).all()
        with torch.no_grad():
            p.copy_(q)
            if kahan:
                own[COMPENSATION].copy_(other[COMPENSATION])


def equal(ours: torch.Tensor, theirs: torch.Tensor) -> bool:
    """Return whether two tensors are equal, whatever the signs of zeros."""
    return torch.allclose(ours, theirs, rtol=0, atol=0, equal_nan=True)


# ---- runs ---------------------------------------------------------------------------------------

Stepper = Callable[[MomentumModelOptimizer, dict[str, Any]], Any]


def run(
    problem: Problem, path: Path, device: str = "cpu", take: Stepper | None = None
) -> Iterator[tuple[int, MomentumModelOptimizer, Snapshot]]:
    """Take the steps on a path; yield each, from 0, with the optimizer and what was before it.

    ``take`` does a step in its own way, given the optimizer and the arguments.
    """
    params = problem.start(device)
    optimizer = problem.optimizer(params, path.foreach)
    for k in range(len(problem.steps)):
        problem.prepare(params, optimizer, k)
        before = Snapshot.of(optimizer)
        grads = [p.grad for p in params]
        kept = [None if g is None else (g.clone(), g._version) for g in grads]
        given = problem.arguments(k)
        with path.taken():
            if take is not None:
                take(optimizer, given)
            elif path.closure:
                loss = given.pop("loss")
                assert optimizer.step(lambda loss=loss: loss, **given) is loss
            else:
                assert optimizer.step(**given) is given["loss"]
        for p, grad, old in zip(params, grads, kept, strict=True):
            assert p.grad is grad
            assert grad is None or (same_bits(grad, old[0]) and grad._version == old[1])
        yield k, optimizer, before


def compare(
    problem: Problem, path: Path, device: str = "cpu", take: Stepper | None = None
) -> Comparison | None:
    """Run a problem on a path, and hold every step against the reference."""
    comparison = None
    for k, optimizer, before in run(problem, path, device, take):
        if comparison is None:
            masked = path.masked or device != "cpu" or take is not None
            comparison = Comparison(problem, optimizer, masked)
        comparison.check(k, before)
        if not all(torch.isfinite(p).all() for p in comparison.params):
            break  # a step too long for float16; the reference has the same
    return comparison
