# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What methods are held against: a fixed set, whatever other records lie in the folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.studies.base import REFERENCE, STANDS_FOR
from experiments.summary.rectangle import Rectangle
from momo.methods import METHODS

BASES = {row.name: row.base for row in METHODS.values()}
"""What a momentum model is built upon: "sgd_m" or "adam"."""


def present(methods: Sequence[str], reference: Sequence[str] = REFERENCE) -> dict[str, str]:
    """Return the methods of the reference set that are there, by what they stand for.

    AdamW stands for Adam on a workload that has no runs of Adam.
    """
    found = {}
    for name in reference:
        if name in methods:
            found[name] = name
        elif STANDS_FOR.get(name) in methods:
            found[name] = STANDS_FOR[name]
    return found


def reference_curves(
    curves: Mapping[tuple[Any, ...], Rectangle], workload: str, preset: str
) -> list[Rectangle]:
    """Return the curves of the reference set on a workload, of plain runs."""
    own = {key[2]: curve for key, curve in curves.items() if key[:2] == (workload, preset)}
    return [own[name] for name in present(list(own)).values()]
