# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Gradients that are freed while the backward pass makes them, for a step that needs all of them.

Where every parameter has a step of its own size, it can move as soon as its gradient is there
(LOMO, Lv et al. 2023, arXiv 2306.09782). The step size of a momentum model is one number for all
parameters, of sums over all gradients. `GradientRelease` has three ways around that (derived here):

* "exact": two backward passes through one graph. In the first each gradient is added to the sums,
  and freed; nothing else changes. In the second it is taken in, moves its parameter, and is freed.
* "averaged", for β > 0: one backward pass. Each gradient is averaged into d and freed; then the
  parameters move along their d, which is kept in any case.
* "stale", for β = 0: one backward pass. The step size is of this loss, and of the norm that the
  gradient had in the step before; each gradient moves its parameter, and is freed.

The arithmetic is that of the path that takes parameters one by one (`momo.optim.blocks`), so that
the first two are the ordinary step, bit for bit, where the backward pass makes the same gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

import torch
import torch.distributed as dist
from torch import Tensor

from momo.core.step import Inner
from momo.optim.arguments import is_zero
from momo.optim.checks import check_gradient
from momo.optim.optimizer import MomentumModelOptimizer
from momo.optim.released import OneByOne, complete_state_
from momo.optim.samples import skip_
from momo.optim.settings import bound_of

Form = Literal["exact", "averaged", "stale"]


