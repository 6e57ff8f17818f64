# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What each of several processes does to show which ways of training in parallel go together.

Started as ``python optim_interoperability_worker.py SUITE FOLDER``: every check of a suite is gone
through by all ranks together, and its result written to the folder. The loss is the mean over the
batches of all ranks, so one process on all batches takes the same steps. The methods of the paper
are in `optim_distributed_worker` at length, and here are all of the table, briefly.
"""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from rows_with_loss import METHODS
from torch import Tensor, nn

from momo.methods import PAPER
from momo.optim import MomentumModelOptimizer, Momo

STEPS, FEATURES, HIDDEN, TARGETS, SAMPLES = 3, 4, 6, 3, 4
OF_MATRICES = ("muon_max_momo", "momo_soap", "momo_adafactor")
"""They see matrices in three ways: all at once, in bases that are kept, by rows and columns."""


def network() -> nn.Sequential:
    """Return the network, which can be cut between its layers and within them."""
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(FEATURES, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, TARGETS)
    ).double()


def batch(step: int, rank: int) -> tuple[Tensor, Tensor]:
    """Return what a rank sees at a step."""
    generator = torch.Generator().manual_seed(100 * step + rank)
    x = torch.randn(SAMPLES, FEATURES, generator=generator, dtype=torch.float64)
    return x, torch.sin(2 * x[:, :TARGETS]) + 0.5


def loss_of(net: nn.Module, step: int, ranks: tuple[int, ...]) -> Tensor:
    """Return the mean loss over some ranks' batches, which are of one size."""
    x, y = map(torch.cat, zip(*(batch(step, rank) for rank in ranks), strict=True))
    loss: Tensor = nn.functional.mse_loss(net(x), y)
    return loss


def made(name: str, params: Any, **options: Any) -> MomentumModelOptimizer:
    """Return a method of the table, as its row makes it."""
    row = METHODS[name]
    return row.torch_class()(params, **{**row.fixed, **options})  # type: ignore[arg-type]


def whole(tensor: Tensor) -> Tensor:
    """Return a tensor as it is on one process."""
    tensor = tensor.detach()
    return (tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor).clone()


def flat(net: nn.Module) -> Tensor:
    """Return all parameters of a net, of its parts too, in one tensor."""
    return torch.cat([whole(p).flatten() for p in net.parameters()])


def alone(name: str, ranks: int, noise: float = 0.0) -> Tensor:
    """Return where one process comes on all batches; ``noise`` is of gradients and losses."""
    net, generator = network(), torch.Generator().manual_seed(1)
    optimizer = made(name, net.parameters())
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = loss_of(net, step, tuple(range(ranks)))
        loss.backward()
        for p in net.parameters():
            signs = torch.randint(0, 2, p.shape, generator=generator) * 2.0 - 1
            assert p.grad is not None
            p.grad.add_(signs * p.grad.abs().max(), alpha=noise)
        optimizer.step(loss=loss.item() * (1 + noise))
    return flat(net)


def train(net: nn.Module, optimizer: Any, ranks: tuple[int, ...]) -> Tensor:
    """Take all steps on the batches of some ranks, and return where they lead."""
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = loss_of(net, step, ranks)
        loss.backward()
        optimizer.step(loss=loss)
    return flat(net)


def refusal(action: Callable[[], object]) -> str:
    """Return the error that an action raises, as text."""
    try:
        action()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "nothing was raised"


# ---- checks ------------------------------------------------------------------------------------


def replicas(rank: int, name: str) -> Tensor:
    """DDP, whose gradients are accumulated over two halves of the batch without sending."""
    net = nn.parallel.DistributedDataParallel(network(), gradient_as_bucket_view=True)
    optimizer = made(name, net.parameters())
    for step in range(STEPS):
        optimizer.zero_grad()
        for part in range(2):
            x, y = (t.chunk(2)[part] for t in batch(step, rank))
            with nullcontext() if part else net.no_sync():
                (optimizer.observe(nn.functional.mse_loss(net(x), y)) / 2).backward()
        optimizer.step()
    return flat(net)


def shards(rank: int, name: str) -> Tensor:
    """FSDP2."""
    from torch.distributed.fsdp import fully_shard

    net = network()
    fully_shard(net[0])
    fully_shard(net)
    return train(net, made(name, net.parameters()), (rank,))


def replicated_shards(rank: int, name: str) -> Tensor:
    """HSDP: FSDP2 over a mesh of two dimensions."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    mesh = init_device_mesh("cpu", (2, 2), mesh_dim_names=("replicate", "shard"))
    net = fully_shard(network(), mesh=mesh)
    return train(net, made(name, net.parameters()), (rank,))


def tensor_parallel(rank: int, name: str) -> Tensor:
    """Layers that are cut by rows and by columns; all ranks have the same batch."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor.parallel import (
        ColwiseParallel,
        RowwiseParallel,
        parallelize_module,
    )

    ranks = dist.get_world_size()
    plan = {"0": ColwiseParallel(), "2": RowwiseParallel()}
    net = parallelize_module(network(), init_device_mesh("cpu", (ranks,)), plan)
    return train(net, made(name, net.parameters()), tuple(range(ranks)))


