# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Train a network on digits: with a closure, and with the loss. Both give the same network."""

import torch
from script_digits import accuracy, batches, criterion, names, network, optimizer


def train(name: str, closures: bool) -> torch.nn.Module:
    model = network()
    opt = optimizer(name, model.parameters())
    for epoch in range(3):
        for inputs, targets in batches(epoch):

            def closure():
                opt.zero_grad()
                loss = criterion(model(inputs), targets)  # noqa: B023
                loss.backward()
                return loss

            if closures:
                opt.step(closure)
            else:
                loss = closure()
                opt.step(loss=loss)
    return model


for name in names():
    models = [train(name, closures) for closures in (True, False)]
    score = accuracy(models[0])
    print(f"{name}: {score:.3f}")
    assert score > 0.85
    for p, q in zip(*(model.parameters() for model in models), strict=True):
        assert torch.equal(p, q)
