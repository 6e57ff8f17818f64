# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Parameters and gradients that cannot be worked on are named before anything changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from momo.core.method import Method
from momo.optim.ranks import Groups, Ranks, cuts
from momo.optim.settings import preconditioner_of


def check_parameters(
    param_groups: Sequence[Mapping[str, Any]], methods: Sequence[Method], ranks: Ranks
) -> None:
    """Raise unless all parameters that have a gradient can be worked on.

    Raises
    ------
    RuntimeError, ValueError, TypeError
        If a gradient is sparse or placed otherwise than its parameter, a parameter is FSDP1's, one
        that has to be worked on whole is complex or sharded, or a complex one is to have a d of
        another dtype.
    """
    for index, (group, method) in enumerate(zip(param_groups, methods, strict=True)):
        for number, p in enumerate(group["params"]):
            if p.grad is not None:
                name = f"parameter {number} of param_groups[{index}]"
                check_gradient(p, name)
                check_says_its_cut(p, name, ranks.of_shards)
                check_whole(p, name, method, ranks.of_shards)
                check_dtype(p, name, group["state_dtype"])


def check_dtype(p: Tensor, name: str, state_dtype: torch.dtype | None) -> None:
    """Raise if the d of a complex parameter is to have a real dtype."""
    if p.is_complex() and state_dtype is not None:
        raise TypeError(
            f"state_dtype = {state_dtype}, but {name} is complex; allowed for complex parameters:"
            " None"
        )


def check_gradient(p: Tensor, name: str) -> None:
    """Raise unless the gradient is dense, and distributed over the ranks of its parameter."""
    grad = p.grad
    assert grad is not None
    if grad.layout is not torch.strided:
        raise RuntimeError(
            f"the gradient of {name} has layout {grad.layout}; allowed: dense gradients"
            " (for an embedding: sparse=False)"
        )
    placements = getattr(p, "placements", ())
    if any(placement.is_partial() for placement in placements):
        raise RuntimeError(
            f"{name} has placements {placements}; allowed: sharded or replicated parameters"
        )
    mesh, own = (getattr(tensor, "device_mesh", None) for tensor in (grad, p))
    if mesh != own:
        raise RuntimeError(
            f"the gradient of {name} is distributed over {mesh}; allowed: over that of the"
            f" parameter, {own}"
        )


def check_says_its_cut(p: Tensor, name: str, partitioned: Groups) -> None:
    """Raise if a parameter is a rank's part of one, and nothing says so: FSDP1's.

    Each rank would take a step of its own, by the inner products of its parts.
    """
    if not partitioned and hasattr(p, "_fsdp_flattened"):
        raise ValueError(
            f"{name} is of FullyShardedDataParallel (FSDP1); allowed: FSDP2"
            " (torch.distributed.fsdp.fully_shard), whose parameters say how they are cut"
        )


def check_whole(p: Tensor, name: str, method: Method, partitioned: Groups) -> None:
    """Raise if a parameter that has to be worked on whole is complex, or cut in several ways."""
    how = preconditioner_of(method, p.shape)
    whole = not how.elementwise or (method.product is not None and how.unit)
    found = [placement for _, placement in cuts(p)]
    if p.is_complex() and (not how.elementwise or (whole and found)):
        raise TypeError(
            f"{name} is complex; allowed with a preconditioner of matrices: real parameters"
        )
    if whole and (len(found) > 1 or not all(is_plain_shard(one) for one in found)):
        raise ValueError(
            f"{name} has placements {getattr(p, 'placements', ())}; allowed with a"
            " preconditioner of matrices: whole or replicated parameters, and such that are cut"
            " along one axis, over one dimension of the mesh (FSDP2)"
        )
    if found and hasattr(how, "decay_scale") and not method.iterates.plain:
        raise ValueError(
            f"{name} has placements {getattr(p, 'placements', ())}; allowed with averaged iterates"
            " and a preconditioner that scales the decay: whole or replicated parameters"
        )
    if method.product is not None and partitioned:
        raise ValueError(
            f"{name} is one of parameters that are partitioned over ranks; allowed with a product"
            " of norms: all parameters on each rank, or cut as FSDP2 does"
        )


def is_plain_shard(placement: Any) -> bool:
    """Return whether a DTensor is cut in chunks of one axis, and not FSDP2's own way over others.

    That is for tensor parallelism with FSDP2 over it, which cuts an axis twice.
    """
    from torch.distributed.tensor import Shard

    return type(placement) is Shard
