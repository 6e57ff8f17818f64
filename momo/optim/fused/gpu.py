# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""All tensors of a step as a table of pointers in the memory of a GPU, and the two passes over it.

As `momo.optim.fused.table`, but nothing is known to the host. What it sends are pointers and
numbers that have changed, in one copy; while a CUDA graph is captured, all of them, so that the
graph does not depend on what other steps send. Rows that share a structure (dtypes, metric, whether
there is a gradient) are worked on in one launch, however many they are; the layout is that of
`momo.optim.fused.gpu_kernels`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from momo.optim.blocks import GRAD, Block, X
from momo.optim.fused.coverage import ITERATES, METRICS, columns_of
from momo.optim.fused.gpu_numbers import FOLLOWED, SUMS, Form
from momo.optim.ranks import Groups
from momo.optim.state import GRAD_AVG, MEMORY_WEIGHT
from momo.optim.watch import count_writes

if TYPE_CHECKING:
    from types import ModuleType

WIDTH, WEIGHT, SIZE, PORTION = 12, 8, 9, 10
"""Words of a row, and where some of them are: as in the kernels."""
ALIGNMENT = 16
"""Bytes, to which all columns of a launch are aligned, or none needs to be."""
ROWS_AT_ONCE = 128
KNOWN = 3
"""Numbers that are sent first: c, and β_k in the model and in what is kept."""
TOUCHED, ABSENT, FROZEN = 0, 1, 2
NAMES = ("MODE", "METRIC", "TWO_RATE", "ITERATES", "COMPENSATED", "WEIGHTED")
OPTIONS = {"enable_fp_fusion": True}
"""Of the compiler: products are added unrounded; not those of numbers, which are torch's then."""
EXACT = {"enable_fp_fusion": False, "num_warps": 1}


OF_GRAPHS: list[Tensor] = []
"""Memory that captured graphs work on, for as long as they may be replayed: nobody says when."""


class Structure(NamedTuple):
    """What rows share that is known when a kernel is compiled, in the order of its arguments."""

    mode: int
    metric: int
    two_rate: bool
    iterates: int
    compensated: bool
    weighted: bool
    x: torch.dtype
    grad: torch.dtype
    avg: torch.dtype
    working: torch.dtype


class Launch(NamedTuple):
    """The chunks of the rows that share a structure, and these rows."""

    structure: Structure
    start: int
    chunks: int
    rows: slice


# ---- the table -----------------------------------------------------------------------------------


