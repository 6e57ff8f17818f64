# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A sample of the oracles as a closure of torch: all optimizers take one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from momo.reference.paper import Sample

Array = NDArray[np.float64]


def closure_of(
    params: Sequence[torch.nn.Parameter], sample: Sample, cut: Callable[[Array], list[torch.Tensor]]
) -> Callable[[], float]:
    """Return a function that sets the gradients at the parameters, and returns the loss."""

    def closure() -> float:
        at = [p.detach().numpy().reshape(-1) for p in params]
        loss, grad = sample(np.concatenate(at))
        for p, part in zip(params, cut(grad), strict=True):
            p.grad = part
        return loss

    return closure
