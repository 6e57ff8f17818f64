# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""An optimizer that has nothing of `momo.optim`, and versions of it with one thing wrong each."""

from __future__ import annotations

import math
from typing import Any, ClassVar, NamedTuple

import torch
import torch.distributed as dist
from torch import Tensor

from momo.methods import Row
from momo.reference import Given, Method, momo, momo_star, sgd_m


class Info(NamedTuple):
    value: Tensor
    adaptive: Tensor
    cap: Tensor
    step_size: Tensor
    dual_norm_sq: Tensor
    lower_bound: Tensor
    loss_avg: Tensor


class Plain(torch.optim.Optimizer):
    """MoMo, as somebody else might have written it; each method below is broken by somebody."""

    online: ClassVar[bool] = False
    exempt: ClassVar[dict[str, str]] = {
        "frozen_parameter": "the model's numbers are with the first parameter"
    }

    def __init__(
        self,
        params: Any,
        lr: float = 1.0,
        weight_decay: float = 0.0,
        beta: float = 0.9,
        lb: float = 0.0,
        nonfinite: str = "skip",
    ) -> None:
        self.check("lr", lr, lr >= 0)
        self.check("weight_decay", weight_decay, weight_decay >= 0)
        self.check("beta", beta, 0 <= beta < 1)
        self.check("lb", lb, math.isfinite(lb))
        own = {"lr": lr, "weight_decay": weight_decay, "momentum": beta, "lb": lb}
        super().__init__(params, {**own, "nonfinite": nonfinite})

    def check(self, name: str, value: float, good: bool) -> None:
        if not good:
            raise ValueError(f"{name} = {value:g} is out of range")

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        super().load_state_dict(state_dict)
        for entry in self.state.values():  # torch keeps the tensors of the state dict
            for name, value in entry.items():
                entry[name] = value.clone()

    # ---- the parts -----------------------------------------------------------------------------

    def over_ranks(self, loss: Tensor) -> Tensor:
        if dist.is_initialized():
            dist.all_reduce(loss)
            loss = loss / dist.get_world_size()
        return loss

    def inner(self, a: Tensor, b: Tensor) -> Tensor:
        return (a.double() * b.double()).sum()

    def linear(self, product: Tensor, inner_avg: Tensor) -> Tensor:
        return product - inner_avg

    def dual_norm_sq(self, d: Tensor) -> Tensor:
        return self.inner(d, d)

    def gap(self, value: Tensor, bound: Tensor) -> Tensor:
        return (value - bound).clamp(min=0)

    def divide(self, gap: Tensor, norm_sq: Tensor) -> Tensor:
        return torch.where(norm_sq > 0, gap / torch.where(norm_sq > 0, norm_sq, 1.0), 0.0)

    def limited(self, cap: Tensor, adaptive: Tensor) -> Tensor:
        return torch.minimum(cap, adaptive)

    def rate_in_model(self, rate: float) -> float:
        return rate

    def decay(self) -> float:
        return self.param_groups[0]["momentum"]

    def finite(self, loss: Tensor, norm_sq: Tensor) -> Tensor:
        return torch.isfinite(loss) & torch.isfinite(norm_sq)

    def number(self, loss: Any, device: torch.device) -> Tensor:
        if isinstance(loss, str) or (isinstance(loss, Tensor) and loss.numel() != 1):
            raise ValueError(f"loss = {loss!r}; allowed: a number")
        return torch.as_tensor(loss, dtype=torch.float64, device=device).reshape(()).clone()

    def rest(self, p: Tensor, rate: float) -> None:
        """What is done to a parameter that has no gradient."""

    def without(self, f: Tensor) -> None:
        """Take in the loss of a step in which other ranks alone have gradients."""
        if dist.is_initialized():
            model, beta = self.model(), self.decay()
            beta = torch.where(model["count"] == 0, 0.0, torch.full_like(f, beta))
            for entry in self.state.values():
                if "grad_avg" in entry:
                    entry["grad_avg"] = beta * entry["grad_avg"]
            model["loss_avg"] = beta * model["loss_avg"] + (1 - beta) * f
            model["inner_avg"] = beta * model["inner_avg"]
            model["count"] = model["count"] + 1
            model["last"][Info._fields.index("loss_avg")] = model["loss_avg"]

    def groups(self) -> list[dict[str, Any]]:
        return self.param_groups

    def bound_before(self, kept: Tensor, decayed: Tensor, floor: float) -> Tensor:
        if not self.online:
            return torch.full_like(kept, floor)
        return torch.where(decayed < kept, (decayed / 2).clamp(min=floor), kept)

    def bound_after(self, kept: Tensor, value: Tensor, decrease: Tensor, floor: float) -> Tensor:
        return (value - decrease / 2).clamp(min=floor)

    def model(self) -> dict[str, Tensor]:
        """The model's numbers."""
        first = self.param_groups[0]["params"][0]
        state = self.state[first]
        if "loss_avg" not in state:
            zero = torch.zeros((), dtype=torch.float64, device=first.device)
            names = ("loss_avg", "inner_avg", "count", "skipped", "bound")
            state.update({name: zero.clone() for name in names})
            state["last"] = torch.full((len(Info._fields),), math.nan, dtype=torch.float64)
            state["last"] = state["last"].to(first.device)
        return state

    # ---- the step ------------------------------------------------------------------------------

    @property
    def last(self) -> Info | None:
        state = self.state.get(self.param_groups[0]["params"][0], {})
        return Info(*state["last"].clone().unbind()) if "last" in state else None

    @property
    def skipped(self) -> Tensor:
        return self.model()["skipped"]

    @torch.no_grad()
    def step(self, closure: Any = None, loss: Any = None) -> Any:
        if loss is None:
            raise ValueError("step() needs loss=")
        decay = self.decay()
        self.check("momentum", decay, 0 <= decay < 1)
        everything = [(group, p) for group in self.groups() for p in group["params"]]
        moving = [(group, p) for group, p in everything if p.grad is not None]
        device = self.param_groups[0]["params"][0].device
        f = self.over_ranks(self.number(loss, device))
        if not moving:
            self.without(f)
            return loss
        ok = self.finite(f, sum(self.inner(p.grad, p.grad) for _, p in moving))
        if self.param_groups[0]["nonfinite"] == "raise" and not bool(ok):
            raise FloatingPointError("not finite")
        model, shared = self.model(), self.param_groups[0]
        first = model["count"] == 0
        beta = torch.where(first, 0.0, torch.full_like(f, decay))
        beta = torch.where(ok, beta, 1.0)
        f = torch.where(ok, f, 0.0)

        products = []
        for _, p in moving:
            grad = torch.where(ok, p.grad, torch.zeros_like(p.grad))
            wide = torch.promote_types(p.dtype, torch.float32)
            old = self.state[p].get("grad_avg", torch.zeros_like(p, dtype=wide))
            self.state[p]["grad_avg"] = beta.to(wide) * old + (1 - beta).to(wide) * grad.to(wide)
            products.append(self.inner(grad, p))
        for group, p in everything:
            if p.grad is None:
                if "grad_avg" in self.state[p]:
                    self.state[p]["grad_avg"] = beta * self.state[p]["grad_avg"]
                self.rest(p, group["lr"] * group["weight_decay"])

        loss_avg = beta * model["loss_avg"] + (1 - beta) * f
        inner_avg = beta * model["inner_avg"] + (1 - beta) * sum(products)
        known = [
            (g, p, self.state[p]["grad_avg"]) for g, p in everything if "grad_avg" in self.state[p]
        ]
        after = [self.inner(d, p) for _, p, d in known]
        alpha = max(group["lr"] for group in self.groups())
        value = loss_avg + self.linear(sum(after), inner_avg)
        decayed, slope, norm_sq = value, 0.0, 0.0
        for (group, p, d), product in zip(known, after, strict=True):
            if p.grad is None:
                continue
            rate = self.rate_in_model(group["lr"] * group["weight_decay"])
            square = self.dual_norm_sq(d) * (group["lr"] / alpha)
            decayed = decayed - product * rate / (1 + rate)
            slope, norm_sq = slope + square / (1 + rate), norm_sq + square
        floor = shared["lb"]
        kept = torch.where(first, floor, model["bound"])
        bound = self.bound_before(kept, decayed, floor)
        adaptive = self.divide(self.gap(decayed, bound), slope)
        cap = torch.full_like(f, alpha)
        tau = torch.where(ok, self.limited(cap, adaptive), 0.0)
        for group, p in moving:
            rate = group["lr"] * group["weight_decay"]
            own = (tau * (group["lr"] / alpha)).to(
                p.dtype if p.dtype.itemsize > 2 else torch.float32
            )
            moved = (p.to(own.dtype) - own * self.state[p]["grad_avg"]) / (1 + rate)
            p.copy_(torch.where(ok, moved.to(p.dtype), p))

        new = {
            "loss_avg": loss_avg,
            "inner_avg": inner_avg,
            "count": model["count"] + 1,
            "bound": self.bound_after(bound, value, tau * norm_sq, floor),
        }
        for name, number in new.items():
            model[name] = torch.where(ok, number, model[name])
        model["skipped"] = model["skipped"] + torch.where(ok, 0.0, 1.0)
        scalars = torch.stack([value, adaptive, cap, tau, norm_sq + 0 * f, bound, loss_avg])
        model["last"] = torch.where(ok, scalars, math.nan)
        return loss


