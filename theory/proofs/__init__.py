"""Machine-checked proofs of the theory; a new theorem is one file and one line here."""

from __future__ import annotations

from theory.proofs import (
    closed_form,
    fejer,
    landing,
    lower_bound,
    mean_square,
    metric,
    model_below,
    norm_recursion,
    offset,
    online_bound,
    rate,
    sharp_rate,
    smooth,
    special_cases,
    summed,
)
from theory.proofs.base import Lemma, Theorem

MODULES = (
    closed_form,
    model_below,
    landing,
    fejer,
    summed,
    mean_square,
    rate,
    smooth,
    offset,
    online_bound,
    special_cases,
    norm_recursion,
    sharp_rate,
    metric,
    lower_bound,
)

THEOREMS: dict[str, Theorem] = {
    theorem.name: theorem
    for module in MODULES
    for theorem in vars(module).values()
    if isinstance(theorem, Theorem)
}
LEMMAS: dict[str, Lemma] = {lemma.name: lemma for module in MODULES for lemma in module.LEMMAS}
