"""Preconditioners on their own: parameters with a state, stepped as the optimizer does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor

from momo.optim.blocks import GRAD, Block, Kept, Member, X, one_by_one
from momo.optim.gate import Gate
from momo.optim.numbers import Floats, Tensors
from momo.optim.passes import Pass, directed
from momo.optim.preconditioners import Preconditioner
from momo.optim.state import GRAD_AVG, MEMORY_WEIGHT, new_memory

Shape = tuple[int, ...]
Cut = Callable[[Iterable[Member], Kept], Iterable[Block]]


def member(rule: Preconditioner, shape: Shape, **kind: Any) -> Member:
    """A parameter that has seen no gradient."""
    x = torch.nn.Parameter(torch.zeros(shape, **kind), requires_grad=False)
    return Member(x, new_memory(x, rule.memory(shape), ()))


def seen(one: Member, grad: Tensor, grad_avg: Tensor) -> None:
    """Set the gradient and its average."""
    one.parameter.grad = grad
    one.state[GRAD_AVG] = grad_avg


def memory_of(rule: Preconditioner, one: Member) -> list[Tensor]:
    """What the rule keeps."""
    return [one.state[name] for name in rule.memory(tuple(one.parameter.shape))]


def shares(rule: Preconditioner) -> tuple[float, float]:
    """The shares of the old and of the new in the memory."""
    return (1.0, 1.0) if rule.beta2 is None else (rule.beta2, 1 - rule.beta2)


def count(rule: Preconditioner, members: Sequence[Member]) -> None:
    """Let the weights know of a gradient."""
    keep, new = shares(rule)
    for one in members:
        if MEMORY_WEIGHT in one.state:
            weight = one.state[MEMORY_WEIGHT]
            weight.copy_(keep * weight + new)


def at(rule: Preconditioner, device: torch.device, ok: Tensor | None = None) -> Pass:
    """What the passes know; ``ok`` stands for a gate."""
    numbers: Any = Floats() if ok is None and device.type == "cpu" else Tensors(device)
    gate = None if ok is None else Gate(ok)
    memory: tuple[Any, Any] = shares(rule)
    if gate is not None:
        memory = gate.outcome(memory[0], 1.0), gate.outcome(memory[1], 0.0)
    method: Any = None
    return Pass(method, rule, (0.0, 0.0), memory, numbers, gate, {})


def gradient_of(block: Block, passed: Pass) -> Tensor:
    """The gradient, or 0 where the gate is shut."""
    grad = block.load(GRAD)
    return grad if passed.gate is None else passed.gate.sample(grad)


def take_in(
    rule: Preconditioner, members: Sequence[Member], cut: Cut = one_by_one, ok: Tensor | None = None
) -> None:
    """Update the memory, and leave the directions in the parameters."""
    alike: dict[tuple[str, ...], list[Member]] = {}
    for one in members:
        alike.setdefault(tuple(rule.memory(tuple(one.parameter.shape))), []).append(one)
    for names, some in alike.items():
        for block in cut(some, Kept(names, (), (), False)):
            passed, d = at(rule, some[0].parameter.device, ok), block.load(GRAD_AVG)
            block.store(X, directed(block, d, passed, gradient_of(block, passed)))
            block.forget()
