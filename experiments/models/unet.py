# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A UNet that sees the time, for diffusion (Ho et al., arXiv 2006.11239, appendix B)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from experiments.models.attention import sinusoids
from experiments.parameter_groups import Role

ROLES: Mapping[str, Role] = {"leave.2.weight": "head"}
"""What parameters are."""


def convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Conv2d:
    """Return a 3 x 3 convolution."""
    return nn.Conv2d(inputs, outputs, 3, stride, 1)


class TimedBlock(nn.Module):
    """Normalisation, SiLU and convolution, twice, beside a shortcut; the time is added between."""

    def __init__(self, inputs: int, outputs: int, time: int, groups: int, dropout: float) -> None:
        super().__init__()
        self.before = nn.Sequential(
            nn.GroupNorm(groups, inputs), nn.SiLU(), convolution(inputs, outputs)
        )
        self.time = nn.Linear(time, outputs)
        self.after = nn.Sequential(
            nn.GroupNorm(groups, outputs),
            nn.SiLU(),
            nn.Dropout(dropout),
            convolution(outputs, outputs),
        )
        same = inputs == outputs
        self.shortcut = nn.Identity() if same else nn.Conv2d(inputs, outputs, 1)

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        """Map (b, inputs, h, w) and the embedded time (b, time) to (b, outputs, h, w)."""
        y = self.before(x) + self.time(time)[:, :, None, None]
        return self.after(y) + self.shortcut(x)


class Unet(nn.Module):
    """Noisy images (b, channels, h, w) and times (b,) to the noise in them.

    Parameters
    ----------
    channels
        Of the images.
    widths
        Channels at each level; every level but the last is followed by halving the image.
    blocks
        At each level on the way down; one more on the way up.
    groups
        Of the normalisations; it divides all widths.
    dropout
        Within the blocks.
    """

    def __init__(
        self,
        channels: int = 3,
        widths: Sequence[int] = (128, 256, 256, 256),
        blocks: int = 2,
        groups: int = 32,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if any(width % groups for width in widths):
            raise ValueError(f"groups = {groups}; allowed: divisors of all of widths = {widths}")
        time = 4 * widths[0]
        self.frequencies = widths[0]
        self.time = nn.Sequential(
            nn.Linear(widths[0], time), nn.SiLU(), nn.Linear(time, time), nn.SiLU()
        )
        self.enter = convolution(channels, widths[0])
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        self.shrink, self.grow = nn.ModuleList(), nn.ModuleList()
        inputs, skipped = widths[0], [widths[0]]
        for level, width in enumerate(widths):
            if level:
                self.shrink.append(convolution(inputs, inputs, 2))
                skipped.append(inputs)
            for _ in range(blocks):
                self.down.append(TimedBlock(inputs, width, time, groups, dropout))
                skipped.append(inputs := width)
        self.middle = TimedBlock(inputs, inputs, time, groups, dropout)
        for level, width in reversed([*enumerate(widths)]):
            for _ in range(blocks + 1):
                self.up.append(TimedBlock(inputs + skipped.pop(), width, time, groups, dropout))
                inputs = width
            if level:
                self.grow.append(convolution(inputs, inputs))
        self.levels, self.blocks = len(widths), blocks
        self.leave = nn.Sequential(
            nn.GroupNorm(groups, inputs), nn.SiLU(), convolution(inputs, channels)
        )

    def forward(self, x: Tensor, times: Tensor) -> Tensor:
        """Return the noise."""
        time = self.time(sinusoids(times.float(), self.frequencies))
        x = self.enter(x)
        skipped = [x]
        for level in range(self.levels):
            if level:
                x = self.shrink[level - 1](x)
                skipped.append(x)
            for index in range(self.blocks):
                x = self.down[level * self.blocks + index](x, time)
                skipped.append(x)
        x = self.middle(x, time)
        for level in range(self.levels):
            if level:
                x = functional.interpolate(x, size=skipped[-1].shape[2:], mode="nearest")
                x = self.grow[level - 1](x)
            for index in range(self.blocks + 1):
                block = self.up[level * (self.blocks + 1) + index]
                x = block(torch.cat([x, skipped.pop()], dim=1), time)
        return self.leave(x)
