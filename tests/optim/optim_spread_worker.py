# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What each of several processes does with matrices that are sharded, and a single one beside them.

Started as ``python optim_spread_worker.py RANKS FOLDER``: every check is gone through by all ranks
together, and its result written to the folder.
"""

from __future__ import annotations

import copy
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import torch
import torch.distributed as dist
from torch import Tensor, nn

from momo.core.products import SUM
from momo.methods import METHODS, Hyperparameters
from momo.optim import Method, MomentumModelOptimizer, MomoAdaFactor, ScionMomo, spread
from momo.optim.preconditioners import Factored
from momo.optim.reading import as_on_a_device
from momo.optim.state import MODEL

STEPS = 8
HALF = STEPS // 2
FEATURES, HIDDEN, TARGETS, SAMPLES = 5, 7, 3, 4
HEADS = (("left",), ("left", "right"), ("right",))
"""The heads that the batches use, over and over; the other one has no gradient."""


class Net(nn.Module):
    """Matrices of which no two ranks have the same; of the last one some have nothing."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.body = nn.Linear(FEATURES, HIDDEN)
        self.left = nn.Linear(HIDDEN, TARGETS)
        self.right = nn.Linear(HIDDEN, TARGETS)
        self.narrow = nn.Linear(HIDDEN, 1)
        self.gain = nn.Parameter(torch.ones(1))
        self.double()

    def forward(self, x: Tensor, heads: tuple[str, ...]) -> Tensor:
        hidden = torch.tanh(self.body(x)) * self.gain
        parts = [getattr(self, head)(hidden) for head in heads]
        # Of several sizes, so that no two layers have the same dual norm.
        return torch.stack(parts).sum(0) + self.narrow(hidden) * torch.tensor([1.0, -0.5, 0.7])


class SignsBySum(ScionMomo):
    """Vectors, too, in a norm that needs the whole of each, of a product."""

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        return replace(ScionMomo.method(h), product=SUM)


@dataclass(frozen=True)
class BySize(Factored):
    """AdaFactor's metric over the size of the parameter, which it has to see as a whole."""

    sees: ClassVar[tuple[str, ...]] = ("x", "gap", "lr")

    def direction(  # type: ignore[override]
        self, d: Tensor, memory: Any, weight: Any, x: Tensor, gap: Any, lr: Any
    ) -> Tensor:
        axes = (-2, -1) if len(memory) == 2 else (-1,)
        size = x.square().mean(axes, keepdim=True).sqrt().clamp(min=1e-3)
        return super().direction(d, memory, weight) * size * (1 + gap) * lr


class MomoBySize(MomoAdaFactor):
    """A method with it."""

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        return replace(MomoAdaFactor.method(h), preconditioner=BySize())


OWN: dict[str, tuple[str, Any]] = {
    "signs": ("scion_momo", SignsBySum),
    "by size": ("momo_adafactor", MomoBySize),
}
"""Methods that are not in the table, by the row whose arguments they have."""


@dataclass(frozen=True)
class Case:
    """A method, what is given to it, and how its steps are taken.

    Attributes
    ----------
    method
        A name in the table, or in `OWN`.
    options
        Further arguments.
    masked
        Whether no value is read, as on a device.
    spoilt
        The steps at which the loss of one rank is not finite.
    together
        How many numbers of several parameters one rank may get (`momo.optim.spread.TOGETHER`): as
        all are small here, 0 for them to be shared.
    """

    method: str
    options: tuple[tuple[str, Any], ...] = ()
    masked: bool = False
    spoilt: tuple[int, ...] = ()
    together: int = 0

    def optimizer(self, net: nn.Module) -> MomentumModelOptimizer:
        """Return the optimizer, with two groups."""
        h = Hyperparameters(lr=0.1, beta=0.8, weight_decay=0.02, beta2=0.9, eps=1e-2, lb=0.01)
        name, cls = OWN.get(self.method, (self.method, None))
        row = METHODS[name]
        cls = cls or row.torch_class()
        named = dict(net.named_parameters())
        groups = [
            {"params": [p for n, p in named.items() if n.startswith("left")], "lr": 0.05},
            {"params": [p for n, p in named.items() if not n.startswith("left")]},
        ]
        optimizer: MomentumModelOptimizer = cls(
            groups, **{**row.torch_arguments(h), **dict(self.options)}
        )
        return optimizer

    def way(self) -> Any:
        return as_on_a_device() if self.masked else nullcontext()


