# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Measure what releasing gradients saves and costs, and by how much its stale form errs.

python -m scripts.gradient_release memory   # a network of 50 million numbers: minutes, 1.5 GB
python -m scripts.gradient_release stale    # worst cases, small problems, a small network

Tables go to the terminal. Everything that is drawn comes from seeds.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from math import inf, sqrt
from typing import Any

import numpy as np
import torch
from scipy import stats
from torch import Tensor, nn
from torch.nn import functional

from momo.optim import GradientRelease, Momo, MomoAdaLomo, MomoAdam

Make = Callable[..., Any]

# ---- memory and time -----------------------------------------------------------------------------

LAYERS, WIDTH, BATCH, STEPS = 12, 2048, 32, 5
OPTIMIZERS: dict[str, Make] = {
    "momo, β = 0": partial(Momo, beta=0.0),
    "momo, β = 0.9": partial(Momo, beta=0.9),
    "momo_adam, β1 = 0.9": MomoAdam,
    "momo_adalomo, β = 0": partial(MomoAdaLomo, beta=0.0),
}
WAYS = ("ordinary", "one by one", "exact", "averaged", "stale")


def network() -> nn.Sequential:
    """Return a network of 50 million numbers."""
    torch.manual_seed(0)
    layers = [nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.ReLU()) for _ in range(LAYERS)]
    return nn.Sequential(*layers)


