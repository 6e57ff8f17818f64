# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the table says of a method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from momo.lookup import load
from momo.reference import CAPPED, Ascent, Method
from momo.reference.ascent import Sample

if TYPE_CHECKING:
    from momo.optim import MomentumModelOptimizer

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Hyperparameters:
    """What a method of the table may depend on; a method ignores what it does not have.

    Attributes
    ----------
    lr, weight_decay
        α and λ.
    beta, beta2, eps
        β (Adam's β1), β2 and ε.
    lb
        f_*, or f_*^1 of the methods that estimate it.
    """

    lr: float = 1.0
    beta: float = 0.9
    weight_decay: float = 0.0
    beta2: float = 0.999
    eps: float = 1e-8
    lb: float = 0.0


BEHIND = {"betas": ("beta", "beta2"), "momentum": ("beta",)}
"""The hyper-parameters behind an argument of a torch class, where they are not called like it."""


Reference = Callable[..., Method]
"""``(hyper-parameters, shape of the parameter, **options) -> Method``.

The shape matters to methods that treat matrices as such; x is flat, of n numbers, always. Options
are the arguments of the class that are no hyper-parameters (`Row.options`), by name.
"""


def decades(first: int, last: int) -> tuple[float, ...]:
    """Return ``10^first, ..., 10^last``, each the float that is nearest to it."""
    return tuple(float(f"1e{power}") for power in range(first, last + 1))


@dataclass(frozen=True)
class Listed:
    """What is said of any method that is tested or compared, also of one without a reference.

    Attributes
    ----------
    name, title
        How it is called in code, and in a report.
    arguments
        Its class's argument names by hyper-parameter; "betas" takes β and β2.
    defaults
        The hyper-parameters where none are given. What it does not use has the value that is true
        of it (β = 0 of a method without momentum), or does not matter.
    source
        Where it is from.
    equation
        Its step in the letters of its source, as text, where they are not ours; what it is in ours
        follows from its parts (`momo.methods.equations`).
    ours
        What of it is not in its source, in words; empty: it is as the source has it.
    fixed
        Arguments of the class that make it this method.
    online
        Whether it estimates its bound, so that a step cannot bring one.
    modes
        Whether it has ``train()`` and ``eval()``, which must be called before the respective phase.
    grid
        The learning rates at which it is compared, ascending. Default: those of methods whose
        steps are multiples of averaged gradients.
    claims, broken
        Claims of `theory` that it satisfies, and such that it is known to break.
    exempt
        Laws of `momo.conformance` that it does not obey, by name, with the reason.
    """

    name: str
    title: str
    arguments: tuple[str, ...]
    defaults: Hyperparameters = field(default=Hyperparameters(), kw_only=True)
    source: str = field(default="arXiv 2305.07583", kw_only=True)
    equation: str = field(default="", kw_only=True)
    ours: str = field(default="", kw_only=True)
    fixed: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    online: bool = field(default=False, kw_only=True)
    modes: bool = field(default=False, kw_only=True)
    grid: tuple[float, ...] = field(default=decades(-3, 3), kw_only=True)
    claims: tuple[str, ...] = field(default=(), kw_only=True)
    broken: tuple[str, ...] = field(default=(), kw_only=True)
    exempt: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    @property
    def uses(self) -> tuple[str, ...]:
        """The hyper-parameters that it depends on."""
        return tuple(name for each in self.arguments for name in BEHIND.get(each, (each,)))

    def torch_arguments(self, h: Hyperparameters) -> dict[str, Any]:
        """Return the keyword arguments of the torch class."""
        values = {**asdict(h), "betas": (h.beta, h.beta2), "momentum": h.beta}
        return {**{name: values[name] for name in self.arguments}, **self.fixed}


@dataclass(frozen=True)
class Row(Listed):
    """A method in both its forms.

    Attributes
    ----------
    reference
        Its NumPy form; see `Reference`.
    optimizer
        The torch class: its name in `momo.optim`, or ``module:Class``.
    options
        Further arguments, by name, of class, reference and oracle alike: each entry is a choice of
        them beside the defaults, and held against its oracle as these are.
    ascent
        What makes, of the options, the `Ascent` by which samples are taken elsewhere than at x;
        None: at x. A step of its class needs a closure.
    base
        The baseline of `experiments` that its cost is set against: the method that it is when
        capped or, where not every study runs that one, the nearest: "sgd_m", or "adam" of another
        metric than I.
    """

    reference: Reference
    optimizer: str
    options: tuple[Mapping[str, Any], ...] = field(default=(), kw_only=True)
    ascent: Callable[..., Ascent] | None = field(default=None, kw_only=True)
    base: str = field(default="sgd_m", kw_only=True)

    def capped(self, h: Hyperparameters, shape: Shape) -> Method:
        """Return the method that it is when every step is capped: without truncation."""
        made = self.reference(h, shape)
        # A metric that sees the gap is another where the loss is far above its bound.
        metric = getattr(made.preconditioner, "capped", made.preconditioner)
        return replace(made, step_rule=CAPPED, preconditioner=metric)

    def seen(self, sample: Sample, **options: Any) -> Sample:
        """Return what a step sees of a sample: loss and gradient, functions of x, as it takes them.

        ``options`` are those of the row; the ascent takes its own of them.
        """
        return sample if self.ascent is None else self.ascent(**options).seen(sample)

    def torch_class(self) -> type[MomentumModelOptimizer]:
        """Return the torch class; this imports torch."""
        if ":" in self.optimizer:
            return load(f"optimizer = {self.optimizer!r}", self.optimizer, type)
        import momo.optim

        found: type[MomentumModelOptimizer] = getattr(momo.optim, self.optimizer)
        return found


def step_with(optimizer: Any, loss: Any, **given: Any) -> Any:
    """Take a step of the gradients that there are, with their loss; by a closure, if it needs one.

    The closure leaves them as they are: so they are the same at whatever point it is called.
    """
    if getattr(optimizer, "needs_closure", False):
        return optimizer.step(lambda: loss, **given)
    return optimizer.step(loss=loss, **given)


AdaptiveRow = partial(Row, base="adam", grid=decades(-4, 1))
"""A method of another metric than I: what it is compared with, and at which learning rates."""
MOMO = ("lr", "weight_decay", "beta", "lb")
MOMO_ADAM = ("lr", "weight_decay", "betas", "eps", "lb")
