# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``<d_{k-1}, x^k>`` from the last step's second pass, so that the first one need not read x.

The line at x^k needs of x nothing else, unless a decay is in the model: ``h_k = f̄_k + q_k``,
``q_k = β (<d_{k-1}, x^k> - γ_{k-1})``. The second pass has d and x at hand and measures what the
next step needs, from what it stored. That is right as long as nobody else changes x or d. Torch
counts changes (``_version``), but not those through ``.data`` or NumPy, as it does not for autograd
either. So the second pass also measures anew what was carried: if it is another number, bit for
bit, the numbers that are kept become what they should be, and x is read from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from torch import Tensor

from momo.core.step import Move
from momo.optim.blocks import Kept

CACHED = 1 << 18
"""Elements that a cache may hold: to read x once more costs little then."""
version = attrgetter("_version")


def can_carry(kinds: Iterable[tuple[Any, Kept, Sequence[tuple[int, Any]]]], elements: int) -> bool:
    """Return whether x is z, is stored as it is computed, and whole, and reading it costs.

    ``kinds`` are the iterates of each kind of rows, what is kept, and the dtypes by column.
    """
    return elements > CACHED and all(
        iterates.plain
        and not (kept.absent or kept.compensated or kept.ranks)
        and dtypes[0][1].itemsize >= 4
        for iterates, kept, dtypes in kinds
    )


def versions(tensors: Sequence[Tensor]) -> list[int] | None:
    """Return how often each tensor was changed; None: that is not counted in inference mode."""
    try:
        return list(map(version, tensors))
    except RuntimeError:
        return None


class Carry:
    """What is carried from step to step, for a table of rows.

    Attributes
    ----------
    possible
        As `can_carry` said; no more, once x was found to be changed behind the versions.
    """

    def __init__(self, possible: bool) -> None:
        self.possible = possible
        self._found: list[float] | None = None
        self._used: list[float] | None = None
        self._versions: list[int] | None = None

    def drop(self) -> None:
        """Forget what was found: tensors are elsewhere."""
        self._found = self._used = None

    def known(self, tensors: Sequence[Tensor]) -> list[float] | None:
        """Return ``<d_{k-1}, x^k>`` by slot, to be used; None where x has to be read.

        ``tensors`` are all x and d.
        """
        if not self.possible or self._found is None or self._versions != versions(tensors):
            self._found = None
        self._used = self._found
        return self._used

    def unused(self) -> None:
        """Note that the step at hand reads x."""
        self._used = None

    def take(
        self,
        measured: Sequence[Sequence[float]],
        moves: Sequence[Move],
        betas: Sequence[float],
        tensors: Sequence[Tensor],
    ) -> tuple[float, float]:
        """Take down what the second pass measured; return what γ and the offset are short of.

        ``measured``, ``moves`` and the β_k of what is kept are by slot.
        """
        used, self._used, self._versions = self._used, None, versions(tensors)
        self._found = None if self._versions is None else [now for _, now, *_ in measured]
        if used is None:
            return 0.0, 0.0
        gamma = offset = 0.0
        for own, move, beta, before in zip(measured, moves, betas, used, strict=True):
            kept, changed = own[4], beta * (own[0] - before)
            gamma += kept - changed
            offset += (move.keep - 1) * kept + changed
            if beta and own[0] != before:  # else d_{k-1} has not been read
                self.possible, self._found = False, None
        return gamma, offset
