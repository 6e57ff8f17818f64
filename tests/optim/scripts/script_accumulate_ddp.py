# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Accumulation under data parallelism, with ``no_sync``: the run of one process on all the data.

``RANK FILE names...`` is one of two processes that meet at a file.
"""

import sys
from contextlib import nullcontext

import torch
import torch.distributed as dist
from script_digits import batches, criterion, network, optimizer
from torch.nn.parallel import DistributedDataParallel

from momo.optim import AccumulatedLoss, clip_grad_norm_

RANKS, STEPS, MICRO = 2, 20, 10
rank, file, *methods = sys.argv[1:]
dist.init_process_group("gloo", init_method=f"file://{file}", rank=int(rank), world_size=RANKS)


def train(name: str, parallel: bool):
    model = network().double()
    opt = optimizer(name, model.parameters(), **({} if parallel else {"process_group": False}))
    replica = DistributedDataParallel(model) if parallel else model
    accumulated = AccumulatedLoss()
    for _, (inputs, targets) in zip(range(STEPS), batches(0), strict=True):
        opt.zero_grad()
        if parallel:
            inputs, targets = (t.chunk(RANKS)[int(rank)] for t in (inputs, targets))
        parts = list(zip(inputs.double().split(MICRO), targets.split(MICRO), strict=True))
        for i, (x, y) in enumerate(parts):
            waits = parallel and i < len(parts) - 1
            with replica.no_sync() if waits else nullcontext():
                loss = criterion(replica(x), y)
                accumulated.add(loss, share=len(x) / len(inputs)).backward()
        loss, _ = clip_grad_norm_(model.parameters(), 1.0, accumulated.take())
        opt.step(loss=loss)
    return model


for name in methods:
    parallel, single = train(name, True), train(name, False)
    # float64 sums in another order, which 20 steps of a network with kinks make larger
    for p, q in zip(parallel.parameters(), single.parameters(), strict=True):
        torch.testing.assert_close(p, q, rtol=1e-9, atol=1e-9)
    print(f"{name}: rank {rank} of {RANKS} is the run of one process")
dist.destroy_process_group()
