# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Problems for the optimizers, drawn by Hypothesis, and how they are set up in torch.

The structure is drawn (methods, groups, shapes, layouts, dtypes, what is missing or not finite at
which step); the numbers come from a generator with a drawn seed, so that their mantissas are full.
Their sizes are those of `SCALES`: no number is tiny unless it is 0, so that tolerances can be
derived from the sizes of what is added up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Any, Unpack

import numpy as np
import pytest
import torch
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor

from momo.core.parts import DECOUPLED, FROM_FIRST, Given
from momo.methods import PAPER as METHODS
from momo.methods import Hyperparameters, Row
from momo.optim import Method, MomentumModelOptimizer, arguments, blocks, plan
from momo.optim.hyperparameters import Beta, Eps, Hyperparameter, Lb, Lr, Options, WeightDecay
from momo.optim.numbers import Tensors
from momo.optim.preconditioners import AdamDiagonal
from momo.optim.state import COMPENSATION
from momo.reference import AdamDiagonal as NumpyAdamDiagonal
from momo.reference import Method as NumpyMethod
from momo.reference import method

Array = NDArray[np.float64]

# ---- a method of an author's own, so that what is tested is more than two classes ---------------


Beta2 = Annotated[float, Hyperparameter("β2 in [0, 1), of the metric.", arguments.decay)]


