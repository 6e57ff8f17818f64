# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the torch parts take where nothing is said, what they are, and their smallest cases."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from optim_assembled import Assembled
from torch.distributed.tensor import Replicate, Shard

from momo.core import parts
from momo.core.method import Method
from momo.core.products import MAX, Product
from momo.optim import iterates
from momo.optim import preconditioners as pre
from momo.optim.blocks import Kept, Member, gathered, one_by_one
from momo.optim.checks import check_whole
from momo.optim.numbers import Floats, Tensors
from momo.optim.passes import Pass, count_
from momo.optim.plan import Plan, cutter, plan
from momo.optim.preconditioners.matrices import RESOLUTION
from momo.optim.preconditioners.soap import SHIFT
from momo.optim.ranks import Ranks
from momo.optim.state import MEMORY_WEIGHT
from momo.reference.preconditioners.matrices import RESOLUTION as REFERENCE_RESOLUTION
from momo.reference.preconditioners.soap import SHIFT as REFERENCE_SHIFT

DEFAULTS: dict[type, dict[str, Any]] = {
    pre.AdaBeliefDiagonal: {"beta2": 0.999, "eps": 1e-16},
    pre.AdaGradDiagonal: {"eps": 1e-10},
    pre.AdaLomoDiagonal: {"exponent": 0.8, "eps": 1e-30, "eps2": 1e-3, "clip_threshold": 1.0},
    pre.AdamDiagonal: {},
    pre.AdamFromFirst: {},
    pre.AdaptiveHeavyBall: {"delta": 1e-3},
    pre.AmsGradDiagonal: {},
    pre.Displacement: {"beta": 0.99, "mu": 100.0},
    pre.Factored: {"exponent": 0.8, "eps": 1e-30},
    pre.Identity: {},
    pre.Sign: {},
    pre.Soap: {"beta2": 0.95, "eps": 1e-8, "frequency": 10, "max_size": 10000},
    pre.Spectral: {
        "way": "newton_schulz",
        "radius": "one",
        "eps": 1e-7,
        "steps": 5,
        "stale_norm": False,
    },
    parts.LionAverage: {"beta2": 0.99},
    iterates.RandomScaling: {"seed": 0},
    iterates.ScheduleFree: {"power": 0.0},
}
WHOLE = {pre.AdaLomoDiagonal, pre.AdaptiveHeavyBall, pre.Factored, pre.Soap, pre.Spectral}
"""Those that look at more than one entry; the others join parameters into one tensor."""
NORMS = {pre.Sign, pre.Spectral}
TWO_RATES = {
    parts.FromFirst: False,
    parts.FromZero: False,
    parts.LionAverage: True,
}


@pytest.mark.parametrize("part", DEFAULTS, ids=lambda part: part.__name__)
def test_defaults_are_those_of_the_table(part: type) -> None:
    parameters = inspect.signature(part).parameters.values()
    assert {p.name: p.default for p in parameters if p.default is not p.empty} == DEFAULTS[part]


@pytest.mark.parametrize(
    "part", [p for p in DEFAULTS if p.__module__.startswith(pre.__name__)], ids=str
)
def test_preconditioners_are_elementwise_or_whole_and_metrics_or_norms(part: Any) -> None:
    assert part.elementwise is (part not in WHOLE)
    assert part.unit is (part in NORMS)


@pytest.mark.parametrize("part", TWO_RATES, ids=lambda part: part.__name__)
def test_averages_have_one_rate_or_two(part: Any) -> None:
    assert part.two_rate is TWO_RATES[part]


def test_only_a_given_bound_takes_one_with_the_step() -> None:
    bounds = (parts.Given, parts.Online, parts.RunningMean, parts.DecreaseMean)
    assert [bound.takes_lb for bound in bounds] == [True, False, False, False]


@pytest.mark.parametrize(
    ("dtypes", "expected"),
    [
        ({torch.float64}, torch.float64),
        ({torch.float32}, torch.float32),
        ({torch.float32, torch.float64}, torch.float32),
    ],
)
def test_sums_are_as_small_as_the_widest_dtype_of_all(
    dtypes: set[torch.dtype], expected: torch.dtype
) -> None:
    p = [torch.nn.Parameter(torch.ones(2, dtype=dtype)) for dtype in dtypes]
    for one in p:
        one.grad = torch.ones_like(one)
    assert planned(Assembled(p, **choice(pre.Identity()))).tiny == torch.finfo(expected).tiny


def planned(optimizer: Assembled) -> Plan:
    numbers, settings = Floats(), optimizer._checked()
    return plan(optimizer.param_groups, settings, optimizer.state, Ranks(), numbers)


@pytest.mark.parametrize(("beta2", "expected"), [(None, 4.0), (0.75, 2.5)])
@pytest.mark.parametrize("ok", [None, True, False])
def test_weights_of_memories_count_or_are_averaged(
    beta2: float | None, expected: float, ok: bool | None
) -> None:
    weight = torch.tensor(3.0, dtype=torch.float64)
    portion: Any = SimpleNamespace(members=[Member(torch.ones(1), {MEMORY_WEIGHT: weight})])
    shares: Any = (1.0, 1.0) if beta2 is None else (beta2, 1 - beta2)
    if ok is not None:
        shares = tuple(torch.tensor(s) for s in (shares if ok else (1.0, 0.0)))
    numbers = Floats() if ok is None else Tensors(torch.device("cpu"))
    count_(portion, Pass(None, None, (0.0, 0.0), shares, numbers, None, {}))  # type: ignore
    assert weight.item() == (3.0 if ok is False else expected)


