# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What happens to the numbers of a step on a GPU: the recorded equation as kernels of one program.

`momo.optim.between` and what surrounds it (is all finite, by what is the gradient clipped, the
gate, the counts) are pure functions of numbers. They are recorded (`momo.core.recorded`) in Triton,
in float64, and read and write device memory: nothing is known to the host. Numbers that change from
step to step, such as learning rates, are read from memory too (`Slot`), so that none of them
compiles a kernel anew.
"""

from __future__ import annotations

import linecache
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any

from torch import Tensor

from momo.core.ops import FLOATS, Ops
from momo.core.random import MASK
from momo.core.recorded import ARITHMETIC, Dialect, Record, Symbol, record
from momo.core.step import Number, StepInfo, total
from momo.optim.arguments import is_zero, known
from momo.optim.between import Outcome, Setup, between, setup
from momo.optim.settings import Setting
from momo.optim.state import INDEX, KEPT, LAST

SUMS = 7
"""The six numbers of `Inner`, and ``||g||²``."""
TRITON: Dialect = {
    **ARITHMETIC,
    "abs": "tl.abs({0})",
    "where": "tl.where({0}, {1}, {2})",
    "minimum": "tl.where(({0} <= {1}) | ({0} != {0}), {0}, {1})",
    "maximum": "tl.where(({0} >= {1}) | ({0} != {0}), {0}, {1})",
    "quotient": "tl.where({1} >= {2}, {0} / {1}, tl.full((), 0.0, tl.float64))",
    "log": "tl.log({0})",
    "sqrt": "tl.sqrt({0})",
    "raised": "tl.exp({1} * tl.log({0}))",
}
"""On float64 scalars, as `momo.core.ops.FLOATS`."""


class TritonRecord(Record):
    """Writes Triton: a number without a type would be one of 32 bits, and powers have none."""

    def text(self, number: Any) -> str:
        """Return how a number is written."""
        if isinstance(number, Symbol):
            return number.text
        return f"tl.full((), {super().text(float(number))}, tl.float64)"

    @property
    def ops(self) -> Ops:
        """The operations on these numbers."""
        return super().ops._replace(power=self._power, uniform=self._uniform)

    def _power(self, a: Any, p: float) -> Any:
        simple: dict[float, Callable[[], Any]] = {
            0.0: lambda: 1.0,
            0.5: lambda: self.add("sqrt", a),
            1.0: lambda: a,
            2.0: lambda: a * a,
        }
        return simple[p]() if p in simple else self.add("raised", a, p)

    def _uniform(self, seed: int, k: Any) -> Symbol:
        line = f"uniform(tl.full((), {seed & MASK}, tl.uint64), {self.text(k)})"
        return Symbol(self, self.lines.setdefault(line, f"t{len(self.lines)}"))


# ---- a step without its numbers ------------------------------------------------------------------

LIFTED = ("beta", "beta2", "lb", "factor", "growth", "start")
"""Numbers of a method's parts that may change from step to step; others belong to the kernel."""
PARTS = ("averaging", "lower_bound", "step_rule", "iterates")
MEMBERS, FOLLOWED, MAX_NORM, BETA = range(4)
"""The first slots: whose d are in the line, β of y, to what gradients are clipped, β."""


@dataclass(frozen=True)
class Slot:
    """Stands for a number that is read from memory: the index-th of those that are sent."""

    index: int


@dataclass(frozen=True)
class Form:
    """What a step does to numbers, without the numbers: a kernel for each.

    Attributes
    ----------
    setup
        Of `momo.optim.between`, its method with `Slot` in the place of numbers.
    hyper
        Where α and αλ of the groups begin among the numbers that are sent.
    numbers
        How many of these there are.
    ranks
        Whether ``||g||²``, and whether there is a gradient, come from all ranks.
    clips
        Whether gradients are clipped.
    """

    setup: Setup
    hyper: int
    numbers: int
    ranks: bool
    clips: bool

    @property
    def rows(self) -> int:
        """How many groups of inner products there are."""
        return len(self.setup.groups) + self.setup.still

    def inputs(self, *names: str) -> dict[str, int]:
        """Return the vectors that a kernel reads, with their sizes."""
        sizes = {
            "model": LAST.stop,
            "sums": SUMS * self.rows,
            "loss": 1 + self.setup.lb,
            "extra": 2,
            "known": 3,
            "hyper": self.numbers,
        }
        return {name: sizes[name] for name in names}


