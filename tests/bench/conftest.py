# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Settings of the tests of the benchmark."""

import torch

# The test processes share the cores, and the number of threads changes the order of sums.
torch.set_num_threads(1)
