# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The Trainer of Hugging Face: its losses go to the optimizer, and so does ``max_grad_norm``."""

from __future__ import annotations

from typing import Any

from momo.installed import needed

with needed(__name__, "integrations"):
    from transformers import Trainer, TrainerCallback
    from transformers.utils import logging

from momo.integrations.accelerate import attach
from momo.integrations.common import TOGETHER, clip_within, unwrapped

logger = logging.get_logger("transformers.momo")  # so that the Trainer's level is its own


class MomoCallback(TrainerCallback):
    """Let a `Trainer` train with a momentum model.

    The loss of a step is the sum of what goes through the trainer's ``accelerator.backward``, which
    is behind ``compute_loss``, label smoothing and any loss function of your own, and before the
    division by the number of accumulated batches; evaluation does not come there.
    ``max_grad_norm`` (1.0, if you say nothing) becomes the optimizer's ``max_norm``.

    Parameters
    ----------
    trainer
        The trainer that it is added to.

    Raises
    ------
    TypeError, ValueError
        When training begins: as `momo.integrations.accelerate.attach`, or if ``max_grad_norm`` is
        not 0, nor the ``max_norm`` that the optimizer was made with.

    Examples
    --------
    ::

        trainer = Trainer(..., optimizer_cls_and_kwargs=(MomoAdam, {"lr": 1e-2}))
        trainer.add_callback(MomoCallback(trainer))
    """

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer

    def on_train_begin(self, args: Any, state: Any, control: Any, **keywords: Any) -> None:
        """Attach the accelerator, and move the clipping: behind a checkpoint, which has its own."""
        attach(self.trainer.accelerator, self.trainer.optimizer)
        if args.max_grad_norm and args.max_grad_norm > 0:
            clip_within(unwrapped(self.trainer.optimizer), args.max_grad_norm, "max_grad_norm")
            logger.info(
                f"The optimizer {TOGETHER}: max_norm = max_grad_norm = {args.max_grad_norm}"
            )
