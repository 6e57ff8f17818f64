# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Save a run half-way, and resume it in another process: bit for bit the run that went on.

``first FOLDER names...`` trains, saves half-way, and goes on to the end; ``second FOLDER names...``
resumes what was saved, and compares.
"""

import sys
from pathlib import Path

import torch
from script_digits import accuracy, batches, criterion, network, optimizer

EPOCHS = 6
phase, folder, *methods = sys.argv[1:]


def parts(name: str):
    """With a schedule and a scaler, which are saved beside it."""
    model = network()
    opt = optimizer(name, model.parameters(), weight_decay=1e-3)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, 1, gamma=0.8)
    return model, opt, scheduler, torch.amp.GradScaler("cpu", growth_interval=25)


def train(epochs: range, model, opt, scheduler, scaler) -> None:
    for epoch in epochs:
        for inputs, targets in batches(epoch):
            opt.zero_grad()
            loss = criterion(model(inputs), targets)
            scaler.scale(loss).backward()
            scaler.step(opt, loss=loss)
            scaler.update()
        scheduler.step()


def final(model, opt) -> dict:
    return {"model": model.state_dict(), "opt": opt.state_dict()}


def same(a, b) -> bool:
    if isinstance(a, torch.Tensor):
        return a.dtype == b.dtype and torch.equal(a.nan_to_num(), b.nan_to_num())
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


for name in methods:
    saved, end = Path(folder) / f"{name}.pt", Path(folder) / f"{name}.end.pt"
    run = parts(name)
    if phase == "first":
        train(range(EPOCHS // 2), *run)
        torch.save([part.state_dict() for part in run], saved)
        train(range(EPOCHS // 2, EPOCHS), *run)
        torch.save(final(*run[:2]), end)
        assert accuracy(run[0]) > 0.85, accuracy(run[0])
    else:
        for part, state in zip(run, torch.load(saved, weights_only=True), strict=True):
            part.load_state_dict(state)
        train(range(EPOCHS // 2, EPOCHS), *run)
        assert same(final(*run[:2]), torch.load(end, weights_only=True))
    print(f"{name}: {phase}, {accuracy(run[0]):.3f}")