class PlainStar(Plain):
    online = True


def reference(h: Any, shape: Any) -> Method:
    return momo(h.lr, h.beta, h.weight_decay, Given(h.lb))


def star_reference(h: Any, shape: Any) -> Method:
    return momo_star(h.lr, h.beta, h.weight_decay, h.lb)


def capped(h: Any, shape: Any) -> Method:
    return sgd_m(h.lr, h.beta, h.weight_decay)


def sgd(params: list[Tensor], h: Any) -> torch.optim.Optimizer:
    return torch.optim.SGD(params, lr=h.lr, momentum=h.beta, dampening=h.beta)


ROW = Row(
    "plain",
    "MoMo of somebody else's",
    ("lr", "weight_decay", "beta", "lb"),
    reference,
    "conformance_optimizers:Plain",
)


# ---- one thing wrong each ----------------------------------------------------------------------


class WrongSign(Plain):
    def linear(self, product: Tensor, inner_avg: Tensor) -> Tensor:
        return inner_avg - product


class DecayOutsideTheModel(Plain):
    def rate_in_model(self, rate: float) -> float:
        return 0.0


class OtherNorm(Plain):
    def dual_norm_sq(self, d: Tensor) -> Tensor:
        return 1.5 * self.inner(d, d)


class ForgetsInnerAverage(Plain):
    """γ is kept beside the state."""

    def model(self) -> dict[str, Tensor]:
        state = super().model()
        if not hasattr(self, "own"):
            self.own = {"inner_avg": state["inner_avg"]}
        return Beside(state, self.own)