CASES = {
    "muon_adam": Case("muon_adam_momo"),
    "muon_max": Case("muon_max_momo"),
    "muon_max, stale": Case("muon_max_momo", (("stale_norm", True),), spoilt=(3,)),
    "muon_max, masked": Case("muon_max_momo", (("stale_norm", True),), True, (3, 4)),
    "muon_max, clipped": Case("muon_max_momo", (("max_norm", 0.3),)),
    "scion": Case("scion_momo"),
    "soap": Case("momo_soap", (("frequency", 3),), spoilt=(3,)),
    "soap, masked": Case("momo_soap", (("frequency", 3),), True, (3,)),
    "adafactor": Case("momo_adafactor"),
    "adafactor, clipped": Case("momo_adafactor", (("max_norm", 0.3),), True),
    "adafactor, together": Case("momo_adafactor", together=20),
    "soap, together": Case("momo_soap", together=1000),
    "adalomo": Case("momo_adalomo"),
    "signs": Case("signs"),
    "by size": Case("by size"),
}


def loss_of(net: nn.Module, step: int, rank: int) -> Tensor:
    """Return the loss of a rank's batch."""
    generator = torch.Generator().manual_seed(1000 * step + rank)
    x = torch.randn(SAMPLES, FEATURES, generator=generator, dtype=torch.float64)
    target = torch.sin(2 * x[:, :TARGETS]) - 0.5
    error: Tensor = net(x, HEADS[step % len(HEADS)]) - target
    return error.square().mean()


def train(case: Case, net: nn.Module, optimizer: Any, rank: int, steps: range) -> None:
    """Take steps as one of several ranks."""
    for step in steps:
        optimizer.zero_grad()
        loss = loss_of(net, step, rank)
        loss.backward()
        spoilt = step in case.spoilt and rank == step % dist.get_world_size()
        with case.way():
            optimizer.step(loss=float("nan") if spoilt else loss.item())


def train_alone(
    case: Case, net: nn.Module, optimizer: Any, ranks: int, steps: range, noise: float = 0.0
) -> None:
    """Take steps in one process, on all batches; see `optim_distributed_worker.train_alone`."""
    generator = torch.Generator().manual_seed(1)
    for step in steps:
        optimizer.zero_grad()
        loss = torch.stack([loss_of(net, step, rank) for rank in range(ranks)]).mean()
        loss.backward()
        for p in net.parameters():
            if noise and p.grad is not None:
                signs = torch.randint(0, 2, p.shape, generator=generator) * 2.0 - 1
                p.grad.add_(signs * p.grad.abs().max(), alpha=noise)
        with case.way():
            optimizer.step(loss=float("nan") if step in case.spoilt else loss.item() * (1 + noise))


def whole(tensor: Tensor) -> Tensor:
    """Return a tensor as it is on one process."""
    tensor = tensor.detach()
    return (tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor).clone()


def outcome(net: nn.Module, optimizer: MomentumModelOptimizer) -> dict[str, Any]:
    """Return parameters and state, whole, and what the last step says of itself."""
    last = optimizer.last
    assert last is not None
    return {
        "parameters": {name: whole(p) for name, p in net.named_parameters()},
        "state": {
            f"{name} {key}": whole(value)
            for name, p in net.named_parameters()
            for key, value in optimizer.state[p].items()
            if key != MODEL
        },
        "last": {name: float(value) for name, value in last._asdict().items()},
        "skipped": int(optimizer.skipped),
    }


