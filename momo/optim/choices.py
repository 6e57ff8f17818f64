"""What a parameter group chooses, and what all groups have to agree on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import torch
from torch import Tensor

from momo.optim import arguments
from momo.optim.averaging import Averaging
from momo.optim.iterates import PLAIN, Iterates
from momo.optim.lower_bounds import Given, LowerBound, Online
from momo.optim.model import Decay, Scalar, is_zero
from momo.optim.preconditioners import Preconditioner, Shape
from momo.optim.products import Product
from momo.optim.state import scalar_dtype
from momo.optim.step_rules import TRUNCATION, StepRule


@dataclass(frozen=True)
class Choices:
    """What one parameter group chooses.

    α, λ, the preconditioner and the decay are the group's own; the others belong to the one model,
    and have to be those of all groups.

    Attributes
    ----------
    lr, weight_decay
        α_g and λ_g.
    beta
        β in [0, 1).
    averaging
        The weights ρ_{j,k}.
    bound
        f_*^k.
    preconditioner
        D_g, or a norm.
    decay
        How λ_g enters.
    matrices
        The preconditioner of parameters with two or more axes; None: the same.
    rule
        τ_k of the cap and ζ_k; None: the truncation.
    iterates
        Where gradients are taken and where steps go from; None: both at x.
    product
        How the norm of the whole comes from those of the parameters; None for a metric, and for the
        constrained form of a norm, in which the cap is α, not α/ρ.
    current_loss
        Whether the step is Polyak's for the newest loss, not the model's; the cap is α then.
    """

    lr: Scalar
    weight_decay: Scalar
    beta: float
    averaging: Averaging
    bound: LowerBound
    preconditioner: Preconditioner
    decay: Decay
    matrices: Preconditioner | None = None
    # Not objects as defaults: torch.compile cannot trace these.
    rule: StepRule | None = None
    iterates: Iterates | None = None
    product: Product | None = None
    current_loss: bool = False

    @property
    def preconditioners(self) -> tuple[Preconditioner, ...]:
        """The group's, that of matrices last."""
        own = (self.preconditioner,)
        return own if self.matrices is None else (*own, self.matrices)

    def which(self, shape: Shape) -> int:
        """Return the index, in `preconditioners`, of that of a parameter."""
        return len(self.preconditioners) - 1 if len(shape) >= 2 else 0

    def preconditioner_of(self, shape: Shape) -> Preconditioner:
        """Return the preconditioner of a parameter."""
        return self.preconditioners[self.which(shape)]

    @property
    def step_rule(self) -> StepRule:
        """The rule, or the paper's."""
        return TRUNCATION if self.rule is None else self.rule

    @property
    def sequence(self) -> Iterates:
        """The iterates, or the paper's."""
        return PLAIN if self.iterates is None else self.iterates


def step_limits(group: dict[str, Any]) -> tuple[Scalar, Scalar]:
    """Return α and λ of a group.

    Raises
    ------
    ValueError, TypeError
        If one is negative, λ is infinite, or α is infinite and λ is not 0.
    """
    lr = arguments.non_negative("lr", group["lr"], infinite=True)
    weight_decay = arguments.non_negative("weight_decay", group["weight_decay"])
    if is_infinite(lr) and not is_zero(weight_decay):
        raise ValueError(
            f"weight_decay = {weight_decay} together with lr = inf; allowed: a finite lr, or"
            " weight_decay = 0 (an uncapped step has no proximal term to balance the decay)"
        )
    return lr, weight_decay


def lower_bound(group: dict[str, Any]) -> LowerBound:
    """Return the bound of a group, from ``lb`` and ``use_fstar``."""
    lb = arguments.finite("lb", group["lb"])
    return Online(lb) if arguments.flag("use_fstar", group["use_fstar"]) else Given(lb)


BOUND = ("kind of bound (use_fstar)", "lb")
"""What to call the entries of `LowerBound.shared` in messages."""


def agreed(groups: Sequence[dict[str, Any]], choices: Sequence[Choices]) -> Choices:
    """Return the choices of the first group, after a check that all share the model's own.

    Raises
    ------
    ValueError
        If β, the kind of average, the bound or ``nonfinite`` differ, or one learning rate of
        several is infinite.
    """
    first = choices[0]
    for index, (group, choice) in enumerate(zip(groups, choices, strict=True)):
        for name, ours, theirs in (
            ("beta", choice.beta, first.beta),
            ("average (bias_correction)", choice.averaging, first.averaging),
            ("step rule", choice.rule, first.rule),
            ("sequence of iterates", choice.iterates, first.iterates),
            ("product of norms", choice.product, first.product),
            ("current_loss", choice.current_loss, first.current_loss),
            ("nonfinite", group["nonfinite"], groups[0]["nonfinite"]),
            *zip(BOUND, choice.bound.shared, first.bound.shared, strict=True),
        ):
            if not same(ours, theirs):
                raise ValueError(
                    f"{name} = {ours} in param_groups[{index}], {theirs} in param_groups[0];"
                    " allowed: the same in all groups, which share one model"
                )
        if is_infinite(choice.lr) != is_infinite(first.lr):
            raise ValueError(
                f"lr = {choice.lr} in param_groups[{index}], {first.lr} in param_groups[0];"
                " allowed: a finite lr in each group, or inf in all"
            )
    return first


def same(a: object, b: object) -> bool:
    """Return whether two hyper-parameters are equal; tensors on a device only if they are one."""
    if a is b or (isinstance(a, Tensor) and isinstance(b, Tensor) and _views_of_one(a, b)):
        return True
    ours, theirs = (arguments.known(v) if isinstance(v, Tensor) else v for v in (a, b))
    return ours is not None and ours == theirs


def _views_of_one(a: Tensor, b: Tensor) -> bool:
    """Return whether two 0-dim tensors are one tensor of one element, reshaped twice."""
    return a._base is not None and a._base is b._base and a.storage_offset() == b.storage_offset()


def is_infinite(lr: Scalar) -> bool:
    """Return whether a learning rate is infinite, as far as that can be read without waiting."""
    return math.isinf(arguments.known(lr) or 0.0)


def is_number(value: Scalar) -> TypeGuard[float]:
    """Return whether a hyper-parameter is a number, not a tensor."""
    return not isinstance(value, Tensor)


def relative(lrs: Sequence[Scalar]) -> tuple[Scalar, list[Scalar]]:
    """Return the largest learning rate α, and each group's over it: ``r_g = α_g/α``.

    Where all are 0, or all infinite, the ratios are 1.
    """
    numbers = [lr for lr in lrs if is_number(lr)]
    if len(numbers) == len(lrs):
        alpha = max(numbers)
        return alpha, [1.0 if lr == alpha else lr / alpha for lr in numbers]
    if all(lr is lrs[0] for lr in lrs):
        return lrs[0], [1.0] * len(lrs)
    devices = [lr.device for lr in lrs if isinstance(lr, Tensor)]
    device = next((device for device in devices if device.type != "cpu"), devices[0])
    one = torch.ones((), dtype=scalar_dtype(device), device=device)
    stacked = torch.stack([lr.to(one) if isinstance(lr, Tensor) else lr * one for lr in lrs])
    largest = stacked.max()
    return largest, list(torch.where(stacked == largest, 1.0, stacked / largest).unbind())
