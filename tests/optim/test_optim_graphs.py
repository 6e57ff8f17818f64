# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A step that never waits for its device: on the meta device, compiled, and in CUDA graphs.

The meta device has no values, so whatever reads one raises there: ``.item()``, ``bool()``, a copy
to the host. A step that runs on it waits for no device.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from momo.methods import PAPER as METHODS
from momo.methods import Hyperparameters
from momo.optim import MomentumModelOptimizer, MomoAdam, Recorder, StepInfo

EPS = torch.finfo(torch.float64).eps
GIVEN = [n for n, row in METHODS.items() if not row.online]


def made(name: str, parameters: Any, **changes: Any) -> MomentumModelOptimizer:
    row = METHODS[name]
    arguments = row.torch_arguments(Hyperparameters(lr=0.5, weight_decay=0.01))
    return row.torch_class()(parameters, **{**arguments, **changes})


# ---- the meta device ------------------------------------------------------------------------


def meta(*shape: int, dtype: torch.dtype = torch.float32) -> nn.Parameter:
    return nn.Parameter(torch.empty(shape, device="meta", dtype=dtype))


def number() -> Tensor:
    return torch.empty((), device="meta", requires_grad=True)


def with_gradients(parameters: list[nn.Parameter]) -> list[nn.Parameter]:
    for p in parameters:
        p.grad = torch.empty_like(p)
    return parameters


PARAMETERS: dict[str, Callable[[], list[nn.Parameter]]] = {
    "small": lambda: [meta(3, 2), meta(2), meta()],
    "large": lambda: [meta(5, 1 << 23), meta(7)],
    "empty": lambda: [meta(0, 3), meta(3)],
    "half": lambda: [meta(3, dtype=torch.bfloat16), meta(3, dtype=torch.float16)],
    "dtypes": lambda: [meta(3, dtype=torch.bfloat16), meta(4), meta(5, dtype=torch.float64)],
    "complex": lambda: [meta(3, 2, dtype=torch.complex64), meta(2)],
    "channels last": lambda: [
        nn.Parameter(torch.empty(2, 3, 4, 4, device="meta").to(memory_format=torch.channels_last))
    ],
}

ARGUMENTS: dict[str, dict[str, Any]] = {
    "numbers": {},
    "lr": {"lr": lambda: torch.empty((), device="meta")},
    "lr of one element": {"lr": lambda: torch.empty(1, device="meta")},
    "lr in double": {"lr": lambda: torch.empty((), device="meta", dtype=torch.float64)},
    "lb": {"lb": lambda: torch.empty((), device="meta")},
    "lr and lb, no decay": {
        "lr": lambda: torch.empty((), device="meta"),
        "lb": lambda: torch.empty((), device="meta"),
        "weight_decay": lambda: 0.0,
    },
    "no cap": {"lr": lambda: math.inf, "weight_decay": lambda: 0.0},
}


def run(opt: MomentumModelOptimizer) -> None:
    """A first step, one in the steady state, and what reads the scalars without their values."""
    for _ in range(3):
        opt.step(loss=number())
    assert isinstance(opt.last, StepInfo)
    assert {value.device.type for value in opt.last} == {opt.skipped.device.type} == {"meta"}


@pytest.mark.parametrize("foreach", [None, False])
@pytest.mark.parametrize("arguments", ARGUMENTS.values(), ids=ARGUMENTS)
@pytest.mark.parametrize("name", METHODS)
def test_no_argument_makes_a_step_wait(
    name: str, arguments: dict[str, Any], foreach: bool | None
) -> None:
    changes = {key: make() for key, make in arguments.items()}
    run(made(name, with_gradients(PARAMETERS["small"]()), foreach=foreach, **changes))


@pytest.mark.parametrize("foreach", [None, False])
@pytest.mark.parametrize("parameters", PARAMETERS.values(), ids=PARAMETERS)
@pytest.mark.parametrize("name", METHODS)
def test_no_parameter_makes_a_step_wait(
    name: str, parameters: Callable[[], list[nn.Parameter]], foreach: bool | None
) -> None:
    run(made(name, with_gradients(parameters()), foreach=foreach))