class GradientRelease:
    """Steps of an optimizer whose gradients are never there all at once.

    ``step(loss)`` calls ``backward`` itself. Of the optimizer everything else stays: parameter
    groups, schedulers, `last`, `skipped`, a `Recorder`, hooks of its steps. While it is open,
    ``optimizer.step`` is refused. With β = 0 no average of gradients is kept, which would take as
    much memory as the gradients; `close`, or leaving the ``with`` block, and ``state_dict`` give
    the state the form that an ordinary step, and ``load_state_dict``, expect: d is 0 in it, which
    is right as long as β stays 0.

    An exception within a backward pass that takes gradients in, which is the second of "exact" and
    the one of the other forms, leaves parameters or averages changed in part: go on from a state
    dict. One in the first pass of "exact" changes nothing. What else hears of the backward pass,
    such as hooks and tensors that are no parameters of the optimizer, hears of both of "exact".

    Parameters
    ----------
    optimizer
        Of this project.
    form
        "exact", "averaged" or "stale", as in `momo.optim.release`.

    Raises
    ------
    TypeError, ValueError
        If the optimizer is another one, or does not go with the form.

    Attributes
    ----------
    ratio
        Of "stale": the step size that was taken over that of the exact step, after each step.
    """

    def __init__(self, optimizer: MomentumModelOptimizer, form: Form = "exact") -> None:
        if not isinstance(optimizer, MomentumModelOptimizer):
            raise TypeError(
                f"optimizer is of type {type(optimizer).__name__}; allowed: one of momo.optim"
            )
        if form not in get_args(Form):
            raise ValueError(f"form = {form!r}; allowed: {', '.join(get_args(Form))}")
        self.optimizer, self.form = optimizer, form
        self.ratio = 1.0
        self._sums: list[Inner] = []
        self._closed = self._dropped = False
        self._check()
        self._handles = [
            optimizer.register_step_pre_hook(self._refuse),
            optimizer.register_state_dict_pre_hook(lambda _: complete_state_(optimizer)),
        ]

    def __enter__(self) -> GradientRelease:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Give the optimizer back: its ``step`` goes on from here."""
        self._closed = True
        complete_state_(self.optimizer)
        for handle in self._handles:
            handle.remove()

    def step(self, loss: Tensor, lb: float | Tensor | None = None) -> Tensor:
        """Take the gradients of a loss, and the step; return the loss.

        Parameters
        ----------
        loss
            What ``backward`` is to be called on: the loss itself, not a multiple of it.
        lb
            As of ``optimizer.step``.

        Raises
        ------
        RuntimeError
            If gradients are there already (of an earlier batch, as where they are accumulated), a
            parameter gets its gradient in parts, ranks share the model, the optimizer is in
            evaluation mode, or this was closed.
        ValueError, TypeError
            If the loss or an argument is not what it is to be, or a group was changed so that the
            form does not go with it.
        FloatingPointError
            If the loss or a gradient is not finite, and that is either not to be skipped, or is
            known too late to be.
        """
        if not isinstance(loss, Tensor) or loss.grad_fn is None:
            raise TypeError("loss has no graph; allowed: the tensor to call backward() on")
        self._check_open()
        self._check()
        optimizer = self.optimizer
        self._tell(optimizer._optimizer_step_pre_hooks, loss, lb)
        with torch.no_grad():
            settings, numbers = optimizer._checked(), optimizer._numbers(loss)
            losses: list[Any] = [numbers.loss("loss", loss.detach())]
            if lb is not None:
                losses.append(numbers.loss("lb", bound_of(settings[0], lb)))
            now = OneByOne(optimizer, settings, numbers, losses, self._without_average)
            self._dropped |= now.without
            finite = bool(numbers.finite(losses))
        if not finite:
            self._skip(now)
        elif self.form == "averaged":
            self._averaged(loss, now)
        elif self.form == "stale" and len(self._sums) == len(now.ready.passes) + now.work.absent:
            self._stale(loss, now)
        else:
            self._exact(loss, now)
        optimizer._opt_called = True  # type: ignore[attr-defined]  # what schedulers look at
        optimizer.path = now.work.path
        optimizer._observed.clear()  # what it has heard of these gradients is used up
        self._tell(optimizer._optimizer_step_post_hooks, loss, lb)
        return loss

    def _tell(self, hooks: Mapping[Any, Any], loss: Tensor, lb: float | Tensor | None) -> None:
        """Call hooks as ``optimizer.step(loss=loss, lb=lb)`` would, but for what refuses that."""
        for hook in tuple(hooks.values()):
            if hook != self._refuse:
                hook(self.optimizer, (self.optimizer,), {"loss": loss, "lb": lb})

    # ---- the forms --------------------------------------------------------------------------

    def _exact(self, loss: Tensor, now: OneByOne) -> None:
        self._backward(loss, now.look, retain=True)
        if not now.squares:
            return
        with torch.no_grad():
            now.leave(for_good=False)
            if not now.good:
                self._skip(now)
                return
            outcome = now.outcome(now.rows())
        self._backward(loss, lambda p: now.take_and_move(p, outcome), retain=False)
        with torch.no_grad():
            now.leave(for_good=True)
            now.finish(outcome)
        self._sums, self.ratio = now.rows(), 1.0

    def _averaged(self, loss: Tensor, now: OneByOne) -> None:
        self._backward(loss, now.average, retain=False)
        if not now.squares:
            return
        with torch.no_grad():
            now.leave(for_good=True)
            self._demand_finite(now)
            outcome = now.outcome(now.rows())
            now.move_all(outcome)
            now.finish(outcome)

    def _stale(self, loss: Tensor, now: OneByOne) -> None:
        with torch.no_grad():
            outcome = now.outcome(self._sums)
        self._backward(loss, lambda p: now.take_and_move(p, outcome), retain=False)
        if not now.squares:
            return
        with torch.no_grad():
            now.leave(for_good=True)
            self._demand_finite(now)
            self._sums = now.rows()
            exact, used = now.outcome(self._sums), outcome.info.step_size
            tau = float(exact.info.step_size)
            self.ratio = float(used) / tau if tau else float("nan")
            now.finish(exact._replace(info=exact.info._replace(step_size=used)))

    def _skip(self, now: OneByOne) -> None:
        nonfinite = self.optimizer.param_groups[0]["nonfinite"]
        with torch.no_grad():
            skip_(now.model, nonfinite, now.losses[0], now.norm_sq)

    def _backward(self, loss: Tensor, done: Callable[[Tensor], None], retain: bool) -> None:
        """Call ``backward``, and ``done`` of each parameter whose gradient is complete; free it."""
        seen: set[int] = set()

        def hook(p: Tensor) -> None:
            if id(p) in seen:
                raise RuntimeError(
                    f"a parameter of shape {tuple(p.shape)} got its gradient in parts within one"
                    " backward pass; allowed: one gradient a pass (checkpointing with"
                    " use_reentrant=False)"
                )
            seen.add(id(p))
            try:
                check_gradient(p, f"a parameter of shape {tuple(p.shape)}")
                with torch.no_grad():
                    done(p)
            finally:
                p.grad = None

        parameters = [p for p in self.optimizer._parameters() if p.requires_grad]
        handles = [
            p.register_post_accumulate_grad_hook(hook)  # type: ignore[no-untyped-call]
            for p in parameters
        ]
        try:
            loss.backward(retain_graph=retain)  # type: ignore[no-untyped-call]
        finally:
            for handle in handles:
                handle.remove()

    # ---- what cannot work --------------------------------------------------------------------

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("this GradientRelease is closed; allowed: a new one")

    def _check(self) -> None:
        optimizer, form = self.optimizer, self.form
        if self._dropped and not self._without_average:
            raise ValueError(
                "β above 0 after steps with β = 0, whose d was not kept; allowed where gradients"
                " are released: β = 0 from then on"
            )
        if getattr(optimizer, "needs_closure", False):
            raise ValueError(
                f"{type(optimizer).__name__} takes its gradients at two points; allowed where"
                " gradients are released: methods whose step needs no closure"
            )
        getattr(optimizer, "demand_training", lambda: None)()  # of methods that have modes
        for index, group in enumerate(optimizer.param_groups):
            if group["fused"]:
                raise ValueError(
                    f"fused = True in param_groups[{index}]; allowed where gradients are released:"
                    " None or False, for parameters are taken one by one"
                )
            if group["max_norm"] is not None:
                raise ValueError(
                    f"max_norm = {group['max_norm']} in param_groups[{index}]; allowed where"
                    " gradients are released: None, for the norm is known when they are gone"
                )
        method = optimizer._checked()[0].method
        if method.product is not None:
            raise ValueError(
                f"{type(optimizer).__name__} joins the norms of parameters; allowed where gradients"
                " are released: methods without a product of norms"
            )
        without = self._without_average
        if form == "averaged" and (without or method.averaging.two_rate):
            raise ValueError(
                f'form = "averaged", but no average of gradients is kept that a step could go along'
                f" (β = {method.beta}); allowed: β > 0 and one rate, or exact or stale"
            )
        if form == "stale" and not without:
            raise ValueError(
                f'form = "stale" with β = {method.beta}; allowed: β = 0 (with β > 0 averaged needs'
                " one backward pass too, and is exact)"
            )
        if any(p.grad is not None for p in optimizer._parameters()):
            raise RuntimeError(
                "a parameter has a gradient already; allowed where gradients are released: none"
                " (they cannot be accumulated over batches)"
            )
        world = dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1
        if world and (optimizer._ranks.of_loss or optimizer._ranks.of_shards):
            raise RuntimeError(
                f"{dist.get_world_size()} ranks share the model; allowed where gradients are"
                " released: one (process_group=False)"
            )

    def _refuse(self, *_: object) -> None:
        raise RuntimeError(
            "optimizer.step() while its gradients are released; allowed: step(loss) of the"
            " GradientRelease, without a GradScaler, or close() before"
        )

    @staticmethod
    def _demand_finite(now: OneByOne) -> None:
        if not now.good:
            raise FloatingPointError(
                f"squared norm of the gradient = {float(now.norm_sq)}, which is known after"
                " gradients were taken in: parameters or averages have changed in part; allowed:"
                ' finite gradients, or form="exact", which can skip the batch'
            )

    @property
    def _without_average(self) -> bool:
        """Whether β = 0 in the average, so that d is the gradient."""
        method = self.optimizer._checked()[0].method
        return not method.averaging.two_rate and is_zero(method.beta)
