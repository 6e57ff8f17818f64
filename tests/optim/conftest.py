# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Settings of the optimizer tests: the same examples on every run."""

import pytest
import torch
from hypothesis import settings

settings.register_profile("optim", deadline=None, derandomize=True, database=None, max_examples=50)
settings.load_profile("optim")

# The test processes share the cores, and the number of threads changes the order of sums.
torch.set_num_threads(1)


GPU_EXAMPLES = 5
"""Of each test on a GPU, where an example may compile kernels; the CPU has as many as it says."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Draw few examples where the tests of a GPU are asked for."""
    if not str(config.getoption("markexpr")).startswith("gpu"):
        return
    for item in items:
        test = getattr(item, "obj", None)
        drawn = getattr(test, "_hypothesis_internal_use_settings", None)
        if item.get_closest_marker("gpu") and drawn is not None:
            few = settings(drawn, max_examples=GPU_EXAMPLES)
            test._hypothesis_internal_use_settings = few  # type: ignore[union-attr]
