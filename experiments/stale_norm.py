# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the dual norms of the step before do to MuonMax: how far they are off, and the score.

    python -m experiments.stale_norm errors     # of norm, τ, step; three problems
    python -m experiments.stale_norm scores     # with and without, paired by seed
    python -m experiments.stale_norm time       # of a step, paired

`momo.reference.preconditioners.spectral` has the bounds. All draws come from seeds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from momo.optim import MuonMaxMomo

SEEDS = (0, 1, 2, 3, 4)
EVERY = 10
"""Of how many steps one has its bound computed, which takes singular values."""
LR = {"least squares": 0.3, "logistic": 0.3, "cifar10_vit": 0.03}

Batch = Callable[[], Tensor]
"""Makes the gradients of the next batch, and returns its loss."""


# ---- problems ------------------------------------------------------------------------


def least_squares(seed: int) -> tuple[list[nn.Parameter], Iterator[Batch]]:
    """Return ``mean ½||X a - b||²`` over batches of 16, with a common solution; 300 steps."""
    generator = torch.Generator().manual_seed(seed)
    solution, (a,) = (
        torch.randn(30, 20, generator=generator),
        torch.randn(1, 500, 20, generator=generator),
    )
    x = nn.Parameter(torch.zeros(30, 20))

    def batch() -> Tensor:
        rows = a[torch.randint(500, (16,), generator=generator)]
        loss = 0.5 * (rows @ (x - solution).T).square().sum(1).mean()
        loss.backward()
        return loss.detach()

    return [x], iter([batch] * 300)


def logistic(seed: int) -> tuple[list[nn.Parameter], Iterator[Batch]]:
    """Return the logistic loss of 10 classes, a tenth of the labels wrong; 300 batches of 16."""
    generator = torch.Generator().manual_seed(seed)
    a = torch.randn(1000, 20, generator=generator)
    label = (a @ torch.randn(20, 10, generator=generator)).argmax(1)
    wrong = torch.rand(1000, generator=generator) < 0.1
    label = torch.where(wrong, torch.randint(10, (1000,), generator=generator), label)
    x, bias = nn.Parameter(torch.zeros(10, 20)), nn.Parameter(torch.zeros(10))

    def batch() -> Tensor:
        rows = torch.randint(1000, (16,), generator=generator)
        loss = nn.functional.cross_entropy(a[rows] @ x.T + bias, label[rows])
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    return [x, bias], iter([batch] * 300)


