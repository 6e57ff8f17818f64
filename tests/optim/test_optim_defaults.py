"""What the torch parts take where nothing is said, what they are, and their smallest cases."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from momo.optim import Choices, MomentumModelOptimizer, averaging, iterates, lower_bounds
from momo.optim import preconditioners as pre
from momo.optim import step_rules as rules
from momo.optim.blocks import gathered, one_by_one
from momo.optim.iterates.random_scaling import uniform
from momo.optim.lower_bounds import RunningMean
from momo.optim.model import PROXIMAL
from momo.optim.parts import average_weights_, check_whole, cutter, smallest
from momo.optim.preconditioners.soap import SHIFT
from momo.optim.products import MAX, Product
from momo.reference.iterates.random_scaling import uniform as reference_uniform
from momo.reference.preconditioners.soap import SHIFT as REFERENCE_SHIFT

DEFAULTS: dict[type, dict[str, Any]] = {
    pre.AdaBeliefDiagonal: {"decay": 0.999, "eps": 1e-16},
    pre.AdaGradDiagonal: {"eps": 1e-10},
    pre.AdamDiagonal: {},
    pre.AmsGradDiagonal: {},
    pre.Factored: {"exponent": 0.8, "eps": 1e-30},
    pre.Identity: {},
    pre.Sign: {},
    pre.Soap: {"decay": 0.95, "eps": 1e-8, "frequency": 10, "max_size": 10000},
    pre.Spectral: {"way": "newton_schulz", "radius": "one", "eps": 1e-7, "steps": 5},
    averaging.LionAverage: {"beta2": 0.99},
    iterates.RandomScaling: {"seed": 0},
    iterates.ScheduleFree: {"power": 1.0},
}
WHOLE = {pre.Factored, pre.Soap, pre.Spectral}
"""Those that look at more than one entry; the others join parameters into one tensor."""
NORMS = {pre.Sign, pre.Spectral}
TWO_RATES = {
    averaging.FromFirst: False,
    averaging.FromZero: False,
    averaging.LionAverage: True,
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
    parts = (lower_bounds.Given, lower_bounds.Online, RunningMean)
    assert [part.takes_sample for part in parts] == [True, False, False]


def numbers(*values: float) -> list[Tensor]:
    return [torch.tensor(value, dtype=torch.float64) for value in values]


def test_growth_is_limited_by_the_last_step_above_0() -> None:
    cap, norm_sq, memory, taus = *numbers(10.0, 1.0, 0.0), []
    for k, zeta in enumerate(numbers(0.0, 2.0, 0.0, 8.0, 8.0)):
        tau, memory = rules.GrowthLimited(1.5)(cap, zeta, norm_sq, memory, torch.tensor(k))
        taus.append(tau.item())
    assert taus == [0.0, 2.0, 0.0, 3.0, 4.5]


def test_the_harmonic_rule_makes_no_step_where_both_are_0() -> None:
    tau, _ = rules.HARMONIC(*numbers(0.0, 0.0, 1.0, 0.0), torch.tensor(0))
    assert tau.item() == 0


def test_a_scaled_rule_hands_everything_on() -> None:
    given = (*numbers(1.0, 3.0, 5.0, 7.0), torch.tensor(9))
    seen: list[Any] = []
    rules.Scaled(lambda *all_of: (seen.extend(all_of), all_of)[1], 0.5)(*given)  # type: ignore
    assert [float(value) for value in seen] == [1.0, 1.5, 5.0, 7.0, 9.0]


def test_the_smallest_normal_mass_counts_in_a_running_mean() -> None:
    tiny = torch.finfo(torch.float64).tiny
    bound, total, mass = numbers(0.0, 0.0, 0.0)
    value, decrease, weight = numbers(2.0, tiny, 1.0)
    after, _, _ = RunningMean(-1.0).after((bound, total, mass), value, decrease, weight)
    assert after.item() == 2.0


def test_random_numbers_are_the_references() -> None:
    for seed in (0, 7, (1 << 64) - 1):
        for k in range(1, 40):
            found = uniform(seed, torch.tensor(k - 1), torch.float64)
            assert found.item() == reference_uniform(seed, k)


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
    parts: Any = [SimpleNamespace(working_dtypes={dtype}) for dtype in dtypes]
    assert smallest(parts) == torch.finfo(expected).tiny


@pytest.mark.parametrize(("decay", "expected"), [(None, 4.0), (0.75, 2.5)])
@pytest.mark.parametrize("ok", [None, True, False])
def test_weights_of_memories_count_or_are_averaged(
    decay: float | None, expected: float, ok: bool | None
) -> None:
    weights = numbers(3.0)
    part: Any = SimpleNamespace(preconditioner=SimpleNamespace(decay=decay), memory_weights=weights)
    average_weights_(part, None if ok is None else torch.tensor(ok))
    assert weights[0].item() == (3.0 if ok is False else expected)


class Assembled(MomentumModelOptimizer):
    """An optimizer of a preconditioner and a product."""

    def __init__(self, params: Any, how: pre.Preconditioner, product: Product | None) -> None:
        self.how, self.product = how, product
        super().__init__(params, {"lr": 0.1, "weight_decay": 0.0})

    def choices(self, group: dict[str, Any]) -> Choices:  # type: ignore[override]
        return Choices(
            lr=group["lr"],
            weight_decay=group["weight_decay"],
            beta=0.9,
            averaging=averaging.FROM_FIRST,
            bound=lower_bounds.Given(0.0),
            preconditioner=self.how,
            decay=PROXIMAL,
            product=self.product,
        )


@pytest.mark.parametrize("part", sorted(WHOLE, key=str), ids=str)
def test_matrices_of_complex_numbers_are_refused(part: Any) -> None:
    p = torch.nn.Parameter(torch.ones(2, 2, dtype=torch.complex64))
    optimizer = Assembled([p], part(), None)
    p.grad = torch.ones_like(p)
    about = r"parameter 0 of param_groups\[0\] is complex; .*matrices: real parameters"
    with pytest.raises(TypeError, match=about):
        optimizer.step(loss=1.0)
    assert not optimizer.state[p]


class Placed(torch.Tensor):
    """A tensor that says it is sharded, or replicated."""

    placements: tuple[Any, ...] = ()


def placed(replicated: bool) -> Placed:
    tensor = torch.ones(2, 2).as_subclass(Placed)
    tensor.placements = (SimpleNamespace(is_replicate=lambda: replicated),)
    return tensor


def choice(how: pre.Preconditioner, product: Product | None = None) -> Choices:
    return Assembled([torch.nn.Parameter(torch.ones(1))], how, product).choices(
        {"lr": 0.1, "weight_decay": 0.0}
    )


def test_matrices_have_to_be_on_one_rank() -> None:
    check_whole(placed(True), "p", choice(pre.Spectral()), ())
    check_whole(placed(False), "p", choice(pre.Sign()), ())
    with pytest.raises(ValueError, match=r"p has placements .* whole or replicated parameters"):
        check_whole(placed(False), "p", choice(pre.Spectral()), ())


def test_layers_of_a_product_have_to_be_on_each_rank() -> None:
    ranks: Any = (object(),)
    p = torch.ones(2)
    check_whole(p, "p", choice(pre.Sign(), MAX), ())
    check_whole(p, "p", choice(pre.Sign()), ranks)
    for tensor, partitioned in ((p, ranks), (placed(True), ())):
        with pytest.raises(ValueError, match="p is one of parameters that are partitioned"):
            check_whole(tensor, "p", choice(pre.Sign(), MAX), partitioned)


def test_a_product_over_no_numbers_makes_a_step() -> None:
    p = torch.nn.Parameter(torch.zeros(0))
    optimizer = Assembled([p], pre.Sign(), MAX)
    p.grad = torch.zeros(0)
    optimizer.step(loss=1.0)
    assert optimizer.last is not None
    assert optimizer.last.dual_norm_sq == 0


def test_parameters_are_cut_as_is_said() -> None:
    assert cutter(True) is gathered
    assert cutter(False) is one_by_one
    assert cutter(True, whole=True) is one_by_one


def test_without_a_sequence_the_whole_step_is_taken() -> None:
    share, total = iterates.PLAIN.share(*numbers(3.0, 0.5), torch.tensor(4))
    assert (share.item(), total.item()) == (1.0, 3.0)


def test_the_bases_of_both_forms_are_shifted_by_a_thousandth() -> None:
    assert SHIFT == REFERENCE_SHIFT == 1e-3
