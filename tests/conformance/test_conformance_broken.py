# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Each fault is caught by the law that it breaks, and by no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import conformance_masked as masked
import conformance_optimizers as own
import pytest

from momo.conformance import LawBroken, Subject, examine, laws
from momo.optim import plan

FAULTS: dict[type[own.Plain], set[str]] = {
    own.OtherNorm: {"dual_norm"},
    own.NotClipped: {"step_size_nonnegative"},
    own.SafeDivision: {"scaling"},
    own.PositiveBound: {"shift"},
    own.DividesByZero: {"zero_gradient"},
    own.DecaysAll: {"missing_gradient"},
    # The group that is ignored may hold the gradient that is not finite.
    own.FirstGroupAlone: {"several_groups", "nonfinite"},
    own.BoundPerGroup: {"several_groups"},
    # Optimizers that are made anew for each step go on with the state of the one before.
    own.ForgetsInnerAverage: {"state_round_trip", "cycled_momentum"},
    own.SharesState: {"state_round_trip"},
    own.KeepsItWithTheFirst: {"frozen_parameter"},
    own.LowPrecision: {"dtypes"},
    own.TakesNaN: {"nonfinite"},
    own.AcceptsAll: {"errors"},
    own.HidesBeta: {"cycled_momentum"},
    own.KeepsBeta: {"cycled_momentum"},
    own.IgnoresBeta: {"cycled_momentum"},
    own.AcceptsCycledBeta: {"cycled_momentum"},
    own.ReadsValues: {"no_host_sync"},
    own.CountsEachPass: {"observed_loss"},
}
"""Which law each breaks, where there is no reference to compare with."""


FEW, MANY = 3, 8
"""Problems for the laws that a fault leaves alone, and for those that have to find it."""


def broken_by(fault: type[own.Plain], others: int) -> set[str]:
    """Return the laws that a fault breaks; ``others`` is how many problems those else get."""
    found = set()
    for law in laws(slow=False):
        examples = MANY if law.name in FAULTS[fault] else others
        results = examine(Subject.of(fault), [law], examples, shrink=False)
        found |= {result.law for result in results if result.failed}
    return found


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_breaks_its_law_and_no_other(fault: type[own.Plain]) -> None:
    assert broken_by(fault, FEW) == FAULTS[fault]


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_breaks_no_other_law_on_more_problems(fault: type[own.Plain]) -> None:
    assert broken_by(fault, MANY) == FAULTS[fault]


@pytest.mark.parametrize(
    "fault", [own.WrongSign, own.DecayOutsideTheModel, own.OtherNorm, own.HalfCap, own.NotClipped]
)
def test_a_wrong_step_is_not_the_references(fault: type[own.Plain]) -> None:
    subject = replace(Subject.of(fault), reference=own.reference)
    with pytest.raises(LawBroken):
        laws("torch_equals_reference")[0].check(subject, shrink=False)


@pytest.mark.parametrize("fault", [own.WrongSign, own.DecayOutsideTheModel])
def test_some_faults_show_nowhere_but_in_the_reference(fault: type[own.Plain]) -> None:
    results = list(examine(Subject.of(fault), laws(slow=False), FEW, shrink=False))
    assert not [result.law for result in results if result.failed]


def test_another_step_where_the_cap_decides_is_not_the_bases() -> None:
    subject = replace(Subject.of(own.HalfCap), capped=own.capped)
    results = examine(subject, laws(slow=False), FEW, shrink=False)
    broken = [result.law for result in results if result.failed]
    assert broken == ["capped_is_the_base"]


def test_a_bound_that_is_updated_by_group_is_not_the_references() -> None:
    subject = replace(Subject.of(own.BoundPerGroup), reference=own.star_reference)
    with pytest.raises(LawBroken, match="group 1"):
        laws("torch_equals_reference")[0].check(subject, shrink=False)


MASKED: tuple[type[Any], ...] = (
    masked.WithIgnoredRates,
    masked.WithUpdatesWhereItReads,
    masked.OnlyChecksWhereItReads,
)


@pytest.mark.parametrize("fault", MASKED, ids=lambda fault: fault.__name__)
def test_what_is_done_behind_the_mask_is_caught(fault: type[Any]) -> None:
    """On the CPU a step that is not finite ends before it does anything: there all laws hold."""
    subject = Subject.of(fault)
    results = list(examine(subject, laws(slow=False), 4, shrink=False))
    assert {result.law for result in results if result.failed} == {"nonfinite"}
    with pytest.raises(LawBroken, match="masked, as on a device"):
        laws("nonfinite")[0].check(subject, examples=8, shrink=False)
    laws("nonfinite")[0].check(replace(subject, masked=None), examples=8)


def test_a_class_of_ones_own_that_masks_is_not_blamed() -> None:
    laws("nonfinite")[0].check(Subject.of(masked.MasksAndSaysHow), examples=8)
    assert Subject.of(own.Plain).masked is None


@pytest.mark.parametrize("method", ["momo", "momo_adam", "momo_lion"])
def test_a_line_that_needs_what_is_frozen_is_caught(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The numbers of the model are there, but the d of what is frozen counts in its line."""
    law, subject = laws("frozen_parameter")[0], Subject.of(method)
    assert not law.check(subject, examples=8)
    monkeypatch.setattr(plan, "is_frozen", lambda p, ranks: False)
    with pytest.raises(LawBroken, match=r"frozen (from step 2 on|when it is loaded)"):
        law.check(subject, shrink=False)


@pytest.mark.slow
def test_a_loss_that_is_not_averaged_is_caught() -> None:
    with pytest.raises(LawBroken, match="the parameters of rank 1"):
        laws("distributed_mean")[0].check(Subject.of(own.OwnLoss))


@pytest.mark.slow
def test_a_rank_that_leaves_a_step_out_is_caught() -> None:
    law = laws("rank_without_gradient")[0]
    law.check(Subject.of(own.Plain))
    with pytest.raises(LawBroken, match="the loss average of the rank without gradients"):
        law.check(Subject.of(own.ForgetsOthers))


@pytest.mark.slow
def test_a_break_in_the_graph_is_caught() -> None:
    with pytest.raises(LawBroken, match="Unsupported"):
        laws("compiles")[0].check(Subject.of(own.BreaksGraph))
