# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The reason for all this: learning rates from 1 to no cap at all, where SGD-M breaks down."""

import math
from functools import partial

import torch
from script_digits import accuracy, batches, criterion, names, network, optimizer


def train(make) -> float:
    model = network()
    opt = make(parameters=model.parameters())
    for epoch in range(3):
        for inputs, targets in batches(epoch):
            opt.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            opt.step(**({} if isinstance(opt, torch.optim.SGD) else {"loss": loss}))
    return accuracy(model)


def sgd(lr: float):
    """The method that a capped step of MoMo is."""
    return lambda parameters: torch.optim.SGD(parameters, lr=lr, momentum=0.9, dampening=0.9)


LRS = [1.0, 100.0]
baseline = [train(sgd(lr)) for lr in LRS]
print("sgd-m:", *(f"{score:.3f}" for score in baseline))
assert baseline[0] > 0.85
assert baseline[-1] < 0.3
for name in names():
    scores = [train(partial(optimizer, name, lr=lr)) for lr in (*LRS, math.inf)]
    print(f"{name}:", *(f"{score:.3f}" for score in scores))
    assert min(scores) > 0.8
