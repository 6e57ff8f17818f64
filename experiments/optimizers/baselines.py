# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The baselines: what is known of each before it is built. Each is built by the file of its name.

No baseline has a handicap that a momentum model has not, but for what is said here:

==================  ============================================================================
grid                a decade apart, as of the momentum models; the best rate on MNIST lies inside
                    for all (`experiments/RESULTS.md`). AdaBound's begins at 1e-6, where its
                    authors' does. Rates of D-Adaptation, Prodigy, DoG and Mechanic are factors
                    of the rate that they find: two decades on either side of 1.
weight decay        the preset's λ for all. In the gradient: SGD-M, Adam, AdaBound, D-Adapt SGD,
                    DoG, schedule-free SGD. Apart, times α: AdamW, AdaBelief, Lion, Mechanic,
                    schedule-free AdamW (at y); times αd: Prodigy, D-Adapt Adam.
schedule, warm-up   the same factor for all, never 0. AdaBound's final rate follows it, as in
                    its package. Schedule-free methods weigh points by the squared largest rate
                    so far. Prodigy's option against too large an estimate in a warm-up is off,
                    as by default.
bias correction     Adam, AdamW, AdaBelief, AdaBound, Mechanic and schedule-free AdamW have it.
                    Prodigy and D-Adapt Adam have not, as by default: their rates grow from
                    1e-6, and the averages are full by then. Lion has none.
first gradient      averages of SGD-M begin at it, as MoMo's do; all others begin at 0, as
                    MoMo-Adam's do, which is corrected.
where evaluated     at the last point, but schedule-free methods at x, and DoG at the average
                    without which its authors do not recommend it. BatchNorm's means are measured
                    at these points (`experiments.batch_statistics`).
clipping            the same norm for all; momentum models are told the loss that belongs to it.
momentum            0.9 unless a method's authors have another; 0 for D-Adapt SGD, as by default:
                    with 0.9 it does not learn on MNIST at α = 1 (10.1 %, one seed).
DoG's first step    1e-6 (1 + ||x_0||), the default; with BatchNorm its authors advise 1e-4, which
                    no study with BatchNorm runs.
f_*                 the momentum models are told the preset's lower bound: theirs alone, 0 where
                    nobody knows better.
groups              any for all but DoG, which has one rate a group, and D-Adapt SGD, which takes
                    the first group's decay: these refuse groups that would change them.
==================  ============================================================================
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from experiments.optimizers.entry import Entry
from momo.methods import Hyperparameters, Listed
from momo.methods.row import decades

if TYPE_CHECKING:
    from torch.optim import Optimizer

    from momo.optim.optimizer import Params

MOMENTUM = ("lr", "weight_decay", "beta")
ADAM = (*MOMENTUM, "beta2", "eps")
DOG = ("lr", "weight_decay", "eps")


def _build(name: str, params: Params, h: Hyperparameters) -> Optimizer:
    optimizer: Optimizer = import_module(f"experiments.optimizers.{name}").build(params, h)
    return optimizer


def _entry(
    name: str,
    title: str,
    source: str,
    uses: tuple[str, ...],
    defaults: Hyperparameters,
    grid: tuple[float, ...],
    modes: bool = False,
    package: str | None = None,
) -> Entry:
    row = Listed(name, title, uses, defaults=defaults, source=source, grid=grid, modes=modes)
    return Entry(row, partial(_build, name), package)


BASELINES = (
    _entry(
        "sgd_m",
        "SGD-M",
        "Polyak 1964, as an average of gradients (dampening = momentum); torch.optim.SGD",
        MOMENTUM,
        Hyperparameters(lr=0.1),
        decades(-3, 2),
    ),
    _entry(
        "sgd_m_undampened",
        "SGD-M without dampening",
        "Polyak 1964, as a sum of gradients; torch.optim.SGD",
        MOMENTUM,
        Hyperparameters(lr=1e-2),
        decades(-4, 1),
    ),
    _entry(
        "adam",
        "Adam",
        "arXiv 1412.6980; torch.optim.Adam",
        ADAM,
        Hyperparameters(lr=1e-3),
        decades(-4, 1),
    ),
    _entry(
        "adam_w",
        "AdamW",
        "arXiv 1711.05101; torch.optim.AdamW",
        ADAM,
        Hyperparameters(lr=1e-3),
        decades(-4, 1),
    ),
    _entry(
        "adabelief",
        "AdaBelief",
        "arXiv 2010.07468; own implementation",
        ADAM,
        Hyperparameters(lr=1e-3, eps=1e-16),
        decades(-4, 1),
    ),
    _entry(
        "adabound",
        "AdaBound",
        "arXiv 1902.09843, as in package adabound; own implementation",
        ADAM,
        Hyperparameters(lr=1e-3),
        decades(-6, 1),
    ),
    _entry(
        "lion",
        "Lion",
        "arXiv 2302.06675; own implementation",
        (*MOMENTUM, "beta2"),
        Hyperparameters(lr=1e-4, beta2=0.99),
        decades(-5, 0),
    ),
    _entry(
        "prodigy",
        "Prodigy",
        "arXiv 2306.06101; package prodigyopt",
        ADAM,
        Hyperparameters(lr=1.0),
        decades(-2, 2),
        package="prodigyopt",
    ),
    _entry(
        "dadapt_sgd",
        "D-Adapt SGD",
        "arXiv 2301.07733; package dadaptation",
        MOMENTUM,
        Hyperparameters(lr=1.0, beta=0.0),
        decades(-2, 2),
        package="dadaptation",
    ),
    _entry(
        "dadapt_adam",
        "D-Adapt Adam",
        "arXiv 2301.07733; package dadaptation",
        ADAM,
        Hyperparameters(lr=1.0),
        decades(-2, 2),
        package="dadaptation",
    ),
    _entry(
        "dog",
        "DoG",
        "arXiv 2302.12022; package dog-optimizer",
        DOG,
        Hyperparameters(lr=1.0, beta=0.0),
        decades(-2, 2),
        modes=True,
        package="dog",
    ),
    _entry(
        "ldog",
        "LDoG",
        "arXiv 2302.12022; package dog-optimizer",
        DOG,
        Hyperparameters(lr=1.0, beta=0.0),
        decades(-2, 2),
        modes=True,
        package="dog",
    ),
    _entry(
        "mechanic_adam_w",
        "Mechanic AdamW",
        "arXiv 2306.00144; package mechanic-pytorch",
        ADAM,
        Hyperparameters(lr=1.0),
        decades(-2, 2),
        package="mechanic_pytorch",
    ),
    _entry(
        "schedule_free_sgd",
        "Schedule-free SGD",
        "arXiv 2405.15682; package schedulefree",
        MOMENTUM,
        Hyperparameters(lr=1.0),
        decades(-3, 2),
        modes=True,
        package="schedulefree",
    ),
    _entry(
        "schedule_free_adam_w",
        "Schedule-free AdamW",
        "arXiv 2405.15682; package schedulefree",
        ADAM,
        Hyperparameters(lr=2.5e-3),
        decades(-4, 1),
        modes=True,
        package="schedulefree",
    ),
)
