from __future__ import annotations

import pytest
from figures_records import records as made_up

from experiments.records import Records


@pytest.fixture(scope="session")
def records() -> Records:
    """Return a set of made-up records that has something for every figure."""
    return made_up()
