# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Lightning: the loss of each backward pass goes to the optimizer, and so does the clipping."""

from __future__ import annotations

from typing import Any

from momo.installed import needed

with needed(__name__, "integrations"):
    from lightning.pytorch import Callback, LightningModule, Trainer
    from lightning.pytorch.utilities import rank_zero_info
    from torch import Tensor
    from torch.optim import Optimizer

from momo.integrations.common import TOGETHER, clip_within, refuse_other
from momo.optim import MomentumModelOptimizer

ENGINES = {"DeepSpeedStrategy", "FSDPStrategy", "XLAStrategy"}
"""What takes steps, keeps gradients, or sums them in a way of its own. By name: the package
pytorch_lightning has classes of its own."""


class MomoCallback(Callback):
    """Let a Lightning `Trainer` train with a momentum model.

    In automatic optimization the loss of a step is the sum of what goes through ``backward``,
    divided and scaled as the gradient is. In manual optimization, where there may be several
    optimizers, ``optimizer.step(loss=loss)`` says whose it is, or ``optimizer.observe(loss)``
    before ``manual_backward``. ``gradient_clip_val`` becomes the optimizer's ``max_norm``.

    Raises
    ------
    TypeError
        When training begins, if no optimizer is a momentum model.
    ValueError
        When training begins, if gradients would be clipped by value, or at two norms, or if
        something else takes the step: DeepSpeed, FSDP1 (``strategy="fsdp"``), XLA. Later, if
        ``clip_gradients`` is called with another norm than the optimizer's ``max_norm``.

    Examples
    --------
    ::

        Trainer(callbacks=[MomoCallback()], accumulate_grad_batches=4, gradient_clip_val=1.0)
    """

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Move the clipping: behind a checkpoint, which has its own."""
        own = [o for o in trainer.optimizers if isinstance(o, MomentumModelOptimizer)]
        if not own:
            kinds = ", ".join(type(one).__name__ for one in trainer.optimizers)
            raise TypeError(f"the optimizers are {kinds}; allowed: a momentum model among them")
        strategy = type(trainer.strategy)
        if ENGINES & {kind.__name__ for kind in strategy.__mro__}:
            raise ValueError(
                f"the strategy is {strategy.__name__}, which keeps gradients or steps of its own;"
                " allowed: one device, ddp, or FSDP2 (ModelParallelStrategy)"
            )
        clip_val = trainer.gradient_clip_val
        if clip_val:
            refuse_value(clip_val, trainer.gradient_clip_algorithm)
            for optimizer in own:
                clip_within(optimizer, clip_val, "gradient_clip_val")
            rank_zero_info(f"The optimizer {TOGETHER}: max_norm = gradient_clip_val = {clip_val}")
        plugin: Any = trainer.precision_plugin
        plugin.clip_gradients = Clipping(plugin)

    def on_before_backward(
        self, trainer: Trainer, pl_module: LightningModule, loss: Tensor
    ) -> None:
        """Observe the loss, as it is divided and scaled: here there is one optimizer."""
        if pl_module.automatic_optimization:
            trainer.optimizers[0].observe(loss)

    def on_exception(
        self, trainer: Trainer, pl_module: LightningModule, exception: BaseException
    ) -> None:
        """Give the trainer its clipping back."""
        vars(trainer.precision_plugin).pop("clip_gradients", None)

    def teardown(self, trainer: Trainer, pl_module: LightningModule, stage: str) -> None:
        """Give the trainer its clipping back."""
        vars(trainer.precision_plugin).pop("clip_gradients", None)


class Clipping:
    """Clips in the place of a precision plugin: not the gradients of a momentum model."""

    def __init__(self, plugin: Any) -> None:
        self.plugin = plugin

    def __call__(
        self, optimizer: Optimizer, clip_val: float = 0.0, gradient_clip_algorithm: Any = "norm"
    ) -> None:
        """Clip another's gradients; refuse where a momentum model does not do it in its step."""
        if not isinstance(optimizer, MomentumModelOptimizer):
            clip_gradients = type(self.plugin).clip_gradients
            clip_gradients(self.plugin, optimizer, clip_val, gradient_clip_algorithm)
        elif clip_val > 0:
            refuse_value(clip_val, gradient_clip_algorithm)
            refuse_other(optimizer, clip_val, f"clip_gradients(gradient_clip_val={clip_val})")


def refuse_value(clip_val: float, algorithm: Any) -> None:
    """Raise if gradients are to be clipped by value."""
    if algorithm == "value":
        raise ValueError(
            f"gradient_clip_val = {clip_val} with gradient_clip_algorithm = 'value' turns the"
            " gradient, so that no loss belongs to it; allowed: 'norm'"
        )
