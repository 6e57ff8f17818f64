# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A small score network: denoising score matching of images, trained with MoMo-Adam."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn

from experiments.models.unet import Unet
from experiments.schedules import factor
from momo.optim import MomoAdam


class ScoreNetwork(nn.Module):
    """The score of images noised to any level between two.

    ``s(x, σ) = (D(x, σ) - x)/σ²``, where ``D = c_skip x + c_out F(c_in x, time)`` denoises and F is
    a UNet; with the scaling of Karras et al. (arXiv 2206.00364, table 1): ``c_skip = v/(σ²+v)``,
    ``c_out² = σ² v/(σ²+v)``, ``c_in² = 1/(σ²+v)`` for data of variance v, so that what F has to
    say is of variance 1 at each level.

    Parameters
    ----------
    channels, widths, groups
        Of the UNet, with one block at each level.
    sigmas
        The first and the last level, in units of x.
    deviation
        √v.
    """

    def __init__(
        self,
        channels: int,
        widths: Sequence[int],
        groups: int,
        sigmas: tuple[float, float],
        deviation: float,
    ) -> None:
        super().__init__()
        self.unet = Unet(channels, widths, 1, groups)
        self.first, self.last = sigmas
        self.variance = deviation**2

    def parts(self, x: Tensor, sigma: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return F, c_skip and c_out for x (b, c, h, w) and σ (b,)."""
        time = 100 * (sigma / self.last).log()
        level = sigma[:, None, None, None]
        total = level.square() + self.variance
        said = self.unet(x / total.sqrt(), time)
        return said, self.variance / total, level * (self.variance / total).sqrt()

    def forward(self, x: Tensor, sigma: float) -> Tensor:
        """Return the score, (b, c, h, w)."""
        said, skip, out = self.parts(x, x.new_full((len(x),), sigma))
        return (skip * x + out * said - x) / sigma**2

    def loss(self, images: Tensor) -> Tensor:
        """Return ``mean (D(y, σ) - x)²/c_out²`` at noised images y; ln σ is drawn evenly."""
        share = torch.rand(len(images), device=images.device)
        sigma = self.last * (self.first / self.last) ** share
        noised = images + sigma[:, None, None, None] * torch.randn_like(images)
        said, skip, out = self.parts(noised, sigma)
        return (said - (images - skip * noised) / out).square().mean()


def train(
    make: Callable[[], ScoreNetwork],
    images: Tensor,
    epochs: int,
    size: int,
    lr: float,
    seed: int,
) -> Iterator[tuple[ScoreNetwork, float]]:
    """Train with MoMo-Adam under a cosine schedule; yield after each epoch.

    All that is random (initial parameters, order, levels, noise) comes from the seed.

    Parameters
    ----------
    make
        Makes the network.
    images
        Float (n, c, h, w).
    epochs, size, lr
        How often each image is seen, in batches of how many, and α.
    seed
        Of everything.

    Yields
    ------
    network, loss
        The network as it is, and the mean loss of the epoch.
    """
    torch.manual_seed(seed)
    network = make()
    optimizer = MomoAdam(network.parameters(), lr=lr)
    total, step = epochs * math.ceil(len(images) / size), 0
    for _ in range(epochs):
        losses = []
        for index in torch.split(torch.randperm(len(images)), size):
            optimizer.param_groups[0]["lr"] = lr * factor("cosine", step, total, 0.0)
            optimizer.zero_grad()
            loss = network.loss(images[index])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step(loss=loss.detach())
            losses.append(loss.item())
            step += 1
        yield network, math.fsum(losses) / len(losses)
