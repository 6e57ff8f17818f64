# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How much memory the two passes of a step move at least: its limit where memory is slow.

A stream is one number read or written for each number of a parameter. The first pass reads what
the inner products are made of, and writes nothing: the average of the gradients and the memory of
the preconditioner are computed anew in the second, which reads and writes all. So MoMo is
2 + 5 = 7 streams beside the 5 of SGD with momentum, and MoMo-Adam 3 + 7 = 10 beside the 7 of Adam.
(If the first pass wrote the direction for the second, MoMo-Adam would need 9.)

All follows from the parts of a method:

* a metric adds its memory to both passes, twice to the second;
* points beside x, the base point among them, are read and written in the second; the first reads
  x and the base point, for ``<g, z - x>``;
* a decay of which the model knows adds z to the first, for ``<d, z>``;
* a direction that an element's own numbers do not give, as of factored squares, needs a gradient
  before it can be reduced: one more reading. Of matrices this is a lower bound alone: their
  products take longer.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any, NamedTuple

from momo.installed import needed

with needed(__name__, "bench"):
    import torch

from momo.core.method import Method
from momo.methods import Hyperparameters, Row
from momo.optim.blocks import GRAD, X
from momo.optim.hyperparameters import Hyperparameter
from momo.optim.settings import checked, preconditioner_of
from momo.optim.state import GRAD_AVG

Shape = tuple[int, ...]


class Stream(NamedTuple):
    """What is read or written.

    Attributes
    ----------
    name
        "x", "grad", or its name in the state.
    share
        How many numbers of it there are for each of the parameter.
    width
        The bytes of one.
    """

    name: str
    share: float
    width: int


@dataclass(frozen=True)
class Traffic:
    """What the passes of a step move.

    Attributes
    ----------
    first
        What the first pass reads.
    read, written
        What the second pass reads and writes.
    """

    first: tuple[Stream, ...]
    read: tuple[Stream, ...]
    written: tuple[Stream, ...]

    @property
    def count(self) -> float:
        """How many numbers are moved for each of the parameter."""
        return sum(stream.share for stream in (*self.first, *self.read, *self.written))

    @property
    def bytes(self) -> float:
        """How many bytes are moved for each number of the parameter."""
        moved = (*self.first, *self.read, *self.written)
        return sum(stream.share * stream.width for stream in moved)


def method_of(row: Row, h: Hyperparameters) -> Method:
    """Return the parts that a row's class chooses."""
    cls: Any = row.torch_class()
    known: dict[str, Hyperparameter] = cls.hyperparameters
    signature = inspect.signature(cls.__init__).parameters
    given = {name: signature[name].default for name in known}
    values = {**given, **row.torch_arguments(h)}
    make: Callable[[dict[str, Any]], Method] = cls.method
    return make(checked(values, known, {name: name for name in known}))


def kept(method: Method, shape: Shape, dtype: torch.dtype) -> tuple[Stream, ...]:
    """Return what is kept of a parameter between steps: d, the metric's memory, and points."""
    wide = torch.promote_types(dtype, torch.float32).itemsize
    memory = preconditioner_of(method, shape).memory(shape)
    return (
        Stream(GRAD_AVG, 1.0, dtype.itemsize),
        *(Stream(name, prod(own) / prod(shape), wide) for name, own in memory.items()),
        *(Stream(name, 1.0, wide) for name in method.iterates.points),
    )


def traffic(method: Method, shape: Shape, dtype: torch.dtype) -> Traffic:
    """Return what a step has to move of a parameter of this shape and dtype."""
    x, grad = (Stream(name, 1.0, dtype.itemsize) for name in (X, GRAD))
    state, points = kept(method, shape, dtype), method.iterates.points
    # z, from where the step goes, is the first point, or x; x̄ the first pass need not see.
    where = [x, *(one for one in state if one.name == points[0])] if points else [x]
    decays = method.decay.in_model and method.weight_decay != 0
    first = [
        grad,
        *(one for one in state if one.name not in points),
        *(where if points or decays else []),
    ]
    if not preconditioner_of(method, shape).elementwise:
        first.append(grad)
    return Traffic(tuple(first), (x, grad, *state), (x, *state))


def state_bytes(method: Method, shape: Shape, dtype: torch.dtype) -> float:
    """Return how many bytes are kept for each number of a parameter."""
    return sum(stream.share * stream.width for stream in kept(method, shape, dtype))


def step_bytes(method: Method, shapes: tuple[Shape, ...], dtype: torch.dtype) -> float:
    """Return how many bytes a step has to move."""
    return sum(prod(shape) * traffic(method, shape, dtype).bytes for shape in shapes)