def choice(how: pre.Preconditioner, product: Product | None = None) -> dict[str, Any]:
    return {
        "beta": 0.9,
        "averaging": parts.FROM_FIRST,
        "lower_bound": parts.Given(0.0),
        "preconditioner": how,
        "product": product,
    }


def chosen(how: pre.Preconditioner, product: Product | None = None) -> Method:
    return Method(lr=0.1, **choice(how, product))


@pytest.mark.parametrize("part", sorted(WHOLE, key=str), ids=str)
def test_matrices_of_complex_numbers_are_refused(part: Any) -> None:
    p = torch.nn.Parameter(torch.ones(2, 2, dtype=torch.complex64))
    optimizer = Assembled([p], **choice(part()))
    p.grad = torch.ones_like(p)
    about = r"parameter 0 of param_groups\[0\] is complex; .*matrices: real parameters"
    with pytest.raises(TypeError, match=about):
        optimizer.step(loss=1.0)
    assert not optimizer.state[p]


class Placed(torch.Tensor):
    """A tensor that says how it is placed on a mesh, of two ranks along each dimension."""

    placements: tuple[Any, ...] = ()
    device_mesh: Any = SimpleNamespace(get_group=lambda dim: SimpleNamespace(size=lambda: 2))


def placed(*placements: Any, dtype: torch.dtype = torch.float32) -> Placed:
    tensor = torch.ones(2, 2, dtype=dtype).as_subclass(Placed)
    tensor.placements = placements
    return tensor


ROWS, COLUMNS, REPLICAS = Shard(0), Shard(1), Replicate()


class Strided(Shard):
    """As FSDP2 places what tensor parallelism has cut before."""


@pytest.mark.parametrize(
    "placements", [(REPLICAS,), (ROWS,), (COLUMNS,), (REPLICAS, ROWS), (COLUMNS, REPLICAS)]
)
@pytest.mark.parametrize("how", [pre.Spectral(), pre.Factored(), pre.Soap()])
def test_matrices_may_be_cut_along_one_axis(placements: tuple[Any, ...], how: Any) -> None:
    check_whole(placed(*placements), "p", chosen(how), ())


@pytest.mark.parametrize("placements", [(ROWS, COLUMNS), (ROWS, ROWS), (Strided(0),)])
def test_matrices_must_not_be_cut_twice(placements: tuple[Any, ...]) -> None:
    check_whole(placed(*placements), "p", chosen(pre.Sign()), ())
    for how, product in ((pre.Spectral(), None), (pre.Sign(), MAX)):
        with pytest.raises(ValueError, match=r"p has placements .* cut along one axis"):
            check_whole(placed(*placements), "p", chosen(how, product), ())


def test_cut_layers_of_a_product_are_real() -> None:
    complex_one = placed(ROWS, dtype=torch.complex64)
    check_whole(complex_one, "p", chosen(pre.Sign()), ())
    with pytest.raises(TypeError, match="p is complex"):
        check_whole(complex_one, "p", chosen(pre.Sign(), MAX), ())


def test_layers_of_a_product_have_to_be_on_each_rank_or_cut() -> None:
    ranks: Any = (object(),)
    p = torch.ones(2)
    check_whole(p, "p", chosen(pre.Sign(), MAX), ())
    check_whole(p, "p", chosen(pre.Sign()), ranks)
    check_whole(placed(ROWS), "p", chosen(pre.Sign(), MAX), ())
    with pytest.raises(ValueError, match="p is one of parameters that are partitioned"):
        check_whole(p, "p", chosen(pre.Sign(), MAX), ranks)


def test_a_product_over_no_numbers_makes_a_step() -> None:
    p = torch.nn.Parameter(torch.zeros(0))
    optimizer = Assembled([p], **choice(pre.Sign(), MAX))
    p.grad = torch.zeros(0)
    optimizer.step(loss=1.0)
    assert optimizer.last is not None
    assert optimizer.last.dual_norm_sq == 0


def test_parameters_are_cut_as_is_said() -> None:
    kept, x = Kept((), (), (), False), torch.nn.Parameter(torch.ones(3))
    x.grad = torch.ones(3)
    two = [Member(x, {"grad_avg": torch.ones(3)})] * 2
    assert [len(block.members) for block in cutter(True)(two, kept)] == [2]
    assert [len(block.members) for block in gathered(two, kept)] == [2]
    assert cutter(False) is one_by_one
    assert cutter(True, whole=True) is one_by_one


def test_both_forms_tell_numbers_from_rounding_alike() -> None:
    assert SHIFT == REFERENCE_SHIFT == 1e-2
    assert RESOLUTION == REFERENCE_RESOLUTION == 1e-3
