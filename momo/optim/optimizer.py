# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The optimizer's contract with torch: parameter groups, step, state dict; it does no arithmetic.

A step is: hyper-parameters (`momo.optim.settings`), what is worked on (`momo.optim.plan`), and what
is done to it (`momo.optim.advance`): one pass over the vectors, the general equation, another pass.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Unpack

import torch
import torch.distributed as dist
from torch import Tensor
from torch.optim import Optimizer

from momo import installed
from momo.core.method import Method
from momo.core.step import StepInfo
from momo.optim import checkpoint
from momo.optim.advance import advance_
from momo.optim.arguments import Scalar
from momo.optim.fused.coverage import demand
from momo.optim.hooks import hooked_if_asked
from momo.optim.hyperparameters import (
    OF_TORCH,
    OPTIONS,
    Hyperparameter,
    Options,
    declared,
    documented,
    signature,
)
from momo.optim.lasting import lasting, still_right
from momo.optim.numbers import Floats, Tensors, kind
from momo.optim.observed import Observed, taken
from momo.optim.plan import Plan, plan
from momo.optim.ranks import Ranks
from momo.optim.settings import (
    Setting,
    agreed,
    bound_of,
    check_options,
    checked,
    renamed,
    setting,
    unchanged,
    without_arguments,
)
from momo.optim.state import INDEX, LAST, find_model, model_of, new_model, only_allocates

Params = Iterable[Tensor] | Iterable[dict[str, Any]] | Iterable[tuple[str, Tensor]]