@pytest.mark.parametrize("lr", [0.1, "tensor"])
@pytest.mark.parametrize("foreach", [None, False])
@pytest.mark.parametrize("name", METHODS)
def test_several_groups_do_not_wait(name: str, foreach: bool | None, lr: float | str) -> None:
    first, second, third = (with_gradients([meta(3), meta(2, 2)]) for _ in range(3))
    groups = [
        {"params": first},
        {"params": second, "lr": number().detach() if lr == "tensor" else lr, "weight_decay": 0},
        {"params": third, "lr": 0.0},
    ]
    opt = made(name, groups, foreach=foreach)
    run(opt)
    late = with_gradients([meta(4)])
    opt.add_param_group({"params": late, "lr": 0.2})
    run(opt)


@pytest.mark.parametrize("foreach", [None, False])
@pytest.mark.parametrize("name", METHODS)
def test_gradients_that_come_and_go_do_not_wait(name: str, foreach: bool | None) -> None:
    parameters = with_gradients([meta(3), meta(2, 2), meta(4)])
    parameters[2].grad = None
    opt = made(name, parameters, foreach=foreach)
    opt.step(loss=number())
    with_gradients(parameters[2:])
    parameters[0].grad = None
    run(opt)
    opt.zero_grad()
    opt.step(loss=number())


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize(
    "loss",
    [
        2,
        2.0,
        math.nan,
        torch.tensor(2.0),
        torch.empty((), device="meta", dtype=torch.bfloat16),
        torch.empty((1, 1), device="meta", dtype=torch.float64),
    ],
)
def test_no_loss_makes_a_step_wait(name: str, loss: Any) -> None:
    opt = made(name, with_gradients([meta(3)]))
    for _ in range(2):
        opt.step(loss=loss)
        opt.step(lambda: loss)


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("lb", [0.5, torch.tensor(0.5), torch.empty((), device="meta")])
def test_a_bound_given_with_the_step_does_not_wait(name: str, lb: Any) -> None:
    opt = made(name, with_gradients([meta(3)]))
    for _ in range(2):
        opt.step(loss=number(), lb=lb)


@pytest.mark.parametrize("name", METHODS)
def test_reading_a_value_would_show(name: str) -> None:
    """Asking for an error where a loss is not finite is asking to wait."""
    with pytest.raises(RuntimeError, match="meta"):
        number().item()
    opt = made(name, with_gradients([meta(3)]), nonfinite="raise")
    with pytest.raises((RuntimeError, NotImplementedError), match="meta"):
        opt.step(loss=number())


# ---- torch.compile --------------------------------------------------------------------------


class Compiled:
    """``opt.step`` compiled, without graph breaks if asked, and how many graphs were made."""

    def __init__(
        self, opt: MomentumModelOptimizer, backend: str = "eager", fullgraph: bool = True
    ) -> None:
        self.count = 0

        def counting(graph: torch.fx.GraphModule, inputs: list[Tensor]) -> Callable[..., Any]:
            self.count += 1
            return torch._dynamo.lookup_backend(backend)(graph, inputs)

        self._step = torch.compile(
            lambda loss, **arguments: opt.step(loss=loss, **arguments),
            backend=counting,
            fullgraph=fullgraph,
        )

    def __call__(self, loss: Tensor, **arguments: Any) -> None:
        self._step(loss, **arguments)


@pytest.fixture(autouse=True)
def _forget_compiled() -> Iterator[None]:
    torch.compiler.reset()
    yield
    torch.compiler.reset()


def quick(*names: str) -> list[Any]:
    """All methods, for tests that compile a lot; the others than these are left to `-m slow`."""
    return [pytest.param(n, marks=() if n in names else pytest.mark.slow) for n in METHODS]


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1, bias=False)).double()


def backward(model: nn.Module, k: int) -> Tensor:
    """The loss has one dimension: of a 0-dim float64 tensor on the CPU torch compiles the value
    being NaN or not into the graph."""
    generator = torch.Generator().manual_seed(k)
    inputs = torch.randn(8, 3, generator=generator, dtype=torch.float64)
    model.zero_grad()
    loss = (model(inputs) - 1).square().mean()
    loss.backward()
    return loss.detach().view(1)


def assert_same(model: nn.Module, other: nn.Module, opt: Any, twin: Any) -> None:
    """Sums in another order and products in another grouping: some 10 eps a step, 10 steps."""
    tolerance = {"rtol": 200 * EPS, "atol": 200 * EPS, "equal_nan": True}
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(p, q, **tolerance)
        assert opt.state[p].keys() == twin.state[q].keys()
        for key, value in opt.state[p].items():
            torch.testing.assert_close(value, twin.state[q][key], **tolerance)


