# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Where batches come from: tensors in memory, image files, or sentences of different lengths.

All of them are `experiments.workload.Source`. With several ranks each draws the random numbers of
the whole batch and keeps its share, so that the union over the ranks is the batch of one process
with the same seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from experiments.workload import Batch

Transform = Callable[[Batch], Batch]


Samples = TypeVar("Samples", Tensor, list[int])


def share(batch: Samples, rank: int, ranks: int) -> Samples:
    """Return every ``ranks``-th sample of a batch, from ``rank`` on; never none.

    Where a last batch has fewer samples than there are ranks, those left over take its last one:
    the mean over no sample would be NaN, for all of them.
    """
    own = batch[rank::ranks]
    return own if len(own) else batch[-1:]


def cut(batches: tuple[Batch, ...], parts: int) -> list[tuple[float, tuple[Batch, ...]]]:
    """Return parts of the batches of a step, each with its share of the samples.

    A mean over samples is the sum of the parts' means times their shares.
    """
    if parts == 1:
        return [(1.0, batches)]
    chunks = [[tensor.chunk(parts) for tensor in batch] for batch in batches]
    samples = len(batches[0][0])
    return [
        (
            len(chunks[0][0][i]) / samples,
            tuple(tuple(tensor[i] for tensor in batch) for batch in chunks),
        )
        for i in range(len(chunks[0][0]))
    ]


class Augment(Protocol):
    """A random change of images, drawn apart from its application."""

    def draw(self, count: int) -> Tensor:
        """Return what is random for ``count`` images, int64 of shape (count, ...), on the CPU."""
        ...

    def apply(self, images: Tensor, drawn: Tensor) -> Tensor:
        """Return the changed images; (b, c, h, w) as they are stored."""
        ...


@dataclass(frozen=True)
class FlipCrop:
    """Pad with zeros, cut out ``size`` x ``size`` at random, mirror every other image.

    Attributes
    ----------
    size
        Of the images that it returns.
    padding
        Pixels on every side.
    flip
        Whether to mirror, with probability ½.
    """

    size: int = 32
    padding: int = 4
    flip: bool = True

    def draw(self, count: int) -> Tensor:
        """Return row and column as numbers below 2^16, and whether to mirror, (count, 3)."""
        drawn = torch.randint(2**16, (count, 3))
        drawn[:, 2] = drawn[:, 2] % 2 if self.flip else 0
        return drawn

    def apply(self, images: Tensor, drawn: Tensor) -> Tensor:
        """Return the changed images, (b, c, size, size)."""
        padded = functional.pad(images, (self.padding,) * 4)
        count, channels, height, width = padded.shape
        along = torch.arange(self.size, device=images.device)
        rows = drawn[:, :1] % (height - self.size + 1) + along
        columns = drawn[:, 1:2] % (width - self.size + 1) + along
        columns = torch.where(drawn[:, 2:] == 1, columns.flip(1), columns)
        pixels = (rows[:, :, None] * width + columns[:, None, :]).view(count, 1, -1)
        flat = padded.view(count, channels, -1).gather(2, pixels.expand(-1, channels, -1))
        return flat.view(count, channels, self.size, self.size)


@dataclass(frozen=True)
class ResizedCrop:
    """Cut out a part of random area and shape, make it ``size`` x ``size``, mirror every other one.

    The area is uniform in ``area``, the logarithm of width over height in that of ``shape``, and
    the place in what is possible; a side longer than the image is cut to it. Values in between
    pixels are bilinear. Source: Szegedy et al., arXiv 1409.4842, section 6.

    Attributes
    ----------
    size
        Of the images that it returns.
    area, shape
        Smallest and largest share of the area, and ratio of width to height.
    """

    size: int
    area: tuple[float, float] = (0.08, 1.0)
    shape: tuple[float, float] = (3 / 4, 4 / 3)

    def draw(self, count: int) -> Tensor:
        """Return area, shape, row and column as numbers below 2^16, and whether to mirror."""
        drawn = torch.randint(2**16, (count, 5))
        drawn[:, 4] %= 2
        return drawn

    def apply(self, images: Tensor, drawn: Tensor) -> Tensor:
        """Return the changed images, uint8 (b, c, size, size)."""
        area, shape, row, column = (drawn[:, i].double() / (2**16 - 1) for i in range(4))
        pixels = images.shape[2] * images.shape[3]
        share = (self.area[0] + area * (self.area[1] - self.area[0])) * pixels
        low, high = map(math.log, self.shape)
        ratio = (low + shape * (high - low)).exp()
        height = (share / ratio).sqrt().clamp(1, images.shape[2]) / images.shape[2]
        width = (share * ratio).sqrt().clamp(1, images.shape[3]) / images.shape[3]
        # In coordinates from -1 to 1 over the image: a half of a side's share is its half length.
        theta = torch.zeros(len(images), 2, 3, dtype=torch.float64, device=images.device)
        theta[:, 0, 0] = width * (1 - 2 * drawn[:, 4])
        theta[:, 1, 1] = height
        theta[:, 0, 2] = (2 * column - 1) * (1 - width)
        theta[:, 1, 2] = (2 * row - 1) * (1 - height)
        into = [len(images), images.shape[1], self.size, self.size]
        where = functional.affine_grid(theta, into, align_corners=False).float()
        cut = functional.grid_sample(
            images.float(), where, padding_mode="border", align_corners=False
        )
        return cut.round().to(images.dtype)


