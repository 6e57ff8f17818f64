# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Runs trained together as one batched model: many small steps become few larger ones.

A stack holds each parameter of all its runs in one tensor, a row a run. `torch.func` computes all
losses at once, one backward pass of their sum has the gradients of all, since no loss depends on
the row of another run; then each run's own optimizer takes its own step, on views of its row. So
nothing is different from the run by itself but the rounding of the batched products.

Runs of one seed see the same samples, augmentation and dropout, and so they do here: what is drawn
is drawn once for all. Runs of several seeds have batches of their own, and nothing else may be
drawn. A run that diverges leaves, and the rows of the others stay as they are.

What cannot be stacked (`NotStackableError`) is trained run by run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn.attention import SDPBackend, sdpa_kernel

from experiments.config import Run
from experiments.execution.clocks import SharedClock
from experiments.execution.training import Trainer
from experiments.records import Record
from experiments.workload import Batch, Task, Workload

Batches = tuple[Batch, ...]
UNITS = 1000
"""In units of rounding, how far a loss may be from that of the run by itself: sums of thousands of
terms in another order differ by some tens, another computation by millions."""


class NotStackableError(ValueError):
    """Runs cannot be trained as one model; each can by itself."""


@dataclass(frozen=True)
class Failure:
    """A run that ended with an error of its own."""

    error: Exception


def train_stacked(
    runs: Sequence[Run],
    workload: Workload,
    task: Task,
    device: torch.device,
    report: Callable[[float], None] = lambda share: None,
) -> list[Record | Failure]:
    """Train a pack of `experiments.execution.packs`, and return records, or errors, in its order.

    The times of a record are its share of the time: those of all add up to what passed.

    Raises
    ------
    NotStackableError
        If their losses cannot be batched, or are then others than those of the runs alone; the
        message says why. Nothing has been trained then.
    """
    clock = SharedClock(len(runs))
    members = [_Member(run, task, device, clock, len(runs)) for run in runs]
    drawn_once = len({run.seed for run in runs}) == 1
    failed: dict[_Member, Failure] = {}
    for member in members:
        member.begin()
    while going := [each for each in members if each not in failed and each.goes_on()]:
        clock.share(len(going))
        failed |= _epoch(going, drawn_once, report)
    return [failed.get(each) or each.record(workload) for each in members]


class _Member(Trainer):
    """A run of a stack: its gradients and its loss come from there."""

    loss_of_step: Tensor

    def __init__(
        self,
        run: Run,
        task: Task,
        device: torch.device,
        clock: Callable[[], float],
        stacked: int,
    ) -> None:
        super().__init__(run, task, device, clock)
        self.stacked = stacked

    def backward(self, batches: Batches) -> Tensor:
        """Return the loss; the stack has set the gradients."""
        return self.loss_of_step


def _epoch(
    members: list[_Member], drawn_once: bool, report: Callable[[float], None]
) -> dict[_Member, Failure]:
    """Train for an epoch, and return the runs that failed."""
    for member in members:
        member.begin_epoch()
    failed: dict[_Member, Failure] = {}
    left = list(range(len(members)))
    stack = _Stack(members, drawn_once)
    first = members[0].progress.step == 0
    for batches in _steps(members, drawn_once, left):
        if first:
            stack.check(batches)
            first = False
        stack.backward(batches)
        ended = [i for i in left if not _took(members[i], batches, failed)]
        if ended:
            left[:] = [i for i in left if i not in ended]
            if not left:
                break
            stack = _Stack([members[i] for i in left], drawn_once)
        report(members[left[0]].progress.step / members[left[0]].total)
    stack.check_rows()
    for member in members:
        if member not in failed:
            try:
                member.end_epoch()
            except Exception as error:
                failed[member] = Failure(error)
    return failed


def _took(member: _Member, batches: Batches, failed: dict[_Member, Failure]) -> bool:
    try:
        return member.take(batches)
    except Exception as error:
        failed[member] = Failure(error)
        return False


def _steps(members: Sequence[_Member], drawn_once: bool, left: list[int]) -> Iterator[Batches]:
    """Yield the batches of every step: those of all, or, stacked, those of the runs ``left``."""
    if drawn_once:
        yield from members[0].steps()
        return
    before = torch.get_rng_state()
    for of_all in zip(*(member.steps() for member in members), strict=True):
        if not torch.equal(before, torch.get_rng_state()):
            raise NotStackableError("augmentation is drawn, for each of the seeds")
        try:
            own = [of_all[i] for i in left]
            yield tuple(
                tuple(torch.stack(tensors) for tensors in zip(*parts, strict=True))
                for parts in zip(*own, strict=True)
            )
        except RuntimeError as error:
            raise NotStackableError(f"batches of several seeds: {_first_line(error)}") from error


