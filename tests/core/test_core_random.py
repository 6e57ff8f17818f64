# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Random numbers: the published ones, and the same of Python's integers and of tensors."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from momo.core.ops import tensors
from momo.core.random import _signed, uniform

SPLITMIX = (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F)
"""The published first outputs of SplitMix64 from the seed 0."""

seeds = st.integers(-(2**70), 2**70)
steps = st.integers(1, 2**40)


class Device(str):
    """The CPU, which says that it is of a kind without float64."""

    type = "mps"


class Elsewhere(torch.Tensor):
    """A tensor there."""

    @property
    def device(self) -> Device:  # type: ignore[override]
        return Device("cpu")


def test_they_are_those_of_splitmix() -> None:
    expected = [((bits >> 11) + 0.5) * 2.0**-53 for bits in SPLITMIX]
    assert [uniform(0, k) for k in (1, 2, 3)] == expected
    assert [uniform(0, float(k)) for k in (1, 2, 3)] == expected


@given(seed=seeds, k=steps)
def test_a_seed_is_so_many_bits_and_counts_from_there(seed: int, k: int) -> None:
    golden = 0x9E3779B97F4A7C15
    assert uniform(seed, k) == uniform(seed + 2**64, k) == uniform(seed + golden, k - 1)
    assert 0 < uniform(seed, k) < 1


@given(seed=seeds, k=steps)
def test_tensors_have_the_same(seed: int, k: int) -> None:
    found = uniform(seed, torch.tensor(k))
    assert found.dtype == torch.float64
    assert found.item() == uniform(seed, k)


@pytest.mark.parametrize("bits", [0, 1, 2**63 - 1, 2**63, 2**63 + 1, 2**64 - 1, 2**64, -1])
def test_bits_are_written_with_a_sign(bits: int) -> None:
    found = _signed(bits)
    assert -(2**63) <= found < 2**63
    assert (found - bits) % 2**64 == 0


def test_a_device_without_float64_rounds() -> None:
    found = uniform(3, torch.tensor(5).as_subclass(Elsewhere))
    assert found.dtype == torch.float32
    assert abs(found.item() - uniform(3, 5)) < 2**-23
    ok = torch.tensor(True)
    assert tensors().where(ok.as_subclass(Elsewhere), 1.0, 2.0).dtype == torch.float32
    assert tensors().where(ok, 1.0, 2.0).dtype == torch.float64
