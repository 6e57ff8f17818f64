# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""All tensors of a step as a table of pointers, and the two passes over it.

A row is a parameter with its gradient and state, a kind what rows share: dtypes, parts, rates. The
layout is that of ``kernels.c``. The first pass reads and adds up; the second writes. So a step that
turns out not to take place has changed nothing, and the first pass can be taken again.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from momo.core.step import Move, Number
from momo.optim.blocks import GRAD, Block, X
from momo.optim.fused import library
from momo.optim.fused.carry import Carry, can_carry
from momo.optim.fused.coverage import (
    DTYPES,
    ITERATES,
    METRICS,
    columns_of,
    elsewhere,
    tensors_uncovered,
)
from momo.optim.ranks import Groups
from momo.optim.state import GRAD_AVG, MEMORY_WEIGHT
from momo.optim.watch import Watch, count_writes

CHUNK = 16384
"""Elements, as in the kernels."""
MARKS = 16
"""Of a chunk, as in the kernels."""
SUMS = 7
"""before, now, dual_norm_sq, shift, kept, slope as `Inner` has them, and ``||g||²``."""
WEIGHT, NEXT, ROOT, SIZE, KIND, ROW = 8, 9, 10, 11, 12, 13
"""Words of a row after its columns, and their number."""
CHOICES, KIND_WORDS = 16, 20
"""32-bit choices of a kind, which come first, and its words of 64 bits."""
FIRST = struct.Struct("8d")
SECOND = struct.Struct("4d")
READ_X = 5
"""Of the choices, whether the first pass reads x."""
RATES = CHOICES * 4
"""Where a kind's rates begin, in bytes: `FIRST` of the first pass, then `SECOND` of the second."""


CPU = torch.device("cpu")


class Looked(NamedTuple):
    """What the first pass finds.

    Attributes
    ----------
    portion
        Of which portion; -1: of all parameters without a gradient.
    groups
        The groups of ranks that hold parts of the parameters.
    sums
        The inner products, as `momo.core.step.Inner` has them, and ``||g||²``.
    """

    portion: int
    groups: Groups
    sums: list[float]


class Call(ctypes.Structure):
    """The arguments of a pass."""

    _fields_ = (
        *((name, ctypes.c_int32) for name in ("number", "threads", "rows_count", "slots")),
        *(
            (name, ctypes.c_void_p)
            for name in ("rows", "kinds", "first", "element", "parts", "marks", "sums")
        ),
    )


