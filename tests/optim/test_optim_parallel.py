# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every method under DDP, FSDP2, HSDP, tensor parallelism, ZeRO-1 and in a pipeline, briefly.

The processes go through all checks of `optim_interoperability_worker` once; every run is that of
one process on all batches. `test_optim_distributed` and `test_optim_spread` look closer.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import optim_interoperability_worker as worker
import optim_processes
import pytest
import torch
from optim_interoperability_worker import FEW, OF_MATRICES, OF_WAY, RANKS, STAGED
from torch import nn
from torch.distributed.fsdp._common_utils import _set_fsdp_flattened

from momo import Momo

NOISE = 1e-7
TERMS = 51
"""How many numbers the network has: no sum of a step has more terms."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parallel")


@functools.cache
def processes(suite: str, folder: Path) -> list[dict[str, Any]]:
    """Return what each rank has found."""
    return optim_processes.results(worker.__file__, suite, RANKS[suite], folder)


def found(check: str, suite: str, folder: Path) -> list[Any]:
    """Return what the ranks have found in a check."""
    return optim_processes.of_check(check, processes(suite, folder))


@functools.cache
def alone(name: str, ranks: int) -> tuple[torch.Tensor, float]:
    """Return where one process comes, and by how much rounding could move it.

    Sums have at most `TERMS` terms, and so each gradient is off by at most that many roundings of
    its largest; what comes of it is measured with `NOISE` on gradients and losses.
    """
    clean, noisy = (worker.alone(name, ranks, noise) for noise in (0.0, NOISE))
    gap = float((noisy - clean).abs().max()) / NOISE * TERMS * 2.0**-53
    return clean, max(gap, TERMS * 2.0**-53)


def over(names: list[str]) -> pytest.MarkDecorator:
    """Return the parameters of a test: those that are not of the few are slow."""
    return pytest.mark.parametrize(
        ("name", "suite"),
        [
            (name, "few") if name in FEW else pytest.param(name, "others", marks=pytest.mark.slow)
            for name in names
        ],
    )


def check(way: str, name: str, suite: str, folder: Path) -> None:
    """Raise unless all ranks came to where one process does."""
    expected, tolerance = alone(name, RANKS[suite])
    assert tolerance < 1e-9
    for result in found(f"{way} {name}", suite, folder):
        assert float((result - expected).abs().max()) <= tolerance


@over(OF_WAY["replicas"])
def test_every_method_goes_with_ddp(name: str, suite: str, folder: Path) -> None:
    check("replicas", name, suite, folder)


@over(OF_WAY["shards"])
def test_every_method_goes_with_fsdp2(name: str, suite: str, folder: Path) -> None:
    check("shards", name, suite, folder)


@over(OF_WAY["tensor_parallel"])
def test_every_method_goes_with_tensor_parallelism(name: str, suite: str, folder: Path) -> None:
    check("tensor_parallel", name, suite, folder)


@over(OF_WAY["partitions"])
def test_every_method_but_one_goes_with_zero(name: str, suite: str, folder: Path) -> None:
    check("partitions", name, suite, folder)


@pytest.mark.slow
@pytest.mark.parametrize("name", OF_MATRICES)
def test_methods_of_matrices_go_with_hsdp(name: str, folder: Path) -> None:
    check("replicated_shards", name, "four", folder)


@pytest.mark.parametrize("name", STAGED)
def test_a_pipeline_whose_stages_share_the_step_is_one_model(name: str, folder: Path) -> None:
    check("stages", name, "few", folder)


@pytest.mark.parametrize("way", ["partitions", "stages"])
def test_unsaid_each_rank_steps_by_its_own_part_alone(way: str, folder: Path) -> None:
    """What the tables warn of: without ``shard_group=True`` it is another method."""
    for result in found(f"{way} unsaid", "few", folder):
        assert float((result - alone("momo", 2)[0]).abs().max()) > 1e-2


def test_what_does_not_go_together_is_refused(folder: Path) -> None:
    for said in found("refused", "few", folder):
        assert said["overlap"].startswith("ValueError: Using `ddp_with_overlap=True` requires")
        for name in ("product", "product of stages"):
            assert said[name].startswith("ValueError: parameter 0 of param_groups[0] is one of")
            assert "partitioned over ranks; allowed with a product of norms" in said[name]


@pytest.mark.parametrize("options", [{}, {"process_group": False}])
def test_parameters_of_fsdp1_are_refused(options: dict[str, Any]) -> None:
    """They are parts that do not say so; torch wraps none without an accelerator."""
    p = nn.Parameter(torch.ones(3))
    _set_fsdp_flattened(p)
    p.grad = torch.ones(3)
    with pytest.raises(ValueError, match=r"parameter 0 of .*\(FSDP1\); allowed: .*fully_shard"):
        Momo([p], **options).step(loss=1.0)
    assert torch.equal(p, torch.ones(3))
