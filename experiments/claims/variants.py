# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Claims on all methods on one small vision transformer."""

from __future__ import annotations

from experiments.claims.base import Claim
from experiments.claims.evidence import Side, complete, difference, wider

SECTION = "variants"
WHERE = "cifar10_vit"
AVERAGES = ("iam_adam", "iam_anytime", "schedule_free_polyak", "schedule_free_adam_polyak")
MATRICES = ("momo_soap", "muon_max_momo", "muon_adam_momo")
DIAGONAL = (
    "momo_adam",
    "momo_adam_star",
    "momo_amsgrad",
    "momo_adagrad",
    "momo_adabelief",
    "momo_adafactor",
)
BEST = ("schedule_free_adam_polyak", "momo_lion", "iam_adam")
LOW = ("ngn_d", "nhb_adaptive", "sgdm_random_scaling")
WIDE = "({low} … {high}, n = {n})"


def beside_adam(*methods: str) -> list[tuple[Side, Side]]:
    """Return each method and Adam."""
    return [(Side(WHERE, method), Side(WHERE, "adam")) for method in methods]


CLAIMS = (
    Claim(
        "variants-averages",
        SECTION,
        "Methods that average iterates (IAM-Adam, IAM with λ_t = t, schedule-free Polyak and"
        f" schedule-free Adam-Polyak) are wider than Adam by {{least}} to {{most}} decades {WIDE}.",
        complete(len(AVERAGES), wider(*beside_adam(*AVERAGES))),
        "IAM-Adam, IAM with λ_t = t, schedule-free Polyak and schedule-free Adam-Polyak differ from"
        f" Adam in width by {{least}} to {{most}} decades, not all beyond one {WIDE}.",
        above=1.0,
        digits=1,
    ),
    Claim(
        "variants-matrices",
        SECTION,
        "So are those with a matrix metric or norm (MoMo-SOAP, MuonMax-MoMo, MuonAdam-MoMo), by"
        f" {{least}} to {{most}} {WIDE}.",
        complete(len(MATRICES), wider(*beside_adam(*MATRICES))),
        "With a matrix metric or norm (MoMo-SOAP, MuonMax-MoMo, MuonAdam-MoMo) the difference is"
        f" {{least}} to {{most}}, not for each beyond one decade {WIDE}.",
        above=1.0,
        digits=1,
    ),
    Claim(
        "variants-diagonal",
        SECTION,
        "The models in a diagonal metric (MoMo-Adam, MoMo-Adam*, MoMo-AMSGrad, MoMo-AdaGrad,"
        " MoMo-AdaBelief, MoMo-AdaFactor) are hardly wider than Adam: by {least} to {most}"
        f" {WIDE}.",
        complete(len(DIAGONAL), wider(*beside_adam(*DIAGONAL))),
        "The models in a diagonal metric (MoMo-Adam, MoMo-Adam*, MoMo-AMSGrad, MoMo-AdaGrad,"
        f" MoMo-AdaBelief, MoMo-AdaFactor) differ from Adam by {{least}} to {{most}} {WIDE}.",
        above=-0.6,
        below=0.6,
        digits=1,
    ),
    Claim(
        "variants-momo",
        SECTION,
        f"MoMo is wider than SGD-M by {{least}} {WIDE}.",
        wider((Side(WHERE, "momo"), Side(WHERE, "sgd_m"))),
        f"MoMo's width cannot be told from SGD-M's ({{least}}, {WIDE[1:]}.",
        above=0.0,
        digits=1,
    ),
    Claim(
        "variants-best",
        SECTION,
        "The three best scores, of schedule-free Adam-Polyak, MoMo-Lion and IAM-Adam, are {least}"
        " to {most} points above Adam's ({low} … {high}, p = {p}, n = {n}).",
        complete(len(BEST), difference(*beside_adam(*BEST))),
        "The best scores of schedule-free Adam-Polyak, MoMo-Lion and IAM-Adam cannot all be told"
        " from Adam's ({least} to {most} points above it, {low} … {high}, p = {p}, n = {n}).",
        above=0.0,
        digits=1,
    ),
    Claim(
        "variants-low",
        SECTION,
        "NGN-D, the adaptive heavy ball and SGD-M with Exp(1) scaling stay {least} to {most} points"
        " below Adam's best ({low} … {high}, p = {p}, n = {n}).",
        complete(len(LOW), difference(*beside_adam(*LOW))),
        "NGN-D, the adaptive heavy ball and SGD-M with Exp(1) scaling are {least} to {most} points"
        " below Adam's best, in the mean ({low} … {high}, p = {p}, n = {n}).",
        below=0.0,
        digits=1,
        sign=-1,
    ),
)
