"""What the table says of a method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from momo.reference import CAPPED, Method

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


Reference = Callable[[Hyperparameters, Shape], Method]
"""``(hyper-parameters, shape of the parameter) -> Method``.

The shape matters to methods that treat matrices as such; x is flat, of n numbers, always.
"""


Capped = Callable[[Hyperparameters, Shape], Method]
"""``(hyper-parameters, shape) -> Method``: what a method is when every step is capped."""


def when_capped(reference: Reference) -> Capped:
    """Return the same method without truncation: its base."""

    def capped(h: Hyperparameters, shape: Shape) -> Method:
        return replace(reference(h, shape), step_rule=CAPPED)

    return capped


@dataclass(frozen=True)
class Row:
    """A method in both its forms.

    Attributes
    ----------
    name, title
        How it is called in code, and in a report.
    reference
        Its NumPy form; see `Reference`.
    optimizer
        The torch class: its name in `momo.optim`, or ``module:Class``.
    arguments
        The class's argument names by hyper-parameter; "betas" takes β and β2.
    capped
        The method that it is when every step is capped: ``(hyper-parameters, shape) -> Method``.
    fixed
        Arguments of the class that make it this method.
    online
        Whether it estimates its bound, so that a step cannot bring one.
    defaults
        The hyper-parameters of the class where none are given.
    source
        Where it is from.
    claims, broken
        Claims of `theory` that it satisfies, and such that it is known to break.
    exempt
        Laws of `momo.conformance` that it does not obey, by name, with the reason.
    """

    name: str
    title: str
    reference: Reference
    optimizer: str
    arguments: tuple[str, ...]
    capped: Capped
    fixed: Mapping[str, Any] = field(default_factory=dict)
    online: bool = False
    defaults: Hyperparameters = Hyperparameters()
    source: str = "arXiv 2305.07583"
    claims: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    exempt: Mapping[str, str] = field(default_factory=dict)

    def torch_arguments(self, h: Hyperparameters) -> dict[str, Any]:
        """Return the keyword arguments of the torch class."""
        values = {**asdict(h), "betas": (h.beta, h.beta2)}
        return {**{name: values[name] for name in self.arguments}, **self.fixed}

    def torch_class(self) -> type[MomentumModelOptimizer]:
        """Return the torch class; this imports torch."""
        module, colon, name = self.optimizer.rpartition(":")
        found: type[MomentumModelOptimizer] = getattr(
            import_module(module if colon else "momo.optim"), name
        )
        return found
