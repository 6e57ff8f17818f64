# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The preconditioners of matrices and the products of norms: torch against NumPy, on blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
import torch
from optim_members import NUMBERS, Numbers, at, give, kept, member, memory, portion, take_in
from torch import Tensor

from momo.core.method import Method
from momo.core.ops import FLOATS, arrays, tensors
from momo.core.parts import DECOUPLED, FROM_ZERO, Given
from momo.core.products import L2, MAX, SUM, Product, scales
from momo.optim import MomentumModelOptimizer
from momo.optim.blocks import Member, inner
from momo.optim.gate import Gate
from momo.optim.numbers import Tensors
from momo.optim.passes import directed
from momo.optim.preconditioners import (
    AdamDiagonal,
    Preconditioner,
    Shape,
    Soap,
    Spectral,
)
from momo.optim.preconditioners.soap import orthogonal_iteration
from momo.optim.preconditioners.spectral import polar
from momo.optim.state import MEMORY_WEIGHT
from momo.reference import GroupedState, grouped
from momo.reference import method as reference_method
from momo.reference import preconditioners as numpy_forms
from momo.reference.preconditioners.soap import orthogonal_iteration as numpy_iteration

EPS = float(np.finfo(np.float64).eps)

Rule = tuple[Preconditioner, Callable[[Shape], Any], float]
"""torch form, NumPy form of a shape, and by how much an error in what it is given grows at most."""

# The iterations of Newton-Schulz multiply by 3.4445^5 = 485. The polar factor errs by
# ||d||/σ_min(d), at most 30 for the d drawn here. An orthogonalisation of SOAP errs by its
# condition 1 + 1/δ.
RULES: dict[str, Rule] = {
    "newton_schulz": (Spectral(), numpy_forms.Spectral, 485),
    "newton_schulz_rms": (
        Spectral(radius="rms", steps=3),
        lambda shape: numpy_forms.Spectral(shape, radius="rms", steps=3),
        485,
    ),
    "polar": (
        Spectral("polar", "shape"),
        lambda shape: numpy_forms.Spectral(shape, "polar", "shape"),
        30,
    ),
    "polar_scion": (
        Spectral("polar", "scion"),
        lambda shape: numpy_forms.Spectral(shape, "polar", "scion"),
        30,
    ),
    "soap": (
        Soap(0.9, 0.1, frequency=3),
        lambda shape: numpy_forms.Soap(shape, 0.9, 0.1, 3),
        101,
    ),
    "soap_each_step": (
        Soap(0.9, 0.1, frequency=1),
        lambda shape: numpy_forms.Soap(shape, 0.9, 0.1, 1),
        101,
    ),
    "soap_one_side": (
        Soap(0.9, 0.1, frequency=2, max_size=3),
        lambda shape: numpy_forms.Soap(shape, 0.9, 0.1, 2, 3),
        101,
    ),
}
SHAPES: list[Shape] = [(3, 4), (5, 2), (4, 3, 2), (1, 3), (4, 1), (5,), ()]
STEPS = 8

every_rule = pytest.mark.parametrize("name", RULES)
with_memory = pytest.mark.parametrize("name", [n for n in RULES if "soap" in n])
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


@dataclass
class Layer:
    """A parameter with its state, made and stepped as the optimizer does it."""

    rule: Preconditioner
    member: Member
    numbers: Numbers = field(default_factory=NUMBERS["tensors"])

    @classmethod
    def of(cls, rule: Preconditioner, shape: Shape, dtype: torch.dtype = torch.float32) -> Layer:
        return cls(rule, member(rule, shape, dtype))

    @property
    def memory(self) -> list[Tensor]:
        return memory(self.rule, self.member)

    def update(self, grad: Tensor, gate: Gate | None = None) -> None:
        give(self.member, grad)
        take_in(self.rule, [self.member], self.numbers, gate=gate)

    def direction(self, d: Tensor, grad: Tensor | None = None) -> Tensor:
        """The direction of d; before, take a gradient in, which has been counted."""
        work = portion(self.rule, [self.member])
        return directed(work.blocks[0], d, at(self.rule, work, self.numbers), grad)


