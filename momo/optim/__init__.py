"""Momentum-model optimizers in torch.

`Momo` and `MomoAdam` are drop-in replacements for SGD with momentum and for Adam. A method of your
own is a subclass of `MomentumModelOptimizer` that says which `Choices` its parameter groups make.
"""

from momo.optim.base import MomentumModelOptimizer
from momo.optim.choices import Choices
from momo.optim.info import StepInfo
from momo.optim.momo import Momo
from momo.optim.momo_adam import MomoAdam
from momo.optim.recorder import Recorder
from momo.optim.training import AccumulatedLoss, clip_grad_norm_

__all__ = [
    "AccumulatedLoss",
    "Choices",
    "MomentumModelOptimizer",
    "Momo",
    "MomoAdam",
    "Recorder",
    "StepInfo",
    "clip_grad_norm_",
]
