"""The methods that the claims speak of, as the theory runs them."""

from __future__ import annotations

from collections.abc import Callable

from momo.reference import Method, constant, momo, momo_adam, momo_star
from theory.case import Case


def exact_momo(case: Case) -> Method:
    """Return MoMo that knows f*: the method of the theorem."""
    return momo(lr=case.lr, beta=case.beta, lower_bound=constant(case.optimum.value))


def online_momo(case: Case) -> Method:
    """Return MoMo*, its bound started below f*."""
    return momo_star(lr=case.lr, beta=case.beta, lb=case.floor)


def exact_momo_adam(case: Case) -> Method:
    """Return MoMo-Adam that knows f*."""
    bound = constant(case.optimum.value)
    return momo_adam(lr=case.lr, betas=(case.beta, 0.999), lower_bound=bound)


METHODS: dict[str, Callable[[Case], Method]] = {
    "momo": exact_momo,
    "momo_star": online_momo,
    "momo_adam": exact_momo_adam,
}