def partitions(rank: int, name: str, **options: Any) -> Tensor:
    """ZeRO-1."""
    from torch.distributed.optim import ZeroRedundancyOptimizer

    net = nn.parallel.DistributedDataParallel(network())
    given = {"shard_group": True, **options}
    cls: Any = partial(METHODS[name].torch_class(), **METHODS[name].fixed)
    return train(net, ZeroRedundancyOptimizer(net.parameters(), cls, **given), (rank,))


def stages(rank: int, name: str, **options: Any) -> Tensor:
    """A pipeline of two stages, each of which has an optimizer; the last one tells the loss."""
    from torch.distributed.pipelining import PipelineStage, ScheduleGPipe

    net = network()
    part = (net[:2], net[2:])[rank]
    stage = PipelineStage(part, rank, 2, torch.device("cpu"))
    schedule = ScheduleGPipe(stage, 2, loss_fn=nn.functional.mse_loss)
    optimizer = made(name, part.parameters(), **{"shard_group": True, **options})
    for step in range(STEPS):
        optimizer.zero_grad()
        x, y = map(torch.cat, zip(batch(step, 0), batch(step, 1), strict=True))
        losses: list[Tensor] = []
        if rank:
            schedule.step(target=y, losses=losses)
        else:
            schedule.step(x)
        loss = torch.stack(losses).mean().detach() if rank else torch.zeros((), dtype=x.dtype)
        dist.broadcast(loss, 1)
        optimizer.step(loss=loss)
    for number, layer in enumerate((net[0], net[2])):
        for p in layer.parameters():
            dist.broadcast(p.detach(), number)
    return flat(net)


def refused(rank: int) -> dict[str, str]:
    """What cannot go together, each before anything changes."""
    from torch.distributed.optim import ZeroRedundancyOptimizer

    net = nn.parallel.DistributedDataParallel(network())
    return {
        "overlap": refusal(
            lambda: ZeroRedundancyOptimizer(
                net.parameters(), Momo, overlap_with_ddp=True, shard_group=True
            )
        ),
        "product": refusal(lambda: partitions(rank, "muon_max_momo")),
        "product of stages": refusal(
            lambda: train(net, made("muon_max_momo", net.parameters(), shard_group=True), (rank,))
        ),
    }


Check = Callable[[int], Any]
WAYS: dict[str, Callable[[int, str], Tensor]] = {
    "replicas": replicas,
    "shards": shards,
    "tensor_parallel": tensor_parallel,
    "partitions": partitions,
}
"""The ways that every method is taken."""
OTHERS = [name for name in METHODS if name not in PAPER]
"""Those that `optim_distributed_worker` does not take all these ways but one."""
OF_WAY = {
    **dict.fromkeys(WAYS, OTHERS),
    "partitions": [name for name in OTHERS if name != "muon_max_momo"],
    "tensor_parallel": ["momo", "momo_adam", *OTHERS],
}
FEW = ("momo", "momo_adam", "momo_lion", "schedule_free_adam_polyak", *OF_MATRICES)
"""Of each kind of metric, and of iterates, one."""
STAGED = ("momo", "momo_adam", "momo_lion", "momo_soap")
RANKS = {"few": 2, "others": 2, "four": 4}


def checks(suite: str) -> dict[str, Check]:
    """Return what the ranks of a suite go through, by names."""
    if suite == "four":
        return {f"replicated_shards {n}": partial(replicated_shards, name=n) for n in OF_MATRICES}
    found: dict[str, Check] = {
        f"{way} {name}": partial(run, name=name)
        for way, run in WAYS.items()
        for name in OF_WAY[way]
        if (name in FEW) == (suite == "few")
    }
    if suite == "few":
        found |= {f"stages {name}": partial(stages, name=name) for name in STAGED}
        found |= {
            "partitions unsaid": partial(partitions, name="momo", shard_group=None),
            "stages unsaid": partial(stages, name="momo", shard_group=None),
            "refused": refused,
        }
    return found


def main(suite: str, rank: int, folder: Path) -> None:
    """Go through a suite, and write their results."""
    torch.set_num_threads(1)
    warnings.filterwarnings("error", module="momo")
    dist.init_process_group(
        "gloo",
        init_method=f"file://{folder}/rendezvous",
        rank=rank,
        world_size=RANKS[suite],
        timeout=timedelta(seconds=60),
    )
    results: dict[str, Any] = {}
    for name, run in checks(suite).items():
        try:
            results[name] = run(rank)
        except Exception:
            results[name] = traceback.format_exc()
            break  # the ranks are out of step now
    torch.save(results, folder / f"result-{rank}.pt")
    dist.destroy_process_group()


if __name__ == "__main__":
    import torch.distributed.fsdp
    import torch.distributed.optim
    import torch.distributed.pipelining
    import torch.distributed.tensor.parallel

    for each in range(RANKS[sys.argv[1]]):
        if os.fork() == 0:
            main(sys.argv[1], each, Path(sys.argv[2]))
            os._exit(0)
    for _ in range(RANKS[sys.argv[1]]):
        os.wait()
