# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Sharpness-aware minimisation: the model's lines are taken at another point than x."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Unpack

import torch
from torch import Tensor

from momo.core.method import Method
from momo.core.parts import FROM_FIRST, Given
from momo.core.step import lies_below
from momo.optim.arguments import Scalar, loss_value
from momo.optim.checks import check_gradient
from momo.optim.hyperparameters import Beta, Lb, Lr, Mix, Options, Rho
from momo.optim.observed import taken
from momo.optim.optimizer import MomentumModelOptimizer, Params
from momo.optim.preconditioners import Identity
from momo.optim.samples import count_below_
from momo.optim.state import find_model, scalar_dtype

Moved = list[tuple[Tensor, Tensor]]
"""The parameters that are at e, each with what it was at x."""


class SamPolyak(MomentumModelOptimizer):
    """SAM with Polyak's step size (arXiv 2606.01827): MoMo whose lines are taken up the hill.

    ``e = x + ρ (1-λ + λ/||g||) g``, ``γ = clip((f(e) - f_* - <g_e, e - x>)/||g_e||², 0, γ_b)``,
    ``x ← x - γ g_e``, γ_b the ``lr``. That is the step of the line at e, by its value at x, so
    ``beta`` above 0 averages lines as MoMo does: ours, as is the default of λ.

    `step` needs a closure, which it calls twice, at x and at e, and returns its first value. The
    two see the same batch; what else changes between calls, such as the masks of dropout, is not
    held, and statistics of a batch norm take both in. ``max_norm`` clips the gradient at e. e is
    rounded to the parameters' dtype: of 16 bits, ρ has to be above the spacing of their numbers.
    """

    needs_closure: ClassVar[bool] = True
    """Whether `step` takes no loss, but a closure."""

    def __init__(
        self,
        params: Params,
        lr: Lr = 1.0,
        beta: Beta = 0.0,
        rho: Rho = 0.1,
        mix: Mix = 1.0,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_FIRST,
            preconditioner=Identity(),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            beta=h["beta"],
            bounded=False,
        )

    def step(
        self, closure: Callable[[], Any] | None = None, loss: Any = None, lb: Scalar | None = None
    ) -> Any:
        """Take one step, and return the closure's value at x.

        Parameters
        ----------
        closure
            Computes the gradients anew and returns the loss, as `MomentumModelOptimizer.step` has
            it; None as its value, without gradients: no step.
        loss
            None: a loss that is known at x says nothing of e.
        lb
            A lower bound on the loss of this batch; else the group's.

        Raises
        ------
        ValueError
            If there is no closure, or a loss; or parameters are sharded.
        RuntimeError, FloatingPointError, TypeError
            As `MomentumModelOptimizer.step`. All parameters are at x then, bit for bit.
        """
        if closure is None or loss is not None:
            given = "no closure" if loss is None else "a loss"
            raise ValueError(
                f"{type(self).__name__}.step() was given {given};"
                " allowed: step(closure), with a closure that computes the gradients anew and"
                " returns the loss: it is called at x and at e"
            )
        self._whole()
        with torch.no_grad():
            returned, used, _ = self._sampled(closure)
            if used is None:
                return returned
            with self._at_ascent() as moved:
                _, used, name = self._sampled(closure)
                # f(e) - <g_e, e - x>; the step says what is wrong with another loss, or none.
                line = None if used is None else loss_value(name, used) - _slope(moved)
            if line is None:
                return returned
            super().step(loss=line, lb=lb)
            self._compared(name, used, lb)
        return returned

    def _compared(self, name: str, loss: Any, lb: Scalar | None) -> None:
        """Count a loss at e below its bound, as the value of its line at x says nothing of it."""
        model, method = find_model(self.state), self._checked()[0].method
        if model is None:
            return
        numbers = self._numbers(loss)
        value = numbers.loss(name, loss)
        bound = method.lower_bound.lb if lb is None else numbers.loss("lb", lb)
        low = lies_below(value, bound, numbers.ops)
        if not isinstance(low, float) or low:
            count_below_(low, None, value, method, model, stacklevel=5)

    def _sampled(self, closure: Callable[[], Any]) -> tuple[Any, Any, str]:
        """Call the closure, and return its value and the loss that it makes known."""
        found = taken(closure, None, self._observed, self._parameters())
        self._observed.clear()
        return found

    def _whole(self) -> None:
        """Raise if this process does not have the whole of x, of which e has the norm."""
        sharded = any(hasattr(p, "placements") for p in self._parameters())
        if sharded or self._ranks.of_shards:
            raise ValueError(
                f"the parameters of {type(self).__name__} are sharded; allowed: whole parameters on"
                " each rank (data parallelism), since ||g|| is that of all of them"
            )

    @contextmanager
    def _at_ascent(self) -> Iterator[Moved]:
        """Move the parameters to e, and back to what they were, whatever happens there."""
        self._checked()
        groups = [
            (p, p.grad, group["rho"], group["mix"])
            for group in self.param_groups
            for p in group["params"]
            if p.grad is not None
        ]
        for n, (p, *_) in enumerate(groups):
            check_gradient(p, f"parameter {n}")
        norm = _norm([grad for _, grad, _, _ in groups])
        moved = [(p, p.clone()) for p, *_ in groups]
        try:
            for p, grad, rho, mix in groups:
                size = norm.to(grad.device)
                way = rho * (1 - mix + mix / size) * grad
                # Not by a gradient of 0, nor one that is not finite, which is no step at e either.
                p.add_(torch.where((size > 0) & size.isfinite(), way, 0.0).to(p.dtype))
            yield moved
        finally:
            for p, x in moved:
                p.copy_(x)


def _norm(grads: Sequence[Tensor]) -> Tensor:
    """Return ``||g||`` over all parameters, a 0-dim tensor."""
    if not grads:
        return torch.zeros(())
    wide = [scalar_dtype(g.device) for g in grads]
    norms = [torch.linalg.vector_norm(_real(g), dtype=w) for g, w in zip(grads, wide, strict=True)]
    return torch.linalg.vector_norm(torch.stack([n.to(norms[0].device) for n in norms]))


def _slope(moved: Moved) -> Tensor | float:
    """Return ``<g_e, e - x>``, e as it was rounded."""
    total: Tensor | float = 0.0
    for p, x in moved:
        if p.grad is not None:
            wide = scalar_dtype(p.device)
            way = _real(p.detach()).to(wide) - _real(x).to(wide)
            term = (_real(p.grad).to(wide) * way).sum()
            total = term if isinstance(total, float) else total + term.to(total.device)
    return total


def _real(tensor: Tensor) -> Tensor:
    """Return a complex tensor as one of pairs, another as it is."""
    return torch.view_as_real(tensor) if tensor.is_complex() else tensor