class MomentumModelOptimizer(Optimizer, ABC):
    """A momentum model: averages of losses and gradients, truncated at a bound, stepped to.

    ``x⁺ = argmin_x max{ρ⁻¹(f̄_k + <d_k,x> - γ_k), f_*^k} + (λ/2)||x||²_{D_k}
    + ||x - x^k||²_{D_k}/(2α)`` (paper, Lemma 3.1), one problem over all parameter groups.

    A parameter without a gradient stays where it is, and its gradient counts as zero in the
    averages: the loss of that batch does not depend on it. A step without any gradient does
    nothing. A method is a subclass whose ``__init__`` declares the hyper-parameters, in its
    annotations (`momo.optim.hyperparameters`), and hands its ``locals()`` on, and whose `method`
    says which parts it is made of.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups, as for every ``torch.optim`` optimizer.
    given
        The hyper-parameters by name; what is not declared is left out. They are checked for each
        group.
    options
        `momo.optim.hyperparameters.Options`.

    Raises
    ------
    ValueError, TypeError
        If a hyper-parameter is out of range; the message says which, and what is allowed.
    """

    names: ClassVar[Mapping[str, str]] = {"beta": "momentum"}
    """What arguments are called in ``param_groups``: there schedulers look for β by these names."""
    kept: ClassVar[Mapping[str, Any]] = {}
    """What else is kept in ``param_groups``, with its value at the start."""
    hyperparameters: ClassVar[Mapping[str, Hyperparameter]] = {}
    _called: ClassVar[Mapping[str, str]] = {}

    _ranks: Ranks = Ranks()
    _observed: Observed
    path = ""
    """The path of the last step: "fused (AVX2)", say, "blocks", or both; "" before the first.

    Blocks are how parameters are worked on that do not take the fused path.
    """
    _older = False
    _settings: tuple[Setting, ...] = ()
    _plan: Plan | None = None

    def __init_subclass__(cls, **keywords: Any) -> None:
        """Read the declaration of a method, and document its parameters."""
        super().__init_subclass__(**keywords)
        cls.hyperparameters = declared(cls)
        cls._called = {name: cls.names.get(name, name) for name in cls.hyperparameters}
        if "__init__" in vars(cls):
            cls.__init__.__signature__ = signature(cls)  # type: ignore[attr-defined]
        if cls.__doc__ and "Parameters\n" not in cls.__doc__:
            cls.__doc__ = documented(cls)

    def __init__(
        self, params: Params, given: Mapping[str, Any], **options: Unpack[Options]
    ) -> None:
        for name in options:
            if name not in OPTIONS:
                raise TypeError(
                    f"{type(self).__name__}.__init__() got an unexpected keyword argument {name!r};"
                    f" allowed: {', '.join((*self.hyperparameters, *OPTIONS))}"
                    + (f" ({OF_TORCH[name]})" if name in OF_TORCH else "")
                )
        installed.at_first_optimizer()
        self._ranks = Ranks(options.get("process_group"), options.get("shard_group"))
        own = {called: given[name] for name, called in self._called.items()}
        in_groups = {name: options.get(name, value) for name, value in OPTIONS.items()}
        del in_groups["process_group"], in_groups["shard_group"]
        defaults = {**own, **self.kept, **in_groups}
        self._method(defaults)
        self._observed = Observed()
        super().__init__(params, defaults)

    @staticmethod
    @abstractmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses, of its checked hyper-parameters."""

    @property
    def skipped(self) -> Tensor:
        """How many steps had a loss or gradient that was not finite: a 0-dim tensor."""
        return self._counted("skipped")

    @property
    def below(self) -> Tensor:
        """How many losses lay below their lower bound, so that it is none: a 0-dim tensor."""
        return self._counted("below")

    def _counted(self, name: str) -> Tensor:
        model = find_model(self.state)
        return (new_model(self._device()) if model is None else model)[INDEX[name]].to(torch.int64)

    def __repr__(self) -> str:
        """Return the groups as torch shows them, and the path."""
        return f"{super().__repr__()[:-1]}path: {self.path}\n)"

    @property
    def last(self) -> StepInfo | None:
        """The scalars of the last step, as they are now: 0-dim tensors; None before the first."""
        model = find_model(self.state)
        return None if model is None else StepInfo(*model[LAST].clone().unbind())

    def _device(self, loss: Any = None) -> torch.device:
        """Return where the numbers are: with the first parameter, or, without any, the loss."""
        tensor = next(iter(self._parameters()), loss)
        return tensor.device if isinstance(tensor, Tensor) else torch.device("cpu")

    # ---- the pair (loss, gradient) ------------------------------------------------------------

    def observe(self, loss: Tensor) -> Tensor:
        """Return a loss, and take in its next backward pass what the next step needs of it.

        What it is multiplied by before ``backward()`` is heard with the gradient, so that the sum
        over all passes is the loss of which ``.grad`` is the gradient. A later ``step()`` takes it,
        also one whose closure returns something else; a given ``loss`` wins. ``zero_grad`` forgets
        it. The scale of a ``GradScaler`` is divided out in ``scaler.step(optimizer)``.

        Parameters
        ----------
        loss
            What is backpropagated, or a factor of it: a real tensor of any shape (else TypeError).
            Without a gradient function, as in evaluation, nothing is heard of it. Every backward
            pass through it counts, so ``torch.autograd.grad`` does too.
        """
        self._observed.listen(loss, self._parameters)
        return loss

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, as in ``torch.optim``, and the loss observed with them."""
        super().zero_grad(set_to_none)
        self._observed.forget(self._parameters())

    @property
    def _step_supports_amp_scaling(self) -> bool:
        """False: ``GradScaler.step``, which asks for it, takes the scale from the gradients."""
        self._observed.note_scaler()
        return False

    def _parameters(self) -> list[Tensor]:
        return [p for group in self.param_groups for p in group["params"]]

    # ---- the step ---------------------------------------------------------------------------

    @hooked_if_asked
    def step(
        self, closure: Callable[[], Any] | None = None, loss: Any = None, lb: Scalar | None = None
    ) -> Any:
        """Take one step, and return the loss as it was given.

        Parameters
        ----------
        closure
            Computes the gradients and returns the loss; or None, without gradients: no step.
        loss
            The loss of which the gradients were taken, if that has been done: a number, or a
            tensor of one element on any device. Not needed after `observe`.
        lb
            A lower bound on the loss of this batch, averaged like the losses; else the group's.

        Raises
        ------
        ValueError, TypeError
            If there is no loss, or two, or it is no number, or not that of all gradients.
        RuntimeError
            If a gradient is sparse.
        FloatingPointError
            If ``nonfinite="raise"`` and the loss or a gradient is not finite.
        """
        settings = self._checked()
        ranks = self._ranks if dist.is_available() and dist.is_initialized() else None
        now = self.param_groups, settings, self.state
        # What a step works on, and how its numbers are held: the last step's plan, if it is alike.
        work = self._plan = still_right(self._plan, *now, self._ranks)
        alone = closure is None and lb is None and ranks is None
        if work is not None and work.at_once and alone and loss is not None:
            self._observed.total = self._observed.scaler = None  # nothing here is for autograd
            self._observed.without = 0
            self._advance(settings, work, [work.numbers.loss("loss", loss)], True, None)
            return loss
        with torch.no_grad():
            return self._step(settings, work, ranks, closure, loss, lb)

    def _step(
        self,
        settings: tuple[Setting, ...],
        work: Plan | None,
        ranks: Ranks | None,
        closure: Callable[[], Any] | None,
        loss: Any,
        lb: Scalar | None,
    ) -> Any:
        """Find the loss, plan the step, if ``work`` is None, and take it; return the loss."""
        observed = self._observed
        if closure is None and loss is not None:
            returned, used, name = loss, loss, "loss"
        elif (
            closure is None
            and observed.total is None
            and only_allocates(self.param_groups, self.state)
        ):
            self._model(self._planned(settings).numbers.device)
            return None
        else:
            returned, used, name = taken(closure, loss, observed, self._parameters())
            settings = self._checked()  # a closure may have changed everything
            now = self.param_groups, settings, self.state
            work = self._plan = still_right(self._plan, *now, self._ranks)
        alone = ranks is None or not (ranks.of_loss or ranks.of_shards)
        numbers = self._numbers(used) if work is None else work.numbers
        losses = [numbers.zero if used is None else numbers.loss(name, used)]
        if lb is not None:
            losses.append(numbers.loss("lb", bound_of(settings[0], lb)))
        observed.total = observed.scaler = None
        if work is None:
            work = self._planned(settings, used)
        if not work.touched and alone:
            observed.missed(used, self._parameters())
            return returned
        observed.without = 0
        self._advance(settings, work, losses, used is not None, ranks)
        return returned

    def _advance(
        self,
        settings: tuple[Setting, ...],
        work: Plan,
        losses: list[Any],
        given: bool,
        ranks: Ranks | None,
    ) -> None:
        """Take a step that is planned: see `momo.optim.advance`."""
        model, watch = work.model, work.watch
        if model is None:
            model = self._model(work.numbers.device)
            self._plan = lasting(work, model, self.param_groups, settings, self.state, self._ranks)
            watch = None if self._plan is None else self._plan.watch
        if work.table is not None:
            work.table.refresh(watch)
        self.path = work.path
        try:
            advance_(settings, work, losses, given, ranks, model, self.param_groups[0])
        finally:  # nothing is kept of the gradients, nor of a step that did not take place
            work.forget()

    def _planned(self, settings: tuple[Setting, ...], loss: Any = None) -> Plan:
        numbers = self._numbers(loss)
        if self._older:  # now, and not when it was loaded, the parameters are what they were
            checkpoint.complete_(self.state, self.param_groups, settings[0].method.iterates.points)
            self._older = False
        return plan(self.param_groups, settings, self.state, self._ranks, numbers)

    def _checked(self) -> tuple[Setting, ...]:
        """Return the groups' settings; check the hyper-parameters of those that have changed."""
        groups, old = self.param_groups, self._settings
        if torch.compiler.is_compiling():  # a graph has its own guards
            return self._agreed(groups)
        if len(groups) != len(old) or not all(map(unchanged, groups, old)):
            self._settings = self._agreed(groups)
        return self._settings

    def _agreed(self, groups: list[dict[str, Any]]) -> tuple[Setting, ...]:
        methods = [self._method(group) for group in groups]
        settings = tuple(map(setting, methods, groups))
        agreed(groups, methods)
        return settings

    def _numbers(self, loss: Any) -> Floats | Tensors:
        return kind(self._parameters(), self._device(loss))

    def _model(self, device: torch.device) -> Tensor:
        """Return the model's numbers, which all parameters with state share."""
        return model_of(self.state, next(iter(self._parameters()), None), device)

    # ---- hyper-parameters -------------------------------------------------------------------

    def _method(self, group: Mapping[str, Any]) -> Method:
        """Return what a parameter group chooses, after its hyper-parameters were checked."""
        check_options(group)
        return self.method(checked(self._own(group), self.hyperparameters, self._called))

    def _own(self, group: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the group without what `ZeroRedundancyOptimizer` keeps in it."""
        return without_arguments(group, self._ranks, self._called)

    def _current(self, group: Mapping[str, Any]) -> dict[str, Any]:
        """Return a group that was kept, by this version or one before, as it is here."""
        return renamed(dict(self._own(group)), self._called)

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
        given = renamed(param_group, self._called)
        self._agreed([*self.param_groups, {**self.defaults, **given}])
        super().add_param_group(given)
        try:
            demand(self.param_groups[-1:], self._method)
        except RuntimeError:
            del self.param_groups[-1]
            raise

    # ---- saving and loading -----------------------------------------------------------------

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy needs."""
        return {**super().__getstate__(), "_ranks": self._ranks}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore a copy, or a state dict of a version that had fewer hyper-parameters."""
        super().__setstate__(state)
        self._settings, self._plan = (), None
        if "_observed" not in vars(self):  # a copy has heard nothing
            self._observed = Observed()
        checkpoint.restore_(self, self._current)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Load what `state_dict` returned.

        d takes the dtype and device of its parameter, the preconditioner's memory at least 32 bits
        of it; the model's numbers keep their precision. Nothing is shared with ``state_dict``.
        Where both have names of parameters, state is matched by name within each group.

        Raises
        ------
        ValueError
            If the state dict is not one of this method and these parameters; nothing has changed
            then.
        """
        super_load = super().load_state_dict
        checkpoint.load(self, super_load, state_dict, self._current, self._agreed)