def pair(name: str, **changes: Any) -> tuple[Any, Any, Any, Any]:
    model, other = network(), network()
    opt, twin = (
        made(name, m.parameters(), **copy.deepcopy(changes), foreach=foreach)
        for m, foreach in ((model, False), (other, None))
    )
    return model, other, opt, twin


@pytest.mark.parametrize("name", quick("momo_adam"))
def test_compiled_steps_are_those_of_the_single_tensor_path(name: str) -> None:
    """One graph for the first step, which makes the state, and one for all others, whatever the
    values: also of a learning rate that is a tensor, and of a loss that is NaN."""
    lr = torch.tensor(0.5, dtype=torch.float64)
    model, other, opt, twin = pair(name, lr=lr)
    step = Compiled(twin)
    for k in range(9):
        for optimizer in (opt, twin):
            optimizer.param_groups[0]["lr"].fill_(0.5 / (1 + k))
        factor = math.nan if k == 5 else 1.0
        loss = backward(model, k) * factor
        opt.step(loss=loss)
        step(backward(other, k) * factor)
        assert_same(model, other, opt, twin)
        assert step.count == min(k + 1, 2)
    assert twin.skipped == 1


@pytest.mark.parametrize("name", quick("momo"))
def test_compiled_with_a_scheduler(name: str) -> None:
    """torch's schedulers wrap ``step`` in a function that torch does not compile, so what is
    compiled is what it calls."""
    model, other, opt, twin = pair(name, lr=torch.tensor(0.5, dtype=torch.float64))
    step = Compiled(twin, fullgraph=False)
    schedulers = [torch.optim.lr_scheduler.CosineAnnealingLR(o, 6) for o in (opt, twin)]
    for k in range(7):
        opt.step(loss=backward(model, k))
        step(backward(other, k))
        assert_same(model, other, opt, twin)
        for scheduler in schedulers:
            scheduler.step()
    assert step.count == 2
    assert twin.param_groups[0]["lr"] < 0.1


# Compiled steps are the reference's with a bound as well, in test_optim_paths.
@pytest.mark.slow
@pytest.mark.parametrize("name", GIVEN)
def test_compiled_with_bounds(name: str) -> None:
    model, other, opt, twin = pair(name, lb=torch.tensor(-1.0, dtype=torch.float64))
    step = Compiled(twin)
    for k in range(5):
        lb = torch.full((1,), k / 100, dtype=torch.float64)
        opt.step(loss=backward(model, k), lb=lb)
        step(backward(other, k), lb=lb)
        assert_same(model, other, opt, twin)
    assert step.count == 2