def peak_rss() -> float:
    """Return the largest resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one(name: str, way: str) -> str:
    """Return a row: MB of gradients at a time, of the process beyond the network, CPU ms a step."""
    net = network()
    x, y = torch.randn(2, BATCH, WIDTH, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():  # what libraries allocate once is not a step's
        functional.mse_loss(net(x), y)
    peak, params = [0], list(net.parameters())

    def note(p: Tensor) -> None:
        peak[0] = max(peak[0], sum(q.grad.nbytes for q in params if q.grad is not None))

    for p in params:
        p.register_post_accumulate_grad_hook(note)  # type: ignore[no-untyped-call]
    path = {"foreach": False, "fused": False} if way == "one by one" else {}
    optimizer = OPTIMIZERS[name](params, **path)
    release = GradientRelease(optimizer, way) if way in WAYS[2:] else None  # type: ignore[arg-type]
    before, times = peak_rss(), []  # what an optimizer loads of torch is not a step's either
    for _ in range(STEPS):
        begin = time.process_time()
        loss = functional.mse_loss(net(x), y)
        if release is None:
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step(loss=loss)
        else:
            release.step(loss)
        times.append(time.process_time() - begin)
    cells = (peak[0] / 2**20, peak_rss() - before, 1e3 * min(times))
    return f"| {name} | {way} | " + " | ".join(f"{cell:.0f}" for cell in cells) + " |"


ENV = {**os.environ, "MALLOC_MMAP_THRESHOLD_": str(2**20), "OMP_NUM_THREADS": "1"}
"""Large tensors are given back when they are freed, and not kept for others; one thread."""


def fits(name: str, way: str) -> bool:
    """Return whether a form goes with an optimizer."""
    without = name.endswith("β = 0")
    return way != ("averaged" if without else "stale")


def memory() -> None:
    """Print a table; each row is measured in a process of its own."""
    print("| optimizer | way | gradients, MB | process, MB | CPU ms a step |\n|" + " --- |" * 5)
    for name in OPTIMIZERS:
        for way in WAYS:
            if fits(name, way):
                command = [sys.executable, "-m", "scripts.gradient_release", "one", name, way]
                made = subprocess.run(command, check=True, capture_output=True, text=True, env=ENV)
                print(made.stdout, flush=True)


# ---- the stale form: functions -------------------------------------------------------------------

Oracle = Callable[[int, Tensor], tuple[float, Tensor]]


def steps(
    form: Any, start: Any, oracle: Oracle, count: int, lr: float, lb: float
) -> Iterator[tuple[float, float]]:
    """Yield the loss, before each step, and the ratio of the step size to the exact one."""
    x = nn.Parameter(torch.tensor(list(start), dtype=torch.float64))
    with GradientRelease(Momo([x], lr=lr, beta=0.0, lb=lb), form) as release:
        for k in range(count):
            value, grad = oracle(k, x.detach())
            release.step(value + (grad * (x - x.detach())).sum())
            yield value, release.ratio


def worst_cases() -> None:
    """Print the best gap of exact and stale steps on the functions that are made to be hard."""
    from theory.hard import listed

    print("| made for β = 0, α = ∞ | K | exact | stale |\n|" + " --- |" * 4)
    for made in listed().values():
        setting = made.setting
        if setting.beta != 0 or setting.lr != inf or setting.averaging != "from_first":
            continue
        hard = made.build()

        def oracle(k: int, x: Tensor, hard: Any = hard) -> tuple[float, Tensor]:
            piece = hard.pieces[hard.order[k % len(hard.order)]]
            value, grad = piece.below(x.numpy())
            return float(value), torch.tensor(grad)

        gaps = []
        for form in ("exact", "stale"):
            found = steps(form, hard.start, oracle, setting.iterations, inf, hard.level)
            gaps.append(min(value for value, _ in found) - hard.level)
        print(f"| {made.name} | {setting.iterations} | {gaps[0]:.3g} | {gaps[1]:.3g} |")


FAR = 1e9
"""A loss at which a run has diverged."""


def rows_of(spread: float, seed: int, n: int = 20, count: int = 40) -> tuple[Any, Any]:
    """Return rows and right sides of consistent equations; norms of rows differ by ``spread``."""
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((count, n))
    rows *= spread ** rng.uniform(-0.5, 0.5, (count, 1)) / np.linalg.norm(rows, axis=1)[:, None]
    return rows, rows @ rng.standard_normal(n)


def least_squares(spread: float, lr: float, form: str, seed: int, count: int = 500) -> Any:
    """Return the last distance to the solution over the first, and the ratios of step sizes."""
    rows, right = rows_of(spread, seed)
    order = np.random.default_rng([seed, 1]).integers(len(rows), size=count)
    solution = np.linalg.lstsq(rows, right, rcond=None)[0]
    end = torch.zeros(rows.shape[1], dtype=torch.float64)

    def oracle(k: int, x: Tensor) -> tuple[float, Tensor]:
        end.copy_(x)
        a = rows[order[k]]
        r = float(a @ x.numpy() - right[order[k]])
        return 0.5 * r * r, torch.tensor(r * a)

    found = []
    for loss, ratio in steps(form, [0.0] * rows.shape[1], oracle, count, lr, 0.0):
        found.append(ratio)
        if loss > FAR:
            return inf, found
    return float(np.linalg.norm(end.numpy() - solution) / np.linalg.norm(solution)), found


def functions() -> None:
    """Print how far exact and stale steps come on small problems."""
    print("| least squares: rows' norms differ by | α | exact | stale | τ/τ exact, median | 95 % |")
    print("|" + " --- |" * 6)
    for spread in (1.0, 10.0, 100.0):
        for lr in (inf, 2.0 / spread):
            exact, stale, ratios = [], [], []
            for seed in range(5):
                exact.append(least_squares(spread, lr, "exact", seed)[0])
                distance, found = least_squares(spread, lr, "stale", seed)
                stale.append(distance)
                ratios += [ratio for ratio in found if np.isfinite(ratio)]
            middle, high = np.quantile(ratios, (0.5, 0.95)) if ratios else (np.nan, np.nan)
            print(
                f"| {spread:g} | {lr:g} | {np.median(exact):.2g} | {np.median(stale):.2g}"
                f" | {middle:.2g} | {high:.2g} |"
            )


# ---- the stale form: a network -------------------------------------------------------------------

CASES: tuple[tuple[str, Make, tuple[float, ...]], ...] = (
    ("momo", partial(Momo, beta=0.0), (0.1, 1.0, 10.0)),
    ("momo_adam", partial(MomoAdam, betas=(0.0, 0.999)), (1e-3, 1e-2, 1e-1)),
    ("momo_adalomo", partial(MomoAdaLomo, beta=0.0), (3e-2, 1e-1, 1.0)),
)


def trained(make: Make, lr: float, form: Any, seed: int, epochs: int = 8) -> Any:
    """Return the mean training loss at the end, the curve, and the ratios of the step sizes."""
    from sklearn.datasets import load_digits

    images, labels = (torch.tensor(a) for a in load_digits(return_X_y=True))
    images = images.float() / 16
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(64, 100), nn.ReLU(), nn.Linear(100, 10))
    draw, curve, ratios = torch.Generator().manual_seed(seed), [], []
    with GradientRelease(make(net.parameters(), lr=lr), form) as release:
        for _ in range(epochs):
            for batch in torch.split(torch.randperm(len(images), generator=draw), 32):
                loss = functional.cross_entropy(net(images[batch]), labels[batch])
                release.step(loss)
                ratios.append(release.ratio)
            with torch.no_grad():
                curve.append(functional.cross_entropy(net(images), labels).item())
    return curve, ratios


def paired() -> None:
    """Print final training losses of exact and stale steps, five seeds, paired."""
    print("| digits, 8 epochs | α | exact | stale | stale - exact, 95 % | τ/τ exact | 95 % | max |")
    print("|" + " --- |" * 8)
    for name, make, lrs in CASES:
        for lr in lrs:
            ends: dict[str, list[float]] = {"exact": [], "stale": []}
            ratios: list[float] = []
            for seed in range(5):
                for form, found in ends.items():
                    curve, own = trained(make, lr, form, seed)
                    found.append(curve[-1])
                    ratios += [r for r in own if np.isfinite(r)] if form == "stale" else []
            gaps = np.subtract(ends["stale"], ends["exact"])
            half = stats.t.ppf(0.975, 4) * gaps.std(ddof=1) / sqrt(5)
            middle, high, most = np.quantile(ratios, (0.5, 0.95, 1.0))
            means = [statistics.fmean(found) for found in ends.values()]
            print(
                f"| {name} | {lr:g} | {means[0]:.3g} | {means[1]:.3g} | {gaps.mean():.2g}"
                f" ± {half:.2g} | {middle:.2g} | {high:.2g} | {most:.2g} |",
                flush=True,
            )


def stale() -> None:
    """Print all of the stale form."""
    for table in (worst_cases, functions, paired):
        table()
        print()


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("memory", "stale", "one"))
    parser.add_argument("which", nargs="*")
    given = parser.parse_args()
    if given.what == "one":
        print(one(*given.which), end="")
    else:
        {"memory": memory, "stale": stale}[given.what]()


if __name__ == "__main__":
    main()
