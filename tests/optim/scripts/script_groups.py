# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Weight decay on the weights alone, a smaller learning rate for the last layer, a frozen layer."""

import torch
from script_digits import accuracy, batches, criterion, names, network, optimizer


def train(name: str, weight_decay: float):
    model = network()
    model[0].bias.requires_grad_(False)
    top = 1.0 if "adam" not in name else 1e-2
    weights = [p for p in model.parameters() if p.ndim > 1]
    biases = [p for p in model.parameters() if p.ndim == 1]
    opt = optimizer(
        name,
        [
            {"params": weights[:1], "weight_decay": weight_decay},
            {"params": weights[1:], "weight_decay": weight_decay, "lr": top / 2},
            {"params": biases, "weight_decay": 0.0},
        ],
        lr=top,
    )
    frozen = model[0].bias.clone()
    for epoch in range(3):
        for inputs, targets in batches(epoch):
            opt.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            opt.step(loss=loss)
    assert torch.equal(frozen, model[0].bias)
    return model


for name in names():
    plain, decayed = train(name, 0.0), train(name, 0.01 if "adam" not in name else 1.0)
    print(f"{name}: {accuracy(plain):.3f} plain, {accuracy(decayed):.3f} decayed")
    assert accuracy(plain) > 0.8
    assert accuracy(decayed) > 0.8
    for layer in (0, 2):
        assert decayed[layer].weight.norm() < 0.93 * plain[layer].weight.norm()
