# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Residual networks for 32 x 32 images (He et al., arXiv 1512.03385)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional


def convolution(inputs: int, outputs: int, stride: int = 1, size: int = 3) -> nn.Conv2d:
    """Return a convolution without bias, which the normalisation after it would remove."""
    return nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)


class PaddedShortcut(nn.Module):
    """Option A: every ``stride``-th pixel, the new channels are zero; it has no parameters.

    The zeros are split evenly before and after the old channels.
    """

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        before = (outputs - inputs) // 2
        self.padding = (0, 0, 0, 0, before, outputs - inputs - before)
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        """Map (b, inputs, h, w) to (b, outputs, ceil(h / stride), ceil(w / stride))."""
        return functional.pad(x[:, :, :: self.stride, :: self.stride], self.padding)


def projected_shortcut(inputs: int, outputs: int, stride: int) -> nn.Module:
    """Return option B: a 1 x 1 convolution and a normalisation."""
    return nn.Sequential(convolution(inputs, outputs, stride, 1), nn.BatchNorm2d(outputs))


class Block(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int, project: bool) -> None:
        super().__init__()
        self.first = convolution(inputs, outputs, stride)
        self.first_norm = nn.BatchNorm2d(outputs)
        self.second = convolution(outputs, outputs)
        self.second_norm = nn.BatchNorm2d(outputs)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            shortcut = projected_shortcut if project else PaddedShortcut
            self.shortcut = shortcut(inputs, outputs, stride)

    def forward(self, x: Tensor) -> Tensor:
        """Map (b, inputs, h, w) to (b, outputs, ceil(h / stride), ceil(w / stride))."""
        y = functional.relu(self.first_norm(self.first(x)))
        return functional.relu(self.second_norm(self.second(y)) + self.shortcut(x))


def resnet(
    classes: int,
    widths: Sequence[int] = (16, 32, 64),
    blocks: Sequence[int] = (3, 3, 3),
    channels: int = 3,
    project: bool = False,
) -> nn.Sequential:
    """Return a residual network: images (b, channels, h, w) to logits (b, classes).

    Weights of convolutions are normal with variance 2 / fan-in, as He et al. train them.

    Parameters
    ----------
    classes, channels
        Of the labels and the images.
    widths, blocks
        Channels and blocks of each stage; every stage but the first halves the image. The defaults
        are ResNet-20 of section 4.2; (18, 18, 18) blocks make ResNet-110.
    project
        Shortcuts between stages by projection, not by padding.
    """
    layers: list[nn.Module] = [
        convolution(channels, widths[0]),
        nn.BatchNorm2d(widths[0]),
        nn.ReLU(),
    ]
    inputs = widths[0]
    for stage, (outputs, count) in enumerate(zip(widths, blocks, strict=True)):
        for index in range(count):
            stride = 2 if stage > 0 and index == 0 else 1
            layers.append(Block(inputs, outputs, stride, project))
            inputs = outputs
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, classes)]
    model = nn.Sequential(*layers)
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)
    return model


def resnet18(classes: int, channels: int = 3, width: int = 64) -> nn.Sequential:
    """Return ResNet-18 for 32 x 32 images: a 3 x 3 stem without pooling, projections."""
    return resnet(classes, (width, 2 * width, 4 * width, 8 * width), (2, 2, 2, 2), channels, True)