def form_of(
    settings: Sequence[Setting],
    portions: Sequence[tuple[int, int]],
    still: bool,
    lb: bool,
    tiny: float,
    members: int,
    max_norm: float | None,
    ranks: bool,
) -> tuple[Form, list[Any]]:
    """Return a step without its numbers, and these: Python's, or tensors that are not read.

    The first arguments are those of `momo.optim.between.setup`.
    """
    found, hyper = setup(settings, portions, still, lb, tiny)
    method = found.method
    beta = getattr(method.iterates, "beta", 0.0)
    values: list[Any] = [float(members), beta, max_norm or 0.0, method.beta]
    parts = {name: lifted(getattr(method, name), values) for name in PARTS}
    method = replace(method, matrices=None, beta=Slot(BETA), **parts)
    # Not whether αλ is 0: in a warm-up it is, for a step.
    groups = tuple(
        (decay, limit, is_zero(settings[group].method.weight_decay))
        for (decay, limit, _), (group, _) in zip(found.groups, portions, strict=True)
    )
    form = Form(
        found._replace(method=method, groups=groups),
        len(values),
        len(values) + len(hyper),
        ranks,
        max_norm is not None,
    )
    return form, list(map(_readable, [*values, *hyper]))


def lifted(part: Any, values: list[Any]) -> Any:
    """Return a part with a `Slot` in the place of each number that may change, which is listed."""
    if not is_dataclass(part) or isinstance(part, type):
        return part
    found: dict[str, Any] = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if field.name in LIFTED and isinstance(value, float | int | Tensor):
            found[field.name] = Slot(len(values))
            values.append(value)
        elif is_dataclass(value):
            found[field.name] = lifted(value, values)
    return replace(part, **found)


def filled(part: Any, numbers: Sequence[Any]) -> Any:
    """Return a part with numbers in the place of slots."""
    if isinstance(part, Slot):
        return numbers[part.index]
    if not is_dataclass(part) or isinstance(part, type):
        return part
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    return replace(part, **{n: filled(v, numbers) for n, v in values.items() if is_dataclass(v)})


def _readable(value: Any) -> Any:
    number = known(value)
    return value if number is None else float(number)


# ---- what is recorded ----------------------------------------------------------------------------

Numbers = Sequence[Number]


def norm_of(form: Form, sums: Numbers, extra: Numbers) -> Number:
    """Return ``||g||²``."""
    return extra[0] if form.ranks else total(sums[n * SUMS + 6] for n in range(form.rows))


def beforehand(form: Form) -> Callable[..., list[Number]]:
    """Return the function that says how the gradient is averaged in: c, and the shares β_k."""

    def compute(
        ops: Ops, model: Numbers, sums: Numbers, extra: Numbers, hyper: Numbers
    ) -> list[Number]:
        method = filled(form.setup.method, hyper)
        share: Number = 1.0
        if form.clips:  # torch's own coefficient
            norm = ops.power(norm_of(form, sums, extra), 0.5)
            share = ops.minimum(hyper[MAX_NORM] / (norm + 1e-6), 1.0)
        return [share, *method.averaging.betas(method.beta, model[INDEX["steps"]] + 1, ops)]

    return compute


