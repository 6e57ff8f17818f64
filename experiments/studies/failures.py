# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A gallery of failures: what one sees, why, and what to do; each with a run that works.

The failing run and the one that works differ in what is said in ``remedy`` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.config import UNCHANGED, Changes, Run, plan
from experiments.studies.base import Study


@dataclass(frozen=True)
class Failure:
    """A way to fail, and the way out.

    Attributes
    ----------
    name, symptom, reason, remedy
        In words.
    workload, method, lr, changes
        The run that fails.
    cured_method, cured_lr, cured_changes
        What is otherwise in the run that works; None: nothing.
    """

    name: str
    symptom: str
    reason: str
    remedy: str
    workload: str
    method: str
    lr: float
    changes: Changes = UNCHANGED
    cured_method: str | None = None
    cured_lr: float | None = None
    cured_changes: Changes | None = None

    def runs(self, seed: int) -> tuple[Run, Run]:
        """Return the run that fails, and the one that works."""
        from experiments.workloads import find

        workload = find(self.workload)
        failing = plan(workload, "small", self.method, self.lr, seed, self.changes)
        return failing, plan(
            workload,
            "small",
            self.cured_method or self.method,
            self.cured_lr or self.lr,
            seed,
            self.changes if self.cured_changes is None else self.cured_changes,
        )


GALLERY: tuple[Failure, ...] = (
    Failure(
        name="bound above what can be reached",
        symptom="the loss stays at f_*; the steps are 0 whenever the model is below it",
        reason="τ_k = (h_k - f_*)_+/||d_k||² is 0 once the averaged loss has reached f_*",
        remedy="a smaller lb; 0 for a loss that cannot be negative",
        workload="mnist_mlp",
        method="momo",
        lr=1.0,
        changes=Changes(lb=1.0),
        cured_changes=UNCHANGED,
    ),
    Failure(
        name="bound far below what can be reached, large cap",
        symptom="large α diverges, or does as badly as with SGD-M",
        reason="(h_k - f_*)_+ is never small, so that the cap alone limits the step",
        remedy="lb near the smallest loss, or use_fstar=True",
        workload="mnist_mlp",
        method="momo",
        lr=100.0,
        changes=Changes(lb=-1000.0),
        cured_changes=Changes(lb=0.0),
    ),
    Failure(
        name="cap too small",
        symptom="training is slow; every step is capped",
        reason="τ_k = min{α, ζ_k} = α: the method is SGD-M with a small learning rate",
        remedy="a larger lr: it is a cap, not the step",
        workload="mnist_mlp",
        method="momo",
        lr=1e-3,
        cured_lr=1.0,
    ),
    Failure(
        name="a loss that ends far above f_*, large cap",
        symptom="large α learns nothing, although f_* = 0 is a valid bound",
        reason="(h_k - f_*)_+ never gets small, so that ζ_k stays large",
        remedy="a smaller lr; better a larger lb, or use_fstar=True",
        workload="lm_transformer",
        method="momo_adam",
        lr=1.0,
        cured_lr=1e-3,
    ),
    Failure(
        name="the same with MoMo, cured by the bound",
        symptom="as before",
        reason="as before",
        remedy="lb a little below the loss that is reached",
        workload="lm_transformer",
        method="momo",
        lr=10.0,
        cured_changes=Changes(lb=2.5),
    ),
    Failure(
        name="weight decay with a large cap",
        symptom="the model learns nothing, for every α near 1 and above",
        reason="every step divides the parameters by 1 + αλ: with αλ = 0.1 by 1.1",
        remedy="a cap with αλ well below 0.01",
        workload="imagenet_vit_tiny",
        method="momo",
        lr=1.0,
        cured_lr=1e-2,
    ),
    Failure(
        name="embeddings that rarely get a gradient",
        symptom="no α of MoMo gets near Adam",
        reason="one step size for all parameters is too short for those with small gradients",
        remedy="MoMo-Adam",
        workload="criteo_dlrm",
        method="momo",
        lr=0.1,
        cured_method="momo_adam",
        cured_lr=1e-3,
    ),
    Failure(
        name="SGD-M beyond its stable learning rates",
        symptom="NaN within some steps",
        reason="nothing limits the step",
        remedy="a smaller lr, or MoMo at the same one",
        workload="mnist_mlp",
        method="sgd_m",
        lr=10.0,
        cured_method="momo",
    ),
)


def _runs(seeds: Sequence[int]) -> list[Run]:
    return [run for failure in GALLERY for seed in seeds for run in failure.runs(seed)]


FAILURES = Study("failures", "How do the methods fail, and what is to be done?", _runs)
