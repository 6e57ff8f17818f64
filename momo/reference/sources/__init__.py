# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The other methods of the table, each literally as its source writes it.

As in `momo.reference.paper`, where the symbols are explained, a method is given the start, a
vector, and the batches in their order, and yields the points at which gradients are taken. Nothing
of the project is imported beyond these modules. Each function keeps the letters of its source; the
arguments alone have the project's names: ``lr`` is α, the largest step, and ``lb`` is f_*. The
positive part ``( · )_+`` is ours where a source assumes that no loss is below f_*. "Derived here"
are those that put the metric or norm of the source that they name into the model of the paper.

`ORACLES` has each under the name of its row in `momo.methods`; its arguments are the row's, and
``shapes``, the shapes of the parameters that make up x, where matrices are treated as such.
"""

from collections.abc import Callable, Iterator, Mapping

from momo.reference.paper import Array, momo, momo_adam, momo_adam_star, momo_star
from momo.reference.sources import adaptive, lomo, ngn, polyak, sam, sequences, spectral

ORACLES: Mapping[str, Callable[..., Iterator[Array]]] = {
    "momo": momo,
    "momo_bias_corrected": adaptive.momo_bias_corrected,
    "momo_star": momo_star,
    "momo_adam": momo_adam,
    "momo_adam_undivided": adaptive.momo_adam_undivided,
    "momo_adam_star": momo_adam_star,
    "sps_max": polyak.sps_max,
    "prox_sps": polyak.prox_sps,
    "mom_sps": polyak.mom_sps,
    "mom_sps_smooth": polyak.mom_sps_smooth,
    "sps_safe": polyak.sps_safe,
    "alr_smag": polyak.alr_smag,
    "ngn": ngn.ngn,
    "ngn_d": ngn.ngn_d,
    "ngn_m": ngn.ngn_m,
    "ngn_md_v1": ngn.ngn_md_v1,
    "ngn_md_v2": ngn.ngn_md_v2,
    "momo_amsgrad": adaptive.momo_amsgrad,
    "momo_adagrad": adaptive.momo_adagrad,
    "momo_adabelief": adaptive.momo_adabelief,
    "momo_lion": adaptive.momo_lion,
    "momo_adafactor": adaptive.momo_adafactor,
    "momo_soap": adaptive.momo_soap,
    "adalomo": lomo.adalomo,
    "momo_adalomo": lomo.momo_adalomo,
    "muon_adam_momo": spectral.muon_adam_momo,
    "muon_max_momo": spectral.muon_max_momo,
    "scion_momo": spectral.scion_momo,
    "iam": sequences.iam,
    "iam_anytime": sequences.iam_anytime,
    "iam_adam": sequences.iam_adam,
    "ima_sps_safe": sequences.ima_sps_safe,
    "schedule_free_polyak": sequences.schedule_free_polyak,
    "schedule_free_adam_polyak": sequences.schedule_free_adam_polyak,
    "momo_random_scaling": sequences.momo_random_scaling,
    "sgdm_random_scaling": sequences.sgdm_random_scaling,
    "nhb_adaptive": sequences.nhb_adaptive,
    "sam_polyak": sam.sam_polyak,
}
"""The literal form of every method, by the name of its row."""

__all__ = ["ORACLES"]