class DeviceTable:
    """The rows of a plan in device memory, as long as that holds.

    Parameters
    ----------
    blocks
        One for each parameter, with the number of its portion.
    parts
        Method and preconditioner of each portion.
    places
        The number of the group, and of its preconditioner, of each portion.
    shares
        The groups of ranks that hold parts of parameters; ``()``: nobody else does.
    device
        Where all tensors are.
    """

    def __init__(
        self,
        blocks: Sequence[tuple[int, Block]],
        parts: Mapping[int, tuple[Any, Any]],
        places: Sequence[tuple[int, int]],
        shares: Sequence[Groups],
        device: torch.device,
    ) -> None:
        from momo.optim.fused import gpu_kernels

        self.kernels: ModuleType = gpu_kernels
        self.device, self.places = device, list(places)
        self.shares = list(dict.fromkeys((*shares, ())))
        structures = [structure_of(*parts[portion], block) for portion, block in blocks]
        found = [(one, *rest) for one, rest in zip(structures, blocks, strict=True)]
        found.sort(key=lambda one: str(one[0]))  # by mode first: what is frozen is last
        self.blocks = [block for _, _, block in found]
        self._lay_out(found)
        self.rates = [rate for n in range(len(places)) for rate in rates_of(parts[n][1])]
        rows = len(places) + 1
        self.known, self.none = self._zeros(3), self._zeros(2)
        self.found = self._zeros(2 + 2 * rows)
        self.sums = self._zeros(len(self.shares), rows, SUMS)
        self.parts = self._zeros(SUMS, max(self.counted, 1))
        self.key: Any = None  # of the form that `momo.optim.fused.gpu_step` has found last
        self.form: Form | None = None
        self.given: list[Any] = []
        self._watch: Any = None
        self._grads: Any = None
        self._moving: list[int] = []
        self._order: list[int] = []
        self._moved: list[Tensor] = []
        self._kept_alive: list[Tensor] = []
        self._sent: list[str] | None = None  # None: pointers have changed
        self._buffer = torch.zeros(0, dtype=torch.int64, device=device)
        # In it: c and β_k (`KNOWN`), then hyper-parameters, of which the rates are last.
        self.numbers = self.hyper = self.portions = self._buffer
        self._spare: Tensor | None = None

    @property
    def title(self) -> str:
        """What the path is called."""
        return "fused (Triton)"

    def _zeros(self, *shape: int) -> Tensor:
        return torch.zeros(shape, dtype=torch.float64, device=self.device)

    def _lay_out(self, found: Sequence[tuple[Structure, int, Block]]) -> None:
        """Make rows, chunks, and the launches that they are worked on in."""
        chunk, rows = self.kernels.CHUNK, len(self.places) + 1
        self.rows = np.zeros((len(found), WIDTH), np.int64)
        self.launches: list[Launch] = []
        chunks, slots = [np.zeros((0, 2), np.int32)], [np.zeros(0, np.int32)]
        start = first = done = self.counted = 0
        for number, (structure, portion, block) in enumerate(found):
            size = block.tensors(X)[0].numel()
            self.rows[number, SIZE], self.rows[number, PORTION] = size, portion
            count = -(-size // chunk)
            pairs = np.stack([np.full(count, number), np.arange(count)], axis=1)
            chunks.append(pairs.astype(np.int32))
            index = rows - 1 if structure.mode else portion
            slot = self.shares.index(block.kept.ranks) * rows + index
            slots.append(np.full(count, slot, np.int32))
            done += count
            if structure.mode != FROZEN:
                self.counted = done
            if number + 1 == len(found) or found[number + 1][0] != structure:
                own = slice(first, number + 1)
                self.launches.append(Launch(structure, start, done - start, own))
                start, first = done, number + 1
        self.chunks = self._uploaded(np.concatenate(chunks))
        self.slots = self._uploaded(np.concatenate(slots))
        self.aligned = [False] * len(self.launches)

    def _uploaded(self, array: Any) -> Tensor:
        host = torch.from_numpy(array)
        if self.device.type == "cpu":
            return host
        return host.pin_memory().to(self.device, non_blocking=True)

    # ---- where the tensors are ------------------------------------------------------------------

    def refresh(self, watch: Any) -> None:
        """Take down where all tensors are now.

        As long as the ``watch`` is the same, only gradients have moved. A gradient whose elements
        lie in another order than those of its parameter is copied.
        """
        if watch is not None and watch is self._watch:
            if watch.grads is not self._grads:
                self._grads, self._sent = watch.grads, None
                self.rows[self._moving, 1] = np.array(watch.grads, np.int64)[self._order]
            return
        before = self.rows.copy()
        self._locate()
        if not np.array_equal(before, self.rows):
            self._sent = None
        plain = all(block.plain and block.tensors(X)[0].is_contiguous() for block in self.blocks)
        if watch is not None and plain and not self._kept_alive:
            self._watch, self._grads = watch, watch.grads
            place = {id(p): n for n, p in enumerate(watch.moving)}
            self._moving = [n for n, one in enumerate(self.blocks) if not one.kept.absent]
            moving = [self.blocks[n].members[0].parameter for n in self._moving]
            self._order = [place[id(p)] for p in moving]

    def _locate(self) -> None:
        self._moved, self._kept_alive = [], []
        for row, block in zip(self.rows, self.blocks, strict=True):
            block.forget()
            x = block.tensors(X)[0]
            if not block.kept.absent:
                self._moved.append(x)
            for column, name in columns_of(block.kept):
                tensor = block.tensors(name)[0]
                if name == GRAD and tensor.stride() != x.stride() and tensor.numel() > 1:
                    tensor = torch.empty_like(x, dtype=tensor.dtype).copy_(tensor)
                    self._kept_alive.append(tensor)
                row[column] = tensor.data_ptr()
            if block.kept.memory:
                row[WEIGHT] = block.members[0].state[MEMORY_WEIGHT].data_ptr()
            block.forget()

    # ---- what is sent ---------------------------------------------------------------------------

    def send(self, numbers: Sequence[Any]) -> None:
        """Send pointers and numbers, if one has changed; they are in `numbers` then.

        A tensor of this device is copied there, and never read here.
        """
        known = [0.0 if isinstance(one, Tensor) else one for one in numbers]
        written = list(map(repr, known))  # in which a NaN is like another, and 0 not like -0
        capturing = self.device.type == "cuda" and torch.cuda.is_current_stream_capturing()
        if capturing or written != self._sent:
            self.aligned = [
                not (self.rows[launch.rows, :WEIGHT] % ALIGNMENT).any() for launch in self.launches
            ]
            host = np.concatenate([self.rows.reshape(-1), np.array(known).view(np.int64)])
            self._upload(torch.from_numpy(host), capturing)
            self._sent = None if capturing else written
        for index, number in enumerate(numbers):
            if isinstance(number, Tensor):
                self.numbers[index].copy_(number.view(()))

    def _upload(self, host: Tensor, capturing: bool) -> None:
        """Write the buffer. Memory that a graph works on must stay, and what it reads as it is."""
        if host.numel() != self._buffer.numel():
            self._buffer = torch.zeros(host.numel(), dtype=torch.int64, device=self.device)
            self.numbers = self._buffer[self.rows.size :].view(torch.float64)
            self.hyper = self.numbers[KNOWN:]
            self.portions = self.numbers[self.numbers.numel() - len(self.rates) :]
            self._spare = None
        if self.device.type == "cpu":
            self._buffer.copy_(host)
            return
        pinned = host.pin_memory() if not capturing or self._spare is None else self._spare
        if capturing:
            pinned.copy_(host)
            self._spare = None
            own = (self.chunks, self.slots, self.parts, self.sums, self.known, self.found)
            OF_GRAPHS.extend((pinned, self._buffer, self.none, *own))
        elif self._spare is None:
            self._spare = torch.empty_like(host).pin_memory()  # for a graph: there it may not be
        self._buffer.copy_(pinned, non_blocking=True)

    # ---- the kernels ----------------------------------------------------------------------------

    def measure(self) -> None:
        """Add up ``||g||²``."""
        for launch in self.launches:
            if launch.structure.mode == TOUCHED:
                self.kernels.measure[(launch.chunks,)](
                    self._buffer, self.chunks, launch.start, self.parts, self.counted,
                    G=_type(launch.structure.grad), REAL=_type(launch.structure.working),
                    CHUNK=self.kernels.CHUNK, BLOCK=self.kernels.BLOCK, **OPTIONS,
                )  # fmt: skip
        self._add_up(SUMS - 1)

    def look(self, known: Tensor) -> None:
        """Take the first pass: read, and add up in `sums`."""
        for launch, aligned in zip(self.launches, self.aligned, strict=True):
            if launch.structure.mode != FROZEN:
                self.kernels.look[(launch.chunks,)](
                    self._buffer, self.chunks, launch.start, self.parts, self.counted, known,
                    self.portions, **self._constants(launch.structure, aligned),
                )  # fmt: skip
        self._add_up(0)

    def equation(self, kernel: Any, model: Tensor, sums: Tensor, *others: Tensor) -> None:
        """Do what is done to numbers: ``others`` are f_k, ℓ_k, what other ranks know, c and β_k."""
        kernel[(1,)](
            model, sums, *others, self.hyper, self.found, self._buffer, len(self.blocks),
            self.portions, BLOCK=ROWS_AT_ONCE, **EXACT,
        )  # fmt: skip

    def move_(self, known: Tensor) -> None:
        """Take the second pass: average the gradients in, and move x, if the step takes place."""
        for launch, aligned in zip(self.launches, self.aligned, strict=True):
            self.kernels.move[(launch.chunks,)](
                self._buffer, self.chunks, launch.start, known, self.portions, self.found,
                self.hyper[FOLLOWED:], **self._constants(launch.structure, aligned),
            )  # fmt: skip
        count_writes(self._moved)

    def forget(self) -> None:
        """Keep nothing of the gradients."""
        self._kept_alive = []

    def _add_up(self, first: int) -> None:
        if self.counted:
            grid = (self.sums.shape[0] * self.sums.shape[1], SUMS - first)
            self.kernels.add_up[grid](
                self.parts, self.slots, self.counted, self.sums,
                FIRST=first, BLOCK=self.kernels.BLOCK, **OPTIONS,
            )  # fmt: skip

    def _constants(self, structure: Structure, aligned: bool) -> Mapping[str, Any]:
        dtypes = zip(("X", "G", "D", "REAL"), structure[-4:], strict=True)
        own = zip(NAMES, structure[:-4], strict=True)
        return {
            **dict(own), **{name: _type(dtype) for name, dtype in dtypes}, "ALIGNED": aligned,
            "CHUNK": self.kernels.CHUNK, "BLOCK": self.kernels.BLOCK, **OPTIONS,
            "num_warps": 8 if structure.working is torch.float64 else 4,
        }  # fmt: skip


def structure_of(method: Any, how: Any, block: Block) -> Structure:
    """Return what is known of a parameter when its kernels are compiled."""
    kept, metric = block.kept, METRICS[type(how)]
    mode = FROZEN if kept.frozen else ABSENT if kept.absent else TOUCHED
    x = block.tensors(X)[0].dtype
    return Structure(
        mode,
        0 if mode else metric.number,
        method.averaging.two_rate,
        ITERATES[type(method.iterates)],
        kept.compensated,
        not mode and metric.weighted,
        x,
        x if kept.absent else block.tensors(GRAD)[0].dtype,
        block.tensors(GRAD_AVG)[0].dtype,
        block.dtype,
    )


def rates_of(how: Any) -> tuple[float, float, float]:
    """Return what a memory keeps and takes in, and ε."""
    keep, new = (1.0, 1.0) if how.beta2 is None else (how.beta2, 1 - how.beta2)
    return keep, new, getattr(how, "eps", 0.0)


def _type(dtype: torch.dtype) -> Any:
    import triton.language as tl

    return getattr(tl, str(dtype).removeprefix("torch."))
