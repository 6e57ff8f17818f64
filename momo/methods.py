"""The table of methods: for each its NumPy form, its torch form, and how their arguments match.

Tests run over this table: a new method is one row. Importing it needs no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from momo.reference import (
    APPROXIMATE,
    EMA_FROM_ZERO,
    PROXIMAL,
    IdentityPreconditioner,
    Method,
    adam,
    constant,
    method,
    momo,
    momo_adam,
    momo_adam_star,
    momo_star,
    sgd_m,
)
from momo.reference.lower_bounds import LowerBound

if TYPE_CHECKING:
    from momo.optim import MomentumModelOptimizer


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
        f_*, or f_*^1 of the starred methods.
    """

    lr: float = 1.0
    beta: float = 0.9
    weight_decay: float = 0.0
    beta2: float = 0.999
    eps: float = 1e-8
    lb: float = 0.0


@dataclass(frozen=True)
class Row:
    """A method in both its forms.

    Attributes
    ----------
    name, title
        How it is called in code, and in a report.
    reference
        ``(hyper-parameters, bound) -> Method``; the bound is None for the method's own, or
        ``PerBatch()``.
    optimizer
        The name of the torch class in `momo.optim`.
    arguments
        The class's argument names by hyper-parameter; "betas" takes β and β2.
    fixed
        Arguments of the class that make it this method.
    capped
        The method that it is when every step is capped: ``(hyper-parameters) -> Method``.
    online
        Whether it estimates its bound, so that a step cannot bring one.
    """

    name: str
    title: str
    reference: Callable[[Hyperparameters, LowerBound | None], Method]
    optimizer: str
    arguments: tuple[str, ...]
    capped: Callable[[Hyperparameters], Method]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    online: bool = False

    def torch_arguments(self, h: Hyperparameters) -> dict[str, Any]:
        """Return the keyword arguments of the torch class."""
        values = {**asdict(h), "betas": (h.beta, h.beta2)}
        return {**{name: values[name] for name in self.arguments}, **self.fixed}

    def torch_class(self) -> type[MomentumModelOptimizer]:
        """Return the torch class; this imports torch."""
        import momo.optim

        found: type[MomentumModelOptimizer] = getattr(momo.optim, self.optimizer)
        return found


def _bound(h: Hyperparameters, bound: LowerBound | None) -> LowerBound:
    return constant(h.lb) if bound is None else bound


def _momo(h: Hyperparameters, bound: LowerBound | None) -> Method:
    return momo(h.lr, h.beta, h.weight_decay, _bound(h, bound))


def _momo_bias_corrected(h: Hyperparameters, bound: LowerBound | None) -> Method:
    identity = IdentityPreconditioner()
    return method(EMA_FROM_ZERO, identity, _bound(h, bound), h.lr, h.beta, h.weight_decay)


def _momo_star(h: Hyperparameters, bound: LowerBound | None) -> Method:
    return momo_star(h.lr, h.beta, h.weight_decay, h.lb)


def _momo_adam(h: Hyperparameters, bound: LowerBound | None) -> Method:
    return momo_adam(h.lr, (h.beta, h.beta2), h.eps, h.weight_decay, _bound(h, bound))


def _momo_adam_undivided(h: Hyperparameters, bound: LowerBound | None) -> Method:
    betas, limit = (h.beta, h.beta2), _bound(h, bound)
    return momo_adam(h.lr, betas, h.eps, h.weight_decay, limit, APPROXIMATE)


def _momo_adam_star(h: Hyperparameters, bound: LowerBound | None) -> Method:
    return momo_adam_star(h.lr, (h.beta, h.beta2), h.eps, h.weight_decay, h.lb)


def _sgd_m(h: Hyperparameters) -> Method:
    return sgd_m(h.lr, h.beta, h.weight_decay)


def _sgd_m_bias_corrected(h: Hyperparameters) -> Method:
    return replace(_momo_bias_corrected(h, None), step_rule=_sgd_m(h).step_rule)


def _adam(h: Hyperparameters) -> Method:
    return adam(h.lr, (h.beta, h.beta2), h.eps, h.weight_decay, PROXIMAL)


def _adam_w(h: Hyperparameters) -> Method:
    return adam(h.lr, (h.beta, h.beta2), h.eps, h.weight_decay, APPROXIMATE)


MOMO = ("lr", "weight_decay", "beta", "lb")
MOMO_ADAM = ("lr", "weight_decay", "betas", "eps", "lb")

METHODS: dict[str, Row] = {
    row.name: row
    for row in (
        Row("momo", "MoMo", _momo, "Momo", MOMO, _sgd_m),
        Row(
            "momo_bias_corrected",
            "MoMo, averages from zero",
            _momo_bias_corrected,
            "Momo",
            MOMO,
            _sgd_m_bias_corrected,
            {"bias_correction": True},
        ),
        Row("momo_star", "MoMo*", _momo_star, "Momo", MOMO, _sgd_m, {"use_fstar": True}, True),
        Row("momo_adam", "MoMo-Adam", _momo_adam, "MomoAdam", MOMO_ADAM, _adam),
        Row(
            "momo_adam_undivided",
            "MoMo-Adam with AdamW's decay",
            _momo_adam_undivided,
            "MomoAdam",
            MOMO_ADAM,
            _adam_w,
            {"divide": False},
        ),
        Row(
            "momo_adam_star",
            "MoMo-Adam*",
            _momo_adam_star,
            "MomoAdam",
            MOMO_ADAM,
            _adam,
            {"use_fstar": True},
            True,
        ),
    )
}
