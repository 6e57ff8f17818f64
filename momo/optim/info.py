"""What a step says of itself."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class StepInfo(NamedTuple):
    """The scalars of one step, 0-dim tensors on the device of the first parameter.

    They are computed for the step anyway; only reading a value (``.item()``, ``float()``) waits for
    the device. With several groups of different learning rates, ``cap`` and ``step_size`` are
    those of the group with the largest, and ``dual_norm_sq`` weighs each group by its learning
    rate over the largest. After a step that was skipped ``step_size`` is 0 and the rest NaN.

    Attributes
    ----------
    value
        h_k.
    adaptive
        ζ_k.
    cap
        ``α_k/ρ_k``.
    step_size
        τ_k.
    dual_norm_sq
        ``||d_k||²_{D_k^{-1}}``.
    lower_bound
        f_*^k, as used.
    loss_avg
        f̄_k.
    """

    value: Tensor
    adaptive: Tensor
    cap: Tensor
    step_size: Tensor
    dual_norm_sq: Tensor
    lower_bound: Tensor
    loss_avg: Tensor
