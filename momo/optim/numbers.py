# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A step's numbers: as Python floats on the CPU, else as 0-dim tensors that are never read.

They are the loss, the inner products, and the model's own, which are kept in the optimizer's state
(`momo.optim.state`). But for the weights of memories (`momo.optim.passes`, and the kernels) and
hyper-parameters on the CPU, no tensor's value is read elsewhere. Of the fused path on a GPU the
inner products and the model's numbers are in memory of the device (`momo.optim.fused.gpu_numbers`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from momo.core.ops import FLOATS, Ops, tensors
from momo.core.step import Inner, Number, State, total
from momo.optim.arguments import loss_value
from momo.optim.reading import READING, readable
from momo.optim.state import KEPT, scalar_dtype

NOTHING = Inner(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


class Ahead(NamedTuple):
    """What the line needs to know of the last step where parameters are frozen, or freed.

    A frozen parameter does not move, so its ``<d,z>`` is a constant of the line. It is left out of
    the inner products, and γ_k becomes what leaves the line's value as it was. Then nothing depends
    on the d of what is frozen, which other people's checkpoints do not keep.

    Attributes
    ----------
    offset
        ``<d_k, z> - γ_k`` where the step has led.
    members
        Whose d that has (`momo.optim.plan.members`).
    """

    offset: Number
    members: Number

    def carried(self, state: State, inners: Sequence[Inner], members: Number, ops: Ops) -> State:
        """Return the state with the γ of the parameters that are in the line now."""
        found = total([inner.before for inner in inners]) - self.offset
        return state._replace(inner_avg=ops.where(self.members == members, state.inner_avg, found))


class Floats:
    """Python floats: reading a tensor of the CPU waits for nothing, and they are ten times as fast.

    Attributes
    ----------
    ops
        The operations of the general equation on them.
    of
        The number in a 0-dim tensor.
    near
        The number as a tensor needs it: as it is.
    total, finite
        The sum of numbers, and whether all are finite.
    gated
        Whether it must not be read if a step takes place (`momo.optim.gate`).
    """

    ops: Ops = FLOATS
    device = torch.device("cpu")
    zero = 0.0
    gated = False
    of = staticmethod(Tensor.item)
    near = staticmethod(lambda number, x: number)
    total = staticmethod(sum)
    finite = staticmethod(lambda numbers: all(map(math.isfinite, numbers)))

    def __init__(self) -> None:
        self._array: Any = None
        self._address = 0

    def loss(self, name: str, value: Any) -> float:
        """Return a loss, after it was checked (`momo.optim.arguments.loss_value`)."""
        if type(value) is not float and not (
            type(value) is Tensor and value.numel() == 1 and value.is_floating_point()
        ):
            value = loss_value(name, value)
        return value.item() if isinstance(value, Tensor) else float(value)

    def summed(self, rows: Sequence[Inner]) -> Inner:
        """Return the sums of the inner products of blocks."""
        if len(rows) == 1:
            return rows[0]
        return Inner(*map(sum, zip(*rows, strict=True))) if rows else NOTHING

    def message(self, numbers: Sequence[Number]) -> Tensor:
        """Return a vector that can be sent to other ranks."""
        return torch.tensor(numbers, dtype=torch.float64)

    def received(self, message: Tensor) -> list[float]:
        """Return the numbers of such a vector."""
        found: list[float] = message.tolist()
        return found

    def read(self, model: Tensor) -> list[float]:
        """Return what is kept of the model."""
        # It can be another, or move to other memory, as when processes come to share it.
        if (address := model.data_ptr()) != self._address:
            self._array, self._address = model.numpy(), address
        found: list[float] = self._array[KEPT].tolist()
        return found

    def write_(self, model: Tensor, numbers: Sequence[float]) -> None:
        """Keep what is new of the model, which was read, then what the step says of itself."""
        self._array[KEPT.start :] = numbers


class Tensors:
    """0-dim tensors on a device, or in a graph; attributes and methods are those of `Floats`.

    Parameters
    ----------
    device
        Where they are.
    """

    gated = True

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.ops = tensors()
        self.zero = torch.zeros((), dtype=scalar_dtype(device), device=device)

    def loss(self, name: str, value: Any) -> Tensor:
        """Return a loss, after it was checked (`momo.optim.arguments.loss_value`)."""
        checked = loss_value(name, value)
        if isinstance(checked, Tensor):
            return checked.to(dtype=self.zero.dtype, device=self.device)
        return torch.full_like(self.zero, checked)

    def of(self, tensor: Tensor) -> Tensor:
        """Return the tensor, on the device."""
        return tensor if tensor.device == self.device else tensor.to(self.device)

    def near(self, number: Number, x: Tensor) -> Any:
        """Return a number in the dtype and on the device of x; a Python number as it is."""
        return number.to(x.device, x.dtype) if isinstance(number, Tensor) else number

    def finite(self, numbers: Sequence[Tensor]) -> Tensor:
        """Return whether all are finite: a 0-dim tensor."""
        return torch.isfinite(torch.stack(list(numbers))).all()

    def total(self, numbers: Sequence[Number]) -> Number:
        """Return the sum."""
        return torch.stack(list(numbers)).to(self.zero.dtype).sum() if numbers else self.zero

    def summed(self, rows: Sequence[Inner]) -> Inner:
        """Return the sums of the inner products of blocks, in float64."""
        if not rows:
            return Inner(*[self.zero] * len(Inner._fields))
        flat = torch.stack([number for row in rows for number in row])
        return Inner(*flat.to(self.zero.dtype).view(len(rows), -1).sum(0).unbind())

    def message(self, numbers: Sequence[Number]) -> Tensor:
        """Return a vector that can be sent to other ranks."""
        return torch.stack(list(numbers))

    def received(self, message: Tensor) -> list[Tensor]:
        """Return the numbers of such a vector."""
        return list(message.unbind())

    def read(self, model: Tensor) -> list[Tensor]:
        """Return what is kept of the model."""
        return list(model.unbind()[KEPT])

    def write_(self, model: Tensor, numbers: Sequence[Number]) -> None:
        """Keep what is new of the model, then what the step says of itself."""
        model[KEPT.start :].copy_(torch.stack([self._tensor(n, model.dtype) for n in numbers]))

    def _tensor(self, number: Number, dtype: torch.dtype) -> Tensor:
        if isinstance(number, Tensor):
            return number
        return torch.full((), number, dtype=dtype, device=self.device)


def kind(parameters: Iterable[Tensor], device: torch.device) -> Floats | Tensors:
    """Return how the numbers of a step are held.

    Parameters
    ----------
    parameters
        All of the optimizer's, as this rank holds them. Of a subclass of Tensor, such as those
        that have no values, nothing is read.
    device
        That of the first.
    """
    if torch.compiler.is_compiling() or device.type != "cpu" or not READING.allowed:
        return Tensors(device)
    own = (p.to_local() if hasattr(p, "to_local") else p for p in parameters)
    return Floats() if all(map(readable, own)) else Tensors(device)
