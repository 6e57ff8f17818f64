# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Random numbers that are a function of a seed and the step: runs resume, and ranks agree.

SplitMix64's output (Steele, Lea and Flood 2014) as a multiple of 2⁻⁵³, plus half of one.
"""

from __future__ import annotations

from typing import Any

MASK = (1 << 64) - 1
GOLDEN, FIRST, SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def uniform(seed: int, k: Any) -> Any:
    """Return a number in (0, 1) for step k, counted from 1.

    Parameters
    ----------
    seed
        Any integer.
    k
        A Python number, or a tensor, as an int64: its arithmetic wraps as that of unsigned numbers.
    """
    if isinstance(k, int | float):
        bits = (seed + int(k) * GOLDEN) & MASK
        bits = ((bits ^ (bits >> 30)) * FIRST) & MASK
        bits = ((bits ^ (bits >> 27)) * SECOND) & MASK
        bits ^= bits >> 31
        return ((bits >> 11) + 0.5) * 2.0**-53
    bits = k.long() * _signed(GOLDEN) + _signed(seed)
    bits = (bits ^ _shifted(bits, 30)) * _signed(FIRST)
    bits = (bits ^ _shifted(bits, 27)) * _signed(SECOND)
    bits = bits ^ _shifted(bits, 31)
    # float64 holds the 53 bits; devices without it round.
    real = _shifted(bits, 11)
    return ((real.float() if bits.device.type == "mps" else real.double()) + 0.5) * 2.0**-53


def _signed(number: int) -> int:
    """Return the int64 of the same 64 bits."""
    number &= MASK
    return number - (1 << 64) if number >> 63 else number


def _shifted(bits: Any, by: int) -> Any:
    """Return the bits shifted to the right, with zeros on the left."""
    return (bits >> by) & ((1 << (64 - by)) - 1)
