"""Machine-checked proofs of the theory; a new theorem is one file and one line here.

A file of a theorem holds its lemmas in ``LEMMAS``, one or more `Theorem`, and in ``MEANINGS`` what
their scalars mean in the lemmas that they cite. Lemmas are small
statements about real numbers; what is proven of them is `theory.proofs.base`, how it is checked is
`theory.proofs.check`, and how lemmas make a theorem `theory.proofs.assemble`.

What a lemma takes from another is compared with what that one concludes
(`theory.proofs.citations`). What no machine checks: that the scalars of a lemma are what its words
say, which the replays on the reference guard; the few hypotheses that are no instances, as the
report counts them; and what a theorem's ``assembly`` says.
"""

from __future__ import annotations

from collections.abc import Sequence

from theory.proofs import (
    closed_form,
    fejer,
    given_order,
    landing,
    mean_square,
    metric,
    model_below,
    norm_recursion,
    offset,
    online_bound,
    rate,
    sharp_rate,
    smooth,
    smooth_linear,
    special_cases,
    summed,
    trap,
)
from theory.proofs.base import Lemma, Meaning, Theorem

MODULES = (
    closed_form,
    model_below,
    landing,
    fejer,
    summed,
    mean_square,
    rate,
    smooth,
    smooth_linear,
    offset,
    online_bound,
    special_cases,
    norm_recursion,
    sharp_rate,
    metric,
    trap,
    given_order,
)

THEOREMS: dict[str, Theorem] = {
    theorem.name: theorem
    for module in MODULES
    for theorem in vars(module).values()
    if isinstance(theorem, Theorem)
}
MEANINGS: dict[tuple[str, str], Sequence[Meaning]] = {
    cited: list(meanings)
    for module in MODULES
    for cited, meanings in getattr(module, "MEANINGS", {}).items()
}
LEMMAS: dict[str, Lemma] = {lemma.name: lemma for module in MODULES for lemma in module.LEMMAS}


def find(names: Sequence[str]) -> tuple[Theorem, ...]:
    """Return the theorems of these names; all of them where none is given.

    Raises
    ------
    ValueError
        If there is none of a name, with what is allowed.
    """
    for name in names:
        if name not in THEOREMS:
            raise ValueError(f"theorem {name!r} is unknown; allowed: {', '.join(THEOREMS)}")
    return tuple(THEOREMS[name] for name in names or THEOREMS)


def of_claim(claim: str) -> tuple[Theorem, ...]:
    """Return the theorems that prove a claim, or a part of it, by the claim's name."""
    return tuple(theorem for theorem in THEOREMS.values() if claim in theorem.claims)
