"""Settings of all tests: GPU tests run only on a GPU, and what is collected is no garbage."""

import gc

import pytest

# A third of collection went into looking for garbage among what all stays: modules and tests.
gc.disable()


def pytest_collection_finish() -> None:
    """Let the collector look at what tests make alone."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    marked = [item for item in items if item.get_closest_marker("gpu")]
    if not marked:
        return
    import torch  # only where a test needs it: those of the theory do not

    if not torch.cuda.is_available():
        for item in marked:
            item.add_marker(pytest.mark.skip(reason="needs a CUDA device, and there is none"))
