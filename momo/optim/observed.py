# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The loss that belongs to the gradients, as the backward passes that make them tell it.

It touches no parameter: it listens to losses, and reads which gradients there are. Whatever stands
between a loss and the gradients (a share of a batch that is accumulated, a scale of the loss)
arrives at the loss as its incoming gradient, so ``Σ_i w_i f_i`` over all backward passes is exactly
the loss of which ``.grad`` is the gradient (derived here).
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor
from torch.utils.weak import WeakTensorKeyDictionary

from momo.optim.arguments import loss_value
from momo.optim.state import scalar_dtype

WAYS = (
    "step(loss=loss); step(closure) with a closure that returns it; or optimizer.observe(loss)"
    " before loss.backward(), then step() (where a framework calls step:"
    " docs/optimizers/frameworks.md)"
)
"""How a step comes by its loss."""

PATIENCE = 3
"""How many steps in a row may have a loss but no gradient until that is said."""


class Observed:
    """What has been heard since the last step: ``Σ_i w_i f_i``, on its device, never read.

    Attributes
    ----------
    total
        The sum; None: nothing was heard.
    scaler
        The ``GradScaler`` that is about to make the step: by its scale all w_i are too large, and
        the gradients, from which it has taken it, no more.
    zeroed
        Whether ``optimizer.zero_grad`` was called since this was set to False.
    zeros
        The versions of the gradients that it has made 0, by `id`.
    without
        How many steps in a row had a loss, but no gradient.
    """

    def __init__(self) -> None:
        self.total: Tensor | None = None
        self.scaler: Any = None
        self.zeroed = False
        self.zeros: dict[int, int] = {}
        self.without = 0
        self._said = False
        self._known = WeakTensorKeyDictionary()
        self._pass, self._made = -1, False

    def listen(self, loss: Tensor, parameters: Callable[[], Iterable[Tensor]]) -> None:
        """Count a loss whenever a backward pass goes through it, if one can; once if told twice.

        Parameters
        ----------
        loss
            A real tensor of any shape.
        parameters
            Returns the parameters. If a pass has left gradients, and none is there when the next
            begins, they were thrown away, by others than ``optimizer.zero_grad``: so is what was
            heard.

        Raises
        ------
        TypeError
            If the loss is something else.
        """
        if not isinstance(loss, Tensor) or not loss.is_floating_point():
            is_a = f"{loss.dtype} tensor" if isinstance(loss, Tensor) else type(loss).__name__
            raise TypeError(
                f"loss is a {is_a}; allowed: the real tensor to call backward() on, or a factor"
            )
        if not loss.requires_grad or loss in self._known:
            return
        self._known[loss] = True
        # The value as it is now: a loop may divide the loss in place.
        value = loss.detach().clone()

        def made() -> None:
            self._made = any(p.grad is not None for p in parameters())

        def count(weight: Tensor) -> None:
            this, dtype = torch._C._current_graph_task_id(), scalar_dtype(value.device)
            if this != self._pass:
                gone = self._made and all(p.grad is None for p in parameters())
                # A scaler that was about to make a step has not made it: something was not finite.
                if gone or self.scaler is not None:
                    self.clear()
                torch.autograd.Variable._execution_engine.queue_callback(made)
            self._pass = this
            # w · f, element by element, the incoming gradient being that of a sum; 0 · inf is 0
            share, wide = weight.detach().to(dtype), value.to(dtype)
            part = loss_value("loss", torch.where(share == 0, 0.0, share * wide).sum())
            assert isinstance(part, Tensor)
            self.total = part if self.total is None else self.total + part.to(self.total.device)

        loss.register_hook(count)  # type: ignore[no-untyped-call]

    @property
    def loss(self) -> Tensor | None:
        """The loss of which the gradients are, as the step that is about to be made has them."""
        scale = None if self.scaler is None else self.scaler._get_scale_async()
        if self.total is None or scale is None:
            return self.total
        # What the scaler multiplies gradients by: in single precision, so that they stay a pair.
        inverse = scale.to(scalar_dtype(scale.device)).reciprocal().float()
        return self.total * inverse.to(self.total.device)

    def clear(self) -> None:
        """Forget what was heard."""
        self.total = self.scaler = None
        self._made = False

    def forget(self, parameters: Iterable[Tensor]) -> None:
        """Forget what was heard, with the gradients that ``optimizer.zero_grad`` has zeroed."""
        self.clear()
        self.zeroed = True
        grads = [p.grad for p in parameters if p.grad is not None]
        self.zeros = {id(grad): grad._version for grad in grads}

    def missed(self, loss: Any, parameters: Iterable[Tensor]) -> None:
        """Count a step without gradients, and warn once of several in a row.

        Parameters that are frozen have none, and a batch that is left out makes none.
        """
        if loss is None or torch.compiler.is_compiling():
            return
        self.without = self.without + 1 if any(p.requires_grad for p in parameters) else 0
        if self.without == PATIENCE and not self._said:
            self._said = True
            warnings.warn(
                f"{PATIENCE} steps in a row had a loss, but no parameter had a gradient, so nothing"
                " moved; was loss.backward() called, on a loss that depends on the parameters, and"
                " not followed by zero_grad()?",
                stacklevel=4,
            )

    def note_scaler(self) -> None:
        """Note the ``GradScaler`` whose ``step`` asked for an attribute of the optimizer, if any.

        Of a scaler the optimizer is told nothing else: it unscales the gradients, and calls
        ``step``. Called from that attribute.
        """
        caller = sys._getframe(2).f_locals.get("self")
        if isinstance(caller, torch.amp.GradScaler):
            self.scaler = caller


