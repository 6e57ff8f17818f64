# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Schedules: OneCycleLR, which cycles the momentum as well, and a cosine to 0; with a recorder."""

import numpy as np
import torch
from script_digits import accuracy, batches, criterion, names, network, optimizer
from torch.optim.lr_scheduler import CosineAnnealingLR, OneCycleLR

from momo.optim import Recorder

EPOCHS, STEPS = 5, 20


def train(name: str, schedule):
    model = network()
    opt = optimizer(name, model.parameters())
    top = opt.param_groups[0]["lr"]
    scheduler = schedule(opt, top)
    expected = []
    with Recorder(opt) as recorder:
        for epoch in range(EPOCHS):
            for inputs, targets in batches(epoch):
                expected.append(opt.param_groups[0]["lr"])
                opt.zero_grad()
                loss = criterion(model(inputs), targets)
                loss.backward()
                opt.step(loss=loss)
                scheduler.step()
    rows = recorder.to_numpy()
    assert rows["lr"].tolist() == expected
    assert rows["step"].tolist() == list(range(1, EPOCHS * STEPS + 1))
    assert (rows["step_size"] <= rows["cap"]).all()
    assert rows["loss"][-STEPS:].mean() < rows["loss"][:STEPS].mean() / 3
    return model, opt, rows


for name in names():
    model, opt, rows = train(
        name, lambda opt, top: OneCycleLR(opt, max_lr=top, total_steps=EPOCHS * STEPS + 1)
    )
    one_cycle = accuracy(model)
    assert rows["lr"].argmax() > 20

    model, opt, rows = train(name, lambda opt, top: CosineAnnealingLR(opt, EPOCHS * STEPS))
    cosine = accuracy(model)
    assert (np.diff(rows["lr"]) < 0).all()
    assert opt.param_groups[0]["lr"] == 0
    before = [p.clone() for p in model.parameters()]
    inputs, targets = next(batches(EPOCHS))
    loss = criterion(model(inputs), targets)
    loss.backward()
    opt.step(loss=loss)
    for p, q in zip(before, model.parameters(), strict=True):
        assert torch.equal(p, q)

    print(f"{name}: one cycle {one_cycle:.3f}, cosine {cosine:.3f}")
    assert min(one_cycle, cosine) > 0.85
