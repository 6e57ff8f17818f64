# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Sums over ranks, of losses of replicas, and of inner products of parts of parameters.

They are the only messages, but for matrices in shards (`momo.optim.spread`).

With one process nothing here does anything. Under data parallelism gradients are averaged over
the ranks, so the model's loss has to be, too. Where each rank holds a part of the parameters
(FSDP, tensor parallelism, ZeRO), inner products are summed over the ranks that hold the parts.

All ranks have to send the same messages in the same order. So what is sent depends on which
parameters there are, how they are sharded and which of them have a gradient, all of which is the
same on the ranks that share them; never on the elements that a rank happens to hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal, TypeAlias

import torch
import torch.distributed as dist
from torch import Tensor

from momo.core.step import Inner, Number
from momo.optim.numbers import Floats, Tensors
from momo.optim.state import INDEX, LAST

Group: TypeAlias = Any
"""A ``torch.distributed.ProcessGroup``; the class is absent in builds without distributed."""
Groups: TypeAlias = tuple[Group, ...]
"""The groups over which a parameter's inner products are summed; empty: it is whole here."""


@dataclass(frozen=True)
class Ranks:
    """Who computes the loss together, and who holds the parameters together.

    Attributes
    ----------
    loss_group
        The group whose mean loss is the model's. None: the default group, if torch.distributed is
        initialised. False: this rank's own loss.
    shard_group
        The group over which the parameters given to the optimizer are partitioned (ZeRO-1). True:
        the default group, if torch.distributed is initialised. None: they are not partitioned.
        DTensor parameters say themselves how they are sharded.

    Raises
    ------
    TypeError
        If one is something else, such as a group that this rank does not belong to.
    """

    loss_group: Group | Literal[False] | None = None
    shard_group: Group | Literal[True] | None = None

    def __post_init__(self) -> None:
        for name, group, word in (
            ("process_group", self.loss_group, False),
            ("shard_group", self.shard_group, True),
        ):
            if not (group is None or group is word or is_group(group)):
                raise TypeError(
                    f"{name} = {group!r}; allowed: None, {word}, or a process group to which this"
                    " rank belongs"
                )

    def __deepcopy__(self, memo: object) -> Ranks:
        """Return itself: a copy of the optimizer talks to the same ranks."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Refuse to pickle a process group, which means nothing elsewhere."""
        if is_group(self.loss_group) or is_group(self.shard_group):
            raise TypeError(
                "an optimizer with its own process_group or shard_group cannot be pickled;"
                " save its state_dict() instead"
            )
        return (Ranks, (self.loss_group, self.shard_group))

    @property
    def of_loss(self) -> Groups:
        """The group over which losses are averaged; empty: there is none."""
        return () if self.loss_group is False else _several(self.loss_group)

    @property
    def of_shards(self) -> Groups:
        """The group over which the parameters are partitioned; empty: there is none."""
        if self.shard_group is None:
            return ()
        return _several(None if self.shard_group is True else self.shard_group)

    def groups_of(self, parameter: Tensor) -> Groups:
        """Return the groups that hold the parts of this parameter."""
        return (*(group for group, _ in cuts(parameter)), *self.of_shards)

    def mean(
        self,
        losses: list[Number],
        squares: Mapping[Groups, list[Number]],
        holders: Sequence[Groups],
        model: Tensor,
        touched: bool,
        numbers: Floats | Tensors,
        given: bool = True,
    ) -> tuple[list[Number], Number, Any]:
        """Return the mean losses, ``||g||²``, and whether there is a gradient, over all ranks.

        Ranks with a part of the parameters each have a model; one that has none yet takes that of
        the others. So a state dict can be loaded by more ranks than have saved it.

        Parameters
        ----------
        losses
            f_k, and the bound of the batch if it brings one.
        squares
            The ``||g||²`` of the blocks, by the groups that hold them.
        holders
            All such groups, in one order on all ranks.
        model
            The model's numbers.
        touched
            Whether there is a gradient here.
        numbers
            How the numbers are held.
        given
            Whether this rank has a loss: not one that leaves its batch out.
        """
        here = [numbers.loss("", float(one)) for one in (given, touched)]
        items: list[dict[Groups, Tensor]] = [
            {self.of_loss: numbers.message([*losses, *here])},
            {
                groups: numbers.message([numbers.total(squares.get(groups, ()))])
                for groups in holders
            },
        ]
        shards = self.of_shards
        if shards:
            like = items[0][self.of_loss]
            known = model[INDEX["weight"]] > 0
            own = model[: LAST.start].to(like.dtype)
            counts = torch.stack([torch.full_like(known, touched), known])
            items.append({shards: torch.cat((counts, torch.where(known, own, 0.0)))})
        found, norm_sq, *pooled = together(items)
        *sums, count, present = found.unbind()
        means = torch.stack(sums) / count.clamp(min=1)
        (square,) = numbers.received(norm_sq)
        if not pooled:
            return numbers.received(means), square, numbers.of(present > 0)
        count = pooled[0][1]
        mean = torch.where(~known & (count > 0), pooled[0][2:] / count.clamp(min=1), own)
        model[: LAST.start].copy_(mean)
        return numbers.received(means), square, numbers.of((present > 0) | (pooled[0][0] > 0))

    def total_rows(
        self, sums: Mapping[Groups, list[Inner]], numbers: Floats | Tensors
    ) -> list[Inner]:
        """Return the inner products, each first summed over the groups that hold its parts."""
        sent = {
            groups: torch.stack([numbers.message(row) for row in rows])
            for groups, rows in sums.items()
        }
        return [Inner(*numbers.received(row)) for row in total(sent).unbind()]