@pytest.mark.parametrize("name", quick("momo_star"))
def test_compiled_with_groups_and_gradients_that_come_and_go(name: str) -> None:
    """A graph for each pattern of gradients, once; a step that is skipped keeps the d of those
    without gradient, too."""
    lrs = [torch.tensor(0.5, dtype=torch.float64), 0.1]
    models = network(), network()
    optimizers = [
        made(name, [{"params": m[i].parameters(), "lr": copy.copy(lrs[i // 2])} for i in (0, 2)])
        for m in models
    ]
    step, counts = Compiled(optimizers[1]), []
    for k in range(8):
        losses = [backward(m, k) * (math.nan if k == 7 else 1.0) for m in models]
        if k % 4 == 3:
            for m in models:
                m[0].bias.grad = None
        optimizers[0].step(loss=losses[0])
        step(losses[1])
        assert_same(*models, *optimizers)
        counts.append(step.count)
    assert counts == [1, 2, 2, 3, 3, 3, 3, 3]


@pytest.mark.parametrize("name", quick("momo_adam"))
def test_compiled_and_eager_steps_take_turns(name: str) -> None:
    model, other, opt, twin = pair(name)
    step = Compiled(twin)
    for k in range(7):
        opt.step(loss=backward(model, k))
        if k == 4:
            twin.load_state_dict(copy.deepcopy(twin.state_dict()))
        if k % 2:
            step(backward(other, k))
        else:
            twin.step(loss=backward(other, k))
        assert_same(model, other, opt, twin)


# With this backend compiled steps are the reference's, in test_optim_paths.
@pytest.mark.slow
@pytest.mark.parametrize("name", METHODS)
def test_aot_autograd(name: str) -> None:
    """Functional graphs: what is written in place has to come back out."""
    model, other, opt, twin = pair(name)
    step = Compiled(twin, "aot_eager")
    for k in range(4):
        opt.step(loss=backward(model, k))
        step(backward(other, k))
        assert_same(model, other, opt, twin)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch's own
@pytest.mark.parametrize("name", ["momo_star", "momo_adam"])
def test_inductor(name: str) -> None:
    """Generated code, with a multiply and an add in one rounding where the CPU has it."""
    lr = torch.tensor(0.5, dtype=torch.float64)
    model, other, opt, twin = pair(name, lr=lr)
    step, counts = Compiled(twin, "inductor"), []
    for k in range(6):
        factor = math.nan if k == 3 else 1.0
        opt.step(loss=backward(model, k) * factor)
        step(backward(other, k) * factor)
        assert_same(model, other, opt, twin)
        counts.append(step.count)
    assert len(set(counts[1:])) == 1


def test_compiled_with_a_recorder() -> None:
    """The hooks run outside the graph, so there is one, but not the whole function."""
    models = network(), network()
    opt, twin = (MomoAdam(m.parameters(), foreach=False) for m in models)
    recorders, graphs = [Recorder(opt), Recorder(twin)], []

    def backend(graph: torch.fx.GraphModule, inputs: list[Tensor]) -> Callable[..., Any]:
        graphs.append(graph)
        return graph.forward

    step = torch.compile(twin.step, backend=backend)
    for k in range(5):
        opt.step(loss=backward(models[0], k))
        step(loss=backward(models[1], k))
        assert_same(*models, opt, twin)
    assert len(graphs) == 2
    rows, expected = (recorder.to_numpy() for recorder in recorders)
    for name, column in rows.items():
        torch.testing.assert_close(
            torch.from_numpy(column), torch.from_numpy(expected[name]), rtol=200 * EPS, atol=0
        )


# ---- CUDA -----------------------------------------------------------------------------------


@pytest.mark.gpu
@pytest.mark.parametrize("foreach", [None, False])
@pytest.mark.parametrize("name", METHODS)
def test_no_step_waits_for_the_gpu(name: str, foreach: bool | None) -> None:
    model = network().cuda()
    lr = torch.tensor(0.5, dtype=torch.float64, device="cuda")
    groups = [{"params": model[0].parameters()}, {"params": model[2].parameters(), "lr": lr}]
    opt = made(name, groups, foreach=foreach)
    inputs = torch.ones(4, 3, dtype=torch.float64, device="cuda")

    def closure() -> Tensor:
        opt.zero_grad()
        loss = model(inputs).square().mean()
        loss.backward()
        return loss

    opt.step(closure)
    torch.cuda.synchronize()
    torch.cuda.set_sync_debug_mode("error")
    try:
        for _ in range(3):
            opt.step(closure)
            opt.step(loss=closure())
            opt.step(loss=2.0)
        model[0].bias.grad = None
        opt.step(loss=closure().detach() * math.nan)
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert opt.skipped == 1


@pytest.mark.gpu
@pytest.mark.parametrize("foreach", [None, False])
@pytest.mark.parametrize("name", METHODS)
def test_a_cuda_graph_replays_the_steps(name: str, foreach: bool | None) -> None:
    """Forward, backward and step in one graph; the learning rate is a tensor that changes."""
    model, other = network().cuda(), network().cuda()
    rates = [torch.tensor(0.5, dtype=torch.float64, device="cuda") for _ in range(2)]
    opt, twin = (
        made(name, m.parameters(), lr=lr, foreach=foreach)
        for m, lr in zip((model, other), rates, strict=True)
    )
    static = torch.empty(8, 3, dtype=torch.float64, device="cuda")

    def batch(k: int) -> Tensor:
        generator = torch.Generator().manual_seed(k)
        return torch.randn(8, 3, generator=generator, dtype=torch.float64).cuda()

    def train(module: nn.Module, optimizer: MomentumModelOptimizer, inputs: Tensor) -> None:
        optimizer.zero_grad(set_to_none=True)
        loss = (module(inputs) - 1).square().mean()
        loss.backward()
        optimizer.step(loss=loss)

    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for k in range(3):
            static.copy_(batch(k))
            train(other, twin, static)
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        train(other, twin, static)
    for k in range(10):
        for lr in rates:
            lr.fill_(0.5 if k < 3 else 0.5 / k)
        train(model, opt, batch(k))
        if k >= 3:
            static.copy_(batch(k))
            graph.replay()
            torch.cuda.synchronize()
            assert_same(model, other, opt, twin)
