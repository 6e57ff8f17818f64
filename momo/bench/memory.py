# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Peak extra memory of a step: what it allocates beyond parameters, gradients and state.

On the CPU every allocation and release of torch's allocator during one step is recorded by torch's
profiler; the peak is the largest running sum. The profiler does not see the release of what was
there before, so a step that gives some of that back may look worse than it is, never better. On
CUDA the allocator keeps the peak itself.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from momo.installed import needed

with needed(__name__, "bench"):
    import torch
    from torch.autograd.profiler import profile

from momo.bench.contestants import Family, Setting, runners, synchronise

WARM_UP = 2
"""Steps before the one that is measured: the state is made in the first."""


@dataclass(frozen=True)
class Usage:
    """What a contestant uses.

    Attributes
    ----------
    workload, name, path
        Who, on what.
    peak
        The bytes that a step has allocated at most at one time.
    largest
        The bytes of the largest parameter.
    state
        The bytes kept between steps.
    elements
        How many numbers the parameters are.
    """

    workload: str
    name: str
    path: str
    peak: int
    largest: int
    state: int
    elements: int

    @property
    def peak_tensors(self) -> float:
        """The peak in units of the largest parameter."""
        return self.peak / self.largest

    @property
    def state_per_element(self) -> float:
        """Bytes of state for each element of the parameters."""
        return self.state / self.elements


def peak_extra(action: Callable[[], object], device: torch.device) -> int:
    """Return how many bytes more than before were allocated at most while ``action`` ran.

    Raises
    ------
    ValueError
        If the device's allocator cannot be watched.
    """
    gc.collect()  # what others left behind is not to be released in the middle
    if device.type == "cuda":
        synchronise(device)
        torch.cuda.reset_peak_memory_stats(device)
        before = torch.cuda.memory_allocated(device)
        action()
        synchronise(device)
        return torch.cuda.max_memory_allocated(device) - before
    if device.type != "cpu":
        raise ValueError(f"device = {device}: its memory cannot be measured; allowed: cpu, cuda")
    os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # it reports each start and stop otherwise
    with profile(profile_memory=True) as record:
        action()
    assert record.kineto_results is not None
    events = [e for e in record.kineto_results.events() if e.name() == "[memory]"]
    events.sort(key=lambda e: e.start_ns())
    return max(accumulate((e.nbytes() for e in events), initial=0))


def measure_family(family: Family, workload: str, setting: Setting) -> list[Usage]:
    """Measure the contestants of one family on one workload."""
    found = []
    for runner in runners(family, workload, setting)[0]:
        if runner.contestant not in family.contestants:
            continue
        for _ in range(WARM_UP):
            runner.step()
        found.append(
            Usage(
                workload,
                runner.contestant.name,
                runner.contestant.path,
                peak_extra(runner.step, setting.device),
                max(x.nbytes for x in runner.parameters),
                runner.state_bytes(),
                sum(x.numel() for x in runner.parameters),
            )
        )
    return found