class Table:
    """The rows of a plan.

    Parameters
    ----------
    blocks
        One for each parameter, with the number of its portion.
    parts
        Method and preconditioner of each portion.
    """

    def __init__(
        self, blocks: Sequence[tuple[int, Block]], parts: Mapping[int, tuple[Any, Any]]
    ) -> None:
        self.kernels = library.kernels()
        self.blocks = [block for _, block in blocks]
        self._moved: list[Tensor] = []
        self.tensors: list[Tensor] = []
        self.parts = parts
        self.kinds: dict[tuple[Any, ...], int] = {}
        self.slots: dict[tuple[Groups, int], int] = {}
        self._passes: Sequence[Any] | None = None
        count = len(blocks)
        self.rows = np.zeros((count, ROW), np.int64)
        self._kept_alive: list[Tensor] = []
        self._watch: Watch | None = None
        self._grads: list[int] = []
        self._moving: slice | list[int] = []
        self._order: list[int] = []
        self._dtypes: list[list[tuple[str, torch.dtype]]] = []
        for row, (portion, block) in zip(self.rows, blocks, strict=True):
            kept = block.kept
            self._dtypes.append(
                [(name, block.tensors(name)[0].dtype) for _, name in columns_of(kept)]
            )
            dtypes = tuple((n, block.tensors(name)[0].dtype) for n, name in columns_of(kept))
            kind = self.kinds.setdefault((portion, kept, dtypes), len(self.kinds))
            where = (kept.ranks, -1 if kept.absent else portion)
            slot = self.slots.setdefault(where, len(self.slots))
            row[SIZE] = block.tensors(X)[0].numel()
            row[KIND] = kind | slot << 32
        self.places = [(portion, groups) for groups, portion in self.slots]
        self.elements = int(self.rows[:, SIZE].sum())
        kinds = [(parts[portion][0].iterates, kept, dtypes) for portion, kept, dtypes in self.kinds]
        self.carry = Carry(can_carry(kinds, self.elements))
        self.choices = np.zeros((len(self.kinds), KIND_WORDS), np.float64)
        self._describe()
        self._call = self._prepared(count)
        self._address = ctypes.addressof(self._call)
        self._read_x = self.choices.view(np.int32)[:, READ_X]
        self._buffer = self.choices.view(np.uint8).data

    def _describe(self) -> None:
        """Write what the rows of each kind have in common."""
        choices = self.choices.view(np.int32)
        for (portion, kept, dtypes), number in self.kinds.items():
            method, how = self.parts[portion]
            metric = METRICS[type(how)]
            choices[number, :8] = (
                metric.number,
                method.averaging.two_rate,
                ITERATES[type(method.iterates)],
                2 if kept.frozen else 1 if kept.absent else 0,
                bool(kept.points),
                True,
                metric.weighted,
                self.carry.possible,
            )
            for column, dtype in dtypes:
                choices[number, 8 + column] = DTYPES[dtype]
            rest = (0.0, getattr(method.iterates, "beta", 0.0))
            self.choices[number, KIND_WORDS - 2 :] = rest

    def _prepared(self, count: int) -> Call:
        sizes = self.rows[:, SIZE]
        self._first = np.concatenate([[0], np.cumsum(-(-sizes // CHUNK))]).astype(np.int64)
        self._element = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self._parts = np.zeros((int(self._first[-1]), SUMS))
        self._marks = np.zeros((len(self._parts), MARKS), np.uint64)
        self._sums = np.zeros((len(self.slots), SUMS))
        arrays = (
            self.rows,
            self.choices,
            self._first,
            self._element,
            self._parts,
            self._marks,
            self._sums,
        )
        return Call(0, 1, count, len(self.slots), *(array.ctypes.data for array in arrays))

    def fits(self) -> bool:
        """Return whether all tensors are still such as the rows say, wherever they are now."""
        for row, block, dtypes in zip(self.rows, self.blocks, self._dtypes, strict=True):
            block.forget()
            fine = block.tensors(X)[0].numel() == row[SIZE] and not tensors_uncovered(block)
            fine &= all(block.tensors(name)[0].dtype is dtype for name, dtype in dtypes)
            fine &= not elsewhere(block, CPU)
            block.forget()
            if not fine:
                return False
        return True

    @property
    def title(self) -> str:
        """What the path is called."""
        return f"fused ({library.instruction_set()})"

    def refresh(self, watch: Watch | None) -> None:
        """Take down where all tensors are now.

        As long as the ``watch`` is the same, only gradients have moved. A gradient whose elements
        lie in another order than those of its parameter is copied.
        """
        if watch is not None and watch is self._watch:
            if watch.grads is not self._grads:
                self._grads = watch.grads
                self.rows[self._moving, 1] = np.array(watch.grads, np.int64)[self._order]
            return
        self._locate()
        plain = all(block.plain for block in self.blocks) and not self._kept_alive
        if watch is not None and plain and watch.ordered:
            self._watch, self._grads = watch, watch.grads
            place = {id(p): n for n, p in enumerate(watch.moving)}
            moving = [n for n, block in enumerate(self.blocks) if not block.kept.absent]
            self._order = [place[id(self.blocks[n].members[0].parameter)] for n in moving]
            self._moving = slice(None) if len(moving) == len(self.blocks) else moving

    def _locate(self) -> None:
        self._moved, self.tensors = [], []
        self.carry.drop()
        self._kept_alive = []
        for row, block in zip(self.rows, self.blocks, strict=True):
            block.forget()
            x = block.tensors(X)[0]
            self.tensors += [x, block.tensors(GRAD_AVG)[0]]
            if not block.kept.absent:
                self._moved.append(x)
            for column, name in columns_of(block.kept):
                tensor = block.tensors(name)[0]
                if name == GRAD and tensor.stride() != x.stride():
                    tensor = torch.empty_like(x, dtype=tensor.dtype).copy_(tensor)
                    self._kept_alive.append(tensor)
                elif not block.plain:  # it may have been made for us, of parts or of signs
                    self._kept_alive.append(tensor)
                row[column] = tensor.data_ptr()
            if block.kept.memory:
                row[WEIGHT] = block.members[0].state[MEMORY_WEIGHT].data_ptr()
            block.forget()

    def look(self, passes: Sequence[Any], line: bool = True) -> list[Looked]:
        """Take the first pass, and return what it finds: see `sums`."""
        found = self.sums(passes, line)
        return [Looked(*where, own) for where, own in zip(self.places, found, strict=True)]

    def sums(self, passes: Sequence[Any], line: bool) -> list[list[float]]:
        """Take the first pass, and return the sums of each slot (`Looked`).

        Parameters
        ----------
        passes
            Those of the portions.
        line
            Whether the step needs ``<d_k, x>``; if not, x need not be read (`Carry`).
        """
        if passes is not self._passes:
            self._passes = passes
            self._rate(passes)
        self.carry.unused()
        known = None if line else self.carry.known(self.tensors)
        self._read_x[:] = known is None
        sums = self._pass(1)
        if known is not None:
            if any(changed for *_, changed, _, _ in sums):
                self.carry.drop()  # somebody has written to x
                return self.sums(passes, line)
            for own, before in zip(sums, known, strict=True):
                own[0] = before
        return sums

    def _rate(self, passes: Sequence[Any]) -> None:
        """Write down the rates of the first pass."""
        for (portion, _, _), number in self.kinds.items():
            at = passes[portion]
            beta, kept = at.betas
            share = 1.0 if at.share is None else at.share
            eps = getattr(at.preconditioner, "eps", 0.0)
            rates = (share, beta, 1 - beta, kept, 1 - kept, *at.memory, eps)
            FIRST.pack_into(self._buffer, number * KIND_WORDS * 8 + RATES, *rates)

    def move_(self, moves: Sequence[Move], follow: Number) -> tuple[float, float]:
        """Take the second pass: average the gradients in, and move x.

        Return what γ_k, and ``<d_k, z> - γ_k`` where the step leads, are short of, where the first
        pass has not read x.
        """
        for (portion, _, _), number in self.kinds.items():
            keep, size = moves[portion]
            beta = self.choices[number, KIND_WORDS - 1]
            at = number * KIND_WORDS * 8 + RATES + FIRST.size
            SECOND.pack_into(self._buffer, at, keep, size, follow, beta)
        measured = self._pass(2)
        count_writes(self._moved)
        if not self.carry.possible or self._passes is None:
            return 0.0, 0.0
        own = [moves[portion] for portion, _ in self.places]
        betas = [self._passes[portion].betas[1] for portion, _ in self.places]
        return self.carry.take(measured, own, betas, self.tensors)

    def forget(self) -> None:
        """Keep nothing of the gradients."""
        self._kept_alive.clear()

    def _pass(self, number: int) -> list[list[float]]:
        self._call.number = number
        self._call.threads = torch.get_num_threads()
        self.kernels.momo_pass(self._address)
        return self._sums.tolist()
