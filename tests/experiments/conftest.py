"""Settings of the tests of experiments: the same examples on every run, one thread, GPU tests."""

import pytest
import torch
from hypothesis import settings

settings.register_profile("experiments", deadline=None, derandomize=True, database=None)
settings.load_profile("experiments")

# The test processes share the cores, and the number of threads changes the order of sums.
torch.set_num_threads(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if torch.cuda.is_available():
        return
    skip = pytest.mark.skip(reason="needs a CUDA device, and there is none")
    for item in items:
        if "gpu" in item.keywords:
            item.add_marker(skip)
