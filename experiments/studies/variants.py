# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""All momentum models and what they are built upon, on one small transformer."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.config import Run, product
from experiments.studies.base import Study
from momo.methods import METHODS

BASES = ("sgd_m", "adam", "adam_w")


def _runs(seeds: Sequence[int]) -> list[Run]:
    from experiments.workloads import find

    return product(find("cifar10_vit"), "small", (*METHODS, *BASES), seeds=seeds)


VARIANTS = Study("variants", "How do all momentum models compare, on a transformer?", _runs)
