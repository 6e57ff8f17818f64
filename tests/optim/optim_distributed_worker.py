# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What each of several processes runs, and what a single process does in its place.

A suite is a list of checks that a few processes go through together; each check returns numbers and
tensors, and the tests compare them with a single process and between the ranks. Started as
``python optim_distributed_worker.py SUITE RANKS FOLDER START``.

The problem: a network with two heads, of which a batch may use one, both, or a different one on
each rank. The loss of a rank is a mean over its own samples, that of the single process the mean
of these. All sizes are odd, so that no shard is like the other, and one parameter has one element,
so that some ranks hold nothing of it.
"""

from __future__ import annotations

import copy
import functools
import io
import math
import os
import pickle
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn

from momo.methods import PAPER as METHODS
from momo.methods import Hyperparameters
from momo.optim import MomentumModelOptimizer, Momo, clip_grad_norm_
from momo.optim.state import INDEX, MODEL

STEPS = 12
FIRST, SECOND = range(STEPS // 2), range(STEPS // 2, STEPS)
FEATURES, HIDDEN, TARGETS, SAMPLES = 5, 7, 3, 4
LEFT, RIGHT = frozenset({"left"}), frozenset({"right"})
BOTH = LEFT | RIGHT
HEADS = (LEFT, LEFT, BOTH, RIGHT, BOTH)
"""The heads that the batches use, over and over."""


# ---- the problem ---------------------------------------------------------------------------


class Net(nn.Module):
    """A body and two heads."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.body = nn.Linear(FEATURES, HIDDEN)
        self.left = nn.Linear(HIDDEN, TARGETS)
        self.right = nn.Linear(HIDDEN, TARGETS)
        self.gain = nn.Parameter(torch.ones(1))
        self.double()

    def forward(self, x: Tensor, heads: frozenset[str]) -> Tensor:
        hidden = torch.tanh(self.body(x)) * self.gain
        return torch.stack([getattr(self, head)(hidden) for head in sorted(heads)]).sum(0)


