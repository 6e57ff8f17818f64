# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a preconditioner is: a rule that makes directions of the gradients seen so far.

It gives the direction ``D^{-1} d``, or ``u(d)`` of a norm; the dual norm is ``<d, direction>``, so
that the two cannot disagree. All is done to tensors that are given: whose they are, where they are
kept, and whether the step takes place, is the business of `momo.optim.passes`. Of those that the
kernels know (`momo.optim.fused.coverage`) the fused path has the equations once more.
"""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from torch import Tensor

Shape = tuple[int, ...]
Memory = tuple[Tensor, ...]
Rate = float | Tensor
"""A number, or a 0-dim tensor of the memory's dtype."""


class Preconditioner(Protocol):
    """A rule that turns the gradients seen so far into a positive definite D_k, or a norm.

    One that depends on more than gradients names it in ``sees``, a class variable that others need
    not have: "x", the parameter as it was before the step, in the shape of d; "gap",
    ``(f_k - ℓ_k)_+``, and "lr", α, numbers or 0-dim tensors. What it names is given to `direction`
        as keywords; what it names in ``takes``, also, to `update`.

    One that scales the decay of each parameter has ``decay_scale(x, shape)``, the factor s of
    ``z ← (1 - αλs) z - …``: ``shape`` is the parameter's, x may have an axis of a stack before.

    One of whole parameters in whose place of ``<d, direction>`` another number stands in the step
    says so by ``stale_norm``, which others need not have, and has
    ``dual_norms(found, memory, weight) -> (used, memory)``: ``found`` is ``<d, direction>`` of each
    member, ``used`` what stands in its place, of shape (members, 1); the memory is written back.
    """

    elementwise: ClassVar[bool]
    """Whether an element's direction depends on that element alone.

    Then parameters may be gathered, cut and sharded; else each is worked on whole, shards of it on
    one of the ranks that hold it (`momo.optim.spread`), and must be real. Such a preconditioner has
    two things more:

    * ``seen(shape)`` is the shape in which it sees a parameter, as that of a matrix. Parameters of
      one shape may be stacked: g and d are of shape ``(..., *seen)`` then, what is kept of shape
      ``(..., *kept)``, and a weight that is a tensor has 1 in the place of ``seen``; ``...`` is one
      axis of a stack, and none of one parameter.
    * ``dear`` says whether a direction takes longer to compute than to keep between the passes.
    """
    unit: ClassVar[bool]
    """Whether the direction is ``u(d)``, of norm 1, and not ``D^{-1} d``."""

    @property
    def beta2(self) -> float | None:
        """β2 of the memory; None: it is a sum.

        The weight that goes with the memory is ``1 - β2^k``, or k, the number of gradients that
        the parameter has had.
        """

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Return the names, in the optimizer's state, and shapes of what is kept of a parameter.

        Its dtype is the parameter's, but 32 bits at least; it starts at 0.
        """

    def update(
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Rate, new: Rate, weight: Any
    ) -> Memory:
        """Take in a gradient, and return the memory, in place or as other tensors.

        Parameters
        ----------
        memory
            In the order of the names.
        grad, d
            g_k, and d_k as the model sees it.
        keep, new
            The rates of what was there and of what is new: β2 and 1 - β2, or 1 and 1 of a sum.
            Where nothing must change they are 1 and 0, and the gradient is 0; of what is not the
            tensor that was given the old one is kept then.
        weight
            Of the memory, this gradient included: a number, or a tensor with one entry an element.
        """

    def direction(self, d: Tensor, memory: Memory, weight: Any) -> Tensor:
        """Return ``D^{-1} d``, or ``u(d)``: a new tensor, or d itself."""