class Own(MomentumModelOptimizer):
    """Averages from the first sample, Adam's diagonal, decay outside the model."""

    def __init__(
        self,
        params: Any,
        lr: Lr = 1.0,
        weight_decay: WeightDecay = 0.0,
        beta: Beta = 0.9,
        beta2: Beta2 = 0.99,
        eps: Eps = 1e-8,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        return Method(
            averaging=FROM_FIRST,
            preconditioner=AdamDiagonal(h["beta2"], h["eps"]),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            beta=h["beta"],
            weight_decay=h["weight_decay"],
            decay=DECOUPLED,
        )


class OwnRow(Row):
    def torch_class(self) -> type[MomentumModelOptimizer]:
        return Own


def _own(h: Hyperparameters, shape: tuple[int, ...]) -> NumpyMethod:
    metric = NumpyAdamDiagonal(h.beta2, h.eps)
    return method(FROM_FIRST, metric, Given(h.lb), h.lr, h.beta, h.weight_decay, DECOUPLED)


ROWS: dict[str, Row] = {
    **METHODS,
    "own": OwnRow(
        "own",
        "a method of an author's own",
        ("lr", "weight_decay", "beta", "beta2", "eps", "lb"),
        _own,
        "Own",
    ),
}
"""The table of methods, and one that is not in it."""
ADAPTIVE = [name for name, row in ROWS.items() if {"betas", "beta2"} & set(row.arguments)]
"""Those with a preconditioner."""
FROM_ZERO = [
    n for n, row in ROWS.items() if n != "own" and row.torch_class().__name__ == "MomoAdam"
]
FROM_ZERO += [name for name, row in ROWS.items() if row.fixed.get("bias_correction")]
"""Those whose averages start at zero."""
OFFLINE = [name for name, row in ROWS.items() if not row.online]
"""Those whose bound is given."""


def set_beta(group: dict[str, Any], beta: float) -> None:
    """Set β as a scheduler would."""
    if "betas" in group:
        group["betas"] = (beta, group["betas"][1])
    else:
        group["momentum" if "momentum" in group else "beta"] = beta


# ---- tensors ------------------------------------------------------------------------------------

DTYPES = (
    torch.float64,
    torch.float32,
    torch.bfloat16,
    torch.float16,
    torch.complex64,
    torch.complex128,
)
LAYOUTS = ("plain", "transposed", "strided", "channels_last", "expanded")


def laid_out(values: Tensor, layout: str) -> Tensor:
    """Return a tensor of these values, or of some of them, in another layout."""
    if layout == "transposed" and values.dim() >= 2:
        return values.mT.contiguous().mT
    if layout == "strided" and values.dim() >= 1:
        wide = torch.stack([values, torch.full_like(values, 77)], -1)
        return wide[..., 0]
    if layout == "channels_last" and values.dim() == 4:
        return values.contiguous(memory_format=torch.channels_last)
    if layout == "expanded" and values.numel():
        return values.flatten()[0].expand(values.shape)
    return values.clone()


def reals(tensor: Tensor) -> Array:
    """Return the numbers of a tensor in float64, flat; a complex one as pairs of reals."""
    tensor = tensor.detach()
    if tensor.is_complex():
        tensor = torch.view_as_real(tensor.resolve_conj())
    flat: Array = tensor.to("cpu", torch.float64).reshape(-1).numpy()
    return flat


def real_dtype(tensor: Tensor) -> torch.dtype:
    return tensor.dtype.to_real()


def working_dtype(tensor: Tensor) -> torch.dtype:
    """Return the dtype in which the arithmetic is to be done."""
    return torch.float64 if real_dtype(tensor) is torch.float64 else torch.float32


def roundoff(dtype: torch.dtype) -> float:
    """Return the unit roundoff u: rounding changes a number by at most u times itself."""
    return torch.finfo(dtype).eps / 2


# ---- problems -----------------------------------------------------------------------------------


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(round(250 * low), round(250 * high)).map(lambda i: i / 250)


betas = st.one_of(st.sampled_from([0.0, 0.5, 0.9]), numbers(0, 0.98))
weight_decays = st.one_of(st.just(0.0), numbers(0.004, 1))
lrs = st.one_of(st.sampled_from([0.0, 0.004, 100.0]), numbers(0.004, 5))
shapes = st.one_of(
    st.sampled_from([(), (0,), (2, 0), (1,)]),
    st.tuples(st.integers(1, 9)),
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
    st.tuples(*[st.integers(1, 3)] * 4),
)
SCALES = (0.05, 1.0, 20.0)


@dataclass(frozen=True)
class Leaf:
    """A parameter."""

    shape: tuple[int, ...]
    dtype: torch.dtype
    layout: str
    grad_layout: str


@dataclass(frozen=True)
class Group:
    """A parameter group."""

    leaves: tuple[Leaf, ...]
    weight_decay: float
    beta2: float
    eps: float


@dataclass(frozen=True)
class Step:
    """What a step is given; ``present`` has an entry a leaf, ``zero`` means a zero gradient."""

    loss: float
    lrs: tuple[float, ...]
    present: tuple[bool, ...]
    lb: float | None
    fault: str | None
    zero: bool


FAULTS = ("nan loss", "inf loss", "-inf loss", "nan gradient", "inf gradient", "nan lb")


POINTS = 1 << 16
"""Keys of values from here on are points; those below are the gradients of a step."""


@dataclass(frozen=True)
class Problem:
    """A method, the parameters, and what each step brings.

    ``lr_kind`` says what the learning rates are: numbers, a tensor a group, or one tensor for all;
    with a tensor a group so are the bound, one for all, and the second group's weight decay.
    With ``whole`` parameters and gradients are small whole numbers, and every step starts at other
    ones: sums of their products are exact, in any order. Compensations are small and exact too.
    """

    name: str
    groups: tuple[Group, ...]
    beta: float
    lb: float
    per_batch: bool
    lr_kind: str
    scale: float
    seed: int
    steps: tuple[Step, ...]
    whole: bool = False
    kahan_sum: bool = False

    @property
    def row(self) -> Row:
        return ROWS[self.name]

    @property
    def leaves(self) -> list[tuple[int, Leaf]]:
        """The parameters with the numbers of their groups."""
        return [(i, leaf) for i, group in enumerate(self.groups) for leaf in group.leaves]

    def hyperparameters(self, group: int, lr: float) -> Hyperparameters:
        own = self.groups[group]
        return Hyperparameters(lr, self.beta, own.weight_decay, own.beta2, own.eps, self.lb)

    def values(self, key: int) -> list[Tensor]:
        """Return values for all parameters, in their dtypes; ``key`` says which."""
        rng = np.random.default_rng([self.seed, key])

        def drawn(shape: tuple[int, ...]) -> Tensor:
            numbers = rng.integers(-3, 4, shape) if self.whole else rng.standard_normal(shape)
            return torch.from_numpy(np.asarray(numbers, dtype=np.float64))

        return [
            (
                torch.complex(drawn(leaf.shape), drawn(leaf.shape))
                if leaf.dtype.is_complex
                else drawn(leaf.shape)
            ).to(leaf.dtype)
            for _, leaf in self.leaves
        ]

    def start(self, device: str = "cpu") -> list[torch.nn.Parameter]:
        """Return new parameters."""
        return [
            torch.nn.Parameter(laid_out(values.to(device), leaf.layout))
            for values, (_, leaf) in zip(self.values(POINTS), self.leaves, strict=True)
        ]

    def prepare(
        self, params: list[torch.nn.Parameter], optimizer: MomentumModelOptimizer, k: int
    ) -> None:
        """Set all that step k (from 0) finds: gradients, learning rates, other points."""
        self.set_gradients(params, k)
        self.set_lrs(optimizer, k)
        if self.whole:
            for p, values in zip(params, self.values(POINTS + k), strict=True):
                p.data.copy_(values)
                if COMPENSATION in optimizer.state[p]:  # a quarter of a unit of 1, and less of 2
                    rest = values.sign() * (torch.finfo(p.dtype).eps / 4)
                    optimizer.state[p][COMPENSATION].copy_(rest)

    def set_gradients(self, params: list[torch.nn.Parameter], k: int) -> None:
        """Give the parameters the gradients of step k (from 0), or None."""
        step = self.steps[k]
        factor = 0.0 if step.zero else self.scale
        drawn = zip(params, self.values(k), self.leaves, step.present, strict=True)
        for p, values, (_, leaf), present in drawn:
            p.grad = None
            if present:
                p.grad = laid_out((factor * values).to(p.device, p.dtype), leaf.grad_layout)
        if step.fault in ("nan gradient", "inf gradient"):
            bad = math.nan if step.fault == "nan gradient" else math.inf
            for p in params:
                if p.grad is not None and p.grad.numel():
                    p.grad = p.grad.clone()
                    p.grad[(-1,) * p.grad.dim()] = bad
                    break

    def optimizer(
        self, params: list[torch.nn.Parameter], foreach: bool | None = None
    ) -> MomentumModelOptimizer:
        """Return the optimizer over these parameters, all hyper-parameters given by group."""
        groups = []
        lb = torch.full((1,) * (self.seed % 2), self.lb, dtype=torch.float64)
        for i in range(len(self.groups)):
            own = [p for p, (g, _) in zip(params, self.leaves, strict=True) if g == i]
            given = self.row.torch_arguments(self.hyperparameters(i, self.steps[0].lrs[i]))
            if self.lr_kind == "tensor":
                given["lb"] = lb
                if i == 1:
                    decay = given["weight_decay"]
                    given["weight_decay"] = torch.tensor([decay], dtype=torch.float64)
            groups.append({"params": own, **given})
        kind: Any = self.row.torch_class()
        made: MomentumModelOptimizer = kind(groups, foreach=foreach, kahan_sum=self.kahan_sum)
        return made

    def set_lrs(self, optimizer: MomentumModelOptimizer, k: int) -> None:
        """Set the learning rates of step k (from 0), as a scheduler does."""
        new = self.steps[k].lrs
        if self.lr_kind == "shared tensor":
            shared = torch.tensor(new[0], dtype=torch.float64)
            for group in optimizer.param_groups:
                group["lr"] = shared
            return
        for i, (group, lr) in enumerate(zip(optimizer.param_groups, new, strict=True)):
            if self.lr_kind == "tensor" and isinstance(group["lr"], Tensor):
                group["lr"].fill_(lr)
            else:
                group["lr"] = torch.full((1,) * (i % 2), lr) if self.lr_kind == "tensor" else lr

    def outcome(self, k: int, sizes: list[int]) -> str:
        """Return what becomes of step k: "nothing", "skipped" or "step".

        ``sizes`` are the numbers of elements of the gradients that there are.
        """
        fault = self.steps[k].fault
        if not sizes:
            return "nothing"
        bad = fault is not None and ("gradient" not in fault or any(sizes))
        return "skipped" if bad else "step"

    def arguments(self, k: int) -> dict[str, float]:
        """Return the keyword arguments of ``step`` at step k (from 0)."""
        step = self.steps[k]
        loss = {"nan loss": math.nan, "inf loss": math.inf, "-inf loss": -math.inf}
        given = {"loss": loss.get(step.fault or "", step.loss)}
        if step.fault == "nan lb":
            return {**given, "lb": math.nan}
        return given if step.lb is None else {**given, "lb": step.lb}


@st.composite
def leaves(draw: st.DrawFn, dtypes: tuple[torch.dtype, ...]) -> Leaf:
    plain = st.just("plain")
    layouts = st.one_of(plain, st.sampled_from(LAYOUTS[:4]))
    grads = st.one_of(plain, st.sampled_from(LAYOUTS))
    return Leaf(draw(shapes), draw(st.sampled_from(dtypes)), draw(layouts), draw(grads))


@st.composite
def problems(
    draw: st.DrawFn,
    names: tuple[str, ...] = tuple(ROWS),
    dtypes: tuple[torch.dtype, ...] = DTYPES,
    max_steps: int = 6,
    faults: bool = True,
    gaps: bool = True,
    infinite: bool = False,
) -> Problem:
    """Return a problem.

    Parameters
    ----------
    names, dtypes
        To choose from; a problem has at most two dtypes.
    faults, gaps
        Whether some steps are not finite; whether some gradients are None or zero.
    infinite
        Whether all learning rates are infinite, without decay.
    """
    name = draw(st.sampled_from(names))
    chosen = tuple(draw(st.lists(st.sampled_from(dtypes), min_size=1, max_size=2)))
    groups = draw(
        st.lists(
            st.builds(
                Group,
                leaves=st.lists(leaves(chosen), min_size=1, max_size=4).map(tuple),
                weight_decay=st.just(0.0) if infinite else weight_decays,
                beta2=betas,
                eps=st.sampled_from([1e-8, 1e-3, 0.1]),
            ),
            min_size=1,
            max_size=3,
        ).map(tuple)
    )
    if infinite:  # the reference takes an infinite lr only for one group
        groups = groups[:1]
    count = sum(len(group.leaves) for group in groups)
    kinds = ["number", "number", "shared tensor", *(() if infinite else ("tensor",))]
    lr_kind = draw(st.sampled_from(kinds))
    per_batch = not ROWS[name].online and draw(st.booleans())
    some = st.one_of(st.just((True,) * count), st.tuples(*[st.booleans()] * count))
    lr = st.just(math.inf) if infinite else lrs
    kinds = FAULTS if per_batch else FAULTS[:-1]
    steps = []
    for _ in range(draw(st.integers(2, max_steps))):
        new = tuple(draw(st.tuples(*[lr] * len(groups))))
        if lr_kind == "shared tensor":
            new = new[:1] * len(groups)
        if lr_kind == "tensor":
            new = tuple(float(np.float32(a)) for a in new)
        step = Step(
            loss=draw(numbers(-1, 6)),
            lrs=new,
            present=draw(some) if gaps else (True,) * count,
            lb=draw(st.one_of(st.none(), numbers(-2, 2))) if per_batch else None,
            fault=draw(st.sampled_from([None] * 40 + list(kinds))) if faults else None,
            zero=gaps and draw(st.integers(0, 7)) == 7,
        )
        if steps and draw(st.booleans()):  # most learning rates stay as they are
            step = replace(step, lrs=steps[-1].lrs)
        steps.append(step)
    return Problem(
        name=name,
        groups=groups,
        beta=draw(betas),
        lb=draw(st.one_of(st.just(0.0), numbers(-2, 2))),
        per_batch=per_batch,
        lr_kind=lr_kind,
        scale=draw(st.sampled_from(SCALES)),
        seed=draw(st.integers(0, 2**32 - 1)),
        steps=tuple(steps),
        kahan_sum=draw(st.booleans()),
    )


# ---- paths --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Path:
    """A way to compute a step: which blocks, of how many elements, and masked as on a GPU.

    ``closure`` says whether the loss comes from one.
    """

    foreach: bool | None = None
    size: int | None = None
    masked: bool = False
    closure: bool = False

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take this path within the context; the optimizer's groups have to say ``foreach``."""
        with pytest.MonkeyPatch.context() as patch:
            if self.size is not None:
                patch.setitem(blocks.SLICE, "cpu", self.size)
                for module in (blocks, plan):
                    patch.setattr(module, "SLICE_ELSEWHERE", self.size)
            if self.masked:
                patch.setattr(
                    MomentumModelOptimizer, "_numbers", lambda opt, loss: Tensors(opt._device(loss))
                )
            yield


SINGLE = Path(foreach=False)
"""The path that is the truth."""
paths = st.builds(
    Path,
    foreach=st.sampled_from([None, True, False]),
    size=st.sampled_from([None, 1, 6, 20, 40]),
    masked=st.booleans(),
    closure=st.booleans(),
)
