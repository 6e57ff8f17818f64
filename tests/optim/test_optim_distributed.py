# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Several processes against one: replicas, shards, partitions, checkpoints.

The processes go through all checks of `optim_distributed_worker` once; the tests look at what they
returned.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import optim_distributed_worker as worker
import optim_processes
import pytest
import torch
from optim_distributed_worker import SECOND, STEPS, SUITES, Net, Run
from torch import Tensor, nn

from momo.methods import PAPER as METHODS
from momo.optim import MomentumModelOptimizer
from momo.optim.state import INDEX

Ranks = list[dict[str, Any]]
RANKS = {"two": 2, "two more": 2, "four": 4}
FAILURES = 3
"""How many checks may fail before the rest of a suite is not run."""

over_methods = pytest.mark.parametrize("method", METHODS)


# ---- the processes -------------------------------------------------------------------------


def spawn(suite: str, folder: Path, start: int) -> Ranks:
    """Return what each rank says of the checks from number ``start`` on, until one fails."""
    folder.mkdir()
    ranks = RANKS[suite]
    arguments = [suite, str(ranks), str(folder), str(start)]
    said = optim_processes.run(worker.__file__, arguments, folder)
    found: Ranks = []
    name = list(SUITES[suite])[start]
    for rank in range(ranks):
        results: dict[str, Any] = {}
        for written in folder.glob(f"result-{rank}-*.pt"):
            results |= torch.load(written, weights_only=True)
        output = folder / f"output-{rank}"
        found.append(results or {name: said + (output.read_text() if output.exists() else "")})
    return found


