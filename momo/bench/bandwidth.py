# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How many bytes a second the machine moves: the limit of a step that works on large tensors.

Measured between the contestants of a round, on tensors that no cache holds: torch's copy, which
reads one and writes one, and its addition in place, which reads two and writes one. The faster of
the two is the machine's; a copy may have to read, unseen, what it is about to overwrite. One thread
alone does not always fill what there is: more streams at once, as a step has, may then do better.
"""

from __future__ import annotations

from momo.installed import needed

with needed(__name__, "bench"):
    import torch

from momo.bench.contestants import Setting, synchronise

ELEMENTS = 1 << 25
"""Of each of the two tensors, float32: 128 MiB."""
LEAST = 4 * ELEMENTS
"""Bytes that a step has to move at least for its share of the bandwidth to mean something."""


class Bandwidth:
    """The two tensors, and the clock that is to be used."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.a, self.b = (
            torch.ones(ELEMENTS, dtype=torch.float32, device=setting.device) for _ in range(2)
        )
        self.measure()

    def measure(self) -> float:
        """Return bytes a second."""
        each = self.a.nbytes
        began = self._now()
        self.a.copy_(self.b)
        between = self._now()
        self.a.add_(self.b)
        ended = self._now()
        return max(2 * each / (between - began), 3 * each / (ended - between))

    def _now(self) -> float:
        synchronise(self.setting.device)
        return self.setting.clock()
