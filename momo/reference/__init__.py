"""The equations of momentum models in NumPy, one function an equation, float64.

Everything is a pure function over arrays whose leading axes are independent runs. Start with
`momo.reference.methods`; the choices that make a method lie beside it.
"""

from momo.reference.averaging import EMA_FROM_FIRST, EMA_FROM_ZERO, NO_AVERAGE, Averaging
from momo.reference.groups import GroupedMethod, GroupedState, grouped
from momo.reference.lower_bounds import Constant, Online, PerBatch, constant, online
from momo.reference.methods import (
    Info,
    Method,
    State,
    adam,
    method,
    momo,
    momo_adam,
    momo_adam_star,
    momo_star,
    prox_sps,
    sgd_m,
)
from momo.reference.model import APPROXIMATE, DECOUPLED, PROXIMAL, Decay
from momo.reference.norms import EUCLIDEAN, LINF, SPECTRAL, constrained_step, regularised_step
from momo.reference.preconditioners import (
    AdaGradPreconditioner,
    AdamPreconditioner,
    Diagonal,
    FrozenPreconditioner,
    Identity,
    IdentityPreconditioner,
    adagrad,
    adam_preconditioner,
    frozen,
)

__all__ = [
    "APPROXIMATE",
    "DECOUPLED",
    "EMA_FROM_FIRST",
    "EMA_FROM_ZERO",
    "EUCLIDEAN",
    "LINF",
    "NO_AVERAGE",
    "PROXIMAL",
    "SPECTRAL",
    "AdaGradPreconditioner",
    "AdamPreconditioner",
    "Averaging",
    "Constant",
    "Decay",
    "Diagonal",
    "FrozenPreconditioner",
    "GroupedMethod",
    "GroupedState",
    "Identity",
    "IdentityPreconditioner",
    "Info",
    "Method",
    "Online",
    "PerBatch",
    "State",
    "adagrad",
    "adam",
    "adam_preconditioner",
    "constant",
    "constrained_step",
    "frozen",
    "grouped",
    "method",
    "momo",
    "momo_adam",
    "momo_adam_star",
    "momo_star",
    "online",
    "prox_sps",
    "regularised_step",
    "sgd_m",
]
