# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""VGG-16 with batch normalisation for 32 x 32 images (Simonyan and Zisserman, arXiv 1409.1556)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

VGG16 = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""The channels of configuration D: stages of convolutions, each followed by pooling."""


def vgg(
    classes: int,
    stages: Sequence[Sequence[int]] = VGG16,
    channels: int = 3,
    head: Sequence[int] = (),
    dropout: float = 0.0,
) -> nn.Sequential:
    """Return the network: images (b, channels, h, w) to logits (b, classes).

    After five poolings one pixel of a 32 x 32 image is left; what more pixels would leave is
    averaged.

    Parameters
    ----------
    classes, channels
        Of the labels and the images.
    stages
        Channels of the convolutions before each pooling.
    head
        Widths of linear layers with ReLU before the last one. The original has two of 4096, for
        larger images.
    dropout
        Before each layer of the head.
    """
    layers: list[nn.Module] = []
    for stage in stages:
        for outputs in stage:
            layers += [
                nn.Conv2d(channels, outputs, 3, padding=1),
                nn.BatchNorm2d(outputs),
                nn.ReLU(),
            ]
            channels = outputs
        layers.append(nn.MaxPool2d(2))
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    for outputs in head:
        layers += [nn.Dropout(dropout), nn.Linear(channels, outputs), nn.ReLU()]
        channels = outputs
    return nn.Sequential(*layers, nn.Linear(channels, classes))
