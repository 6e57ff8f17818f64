# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Settings of all tests: GPU tests only on a GPU, examples, and what is collected is no garbage."""

import gc
import signal

import pytest
from hypothesis import is_hypothesis_test, settings

# A third of collection went into looking for garbage among what all stays: modules and tests.
gc.disable()

# A shell starts what it runs behind itself deaf to Ctrl-C, and so would be what tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ENOUGH = 10
"""A test that states more examples than these draws a quarter of the others by default."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all-examples",
        action="store_true",
        help="draw as many examples as tests state, as `make test-slow` does; else about a third",
    )


def pytest_collection_finish() -> None:
    """Let the collector look at what tests make alone."""
    gc.collect()
    gc.freeze()
    gc.enable()


def draw_fewer(items: list[pytest.Item]) -> None:
    """Let tests that are not slow draw fewer examples than they state."""
    quick = [item for item in items if item.get_closest_marker("slow") is None]
    tests = {id(test): test for test in (getattr(item, "obj", None) for item in quick)}
    for test in tests.values():
        if test is None or not is_hypothesis_test(test):
            continue
        stated = test._hypothesis_internal_use_settings
        number = stated.max_examples
        if number > ENOUGH:
            few = settings(stated, max_examples=ENOUGH + (number - ENOUGH) // 4)
            test._hypothesis_internal_use_settings = few


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--all-examples"):
        draw_fewer(items)
    marked = [item for item in items if item.get_closest_marker("gpu")]
    if not marked:
        return
    import torch  # only where a test needs it: those of the theory do not

    if not torch.cuda.is_available():
        for item in marked:
            item.add_marker(pytest.mark.skip(reason="needs a CUDA device, and there is none"))
