# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Whether the tensors of the last step are those of this one: what nearly every step finds.

`momo.optim.blocks.plan_key` says exactly what a plan follows from, and takes longer than a small
step. This looks at the same things in a few calls over all tensors, and where it sees a difference
the key decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from operator import attrgetter, is_
from typing import Any

import torch
from torch import Tensor

from momo.optim.reading import READING

gradient = attrgetter("grad")
shape = attrgetter("shape")
dtype = attrgetter("dtype")
pointer, contiguous = Tensor.data_ptr, Tensor.is_contiguous


def _takes_lists() -> bool:
    try:
        torch.autograd.graph.increment_version([])
    except RuntimeError:  # torch 2.4 takes one tensor
        return False
    return True


LISTS = _takes_lists()


def count_writes(tensors: list[Tensor]) -> None:
    """Let torch's versions count a write to each of the tensors that torch has not done itself."""
    if LISTS:
        torch.autograd.graph.increment_version(tensors)
        return
    for tensor in tensors:
        torch.autograd.graph.increment_version(tensor)


class Watch:
    """What a plan was made of.

    Parameters
    ----------
    param_groups, settings, state
        The optimizer's, after the state of all parameters was made.
    shapes
        Whether the plan depends on the shapes of parameters, and not just on how many elements
        they have.
    """

    def __init__(
        self,
        param_groups: Sequence[Mapping[str, Any]],
        settings: Sequence[Any],
        state: Mapping[Tensor, Any],
        shapes: bool,
    ) -> None:
        self.settings, self.reading = settings, READING.allowed
        self.lists = [list(group["params"]) for group in param_groups]
        self.parameters = list(chain.from_iterable(self.lists))
        self.moving = [p for p in self.parameters if p.grad is not None]
        self.still = [(p, p.requires_grad) for p in self.parameters if p.grad is None]
        self.state, self.entries = state, list(state.values())
        self.kept = list(chain.from_iterable(map(dict.values, self.entries)))
        # The model is the same tensor in all entries.
        self.some = list({id(tensor): tensor for tensor in self.kept}.values())
        self.places = list(map(pointer, self.some))
        self.shapes = list(map(shape, self.parameters)) if shapes else None
        self.x = list(map(pointer, self.parameters))
        self.numbers: list[int] = []
        self.grads: list[int] = []
        self.plain = self.form(list(map(gradient, self.moving)))
        self.ordered = all(self.plain[0][: 2 * len(self.moving)]) and not any(
            self.plain[0][2 * len(self.moving) :]
        )

    def form(self, grads: list[Tensor]) -> tuple[Any, ...]:
        """Return what else there is to a parameter and its gradient."""
        flags = [*map(contiguous, grads), *map(contiguous, self.moving), *map(Tensor.is_neg, grads)]
        return flags, list(map(dtype, grads)), list(map(Tensor.numel, self.moving))

    def holds(
        self,
        param_groups: Sequence[Mapping[str, Any]],
        settings: Sequence[Any],
        state: Mapping[Tensor, Any],
    ) -> bool:
        """Return whether nothing has changed but, maybe, where the gradients are.

        What else there is to a gradient is looked at when it is another tensor.
        """
        if torch.compiler.is_compiling() or READING.allowed is not self.reading:
            return False
        if not (
            settings is self.settings
            or [one.layout for one in settings] == [one.layout for one in self.settings]
        ):
            return False
        entries, lists = state.values(), [group["params"] for group in param_groups]
        if state is not self.state or not _same(self.entries, entries):
            return False
        if len(lists) != len(self.lists) or not all(map(_same, self.lists, lists)):
            return False
        try:
            if sum(map(len, entries)) != len(self.kept) or not all(
                map(is_, self.kept, chain.from_iterable(map(dict.values, entries)))
            ):
                return False
            grads = list(map(gradient, self.moving))
            places, numbers = list(map(pointer, grads)), list(map(id, grads))
        except (TypeError, RuntimeError):  # one has none, or a sparse one
            return False
        if list(map(pointer, self.parameters)) != self.x:
            return False
        if list(map(pointer, self.some)) != self.places:
            return False
        if self.shapes is not None and list(map(shape, self.parameters)) != self.shapes:
            return False
        if self.still and any(
            p.grad is not None or p.requires_grad != wanted for p, wanted in self.still
        ):
            return False
        if self.ordered and not all(map(contiguous, grads)):
            return False
        if (places, numbers) != (self.grads, self.numbers):
            if self.form(grads) != self.plain:
                return False
            self.grads, self.numbers = places, numbers
        self.settings = settings
        return True


def _same(ours: Sequence[Any], theirs: Collection[Any]) -> bool:
    """Return whether two rows are of the very same objects."""
    return len(ours) == len(theirs) and all(map(is_, ours, theirs))
