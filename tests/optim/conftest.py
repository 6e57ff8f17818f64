"""Settings of the optimizer tests: the same examples on every run."""

import torch
from hypothesis import settings

settings.register_profile("optim", deadline=None, derandomize=True, database=None, max_examples=50)
settings.load_profile("optim")

# The test processes share the cores, and the number of threads changes the order of sums.
torch.set_num_threads(1)
