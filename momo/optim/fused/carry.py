"""``<d_{k-1}, x^k>`` from the last step's second pass, so that the first one need not read x.

The line at x^k needs of x nothing else, unless a decay is in the model: ``h_k = f̄_k + q_k``,
``q_k = β (<d_{k-1}, x^k> - γ_{k-1})``. The second pass has d and x at hand and measures what the
next step needs, from what it stored. That is right as long as nobody else changes x or d. Torch
counts changes (``_version``), but not those through ``.data`` or NumPy, as it does not for autograd
either. So the second pass also measures anew what was carried: if it is another number, bit for
bit, the numbers that are kept become what they should be, and x is read from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

from momo.core.step import Move

if TYPE_CHECKING:
    from momo.optim.fused.table import Table

CACHED = 1 << 18
"""Elements that a cache may hold: to read x once more costs little then."""
version = attrgetter("_version")


class Carry:
    """What is carried from step to step.

    Attributes
    ----------
    possible
        Whether x is z, nothing is rounded when it is stored, all parameters have a gradient and
        are whole here, and there are so many elements that it pays.
    """

    def __init__(self, table: Table) -> None:
        kinds = [(table.parts[portion], kept, dtypes) for portion, kept, dtypes in table.kinds]
        self.possible = table.elements > CACHED and all(
            method.iterates.plain
            and not (kept.absent or kept.compensated or kept.ranks)
            and len({dtype for column, dtype in dtypes if column != 1}) == 1
            and dtypes[0][1].itemsize >= 4
            for (method, _), kept, dtypes in kinds
        )
        self._table = table
        self._found: list[float] | None = None
        self._used: list[float] | None = None
        self._versions: list[int] = []

    def drop(self) -> None:
        """Forget what was found: tensors are elsewhere."""
        self._found = self._used = None

    def known(self) -> list[float] | None:
        """Return ``<d_{k-1}, x^k>`` by slot; None where x has to be read."""
        if self._found is not None and self._versions != self._now():
            self._found = None
        self._used = self._found
        return self._used

    def take(
        self, measured: Sequence[Sequence[float]], moves: Sequence[Move]
    ) -> tuple[float, float]:
        """Take down what the second pass measured; return what γ and the offset are short of."""
        used, self._found = self._used, [now for _, now, *_ in measured]
        self._used, self._versions = None, self._now()
        if used is None:
            return 0.0, 0.0
        gamma = offset = 0.0
        for (portion, _), own, before in zip(self._table.places, measured, used, strict=True):
            kept, beta = own[4], self._table.beta(portion)
            changed = beta * (own[0] - before)
            gamma += kept - changed
            offset += (moves[portion][0] - 1) * kept + changed
            if own[0] != before:
                self.possible, self._found = False, None
        return gamma, offset

    def _now(self) -> list[int]:
        return list(map(version, self._table.tensors))