@dataclass(frozen=True)
class TensorSource:
    """Data that is in memory as a whole.

    Attributes
    ----------
    tensors
        Their first dimension counts the samples; integers where that is smaller.
    transform
        Applied to every batch: normalisation.
    augment
        Applied to the first tensor before that, where batches come in a random order.
    """

    tensors: tuple[Tensor, ...]
    transform: Transform | None = None
    augment: Augment | None = None

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.tensors[0])

    def count(self, size: int) -> int:
        """Return how many batches an epoch has."""
        return -(-len(self) // size)

    def batches(
        self, size: int, order: Tensor | None, rank: int = 0, ranks: int = 1
    ) -> Iterator[Batch]:
        """Yield batches; see `experiments.workload.Source`."""
        device = self.tensors[0].device
        if order is not None:
            order = order.to(device)
        for start in range(0, len(self), size):
            stop = min(start + size, len(self))
            if order is None:
                batch = tuple(share(tensor[start:stop], rank, ranks) for tensor in self.tensors)
            else:
                index = share(order[start:stop], rank, ranks)
                batch = tuple(tensor.index_select(0, index) for tensor in self.tensors)
                if self.augment is not None:
                    drawn = share(self.augment.draw(stop - start), rank, ranks).to(device)
                    batch = (self.augment.apply(batch[0], drawn), *batch[1:])
            yield batch if self.transform is None else self.transform(batch)

    def to(self, device: torch.device) -> TensorSource:
        """Return the same source with its tensors on a device."""
        return replace(self, tensors=tuple(tensor.to(device) for tensor in self.tensors))


class _Files(Dataset[Tensor]):
    """Decodes one file; a class, since a process of a loader has to receive it."""

    def __init__(self, read: Callable[[int], Tensor]) -> None:
        self.read = read

    def __getitem__(self, index: int) -> Tensor:
        return self.read(index)


@dataclass(frozen=True)
class FileSource:
    """Images that are decoded when they are needed.

    Attributes
    ----------
    read
        ``sample -> uint8 (c, h, w)``, all of one size.
    labels
        The other tensors of a batch, of which at least one; their first dimension counts the
        samples.
    transform, augment
        As for `TensorSource`.
    workers
        Processes that decode; 0: this one.
    """

    read: Callable[[int], Tensor]
    labels: tuple[Tensor, ...]
    transform: Transform | None = None
    augment: Augment | None = None
    workers: int = 0

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.labels[0])

    def count(self, size: int) -> int:
        """Return how many batches an epoch has."""
        return -(-len(self) // size)

    def batches(
        self, size: int, order: Tensor | None, rank: int = 0, ranks: int = 1
    ) -> Iterator[Batch]:
        """Yield batches on the CPU; see `experiments.workload.Source`."""
        index = torch.arange(len(self)) if order is None else order.cpu()
        whole = [index[start : start + size] for start in range(0, len(index), size)]
        shares = [share(part, rank, ranks) for part in whole]
        loader = DataLoader(
            _Files(self.read),
            batch_sampler=[own.tolist() for own in shares],
            num_workers=self.workers,
            # Its own generator: a loader draws a seed, which must not disturb the global one.
            generator=torch.Generator(),
        )
        for part, own, images in zip(whole, shares, loader, strict=True):
            if order is not None and self.augment is not None:
                drawn = share(self.augment.draw(len(part)), rank, ranks)
                images = self.augment.apply(images, drawn)
            batch = (images, *(tensor[own] for tensor in self.labels))
            yield batch if self.transform is None else self.transform(batch)

    def to(self, device: torch.device) -> FileSource:
        """Return the source itself: its data are files."""
        return self


@dataclass(frozen=True)
class TokenSource:
    """Tuples of sentences as token numbers, padded to the longest of the batch.

    The size of a batch is its largest number of tokens, padding included, on the side where it has
    most. Sentences of about the same length share a batch, always the same ones; an order changes
    the order of the batches alone.

    Attributes
    ----------
    sentences
        For each side of the pair (or one side) the token numbers of every sentence.
    padding
        The number that fills the rest.
    texts
        The last side as it was written, for scores; may be empty.
    device
        Where batches go; None: the CPU.
    """

    sentences: tuple[Sequence[Sequence[int]], ...]
    padding: int
    texts: tuple[str, ...] = ()
    device: torch.device | None = None

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.sentences[0])

    def groups(self, size: int) -> list[list[int]]:
        """Return the sentences of every batch, from the shortest to the longest."""
        lengths = [max(map(len, sides)) for sides in zip(*self.sentences, strict=True)]
        found: list[list[int]] = []
        for sample in sorted(range(len(self)), key=lengths.__getitem__):
            # Sorted by length, the newest is the longest: it sets the width of the whole batch.
            if found and (len(found[-1]) + 1) * lengths[sample] <= size:
                found[-1].append(sample)
            else:
                found.append([sample])
        return found

    def count(self, size: int) -> int:
        """Return how many batches an epoch has."""
        return len(self.groups(size))

    def batches(
        self, size: int, order: Tensor | None, rank: int = 0, ranks: int = 1
    ) -> Iterator[Batch]:
        """Yield the sides, int64 (b, longest), and the numbers of the sentences, int64 (b,)."""
        groups = self.groups(size)
        if order is not None:
            # The places of the first sentences in a random order are in random order themselves.
            place = order.argsort().tolist()
            groups.sort(key=lambda group: place[group[0]])
        for group in groups:
            share = group[rank::ranks]
            sides = [self._padded([side[i] for i in share]) for side in self.sentences]
            yield tuple(t.to(self.device) for t in (*sides, torch.tensor(share, dtype=torch.int64)))

    def to(self, device: torch.device) -> TokenSource:
        """Return the same source, which puts its batches on a device."""
        return replace(self, device=device)

    def _padded(self, rows: list[Sequence[int]]) -> Tensor:
        longest = max(map(len, rows), default=0)
        filled = [[*row, *[self.padding] * (longest - len(row))] for row in rows]
        return torch.tensor(filled, dtype=torch.int64).view(len(rows), longest)