def cuts(parameter: Tensor) -> list[tuple[Group, Any]]:
    """Return the groups over which a DTensor is cut, and how: its placements; else nothing."""
    # Not `is_shard`, which FSDP's own kind of placement over a tensor-parallel one denies.
    held = [
        (parameter.device_mesh.get_group(dim), placement)  # type: ignore[attr-defined]
        for dim, placement in enumerate(getattr(parameter, "placements", ()))
        if not placement.is_replicate()
    ]
    return [(group, placement) for group, placement in held if group.size() > 1]


def together(items: Sequence[Mapping[Groups, Tensor]]) -> tuple[Tensor, ...]:
    """Return the `total` of each item, whose values are vectors, in the messages of one."""
    keys = dict.fromkeys(chain.from_iterable(items))
    if not any(keys):
        return tuple(item[()] for item in items)
    like = [next(iter(item.values())) for item in items]
    joined = {
        groups: torch.cat(
            [item.get(groups, torch.zeros_like(v)) for item, v in zip(items, like, strict=True)]
        )
        for groups in keys
    }
    return torch.split(total(joined), [len(v) for v in like])


def total(parts: Mapping[Groups, Tensor]) -> Tensor:
    """Return the sum of tensors of one shape, each first summed over its groups.

    One message a group: what goes to the same group goes together. The keys must come in the same
    order on all ranks. Keys of several groups are reduced first, so that what is sent to a group
    that ends them all, such as that of a partition, has the same size on ranks with other keys.
    """
    pending = dict(parts)
    nested = sorted(parts, key=lambda groups: -len(groups))
    for group in dict.fromkeys(chain.from_iterable(nested)):
        keys = [groups for groups in pending if group in groups]
        packed = torch.stack([pending.pop(groups) for groups in keys])
        dist.all_reduce(packed, group=group)
        for groups, part in zip(keys, packed.unbind(), strict=True):
            rest = tuple(other for other in groups if other is not group)
            pending[rest] = pending[rest] + part if rest in pending else part
    return pending[()]


def is_group(value: object) -> bool:
    """Return whether a value is a process group."""
    return dist.is_available() and isinstance(value, dist.ProcessGroup)


def _several(group: Group | None) -> Groups:
    """Return the group, or the default one, unless it has but one rank."""
    if group is None and dist.is_available() and dist.is_initialized():
        group = dist.group.WORLD
    return () if group is None or group.size() == 1 else (group,)
