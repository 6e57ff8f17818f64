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
from momo.optim.averaging import average, decay_from_zero, decay_of_first
from momo.optim.blocks import Member, inner, working_dtype
from momo.optim.choices import Choices, agreed, relative
from momo.optim.info import StepInfo
from momo.optim.lower_bounds import Online
from momo.optim.model import (
    Scalar,
    adaptive_term,
    decayed_value,
    is_zero,
    offset,
    shrink_rate,
    truncation,
)
from momo.optim.parts import (
    Part,
    average_block,
    average_weights_,
    check_gradient,
    cutter,
    smallest,
    summed,
)
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
            if isinstance(shared.bound, Online):
                raise ValueError(
                    f"lb = {lb} was given with a step, but use_fstar = True estimates the bound;"
                    " allowed: lb = None, or use_fstar = False"
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
        beta = (decay_of_first if shared.from_first else decay_from_zero)(
            shared.beta, model["weight"]
        )
        keep = beta if ok is None else torch.where(ok, beta, 1.0)
        sums = self._average(parts, keep, ok)
        before, after, norms = sums[:, 0], sums[:, 1], sums[:, 2]

        loss_avg = average(model["loss_avg"], loss, beta)
        weight = average(model["weight"], 1.0, beta)
        q = offset(before.sum(), model["inner_avg"], beta)
        value = loss_avg + q
        inner_avg = after.sum() - q

        alphas = [part.choices.lr for part in parts]
        alpha, ratios = relative(alphas)
        rates = [shrink_rate(p.choices.lr, p.choices.weight_decay) for p in parts]
        in_model = [
            rate if p.choices.decay.in_model else 0.0 for p, rate in zip(parts, rates, strict=True)
        ]
        decayed = decayed_value(value, after[:-1].unbind(), in_model)
        bound, memory = shared.bound.before(
            model["lower_bound"], lb, decayed, weight, beta, model["weight"] == 0
        )
        scaled = [n * r for n, r in zip(norms[:-1].unbind(), ratios, strict=True)]
        slope = torch.stack([n / (1 + a) for n, a in zip(scaled, in_model, strict=True)]).sum()
        zeta = adaptive_term(decayed - weight * bound, slope, smallest(parts))
        cap = alpha / weight
        tau = truncation(cap, zeta)
        dual_norm_sq = torch.stack(scaled).sum()
        memory = shared.bound.after(memory, value, tau * dual_norm_sq, weight)
        info = StepInfo(value, zeta, cap, tau, dual_norm_sq, bound, loss_avg)

        new = {
            "loss_avg": loss_avg,
            "weight": weight,
            "inner_avg": inner_avg,
            "lower_bound": memory,
            "steps": model["steps"] + 1,
        }
        if ok is not None:
            new = {name: torch.where(ok, v, model[name]) for name, v in new.items()}
            new["skipped"] = model["skipped"] + ~ok
            tau = torch.where(ok, tau, 0.0)
            nothing = torch.zeros_like(tau)
            rates = [r if is_zero(r) else torch.where(ok, r, nothing) for r in rates]
            info = StepInfo(*(torch.where(ok, v, torch.nan) for v in info))._replace(step_size=tau)
        for name, v in new.items():
            assign_(model[name], v)
        model[LAST].copy_(torch.stack(info))
        for part, ratio, rate in zip(parts, ratios, rates, strict=True):
            self._move(part, tau * ratio, rate)

    def _average(self, parts: list[Part], beta: Tensor, ok: Tensor | None) -> Tensor:
        """Average the gradients in; return the inner products, a row a group and one for the rest.

        The columns are ``<d_{k-1}, x^k>``, ``<d_k, x^k>`` and ``||d_k||²_{D^{-1}}``. The last row
        is for the parameters without a gradient, which do not move.
        """
        rows = len(parts) + 1
        entries: dict[Groups, list[list[tuple[Tensor, ...]]]] = {
            groups: [[] for _ in range(rows)] for groups in self._holders(parts)
        }
        for index, part in enumerate(parts):
            average_weights_(part, ok)
            for groups, block in chain(part.blocks, part.absent):
                moving = block.members[0].grad is not None
                products = average_block(block, part.choices.preconditioner, beta, ok)
                entries[groups][index if moving else -1].append(products)
        return total({k: summed(table, 3, beta) for k, table in entries.items()})

    def _move(self, part: Part, step_size: Tensor, rate: Scalar) -> None:
        choices = part.choices
        for _, block in part.blocks:
            x = block.x()
            direction = choices.preconditioner.direction(block, block.grad_avg())
            choices.decay.move_(x, direction, step_size.to(x.device, x.dtype), rate)
            block.store_x(x)

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
        for index, group in enumerate(self.param_groups):
            for number, p in enumerate(group["params"]):
                if p.grad is not None:
                    check_gradient(p, f"parameter {number} of param_groups[{index}]")
        parts = []
        for group, choice in zip(self.param_groups, choices, strict=True):
            present: dict[Groups, list[Member]] = {}
            absent: dict[Groups, list[Member]] = {}
            weights = []
            dtypes = set()
            for p in group["params"]:
                if GRAD_AVG not in self.state.get(p, ()):
                    if p.grad is None:
                        continue
                    self.state[p].update(new_memory(p, choice.preconditioner.memory))
                member = self._member(p, choice)
                side = absent if member.grad is None else present
                side.setdefault(self._ranks.groups_of(p), []).append(member)
                if member.grad is not None:
                    dtypes.add(working_dtype(member.x))
                    if member.weight is not None:
                        weights.append(member.weight)
            cut = cutter(group["foreach"])
            blocks, rest = (
                [(groups, block) for groups, members in side.items() for block in cut(members)]
                for side in (present, absent)
            )
            parts.append(Part(choice, blocks, rest, [*present, *absent], dtypes, weights))
        return parts

    def _member(self, p: Tensor, choice: Choices) -> Member:
        state = self.state[p]
        if self._ranks.of_shards and MEMORY_WEIGHT in state:
            # ZeroRedundancyOptimizer loads all 0-dim tensors to the CPU.
            state[MEMORY_WEIGHT] = state[MEMORY_WEIGHT].to(p.device)
        return Member(
            local(p),
            None if p.grad is None else local_gradient(p),
            local(state[GRAD_AVG]),
            () if p.grad is None else tuple(local(state[n]) for n in choice.preconditioner.memory),
            state.get(MEMORY_WEIGHT),
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
        names = {
            number: choice.preconditioner.memory
            for group, choice in zip(groups, choices, strict=True)
            for number in group["params"]
        }
        check_loaded(loaded["state"], parameters, names, type(self).__name__)
