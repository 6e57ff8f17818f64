"""Tensors that are worked on as one: the single-tensor path and the ``foreach`` path.

All arithmetic on parameters is written once, for a `Block`. A path is a way to cut the parameters
into blocks:

* `one_by_one`: a block for each parameter, of its own shape. The path that is obviously right.
* `gathered`: small tensors are copied into one flat block; large ones are worked on in place, in
  slices where that takes working memory. Fewer kernels where there are many small tensors, a
  working set that fits the cache on the CPU, and a bound on the extra memory.

The working dtype is float32 for parameters of lower precision, so that inner products and steps
are computed in float32 and rounded once, when they are stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch._utils import _flatten_dense_tensors, _unflatten_dense_tensors

SLICE = {"cpu": 1 << 18}
"""Elements of a slice or a gathered block, by device: 1 MiB of float32 fits a CPU's cache."""
SLICE_ELSEWHERE = 1 << 23


class Member(NamedTuple):
    """A parameter with all that belongs to it; plain tensors of one shape, real, local.

    Attributes
    ----------
    x
        The parameter.
    grad
        Its gradient; None where the batch did not touch it.
    grad_avg
        d.
    memory
        What the preconditioner keeps of the parameter's shape: none or more tensors.
    weight
        The total weight of `memory`, a 0-dim tensor; None where there is none.
    points
        The points beside x (`momo.optim.iterates`), the base point first: none or more.
    """

    x: Tensor
    grad: Tensor | None
    grad_avg: Tensor
    memory: tuple[Tensor, ...]
    weight: Tensor | None
    points: tuple[Tensor, ...] = ()

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """All tensors that are worked on with the parameter."""
        own = (self.x, self.grad_avg, *self.memory, *self.points)
        return own if self.grad is None else (*own, self.grad)


@dataclass(frozen=True)
class Block:
    """Members, or a slice of one, that are worked on as one tensor."""

    members: tuple[Member, ...]

    @property
    def dtype(self) -> torch.dtype:
        """The working dtype."""
        return working_dtype(self.members[0].x)

    @property
    def device(self) -> torch.device:
        """The device of all members."""
        return self.members[0].x.device

    @property
    def absent(self) -> bool:
        """Whether the batch did not touch these parameters."""
        return self.members[0].grad is None

    def load(self, tensors: Sequence[Tensor]) -> Tensor:
        """Return one tensor per member as one, in the working dtype.

        It is the tensor itself, not a copy, where there is one member of that dtype.
        """
        whole = tensors[0] if len(tensors) == 1 else _flatten_dense_tensors(tensors)  # type: ignore[no-untyped-call]
        return whole.to(self.dtype)

    def store(self, tensors: Sequence[Tensor], whole: Tensor) -> Tensor:
        """Write ``whole`` back, and return it as it was stored: rounded to the members' dtype."""
        rounded = whole.to(tensors[0].dtype)
        if len(tensors) > 1:
            parts = _unflatten_dense_tensors(rounded, tensors)  # type: ignore[no-untyped-call]
            torch._foreach_copy_(list(tensors), list(parts))
        elif tensors[0] is not rounded:
            tensors[0].copy_(rounded)
        if rounded.dtype.itemsize == 2 and torch.compiler.is_compiling():
            # The compiler leaves out the rounding of a value that it keeps in a register, unless
            # something is done with its bits.
            bits = torch.bitwise_and(rounded.view(torch.int16), -1)
            rounded = bits.view(rounded.dtype)
        return rounded.to(self.dtype)

    def x(self) -> Tensor:
        """Return the parameters."""
        return self.load([member.x for member in self.members])

    def store_x(self, whole: Tensor) -> None:
        """Write the parameters."""
        self.store([member.x for member in self.members], whole)

    def grad(self) -> Tensor:
        """Return the gradients."""
        return self.load([member.grad for member in self.members if member.grad is not None])

    def grad_avg(self) -> Tensor:
        """Return d."""
        return self.load([member.grad_avg for member in self.members])

    def store_grad_avg(self, whole: Tensor) -> Tensor:
        """Write d, and return it as stored."""
        return self.store([member.grad_avg for member in self.members], whole)

    def points(self) -> tuple[Tensor, ...]:
        """Return the points beside x."""
        count = len(self.members[0].points)
        return tuple(self.load([m.points[index] for m in self.members]) for index in range(count))

    def store_points(self, points: Sequence[Tensor]) -> None:
        """Write the points beside x."""
        for index, whole in enumerate(points):
            self.store([member.points[index] for member in self.members], whole)

    def rounded(self, whole: Tensor) -> Tensor:
        """Return ``whole`` as it would be stored in the place of d."""
        return whole.to(self.members[0].grad_avg.dtype).to(self.dtype)

    def memory(self, index: int) -> Tensor:
        """Return the preconditioner's tensors number ``index``."""
        return self.load([member.memory[index] for member in self.members])

    def store_memory(self, index: int, whole: Tensor) -> Tensor:
        """Write the preconditioner's tensors number ``index``, and return them as stored."""
        return self.store([member.memory[index] for member in self.members], whole)

    def weight(self) -> Tensor:
        """Return the weight of the memory: 0-dim for one member, else one entry an element."""
        weights = [member.weight for member in self.members if member.weight is not None]
        if len(weights) == 1:
            return weights[0].to(self.dtype)
        sizes = [member.x.numel() for member in self.members]
        spread = [w.to(self.dtype).expand(n) for w, n in zip(weights, sizes, strict=True)]
        return torch.cat(spread)