def drawn(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


@every_rule
@every_shape
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
@pytest.mark.parametrize("numbers", NUMBERS)
def test_torch_is_numpy(name: str, shape: Shape, dtype: torch.dtype, numbers: str) -> None:
    rule, build, growth = RULES[name]
    layer = Layer(rule, member(rule, shape, dtype), NUMBERS[numbers]())
    other, memory = build(shape), None
    # A few dozen roundings in products and decompositions of matrices of at most 6 rows.
    tol = 16 * growth * torch.finfo(dtype).eps
    for k in range(1, STEPS + 1):
        # What torch is given, so that both see the same numbers.
        grad = torch.tensor(drawn(k, *shape), dtype=dtype)
        d = torch.tensor(drawn(50 + k, *shape), dtype=dtype)
        layer.update(grad)
        metric, memory = other.update(memory, grad.double().numpy().reshape(-1), k)
        flat = d.double().numpy().reshape(-1)
        found, expected = layer.direction(d), metric.direction(flat)
        assert found.dtype == dtype
        assert found.shape == shape
        assert rule.unit == other.unit
        np.testing.assert_allclose(
            found.numpy().reshape(-1), expected, rtol=0, atol=tol * np.abs(expected).max()
        )
        dual = float(inner(d, found))
        size = np.linalg.norm(flat) * np.linalg.norm(expected)
        assert dual == pytest.approx(float(metric.dual_norm_sq(flat)), abs=tol * size)
        assert dual > 0


@with_memory
@every_shape
def test_where_not_ok_nothing_changes(name: str, shape: Shape) -> None:
    rule = RULES[name][0]
    layer, plain = Layer.of(rule, shape), Layer.of(rule, shape)
    bad = torch.full(shape, torch.nan)
    yes, no = Gate(torch.tensor(True)), Gate(torch.tensor(False))
    for k in range(4):
        before = [m.clone() for m in kept(rule, layer.member)]
        layer.update(bad, no)
        after = kept(rule, layer.member)
        assert all(torch.equal(a, b) for a, b in zip(after, before, strict=True))
        grad = torch.tensor(drawn(k, *shape), dtype=torch.float32)
        layer.update(grad, yes)
        plain.update(grad)
        pairs = zip(kept(rule, layer.member), kept(rule, plain.member), strict=True)
        for ours, theirs in pairs:
            torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=1e-6)  # other roundings of v


@every_rule
@every_shape
def test_a_gradient_of_0_gives_no_direction(name: str, shape: Shape) -> None:
    """Before any gradient, after gradients of 0, and after others: 0, never NaN."""
    layer, zero = Layer.of(RULES[name][0], shape), torch.zeros(shape)
    assert torch.equal(layer.direction(zero), zero)
    for grad in (zero, zero, torch.tensor(drawn(1, *shape), dtype=torch.float32), zero):
        layer.update(grad)
        assert torch.equal(layer.direction(zero), zero)
        assert all(torch.isfinite(m).all() for m in layer.memory)
    layer = Layer.of(replace(Spectral(), eps=0.0), shape)
    assert torch.equal(layer.direction(zero), zero)


@every_rule
def test_gradients_are_read_only_and_any_strides_will_do(name: str) -> None:
    rule, shape = RULES[name][0], (4, 3, 2, 2)
    layer, other = Layer.of(rule, shape), Layer.of(rule, shape)
    for k in range(3):
        grad = torch.tensor(drawn(k, *shape), dtype=torch.float32)
        d = torch.tensor(drawn(9 + k, *shape), dtype=torch.float32)
        turned, turned_d = (t.contiguous(memory_format=torch.channels_last) for t in (grad, d))
        kept = turned.clone(), turned_d.clone()
        layer.update(grad)
        other.update(turned)
        # The same numbers, in another order in memory.
        torch.testing.assert_close(layer.direction(d), other.direction(turned_d))
        assert torch.equal(turned, kept[0])
        assert torch.equal(turned_d, kept[1])


