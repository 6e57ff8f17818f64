"""Lower bounds f_*^k on the loss; a new one is one file, and one line here."""

from momo.optim.lower_bounds.base import LowerBound
from momo.optim.lower_bounds.given import Given
from momo.optim.lower_bounds.online import Online, estimate, reset
from momo.optim.lower_bounds.running_mean import RunningMean

__all__ = ["Given", "LowerBound", "Online", "RunningMean", "estimate", "reset"]