def sharded(net: nn.Module, **options: Any) -> nn.Module:
    """Return the net under FSDP2."""
    from torch.distributed.fsdp import fully_shard

    fully_shard(net.body, **options)
    return fully_shard(net, **options)


@contextmanager
def counting() -> Iterator[list[tuple[int, int]]]:
    """Collect how many numbers each exchange sends to, and gets from, other ranks."""
    found: list[tuple[int, int]] = []
    original = dist.all_to_all_single

    def counted(
        out: Tensor, given: Tensor, sizes: list[int], counts: list[int], group: Any = None
    ) -> Any:
        me = group.rank()
        found.append((sum(counts) - counts[me], sum(sizes) - sizes[me]))
        return original(out, given, sizes, counts, group=group)

    dist.all_to_all_single = counted
    try:
        yield found
    finally:
        dist.all_to_all_single = original


# ---- checks ------------------------------------------------------------------------------------


def trained(rank: int, folder: Path, case: Case) -> Any:
    """A run under FSDP2, with what it sends and keeps."""
    spread.TOGETHER = case.together
    net = sharded(Net())
    optimizer = case.optimizer(net)
    with counting() as sent:
        train(case, net, optimizer, rank, range(STEPS))
    kept = sum(
        (v.to_local() if hasattr(v, "to_local") else v).numel()
        for entry in optimizer.state.values()
        for key, v in entry.items()
        if key not in (MODEL, "memory_weight")
    )
    return {**outcome(net, optimizer), "sent": sent, "kept": kept}


def saved(rank: int, folder: Path, case: Case) -> Any:
    """Half a run; its state dict, a distributed checkpoint and whole one; and the other half."""
    import torch.distributed.checkpoint as dcp
    from torch.distributed.checkpoint.state_dict import (
        StateDictOptions,
        get_state_dict,
        set_optimizer_state_dict,
        set_state_dict,
    )

    net = sharded(Net())
    optimizer = case.optimizer(net)
    train(case, net, optimizer, rank, range(HALF))
    weights, state = get_state_dict(net, optimizer)
    path = folder / f"checkpoint {case.method}"
    dcp.save({"model": weights, "optimizer": state}, checkpoint_id=path)
    given = get_state_dict(net, optimizer, options=StateDictOptions(full_state_dict=True))[1]
    whole_state = copy.deepcopy(given)  # what is whole anyway is not copied
    own = optimizer.state_dict()
    at_half = {name: whole(p) for name, p in net.named_parameters()}
    own = {
        **own,
        "state": {n: {k: v.clone() for k, v in e.items()} for n, e in own["state"].items()},
    }
    train(case, net, optimizer, rank, range(HALF, STEPS))
    found = {"uninterrupted": outcome(net, optimizer)}

    def resumed(load: Callable[[nn.Module, Any], None]) -> dict[str, Any]:
        again = sharded(Net())
        made = case.optimizer(again)
        load(again, made)
        train(case, again, made, rank, range(HALF, STEPS))
        return outcome(again, made)

    def points(again: nn.Module) -> None:
        from torch.distributed.tensor import distribute_tensor

        with torch.no_grad():
            for name, p in again.named_parameters():
                p.copy_(distribute_tensor(at_half[name], p.device_mesh, p.placements))  # type: ignore[attr-defined]

    def by_checkpoint(again: nn.Module, made: Any) -> None:
        target = dict(zip(("model", "optimizer"), get_state_dict(again, made), strict=True))
        dcp.load(target, checkpoint_id=path)
        set_state_dict(
            again,
            made,
            model_state_dict=target["model"],
            optim_state_dict=target["optimizer"],
        )

    def by_state_dict(again: nn.Module, made: Any) -> None:
        points(again)
        made.load_state_dict(own)

    def by_whole_state(again: nn.Module, made: Any) -> None:
        points(again)
        given = whole_state if rank == 0 else {}
        options = StateDictOptions(full_state_dict=True, broadcast_from_rank0=True)
        set_optimizer_state_dict(again, made, given, options=options)

    ways = (by_checkpoint, by_state_dict, by_whole_state)
    return {**found, **{load.__name__: resumed(load) for load in ways}}


