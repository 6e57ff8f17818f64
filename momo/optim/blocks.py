# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Tensors that are worked on as one, by operations of torch: what does not take the fused path.

Beside the kernels (`momo.optim.fused`) no other code reads and writes x, d, memory and points. All
arithmetic is written once, for a `Block`; a path is a way to cut the parameters into blocks:

* `one_by_one`: a block for each parameter, of its own shape. The path that is obviously right.
* `gathered`: small tensors are copied into one flat block; large ones are worked on in place, in
  slices where that takes working memory: fewer kernels, a working set that fits the cache on the
  CPU, and a bound on the extra memory.
* `momo.optim.stacks.stacked`: small tensors of one shape are one tensor with an axis more.

The working dtype is float32 for parameters of lower precision: what is stored is rounded once. What
that takes from x is stored beside it where that is wished (`Kept.compensated`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch._utils import _flatten_dense_tensors, _unflatten_dense_tensors

from momo.optim.reading import PLAIN, READING
from momo.optim.rounding import bits_kept, split
from momo.optim.state import COMPENSATION, GRAD_AVG, MODEL

X, GRAD = "x", "grad"
"""What `Block.load` calls the parameters and their gradients; all else as the state does."""

SLICE = {"cpu": 1 << 18}
"""Elements of a slice or a gathered block, by device: 1 MiB of float32 fits a CPU's cache."""
SLICE_ELSEWHERE = 1 << 23
NOTHING: Mapping[str, Any] = {}


def working_dtype(x: Tensor) -> torch.dtype:
    """Return float64 for float64 tensors, float32 for all others."""
    return torch.float64 if x.dtype is torch.float64 else torch.float32


def inner(a: Tensor, b: Tensor) -> Tensor:
    """Return ``<a, b>`` of two tensors of one shape and working dtype, a 0-dim tensor.

    What is contiguous, on the CPU, uses the dot product of the linear algebra library: faster, and
    in slices of `SLICE` it errs by some 4 units of roundoff of ``Σ |a_i b_i|`` (`momo.bench`
    measures it). All else is a pairwise sum, which errs by less than 1.
    """
    if a.device.type != "cpu" or not (a.dim() == 1 or (a.is_contiguous() and b.is_contiguous())):
        return (a * b).sum()
    a, b = a.view(-1) if a.dim() != 1 else a, b.view(-1) if b.dim() != 1 else b
    limit = SLICE["cpu"]
    if a.numel() <= limit:
        return torch.dot(a, b)
    slices = zip(torch.split(a, limit), torch.split(b, limit), strict=True)
    return torch.stack([torch.dot(s, t) for s, t in slices]).sum()


@dataclass(frozen=True)
class Member:
    """A parameter with its entry in the optimizer's state."""

    parameter: Tensor
    state: MutableMapping[str, Any]


@dataclass(frozen=True)
class Kept:
    """What is kept of parameters, and whose they are: the same for all members of a block.

    Attributes
    ----------
    memory
        The names of what the preconditioner keeps.
    points
        The names of what the iterates keep beside x, the base point first.
    ranks
        The process groups over which their inner products are summed (`momo.optim.ranks`).
    absent
        Whether the batch did not touch them.
    compensated
        Whether x is kept in two parts, which `Block.load` adds up and `Block.store` makes.
    frozen
        Whether no batch does, for now: they do not require gradients either.
    spread
        Whether these are shards of what is worked on whole (`momo.optim.spread`).
    """

    memory: tuple[str, ...]
    points: tuple[str, ...]
    ranks: tuple[Any, ...]
    absent: bool
    compensated: bool = False
    frozen: bool = False
    spread: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All that is worked on with a parameter."""
        own = (X, GRAD_AVG, *self.points, *[COMPENSATION] * self.compensated)
        return own if self.absent else (*own, GRAD, *self.memory)


@dataclass(frozen=True, eq=False)
class Block:
    """Members, or a slice of one, that are worked on as one tensor.

    Attributes
    ----------
    members, kept
        One or more, of the same device and dtypes; what is kept of them.
    dtype
        The working dtype.
    part
        The elements of the one member that are meant; None: all.
    plain
        Whether members are tensors as they are: real, not distributed, with values.
    small
        Whether what is loaded may be kept until the step ends: it is no more than a slice.
    dot
        The inner product of two tensors that were loaded: `inner`, or what it comes to.
    loaded, found
        What has been loaded in this step, and the tensors that it was loaded of.
    joined
        Tensors of several members that lie in one, after that one, with their addresses, by name.
    """

    members: tuple[Member, ...]
    kept: Kept
    dtype: torch.dtype
    part: slice | None = None
    plain: bool = False
    small: bool = False
    dot: Callable[[Tensor, Tensor], Tensor] = inner
    loaded: dict[str, Tensor] = field(default_factory=dict)
    found: dict[str, list[Tensor]] = field(default_factory=dict)
    joined: dict[str, tuple[Tensor, list[Tensor], list[int]]] = field(default_factory=dict)
    stacked: ClassVar[bool] = False

    def leave_(self) -> None:
        """Give state that lay with others, and does no more, memory of its own: theirs is freed."""
        together = self.kept.names if len(self.members) > 1 else ()
        for member in self.members if self.plain else ():
            for name, tensor in member.state.items():
                if name not in together and tensor.untyped_storage().nbytes() > tensor.nbytes:
                    member.state[name] = tensor.clone()

    def forget(self) -> None:
        """Find all tensors anew: they may be others in the next step."""
        self.found.clear()
        self.loaded.clear()

    def rounded(self, whole: Tensor) -> Tensor:
        """Return ``whole`` as it would be stored in the place of d."""
        return whole.to(self.tensors(GRAD_AVG)[0].dtype).to(self.dtype)

    def load(self, name: str) -> Tensor:
        """Return x, the gradients, or what the state has of a name, in the working dtype.

        It is the tensor itself, or a view of it, not a copy, where there is one member of that
        dtype, and where the state of several lies in one tensor.
        """
        if name in self.loaded:
            return self.loaded[name]
        if len(self.members) == 1:
            whole = self.tensors(name)[0]
        elif self.plain and name != GRAD and (name != X or self.small):
            whole = self._join(name)
        else:
            whole = self.together(self.tensors(name))
        if whole.dtype is not self.dtype:
            whole = whole.to(self.dtype)
        if name == X and self.kept.compensated:
            whole.add_(self.load(COMPENSATION))  # in place: what was rounded is loaded as a copy
            self.loaded.pop(COMPENSATION, None)
        if self.small:
            self.loaded[name] = whole
        return whole

    def store(self, name: str, whole: Tensor) -> Tensor:
        """Write ``whole`` back; return it as stored: rounded, of x without its compensation."""
        compensated = name == X and self.kept.compensated
        if compensated:
            whole, rest = split(whole, self.tensors(X)[0].dtype)
            self.store(COMPENSATION, rest)
        if name in self.joined:
            target, parts, _ = self.joined[name]
            if target is not whole:
                target.copy_(whole)
            if name == X:
                torch._foreach_copy_(self.tensors(X), parts)
            rounded = target
        else:
            tensors = self.tensors(name)
            dtype = tensors[0].dtype
            rounded = whole if whole.dtype is dtype else bits_kept(whole.to(dtype))
            if len(tensors) > 1:
                torch._foreach_copy_(tensors, self.apart(rounded, tensors))
            elif tensors[0] is not rounded:
                tensors[0].copy_(rounded)
        if rounded.dtype is not self.dtype:
            rounded = rounded.to(self.dtype)
        if compensated:  # x is not what is to be loaded
            self.loaded.pop(COMPENSATION, None)
            self.loaded.pop(X, None)
        elif self.small:
            self.loaded[name] = rounded
        return rounded

    def tensors(self, name: str) -> list[Tensor]:
        """Return x, the gradients, or what the state has of a name: real, what is held here."""
        if name in self.found:
            return self.found[name]
        if name == X:
            found: list[Any] = [member.parameter for member in self.members]
        elif name == GRAD:
            found = [member.parameter.grad for member in self.members]
        else:
            found = [member.state[name] for member in self.members]
        if not self.plain:
            found = list(map(local_gradient if name == GRAD else local, found, self.parameters))
        if self.part is not None:
            found = [found[0].view(-1)[self.part]]
        self.found[name] = found
        return found

    def together(self, tensors: list[Tensor]) -> Tensor:
        """Return the tensors as one, flat: a copy."""
        flat: Tensor = _flatten_dense_tensors(tensors)  # type: ignore[no-untyped-call]
        return flat

    def apart(self, whole: Tensor, tensors: list[Tensor]) -> list[Tensor]:
        """Return the parts of such a tensor, of the shapes of these: views."""
        return list(_unflatten_dense_tensors(whole, tensors))  # type: ignore[no-untyped-call]

    @property
    def parameters(self) -> list[Tensor]:
        """The members' parameters."""
        return [member.parameter for member in self.members]

    def _join(self, name: str) -> Tensor:
        """Return the tensor in which the state of all members lies; of x, that is a copy.

        What the state has of each member becomes a view of it, so that nothing has to be put
        together and taken apart in every step.
        """
        tensors = self.tensors(name)
        whole, parts, addresses = self.joined.get(name, (None, [], []))
        if whole is not None and name == X:
            torch._foreach_copy_(parts, tensors)
        elif whole is None or list(map(Tensor.data_ptr, tensors)) != addresses:
            whole = self.together(tensors)
            parts = self.apart(whole, tensors)
            self.joined[name] = whole, parts, list(map(Tensor.data_ptr, parts))
            if name != X:
                self.found[name] = parts
                for member, part in zip(self.members, parts, strict=True):
                    member.state[name] = part
        return whole


# ---- where the tensors are ----------------------------------------------------------------------


def local(tensor: Tensor, parameter: Tensor | None = None) -> Tensor:
    """Return the part of a tensor that this rank holds, as pairs of reals if it is complex."""
    if hasattr(tensor, "to_local"):  # DTensor
        tensor = tensor.to_local()
    if tensor.requires_grad:
        tensor = tensor.detach()
    return torch.view_as_real(tensor.resolve_conj()) if tensor.is_complex() else tensor


def local_gradient(grad: Tensor, parameter: Tensor) -> Tensor:
    """Return the part of the gradient that belongs to the `local` part of the parameter.

    A DTensor gradient may be placed in another way, as where each rank has its own summand of the
    gradient of a replicated parameter (sequence parallelism); it is redistributed then.
    """
    placements = getattr(parameter, "placements", None)
    if getattr(grad, "placements", None) != placements:
        grad = grad.redistribute(placements=placements)  # type: ignore[attr-defined]
    return local(grad)


def is_plain(members: Iterable[Member]) -> bool:
    """Return whether parameters are tensors as they are: real, not distributed, with values."""
    return not torch.compiler.is_compiling() and all(
        type(member.parameter) in PLAIN and not member.parameter.is_complex() for member in members
    )


# ---- the paths -----------------------------------------------------------------------------------


def one_by_one(members: Iterable[Member], kept: Kept) -> Iterator[Block]:
    """Yield a block for each member that has elements here, or may have them elsewhere."""
    for member in members:
        x = local(member.parameter)
        if x.numel() or kept.spread:
            yield Block((member,), kept, working_dtype(x), plain=is_plain([member]))


def gathered(
    members: Iterable[Member], kept: Kept, in_place: bool = True, size: int | None = None
) -> Iterator[Block]:
    """Yield blocks that need working memory for at most ``size`` elements.

    Tensors of at most half that size are put together with others of the same device and dtypes;
    larger ones are cut, unless all can be done in place. One that is large and not contiguous is a
    block of its own shape.

    Parameters
    ----------
    members
        In any order; the blocks cover each once.
    kept
        What is kept of them.
    in_place
        Whether a step without memory makes no tensors of the parameter's size; else all large
        ones are cut.
    size
        Default: `SLICE` of the device.
    """
    open_blocks: dict[tuple[Any, ...], list[Member]] = {}
    filled: dict[tuple[Any, ...], int] = {}
    for member in members:
        x = local(member.parameter)
        limit = size or SLICE.get(x.device.type, SLICE_ELSEWHERE)
        if x.numel() == 0:
            continue
        whole = Block((member,), kept, working_dtype(x), plain=is_plain([member]))
        tensors = [whole.tensors(name)[0] for name in kept.names]
        whole.forget()
        if x.numel() > limit // 2:
            yield from _cut(whole, tensors, limit, in_place)
            continue
        # Only what is contiguous in the state can be a view of one tensor.
        named = zip(kept.names, tensors, strict=True)
        joint = whole.plain and all(t.is_contiguous() for n, t in named if n not in (X, GRAD))
        key = (joint, whole.dtype, x.device, *(t.dtype for t in tensors))
        if filled.get(key, 0) + x.numel() > limit:
            yield Block(tuple(open_blocks.pop(key)), kept, whole.dtype, plain=joint)
            filled[key] = 0
        open_blocks.setdefault(key, []).append(member)
        filled[key] = filled.get(key, 0) + x.numel()
    for (joint, dtype, *_), rest in open_blocks.items():
        yield Block(tuple(rest), kept, dtype, plain=joint)


def _cut(whole: Block, tensors: list[Tensor], limit: int, in_place: bool) -> Iterator[Block]:
    kept, count = whole.kept, tensors[0].numel()
    if not all(t.is_contiguous() for t in tensors):
        yield whole
        return
    if (
        in_place
        and not (kept.memory or kept.points)
        and all(t.dtype is whole.dtype for t in tensors)
    ):
        limit = count
    for begin in range(0, count, limit):
        yield replace(whole, part=slice(begin, begin + limit), loaded={}, found={}, joined={})


def dot_of(block: Block) -> Callable[[Tensor, Tensor], Tensor]:
    """Return what `inner` comes to for the tensors of a block."""
    x = block.members[0].parameter
    several = len(block.members) > 1
    flat = not block.stacked and (several or block.part is not None or x.dim() == 1)
    short = flat and (block.small or several)
    return torch.dot if short and x.device.type == "cpu" and block.plain else inner


def plan_key(
    param_groups: Sequence[Mapping[str, Any]],
    settings: Sequence[Any],
    state: Mapping[Tensor, Any],
    ranks: Any,
) -> list[Any] | None:
    """Return what the plan of a step follows from (`momo.optim.plan`).

    None: that cannot be told, since parameters are distributed, or have no values.
    """
    if torch.compiler.is_compiling() or ranks.shard_group is not None:
        return None
    key: list[Any] = [SLICE["cpu"], SLICE_ELSEWHERE, READING.allowed]
    for group, setting in zip(param_groups, settings, strict=True):
        key.append(setting.layout)
        for p in group["params"]:
            if type(p) not in PLAIN:
                return None
            grad, own = p.grad, state.get(p, NOTHING)
            key += (id(p), id(own), len(own), id(own.get(MODEL)))
            key += (p.shape, p.dtype, p.device, p.is_contiguous())
            key += (None, p.requires_grad) if grad is None else (grad.layout, grad.is_contiguous())
    return key