@every_rule
@every_shape
def test_nothing_waits_for_the_device(name: str, shape: Shape) -> None:
    """On the meta device there is nothing to read: whoever tries, raises."""
    rule, device = RULES[name][0], torch.device("meta")
    layer = Layer(rule, member(rule, shape, torch.float32, "meta"), Tensors(device))
    grad = torch.zeros(shape, device="meta")
    layer.update(grad)
    layer.update(grad, Gate(torch.tensor(True, device="meta")))
    assert layer.direction(grad).shape == shape


@every_rule
def test_a_step_is_one_graph(name: str) -> None:
    """And SOAP refines its bases at the same steps there, though it computes them at each."""
    rule, shape = RULES[name][0], (3, 4)
    compiled, plain = Layer.of(rule, shape), Layer.of(rule, shape)

    @torch.compile(backend="eager", fullgraph=True)
    def advance(grad: Tensor, d: Tensor) -> Tensor:
        return compiled.direction(d, grad)

    for k in range(5):
        grad, d = (torch.tensor(drawn(s, *shape), dtype=torch.float32) for s in (k, 9 + k))
        plain.update(grad)
        if MEMORY_WEIGHT in plain.member.state:
            compiled.member.state[MEMORY_WEIGHT].copy_(plain.member.state[MEMORY_WEIGHT])
        torch.testing.assert_close(advance(grad, d), plain.direction(d))
    torch._dynamo.reset()


def test_half_precision_is_worked_on_in_single() -> None:
    shape = (3, 4)
    layer, exact = (Layer.of(Soap(0.9, 0.1), shape, t) for t in (torch.bfloat16, torch.float))
    for k in range(3):
        grad = torch.tensor(drawn(k, *shape), dtype=torch.bfloat16)
        layer.update(grad)
        exact.update(grad.float())
    assert all(m.dtype == torch.float32 for m in layer.memory)
    d = torch.tensor(drawn(9, *shape), dtype=torch.float32)
    assert torch.equal(layer.direction(d), exact.direction(d))


def test_soap_refines_its_bases_every_f_gradients() -> None:
    rule, shape, basis = Soap(frequency=3), (3, 4), torch.zeros(())
    layer = Layer.of(rule, shape)
    at = list(rule.memory(shape)).index("left_basis")
    changed = []
    for k in range(7):
        layer.update(torch.tensor(drawn(k, *shape), dtype=torch.float32))
        changed.append(not torch.equal(layer.memory[at], basis))
        basis = layer.memory[at].clone()
    assert changed == [True, False, False, True, False, False, True]


def test_polar_leaves_out_what_is_rounding_of_0() -> None:
    """Here of 5 - 2 singular values, which come out as 1e-7 of the largest."""
    left, right = np.linalg.qr(drawn(1, 5, 2)).Q, np.linalg.qr(drawn(2, 6, 2)).Q
    d = torch.tensor((left * [3.0, 1.0]) @ right.T, dtype=torch.float32)
    assert torch.linalg.svdvals(d)[2] > 0
    expected = torch.tensor(left @ right.T, dtype=torch.float32)
    torch.testing.assert_close(polar(d), expected, rtol=0, atol=64 * 2**-23)


@pytest.mark.parametrize("zero", [False, True])
def test_orthogonal_iteration_is_numpys(zero: bool) -> None:
    """With the same signs, though D does not depend on them; where L = 0 it keeps the basis."""
    for seed in range(4):
        basis, root = np.linalg.qr(drawn(seed, 4, 4)).Q, drawn(10 + seed, 4, 4)
        moment = 0 * root if zero else root @ root.T
        found = orthogonal_iteration(torch.tensor(moment), torch.tensor(basis)).numpy()
        expected = numpy_iteration(moment, basis)
        np.testing.assert_allclose(found, expected, rtol=0, atol=16 * 4001 * EPS)
        if zero:
            np.testing.assert_allclose(found, basis, rtol=0, atol=16 * EPS)


