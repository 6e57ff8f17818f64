# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the workloads are made of: normalisation, losses, scores, parts."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from experiments.batches import TensorSource, TokenSource
from experiments.data import Pairs, Splits, load
from experiments.models.transformer import PADDING, START, STOP
from experiments.workload import Source
from experiments.workloads import (
    criteo_dlrm,
    find,
    image_completion,
    imagenet_vit_tiny,
    iwslt14_transformer,
)
from experiments.workloads.bpe import learn
from experiments.workloads.common import Classification, mean_loss, three_parts
from experiments.workloads.criteo_dlrm import compressed
from experiments.workloads.diffusion_unet import Diffusion
from experiments.workloads.images import EMOJI, Pictures, channels_first, moments, normalise
from experiments.workloads.iwslt14_transformer import Translation
from experiments.workloads.lm_transformer import Scale as LanguageScale
from experiments.workloads.synthetic_least_squares import Scale as LeastSquaresScale


def test_images_are_averaged_over_squares() -> None:
    images = np.arange(2 * 4 * 4 * 3, dtype=np.uint8).reshape(2, 4, 4, 3)
    stored = channels_first(images, 2)
    assert stored.shape == (2, 3, 2, 2)
    expected = images[1, 2:4, 0:2, 2].astype(float).mean().round()
    assert stored[1, 2, 1, 0].item() == expected
    assert torch.equal(channels_first(images, 1), torch.tensor(images).permute(0, 3, 1, 2))


def test_normalised_images_have_mean_0_and_deviation_1_per_channel() -> None:
    images = torch.randint(0, 200, (50, 3, 4, 4), generator=torch.Generator().manual_seed(0))
    images[:, 1] //= 3
    stored = images.to(torch.uint8)
    found, labels = normalise(*moments(stored))((stored, torch.arange(50)))
    torch.testing.assert_close(found.mean((0, 2, 3)), torch.zeros(3), atol=1e-5, rtol=0)
    torch.testing.assert_close(found.std((0, 2, 3)), torch.ones(3))
    assert torch.equal(labels, torch.arange(50))


def test_pictures_hold_out_a_share_and_augment_training_alone() -> None:
    task = Pictures("fashion_slice", augment=True, validation=0.25).task(None, lambda *_: nn.ReLU())
    assert (len(task.train), len(task.validation), len(task.test)) == (3000, 1000, 1000)
    sources: list[Source] = [task.train, task.validation, task.test]
    assert [getattr(source, "augment") is None for source in sources] == [False, True, True]  # noqa: B009


def test_data_of_another_kind_are_refused() -> None:
    with pytest.raises(ValueError, match=r"data = help_slice are Pairs; allowed: .* Images"):
        Pictures("help_slice").task(None, lambda *_: nn.ReLU())
    with pytest.raises(ValueError, match="data = help_slice is no text"):
        LanguageScale("help_slice").build(None)


def test_a_part_for_validation_is_kept_and_else_cut_out() -> None:
    pairs = Pairs(tuple("abcdefghij"), tuple("ABCDEFGHIJ"))
    assert three_parts(Splits(pairs, pairs, pairs), 0.5, Pairs, "x") == (pairs,) * 3
    assert three_parts(Splits(pairs, pairs), 0.0, Pairs, "x") == (pairs, None, pairs)
    train, validation, test = three_parts(Splits(pairs, pairs), 0.3, Pairs, "x")
    assert validation is not None
    assert (len(train), len(validation), test) == (7, 3, pairs)
    assert sorted(train.source + validation.source) == list("abcdefghij")


class Fixed(nn.Module):
    """Answers what it was made with, whatever it is asked."""

    def __init__(self, answer: Tensor) -> None:
        super().__init__()
        self.answer = nn.Parameter(answer)

    def forward(self, *_: Tensor) -> Tensor:
        return self.answer


