# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Batches: every sample once, shares of ranks that make up the batch, exact augmentations."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from experiments.batches import FileSource, FlipCrop, ResizedCrop, TensorSource, TokenSource
from experiments.workload import Source

COUNT = 23
IMAGES = torch.randint(0, 256, (COUNT, 3, 8, 8), generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(COUNT)


def sentences(seed: int, count: int = COUNT) -> list[list[int]]:
    g = torch.Generator().manual_seed(seed)
    lengths = torch.randint(1, 9, (count,), generator=g).tolist()
    return [torch.randint(1, 50, (n,), generator=g).tolist() for n in lengths]


def double(batch: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (batch[0] * 2, *batch[1:])


def make(name: str, **choices: Any) -> Source:
    if name == "tensors":
        return TensorSource((IMAGES, LABELS), **choices)
    if name == "files":
        return FileSource(IMAGES.__getitem__, (LABELS,), **choices)
    return TokenSource((sentences(0), sentences(1)), padding=0, **choices)


def labels(batches: list[tuple[Tensor, ...]]) -> list[int]:
    return [label for batch in batches for label in batch[-1].tolist()]


@pytest.mark.parametrize("name", ["tensors", "files", "tokens"])
@pytest.mark.parametrize("size", [1, 5, 16, 100])
def test_every_sample_comes_once_in_as_many_batches_as_counted(name: str, size: int) -> None:
    source = make(name)
    for order in (None, torch.randperm(COUNT)):
        batches = list(source.batches(size, order))
        assert len(batches) == source.count(size)
        assert sorted(labels(batches)) == list(range(COUNT))
    assert len(source) == COUNT


@pytest.mark.parametrize("name", ["tensors", "files"])
def test_samples_come_in_the_given_order_with_their_images(name: str) -> None:
    order = torch.randperm(COUNT)
    images, found = zip(*make(name, transform=double).batches(6, order), strict=True)
    assert torch.equal(torch.cat(found), order)
    assert torch.equal(torch.cat(images), 2 * IMAGES[order])


@pytest.mark.parametrize("name", ["tensors", "files", "tokens"])
@pytest.mark.parametrize("ordered", [True, False])
def test_the_shares_of_the_ranks_are_the_batch(name: str, ordered: bool) -> None:
    source = make(name) if name == "tokens" else make(name, augment=FlipCrop(8, 2))
    order = None if ordered else torch.randperm(COUNT)

    def drawn(rank: int, ranks: int) -> list[tuple[Tensor, ...]]:
        torch.manual_seed(5)
        return list(source.batches(20, order, rank, ranks))

    whole, shares = drawn(0, 1), [drawn(rank, 3) for rank in range(3)]
    for index, batch in enumerate(whole):
        for rank in range(3):
            for full, part in zip(batch, shares[rank][index], strict=True):
                width = part.shape[1:]
                expected = full[rank::3][(slice(None), *map(slice, width))]
                assert torch.equal(part, expected)


def test_augmentation_comes_with_an_order_only() -> None:
    source = TensorSource((IMAGES, LABELS), augment=FlipCrop(8, 2))
    (plain,) = source.batches(COUNT, None)
    (changed,) = source.batches(COUNT, torch.arange(COUNT))
    assert torch.equal(plain[0], IMAGES)
    assert not torch.equal(changed[0], IMAGES)


LAST = 2**16 - 1


@pytest.mark.parametrize("mirror", [0, 1])
def test_a_crop_of_the_whole_image_is_the_image(mirror: int) -> None:
    drawn = torch.tensor([[0, LAST // 2, 17, 4711, mirror]]).expand(COUNT, -1)
    found = ResizedCrop(8, area=(1.0, 1.0), shape=(1.0, 1.0)).apply(IMAGES, drawn)
    assert found.dtype == IMAGES.dtype
    assert torch.equal(found, IMAGES.flip(3) if mirror else IMAGES)


@pytest.mark.parametrize(("row", "column"), [(0, 0), (0, LAST), (LAST, 0), (LAST, LAST)])
def test_a_crop_of_a_quarter_at_a_corner_is_that_corner(row: int, column: int) -> None:
    drawn = torch.tensor([[0, 0, row, column, 0]]).expand(COUNT, -1)
    found = ResizedCrop(4, area=(0.25, 0.25), shape=(1.0, 1.0)).apply(IMAGES, drawn)
    top, left = (4 if place else 0 for place in (row, column))
    assert torch.equal(found, IMAGES[:, :, top : top + 4, left : left + 4])


def test_crops_have_the_areas_and_shapes_that_were_asked_for() -> None:
    """On an image whose pixels are their rows and columns, sides can be read from the corners."""
    side = 64
    rows = torch.arange(side)[:, None].expand(side, side)
    count, augment = 400, ResizedCrop(side, area=(0.2, 0.5), shape=(0.5, 2.0))
    images = torch.stack([rows, rows.T])[None].expand(count, -1, -1, -1).to(torch.uint8)
    torch.manual_seed(0)
    found = augment.apply(images, augment.draw(count)).double()
    # Between the centres of the first and last pixel lies (side - 1)/side of a side.
    height = (found[:, 0, -1, 0] - found[:, 0, 0, 0]) / (side - 1)
    width = (found[:, 1, 0, -1] - found[:, 1, 0, 0]).abs() / (side - 1)
    # A corner is rounded by half a pixel, so a side by one of 63, and an area by both sides.
    slack = 2.1 / (side - 1)
    area = height * width
    assert area.min() > 0.2 - slack
    assert area.max() < 0.5 + slack
    assert abs(area.mean() - 0.35) < 3 * 0.3 / 12**0.5 / count**0.5 + slack
    assert (width / height).min() > 0.5 - 4 * slack
    assert (width / height).max() < 2 + 4 * slack
    assert (found >= 0).all()
    assert (found <= side - 1).all()


@pytest.mark.parametrize("padding", [0, 2])
def test_flip_and_crop_cut_out_what_they_drew(padding: int) -> None:
    augment = FlipCrop(6, padding)
    drawn = augment.draw(COUNT)
    found = augment.apply(IMAGES, drawn)
    padded = torch.nn.functional.pad(IMAGES, (padding,) * 4)
    free = 8 + 2 * padding - 6 + 1
    for image, cut, (row, column, flip) in zip(padded, found, drawn.tolist(), strict=True):
        row, column = row % free, column % free
        expected = image[:, row : row + 6, column : column + 6]
        assert torch.equal(cut, expected.flip(2) if flip else expected)
    assert set(drawn[:, 2].tolist()) == {0, 1}
    assert len({tuple(place) for place in (drawn[:, :2] % free).tolist()}) > 1


def test_a_loader_leaves_the_global_random_numbers_alone() -> None:
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    list(make("files").batches(5, None))
    assert torch.equal(torch.rand(1), expected)


def test_workers_give_the_same_batches() -> None:
    alone, helped = (list(make("files", workers=n).batches(6, None)) for n in (0, 2))
    assert all(torch.equal(a[0], b[0]) for a, b in zip(alone, helped, strict=True))


def test_no_batch_of_sentences_has_more_tokens_than_asked() -> None:
    source = make("tokens")
    for batch in source.batches(24, torch.randperm(COUNT)):
        assert max(side.numel() for side in batch[:2]) <= 24
    assert [len(batch[2]) for batch in source.batches(1, None)] == [1] * COUNT


def test_sentences_are_padded_at_their_ends() -> None:
    first, second = sentences(0), sentences(1)
    for left, right, number in make("tokens").batches(24, torch.randperm(COUNT)):
        for side, rows in ((left, first), (right, second)):
            assert side.shape[1] == max(len(rows[i]) for i in number.tolist())
            for row, i in zip(side.tolist(), number.tolist(), strict=True):
                assert row == rows[i] + [0] * (len(row) - len(rows[i]))


def test_the_order_of_the_batches_of_sentences_is_random() -> None:
    source = make("tokens")
    firsts = {int(next(source.batches(12, torch.randperm(COUNT)))[2][0]) for _ in range(60)}
    assert len(firsts) == source.count(12)


def test_sources_move_to_a_device() -> None:
    device = torch.device("meta")
    assert all(t.device == device for t in next(make("tensors").to(device).batches(9, None)))
    assert next(make("tokens").to(device).batches(9, None))[0].device == device
    source = make("files")
    assert source.to(device) is source


def test_no_rank_is_left_without_a_sample() -> None:
    source = TensorSource((torch.arange(9),))
    parts = [list(source.batches(8, torch.arange(9), rank, 4)) for rank in range(4)]
    assert [len(part) for part in parts] == [2, 2, 2, 2]
    assert [part[1][0].tolist() for part in parts] == [[8], [8], [8], [8]]
    assert sorted(torch.cat([part[0][0] for part in parts]).tolist()) == [*range(8)]