# ---- torch's own Muon -----------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(8, 4), (4, 8), (6, 6)])
@pytest.mark.parametrize(("radius", "theirs"), [("shape", "original"), ("rms", "match_rms_adamw")])
def test_newton_schulz_is_muons(shape: tuple[int, int], radius: str, theirs: str) -> None:
    """Which rounds to 8 bits, 2^-9, at each of 15 products.

    For singular values like these the slope of what follows at most doubles an error.
    """
    left, _, right = np.linalg.svd(drawn(1, *shape), full_matrices=False)
    values = np.linspace(1, 2, min(shape))
    grad = torch.tensor((left * values) @ right, dtype=torch.float32)
    p = torch.nn.Parameter(torch.zeros(shape))
    p.grad = grad.clone()
    muon = torch.optim.Muon(
        [p], lr=1.0, weight_decay=0.0, momentum=0.0, nesterov=False, adjust_lr_fn=theirs
    )
    muon.step()
    ours = Layer.of(Spectral(radius=radius), shape).direction(grad)
    scale = float(torch.linalg.matrix_norm(ours, 2))
    error = float(torch.linalg.matrix_norm(ours + p.detach(), 2))
    assert error <= 15 * 2 * 2**-9 * scale


# ---- products of norms ----------------------------------------------------------------------

PRODUCTS: dict[str, Product | None] = {"none": None, "max": MAX, "sum": SUM, "l2": L2}


@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize("units", [[True] * 4, [False, True, True, True], [False] * 4])
@pytest.mark.parametrize("norms", [[1.0, 3.0, 2.0, 3.0], [0.0] * 4])
def test_scales_are_numpys(name: str, units: list[bool], norms: list[float]) -> None:
    """Sums of small integers: exact. Of equal norms the first is the largest."""
    product, given = PRODUCTS[name], torch.tensor(norms, dtype=torch.float64)
    found = scales(product, list(given.unbind()), units, tensors())
    expected = scales(product, [np.array(n) for n in norms], units, arrays())
    np.testing.assert_array_equal([float(c) for c in found], expected)
    np.testing.assert_array_equal(scales(product, norms, units, FLOATS), expected)
    assert given.tolist() == norms


@pytest.mark.parametrize("name", PRODUCTS)
def test_scales_wait_for_nothing(name: str) -> None:
    norms = list(torch.ones(3, device="meta").unbind())
    found = scales(PRODUCTS[name], norms, [True, False, True], tensors())
    assert found[1] == 1
    for c in (found[0], found[2]):
        assert c == 1 if name == "none" else c.device.type == "meta"


# ---- in an optimizer ------------------------------------------------------------------------


class Layered(MomentumModelOptimizer):
    """One preconditioner for matrices, another for vectors, and a product over all."""

    def __init__(self, params: Any, made: Method) -> None:
        self.made = made
        super().__init__(params, {})

    def method(self, h: dict[str, Any]) -> Method:  # type: ignore[override]
        return self.made


def spectral_and(vectors: str) -> tuple[Any, Any, Callable[[Shape], Any]]:
    """The norm for matrices, for vectors the same or Adam's, in torch and in NumPy."""
    adam = AdamDiagonal(0.9, 0.1) if vectors == "adam" else None

    def build(shape: Shape) -> Any:
        if adam is not None and len(shape) < 2:
            return numpy_forms.AdamDiagonal(0.9, 0.1)
        return numpy_forms.Spectral(shape, "polar", "scion")

    polar = Spectral("polar", "scion")
    return polar if adam is None else adam, polar, build


