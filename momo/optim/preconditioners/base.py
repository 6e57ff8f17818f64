"""What a preconditioner is: a rule that makes directions of the gradients seen so far.

It gives the direction ``D^{-1} d``, or ``u(d)`` of a norm; the dual norm is ``<d, direction>``, so
that the two cannot disagree.
"""

from __future__ import annotations

from typing import ClassVar, Protocol

from torch import Tensor

from momo.optim.blocks import Block

Shape = tuple[int, ...]


class Preconditioner(Protocol):
    """A rule that turns the gradients seen so far into a positive definite D_k, or a norm."""

    elementwise: ClassVar[bool]
    """Whether an element's direction depends on that element alone.

    Then parameters may be gathered, cut and sharded; else each is worked on whole, in its own shape
    (`Block.members` has one member), and must be real and unsharded.
    """
    unit: ClassVar[bool]
    """Whether the direction is ``u(d)``, of norm 1, and not ``D^{-1} d``."""

    @property
    def decay(self) -> float | None:
        """The β of the memory, whose total weight is kept beside it; None: a count is kept.

        The weight, ``1 - β^k``, or the count of gradients k is `Block.weight`.
        """

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Return the names, in the optimizer's state, and shapes of what is kept of a parameter.

        Its dtype is the parameter's, but 32 bits at least; it starts at 0.
        """

    def update_(self, block: Block, grad: Tensor, grad_avg: Tensor, ok: Tensor | None) -> None:
        """Take in a gradient, d_k being ``grad_avg``; where ``ok`` is false, change nothing.

        `Block.weight` counts the gradient already.
        """

    def direction(self, block: Block, grad_avg: Tensor) -> Tensor:
        """Return ``D^{-1} d``, or ``u(d)``: a new tensor, or d itself."""