def afterwards(form: Form) -> Callable[..., list[Number]]:
    """Return the function of the step: whether it takes place, moves, and the new model."""

    def compute(
        ops: Ops,
        model: Numbers,
        sums: Numbers,
        loss: Numbers,
        extra: Numbers,
        known: Numbers,
        hyper: Numbers,
    ) -> list[Number]:
        found = form.setup._replace(method=filled(form.setup.method, hyper))
        # The gate: what is infinite or no number is not 0 less than itself.
        ok, *others = [one - one == 0 for one in (*loss, norm_of(form, sums, extra))]
        for other in others:
            ok = ok & other
        skipped = ops.where(ok, 0.0, 1.0)
        if form.ranks:
            touched = extra[1] > 0
            ok, skipped = ok & touched, ops.where(touched, skipped, 0.0)
        share, *betas = known
        f, *lb = loss
        if form.clips:
            floor = lb[0] if lb else found.method.lower_bound.lb
            f = f - (1 - share) * (f - floor)
        if not found.method.averaging.two_rate:
            betas = betas[:1]
        inner = [one for n in range(form.rows) for one in sums[n * SUMS : n * SUMS + 6]]
        sample = [f, *lb, hyper[MEMBERS], *betas]
        given = (model[KEPT], inner, hyper[form.hyper :], sample)
        moves, follow, kept, info = Outcome.of(between(found, ops, *given))

        def outcome(new: Number, old: Number) -> Number:
            return new if new is old else ops.where(ok, new, old)

        # Whose d are in the line is known, also where the gate is shut.
        new = [*map(outcome, kept[:-1], model[KEPT][:-1]), kept[-1]]
        last = StepInfo(*[math.nan] * len(info))._replace(step_size=0.0)
        counts = (model[0] + skipped, model[1] + ops.where(ok, info.below, 0.0))
        told = map(outcome, info, last)
        sizes = [number for move in moves for number in move]
        return [ops.where(ok, 1.0, 0.0), follow, *sizes, *counts, *new, *told]

    return compute


# ---- kernels of it -------------------------------------------------------------------------------

BEFORE = "@triton.jit\ndef kernel(model, sums, extra, hyper, out):\n"
AFTER = (
    '@triton.jit(do_not_specialize=["rows"])\n'
    "def kernel(model, sums, loss, bound, extra, known, hyper, found, table, rows, rates,"
    " BLOCK: tl.constexpr):\n"
)


@lru_cache(maxsize=256)
def before_kernel(form: Form) -> Any:
    """Return the kernel that is taken before the first pass; None: its numbers do not need it.

    They are `known_before` then.
    """
    inputs = form.inputs("model", "sums", "extra", "hyper")
    lines, outputs = record(beforehand(form), inputs, TRITON, TritonRecord)
    if not form.clips and "model_" not in "".join([*lines, *outputs]):
        return None
    stores = [f"tl.store(out + {n}, {one})" for n, one in enumerate(outputs)]
    return _compiled("before", BEFORE, inputs, [*lines, *stores])


def known_before(form: Form, hyper: Sequence[Any]) -> list[Any]:
    """Return c, which is 1, and the shares of the past where they are the same at all steps."""
    method = filled(form.setup.method, hyper)
    return [1.0, *method.averaging.betas(method.beta, math.nan, FLOATS)]


@lru_cache(maxsize=256)
def after_kernel(form: Form) -> Any:
    """Return the kernel between the two passes."""
    inputs = form.inputs("model", "sums", "loss", "extra", "known", "hyper")
    lines, outputs = record(afterwards(form), inputs, TRITON, TritonRecord)
    moves = 2 + 2 * form.rows
    stores = [f"tl.store(found + {n}, {one})" for n, one in enumerate(outputs[:moves])]
    stores += [f"tl.store(model + {n}, {one})" for n, one in enumerate(outputs[moves:])]
    stores.append(f"weigh_(table, rows, rates, {outputs[0]}, BLOCK)")
    return _compiled("after", AFTER, inputs, [*lines, *stores])


def _compiled(name: str, head: str, inputs: Mapping[str, int], body: Sequence[str]) -> Any:
    """Return a kernel of this text, which Triton wants to find as if it were in a file."""
    import triton
    import triton.language as tl

    from momo.optim.fused.gpu_kernels import uniform, weigh_

    used = set(re.findall(r"\b[a-z]+_\d+\b", "\n".join(body)))
    loads = [f'{number} = float("{number}")' for number in ("nan", "inf")]
    for vector, size in inputs.items():
        for n in range(size):
            where = "bound" if (vector, n) == ("loss", 1) else f"{vector} + {n}"
            if f"{vector}_{n}" in used:
                loads.append(f"{vector}_{n} = tl.load({where})")
    source = head + "\n".join(f"    {line}" for line in [*loads, *body]) + "\n"
    file = f"<momo {name} {sha256(source.encode()).hexdigest()[:16]}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    space = {"__name__": __name__, "triton": triton, "tl": tl, "uniform": uniform, "weigh_": weigh_}
    exec(compile(source, file, "exec"), space)  # no text of anybody else gets in here
    return space["kernel"]
