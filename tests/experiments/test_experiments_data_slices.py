# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The script that makes the slices makes the ones that are there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from experiments.data import available
from experiments.data.vendored import SLICES, SUMS

SCRIPT = Path(__file__).parents[2] / "scripts" / "make_slices.py"
WHOLES = ("fashion_mnist", "emoji", "flights", "libreoffice_help", "austen")


@pytest.mark.slow
def test_the_script_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in WHOLES:
        reason = available(name)
        if reason is not None:
            pytest.skip(reason)
    command = [sys.executable, str(SCRIPT), "--target", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    assert (tmp_path / SUMS).read_text() == (SLICES / SUMS).read_text()