class Processes:
    """Runs a suite when one of its results is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.results: dict[str, dict[str, list[Any]]] = {}

    def __call__(self, check: str, method: str | None = None) -> list[Any]:
        """Return what each rank returned from a check."""
        name = check if method is None else f"{check}[{method}]"
        (suite,) = (suite for suite, checks in SUITES.items() if name in checks)
        if suite not in self.results:
            self.results[suite] = self.run(suite)
        assert name in self.results[suite], f"not run: {FAILURES} checks failed before"
        found = self.results[suite][name]
        for rank, result in enumerate(found):
            assert not isinstance(result, str), f"rank {rank}: {result}"
        return found

    def run(self, suite: str) -> dict[str, list[Any]]:
        names = list(SUITES[suite])
        results: dict[str, list[Any]] = {}
        for attempt in range(FAILURES):
            ranks = spawn(suite, self.folder / f"{suite}-{attempt}", len(results))
            for name in names[len(results) :]:
                if not any(name in found for found in ranks):
                    break
                results[name] = [found.get(name, "did not come so far") for found in ranks]
            if len(results) == len(names):
                break
        return results

    def path(self, name: str) -> Path:
        """Return a file that a check left."""
        return sorted(self.folder.glob(f"*/{name}"))[-1]


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Processes:
    return Processes(tmp_path_factory.mktemp("processes"))


# ---- the single process --------------------------------------------------------------------


@functools.cache
def alone(
    run: Run, ranks: int = 2, make: Callable[[], nn.Module] = Net, noise: float = 0.0
) -> dict[str, Any]:
    """Return what a single process makes of the run."""
    net = make()
    optimizer = run.optimizer(net)
    worker.train_alone(run, net, optimizer, ranks=ranks, noise=noise)
    return worker.outcome(net, optimizer)


NOISE = 1e-7


@functools.cache
def rounding(
    run: Run,
    ranks: int = 2,
    make: Callable[[], nn.Module] = Net,
    dtype: torch.dtype = torch.float64,
) -> float:
    """Return by how much rounding can move the parameters.

    No sum in a step has more terms than the network has parameters, 91, so that each gradient and
    product is within 91 u of its largest term. What that does to the parameters after all steps is
    measured: the run is repeated with every gradient off by `NOISE` times its largest element, in
    signs that are drawn, and the response is linear in so small a noise.
    """
    clean, noisy = (alone(run, ranks, make, noise)["parameters"] for noise in (0.0, NOISE))
    return difference(clean, noisy) / NOISE * 91 * torch.finfo(dtype).eps / 2


def difference(a: dict[str, Tensor], b: dict[str, Tensor]) -> float:
    """Return the largest one; infinite where one is NaN."""
    assert a.keys() == b.keys()
    gaps = [float((a[name].double() - b[name].double()).abs().max()) for name in a]
    return max(float("inf") if gap != gap else gap for gap in gaps)


def equal(a: dict[str, Tensor], b: dict[str, Tensor]) -> bool:
    """Return whether all are equal bit for bit; NaN is equal to itself."""
    assert a.keys() == b.keys()
    return all(torch.equal(a[name].nan_to_num(7e7), b[name].nan_to_num(7e7)) for name in a)


def assert_ranks_agree(ranks: Ranks) -> None:
    for other in ranks[1:]:
        assert equal(ranks[0]["parameters"], other["parameters"])
        assert equal(ranks[0]["last"], other["last"])
        assert ranks[0]["skipped"] == other["skipped"]


@over_methods
def test_the_runs_have_steps_of_both_kinds(method: str) -> None:
    """Else the loss would not matter, and the runs would show little."""
    kinds = []
    for run in worker.replica_runs(method).values():
        net = Net()
        optimizer = run.optimizer(net)

        def note(optimizer: MomentumModelOptimizer = optimizer) -> None:
            assert optimizer.last is not None
            kinds.append(bool(optimizer.last.step_size < optimizer.last.cap))

        worker.train_alone(run, net, optimizer, each=note)
    assert len(kinds) // 5 < sum(kinds) < len(kinds)


# ---- replicas ------------------------------------------------------------------------------

REPLICA_RUNS = tuple(worker.replica_runs("momo"))


@over_methods
@pytest.mark.parametrize("name", REPLICA_RUNS)
def test_replicas_go_the_way_of_one_process(processes: Processes, method: str, name: str) -> None:
    run = worker.replica_runs(method)[name]
    ranks = [found[name] for found in processes("data_parallel", method)]
    assert difference(ranks[0]["parameters"], alone(run)["parameters"]) <= rounding(run)
    assert_ranks_agree(ranks)


@over_methods
def test_replicas_send_one_message_a_step(processes: Processes, method: str) -> None:
    runs = worker.replica_runs(method)
    for found in processes("data_parallel", method):
        assert {name: found[name]["messages"] for name in runs} == {
            name: run.steps for name, run in runs.items()
        }


@over_methods
def test_a_loss_that_one_rank_cannot_use_is_skipped_by_all(
    processes: Processes, method: str
) -> None:
    skipped = [found["spoilt"]["skipped"] for found in processes("data_parallel", method)]
    assert skipped == [3, 3]


@over_methods
def test_replicas_with_their_own_losses_drift_apart(processes: Processes, method: str) -> None:
    """The fault that the mean is against, which is what process_group=False asks for."""
    first, second = processes("own_loss", method)
    assert first["messages"] == second["messages"] == 0
    far = 1e6 * rounding(Run(method))
    assert difference(first["parameters"], second["parameters"]) > far
    assert difference(first["parameters"], alone(Run(method))["parameters"]) > far


def test_a_process_group_can_be_given(processes: Processes) -> None:
    ranks, run = processes("process_groups"), Run("momo")
    for name in ("world", "both"):
        found = [rank[name] for rank in ranks]
        assert difference(found[0]["parameters"], alone(run)["parameters"]) <= rounding(run)
        assert_ranks_agree(found)
        assert found[0]["messages"] == STEPS
    apart = [rank["alone"] for rank in ranks]
    assert apart[0]["messages"] == 0
    own = [rank["parameters"] for rank in processes("own_loss", "momo")]
    assert all(equal(a["parameters"], b) for a, b in zip(apart, own, strict=True))
    for rank in ranks:
        assert rank["not a member"].startswith("TypeError: process_group = ")


def test_copies_keep_their_groups(processes: Processes) -> None:
    for found in processes("copies"):
        refused = found.pop("given, pickle")
        assert refused.startswith("TypeError: an optimizer with its own process_group")
        assert found == {
            "default, deepcopy": 1,
            "default, pickle": 1,
            "given, deepcopy": 1,
            "off, deepcopy": 0,
            "off, pickle": 0,
        }


def test_all_ranks_raise_and_none_waits(processes: Processes) -> None:
    for found in processes("small_steps"):
        assert found["messages without a gradient"] == 1  # the other rank might have one
        assert found["raised"].startswith("FloatingPointError")
        assert found["raised for the bound"].startswith("FloatingPointError")
        assert found["unmoved"]


def test_ranks_without_gradient_or_loss_take_the_same_step(processes: Processes) -> None:
    """f̄ is 0.9 of the last plus 0.1 of the mean over the ranks that have a loss, on all of them."""
    for found in processes("uneven"):
        assert found["no gradient"] == [(1.0, 1), (2.0, 1), (3.9, 1), (6.61, 1), 0, True]
        assert found["left out"] == [(2.0, 1), (2.2, 1), (2.58, 1), (2.422, 1), 0, True]
        assert found["clipped"] == found["left out"]
        assert found["all left out"] == [None, 0, 1.0]
        assert found["after that"] == [3.0]
        assert abs(found["heard"][0]) < 1e-6  # the loss is float32's


# ---- sharded parameters --------------------------------------------------------------------

SHARD_RUNS = tuple(worker.shard_runs("momo"))


@over_methods
@pytest.mark.parametrize("name", SHARD_RUNS)
def test_shards_go_the_way_of_one_process(processes: Processes, method: str, name: str) -> None:
    run = worker.shard_runs(method)[name]
    ranks = [found[name] for found in processes("fsdp", method)]
    assert difference(ranks[0]["parameters"], alone(run)["parameters"]) <= rounding(run)
    assert_ranks_agree(ranks)


@over_methods
def test_shards_need_two_messages_a_step(processes: Processes, method: str) -> None:
    """One before d is changed, loss and gradient together, and one after; a skip stops between."""
    runs = worker.shard_runs(method)
    for found in processes("fsdp", method):
        assert {name: found[name]["messages"] for name in runs} == {
            name: 2 * run.steps - len(run.spoilt + run.spoilt_shard) for name, run in runs.items()
        }
        assert found["spoilt"]["skipped"] == 4


@over_methods
def test_a_rank_without_elements_takes_part(processes: Processes, method: str) -> None:
    run, ranks = Run(method), processes("fsdp_empty_rank", method)
    reference = alone(run, make=worker.Narrow)["parameters"]
    assert difference(ranks[0]["parameters"], reference) <= rounding(run, make=worker.Narrow)
    assert_ranks_agree(ranks)
    assert [rank["elements"] for rank in ranks] == [worker.FEATURES + 1, 0]
    assert ranks[1]["messages"] == ranks[0]["messages"] == 2 * STEPS


@over_methods
def test_mixed_precision_changes_nothing_but_the_gradients(
    processes: Processes, method: str
) -> None:
    """Beside it went an unsharded optimizer with the same gradients, in float32."""
    for found in processes("fsdp_mixed_precision", method):
        tolerance = rounding(Run(method, steps=10), dtype=torch.float32)
        assert difference(found["parameters"], found["beside"]) <= tolerance
        assert found["dtypes"] == ["torch.float32"]


@pytest.mark.parametrize("method", worker.OFFLINE)
def test_shards_keep_what_rounding_left(processes: Processes, method: str) -> None:
    """To the bit what an unsharded optimizer keeps, that was not saved and resumed."""
    for found in processes("fsdp_compensated", method):
        ours, theirs = found["parameters"], found["beside"]
        assert any(rest.any() for rest in theirs["rests"].values())
        assert equal(ours.pop("rests"), theirs.pop("rests"))
        assert equal(ours, theirs)


@over_methods
@pytest.mark.parametrize("check", ["placed_alike", "placed_otherwise"])
def test_parameters_may_be_placed_in_any_way(processes: Processes, method: str, check: str) -> None:
    """Cut by rows or columns, whole on each rank, or plain; so may their gradients be."""
    run, ranks = Run(method, steps=12), processes(check, method)
    assert difference(ranks[0]["parameters"], alone(run)["parameters"]) <= rounding(run)
    assert_ranks_agree(ranks)
    copies = ("left.bias", "gain")
    assert equal(*({name: rank["local"][name] for name in copies} for rank in ranks))
    assert ranks[0]["messages"] == ranks[1]["messages"] == [2] * run.steps


def test_a_distributed_loss_is_taken_as_a_whole(processes: Processes) -> None:
    for found in processes("distributed_losses"):
        assert found == {"whole": 3.0, "summands": 3.0}


def test_what_does_not_fit_together_is_refused(processes: Processes) -> None:
    for found in processes("refusals"):
        assert found["another mesh"].startswith(
            "RuntimeError: the gradient of parameter 0 of param_groups[0] is distributed over"
        )
        assert found["summands as a parameter"].startswith(
            "RuntimeError: parameter 0 of param_groups[0] has placements"
        )
        for name in ("whole state into shards", "shards into a whole"):
            assert found[name].startswith("ValueError: grad_avg of parameter 0 has placements")


def test_all_ranks_agree_on_what_counts_as_zero(processes: Processes) -> None:
    """It depends on the dtypes of all parameters, also of those that a rank has nothing of."""
    first, second = processes("tiny_gradient")
    assert equal(first["last"], second["last"])
    assert torch.equal(first["double"], second["double"])
    assert torch.equal(first["double"], torch.ones(2, dtype=torch.float64))


# ---- ZeRO-1 --------------------------------------------------------------------------------


@over_methods
@pytest.mark.parametrize("name", tuple(worker.zero_runs("momo")))
def test_partitions_go_the_way_of_one_process(processes: Processes, method: str, name: str) -> None:
    run = worker.zero_runs(method)[name]
    ranks = [found[name] for found in processes("zero_redundancy", method)]
    assert difference(ranks[0]["parameters"], alone(run)["parameters"]) <= rounding(run)
    assert_ranks_agree(ranks)
    assert all(0 < rank["owned"] < 91 for rank in ranks)
    assert ranks[0]["messages"] == ranks[1]["messages"] == 2 * run.steps - len(run.spoilt)
    assert ranks[0]["skipped"] == len(run.spoilt)


@over_methods
def test_partitions_follow_the_groups_that_the_user_sees(processes: Processes, method: str) -> None:
    run, net = Run(method), Net()
    optimizer = run.optimizer(net)
    scheduler = worker.learning_rates(optimizer)
    for step in range(STEPS):
        worker.train_alone(run, net, optimizer, [step])
        scheduler.step()
        worker.cycle(optimizer, step)
    ranks = processes("zero_schedule", method)
    assert difference(ranks[0]["parameters"], worker.parameters(net)) <= rounding(run)
    assert_ranks_agree(ranks)


@over_methods
def test_a_rank_without_parameters_takes_part(processes: Processes, method: str) -> None:
    run, ranks = Run(method, spoilt=(3, 4)), processes("zero_idle_rank", method)
    reference = alone(run, make=worker.Single)["parameters"]
    assert difference(ranks[0]["parameters"], reference) <= rounding(run, make=worker.Single)
    assert equal(ranks[0]["parameters"], ranks[1]["parameters"])
    assert (ranks[0]["skipped"], ranks[1]["last"]) == (2, {})


@over_methods
def test_where_no_rank_has_a_gradient_nothing_happens(processes: Processes, method: str) -> None:
    run = Run(method)
    for found in processes("zero_without_gradients", method):
        assert found["unmoved"]
        assert found["skipped"] == 0
        assert difference(found["parameters"], alone(run)["parameters"]) <= rounding(run)


@over_methods
@pytest.mark.parametrize(
    ("check", "number"),
    [("zero_saved", 2), pytest.param("zero_saved_by_four", 4, marks=pytest.mark.slow)],
)
def test_partitions_are_saved_and_loaded(
    processes: Processes, method: str, check: str, number: int
) -> None:
    """Into the same partition, into a plain optimizer, and from a plain one."""
    run = Run(method)
    reference, tolerance = alone(run, number)["parameters"], rounding(run, number)
    for found in processes(check, method):
        assert equal(found["uninterrupted"], found["zero"])
        for name in ("uninterrupted", "plain", "plain, uninterrupted", "plain to zero"):
            assert difference(found[name], reference) <= tolerance, name
        assert found["models"] == 1  # each rank saved the model's numbers; all share one again
        assert found["steps"] == [STEPS]


def test_partitions_over_a_group_of_ones_own(processes: Processes) -> None:
    run, ranks = Run("momo"), processes("zero_groups")
    for found in ranks:
        assert found["refused"].startswith("ValueError: shard_group is a process group")
        assert difference(found["parameters"], alone(run)["parameters"]) <= rounding(run)
    assert_ranks_agree(ranks)


# ---- checkpoints ---------------------------------------------------------------------------


@over_methods
@pytest.mark.parametrize("kind", ["fsdp", "fsdp, flat", "ddp"])
def test_a_resumed_run_is_the_uninterrupted_one_bit_for_bit(
    processes: Processes, method: str, kind: str
) -> None:
    ranks = [found[kind] for found in processes("distributed_checkpoint", method)]
    for found in ranks:
        assert found["messages of the bare step"] == 0
        assert_ranks_agree([found["uninterrupted"], found["resumed"]])
    assert_ranks_agree([found["resumed"] for found in ranks])
    run = Run(method)
    assert difference(ranks[0]["resumed"]["parameters"], alone(run)["parameters"]) <= rounding(run)


@over_methods
def test_a_gathered_checkpoint_is_spread_again(processes: Processes, method: str) -> None:
    for found in processes("distributed_checkpoint", method):
        assert_ranks_agree([found["fsdp"]["uninterrupted"], found["fsdp"]["broadcast"]])


@over_methods
@pytest.mark.parametrize(
    "check",
    ["frozen_checkpoint", pytest.param("frozen_checkpoint_the_other_way", marks=pytest.mark.slow)],
)
def test_shards_with_frozen_parameters_are_resumed_bit_for_bit(
    processes: Processes, method: str, check: str
) -> None:
    """Also where a parameter is frozen only when it is loaded: its state is left out then."""
    ranks = processes(check, method)
    assert len(ranks[0]) == len(worker.SINCE)
    for when in ranks[0]:
        for found in ranks:
            assert_ranks_agree([found[when]["uninterrupted"], found[when]["resumed"]])
            assert found[when]["models"] == 1
        assert_ranks_agree([found[when]["resumed"] for found in ranks])


@pytest.mark.filterwarnings("ignore:torch.distributed is disabled:UserWarning")
@over_methods
@pytest.mark.parametrize("kind", ["full", "fsdp", "fsdp, flat"])
def test_a_single_process_goes_on_from_shards(processes: Processes, method: str, kind: str) -> None:
    import torch.distributed.checkpoint as dcp
    from torch.distributed.checkpoint.state_dict import (
        StateDictOptions,
        get_state_dict,
        set_state_dict,
    )

    run, net = Run(method), Net()
    processes("distributed_checkpoint", method)
    options = StateDictOptions(flatten_optimizer_state_dict=kind.endswith("flat"))
    optimizer = run.optimizer(net)
    if kind == "full":
        path = processes.path(f"{method} full.pt")
        weights, state = torch.load(path, weights_only=True)
    else:
        weights, state = get_state_dict(net, optimizer, options=options)
        loaded = {"model": weights, "optimizer": state}
        dcp.load(loaded, checkpoint_id=processes.path(f"{method} {kind}"), no_dist=True)
        weights, state = loaded["model"], loaded["optimizer"]
    set_state_dict(
        net, optimizer, model_state_dict=weights, optim_state_dict=state, options=options
    )
    worker.train_alone(run, net, optimizer, SECOND)
    assert difference(worker.parameters(net), alone(run)["parameters"]) <= rounding(run)
    assert [int(model[INDEX["steps"]]) for model in worker.models(optimizer)] == [STEPS]


# ---- two-dimensional meshes ----------------------------------------------------------------


@pytest.mark.slow
@over_methods
@pytest.mark.parametrize("name", ["loss", "spoilt"])
def test_replicas_of_shards_go_the_way_of_one_process(
    processes: Processes, method: str, name: str
) -> None:
    run = Run(method, spoilt=(3, 4) if name == "spoilt" else ())
    ranks = [found[name] for found in processes("hybrid", method)]
    reference = alone(run, ranks=4)["parameters"]
    assert difference(ranks[0]["parameters"], reference) <= rounding(run, ranks=4)
    assert_ranks_agree(ranks)
    assert ranks[0]["skipped"] == len(run.spoilt)
    # The loss goes to all ranks, the gradient's norm to those of a replica, and so do the products;
    # FSDP itself adds up the gradients of its two groups of parameters over the replicas.
    assert ranks[0]["messages"] == 3 * STEPS - len(run.spoilt) + 2 * STEPS


@pytest.mark.slow
@over_methods
def test_shards_of_tensor_parallel_parameters_go_the_way_of_one_process(
    processes: Processes, method: str
) -> None:
    run, ranks = Run(method), processes("fsdp_over_tensor_parallel", method)
    assert difference(ranks[0]["parameters"], alone(run)["parameters"]) <= rounding(run)
    assert_ranks_agree(ranks)
    assert "_StridedShard" in ranks[0]["placements"]["body.weight"]
    assert ranks[0]["placements"]["gain"].count("hard") == 1
    # Loss over all ranks, and the two dimensions of the mesh, before; these two after.
    assert ranks[0]["messages"] == [5] * STEPS
