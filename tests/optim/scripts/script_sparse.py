# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""An embedding with sparse gradients is refused by name, and works with dense ones."""

import sys

import torch

from momo import Momo, MomoAdam

tokens = torch.arange(12).view(3, 4) % 5
for make in (Momo, MomoAdam):
    torch.manual_seed(0)
    embedding = torch.nn.Embedding(5, 3, sparse=True)
    opt = make(embedding.parameters())
    before = embedding.weight.clone()
    loss = (embedding(tokens).sum(-1) - 1).square().mean()
    loss.backward()
    try:
        opt.step(loss=loss)
        sys.exit("a sparse gradient was taken")
    except RuntimeError as error:
        message = str(error)
    print(message)
    assert "sparse=False" in message
    assert torch.equal(embedding.weight, before)

    embedding = torch.nn.Embedding.from_pretrained(before.detach(), freeze=False)
    opt = make(embedding.parameters(), lr=0.1)
    losses = []
    for _ in range(200):
        opt.zero_grad()
        loss = (embedding(tokens).sum(-1) - 1).square().mean()
        loss.backward()
        opt.step(loss=loss)
        losses.append(loss.item())
    print(f"{make.__name__}: {losses[0]:.3f} to {losses[-1]:.1e}")
    assert losses[-1] < 1e-3 * losses[0]