class Beside(dict):
    """A state of which one entry is elsewhere."""

    def __init__(self, state: Any, own: Any) -> None:
        super().__init__(state)
        self.state, self.own = state, own
        self["inner_avg"] = own["inner_avg"]

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        (self.own if name == "inner_avg" else self.state)[name] = value


class KeepsItWithTheFirst(Plain):
    """As all of these do, but it does not say so."""

    exempt: ClassVar[dict[str, str]] = {}


class SharesState(Plain):
    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        super(Plain, self).load_state_dict(state_dict)

    def model(self) -> dict[str, Tensor]:
        return InPlace(super().model())


class InPlace(dict):
    """A state that is written in place."""

    def __setitem__(self, name: str, value: Any) -> None:
        self[name].copy_(value)


class NotClipped(Plain):
    def gap(self, value: Tensor, bound: Tensor) -> Tensor:
        return value - bound


class OwnLoss(Plain):
    """Each rank has its own."""

    def over_ranks(self, loss: Tensor) -> Tensor:
        return loss


class ForgetsOthers(Plain):
    """A rank without gradients leaves the step out."""

    def without(self, f: Tensor) -> None:
        pass


class CountsEachPass(Plain):
    """It hears a loss, but not the share of it that is backpropagated."""

    heard = 0.0

    def observe(self, loss: Tensor) -> Tensor:
        self.heard += float(loss)
        return loss

    def step(self, closure: Any = None, loss: Any = None) -> Any:
        loss, self.heard = (self.heard or None) if loss is None else loss, 0.0
        return super().step(loss=loss)


