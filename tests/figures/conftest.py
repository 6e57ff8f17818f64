# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Settings of the tests of figures: the same examples on every run, and made-up records."""

from __future__ import annotations

import pytest
from figures_records import records as made_up
from hypothesis import settings

from experiments.records import Records

settings.register_profile("figures", deadline=None, derandomize=True, database=None)
settings.load_profile("figures")


@pytest.fixture(scope="session")
def records() -> Records:
    """Return a set of made-up records that has something for every figure."""
    return made_up()
