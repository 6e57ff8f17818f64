# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Parameters with what is kept of them, whose gradients are taken in as an optimizer does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor

from momo.core.method import Method
from momo.core.parts import FROM_ZERO, Given
from momo.optim.blocks import GRAD, Block, Kept, Member, X, one_by_one
from momo.optim.gate import Gate
from momo.optim.numbers import Floats, Tensors
from momo.optim.passes import Pass, at_portion, count_, directed
from momo.optim.plan import Portion
from momo.optim.preconditioners import Preconditioner, Shape
from momo.optim.settings import setting
from momo.optim.state import GRAD_AVG, MEMORY_WEIGHT, new_memory

Cut = Callable[[Iterable[Member], Kept], Iterable[Block]]
Numbers = Floats | Tensors
NUMBERS: dict[str, Callable[[], Numbers]] = {
    "floats": Floats,
    "tensors": lambda: Tensors(torch.device("cpu")),
}
"""How the numbers of a step are held, where both ways can be."""


def member(rule: Preconditioner, shape: Shape, dtype: torch.dtype, device: str = "cpu") -> Member:
    """A parameter that has seen no gradient."""
    x = torch.zeros(shape, dtype=dtype, device=device)
    return Member(x, new_memory(x, rule.memory(shape), ()))


def give(one: Member, grad: Tensor, grad_avg: Tensor | None = None) -> None:
    """Let the parameter have g, and d."""
    one.parameter.grad = grad
    if grad_avg is not None:
        one.state[GRAD_AVG] = grad_avg


def memory(rule: Preconditioner, one: Member) -> list[Tensor]:
    """What the preconditioner keeps, without its weight."""
    return [one.state[name] for name in rule.memory(tuple(one.parameter.shape))]


def kept(rule: Preconditioner, one: Member) -> list[Tensor]:
    """What the preconditioner keeps, and its weight, if it has one."""
    weight = one.state.get(MEMORY_WEIGHT)
    return [*memory(rule, one), *([] if weight is None else [weight])]


def portion(rule: Preconditioner, members: Sequence[Member], cut: Cut = one_by_one) -> Portion:
    """The parameters in blocks."""
    alike: dict[Kept, list[Member]] = {}
    for one in members:
        names = tuple(rule.memory(tuple(one.parameter.shape)))
        alike.setdefault(Kept(names, (), (), False), []).append(one)
    blocks = tuple(block for form, some in alike.items() for block in cut(some, form))
    counted = bool(rule.memory(()))
    return Portion(0, 0, blocks, blocks, tuple(members), counted, ((),), frozenset())


def at(rule: Preconditioner, work: Portion, numbers: Numbers, gate: Gate | None = None) -> Pass:
    """What the passes know of a step."""
    method = Method(FROM_ZERO, rule, Given(0.0), 1.0)
    return at_portion([setting(method, {})], work, (0.9, 0.9), numbers, gate)


def take_in(
    rule: Preconditioner,
    members: Sequence[Member],
    numbers: Numbers,
    cut: Cut = one_by_one,
    gate: Gate | None = None,
) -> None:
    """Count the gradients, take them in, and leave the directions in the parameters."""
    work = portion(rule, members, cut)
    now = at(rule, work, numbers, gate)
    if work.counted:
        count_(work, now)
    for block in work.blocks:
        grad = block.load(GRAD)
        grad = grad if gate is None else gate.sample(grad)
        block.store(X, directed(block, block.load(GRAD_AVG), now, grad))