def taken(
    closure: Callable[[], Any] | None,
    loss: Any,
    observed: Observed,
    parameters: Sequence[Tensor],
) -> tuple[Any, Any, str]:
    """Return what a step returns, the loss it takes (None: there is none), and the loss's name.

    A loss that was given counts; else what was observed; else what the closure returns. A closure
    that returns None, where there is no gradient either, has left the batch out.

    Raises
    ------
    ValueError, TypeError
        If there is no loss, but a gradient; if there are two; if ``closure`` cannot be called; or
        if its value is the loss of its own backward pass alone, and not that of the gradients,
        which it has added to others.
    """
    if closure is None:
        value, added = loss, False
        if loss is None and observed.total is None:
            raise ValueError(
                f"step() needs the loss of which the gradients were taken; allowed: {WAYS}"
            )
    else:
        value, added = _called(closure, observed, parameters)
        if value is not None and loss is not None:
            raise ValueError(
                "step() was given both loss and a closure that returns one; allowed: one of them"
            )
    heard = observed.loss
    if loss is not None:
        return loss, loss, "loss"
    if heard is not None:
        return value, heard, "the observed loss"
    if value is None and any(p.grad is not None for p in parameters):
        raise ValueError(
            "closure() returned None, but there are gradients; allowed: the loss of which they"
            f" were taken: {WAYS}"
        )
    if added:
        raise ValueError(
            "closure() has added its gradients to those that were there before, so the loss that it"
            " returned is not theirs; allowed: optimizer.zero_grad() in the closure; or, to"
            " accumulate gradients, optimizer.observe(loss) before each backward(), or step(loss="
            " the sum of the losses)"
        )
    return value, value, "the value of closure()"


def _called(
    closure: Callable[[], Any], observed: Observed, parameters: Sequence[Tensor]
) -> tuple[Any, bool]:
    """Return what a closure returns, and whether it has added to gradients that were there.

    A backward pass adds in place, which counts a tensor's version up by one. Zeroing it in place
    before makes that two, unless others write to it as well (data parallelism).
    """
    if not callable(closure):
        raise TypeError(
            f"closure is of type {type(closure).__name__}; allowed: a function, or step(loss=...)"
        )
    if torch.compiler.is_compiling():
        with torch.enable_grad():
            return closure(), False
    before = [(p, p.grad, p.grad._version) for p in parameters if p.grad is not None]
    observed.zeroed = False
    with torch.enable_grad():
        value = closure()
    if not before or observed.zeroed or any(p.grad is not grad for p, grad, _ in before):
        return value, False
    if all(observed.zeros.get(id(grad)) == version for _, grad, version in before):
        return value, False  # to zeros
    added = max(grad._version - version for _, grad, version in before)
    alone = not (dist.is_available() and dist.is_initialized())
    return value, added == 1 or (added > 1 and not alone)