def working_dtype(x: Tensor) -> torch.dtype:
    """Return float64 for float64 tensors, float32 for all others."""
    return torch.float64 if x.dtype is torch.float64 else torch.float32


def inner(a: Tensor, b: Tensor) -> Tensor:
    """Return ``<a, b>`` of two tensors of one shape and working dtype, a 0-dim tensor.

    Flat tensors on the CPU use the dot product of the linear algebra library, which is faster and,
    in slices of `SLICE`, errs by some 4 units of roundoff of ``Σ |a_i b_i|`` (`momo.bench`
    measures it). All else is a pairwise sum, which errs by less than 1.
    """
    if a.dim() != 1 or a.device.type != "cpu":
        return (a * b).sum()
    limit = SLICE["cpu"]
    if a.numel() <= limit:
        return torch.dot(a, b)
    slices = zip(torch.split(a, limit), torch.split(b, limit), strict=True)
    return torch.stack([torch.dot(s, t) for s, t in slices]).sum()


def one_by_one(members: Iterable[Member]) -> Iterator[Block]:
    """Yield a block for each member that has elements."""
    for member in members:
        if member.x.numel():
            yield Block((member,))


def gathered(
    members: Iterable[Member], size: int | None = None, in_place: bool = True
) -> Iterator[Block]:
    """Yield blocks that need working memory for at most ``size`` elements.

    Tensors of at most half that size are put together with others of the same device and dtypes;
    larger ones are cut, unless all that is done to them can be done in place. One that is large
    and not contiguous is a block of its own shape.

    Parameters
    ----------
    members
        In any order; the blocks cover each once.
    size
        Default: `SLICE` of the device.
    in_place
        Whether a step without memory makes no tensors of the parameter's size; else all large
        ones are cut.
    """
    open_blocks: dict[tuple[object, ...], list[Member]] = {}
    filled: dict[tuple[object, ...], int] = {}
    for member in members:
        n = member.x.numel()
        limit = size or SLICE.get(member.x.device.type, SLICE_ELSEWHERE)
        if n == 0:
            continue
        if n > limit // 2:
            yield from _cut(member, limit, in_place)
            continue
        key = (member.x.device, *(t.dtype for t in member.tensors))
        if filled.get(key, 0) + n > limit:
            yield Block(tuple(open_blocks.pop(key)))
            filled[key] = 0
        open_blocks.setdefault(key, []).append(member)
        filled[key] = filled.get(key, 0) + n
    for rest in open_blocks.values():
        yield Block(tuple(rest))


def _cut(member: Member, limit: int, in_place: bool) -> Iterator[Block]:
    if not all(t.is_contiguous() for t in member.tensors):
        yield Block((member,))
        return
    kept = member.memory or member.points
    if in_place and not kept and all(t.dtype == working_dtype(t) for t in member.tensors):
        limit = member.x.numel()
    x, grad_avg = _slices(member.x, limit), _slices(member.grad_avg, limit)
    grad = [None] * len(x) if member.grad is None else _slices(member.grad, limit)
    memory, points = (
        [_slices(t, limit) for t in tensors] for tensors in (member.memory, member.points)
    )
    for i in range(len(x)):
        kept, beside = (tuple(t[i] for t in tensors) for tensors in (memory, points))
        yield Block((Member(x[i], grad[i], grad_avg[i], kept, member.weight, beside),))


def _slices(tensor: Tensor, limit: int) -> Sequence[Tensor]:
    return torch.split(tensor.view(-1), limit)