CASES: dict[str, tuple[str, tuple[Any, Any, Callable[[Shape], Any]]]] = {
    **{f"{n}_spectral": (n, spectral_and("spectral")) for n in PRODUCTS},
    **{f"{n}_hybrid": (n, spectral_and("adam")) for n in PRODUCTS},
    "soap": ("none", (RULES["soap"][0], RULES["soap"][0], RULES["soap"][1])),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("lr", [1e-3, 100.0], ids=["capped", "truncated"])
def test_an_optimizer_is_the_reference_over_its_parameters(name: str, lr: float) -> None:
    """Each parameter is a group of the reference; both follow their own steps."""
    kind, (vectors, matrices, build) = CASES[name]
    product, weight_decay = PRODUCTS[kind], 0.1 if lr < 1 else 0.0
    shapes: list[Shape] = [(3, 4), (4, 3, 2), (5,), (4,)]
    made = Method(
        averaging=FROM_ZERO,
        preconditioner=vectors,
        lower_bound=Given(0.0),
        lr=lr,
        beta=0.5,
        weight_decay=weight_decay,
        decay=DECOUPLED,
        product=product,
        matrices=matrices,
    )
    ps = [torch.nn.Parameter(torch.tensor(drawn(s, *shape))) for s, shape in enumerate(shapes)]
    optimizer = Layered(ps, made)
    method = grouped(
        *(
            reference_method(
                FROM_ZERO,
                build(shape),
                Given(0.0),
                lr,
                0.5,
                weight_decay,
                DECOUPLED,
                product=product,
            )
            for shape in shapes
        )
    )
    state, xs = GroupedState(), tuple(p.detach().numpy().reshape(-1).copy() for p in ps)
    for k in range(6):
        loss = 4.0 + k % 3
        grads = [drawn(20 + 7 * k + s, *shape) for s, shape in enumerate(shapes)]
        for p, g in zip(ps, grads, strict=True):
            p.grad = torch.tensor(g)
        optimizer.step(loss=loss)
        xs, state, info = method.step(state, xs, loss, [g.reshape(-1) for g in grads])
        last = optimizer.last
        assert last is not None
        # As `RULES`, over six steps, each of which adds to what the inner products see.
        tol = 6 * 16 * 400 * EPS
        for found in ("value", "step_size", "dual_norm_sq", "cap", "adaptive"):
            assert float(getattr(last, found)) == pytest.approx(
                float(getattr(info, found)), rel=tol, abs=tol
            ), found
        for p, x in zip(ps, xs, strict=True):
            size = 1 + np.abs(x).max()
            np.testing.assert_allclose(p.detach().numpy().reshape(-1), x, rtol=0, atol=tol * size)
        assert bool(last.step_size == last.cap) == (lr < 1)


# ---- arguments ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Spectral("svd"), "way = 'svd'; allowed: 'newton_schulz', 'polar'"),
        (lambda: Spectral(radius="big"), "radius = 'big'; allowed: 'one'"),
        (lambda: Spectral(radius=0.0), "radius = 0.0 is out of range"),
        (lambda: Spectral(steps=0), "steps = 0; allowed: an integer, at least 1"),
        (lambda: Spectral(eps=-1.0), "eps = -1.0 is out of range"),
        (lambda: Soap(-0.1), "beta2 = -0.1 is out of range"),
        (lambda: Soap(eps=0.0), "eps = 0.0 is out of range"),
        (lambda: Soap(frequency=True), "frequency = True; allowed"),
        (lambda: Soap(max_size=1.5), "max_size = 1.5; allowed"),
    ],
)
def test_arguments_are_checked(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_what_is_kept_is_named_and_sized() -> None:
    assert Spectral().memory((3, 4)) == {}
    kept = Soap(max_size=4).memory((5, 4))
    assert kept == {
        "grad_sq_avg": (5, 4),
        "right_moment": (4, 4),
        "right_basis": (4, 4),
        "basis_age": (1,),
    }
    assert Soap().memory((5,)) == {"grad_sq_avg": (5,)}
