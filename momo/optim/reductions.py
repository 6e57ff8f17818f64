"""Sums over ranks: the loss of replicas, and the inner products of parts of the parameters.

With one process nothing here does anything. Under data parallelism gradients are averaged over
the ranks, so the model's loss has to be, too. Where each rank holds a part of the parameters
(FSDP, ZeRO), inner products are summed over the ranks that hold the parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import torch
import torch.distributed as dist
from torch import Tensor

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
        The group over which the parameters given to the optimizer are partitioned (ZeRO-1); None:
        they are not. DTensor parameters say themselves how they are sharded.
    """

    loss_group: Group | Literal[False] | None = None
    shard_group: Group | None = None

    def __deepcopy__(self, memo: object) -> Ranks:
        """Return itself: a copy of the optimizer talks to the same ranks."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Refuse to pickle a process group, which means nothing elsewhere."""
        if self.loss_group not in (None, False) or self.shard_group is not None:
            raise TypeError(
                "an optimizer with its own process_group or shard_group cannot be pickled;"
                " save its state_dict() instead"
            )
        return (Ranks, (self.loss_group, self.shard_group))

    def mean_loss(self, loss: Tensor) -> Tensor:
        """Return the mean of a 0-dim tensor over the loss group."""
        if self.loss_group is False or not _running():
            return loss
        size = dist.get_world_size(self.loss_group)
        if size == 1:
            return loss
        total = loss.clone()
        dist.all_reduce(total, group=self.loss_group)
        return total / size

    def groups_of(self, parameter: Tensor) -> Groups:
        """Return the groups that hold the parts of this parameter."""
        own: Groups = () if self.shard_group is None else (self.shard_group,)
        placements = getattr(parameter, "placements", None)
        if placements is None:
            return own
        mesh = parameter.device_mesh  # type: ignore[attr-defined]
        sharded = [dim for dim, placement in enumerate(placements) if placement.is_shard()]
        return own + tuple(mesh.get_group(dim) for dim in sharded)

    @property
    def always(self) -> Sequence[Groups]:
        """The groups that sum even when this rank has nothing to add."""
        return () if self.shard_group is None else ((self.shard_group,),)


def total(parts: dict[Groups, Tensor]) -> Tensor:
    """Return the sum of tensors of one shape, each first summed over its groups.

    The entries must come in the same order on all ranks.
    """
    sums = []
    for groups, part in parts.items():
        for group in groups:
            dist.all_reduce(part, group=group)
        sums.append(part)
    return sums[0] if len(sums) == 1 else torch.stack(sums).sum(0)


def local(tensor: Tensor) -> Tensor:
    """Return the part of a tensor that this rank holds, as pairs of reals if it is complex."""
    if hasattr(tensor, "to_local"):  # DTensor
        tensor = tensor.to_local()
    tensor = tensor.detach()
    return torch.view_as_real(tensor) if tensor.is_complex() else tensor


def _running() -> bool:
    return dist.is_available() and dist.is_initialized()
