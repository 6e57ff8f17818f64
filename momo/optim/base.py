"""The base of all momentum-model optimizers: it owns the averages, the model, the bound, the step.

A method on top (`momo.optim.momo`, `momo.optim.momo_adam`) says which hyper-parameters there are
and which `Choices` they make.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.optim import Optimizer

from momo.optim import arguments
from momo.optim.averaging import Decays, average
from momo.optim.blocks import Block, Member, inner, working_dtype
from momo.optim.choices import Choices, agreed, relative
from momo.optim.info import StepInfo
from momo.optim.model import (
    Scalar,
    adaptive_term,
    decayed_value,
    is_zero,
    offset,
    shrink_rate,
)
from momo.optim.parts import (
    Directions,
    Part,
    Products,
    average_block,
    average_weights_,
    check_gradient,
    check_whole,
    cutter,
    move_block,
    near,
    smallest,
    summed,
)
from momo.optim.preconditioners import Preconditioner
from momo.optim.products import scales
from momo.optim.reductions import (
    Groups,
    Ranks,
    is_group,
    local,
    local_gradient,
    together,
    total,
)
from momo.optim.state import (
    GRAD_AVG,
    LAST,
    MEMORY_WEIGHT,
    MODEL,
    NUMBERS,
    ParameterState,
    assign_,
    by_number,
    check_loaded,
    find_model,
    keep_one_model,
    new_memory,
    new_model,
    restore_precision,
    scalar_dtype,
)

OPTIONAL = ("foreach", "fused", "maximize", "nonfinite", "differentiable")
"""The settings that a loaded parameter group may lack."""

Params = Iterable[Tensor] | Iterable[dict[str, Any]] | Iterable[tuple[str, Tensor]]


class MomentumModelOptimizer(Optimizer, ABC):
    """A momentum model: averages of losses and gradients, truncated at a bound, stepped to.

    ``x^{k+1} = argmin_x max{ρ^{-1}(f̄_k + <d_k,x> - γ_k), f_*^k} + (λ/2)||x||²_{D_k}
    + (1/(2α))||x - x^k||²_{D_k}`` (paper, Lemma 3.1), one problem over all parameter groups
    (derived here, `momo.reference.groups`).

    A parameter without a gradient stays where it is, and its gradient counts as zero in the
    averages: the loss of that batch does not depend on it. A step without any gradient does
    nothing.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups, as for every ``torch.optim`` optimizer.
    defaults
        The hyper-parameters of the method; they are checked here, for each group.
    foreach
        Whether small tensors are put together, and large ones cut (`momo.optim.blocks`). None:
        yes, except under ``torch.compile``, which does so itself.
    fused
        For ``torch.optim``'s signature; there is no fused path yet.
    maximize
        For ``torch.optim``'s signature; must be False, since the model is truncated from below.
    nonfinite
        What to do with a loss or gradient that is NaN or infinite, or whose squared norm is:
        "skip" leaves parameters and state as they are and counts it in `skipped`; "raise" raises
        ``FloatingPointError`` instead, at the price of waiting for the device in each step.
    process_group
        The process group over which the loss is averaged, as gradients are under data
        parallelism. None: the default group, if ``torch.distributed`` is initialised. False: none.
    shard_group
        The process group over which the parameters are partitioned, as under
        ``ZeroRedundancyOptimizer``. True: the default group, if ``torch.distributed`` is
        initialised. None: they are not partitioned. DTensor parameters (FSDP2, tensor
        parallelism) need nothing.

    Raises
    ------
    ValueError, TypeError
        If a hyper-parameter is out of range; the message says which, and what is allowed.
    """

    _ranks: Ranks = Ranks()
    _other_names: ClassVar[tuple[str, ...]] = ()
    """Arguments that are called otherwise in ``param_groups``."""

    def __init__(
        self,
        params: Params,
        defaults: dict[str, Any],
        foreach: bool | None = None,
        fused: bool | None = None,
        maximize: bool = False,
        nonfinite: str = "skip",
        process_group: Any = None,
        shard_group: Any = None,
    ) -> None:
        self._ranks = Ranks(process_group, shard_group)
        own = {"foreach": foreach, "fused": fused, "maximize": maximize, "nonfinite": nonfinite}
        self._checked({**defaults, **own})
        super().__init__(params, {**defaults, **own})

    @staticmethod
    @abstractmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses.

        Raises
        ------
        ValueError, TypeError
            If a hyper-parameter is out of range.
        """

    @property
    def skipped(self) -> Tensor:
        """How many steps had a loss or gradient that was not finite: a 0-dim tensor."""
        entry, _ = find_model(self.state, self._first)
        return new_model(self._device())["skipped"] if entry is None else entry["skipped"]

    @property
    def last(self) -> StepInfo | None:
        """The scalars of the last step, as they are now; None before the first."""
        entry, _ = find_model(self.state, self._first)
        return None if entry is None else StepInfo(*entry[LAST].clone().unbind())

    @property
    def _first(self) -> Tensor | None:
        """The parameter that holds the model; None on a rank that has no part of the parameters."""
        return next((p for group in self.param_groups for p in group["params"]), None)

    def _device(self, loss: Any = None) -> torch.device:
        tensor = loss if self._first is None else self._first
        return tensor.device if isinstance(tensor, Tensor) else torch.device("cpu")

    # ---- the step ---------------------------------------------------------------------------

    @torch.no_grad()
    def step(
        self,
        closure: Callable[[], Any] | None = None,
        loss: Any = None,
        lb: Scalar | None = None,
    ) -> Any:
        """Take one step, and return the loss as it was given.

        Parameters
        ----------
        closure
            Computes the gradients and returns the loss.
        loss
            The loss of which the gradients were taken, if that has been done: a number, or a
            tensor of one element on any device.
        lb
            A lower bound on the loss of this batch, averaged like the losses. Default: the
            group's ``lb``.

        Raises
        ------
        ValueError, TypeError
            If not exactly one of closure and loss is given, or the loss is no number.
        RuntimeError
            If a gradient is sparse.
        FloatingPointError
            If ``nonfinite="raise"`` and the loss or a gradient is not finite.
        """
        choices = [self._checked(group) for group in self.param_groups]
        shared = agreed(self.param_groups, choices)
        if closure is None and loss is None and self._only_allocates():
            self._parts(choices)
            self._model(self._device())
            return None
        given, name = arguments.evaluated(closure, loss)
        device = self._device(given)
        like = torch.empty((), dtype=scalar_dtype(device), device=device)
        value = arguments.loss_value(name, given, like)
        if lb is not None:
            if not shared.bound.takes_sample:
                raise ValueError(
                    f"lb = {lb} was given with a step, but the bound is {shared.bound.shared[0]}"
                    " (use_fstar = True estimates it); allowed: lb = None, or a method whose bound"
                    " is given"
                )
            lb = arguments.loss_value("lb", lb, like)

        parts = self._parts(choices)
        touched = any(part.working_dtypes for part in parts)
        if not touched and not self._ranks.of_shards:
            return given
        model = self._model(device)
        losses = torch.stack([value] if lb is None else [value, lb])
        losses, norm_sq, anywhere = self._over_ranks(model, losses, parts, touched)
        ok = self._finite(losses, norm_sq, anywhere)
        if ok is False:
            self._skip(model)
            return given
        value, lb = losses[0], None if lb is None else losses[1]
        self._advance(model, shared, parts, value, lb, None if ok is True else ok)
        return given

    def _over_ranks(
        self, model: ParameterState, losses: Tensor, parts: list[Part], touched: bool
    ) -> tuple[Tensor, Tensor, Tensor | bool]:
        """Return the mean losses, ``||g||²``, and whether there is a gradient, over all ranks.

        Ranks with a part of the parameters each have a model; one that has none yet takes that of
        the others. So a state dict can be loaded by more ranks than have saved it.
        """
        squares: dict[Groups, list[list[tuple[Tensor, ...]]]] = {
            groups: [[]] for groups in self._holders(parts)
        }
        for part in parts:
            for groups, block in part.blocks:
                grad = block.grad()
                squares[groups][0].append((inner(grad, grad),))
        items = [
            {self._ranks.of_loss: losses},
            {groups: summed(table, 1, losses)[0] for groups, table in squares.items()},
        ]
        shards = self._ranks.of_shards
        if shards:
            known = model["weight"] > 0
            numbers = torch.stack([model[name].to(losses.dtype) for name in NUMBERS])
            counts = torch.stack([torch.full_like(known, touched), known])
            items.append({shards: torch.cat((counts, torch.where(known, numbers, 0.0)))})
        losses, norm_sq, *pooled = together(items)
        if self._ranks.of_loss:
            losses = losses / self._ranks.of_loss[0].size()
        if not pooled:
            return losses, norm_sq, touched
        count = pooled[0][1]
        mean = torch.where(~known & (count > 0), pooled[0][2:] / count.clamp(min=1), numbers)
        for name, number in zip(NUMBERS, mean.unbind(), strict=True):
            assign_(model[name], number)
        return losses, norm_sq, pooled[0][0] > 0

    def _holders(self, parts: list[Part]) -> Iterable[Groups]:
        """Return the groups of ranks that hold parts of parameters, in one order on all ranks."""
        return dict.fromkeys(chain(*(part.groups for part in parts), [self._ranks.of_shards]))

    def _advance(
        self,
        model: ParameterState,
        shared: Choices,
        parts: list[Part],
        loss: Tensor,
        lb: Scalar | None,
        ok: Tensor | None,
    ) -> None:
        """Average the sample into the model and step; where ``ok`` is false, change nothing."""
        steps = model["steps"]
        decays = shared.averaging.decays(shared.beta, model["weight"], steps)
        keep = decays if ok is None else Decays(*(torch.where(ok, d, 1.0) for d in decays))
        directions: Directions = {}
        sums, shares = self._average(parts, shared, keep, ok, directions)
        of_groups, whole = sums[:-1], Products(*sums.sum(0).unbind())

        loss_avg = average(model["loss_avg"], loss, decays.shown)
        weight = average(model["weight"], 1.0, decays.shown)
        q = offset(whole.before, model["inner_avg"], whole.shift, decays.shown)
        value = loss_avg + q
        loss_kept, weight_kept = loss_avg, weight
        if decays.shown is not decays.kept:
            q = offset(whole.before, model["inner_avg"], whole.shift, decays.kept)
            loss_kept = average(model["loss_avg"], loss, decays.kept)
            weight_kept = average(model["weight"], 1.0, decays.kept)

        alpha, ratios = relative([self._radius(part, shared, weight) for part in parts])
        rates = [shrink_rate(p.choices.lr, p.choices.weight_decay) for p in parts]
        in_model = [
            rate if p.choices.decay.in_model and not shared.current_loss else 0.0
            for p, rate in zip(parts, rates, strict=True)
        ]
        decayed = decayed_value(value, of_groups[:, 1].unbind(), in_model)
        divisor, of_bound = weight, decays
        if shared.current_loss:
            value, decayed, divisor = loss, loss, torch.ones_like(weight)
            of_bound = Decays(*[torch.zeros_like(weight)] * 2)
        bound, kept = shared.bound.before(
            tuple(model[name] for name in shared.bound.numbers),
            lb,
            decayed,
            divisor,
            of_bound,
            steps,
        )
        scaled = [n * r for n, r in zip(of_groups[:, 2].unbind(), ratios, strict=True)]
        slope = torch.stack([n / (1 + a) for n, a in zip(scaled, in_model, strict=True)]).sum()
        zeta = adaptive_term(decayed - divisor * bound, slope, smallest(parts))
        cap = alpha / divisor
        dual_norm_sq = torch.stack(scaled).sum()
        tau, step_memory = shared.step_rule(cap, zeta, dual_norm_sq, model["step_memory"], steps)
        kept = shared.bound.after(kept, value, tau * dual_norm_sq, divisor)
        share, iterate_total = shared.sequence.share(model["iterate_total"], tau, steps)
        info = StepInfo(value, zeta, cap, tau, dual_norm_sq, bound, loss_avg)

        new = {
            "loss_avg": loss_kept,
            "weight": weight_kept,
            "inner_avg": whole.kept - q,
            **dict(zip(shared.bound.numbers, kept, strict=True)),
            "step_memory": step_memory,
            "iterate_total": iterate_total,
            "steps": steps + 1,
        }
        if ok is not None:
            new = {name: torch.where(ok, v, model[name]) for name, v in new.items()}
            new["skipped"] = model["skipped"] + ~ok
            tau = torch.where(ok, tau, 0.0)
            nothing = torch.zeros_like(tau)
            rates = [r if is_zero(r) else torch.where(ok, r, nothing) for r in rates]
            info = StepInfo(*(torch.where(ok, v, torch.nan) for v in info))._replace(step_size=tau)
        for part, ratio, rate in zip(parts, ratios, rates, strict=True):
            for _, block in part.blocks:
                own = tau * ratio
                scale = shares.get(id(block))
                own = own if scale is None else own * scale
                move_block(block, part, keep, own, rate, share, ok, directions.pop(id(block), None))
        for name, v in new.items():
            assign_(model[name], v)
        model[LAST].copy_(torch.stack(info))

    def _radius(self, part: Part, shared: Choices, weight: Tensor) -> Scalar:
        """Return α of a proximal term: of a ball of radius α, ρα; without ρ, α."""
        lr = part.choices.lr
        ball = part.preconditioner.unit and shared.product is None
        return lr * weight if ball and not shared.current_loss else lr

    def _average(
        self,
        parts: list[Part],
        shared: Choices,
        decays: Decays,
        ok: Tensor | None,
        directions: Directions,
    ) -> tuple[Tensor, dict[int, Tensor]]:
        """Average the gradients in; return the inner products and the scales of a product.

        The inner products are `Products`, a row a part, and a last one for the parameters without
        a gradient, which do not move. The scales are by `id` of the block.
        """
        rows = len(parts) + 1
        entries: dict[Groups, list[list[tuple[Tensor, ...]]]] = {
            groups: [[] for _ in range(rows)] for groups in self._holders(parts)
        }
        layers: list[tuple[Block, int, Products]] = []
        for index, part in enumerate(parts):
            average_weights_(part, ok)
            for groups, block in chain(part.blocks, part.absent):
                moving = not block.absent
                how = part.preconditioner
                products = average_block(block, how, shared.averaging, decays, ok, directions)
                if moving and shared.product is not None:
                    layers.append((block, index, products))
                else:
                    entries[groups][index if moving else -1].append(products)
        scale: dict[int, Tensor] = {}
        if layers and shared.product is not None:
            norms = [near(products.norm, decays.kept.device) for _, _, products in layers]
            units = [parts[index].preconditioner.unit for _, index, _ in layers]
            found = scales(shared.product, torch.stack(norms).to(decays.kept.dtype), units)
            for (block, index, products), c in zip(layers, found.unbind(), strict=True):
                scale[id(block)] = c
                norm = c * near(products.norm, c.device)
                entries[()][index].append(products._replace(norm=norm))
        columns = len(Products._fields)
        sums = total({k: summed(table, columns, decays.kept) for k, table in entries.items()})
        return sums, scale

    def _finite(self, losses: Tensor, norm_sq: Tensor, touched: Tensor | bool) -> Tensor | bool:
        """Return whether to step: a bool on the CPU, else a 0-dim tensor.

        The squared norm is what is looked at: a gradient for which it overflows would freeze the
        method (||d||² = inf) for as long as it is in the average.
        """
        ok = torch.isfinite(losses).all() & torch.isfinite(norm_sq).all()
        raises = self.param_groups[0]["nonfinite"] == "raise"
        if raises and not bool(ok):
            raise FloatingPointError(
                f"loss = {losses[0].item()}, squared norm of the gradient = {norm_sq.item()};"
                ' allowed with nonfinite="raise": finite numbers'
            )
        ok = ok & touched
        if raises or (losses.device.type == "cpu" and not torch.compiler.is_compiling()):
            return bool(ok)
        return ok

    def _skip(self, model: ParameterState) -> None:
        model["skipped"] += 1
        model[LAST].fill_(torch.nan)
        model[LAST][StepInfo._fields.index("step_size")] = 0.0

    # ---- what a step works on ---------------------------------------------------------------

    def _parts(self, choices: Sequence[Choices]) -> list[Part]:
        """Return the groups' parameters in blocks; make the state of those that are new."""
        for index, (group, choice) in enumerate(zip(self.param_groups, choices, strict=True)):
            for number, p in enumerate(group["params"]):
                if p.grad is not None:
                    name = f"parameter {number} of param_groups[{index}]"
                    check_gradient(p, name)
                    check_whole(p, name, choice, self._ranks.of_shards)
        parts = []
        for group, choice in zip(self.param_groups, choices, strict=True):
            for index, how in enumerate(choice.preconditioners):
                own = [p for p in group["params"] if choice.which(p.shape) == index]
                parts.append(self._part(own, group, choice, how))
        return parts

    def _part(
        self, params: list[Tensor], group: dict[str, Any], choice: Choices, how: Preconditioner
    ) -> Part:
        present: dict[Groups, list[Member]] = {}
        absent: dict[Groups, list[Member]] = {}
        weights = []
        dtypes = set()
        for p in params:
            if GRAD_AVG not in self.state.get(p, ()):
                if p.grad is None:
                    continue
                made = new_memory(p, how.memory(tuple(p.shape)), choice.sequence.points)
                self.state[p].update(made)
            member = self._member(p, choice, how)
            side = absent if member.grad is None else present
            side.setdefault(self._ranks.groups_of(p), []).append(member)
            if member.grad is not None:
                dtypes.add(working_dtype(member.x))
                if member.weight is not None:
                    weights.append(member.weight)
        cut = cutter(group["foreach"], not how.elementwise or choice.product is not None)
        blocks, rest = (
            [(groups, block) for groups, members in side.items() for block in cut(members)]
            for side in (present, absent)
        )
        return Part(choice, how, blocks, rest, [*present, *absent], dtypes, weights)

    def _member(self, p: Tensor, choice: Choices, how: Preconditioner) -> Member:
        state = self.state[p]
        if self._ranks.of_shards and MEMORY_WEIGHT in state:
            # ZeroRedundancyOptimizer loads all 0-dim tensors to the CPU.
            state[MEMORY_WEIGHT] = state[MEMORY_WEIGHT].to(p.device)
        memory = () if p.grad is None else how.memory(tuple(p.shape))
        return Member(
            local(p),
            None if p.grad is None else local_gradient(p),
            local(state[GRAD_AVG]),
            tuple(local(state[name]) for name in memory),
            state.get(MEMORY_WEIGHT),
            tuple(local(state[name]) for name in choice.sequence.points),
        )

    def _model(self, device: torch.device) -> ParameterState:
        """Return the state that holds the model's numbers: the first parameter's."""
        first = self._first
        if first is None:
            return new_model(device)
        entry, holder = find_model(self.state, first)
        own = self.state[first]
        if entry is None:
            own.update(new_model(device))
        elif holder is not first or entry[MODEL[0]].device != device:
            own.update({name: entry.pop(name).to(device) for name in MODEL})
        if self._ranks.of_shards:  # ZeroRedundancyOptimizer fills the state itself, unchecked
            keep_one_model(self.state, own)
        return own

    def _only_allocates(self) -> bool:
        """Return whether a step without a loss is asked of a new optimizer whose lr is 0.

        It moves nothing, whatever the loss: torch.distributed.checkpoint takes such a step to have
        the state made that it then loads into.
        """
        return not self.state and all(float(group["lr"]) == 0 for group in self.param_groups)

    # ---- hyper-parameters -------------------------------------------------------------------

    @classmethod
    def _renamed(cls, group: dict[str, Any]) -> dict[str, Any]:
        """Return the group with its hyper-parameters under the names of ``param_groups``."""
        return group

    def _own(self, group: dict[str, Any]) -> dict[str, Any]:
        """Return the group without what `ZeroRedundancyOptimizer` keeps in it.

        It takes every argument of the constructor for a hyper-parameter of that name, and writes
        it into the groups at each step.
        """
        if self._ranks.shard_group is None and "shard_group" not in group:
            return group
        others = ("process_group", "shard_group", *self._other_names)
        return {name: value for name, value in group.items() if name not in others}

    def _checked(self, group: dict[str, Any]) -> Choices:
        for name in ("foreach", "fused"):
            if group[name] is not None:
                arguments.flag(name, group[name])
        if group["fused"]:
            raise ValueError("fused = True; allowed: None or False (there is no fused path yet)")
        if group["maximize"] is not False:
            raise ValueError(
                f"maximize = {group['maximize']!r}; allowed: False (the model is truncated at a"
                " lower bound; to maximise f, minimise -f with lb at most its smallest value)"
            )
        if group["nonfinite"] not in ("skip", "raise"):
            raise ValueError(f"nonfinite = {group['nonfinite']!r}; allowed: 'skip' or 'raise'")
        return self.choices(self._own(group))

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a parameter group, whose hyper-parameters default to those of the optimizer.

        Parameters
        ----------
        param_group
            The parameters under "params", and hyper-parameters by name. What is shared by the
            whole model (β, lb, the kind of average and bound) must be that of the other groups.

        Raises
        ------
        ValueError, TypeError
            If a hyper-parameter is out of range, or differs where it may not.
        """
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group is of type {type(param_group).__name__}; allowed: a dict")
        for name in ("process_group", "shard_group"):
            if is_group(param_group.get(name)):
                raise ValueError(
                    f"{name} is a process group in a parameter group, where it could not be saved"
                    " (ZeroRedundancyOptimizer puts it there); allowed: shard_group=True, which is"
                    " the default group, or functools.partial(optimizer class, shard_group=...)"
                )
        given = self._renamed(param_group)
        merged = {**self.defaults, **given}
        groups = [*self.param_groups, merged]
        agreed(groups, [self._checked(group) for group in groups])
        super().add_param_group(given)

    # ---- saving and loading -----------------------------------------------------------------

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy needs."""
        return {**super().__getstate__(), "_ranks": self._ranks}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore a copy, or a state dict of a version that had fewer hyper-parameters."""
        super().__setstate__(state)
        # torch adds this one itself, to copies of optimizers from before it was a default.
        own = {n: value for n, value in self.defaults.items() if n != "differentiable"}
        for group in self.param_groups:
            for name, value in own.items():
                group.setdefault(name, value)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Load what `state_dict` returned.

        d takes the dtype and device of its parameter, the preconditioner's memory at least 32 bits
        of it; the model's numbers keep their precision. Nothing is shared with ``state_dict``.

        Raises
        ------
        ValueError
            If the state dict is not one of this method and these parameters; nothing has changed
            then.
        """
        seen: dict[str, Any] = {}

        def check(optimizer: Optimizer, loaded: dict[str, Any]) -> dict[str, Any]:
            seen.update(loaded, param_groups=[self._own(group) for group in loaded["param_groups"]])
            self._check_state_dict(seen)
            return seen

        def restore(optimizer: Optimizer) -> None:
            restore_precision(self.state, seen, self.param_groups)
            entry, _ = find_model(self.state, self._first)
            if entry is not None:
                keep_one_model(self.state, entry)

        # The last of the hooks before, so that it sees what the others made of the state dict;
        # the first of the hooks after.
        before = self.register_load_state_dict_pre_hook(check)
        after = self.register_load_state_dict_post_hook(restore, prepend=True)
        try:
            super().load_state_dict(state_dict)
        finally:
            before.remove()
            after.remove()

    def _check_state_dict(self, loaded: dict[str, Any]) -> None:
        groups = loaded["param_groups"]
        if [len(g["params"]) for g in groups] != [len(g["params"]) for g in self.param_groups]:
            return  # torch says so
        merged = [{**self.defaults, **group} for group in groups]
        choices = [self._checked(group) for group in merged]
        agreed(merged, choices)
        needed = set(self.defaults) - set(OPTIONAL)
        for index, group in enumerate(groups):
            # Before its first step another optimizer has no state that would give it away.
            if missing := sorted(needed - set(group)):
                raise ValueError(
                    f"param_groups[{index}] of the state dict lacks {', '.join(missing)};"
                    f" allowed: a state dict of {type(self).__name__}"
                )
        parameters = by_number(groups, self.param_groups)
        memory = {}
        for group, choice in zip(groups, choices, strict=True):
            for number in group["params"]:
                shape = tuple(parameters[number].shape)
                how = choice.preconditioner_of(shape)
                memory[number] = (how.memory(shape), choice.sequence.points)
        check_loaded(loaded["state"], parameters, memory, type(self).__name__)
