# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Parameters of one shape that are worked on as one tensor with an axis more: `stacked`.

It is the path of preconditioners that work on whole parameters, as `momo.optim.blocks.gathered` is
that of those that work on elements. Their products and decompositions of matrices are made of all
of a stack at once, which saves kernels; so only small ones are put together, where kernels count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import torch
from torch import Tensor

from momo.optim.blocks import (
    GRAD,
    SLICE,
    SLICE_ELSEWHERE,
    Block,
    Kept,
    Member,
    X,
    is_plain,
    local,
    working_dtype,
)


class Stack(Block):
    """Two members or more, of one shape; what is loaded is of shape ``(members, *shape)``."""

    stacked: ClassVar[bool] = True

    def together(self, tensors: list[Tensor]) -> Tensor:
        """Return the tensors as one, with a first axis that counts them: a copy."""
        return torch.stack(tensors)

    def apart(self, whole: Tensor, tensors: list[Tensor]) -> list[Tensor]:
        """Return the parts of such a tensor: views."""
        return list(whole.unbind())


def stacked(members: Iterable[Member], kept: Kept, size: int | None = None) -> Iterator[Block]:
    """Yield stacks of at most ``size`` elements, and a block for each member that fits in none.

    Parameters
    ----------
    members
        In any order; the blocks cover each that has elements once.
    kept
        What is kept of them.
    size
        Default: `SLICE` of the device.
    """
    open_stacks: dict[tuple[Any, ...], list[Member]] = {}
    for member in members:
        x = local(member.parameter)
        limit = size or SLICE.get(x.device.type, SLICE_ELSEWHERE)
        if x.numel() == 0:
            continue
        alone = Block((member,), kept, working_dtype(x), plain=is_plain([member]))
        tensors = [alone.tensors(name)[0] for name in kept.names]
        alone.forget()
        # Only what is contiguous in the state can be a view of one tensor.
        named = zip(kept.names, tensors, strict=True)
        joint = alone.plain and all(t.is_contiguous() for n, t in named if n not in (X, GRAD))
        if x.numel() > limit // 2 or not joint:
            yield alone
            continue
        key = (x.shape, x.device, *(t.dtype for t in tensors))
        if (len(open_stacks.get(key, ())) + 1) * x.numel() > limit:
            yield _of(open_stacks.pop(key), kept)
        open_stacks.setdefault(key, []).append(member)
    for rest in open_stacks.values():
        yield _of(rest, kept)


def _of(members: list[Member], kept: Kept) -> Block:
    kind = Stack if len(members) > 1 else Block
    return kind(tuple(members), kept, working_dtype(members[0].parameter), plain=True)