class Vit:
    """The small preset of ``cifar10_vit``, as `experiments` trains it, but for the schedule."""

    def __init__(self, seed: int) -> None:
        from experiments.workloads import find

        self.preset = find("cifar10_vit").presets["small"]
        self.task = self.preset.build(None)
        torch.manual_seed(seed)
        self.model, self.seed = self.task.model(), seed

    def problem(self) -> tuple[list[nn.Parameter], Iterator[Batch]]:
        """Return the parameters, and the batches of all epochs."""
        return list(self.model.parameters()), self._batches()

    def _batches(self) -> Iterator[Batch]:
        for epoch in range(self.preset.epochs):
            generator = torch.Generator().manual_seed(1000 * self.seed + epoch)
            order = torch.randperm(len(self.task.train), generator=generator)
            self.model.train()
            for batch in self.task.train.batches(self.preset.batch_size, order):
                yield partial(self._loss, batch)

    def _loss(self, batch: tuple[Tensor, ...]) -> Tensor:
        loss = self.task.loss(self.model, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    @torch.no_grad()
    def score(self) -> float:
        """Return the score on the validation set."""
        self.model.eval()
        assert self.task.validation is not None
        found: float = self.task.evaluate(self.model, self.task.validation, 512).score
        return found


PROBLEMS: dict[str, Callable[[int], tuple[list[nn.Parameter], Iterator[Batch]]]] = {
    "least squares": least_squares,
    "logistic": logistic,
    "cifar10_vit": lambda seed: Vit(seed).problem(),
}


# ---- errors --------------------------------------------------------------------------


def errors(name: str, beta: float, seed: int) -> dict[str, list[float]]:
    """Return the relative errors of every step: of N, of τ, of τ N; and the bound e of some."""
    params, batches = PROBLEMS[name](seed)
    optimizer = MuonMaxMomo(params, lr=LR[name], betas=(beta, 0.95), stale_norm=True)
    matrices = [p for p in params if p.dim() > 1]
    found: dict[str, list[float]] = {"norm": [], "tau": [], "step": [], "bound": []}
    for k, batch in enumerate(batches):
        optimizer.zero_grad()
        loss = batch()
        if k == 0:
            optimizer.step(loss=loss)
            continue
        state = [optimizer.state[p] for p in matrices]
        old = sum(s["dual_norm"].item() for s in state)
        if k % EVERY == 0:
            change, size = (
                sum(float(torch.linalg.svdvals(a.flatten(1)).sum()) for a in each)
                for each in (
                    [p.grad - s["grad_avg"] for p, s in zip(matrices, state, strict=True)],
                    [s["grad_avg"] for s in state],
                )
            )
            found["bound"].append((1 - beta) * change / size)
        optimizer.step(loss=loss)
        new, last = sum(s["dual_norm"].item() for s in state), optimizer.last
        assert last is not None
        tau, cap = float(last.step_size), float(last.cap)
        whole = float(last.dual_norm_sq)
        own = min(cap, float(last.adaptive) * whole / (whole - old**2 + new**2))
        found["norm"].append(abs(new / old - 1))
        if own > 0:
            found["tau"].append(abs(tau / own - 1))
            found["step"].append(abs(tau * old / (own * new) - 1))
    return found


def show_errors() -> None:
    """Print medians and 95th percentiles over all steps of all seeds."""
    print("problem        β     N: median, 95 %   τ               step            bound: median")
    for name in PROBLEMS:
        for beta in (0.9, 0.95):
            runs = [errors(name, beta, seed) for seed in SEEDS[:3]]
            cells = []
            for what in ("norm", "tau", "step"):
                values = np.concatenate([run[what] for run in runs])
                cells.append(f"{np.median(values):.4f}, {np.quantile(values, 0.95):.4f}")
            bound = float(np.median(np.concatenate([run["bound"] for run in runs])))
            print(f"{name:14} {beta:<5} {'  '.join(cells)}  {bound:.3f}", flush=True)


# ---- scores and time -----------------------------------------------------------------


def show_scores() -> None:
    """Print validation scores of ``cifar10_vit`` without and with, and the paired difference."""
    for beta, lr in ((0.95, 0.03), (0.9, 0.03), (0.95, 0.3)):
        pairs = [[score(seed, beta, lr, stale) for stale in (False, True)] for seed in SEEDS]
        found = np.array(pairs)
        apart = found[:, 1] - found[:, 0]
        error = apart.std(ddof=1) / len(apart) ** 0.5
        means = ", ".join(f"{m:.2f}" for m in found.mean(0))
        print(f"β {beta}, lr {lr}: {means}; paired {apart.mean():+.2f} ± {error:.2f}", flush=True)


def score(seed: int, beta: float, lr: float, stale: bool) -> float:
    """Return the validation score of a run at a constant learning rate."""
    vit = Vit(seed)
    params, batches = vit.problem()
    optimizer = MuonMaxMomo(params, lr=lr, betas=(beta, 0.95), stale_norm=stale)
    for batch in batches:
        optimizer.zero_grad()
        optimizer.step(loss=batch())
    return vit.score()


def show_time(rounds: int = 40) -> None:
    """Print the quotient of the CPU times of a step, with over without, side by side."""
    runs = []
    for stale in (False, True):
        params, _ = Vit(0).problem()
        for p in params:
            p.grad = torch.randn(p.shape, generator=torch.Generator().manual_seed(0))
        runs.append(MuonMaxMomo(params, lr=1e-6, stale_norm=stale))
    found = []
    for turn in range(rounds):
        seconds = [0.0, 0.0]
        for index in (0, 1) if turn % 2 else (1, 0):
            start = time.process_time()
            for _ in range(10):
                runs[index].step(loss=1.0)
            seconds[index] = time.process_time() - start
        found.append(seconds)
    ratio = np.array(found[rounds // 10 :])
    low, middle, high = np.quantile(ratio[:, 1] / ratio[:, 0], (0.25, 0.5, 0.75))
    print(f"CPU time of a step, with over without: {middle:.3f} ({low:.3f} – {high:.3f})")
    print(f"a step without: {1e2 * np.median(ratio[:, 0]):.2f} ms")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("errors", "scores", "time"))
    {"errors": show_errors, "scores": show_scores, "time": show_time}[parser.parse_args().what]()


if __name__ == "__main__":
    main()
