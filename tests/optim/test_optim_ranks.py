# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Sums over ranks, in one process: what is sent to whom, and what is made of arguments."""

from __future__ import annotations

import copy
import importlib.util
import math
import pickle
import subprocess
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import torch
import torch.distributed as dist
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from momo.core.step import Inner
from momo.methods import PAPER as METHODS
from momo.methods import Hyperparameters
from momo.optim import MomentumModelOptimizer, Momo, optimizer, ranks
from momo.optim.numbers import Floats, Tensors
from momo.optim.ranks import Groups, Ranks, together, total
from momo.optim.state import COUNTS, INDEX, LAST, MODEL, NUMBERS, new_model

over_methods = pytest.mark.parametrize("method", METHODS)


@dataclass(frozen=True)
class Stand:
    """A group whose ranks all hold the same, so that a sum over them is a multiple."""

    name: str
    ranks: int

    def size(self) -> int:
        return self.ranks


GROUPS = (Stand("a", 2), Stand("b", 3), Stand("c", 5), Stand("partition", 7))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Stand, int]]:
    """Return the list of the messages that are sent: to whom, and how long."""
    messages: list[tuple[Stand, int]] = []
    monkeypatch.setattr(dist, "all_reduce", lambda t, group: reduce(messages, t, group))
    return messages


def reduce(messages: list[tuple[Stand, int]], tensor: torch.Tensor, group: Stand) -> None:
    messages.append((group, tensor.numel()))
    tensor.mul_(group.ranks)


keys = st.lists(st.sampled_from(GROUPS), unique=True).map(tuple)
values = st.lists(st.integers(-(2**20), 2**20), min_size=3, max_size=3)
maps = st.dictionaries(keys, values, min_size=1).map(
    lambda drawn: {groups: torch.tensor(v, dtype=torch.float64) for groups, v in drawn.items()}
)


def expected(parts: dict[Groups, torch.Tensor]) -> torch.Tensor:
    """Return the total; the numbers are whole and below 2^53, so that it is exact."""
    return sum(
        (math.prod(group.size() for group in groups) * part for groups, part in parts.items()),
        torch.zeros(3, dtype=torch.float64),
    )


@given(maps)
def test_a_total_takes_one_message_a_group(parts: dict[Groups, torch.Tensor]) -> None:
    messages: list[tuple[Stand, int]] = []
    before = {groups: part.clone() for groups, part in parts.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dist, "all_reduce", lambda t, group: reduce(messages, t, group))
        found = total(parts)
    assert torch.equal(found, expected(parts))
    assert len(messages) == len({group for groups in parts for group in groups})
    assert all(torch.equal(before[groups], part) for groups, part in parts.items())