class LowPrecision(Plain):
    """Inner products in the parameters' dtype."""

    def inner(self, a: Tensor, b: Tensor) -> Tensor:
        low = b.dtype if b.dtype.itemsize == 2 else torch.float64
        total = torch.zeros((), dtype=low, device=b.device)
        for product in (a.to(low) * b.to(low)).reshape(-1).unbind():
            total = total + product
        return total.double()


class FirstGroupAlone(Plain):
    def groups(self) -> list[dict[str, Any]]:
        return self.param_groups[:1]


class BoundPerGroup(PlainStar):
    """The bound is reset and estimated once for each group."""

    def bound_after(self, kept: Tensor, value: Tensor, decrease: Tensor, floor: float) -> Tensor:
        for _ in self.param_groups:
            kept = super().bound_after(kept, value, decrease, floor)
            value = 0.9 * value
        return kept


class DividesByZero(Plain):
    def divide(self, gap: Tensor, norm_sq: Tensor) -> Tensor:
        return gap / norm_sq


class ReadsValues(Plain):
    def number(self, loss: Any, device: torch.device) -> Tensor:
        value = loss.item() if isinstance(loss, Tensor) and loss.numel() == 1 else loss
        return super().number(value, device)


class TakesNaN(Plain):
    def finite(self, loss: Tensor, norm_sq: Tensor) -> Tensor:
        return torch.ones_like(loss, dtype=torch.bool)


class AcceptsAll(Plain):
    def check(self, name: str, value: float, good: bool) -> None:
        if not good and name != "weight_decay":
            super().check(name, value, good)


class HidesBeta(Plain):
    """Keeps β under another name than schedulers look for."""

    def __init__(self, params: Any, beta: float = 0.9, **others: Any) -> None:
        super().__init__(params, beta=beta, **others)
        for group in (self.defaults, *self.param_groups):
            group["beta"] = group.pop("momentum")

    def decay(self) -> float:
        return self.param_groups[0]["beta"]


class KeepsBeta(Plain):
    """β is that of the constructor for ever."""

    def decay(self) -> float:
        return self.defaults["momentum"]


class IgnoresBeta(Plain):
    """β is the same for all, in the groups and in the constructor."""

    def decay(self) -> float:
        return 0.9


class AcceptsCycledBeta(Plain):
    """β is checked by the constructor alone."""

    def check(self, name: str, value: float, good: bool) -> None:
        super().check(name, value, good or name == "momentum")


class DecaysAll(Plain):
    """Parameters without a gradient decay, too."""

    def rest(self, p: Tensor, rate: float) -> None:
        p.div_(1 + rate)


class PositiveBound(Plain):
    """No loss is below 0, it thinks."""

    def gap(self, value: Tensor, bound: Tensor) -> Tensor:
        return super().gap(value, bound.clamp(min=0))


class SafeDivision(Plain):
    """Divides by the norm and a constant."""

    def divide(self, gap: Tensor, norm_sq: Tensor) -> Tensor:
        return gap / (norm_sq + 1e-2)


class HalfCap(Plain):
    def limited(self, cap: Tensor, adaptive: Tensor) -> Tensor:
        return torch.minimum(cap / 2, adaptive)


class BreaksGraph(Plain):
    def finite(self, loss: Tensor, norm_sq: Tensor) -> Tensor:
        torch._dynamo.graph_break()
        return super().finite(loss, norm_sq)