def refused(rank: int, folder: Path, case: Case) -> Any:
    """An axis that is cut twice."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import Shard, distribute_tensor

    mesh = init_device_mesh("cpu", (1, dist.get_world_size()), mesh_dim_names=("one", "all"))
    made = distribute_tensor(torch.ones(8, 8, dtype=torch.float64), mesh, (Shard(0), Shard(1)))
    p = nn.Parameter(made)
    optimizer: Any = METHODS["muon_max_momo"].torch_class()([p])  # type: ignore[arg-type]
    p.grad = torch.ones_like(p)
    optimizer.step(loss=1.0)  # one of the two has one rank
    return whole(p)


def columns(rank: int, folder: Path, case: Case) -> Any:
    """Cut along the second axis, unevenly, as tensor parallelism does."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import Shard, distribute_tensor

    mesh = init_device_mesh("cpu", (dist.get_world_size(),))
    x = [distribute_tensor(one, mesh, (Shard(1),)) for one in wide()]
    params = [nn.Parameter(one) for one in x]
    optimizer: Any = METHODS[case.method].torch_class()(params, lr=0.1)  # type: ignore[arg-type]
    for step in range(3):
        for p, g in zip(params, wide(step + 1), strict=True):
            p.grad = distribute_tensor(g, mesh, (Shard(1),))
        optimizer.step(loss=3.0)
    return [whole(p) for p in params]


def wide(seed: int = 0) -> list[Tensor]:
    """Return matrices of which some ranks have no columns."""
    generator = torch.Generator().manual_seed(seed)
    return [
        torch.randn(shape, generator=generator, dtype=torch.float64)
        for shape in ((4, 5), (3, 1), (2, 7))
    ]


SAVED = ("muon_max, stale", "soap", "adafactor")
CHECKS: dict[str, Callable[[int, Path], Any]] = {
    **{name: (lambda r, f, case=case: trained(r, f, case)) for name, case in CASES.items()},
    **{f"saved {n}": (lambda r, f, case=CASES[n]: saved(r, f, case)) for n in SAVED},
    **{
        f"columns {n}": (lambda r, f, case=CASES[n]: columns(r, f, case))
        for n in ("muon_max", "soap", "adafactor")
    },
    "one of two dimensions": lambda r, f: refused(r, f, CASES["muon_max"]),
}


FEW = (
    *("muon_max, stale", "soap, masked", "adafactor", "adafactor, together", "adalomo", "signs"),
    *("saved soap", "columns soap"),
)
"""Of three ranks, where a wave is not full, and a second rank has nothing."""


def main(rank: int, ranks: int, folder: Path) -> None:
    """Go through all checks, and write their results."""
    torch.set_num_threads(1)
    warnings.filterwarnings("error", module="momo")
    dist.init_process_group(
        "gloo",
        init_method=f"file://{folder}/rendezvous",
        rank=rank,
        world_size=ranks,
        timeout=timedelta(seconds=60),
    )
    results: dict[str, Any] = {}
    for name, run in CHECKS.items():
        if ranks > 2 and name not in FEW:
            continue
        try:
            results[name] = run(rank, folder)
        except Exception:
            results[name] = traceback.format_exc()
            break  # the ranks are out of step now
    torch.save(results, folder / f"result-{rank}.pt")
    dist.destroy_process_group()


if __name__ == "__main__":
    import os

    import torch.distributed.checkpoint.state_dict
    import torch.distributed.fsdp

    count, where = int(sys.argv[1]), Path(sys.argv[2])
    for each in range(count):
        if os.fork() == 0:
            main(each, count, where)
            os._exit(0)
    for _ in range(count):
        os.wait()
