# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Gradient accumulation over uneven micro-batches, and clipping: the loss goes with them."""

import torch
from script_digits import accuracy, batches, criterion, names, network, optimizer

from momo.optim import AccumulatedLoss, clip_grad_norm_


def train(name: str, micro: int, max_norm: float = float("inf")):
    model = network()
    opt = optimizer(name, model.parameters())
    accumulated = AccumulatedLoss()
    for epoch in range(3):
        for inputs, targets in batches(epoch):
            opt.zero_grad()
            for x, y in zip(inputs.split(micro), targets.split(micro), strict=True):
                loss = criterion(model(x), y)
                accumulated.add(loss, share=len(x) / len(inputs)).backward()
            loss, _ = clip_grad_norm_(model.parameters(), max_norm, accumulated.take())
            opt.step(loss=loss)
    return model


for name in names():
    parts, whole, clipped = train(name, 25), train(name, 60), train(name, 25, max_norm=0.5)
    scores = [accuracy(model) for model in (parts, whole, clipped)]
    print(f"{name}: {scores[0]:.3f} in parts, {scores[1]:.3f} whole, {scores[2]:.3f} clipped")
    assert min(scores) > 0.8
    # float32 sums in another order, in 60 steps of a network with kinks
    assert abs(scores[0] - scores[1]) < 0.03
    assert not torch.equal(parts[0].weight, clipped[0].weight)
