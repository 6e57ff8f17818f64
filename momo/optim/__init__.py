# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Momentum-model optimizers in torch.

`Momo` and `MomoAdam` are drop-in replacements for SGD with momentum and for Adam; the other methods
are in `momo.optim.variants`. One of your own is a subclass of `MomentumModelOptimizer` that
declares its hyper-parameters and says which `Method` its parameter groups choose.
"""

from momo import installed

with installed.needed("momo.optim", "torch"):
    import torch  # noqa: F401

from momo.core.method import Method
from momo.core.step import StepInfo
from momo.optim.momo import Momo
from momo.optim.momo_adam import MomoAdam
from momo.optim.optimizer import MomentumModelOptimizer
from momo.optim.recorder import Recorder
from momo.optim.release import GradientRelease
from momo.optim.training import AccumulatedLoss, clip_grad_norm_
from momo.optim.variants.adaptive import (
    MomoAdaBelief,
    MomoAdaFactor,
    MomoAdaGrad,
    MomoAmsGrad,
    MomoLion,
    MomoSoap,
)
from momo.optim.variants.lomo import AdaLomo, MomoAdaLomo
from momo.optim.variants.ngn import Ngn, NgnD, NgnM, NgnMdV1, NgnMdV2
from momo.optim.variants.polyak import AlrSmag, MomSps, MomSpsSmooth, ProxSps, SpsMax, SpsSafe
from momo.optim.variants.sam import SamPolyak
from momo.optim.variants.schedule_free import ScheduleFreeAdamPolyak, ScheduleFreePolyak
from momo.optim.variants.sequences import (
    AdaptiveNhb,
    Iam,
    IamAdam,
    IamAnytime,
    ImaSpsSafe,
    MomoRandomScaling,
    SgdmRandomScaling,
)
from momo.optim.variants.spectral import MuonAdamMomo, MuonMaxMomo, ScionMomo

__all__ = [
    "AccumulatedLoss",
    "AdaLomo",
    "AdaptiveNhb",
    "AlrSmag",
    "GradientRelease",
    "Iam",
    "IamAdam",
    "IamAnytime",
    "ImaSpsSafe",
    "Method",
    "MomSps",
    "MomSpsSmooth",
    "MomentumModelOptimizer",
    "Momo",
    "MomoAdaBelief",
    "MomoAdaFactor",
    "MomoAdaGrad",
    "MomoAdaLomo",
    "MomoAdam",
    "MomoAmsGrad",
    "MomoLion",
    "MomoRandomScaling",
    "MomoSoap",
    "MuonAdamMomo",
    "MuonMaxMomo",
    "Ngn",
    "NgnD",
    "NgnM",
    "NgnMdV1",
    "NgnMdV2",
    "ProxSps",
    "Recorder",
    "SamPolyak",
    "ScheduleFreeAdamPolyak",
    "ScheduleFreePolyak",
    "ScionMomo",
    "SgdmRandomScaling",
    "SpsMax",
    "SpsSafe",
    "StepInfo",
    "clip_grad_norm_",
]

installed.at_optimizers()