def test_accuracy_and_loss_do_not_depend_on_the_size_of_the_batches() -> None:
    torch.manual_seed(0)
    source = TensorSource((torch.randn(10, 4), torch.arange(10) % 3))
    model = nn.Linear(4, 3)
    score = Classification()
    found = [score.evaluate(model, source, size) for size in (10, 3)]
    logits = model(source.tensors[0])
    right = 10 * (logits.argmax(1) == source.tensors[1]).sum().item()
    assert [scores.score for scores in found] == [right, right]
    expected = nn.functional.cross_entropy(logits, source.tensors[1]).item()
    assert [scores.loss for scores in found] == pytest.approx([expected, expected])
    assert mean_loss(model, source, 3, score.loss) == pytest.approx(expected)


def clicks(logits: list[float], labels: list[float]) -> tuple[nn.Module, Source]:
    empty = torch.zeros(len(labels), 1)
    return Fixed(torch.tensor(logits)), TensorSource((empty, empty, torch.tensor(labels)))


@pytest.mark.parametrize(
    ("logits", "score"),
    [([1.0, 2.0, 3.0], 100.0), ([3.0, 2.0, 1.0], 0.0), ([math.nan, 2.0, 1.0], 50.0)],
)
@torch.no_grad()
def test_clicks_are_scored_by_their_order(logits: list[float], score: float) -> None:
    found = criteo_dlrm.evaluate(*clicks(logits, [0.0, 0.0, 1.0]), 8)
    assert found.score == score
    assert math.isnan(found.loss) == math.isnan(logits[0])


def test_numbers_are_compressed_and_missing_ones_are_at_the_mean() -> None:
    values = torch.tensor([-math.e + 1, 0.0, math.e - 1])
    torch.testing.assert_close(compressed(values), torch.tensor([-1.0, 0.0, 1.0]))
    part = load("flights_slice").train
    scale = criteo_dlrm.WORKLOAD.presets["smoke"].build(None)
    assert isinstance(scale.train, TensorSource)
    numbers = scale.train.tensors[0]
    missing = torch.tensor(np.isnan(part.numeric))
    assert missing.any()
    assert (numbers[missing] == 0).all()
    torch.testing.assert_close(numbers.mean(0), torch.zeros(13), atol=1e-4, rtol=0)


def test_the_noise_is_mixed_as_the_variances_say() -> None:
    diffusion = Diffusion(steps=4)
    images, noise = torch.randn(3, 1, 2, 2), torch.randn(3, 1, 2, 2)
    times = torch.tensor([0, 1, 3])
    variances = [0.025 + (5 - 0.025) * t / 3 for t in range(4)]

    class Check(nn.Module):
        def forward(self, noised: Tensor, at: Tensor) -> Tensor:
            kept = torch.tensor([math.prod(1 - v for v in variances[: t + 1]) for t in at.tolist()])
            self.noised, self.kept = noised, kept[:, None, None, None]
            return noise + 2

    model = Check()
    assert diffusion.error(model, images, times[:1].expand(3), noise).item() == pytest.approx(4)
    expected = model.kept.sqrt() * images + (1 - model.kept).sqrt() * noise
    torch.testing.assert_close(model.noised, expected)


def test_noise_in_evaluation_is_the_same_each_time_and_all_variances_are_below_1() -> None:
    source = TensorSource((torch.randn(9, 1, 2, 2),))
    model = Fixed(torch.zeros(9, 1, 2, 2))
    scores = [Diffusion().evaluate(model, source, 9) for _ in range(2)]
    assert scores[0] == scores[1]
    assert 0.5 < scores[0].score < 1.5
    torch.manual_seed(0)
    assert Diffusion().loss(model, (source.tensors[0],)) != Diffusion().loss(
        model, (source.tensors[0],)
    )


class Denoiser(nn.Module):
    """The noise of images that are all one picture: exact, so that samples are the picture."""

    def __init__(self, picture: Tensor, factor: float = 1.0) -> None:
        super().__init__()
        self.picture, self.factor = nn.Parameter(picture), factor

    def forward(self, noised: Tensor, at: Tensor) -> Tensor:
        kept = Diffusion().kept().float()[at, None, None, None]
        return self.factor * (noised - kept.sqrt() * self.picture) / (1 - kept).sqrt()


