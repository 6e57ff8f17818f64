"""Methods that take their gradients at an average of iterates, and random scaling."""

from __future__ import annotations

from momo.methods.row import (
    MOMO,
    MOMO_ADAM,
    AdaptiveRow,
    Hyperparameters,
    Row,
    Shape,
)
from momo.reference import (
    DECOUPLED,
    FROM_FIRST,
    AdamDiagonal,
    Given,
    Identity,
    Method,
    method,
)
from momo.reference.iterates import IterateAveraging, RandomScaling, ScheduleFree


def _iam(h: Hyperparameters, shape: Shape) -> Method:
    return method(
        FROM_FIRST,
        Identity(),
        Given(h.lb),
        h.lr,
        decay=DECOUPLED,
        iterates=IterateAveraging(h.beta),
    )


def _iam_adam(h: Hyperparameters, shape: Shape) -> Method:
    return method(
        FROM_FIRST,
        AdamDiagonal(h.beta2, h.eps),
        Given(h.lb),
        h.lr,
        weight_decay=h.weight_decay,
        iterates=IterateAveraging(h.beta),
    )


def _schedule_free(h: Hyperparameters, shape: Shape) -> Method:
    return method(
        FROM_FIRST,
        Identity(),
        Given(h.lb),
        h.lr,
        decay=DECOUPLED,
        iterates=ScheduleFree(h.beta),
    )


def _random_scaling(h: Hyperparameters, shape: Shape) -> Method:
    return method(
        FROM_FIRST,
        Identity(),
        Given(h.lb),
        h.lr,
        h.beta,
        h.weight_decay,
        iterates=RandomScaling(0),
    )


ROWS = (
    Row(
        "iam",
        "IAM",
        ("lr", "beta", "lb"),
        _iam,
        "Iam",
        source="Gower et al. 2025, arXiv 2504.01898",
        broken=("landing", "fejer"),
    ),
    AdaptiveRow(
        "iam_adam",
        "IAM-Adam",
        MOMO_ADAM,
        _iam_adam,
        "IamAdam",
        defaults=Hyperparameters(lr=1e-2),
        source="Gower et al. 2025, arXiv 2504.01898",
        broken=("landing", "fejer"),
    ),
    Row(
        "schedule_free_polyak",
        "schedule-free Polyak",
        ("lr", "beta", "lb"),
        _schedule_free,
        "ScheduleFreePolyak",
        source="arXiv 2511.07767",
        modes=True,
        broken=("landing", "fejer"),
    ),
    Row(
        "momo_random_scaling",
        "MoMo, Exp(1) scaled",
        MOMO,
        _random_scaling,
        "MomoRandomScaling",
        source="derived here; Zhang and Cutkosky 2024, arXiv 2405.09742",
        broken=("landing", "fejer"),
    ),
)
