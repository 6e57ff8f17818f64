# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Mixed precision on the CPU: bfloat16 autocast, and float16 autocast with a scaler."""

from itertools import pairwise

import torch
from script_digits import accuracy, batches, criterion, names, network, optimizer

from momo.optim import Recorder, clip_grad_norm_


def bfloat16(name: str):
    model = network()
    opt = optimizer(name, model.parameters())
    for epoch in range(4):
        for inputs, targets in batches(epoch):
            opt.zero_grad()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = criterion(model(inputs), targets)
            loss.backward()
            opt.step(loss=loss)
    assert opt.skipped == 0
    return model


def float16(name: str):
    model = network()
    opt = optimizer(name, model.parameters())
    # So large that the first gradients overflow: the scaler leaves these steps out.
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**26, growth_interval=30)
    skipped, scales = 0, [scaler.get_scale()]
    recorder = Recorder(opt)
    for epoch in range(4):
        for inputs, targets in batches(epoch):
            opt.zero_grad()
            with torch.autocast("cpu", dtype=torch.float16):
                loss = criterion(model(inputs), targets)
            scaler.scale(loss).backward()
            scaler.unscale_(opt)
            loss, _ = clip_grad_norm_(model.parameters(), 1.0, loss)
            before = [p.clone() for p in model.parameters()]
            scaler.step(opt, loss=loss)
            scaler.update()
            scales.append(scaler.get_scale())
            if scales[-1] < scales[-2]:
                skipped += 1
                assert all(map(torch.equal, before, model.parameters()))
    steps = len(recorder.to_numpy()["step"])
    assert skipped > 1
    assert steps + skipped == len(scales) - 1
    assert any(b > a for a, b in pairwise(scales)), scales
    assert opt.skipped == 0
    return model


for name in names():
    scores = [accuracy(train(name)) for train in (bfloat16, float16)]
    print(f"{name}: bfloat16 {scores[0]:.3f}, float16 {scores[1]:.3f}")
    assert min(scores) > 0.8