@dataclass(frozen=True)
class Run:
    """How a run goes.

    Attributes
    ----------
    method
        A name in the table of methods.
    apart
        Whether each rank uses the heads that the rank before it uses one step later.
    closure
        Whether every other step is taken with a closure.
    micro
        How many batches the gradient of a step is accumulated over.
    clip
        The largest norm of a gradient, over all ranks.
    spoilt
        At these steps a loss is not finite: by turns NaN on the last rank, inf on the first.
    spoilt_shard
        At these steps one element of a gradient is NaN, on one rank that has it in its shard.
    options
        Further arguments of the optimizer.
    steps
        How many there are.
    """

    method: str
    apart: bool = False
    closure: bool = False
    micro: int = 1
    clip: float = math.inf
    spoilt: tuple[int, ...] = ()
    spoilt_shard: tuple[int, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    steps: int = STEPS

    @property
    def hyperparameters(self) -> Hyperparameters:
        lr = 0.2 if "adam" in self.method else 3.0
        return Hyperparameters(lr=lr, beta=0.8, weight_decay=0.02, beta2=0.9, eps=1e-2, lb=0.1)

    @property
    def arguments(self) -> dict[str, Any]:
        row = METHODS[self.method]
        return {**row.torch_arguments(self.hyperparameters), **dict(self.options)}

    def groups(self, net: nn.Module) -> list[dict[str, Any]]:
        """Return three groups, with different learning rates and decays."""
        lr, named = self.hyperparameters.lr, dict(net.named_parameters())
        return [
            {
                "params": [p for name, p in named.items() if name.endswith("bias")],
                "lr": lr / 2,
                "weight_decay": 0.0,
            },
            {"params": [p for name, p in named.items() if name.endswith("weight")]},
            {"params": [p for name, p in named.items() if name.endswith("gain")], "lr": lr / 4},
        ]

    def optimizer(self, net: nn.Module) -> MomentumModelOptimizer:
        return METHODS[self.method].torch_class()(self.groups(net), **self.arguments)

    def loss(self, net: nn.Module, step: int, rank: int, part: int = 0) -> Tensor:
        """Return a rank's loss."""
        generator = torch.Generator().manual_seed(1000 * step + 10 * rank + part)
        dtype = next(net.parameters()).dtype
        x = torch.randn(SAMPLES, FEATURES, generator=generator, dtype=torch.float64).to(dtype)
        heads = HEADS[(step + rank * self.apart) % len(HEADS)]
        return (net(x, heads) - torch.sin(2 * x[:, :TARGETS]) - 0.5).square().mean()

    def factor(self, step: int, rank: int, ranks: int) -> float:
        """Return by what the loss that the optimizer is told is spoilt."""
        if step in self.spoilt:
            odd = self.spoilt.index(step) % 2
            if odd and rank == 0:
                return math.inf
            if not odd and rank == ranks - 1:
                return math.nan
        return 1.0

    def bound(self, step: int, rank: int) -> dict[str, float]:
        """Return the lower bound that comes with a rank's batch, where the method takes one."""
        return {} if METHODS[self.method].online else {"lb": 0.1 * (1 + rank) + 0.02 * (step % 3)}

    def clipped(self, net: nn.Module, loss: float, lb: float | None = None) -> float:
        """Clip the gradients, and return the loss that goes with them."""
        bound = self.hyperparameters.lb if lb is None else lb
        value, _ = clip_grad_norm_(net.parameters(), self.clip, loss, bound)
        return value.item()


def train(
    run: Run, net: nn.Module, optimizer: Any, rank: int, steps: Iterable[int] | None = None
) -> None:
    """Do the steps, or some of them, as one of several ranks."""
    ranks = dist.get_world_size()
    for step in range(run.steps) if steps is None else steps:

        def gradients(step: int = step) -> float:
            optimizer.zero_grad()
            total = 0.0
            for part in range(run.micro):
                waits = part < run.micro - 1 and hasattr(net, "no_sync")
                with net.no_sync() if waits else nullcontext():
                    loss = run.loss(net, step, rank, part) / run.micro
                    loss.backward()
                total += loss.item()
            if step in run.spoilt_shard and rank == step % ranks:
                net.body.weight.grad.to_local()[0, 0] = math.nan
            if math.isfinite(run.clip):
                total = run.clipped(net, total, **run.bound(step, rank))
            return total * run.factor(step, rank, ranks)

        if run.closure and step % 2:
            optimizer.step(gradients, **run.bound(step, rank))
        else:
            optimizer.step(loss=gradients(), **run.bound(step, rank))


def train_alone(
    run: Run,
    net: nn.Module,
    optimizer: Any,
    steps: Iterable[int] | None = None,
    ranks: int = 2,
    noise: float = 0.0,
    each: Callable[[], None] = lambda: None,
) -> None:
    """Do the steps in one process, on the joined batches.

    ``noise`` perturbs each gradient, by that part of its largest element, and each loss; ``each``
    is called after each step.
    """
    generator = torch.Generator().manual_seed(1)
    for step in range(run.steps) if steps is None else steps:
        optimizer.zero_grad()
        parts = [(rank, part) for rank in range(ranks) for part in range(run.micro)]
        loss = torch.stack([run.loss(net, step, *part) for part in parts]).mean()
        loss.backward()
        for p in net.parameters():
            if noise and p.grad is not None:
                signs = torch.randint(0, 2, p.shape, generator=generator).to(p.dtype) * 2 - 1
                p.grad.add_(signs * p.grad.abs().max(), alpha=noise)
        bounds = [run.bound(step, rank) for rank in range(ranks)]
        bound = {name: sum(b[name] for b in bounds) / ranks for name in bounds[0]}
        value = loss.item() * (1 + noise)
        if math.isfinite(run.clip):
            value = run.clipped(net, value, **bound)
        value *= sum(run.factor(step, rank, ranks) for rank in range(ranks)) / ranks
        optimizer.step(loss=math.nan if step in run.spoilt_shard else value, **bound)
        each()


def parameters(net: nn.Module) -> dict[str, Tensor]:
    """Return the whole parameters, on every rank."""
    return {name.removeprefix("module."): whole(p) for name, p in net.named_parameters()}


def whole(tensor: Tensor) -> Tensor:
    tensor = tensor.detach()
    return (tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor).clone()


def outcome(net: nn.Module, optimizer: MomentumModelOptimizer) -> dict[str, Any]:
    """Return the parameters, what the last step says of itself, and how many were skipped."""
    last = optimizer.last
    return {
        "parameters": parameters(net),
        "last": {} if last is None else last._asdict(),
        "skipped": int(optimizer.skipped),
    }


def models(optimizer: Any) -> list[Tensor]:
    """Return the different tensors that parameters have as the model's numbers."""
    return list({id(entry[MODEL]): entry[MODEL] for entry in optimizer.state.values()}.values())


# ---- what the checks share -----------------------------------------------------------------

Check = Callable[[int, Path], Any]
SUITES: dict[str, dict[str, Check]] = {}


def check(suite: str, *cases: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Put a function of the rank, the folder and a case, if there are any, into a suite."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        into = SUITES.setdefault(suite, {})
        if not cases:
            into[function.__name__] = function
        for case in cases:
            into[f"{function.__name__}[{case}]"] = functools.partial(function, case=case)
        return function

    return register


@contextmanager
def counting() -> Iterator[list[int]]:
    """Collect the size of each message that is summed over ranks."""
    sizes: list[int] = []
    original = dist.all_reduce

    def counted(tensor: Tensor, *args: Any, **kwargs: Any) -> Any:
        sizes.append(tensor.numel())
        return original(tensor, *args, **kwargs)

    dist.all_reduce = counted
    try:
        yield sizes
    finally:
        dist.all_reduce = original


def refusal(action: Callable[[], object]) -> str:
    """Return the error that an action raises, as text."""
    try:
        action()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "nothing was raised"


def as_bytes(state: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


def replicated(net: nn.Module) -> nn.parallel.DistributedDataParallel:
    return nn.parallel.DistributedDataParallel(net, find_unused_parameters=True)


def sharded(net: nn.Module, **options: Any) -> nn.Module:
    """Return the net under FSDP2: the body by itself, the rest with the root."""
    from torch.distributed.fsdp import fully_shard

    fully_shard(net.body, **options)
    return fully_shard(net, **options)


def trained(run: Run, net: nn.Module, rank: int) -> dict[str, Any]:
    """Return what comes of a run, and how many messages the optimizer sent."""
    optimizer = run.optimizer(net)
    with counting() as sizes:
        train(run, net, optimizer, rank)
    return {**outcome(net, optimizer), "messages": len(sizes)}


# ---- replicas ------------------------------------------------------------------------------


def replica_runs(method: str) -> dict[str, Run]:
    return {
        "loss": Run(method, apart=True),
        "accumulated": Run(
            method, closure=True, micro=2, clip=0.5, options=(("foreach", False),), steps=12
        ),
        "spoilt": Run(method, apart=True, closure=True, spoilt=(3, 7, 8), steps=12),
    }


@check("two", *METHODS)
def data_parallel(rank: int, folder: Path, case: str) -> Any:
    return {name: trained(run, replicated(Net()), rank) for name, run in replica_runs(case).items()}


@check("two", *METHODS)
def own_loss(rank: int, folder: Path, case: str) -> Any:
    """The fault: each rank with its own loss."""
    return trained(Run(case, options=(("process_group", False),)), replicated(Net()), rank)


@check("two")
def process_groups(rank: int, folder: Path) -> Any:
    both = dist.new_group([0, 1])
    alone = [dist.new_group([member]) for member in (0, 1)]
    given = {"world": dist.group.WORLD, "both": both, "alone": alone[rank]}
    found: dict[str, Any] = {
        name: trained(Run("momo", options=(("process_group", group),)), replicated(Net()), rank)
        for name, group in given.items()
    }
    params = list(Net().parameters())
    found["not a member"] = refusal(lambda: Momo(params, process_group=alone[1 - rank]))
    return found


@check("two")
def copies(rank: int, folder: Path) -> Any:
    """How many messages a copy sends, and the error of a copy that cannot be made."""

    def messages(optimizer: MomentumModelOptimizer) -> int:
        (p,) = optimizer.param_groups[0]["params"]
        p.grad = torch.ones_like(p)
        with counting() as sizes:
            optimizer.step(loss=float(rank))
        return len(sizes)

    found: dict[str, Any] = {}
    for name, group in (("default", None), ("given", dist.new_group([0, 1])), ("off", False)):
        optimizer = Momo([nn.Parameter(torch.ones(2))], process_group=group)
        found[f"{name}, deepcopy"] = messages(copy.deepcopy(optimizer))
        if name == "given":
            found[f"{name}, pickle"] = refusal(functools.partial(pickle.dumps, optimizer))
        else:
            found[f"{name}, pickle"] = messages(pickle.loads(pickle.dumps(optimizer)))
    return found


@check("two")
def uneven(rank: int, folder: Path) -> Any:
    """Ranks one of which has no gradient, or no loss, in some step: all take the same step."""

    def averages(losses: Sequence[Any], without: Mapping[int, int], **options: Any) -> list[Any]:
        p = nn.Parameter(torch.ones(1, dtype=torch.float64))
        optimizer, found = Momo([p], lr=0.01, **options), []
        for step, given in enumerate(losses):
            p.grad = None if without.get(step) == rank else torch.ones_like(p)
            loss = given[rank] if isinstance(given, tuple) else given
            with counting() as sizes:
                returned = optimizer.step(lambda loss=loss: loss)
            assert returned is loss
            found.append((round(optimizer.last.loss_avg.item(), 12), len(sizes)))
        return [*found, int(optimizer.skipped), p.item() < 1]

    found = {
        "no gradient": averages([1.0, 11.0, 21.0, 31.0], {1: 0, 2: 1}),
        "left out": averages([2.0, (None, 4.0), (6.0, None), 1.0], {1: 0, 2: 1}),
        "clipped": averages([2.0, (None, 4.0), (6.0, None), 1.0], {1: 0, 2: 1}, max_norm=1e6),
    }
    p = nn.Parameter(torch.ones(1))
    optimizer = Momo([p])
    found["all left out"] = [optimizer.step(lambda: None), int(optimizer.skipped), p.item()]
    p.grad = torch.ones(1)
    optimizer.step(loss=3.0)
    found["after that"] = [optimizer.last.loss_avg.item()]
    # Losses that are heard are averaged like those that are given.
    optimizer.zero_grad()
    for share in (0.25, 0.75):
        (share * optimizer.observe((rank + 1.0) * p.square().sum())).backward()
    dist.all_reduce(p.grad)
    p.grad /= 2
    square = p.square().item()
    optimizer.step()
    found["heard"] = [optimizer.last.loss_avg.item() - (0.9 * 3 + 0.1 * 1.5 * square)]
    return found


@check("two")
def small_steps(rank: int, folder: Path) -> Any:
    """Steps in which ranks have to agree although one of them sees nothing unusual."""
    p = nn.Parameter(torch.ones(2))
    optimizer = Momo([p], nonfinite="raise")
    with counting() as sizes:
        optimizer.step(loss=1.0)  # no gradient
    found: dict[str, Any] = {"messages without a gradient": len(sizes)}
    p.grad = torch.ones(2)
    loss = math.nan if rank == 1 else 1.0
    found["raised"] = refusal(lambda: optimizer.step(loss=loss))
    bound = math.inf if rank == 1 else 0.0
    found["raised for the bound"] = refusal(lambda: optimizer.step(loss=1.0, lb=bound))
    found["unmoved"] = torch.equal(p, torch.ones(2))
    return found


# ---- sharded parameters --------------------------------------------------------------------


def shard_runs(method: str) -> dict[str, Run]:
    return {
        "loss": Run(method),
        "accumulated": Run(
            method, closure=True, micro=2, clip=0.5, options=(("foreach", False),), steps=12
        ),
        "spoilt": Run(method, spoilt=(3, 7), spoilt_shard=(8, 9), steps=12),
    }


@check("two", *METHODS)
def fsdp(rank: int, folder: Path, case: str) -> Any:
    return {name: trained(run, sharded(Net()), rank) for name, run in shard_runs(case).items()}


class Narrow(nn.Module):
    """A network of which the first rank holds all there is."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.body = nn.Linear(FEATURES, 1, dtype=torch.float64)

    def forward(self, x: Tensor, heads: frozenset[str]) -> Tensor:
        return torch.tanh(self.body(x))


@check("two", *METHODS)
def fsdp_empty_rank(rank: int, folder: Path, case: str) -> Any:
    run, net = Run(case), sharded(Narrow())
    found = trained(run, net, rank)
    return {**found, "elements": sum(p.to_local().numel() for p in net.parameters())}


@check("two", *METHODS)
def fsdp_mixed_precision(rank: int, folder: Path, case: str) -> Any:
    """Forward and backward in bfloat16; beside it, an optimizer that gets whole gradients."""
    from torch.distributed.fsdp import MixedPrecisionPolicy

    policy = MixedPrecisionPolicy(param_dtype=torch.bfloat16, reduce_dtype=torch.float32)
    run = Run(case, steps=10)
    alone = replace(run, options=(("process_group", False),))
    net, beside = sharded(Net().float(), mp_policy=policy), Net().float()
    optimizer, other = run.optimizer(net), alone.optimizer(beside)
    for step in range(run.steps):
        optimizer.zero_grad()
        loss = run.loss(net, step, rank).float()
        loss.backward()
        for p, q in zip(net.parameters(), beside.parameters(), strict=True):
            q.grad = None if p.grad is None else whole(p.grad)
        optimizer.step(loss=loss, **run.bound(step, rank))
        losses = torch.stack(
            [loss.detach().double(), torch.tensor(run.bound(step, rank).get("lb", 0))]
        )
        dist.all_reduce(losses)
        mean, bound = (losses / dist.get_world_size()).unbind()
        other.step(loss=mean, **({"lb": bound} if run.bound(step, rank) else {}))
    return {
        "parameters": parameters(net),
        "beside": parameters(beside),
        "dtypes": sorted({str(p.grad.dtype) for p in net.parameters() if p.grad is not None}),
    }


OFFLINE = [name for name, row in METHODS.items() if not row.online]
"""Those whose bound, and so the step, depends on no sum while steps are capped."""


@check("two", *OFFLINE)
def fsdp_compensated(rank: int, folder: Path, case: str) -> Any:
    """Parameters of bfloat16 in two parts, in shards and beside them whole, saved and resumed.

    Gradients are given, and every step is capped, so that nothing depends on the order of sums.
    """
    from torch.distributed.checkpoint.state_dict import get_state_dict, set_state_dict
    from torch.distributed.tensor import distribute_tensor

    run = Run(case, options=(("kahan_sum", True),))
    alone = replace(run, options=(*run.options, ("process_group", False)))
    net, beside = sharded(Net().bfloat16()), Net().bfloat16()
    optimizer, other = run.optimizer(net), alone.optimizer(beside)
    for step in range(run.steps):
        generator = torch.Generator().manual_seed(step)
        for p, q in zip(net.parameters(), beside.parameters(), strict=True):
            q.grad = torch.randn(q.shape, generator=generator).bfloat16()
            p.grad = distribute_tensor(q.grad, p.device_mesh, p.placements, src_data_rank=None)
        for each in (optimizer, other):
            each.step(loss=1e9)
        if step == run.steps // 2:
            weights, state = get_state_dict(net, optimizer)
            net = sharded(Net().bfloat16())
            optimizer = run.optimizer(net)
            set_state_dict(net, optimizer, model_state_dict=weights, optim_state_dict=state)

    def rests(of: nn.Module, by: MomentumModelOptimizer) -> dict[str, Tensor]:
        return {name: whole(by.state[p]["compensation"]) for name, p in of.named_parameters()}

    return {
        "parameters": {**parameters(net), "rests": rests(net, optimizer)},
        "beside": {**parameters(beside), "rests": rests(beside, other)},
    }


# ---- DTensors without FSDP -----------------------------------------------------------------


def distributed_copy(net: nn.Module, mesh: Any) -> nn.Module:
    """Return a copy whose parameters are cut by rows, by columns, repeated, and plain."""
    from torch.distributed.tensor import Replicate, Shard, distribute_tensor

    places = {
        "body.weight": Shard(0),
        "body.bias": Shard(0),
        "left.weight": Shard(1),
        "left.bias": Replicate(),
        "right.weight": Shard(0),
        "gain": Replicate(),
    }
    made = copy.deepcopy(net)
    for name, p in net.named_parameters():
        if name in places:
            owner, _, leaf = name.rpartition(".")
            value = distribute_tensor(p.detach().clone(), mesh, [places[name]], src_data_rank=None)
            setattr(made.get_submodule(owner), leaf, nn.Parameter(value))
    return made


def tensor_parallel(rank: int, method: str, place: Callable[[Tensor, Tensor], Tensor]) -> Any:
    """Train a distributed copy with the gradients of a net on each rank.

    ``place`` makes the gradient of a DTensor parameter out of the whole gradient.
    """
    from torch.distributed.device_mesh import init_device_mesh

    run, net = Run(method, steps=12), Net()
    split = distributed_copy(net, init_device_mesh("cpu", (2,)))
    optimizer = run.optimizer(split)
    sent = []
    for step in range(run.steps):
        with torch.no_grad():
            for p, q in zip(net.parameters(), split.parameters(), strict=True):
                p.grad = None
                p.copy_(whole(q))
        loss = torch.stack([run.loss(net, step, r) for r in range(2)]).mean()
        loss.backward()
        for p, q in zip(net.parameters(), split.parameters(), strict=True):
            plain = p.grad is None or not hasattr(q, "placements")
            q.grad = p.grad if plain else place(p.grad, q)
        bounds = [run.bound(step, r) for r in range(2)]
        with counting() as sizes:
            optimizer.step(loss=loss, **{n: sum(b[n] for b in bounds) / 2 for n in bounds[0]})
        sent.append(len(sizes))
    local = {
        n: p.detach().to_local() for n, p in split.named_parameters() if hasattr(p, "to_local")
    }
    return {**outcome(split, optimizer), "local": local, "messages": sent}


@check("two", *METHODS)
def placed_alike(rank: int, folder: Path, case: str) -> Any:
    from torch.distributed.tensor import distribute_tensor

    return tensor_parallel(
        rank, case, lambda g, q: distribute_tensor(g, q.device_mesh, q.placements)
    )


@check("two", *METHODS)
def placed_otherwise(rank: int, folder: Path, case: str) -> Any:
    """Gradients that are whole, or one summand on each rank, whatever the parameter is."""
    from torch.distributed.tensor import DTensor, Partial, Replicate

    def place(grad: Tensor, parameter: Any) -> Tensor:
        mesh = parameter.device_mesh
        if parameter.placements[0].is_shard():
            return DTensor.from_local(grad, mesh, [Replicate()])
        return DTensor.from_local(grad * (0.25 if rank else 0.75), mesh, [Partial()])

    return tensor_parallel(rank, case, place)


@check("two")
def distributed_losses(rank: int, folder: Path) -> Any:
    """f̄ after a step whose loss is a DTensor."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import DTensor, Partial, Replicate

    mesh, found = init_device_mesh("cpu", (2,)), {}
    for name, placement in (("whole", Replicate()), ("summands", Partial())):
        p = nn.Parameter(torch.ones(2))
        p.grad = torch.ones(2)
        optimizer = Momo([p])
        value = torch.tensor(3.0 if name == "whole" else 1.0 + rank)
        optimizer.step(loss=DTensor.from_local(value, mesh, [placement]))
        found[name] = float(optimizer.last.loss_avg)
    return found


@check("two")
def refusals(rank: int, folder: Path) -> Any:
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import DTensor, Partial, Replicate, distribute_tensor

    line, grid = init_device_mesh("cpu", (2,)), init_device_mesh("cpu", (1, 2))

    def step(p: Tensor, grad: Tensor) -> None:
        parameter = nn.Parameter(p)
        parameter.grad = grad
        Momo([parameter]).step(loss=1.0)

    def load(into: Tensor, state_of: Tensor) -> None:
        saved, optimizer = Momo([nn.Parameter(state_of)]), Momo([nn.Parameter(into)])
        for p in saved.param_groups[0]["params"]:
            p.grad = torch.ones_like(p)
        saved.step(loss=1.0)
        optimizer.load_state_dict(saved.state_dict())

    replicated = [Replicate(), Replicate()]
    p = distribute_tensor(torch.ones(4), line, replicated[:1])
    return {
        "whole state into shards": refusal(lambda: load(p, torch.ones(4))),
        "shards into a whole": refusal(lambda: load(torch.ones(4), p)),
        "another mesh": refusal(
            lambda: step(p, distribute_tensor(torch.ones(4), grid, replicated))
        ),
        "summands as a parameter": refusal(
            lambda: step(DTensor.from_local(torch.ones(4), line, [Partial()]), p)
        ),
    }


@check("two")
def tiny_gradient(rank: int, folder: Path) -> Any:
    """A float32 parameter of which the last rank has nothing, beside a float64 one on all ranks.

    ``||d||²`` is a normal number of float64, but not of float32.
    """
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import Shard, distribute_tensor

    mesh = init_device_mesh("cpu", (2,))
    single = nn.Parameter(distribute_tensor(torch.ones(1), mesh, [Shard(0)]))
    double = nn.Parameter(torch.ones(2, dtype=torch.float64))
    single.grad = distribute_tensor(torch.zeros(1), mesh, [Shard(0)])
    double.grad = torch.full((2,), 1e-25, dtype=torch.float64)
    optimizer = Momo([single, double], lr=1e24)
    optimizer.step(loss=1.0)
    return {"double": double.detach(), "last": optimizer.last._asdict()}


# ---- ZeRO-1 --------------------------------------------------------------------------------


def zero(run: Run, net: nn.Module, **options: Any) -> Any:
    """Return the optimizer of a partition over all ranks."""
    from torch.distributed.optim import ZeroRedundancyOptimizer

    arguments = {"shard_group": True, **run.arguments, **options}
    return ZeroRedundancyOptimizer(run.groups(net), METHODS[run.method].torch_class(), **arguments)


def zero_runs(method: str) -> dict[str, Run]:
    return {
        "loss": Run(method, apart=True),
        "spoilt": Run(method, apart=True, closure=True, spoilt=(3, 7, 8), steps=12),
    }


@check("two", *METHODS)
def zero_redundancy(rank: int, folder: Path, case: str) -> Any:
    found = {}
    for name, run in zero_runs(case).items():
        net = replicated(Net())
        optimizer = zero(run, net, parameters_as_bucket_view=name == "spoilt")
        with counting() as sizes:
            train(run, net, optimizer, rank)
        owned = sum(p.numel() for g in optimizer.optim.param_groups for p in g["params"])
        found[name] = {
            **outcome(net, optimizer.optim),
            "messages": len(sizes),
            "owned": owned,
        }
    return found


@check("two", *METHODS)
def zero_schedule(rank: int, folder: Path, case: str) -> Any:
    """Hyper-parameters that change during the run, in the groups that the user sees."""
    run, net = Run(case), replicated(Net())
    optimizer = zero(run, net)
    scheduler = learning_rates(optimizer)
    for step in range(run.steps):
        train(run, net, optimizer, rank, [step])
        scheduler.step()
        cycle(optimizer, step)
    return outcome(net, optimizer.optim)


def learning_rates(optimizer: Any) -> Any:
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + 0.1 * step))


def cycle(optimizer: Any, step: int) -> None:
    """Set β, as OneCycleLR does."""
    beta = 0.8 + 0.15 * math.sin(step)
    for group in optimizer.param_groups:
        if "betas" in group:
            group["betas"] = (beta, group["betas"][1])
        else:
            group["momentum"] = beta


class Single(nn.Module):
    """A network with one parameter, so that one rank has none."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.weight = nn.Parameter(torch.randn(FEATURES, TARGETS, dtype=torch.float64))

    def forward(self, x: Tensor, heads: frozenset[str]) -> Tensor:
        return torch.tanh(x @ self.weight)


@check("two", *METHODS)
def zero_idle_rank(rank: int, folder: Path, case: str) -> Any:
    run, net = Run(case, spoilt=(3, 4)), replicated(Single())
    optimizer = zero(run, net)
    train(run, net, optimizer, rank)
    return outcome(net, optimizer.optim)


@check("two", *METHODS)
def zero_without_gradients(rank: int, folder: Path, case: str) -> Any:
    """A step at which no rank has a gradient."""
    run, net = Run(case), replicated(Net())
    optimizer = zero(run, net)
    train(run, net, optimizer, rank, range(3))
    before = parameters(net)
    optimizer.zero_grad()
    optimizer.step(loss=1e6)
    unmoved = all(
        torch.equal(a, b) for a, b in zip(before.values(), parameters(net).values(), strict=True)
    )
    skipped = int(optimizer.optim.skipped)
    train(run, net, optimizer, rank, range(3, STEPS))
    return {"parameters": parameters(net), "unmoved": unmoved, "skipped": skipped}


@check("two", *METHODS)
def zero_saved(rank: int, folder: Path, case: str) -> Any:
    """Half a run under ZeRO, then the other half in three ways; and from a plain optimizer."""
    run, net = Run(case), replicated(Net())
    optimizer = zero(run, net)
    train(run, net, optimizer, rank, FIRST)
    for to in range(dist.get_world_size()):
        optimizer.consolidate_state_dict(to)
        if rank == to:
            saved = [as_bytes(net.module.state_dict()), as_bytes(optimizer.state_dict())]

    def resumed(make: Callable[[Run, nn.Module], Any], pair: list[bytes]) -> tuple[nn.Module, Any]:
        again = replicated(Net())
        made = make(run, again)
        weights, state = (torch.load(io.BytesIO(b), weights_only=True) for b in pair)
        again.module.load_state_dict(weights)
        made.load_state_dict(state)
        return again, made

    train(run, net, optimizer, rank, SECOND)
    found = {"uninterrupted": parameters(net)}
    ways: dict[str, Callable[[Run, nn.Module], Any]] = {"zero": zero, "plain": Run.optimizer}
    for name, make in ways.items():
        again, made = resumed(make, saved)
        train(run, again, made, rank, SECOND)
        found[name] = parameters(again)
    found["models"] = len(models(made))

    net = replicated(Net())
    plain = run.optimizer(net)
    train(run, net, plain, rank, FIRST)
    saved = [as_bytes(net.module.state_dict()), as_bytes(plain.state_dict())]
    train(run, net, plain, rank, SECOND)
    again, made = resumed(zero, saved)
    train(run, again, made, rank, SECOND)
    found |= {"plain, uninterrupted": parameters(net), "plain to zero": parameters(again)}
    found["steps"] = [int(model[INDEX["steps"]]) for model in models(made.optim)]
    return found


@check("two")
def zero_groups(rank: int, folder: Path) -> Any:
    """A group of one's own, as an argument and as a part of the class."""
    run, net, group = Run("momo"), replicated(Net()), dist.new_group([0, 1])
    from torch.distributed.optim import ZeroRedundancyOptimizer

    refused = refusal(lambda: zero(run, net, shard_group=group))
    made = functools.partial(Momo, shard_group=group, process_group=group, beta=0.8)
    others = {name: v for name, v in run.arguments.items() if name != "beta"}
    optimizer = ZeroRedundancyOptimizer(run.groups(net), made, **others)
    train(run, net, optimizer, rank)
    optimizer.consolidate_state_dict(0)
    return {**outcome(net, optimizer.optim), "refused": refused}


# ---- checkpoints ---------------------------------------------------------------------------


@check("two", *METHODS)
def distributed_checkpoint(rank: int, folder: Path, case: str) -> Any:
    """Half a run, saved and loaded in several ways, and the other half."""
    import torch.distributed.checkpoint as dcp
    from torch.distributed.checkpoint.state_dict import (
        StateDictOptions,
        get_state_dict,
        set_model_state_dict,
        set_optimizer_state_dict,
        set_state_dict,
    )

    run, found = Run(case), {}
    makers: dict[str, Callable[[nn.Module], nn.Module]] = {
        "fsdp": sharded,
        "fsdp, flat": sharded,
        "ddp": replicated,
    }
    for name, make in makers.items():
        flat = name.endswith("flat")
        options = StateDictOptions(flatten_optimizer_state_dict=flat)
        net = make(Net())
        optimizer = run.optimizer(net)
        train(run, net, optimizer, rank, FIRST)
        weights, state = get_state_dict(net, optimizer, options=options)
        path = folder / f"{case} {name}"
        dcp.save({"model": weights, "optimizer": state}, checkpoint_id=path)
        if name == "fsdp":
            gathered = StateDictOptions(full_state_dict=True, cpu_offload=True)
            full = get_state_dict(net, optimizer, options=gathered)
            if rank == 0:
                torch.save(full, folder / f"{case} full.pt")
        train(run, net, optimizer, rank, SECOND)
        found[name] = {"uninterrupted": outcome(net, optimizer)}

        net = make(Net())
        with torch.no_grad():
            for p in net.parameters():
                p.zero_()
        optimizer = run.optimizer(net)
        with counting() as sizes:
            weights, state = get_state_dict(net, optimizer, options=options)
        target = {"model": weights, "optimizer": state}
        dcp.load(target, checkpoint_id=path)
        set_state_dict(
            net,
            optimizer,
            model_state_dict=target["model"],
            optim_state_dict=target["optimizer"],
            options=options,
        )
        train(run, net, optimizer, rank, SECOND)
        found[name] |= {"resumed": outcome(net, optimizer), "messages of the bare step": len(sizes)}

    net = sharded(Net())
    optimizer = run.optimizer(net)
    weights, state = {}, {}
    if rank == 0:
        weights, state = torch.load(folder / f"{case} full.pt", weights_only=True)
    options = StateDictOptions(full_state_dict=True, broadcast_from_rank0=True)
    set_model_state_dict(net, weights, options=options)
    set_optimizer_state_dict(net, optimizer, state, options=options)
    train(run, net, optimizer, rank, SECOND)
    found["fsdp"]["broadcast"] = outcome(net, optimizer)
    return found


FROZEN = ("body.bias", "right.weight")
"""The optimizer's first parameter, and another."""
SINCE = {"from the start": 0, "midway": len(FIRST) // 2, "when it is loaded": len(FIRST)}


@check("two", *METHODS)
def frozen_checkpoint(rank: int, folder: Path, case: str) -> Any:
    """Flat or not by turns: every method is saved both ways, and so is every time of freezing."""
    return frozen_checkpoints(rank, folder, case, list(METHODS).index(case))


@check("two more", *METHODS)
def frozen_checkpoint_the_other_way(rank: int, folder: Path, case: str) -> Any:
    """Flat where the other check is not, and not flat where it is."""
    return frozen_checkpoints(rank, folder, case, list(METHODS).index(case) + 1)


def frozen_checkpoints(rank: int, folder: Path, case: str, turn: int) -> Any:
    """Half a run, some of it with frozen parameters, saved and loaded, and the other half."""
    import torch.distributed.checkpoint as dcp
    from torch.distributed.checkpoint.state_dict import (
        StateDictOptions,
        get_state_dict,
        set_state_dict,
    )

    def freeze(net: nn.Module) -> None:
        for name, p in net.named_parameters():
            p.requires_grad_(name not in FROZEN)

    run, found = Run(case), {}
    for number, (when, since) in enumerate(SINCE.items()):
        flat = bool((turn + number) % 2)
        options = StateDictOptions(flatten_optimizer_state_dict=flat)
        net = sharded(Net())
        optimizer = run.optimizer(net)
        train(run, net, optimizer, rank, range(since))
        freeze(net)
        train(run, net, optimizer, rank, range(since, len(FIRST)))
        weights, state = get_state_dict(net, optimizer, options=options)
        path = folder / f"{case} frozen {when} {flat}"
        dcp.save({"model": weights, "optimizer": state}, checkpoint_id=path)
        train(run, net, optimizer, rank, SECOND)
        uninterrupted = outcome(net, optimizer)

        net = sharded(Net())
        freeze(net)
        optimizer = run.optimizer(net)
        weights, state = get_state_dict(net, optimizer, options=options)
        target = {"model": weights, "optimizer": state}
        dcp.load(target, checkpoint_id=path)
        set_state_dict(
            net,
            optimizer,
            model_state_dict=target["model"],
            optim_state_dict=target["optimizer"],
            options=options,
        )
        train(run, net, optimizer, rank, SECOND)
        found[when] = {
            "uninterrupted": uninterrupted,
            "resumed": outcome(net, optimizer),
            "models": len(models(optimizer)),
        }
    return found


# ---- two-dimensional meshes, for four processes --------------------------------------------


@check("four", *METHODS)
def hybrid(rank: int, folder: Path, case: str) -> Any:
    """Replicas of shards: (replicate, shard)."""
    from torch.distributed.device_mesh import init_device_mesh

    mesh = init_device_mesh("cpu", (2, 2), mesh_dim_names=("replicate", "shard"))
    return {
        "loss": trained(Run(case), sharded(Net(), mesh=mesh), rank),
        "spoilt": trained(Run(case, spoilt=(3, 4)), sharded(Net(), mesh=mesh), rank),
    }


@check("four", *METHODS)
def fsdp_over_tensor_parallel(rank: int, folder: Path, case: str) -> Any:
    """Rows are cut over both dimensions of the mesh; ranks along the second have the same data.

    The gain knows nothing of the second dimension.
    """
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard
    from torch.distributed.tensor import Replicate
    from torch.distributed.tensor.parallel import ColwiseParallel, parallelize_module

    mesh = init_device_mesh("cpu", (2, 2), mesh_dim_names=("data", "tensor"))
    net = Net()
    plan = {name: ColwiseParallel(output_layouts=Replicate()) for name in ("body", "left", "right")}
    parallelize_module(net, mesh["tensor"], plan)
    for layer in net.children():
        fully_shard(layer, mesh=mesh["data"])
    fully_shard(net, mesh=mesh["data"])
    run = Run(case)
    optimizer = run.optimizer(net)
    sent = []
    for step in range(run.steps):
        optimizer.zero_grad()
        loss = run.loss(net, step, mesh.get_local_rank("data"))
        loss.backward()
        with counting() as sizes:
            optimizer.step(loss=loss, **run.bound(step, mesh.get_local_rank("data")))
        sent.append(len(sizes))
    placements = {name: str(p.placements) for name, p in net.named_parameters()}
    return {**outcome(net, optimizer), "messages": sent, "placements": placements}


@check("four", *METHODS)
def zero_saved_by_four(rank: int, folder: Path, case: str) -> Any:
    return zero_saved(rank, folder, case)


# ---- the process ---------------------------------------------------------------------------


def main(suite: str, rank: int, ranks: int, folder: Path, start: int) -> None:
    """Go through a suite from one of its checks on, and write what each returns to its file."""
    torch.set_num_threads(1)
    warnings.filterwarnings("error", module="momo")
    dist.init_process_group(
        "gloo",
        init_method=f"file://{folder}/rendezvous",
        rank=rank,
        world_size=ranks,
        timeout=timedelta(seconds=30),
    )
    for number, (name, run_check) in enumerate([*SUITES[suite].items()][start:]):
        try:
            result = run_check(rank, folder)
        except Exception:
            result = traceback.format_exc()
        torch.save({name: result}, folder / f"result-{rank}-{number}.pt")
        if isinstance(result, str):
            break  # the ranks are out of step now: nothing after this could be trusted
    dist.destroy_process_group()


def fork(suite: str, ranks: int, folder: Path, start: int) -> None:
    """Start the ranks, which share what is imported first."""
    import torch.distributed.checkpoint.state_dict
    import torch.distributed.fsdp
    import torch.distributed.optim
    import torch.distributed.tensor.parallel  # noqa: F401

    for rank in range(ranks):
        if os.fork() == 0:
            with (folder / f"output-{rank}").open("w") as output:
                os.dup2(output.fileno(), 1)
                os.dup2(output.fileno(), 2)
            main(suite, rank, ranks, folder, start)
            return
    for _ in range(ranks):
        os.wait()


if __name__ == "__main__":
    fork(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
