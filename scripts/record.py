# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Keeps what a release has saved: a state dict of every method, and where it goes on from there.

``python -m scripts.record VERSION`` writes them to ``tests/data/released/VERSION``, and
`tests/test_released.py` loads those of all versions into optimizers of today. Of a version that has
a date in ``CHANGELOG.md`` they are history, and not written again.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from copy import deepcopy
from math import prod
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

import momo
from momo.methods import METHODS
from momo.methods.row import Row

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "data" / "released"
SHAPES = ((4, 3), (3,))
"""A matrix and a vector, each in a group of its own."""
BEFORE, AFTER = 3, 2
"""How many steps are taken before the state is saved, and after."""
Problem = Mapping[str, list[Any]]
"""Of each step: the gradients of both parameters, and the loss."""


def versions(changelog: str) -> dict[str, bool]:
    """Return the versions of a changelog, and whether each has a date."""
    heads = re.findall(r"^## (\d+\.\d+\.\d+)(?:, (\d{4}-\d\d-\d\d))?", changelog, re.MULTILINE)
    return {version: bool(date) for version, date in heads}


def problem() -> Problem:
    """Return steps that are drawn: they are kept with the states, since generators change."""
    generator = torch.Generator().manual_seed(0)
    steps = range(BEFORE + AFTER)

    def draw(shape: tuple[int, ...]) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    return {
        "gradients": [[draw(shape) for shape in SHAPES] for _ in steps],
        "losses": [2.0 + 0.5 * k for k in steps],
    }


def optimizer(row: Row, x: list[Tensor]) -> Any:
    """Return a fresh optimizer of a method over parameters that are somewhere."""
    params = [torch.nn.Parameter(one.detach().clone()) for one in x]
    groups = [{"params": [params[0]], "lr": 0.1}, {"params": [params[1]], "lr": 0.05}]
    return row.torch_class()(groups, **row.fixed)


def points(opt: Any) -> list[Tensor]:
    """Return where the parameters are."""
    return [p.detach().clone() for group in opt.param_groups for p in group["params"]]


def step_(opt: Any, given: Problem, k: int, noise: float = 0.0) -> None:
    """Take a step of the problem; ``noise`` is a part of its loss, and of its largest gradient."""
    params = [p for group in opt.param_groups for p in group["params"]]

    def closure() -> float:
        for p, g in zip(params, given["gradients"][k], strict=True):
            p.grad = g + noise * g.abs().max()
        loss: float = given["losses"][k] * (1 + noise)
        return loss

    opt.zero_grad()
    opt.step(closure)


def record(row: Row, given: Problem) -> dict[str, Any]:
    """Return where a method is after some steps, its state there, and where it goes."""
    opt = optimizer(row, [torch.linspace(-1, 1, prod(s)).double().reshape(s) for s in SHAPES])
    for k in range(BEFORE):
        step_(opt, given, k)
    kept = {"points": points(opt), "state": deepcopy(opt.state_dict())}
    after = []
    for k in range(BEFORE, BEFORE + AFTER):
        step_(opt, given, k)
        after.append(points(opt))
    return {**kept, "after": after}


def main(arguments: list[str] | None = None) -> None:
    """Write the records of a version: the present one, before it has a date."""
    parser = argparse.ArgumentParser(prog="python -m scripts.record", description=__doc__)
    parser.add_argument("version", help="the present version, which has no date yet")
    version = parser.parse_args(arguments).version
    if version != momo.__version__:
        parser.error(f"version = {version}; allowed: {momo.__version__}, that of this checkout")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    if versions(changelog).get(version):
        parser.error(f"version = {version} has a date in CHANGELOG.md; allowed: one without")
    given = problem()
    folder = FOLDER / version
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: record(row, given) for name, row in METHODS.items()}
    file = folder / "states.pt"
    torch.save({"torch": str(torch.__version__), "problem": given, "methods": kept}, file)
    print(f"{len(kept)} methods, {file.stat().st_size} bytes: {file.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