@torch.no_grad()
def test_samples_of_a_diffusion_are_compared_with_images() -> None:
    """Exact, the distance is 0 but for rounding; 0 images away by half, half; it draws nothing."""
    picture = torch.linspace(-0.75, 0.25, 16).view(1, 1, 4, 4)
    source = TensorSource((picture.expand(40, 1, 4, 4).contiguous(),))
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    assert Diffusion().quality(Denoiser(picture), source) < 1e-3
    assert torch.equal(torch.rand(1), expected)
    shifted = Denoiser(picture + 0.5)
    first, second = (Diffusion().quality(shifted, source) for _ in range(2))
    # On a line along θ the shift of all pixels by ½ is ½ Σθ, of mean square ¼.
    assert first == second == pytest.approx(0.5, rel=0.2)
    assert Diffusion().quality(Denoiser(picture, math.nan), source) == math.inf


def translation(beams: int) -> tuple[Translation, TokenSource]:
    texts = tuple(f"the word {word} is a long one" for word in ("cat", "dog", "bird", "fish"))
    vocabulary = learn(texts, 0)
    numbers = [[START, *vocabulary.encode(text), STOP] for text in texts]
    return Translation(vocabulary, 0.0, beams), TokenSource((numbers, numbers), PADDING, texts)


def test_padding_has_no_part_in_the_loss_of_a_translation() -> None:
    score, source = translation(0)
    (batch,) = source.batches(10_000, None)
    assert (batch[1] == PADDING).any()
    logits = torch.randn(*batch[1][:, 1:].shape, len(score.vocabulary))
    each = []
    for row, target in zip(logits, batch[1][:, 1:], strict=True):
        kept = target != PADDING
        each += nn.functional.cross_entropy(row[kept], target[kept], reduction="none").tolist()
    assert score.loss(Fixed(logits), batch).item() == pytest.approx(sum(each) / len(each))
    found = score.evaluate(Fixed(logits), source, 10_000)
    assert found.loss == pytest.approx(sum(each) / len(each))
    assert 0 <= found.score < 30


