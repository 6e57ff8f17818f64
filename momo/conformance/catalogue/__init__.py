# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The laws; a new one is one file, and one line here."""

from __future__ import annotations

from momo.installed import needed

with needed(__name__, "conformance"):
    import hypothesis  # noqa: F401  (each law needs both)
    import torch  # noqa: F401

from momo.conformance.catalogue import (
    capped_is_the_base,
    claims,
    compiles,
    cycled_momentum,
    distributed_mean,
    dtypes,
    dual_norm,
    errors,
    frozen_parameter,
    missing_gradient,
    no_host_sync,
    nonfinite,
    observed_loss,
    rank_without_gradient,
    scaling,
    several_groups,
    shift,
    state_round_trip,
    step_size_nonnegative,
    torch_equals_reference,
    zero_gradient,
)
from momo.conformance.law import Law
from momo.lookup import choices

LAWS: dict[str, Law] = {
    module.LAW.name: module.LAW
    for module in (
        torch_equals_reference,
        capped_is_the_base,
        dual_norm,
        step_size_nonnegative,
        scaling,
        shift,
        zero_gradient,
        missing_gradient,
        several_groups,
        state_round_trip,
        frozen_parameter,
        dtypes,
        nonfinite,
        errors,
        cycled_momentum,
        claims,
        observed_loss,
        no_host_sync,
        compiles,
        distributed_mean,
        rank_without_gradient,
    )
}
"""All laws, in the order of the table."""


def laws(*names: str, slow: bool = True) -> list[Law]:
    """Return the laws of these names, or all.

    Parameters
    ----------
    names
        Default: all.
    slow
        Whether to include, where no names are given, those that take seconds.

    Raises
    ------
    ValueError
        If there is no such law.
    """
    if unknown := [name for name in names if name not in LAWS]:
        raise ValueError(f"law {unknown[0]!r} is unknown; {choices(unknown[0], LAWS)}")
    return [LAWS[n] for n in names] or [law for law in LAWS.values() if slow or not law.slow]
