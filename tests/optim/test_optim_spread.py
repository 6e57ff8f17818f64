# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Matrices in shards: every step is that of a single process, and so is all that is kept.

Two processes go through all checks of `optim_spread_worker` once, and three through a few.
"""

from __future__ import annotations

import functools
import warnings
from pathlib import Path
from typing import Any

import optim_processes
import optim_spread_worker as worker
import pytest
import torch
from optim_spread_worker import CASES, HALF, SAVED, STEPS, Case, Net
from torch import Tensor

from momo.methods import METHODS
from momo.optim import spread
from momo.optim.settings import preconditioner_of
from momo.optim.spread import Cut, Spread, waves

NOISE = 1e-7
MOST = 1e-12
"""Of numbers of size 1: what is asked for, whatever rounding could do."""


def over(*names: str, check: str = "{}") -> pytest.MarkDecorator:
    """Return the parameters of a test: the cases, and how many ranks go through their check."""
    few = [n for n in names if check.format(n) in worker.FEW]
    three = [pytest.param(n, 3, marks=pytest.mark.slow) for n in few]
    return pytest.mark.parametrize(("name", "ranks"), [*[(n, 2) for n in names], *three])


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spread")


@functools.cache
def processes(ranks: int, folder: Path) -> list[dict[str, Any]]:
    """Return what each rank has found."""
    return optim_processes.results(worker.__file__, str(ranks), ranks, folder)


def found(name: str, ranks: int, folder: Path) -> list[Any]:
    """Return what the ranks have found in a check."""
    return optim_processes.of_check(name, processes(ranks, folder))


@functools.cache
def alone(case: Case, ranks: int, noise: float = 0.0) -> dict[str, Any]:
    """Return what a single process makes of the run."""
    net = Net()
    optimizer = case.optimizer(net)
    worker.train_alone(case, net, optimizer, ranks, range(STEPS), noise)
    return worker.outcome(net, optimizer)


def apart(a: dict[str, Tensor], b: dict[str, Tensor]) -> float:
    """Return by how much tensors of the same names differ, over the size of the largest."""
    assert a.keys() == b.keys()
    size = max(float(one.abs().max()) for one in b.values())
    return max(float((a[n] - b[n]).abs().max()) for n in b) / size


@functools.cache
def rounding(case: Case, ranks: int) -> float:
    """Return by how much rounding can move a run, but no more than `MOST`.

    No sum has more terms than the 86 numbers of the largest matrix and what is multiplied with it,
    so gradients and products are within 86 u of their largest term; the response of the run to
    noise on its gradients is measured, as in `test_optim_distributed`.
    """
    clean, noisy = (alone(case, ranks, noise)["parameters"] for noise in (0.0, NOISE))
    return min(MOST, max(apart(noisy, clean) / NOISE * 86 * 2.0**-53, 2.0**-46))


# ---- steps ---------------------------------------------------------------------------------------


@over(*CASES)
def test_shards_go_the_way_of_one_process(name: str, ranks: int, folder: Path) -> None:
    """Parameters, all that is kept, and the numbers of the last step; on all ranks alike."""
    case, results = CASES[name], found(name, ranks, folder)
    expected, within = alone(case, ranks), rounding(case, ranks)
    assert apart(results[0]["parameters"], expected["parameters"]) <= within
    kept = {n: v.double() for n, v in expected["state"].items()}
    ours = {n: v.double() for n, v in results[0]["state"].items()}
    # A basis of an eigenvalue that is nearly another's turns by more than what it is made of.
    bases = [n for n in kept if n.endswith("_basis")]
    for n in kept:
        many = 1e3 if n in bases else 10
        assert apart({n: ours[n]}, {n: kept[n] + 1e-300}) <= many * MOST, n
    for n, value in expected["last"].items():
        assert results[0]["last"][n] == pytest.approx(value, rel=10 * MOST, nan_ok=True)
    assert all(one["skipped"] == len(case.spoilt) for one in (*results, expected))
    for other in results[1:]:
        assert all(
            map(torch.equal, results[0]["parameters"].values(), other["parameters"].values())
        )


@over(*CASES)
def test_each_rank_keeps_its_part_alone(name: str, ranks: int, folder: Path) -> None:
    """No number is kept twice, and none of a rank is more than a share, rounded up, of each."""
    results, whole = found(name, ranks, folder), alone(CASES[name], ranks)["state"]
    tensors = [v for n, v in whole.items() if not n.endswith("memory_weight")]
    assert sum(one["kept"] for one in results) == sum(v.numel() for v in tensors)
    most = sum(-(-v.shape[0] // ranks) * v[0].numel() for v in tensors)
    assert all(one["kept"] <= most for one in results)


@over("muon_adam", "muon_max", "soap", "adafactor", "soap, together")
def test_what_is_sent(name: str, ranks: int, folder: Path) -> None:
    """There d, and with a memory that and g; back the direction and the memory: once a step."""
    case, results = CASES[name], found(name, ranks, folder)
    net = Net()
    optimizer = case.optimizer(net)
    named = dict(net.named_parameters())
    method = optimizer.method({**optimizer.defaults, "beta": 0.9})
    whole = {n: preconditioner_of(method, p.shape) for n, p in named.items()}
    total, fewest, most = 0, 0, 0
    for step in set(range(STEPS)) - set(case.spoilt):  # of a step that is skipped nothing is sent
        heads = worker.HEADS[step % len(worker.HEADS)]
        present = [
            n
            for n, how in whole.items()
            if not how.elementwise
            and (n.split(".")[0] in heads or n.split(".")[0] not in ("left", "right"))
        ]
        for group in (True, False):
            for kind in {id(whole[n]) for n in present}:
                own = [n for n in present if n.startswith("left") is group and id(whole[n]) == kind]
                fewest, most = fewest + 2 * bool(own), most + 2 * -(-len(own) // ranks)
        for n in present:
            p = named[n]
            memory = sum(torch.Size(s).numel() for s in whole[n].memory(tuple(p.shape)).values())
            # Every rank but the one that works on it sends what it has: at most all.
            total += (3 if memory else 2) * p.numel() + 2 * memory
            total += (ranks - 1) if method.product is not None else 0
    assert all(fewest <= len(one["sent"]) <= most for one in results)
    if case.together > 100:  # of a group, a rank gets all that is there
        assert len(results[0]["sent"]) == fewest
    sent = sum(there for one in results for there, _ in one["sent"])
    received = sum(back for one in results for _, back in one["sent"])
    assert 0 < sent == received <= total


@over("muon_max", "soap", "adafactor", check="columns {}")
def test_columns_are_cut_as_well(name: str, ranks: int, folder: Path) -> None:
    results = found(f"columns {name}", ranks, folder)
    params = [torch.nn.Parameter(one) for one in worker.wide()]
    optimizer: Any = METHODS[CASES[name].method].torch_class()(params, lr=0.1)  # type: ignore[arg-type]
    for step in range(3):
        for p, g in zip(params, worker.wide(step + 1), strict=True):
            p.grad = g
        optimizer.step(loss=3.0)
    for result in results:
        for ours, p in zip(result, params, strict=True):
            torch.testing.assert_close(ours, p.detach(), rtol=0, atol=MOST)


# ---- saved and loaded ----------------------------------------------------------------------------


@over(*SAVED, check="saved {}")
@pytest.mark.parametrize("way", ["by_checkpoint", "by_state_dict", "by_whole_state"])
def test_a_run_goes_on_as_it_would_have(name: str, way: str, ranks: int, folder: Path) -> None:
    """Bit for bit: nothing is lost, and nothing depends on who works on what."""
    for result in found(f"saved {name}", ranks, folder):
        ours, theirs = result[way], result["uninterrupted"]
        for kind in ("parameters", "state"):
            assert ours[kind].keys() == theirs[kind].keys()
            assert all(map(torch.equal, ours[kind].values(), theirs[kind].values()))


@over(*SAVED, check="saved {}")
def test_a_single_process_goes_on(name: str, ranks: int, folder: Path) -> None:
    """It loads the distributed checkpoint, whose parts are those of any number of ranks."""
    import torch.distributed.checkpoint as dcp
    from torch.distributed.checkpoint.state_dict import get_state_dict, set_state_dict

    case, results = CASES[name], found(f"saved {name}", ranks, folder)
    net = Net()
    optimizer = case.optimizer(net)
    target = dict(zip(("model", "optimizer"), get_state_dict(net, optimizer), strict=True))
    path = folder / str(ranks) / f"checkpoint {case.method}"
    with warnings.catch_warnings():  # dcp warns that there is one process
        warnings.simplefilter("ignore", UserWarning)
        dcp.load(target, checkpoint_id=path, no_dist=True)
    set_state_dict(
        net,
        optimizer,
        model_state_dict=target["model"],
        optim_state_dict=target["optimizer"],
    )
    worker.train_alone(case, net, optimizer, ranks, range(HALF, STEPS))
    ours = worker.outcome(net, optimizer)
    theirs = results[0]["uninterrupted"]
    assert apart(ours["parameters"], theirs["parameters"]) <= rounding(case, ranks)


# ---- what is refused -----------------------------------------------------------------------------


def test_a_dimension_of_one_rank_does_not_count(folder: Path) -> None:
    for result in found("one of two dimensions", 2, folder):
        assert torch.isfinite(result).all()
        assert not torch.equal(result, torch.ones_like(result))


def test_the_waves_of_a_few_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once, what takes longest first; small ones together, in the place of one."""
    monkeypatch.setattr(spread, "TOGETHER", 0)
    shapes = [(3,), (8, 8), (5,), (8, 8), (64,), (2, 16), (40, 1), (9, 1), (8, 8)]
    items: list[Any] = [
        Spread(None, None, (Cut(shape, 0),), ())  # type: ignore[arg-type]
        for shape in shapes
    ]
    place = {id(item): n for n, item in enumerate(items)}

    def numbered(ranks: int) -> list[list[list[int]]]:
        return [[[place[id(one)] for one in part] for part in wave] for wave in waves(items, ranks)]

    # 64 numbers of 8 × 8 take 512 operations; 64 of a vector as many as 32 of 2 × 16: 64.
    assert numbered(2) == [[[1], [3]], [[8], [4]], [[5], [6]], [[7], [2, 0]]]
    assert numbered(8) == [[[1], [3], [8], [4], [5], [6, 7, 2, 0]]]
    assert waves([], 2) == []
    monkeypatch.setattr(spread, "TOGETHER", 70)
    assert numbered(2) == [[[1], [3]], [[8], [4]], [[5], [6, 7, 2, 0]]]
    monkeypatch.setattr(spread, "TOGETHER", 1000)
    assert numbered(2) == [[[1, 3, 8, 4, 5, 6, 7, 2, 0]]]


def test_the_parts_of_a_cut_are_those_of_chunks() -> None:
    for size in range(8):
        for ranks in (1, 2, 3, 4):
            chunks = torch.ones(2, size).chunk(ranks, 1) if size else ()
            sizes = [chunk.shape[1] for chunk in chunks] + [0] * (ranks - len(chunks))
            assert [part[1] for part in Cut((2, size), 1).parts(ranks)] == sizes