def test_a_perfect_translation_has_bleu_100(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches come sorted by length: the sentences must find their references again."""
    score, source = translation(1)
    model = iwslt14_transformer.Transformer(len(score.vocabulary), 8, 1, 2, 8).eval()

    def perfect(_: nn.Module, source: Tensor, longest: int, beams: int) -> list[list[int]]:
        assert longest >= source.shape[1]
        return [[n for n in row if n > STOP] for row in source.tolist()]

    with torch.no_grad():
        assert score.evaluate(model, source, 40).score < 50
        monkeypatch.setattr(iwslt14_transformer, "translate", perfect)
        assert score.evaluate(model, source, 40).score == pytest.approx(100)


def test_long_training_sentences_are_left_out_and_dropout_can_be_chosen() -> None:
    scale = iwslt14_transformer.Scale("help_slice", 50, 8, 1, 2, 8, 0.1, longest=40)
    task = scale.build(None)
    assert isinstance(task.train, TokenSource)
    assert 0 < len(task.train) < 4000
    assert max(len(s) for side in task.train.sentences for s in side) <= 40
    assert len(task.test) == 500
    first, other = map(
        find, ("iwslt14_transformer", "experiments.workloads.iwslt14_transformer:OTHER_DROPOUT")
    )
    for preset, dropouts in (("paper", (0.3, 0.1)), ("small", (0.1, 0.3))):
        scales = [workload.presets[preset].scale for workload in (first, other)]  # type: ignore[index]
        assert tuple(scale["dropout"] for scale in scales) == dropouts
        assert {**scales[0], "dropout": 0} == {**scales[1], "dropout": 0}


def test_windows_follow_one_another_and_share_only_their_border() -> None:
    task = LanguageScale("austen_slice", context=50).build(None)
    assert isinstance(task.train, TensorSource)
    windows = task.train.tensors[0]
    assert windows.shape[1] == 51
    assert torch.equal(windows[1:, 0], windows[:-1, -1])
    assert windows.min() >= 1
    text = load("austen_slice").train.text
    assert len(windows) == (len(text) - 1) // 50
    assert len(set(windows.flatten().tolist())) >= len(set(text)) - 1


def test_an_image_is_completed_from_its_upper_half_by_the_absolute_error() -> None:
    image = torch.zeros(2, 1, 4, 4, dtype=torch.uint8)
    image[:, :, 2:] = 51
    upper, lower = image_completion.halves((image,))
    assert upper.shape == lower.shape == (2, 1, 2, 4)
    assert (upper.sum().item(), lower.mean().item()) == (0.0, pytest.approx(0.2))
    right = Fixed(torch.full((2, 8), 0.2))
    assert image_completion.loss(right, (upper, lower)).item() == pytest.approx(0, abs=1e-7)
    none = Fixed(torch.zeros(2, 8))
    assert image_completion.loss(none, (upper, lower)).item() == pytest.approx(0.2)
    network = image_completion.network(upper.shape[1:], lower.shape[1:], (3,))
    assert network(upper).shape == (2, 8)


def test_the_least_squares_problem_is_its_sources() -> None:
    """Columns, zeros, shift and solution; and interpolation: all parts have one w, and no noise."""
    scale = LeastSquaresScale(samples=20_000)
    task = scale.build(None)
    assert isinstance(task.train, TensorSource)
    features, targets = task.train.tensors
    torch.testing.assert_close(features.norm(dim=0), torch.full((10,), 10.0))
    solution = torch.linalg.lstsq(features, targets[:, None]).solution
    assert solution.norm().item() == pytest.approx(1, rel=1e-4)
    kept = 30 * math.log(20_000) / 20_000  # 297 entries of a column, 17 of them being a deviation
    assert (features != 0).float().mean().item() == pytest.approx(kept, rel=0.1)
    # Of N(1, 1): mean² over mean of squares is 1/2, and all entries of a column have one factor.
    some = [column[column != 0] for column in features.T]
    shares = [(column.mean() ** 2 / column.square().mean()).item() for column in some]
    assert sum(shares) / 10 == pytest.approx(0.5, rel=0.1)
    assert {column.mean().sign().item() for column in some} == {-1.0, 1.0}
    model = nn.Linear(10, 1, bias=False)
    with torch.no_grad():
        model.weight.copy_(solution.T)
        for source in (task.train, task.validation, task.test):
            assert task.evaluate(model, source, 500).score < 1e-9


def test_three_quarters_and_more_of_the_papers_least_squares_are_not_0() -> None:
    task = LeastSquaresScale().build(None)
    assert isinstance(task.train, TensorSource)
    share = (task.train.tensors[0] != 0).float().mean().item()
    # Of 2000 entries; the deviation of their share is 0.009.
    assert share == pytest.approx(30 * math.log(200) / 200, abs=0.03)


def test_the_slice_is_unpacked_once_into_imagenets_layout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    home = imagenet_vit_tiny.unpacked_slice()
    written = sorted(path.relative_to(home) for path in home.rglob("*.png"))
    assert len(written) == 1500
    before = home.stat().st_mtime_ns
    assert imagenet_vit_tiny.unpacked_slice() == home
    assert home.stat().st_mtime_ns == before
    assert [path.name for path in home.parent.iterdir()] == [home.name]
    splits, slice_ = load("imagenet", home), load("emoji_slice")
    assert (len(splits.train), len(splits.test)) == (1200, 300)
    assert sorted(splits.train.labels.tolist()) == sorted(slice_.train.labels.tolist())
    first = splits.train.paths[0]
    pixels = slice_.train.images[int(first.stem)]
    assert np.array_equal(splits.train.read(0, 32), pixels)


def test_who_learned_nothing_of_the_emoji_says_the_largest_class() -> None:
    labels = load("emoji_slice").test.labels
    largest = np.bincount(load("emoji_slice").train.labels).argmax()
    assert 100 * (labels == largest).mean() == pytest.approx(EMOJI.worst)