@given(st.lists(maps, min_size=1, max_size=3))
def test_together_is_each_by_itself(items: list[dict[Groups, torch.Tensor]]) -> None:
    messages: list[tuple[Stand, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dist, "all_reduce", lambda t, group: reduce(messages, t, group))
        found = together(items)
    for one, item in zip(found, items, strict=True):
        assert torch.equal(one, expected(item))
    assert len(messages) == len({group for item in items for groups in item for group in groups})


def test_what_goes_to_the_same_group_goes_together(sent: list[tuple[Stand, int]]) -> None:
    a, b, *_ = GROUPS
    one = torch.ones(1)
    together([{(a,): torch.ones(2)}, {(): one, (a,): one, (a, b): one, (b,): one}])
    # Each part is as long as both items. To a go (a,) and (a, b); what is left of (a, b) is added
    # to (b,) before that goes to b.
    assert sent == [(a, 6), (b, 3)]


def test_ranks_with_other_parts_send_the_partition_the_same(sent: list[tuple[Stand, int]]) -> None:
    """One rank holds a sharded and a whole parameter, one a whole one, one none."""
    a, *_, partition = GROUPS
    one = torch.ones(3)
    for parts in (
        {(partition,): one, (a, partition): one},
        {(a, partition): one, (partition,): one},
        {(partition,): one},
    ):
        sent.clear()
        total(parts)
        assert sent[-1] == (partition, 3)
        assert all(group is a for group, _ in sent[:-1])


# ---- what is made of the answers ------------------------------------------------------------

A, B, _, PARTITION = GROUPS
OTHERS = {
    A: [4.0, 4.0, 1.0, 0.0, 0.0],  # two losses of one rank without gradients, no part of ||g||²
    B: [0.0, 0.0, 0.0, 0.0, 16.0],  # a part of ||g||² alone
}
KINDS = {"floats": Floats, "tensors": lambda: Tensors(torch.device("cpu"))}
every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> dict[Stand, Any]:
    """Return what the other ranks add to a message, by group; a `Stand` passes for a group."""
    answers: dict[Stand, Any] = dict(OTHERS)

    def add_(tensor: torch.Tensor, group: Stand) -> None:
        tensor += torch.tensor(answers[group], dtype=tensor.dtype).view(tensor.shape)

    monkeypatch.setattr(dist, "all_reduce", add_)
    monkeypatch.setattr(ranks, "is_group", lambda value: isinstance(value, Stand))
    return answers


def numbers_of(kind: str, values: Any) -> list[Any]:
    return [v if kind == "floats" else torch.tensor(v, dtype=torch.float64) for v in values]


def floats(values: Any) -> list[float]:
    return [float(v) for v in values]


@every_kind
@pytest.mark.usefixtures("answered")
def test_losses_are_averaged_and_squares_are_summed(kind: str) -> None:
    """A rank has losses 6 and 2, another 4 and 4; of ``||g||²`` it has 9, and others 16."""
    numbers, model = KINDS[kind](), new_model(torch.device("cpu"))
    losses = numbers_of(kind, [6.0, 2.0])
    squares = {(): numbers_of(kind, [1.0, 2.0]), (B,): numbers_of(kind, [2.0, 7.0])}
    several = Ranks(A)
    for holders, norm_sq in (([()], 3.0), ([(), (B,)], 28.0), ([(B,)], 25.0)):
        found, square, touched = several.mean(losses, squares, holders, model, True, numbers)
        assert floats(found) == [5, 3]
        assert float(square) == norm_sq
        assert bool(touched)
    # A rank without elements of what another holds sends 0.
    found, square, touched = several.mean(losses, {}, [(B,)], model, False, numbers)
    assert (floats(found), float(square), bool(touched)) == ([5, 3], 16, False)
    # One that leaves its batch out takes the loss of the other.
    nothing = numbers_of(kind, [0.0, 0.0])
    found, *_ = several.mean(nothing, {}, [(B,)], model, False, numbers, given=False)
    assert floats(found) == [4, 4]
    # Where nobody has a loss it is no 0/0.
    found, _, touched = Ranks(False).mean(nothing, {}, [()], model, False, numbers, given=False)
    assert (floats(found), bool(touched)) == ([0, 0], False)
    # Its own loss alone.
    found, square, _ = Ranks(False).mean(losses, squares, [(B,)], model, True, numbers)
    assert (floats(found), float(square)) == ([6, 2], 25)
    assert not model[: LAST.start].any()


@every_kind
@pytest.mark.parametrize("knows", [False, True])
@pytest.mark.parametrize("others", [0, 1, 2])
@pytest.mark.parametrize("touched", [(0, 0), (0, 2), (1, 0), (1, 1)])
def test_a_rank_without_a_model_takes_the_mean_of_the_others(
    answered: dict[Stand, Any], kind: str, knows: bool, others: int, touched: tuple[int, int]
) -> None:
    numbers, model = KINDS[kind](), new_model(torch.device("cpu"))

    def own(index: int) -> float:  # ρ is below 1, the counts are whole
        return index + 1 if NUMBERS[index] in COUNTS else (index + 1) / 8

    for index in range(len(NUMBERS)):
        model[index] = own(index) if knows else 0.0
    theirs = [others * 3.0 * (index + 1) for index in range(len(NUMBERS))]
    answered[PARTITION] = [0, 0, 0, 16, touched[1], others, *theirs]
    found, square, any_touched = Ranks(False, PARTITION).mean(
        numbers_of(kind, [6.0]),
        {(PARTITION,): numbers_of(kind, [3.0])},
        [(PARTITION,)],
        model,
        bool(touched[0]),
        numbers,
    )
    assert floats(found) == [6]
    assert float(square) == 19
    assert bool(any_touched) is any(touched)
    expected = own if knows else (lambda index: 3 * (index + 1) if others else 0)
    assert model.tolist()[: LAST.start] == list(map(expected, range(len(NUMBERS))))
    assert model[LAST].isnan().all()


@every_kind
@pytest.mark.parametrize("others", [0, 1])
def test_steps_that_were_skipped_make_no_model(
    answered: dict[Stand, Any], kind: str, others: int
) -> None:
    """A rank that has skipped 3 has seen no sample yet, and another that has skipped 5, one."""
    numbers, model = KINDS[kind](), new_model(torch.device("cpu"))
    model[INDEX["skipped"]] = 3
    theirs = [others * (5.0 if name == "skipped" else 1.0) for name in NUMBERS]
    answered[PARTITION] = [0, 0, 0, 0, 1, others, *theirs]
    Ranks(False, PARTITION).mean(numbers_of(kind, [6.0]), {}, [(PARTITION,)], model, True, numbers)
    assert int(model[INDEX["skipped"]]) == (5 if others else 3)
    assert float(model[INDEX["weight"]]) == others


@every_kind
def test_inner_products_are_summed_over_those_that_hold_parts(
    answered: dict[Stand, Any], kind: str
) -> None:
    """Two groups of parameters: a row each, of what is whole here and of what is in parts."""
    answered[B] = [[100.0] * 6, [200.0] * 6]
    own = [Inner(*numbers_of(kind, range(start, start + 6))) for start in (1, 11)]
    parts = [Inner(*numbers_of(kind, [float(start)] * 6)) for start in (10, 20)]
    first, second = Ranks(False).total_rows({(): own, (B,): parts}, KINDS[kind]())
    assert floats(first) == [111, 112, 113, 114, 115, 116]
    assert floats(second) == [231, 232, 233, 234, 235, 236]


def test_a_group_of_one_rank_is_none(answered: dict[Stand, Any]) -> None:
    alone = Stand("alone", 1)
    assert Ranks(alone).of_loss == Ranks(None, alone).of_shards == ()
    assert Ranks(A).of_loss == Ranks(None, A).of_shards == (A,)
    assert Ranks(False).of_loss == Ranks(A).of_shards == ()


@pytest.mark.parametrize("given_ranks", [(A, None), (None, A), (A, B), (False, B)])
@pytest.mark.usefixtures("answered")
def test_what_names_a_group_cannot_be_pickled(given_ranks: tuple[Any, Any]) -> None:
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(Ranks(*given_ranks))


# ---- arguments -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["process_group", "shard_group"])
@pytest.mark.parametrize("value", ["word", "world", 0, 1, -100, [0, 1]])
def test_what_is_no_group_is_refused(name: str, value: Any) -> None:
    """-100 is what torch gives to a rank that a new group leaves out."""
    given_value = {"process_group": True, "shard_group": False}[name] if value == "word" else value
    with pytest.raises(TypeError, match=rf"{name} = .*; allowed: None, (True|False), or a process"):
        Momo([nn.Parameter(torch.ones(1))], **{name: given_value})


@pytest.mark.parametrize("ranks", [Ranks(), Ranks(False), Ranks(None, True), Ranks(False, True)])
def test_what_names_no_group_can_be_copied(ranks: Ranks) -> None:
    assert pickle.loads(pickle.dumps(ranks)) == ranks
    assert copy.deepcopy(ranks) is ranks


@over_methods
def test_alone_partitions_are_nothing_special(method: str) -> None:
    """A script for several processes may be run as one: bit for bit as without the arguments."""
    row = METHODS[method]
    ends = []
    for options in ({}, {"shard_group": True}, {"process_group": False}):
        torch.manual_seed(0)
        net = nn.Linear(4, 3)
        opt = row.torch_class()(
            net.parameters(), **row.torch_arguments(Hyperparameters()), **options
        )
        for _ in range(5):
            opt.zero_grad()
            loss = net(torch.ones(2, 4)).square().mean()
            loss.backward()
            opt.step(loss=loss)
        ends.append([*(p.detach() for p in net.parameters()), opt.last.value])
    for end in ends[1:]:
        assert all(torch.equal(a, b) for a, b in zip(end, ends[0], strict=True))


def test_an_optimizer_without_parameters_waits() -> None:
    """Such as ZeroRedundancyOptimizer makes on ranks that get none."""
    opt = Momo([{"params": []}])
    assert opt.step(loss=2.0) == 2.0
    assert opt.last is None
    assert (int(opt.skipped), dict(opt.state)) == (0, {})


# ---- which groups --------------------------------------------------------------------------


class Mesh:
    """Stands for a mesh of three dimensions, the second of size 1."""

    groups = (Stand("first", 2), Stand("second", 1), Stand("third", 2))

    def get_group(self, dim: int) -> Stand:
        return self.groups[dim]


def placed(*placements: Any) -> Any:
    return types.SimpleNamespace(placements=placements, device_mesh=Mesh())


def test_parts_are_summed_where_a_parameter_is_cut() -> None:
    from torch.distributed.tensor import Replicate, Shard
    from torch.distributed.tensor.placement_types import _StridedShard

    first, _, third = Mesh.groups
    ranks, whole = Ranks(), Replicate()
    assert ranks.groups_of(torch.ones(2)) == ()
    assert ranks.groups_of(placed(whole, whole, whole)) == ()
    assert ranks.groups_of(placed(Shard(0), whole, whole)) == (first,)
    assert ranks.groups_of(placed(whole, Shard(0), Shard(1))) == (third,)
    assert ranks.groups_of(placed(_StridedShard(0, split_factor=2), whole, Shard(0))) == (
        first,
        third,
    )


# ---- a group that only pretends ------------------------------------------------------------


@pytest.fixture
def pretended() -> Iterator[None]:
    """Be one of two ranks, the other of which says nothing."""
    from torch.testing._internal.distributed.fake_pg import FakeStore

    dist.init_process_group("fake", store=FakeStore(), rank=0, world_size=2)
    yield
    dist.destroy_process_group()


def made(method: str, device: str, **options: Any) -> MomentumModelOptimizer:
    row = METHODS[method]
    params = [nn.Parameter(torch.ones(3, device=device)) for _ in range(2)]
    return row.torch_class()(params, **row.torch_arguments(Hyperparameters()), **options)


def step(opt: MomentumModelOptimizer) -> None:
    for group in opt.param_groups:
        for p in group["params"]:
            p.grad = torch.ones_like(p)
    opt.step(loss=torch.ones((), device=opt.param_groups[0]["params"][0].device))


@pytest.mark.usefixtures("pretended")
@over_methods
def test_numbers_that_were_loaded_to_the_cpu_come_back(method: str) -> None:
    """ZeroRedundancyOptimizer puts all 0-dim tensors there, and fills the state itself."""
    opt = made(method, "meta", shard_group=True)
    step(opt)
    for entry in opt.state.values():
        for name, value in entry.items():
            if value.dim() == 0:
                entry[name] = torch.zeros_like(value, device="cpu")
    step(opt)
    assert {v.device.type for entry in opt.state.values() for v in entry.values()} == {"meta"}


@pytest.mark.usefixtures("pretended")
@over_methods
def test_a_step_over_ranks_waits_for_no_device(method: str) -> None:
    """On the meta device there is no value that could be read."""
    for options in ({}, {"shard_group": True}, {"process_group": dist.group.WORLD}):
        opt = made(method, "meta", **options)
        for _ in range(3):
            step(opt)


@pytest.mark.usefixtures("pretended")
def test_parameters_are_partitioned_over_the_default_group_only_if_that_is_said() -> None:
    everyone = (dist.group.WORLD,)
    assert (Ranks().of_loss, Ranks().of_shards) == (everyone, ())
    assert (Ranks(False, True).of_loss, Ranks(False, True).of_shards) == ((), everyone)


@pytest.mark.usefixtures("pretended")
def test_a_group_among_hyper_parameters_is_refused() -> None:
    """There it would be saved with them, and it cannot be."""
    params = [nn.Parameter(torch.ones(1))]
    for name in ("process_group", "shard_group"):
        with pytest.raises(ValueError, match=f"{name} is a process group in a parameter group"):
            Momo([{"params": params, name: dist.group.WORLD}])


@pytest.mark.usefixtures("pretended")
def test_a_model_that_was_saved_by_several_ranks_is_kept_once() -> None:
    """Also where ZeroRedundancyOptimizer has put it into the state without a check."""
    opt = made("momo", "cpu", shard_group=True)
    step(opt)
    first, second = opt.param_groups[0]["params"]
    opt.state[second][MODEL] = opt.state[first][MODEL].clone()
    step(opt)
    assert opt.state[second][MODEL] is opt.state[first][MODEL]
    assert opt.state[first][MODEL][INDEX["steps"]] == 2


def test_what_partitions_leave_in_the_groups_does_no_harm() -> None:
    """ZeroRedundancyOptimizer writes the arguments of the constructor into the groups."""
    opt = made("momo", "cpu", shard_group=True)
    for group in opt.param_groups:
        group.update(beta=0.1, shard_group=True)
    step(opt)
    state = opt.state_dict()
    plain = made("momo", "cpu")
    plain.load_state_dict(state)
    (group,) = plain.param_groups
    assert group["momentum"] == 0.9
    assert not {"beta", "shard_group"} & set(group)
    step(plain)
    group["beta"] = 0.1
    with pytest.raises(ValueError, match=r"beta = 0\.1 in param_groups"):
        step(plain)


# ---- builds without torch.distributed ------------------------------------------------------


@pytest.fixture
def nothing_distributed(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """Replace torch.distributed by what builds without it have."""
    stub = types.ModuleType("torch.distributed")
    stub.is_available = lambda: False  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch.distributed", stub)
    monkeypatch.setattr(torch, "distributed", stub)
    for module in (ranks, optimizer):
        monkeypatch.setattr(module, "dist", stub)
    return stub


def test_it_imports_without_torch_distributed(nothing_distributed: types.ModuleType) -> None:
    assert ranks.__file__ is not None
    spec = importlib.util.spec_from_file_location("momo.optim.afresh", ranks.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for it
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[spec.name]
    assert module.dist is nothing_distributed
    assert module.Ranks().of_loss == module.Ranks(None, True).of_shards == ()
    with pytest.raises(TypeError, match="process_group = 'group'"):
        module.Ranks("group")


@pytest.mark.usefixtures("nothing_distributed")
@over_methods
def test_it_steps_without_torch_distributed(method: str) -> None:
    for options in ({}, {"process_group": False}, {"shard_group": True}):
        opt = made(method, "cpu", **options)
        step(opt)
        step(copy.deepcopy(opt))
        step(pickle.loads(pickle.dumps(opt)))


def test_the_import_brings_in_nothing_of_torch() -> None:
    """All of torch that it needs ``import torch`` has loaded: no DTensor, no compiler."""
    code = (
        "import sys, torch\n"
        "before = set(sys.modules)\n"
        "import momo.optim\n"
        "print(*sorted({m.partition('.')[0] for m in set(sys.modules) - before}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"momo", "numpy"} | set(sys.stdlib_module_names)
