# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Settings of the tests of experiments: the same examples on every run, and one thread."""

import torch
from hypothesis import settings

settings.register_profile("experiments", deadline=None, derandomize=True, database=None)
settings.load_profile("experiments")

# The test processes share the cores, and the number of threads changes the order of sums.
torch.set_num_threads(1)
