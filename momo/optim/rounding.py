# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Numbers of 16 bits and what rounding to them leaves: tensors in, tensors out, nothing is kept."""

from __future__ import annotations

import torch
from torch import Tensor


def bits_kept(rounded: Tensor) -> Tensor:
    """Return the tensor, which a compiler must not take for what it was before it was rounded.

    It leaves out the rounding of a value that it keeps in a register, unless something is done
    with its bits.
    """
    if rounded.dtype.itemsize != 2 or not torch.compiler.is_compiling():
        return rounded
    return torch.bitwise_and(rounded.view(torch.int16), -1).view(rounded.dtype)


def split(z: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Return z in two numbers of 16 bits: x, which is z rounded, and c, nearly ``z - x``.

    ``|z - (x + c)|`` is at most ``u² |x|``, and mostly half of that, where u is the unit roundoff
    of the dtype; or the smallest number of the dtype, if that is more. x is also ``x + c`` rounded,
    so that splitting the sum again changes nothing: a step of length 0 keeps every bit.
    """
    x = bits_kept(z.to(dtype))
    rest = x.to(z.dtype)
    c = bits_kept(torch.sub(z, rest, out=rest).to(dtype))
    del rest
    # Rounding may have brought c to half a unit of x, whose sum with x is rounded to the other
    # side. Then the next smaller c is taken, whose bits are the next smaller integer.
    over = bits_kept(x + c).sub_(x).view(torch.int16).bitwise_and_(0x7FFF).ne_(0)  # not 0, nor -0
    c.view(torch.int16).sub_(over)
    return x, c
