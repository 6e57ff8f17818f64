# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a training loop does between backward and step, and what it makes of the loss.

The model of a batch is ``f + <g, y - x>``, so f and g have to stay a pair: whatever changes the
gradient has to change the loss that is handed to ``step`` in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from momo.optim import arguments
from momo.optim.arguments import Scalar
from momo.optim.numbers import Tensors


class AccumulatedLoss:
    """The loss of a batch whose gradient is added up over several backward passes.

    ``.grad`` is then the gradient of ``Σ_i w_i f_i``, so that is the loss for ``step``, and not
    the f_i of the last micro-batch. Nothing here waits for the device.

    Examples
    --------
    ::

        accumulated = AccumulatedLoss()
        for inputs, labels in micro_batches:
            accumulated.add(loss_fn(model(inputs), labels), share=1 / len(micro_batches)).backward()
        opt.step(loss=accumulated.take())

    With a scaler: ``scaler.scale(accumulated.add(loss, share)).backward()`` and
    ``scaler.step(opt, loss=accumulated.take())``; the sum is that of the losses before scaling.
    """

    def __init__(self) -> None:
        self._total: Tensor | None = None

    def add(self, loss: Tensor, share: Scalar) -> Tensor:
        """Count ``share * loss`` in, and return it for ``backward``.

        Parameters
        ----------
        loss
            The loss of a micro-batch, one element.
        share
            w_i >= 0, its weight in the batch: ``1/n`` for n micro-batches of one size, else its
            size (samples, tokens) over the batch's. A number, or a tensor of one element.

        Raises
        ------
        ValueError, TypeError
            If the loss is no tensor of one real element, or the share is negative.
        """
        if not isinstance(loss, Tensor):
            raise TypeError(
                f"loss is of type {type(loss).__name__}; allowed: the tensor to call backward() on"
            )
        share = arguments.non_negative("share", share)
        part = _scalar("loss", loss, loss.device) * _scalar("share", share, loss.device)
        self._total = part if self._total is None else self._total + part
        return loss * share

    def take(self) -> Tensor:
        """Return the sum, a 0-dim tensor, and begin anew.

        Raises
        ------
        RuntimeError
            If nothing was added since the last time.
        """
        if self._total is None:
            raise RuntimeError(
                "take() without a loss; allowed: after add(loss, share), once for each batch"
            )
        total, self._total = self._total, None
        return total


@torch.no_grad()
def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    loss: Scalar,
    lb: Scalar = 0.0,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """Clip the gradients in place, and return the loss that goes with them, and their norm before.

    Clipping multiplies g by ``c = min(1, max_norm/||g||)``. With the loss left as it is the
    adaptive step would become *longer* by 1/c. The loss that belongs to c g is
    ``f_* + c (f - f_*)``, since ``c (f + <g, y - x>) + (1 - c) f_*`` is a mean of two lower bounds,
    and so one again (derived here). Without momentum a step that the cap limits is then that of the
    clipped gradient, any other that of the sample as if it had not been clipped.

    Parameters
    ----------
    parameters, max_norm, norm_type, error_if_nonfinite, foreach
        As for ``torch.nn.utils.clip_grad_norm_``, which does the clipping.
    loss
        f, the loss of which the gradients were taken: a number, or a tensor of one element.
    lb
        f_*, the ``lb`` of the optimizer, or the one given with this step. Where the optimizer
        estimates its bound (``use_fstar``) it is the ``lb`` from which it started: the estimate is
        one for the samples that it sees, and those are the clipped ones.

    Returns
    -------
    The loss for ``step``, and the norm of the gradients before clipping; 0-dim tensors.

    Raises
    ------
    ValueError, TypeError
        If the loss or lb is no number, or max_norm is negative.
    RuntimeError
        If ``error_if_nonfinite`` and the norm is NaN or infinite.

    Notes
    -----
    With a ``GradScaler``, call ``scaler.unscale_(opt)`` before, and give the unscaled loss.

    There is no such loss for ``torch.nn.utils.clip_grad_value_``: it changes the direction of g,
    so that what is left is not the slope of any multiple of the sample. Clip by norm instead.
    """
    max_norm = float(arguments.non_negative("max_norm", max_norm, infinite=True))
    parameters = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    grads = (p.grad for p in parameters if p.grad is not None)
    device = next((grad.device for grad in grads), torch.device("cpu"))
    bound = _scalar("lb", arguments.finite("lb", lb), device)
    value = _scalar("loss", loss, device)
    norm = torch.nn.utils.clip_grad_norm_(
        parameters, max_norm, norm_type, error_if_nonfinite, foreach
    )
    # torch's own coefficient, in the same dtype, so that loss and gradients shrink alike.
    coefficient = torch.clamp(max_norm / (norm + 1e-6), max=1.0)
    share = _scalar("the norm", coefficient, device)
    return torch.lerp(bound, value, share), norm


def _scalar(name: str, value: Scalar, device: torch.device) -> Tensor:
    return Tensors(device).loss(name, value)
