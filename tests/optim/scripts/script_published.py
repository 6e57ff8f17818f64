# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The usage that the published package's README shows, with nothing but the import."""

import torch
from sklearn.datasets import load_digits

from momo import Momo, MomoAdam

images, labels = load_digits(return_X_y=True)
X, Y = torch.tensor(images, dtype=torch.float32) / 16, torch.tensor(labels)
criterion = torch.nn.CrossEntropyLoss()


def compute_loss(output, labels):
    loss = criterion(output, labels)
    loss.backward()
    return loss


def new_model():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(64, 48), torch.nn.ReLU(), torch.nn.Linear(48, 10))


def score(model):
    return (model(X[1200:]).argmax(1) == Y[1200:]).float().mean().item()


for make in (
    lambda params: Momo(params, lr=1),
    lambda params: Momo(params, lr=1, weight_decay=1e-4, beta=0.9, bias_correction=True),
    lambda params: Momo(params, 1.0, 0, 0.9, 0.0, False, True),
    lambda params: MomoAdam(params, lr=1e-2),
    lambda params: MomoAdam(params, 1e-2, (0.9, 0.999), 1e-8, 1e-4, 0, True, True),
    lambda params: MomoAdam(params, lr=1e-2, betas=(0.9, 0.999), divide=False, use_fstar=True),
):
    finals = []
    for with_closure in (True, False):
        model = new_model()
        opt = make(model.parameters())
        for step in range(150):
            rows = torch.arange(40 * step, 40 * step + 40) % 1200
            opt.zero_grad()
            output = model(X[rows])
            targets = Y[rows]
            if with_closure:
                closure = lambda: compute_loss(output, targets)  # noqa: B023, E731
                loss = opt.step(closure=closure)
            else:
                loss = compute_loss(output, targets)
                assert opt.step(loss=loss) is loss
            assert loss.item() >= 0
        print(f"{type(opt).__name__}: {score(model):.3f}")
        assert score(model) > 0.8
        finals.append(model)
    for p, q in zip(*(model.parameters() for model in finals), strict=True):
        assert torch.equal(p, q)