class _Loss(nn.Module):
    """The loss of a run as a module, whose parameters `functional_call` replaces."""

    def __init__(self, trainer: Trainer) -> None:
        super().__init__()
        self.model, self.loss = trainer.model, trainer.loss

    def forward(self, batches: Batches) -> Tensor:
        return self.loss(batches)


class _Stack:
    """Parameters and buffers of several runs, and their losses and gradients.

    Parameters
    ----------
    members
        Their parameters and buffers become views of rows of the stack.
    drawn_once
        Whether all see one batch, and the same of whatever else is drawn.
    """

    def __init__(self, members: Sequence[_Member], drawn_once: bool) -> None:
        self.members, self.drawn_once = members, drawn_once
        self.modules = [_Loss(member) for member in members]
        self.held = [
            dict(module.named_parameters()) | dict(module.named_buffers())
            for module in self.modules
        ]
        self.stacked = {
            name: torch.stack([own[name].detach() for own in self.held]) for name in self.held[0]
        }
        for name, rows in self.stacked.items():
            for own, row in zip(self.held, rows, strict=True):
                # A row counts its changes by itself: optimizers may look whether x has changed.
                own[name].data = row.data
        self.learned = [name for name, value in self.held[0].items() if value.requires_grad]
        for name in self.learned:
            self.stacked[name].requires_grad_()

    def losses(self, batches: Batches) -> Tensor:
        """Return the loss of each run, of shape (runs,)."""
        batched = vmap(
            lambda values, own: functional_call(self.modules[0], values, (own,)),
            in_dims=(0, None if self.drawn_once else 0),
            randomness="same" if self.drawn_once else "error",
        )
        # The others have no batched form, and would be called once a run.
        with sdpa_kernel(SDPBackend.MATH):
            return batched(self.stacked, batches)

    def backward(self, batches: Batches) -> None:
        """Give each run its loss and its gradients."""
        losses = self.losses(batches)
        wanted = [self.stacked[name] for name in self.learned]
        grads = torch.autograd.grad(losses.sum(), wanted, allow_unused=True)
        for name, grad in zip(self.learned, grads, strict=True):
            rows = [None] * len(self.members) if grad is None else grad.unbind()
            for own, row in zip(self.held, rows, strict=True):
                own[name].grad = row
        for member, loss in zip(self.members, losses.detach().unbind(), strict=True):
            member.loss_of_step = loss

    @torch.no_grad()
    def check(self, batches: Batches) -> None:
        """Compare the losses with those of the runs alone; what is drawn is drawn again.

        Raises
        ------
        NotStackableError
            If they cannot be batched, or are not the same to rounding.
        """
        copies = {name: value.clone() for name, value in self.stacked.items()}
        state = torch.get_rng_state()
        kept, self.stacked = self.stacked, copies
        try:
            found = self.losses(batches)
        except Exception as error:
            raise NotStackableError(_first_line(error)) from error
        finally:
            self.stacked = kept
        for i, module in enumerate(self.modules):
            torch.set_rng_state(state)
            own = {name: value[i].clone() for name, value in kept.items()}
            given = (
                batches
                if self.drawn_once
                else tuple(tuple(tensor[i] for tensor in batch) for batch in batches)
            )
            alone = functional_call(module, own, (given,))
            allowed = UNITS * torch.finfo(alone.dtype).eps
            if not torch.allclose(found[i], alone, rtol=allowed, atol=allowed, equal_nan=True):
                raise NotStackableError(
                    f"the loss of the first batch is {float(found[i])} in a stack, and"
                    f" {float(alone)} by itself"
                )
        torch.set_rng_state(state)

    def check_rows(self) -> None:
        """See that each run's parameters are still those of the stack.

        Raises
        ------
        RuntimeError
            If an optimizer has put other tensors in their place.
        """
        for i, (member, own) in enumerate(zip(self.members, self.held, strict=True)):
            if any(v.data_ptr() != self.stacked[name][i].data_ptr() for name, v in own.items()):
                raise RuntimeError(f"{member.config.method} moves its parameters: not with stacks")


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
