# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Sizes as published, and what an architecture promises: causality, padding, symmetry."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
import torch
from torch import nn

from experiments.models.attention import Attention, PreNormBlock, sinusoids
from experiments.models.dlrm import Dlrm, rows_of
from experiments.models.lm import LanguageModel
from experiments.models.mlp import mlp
from experiments.models.resnet import PaddedShortcut, resnet, resnet18
from experiments.models.transformer import PADDING, START, STOP, Transformer, translate
from experiments.models.unet import Unet
from experiments.models.vgg import vgg
from experiments.models.vit import VisionTransformer


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def size(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: mlp((784, 100, 100, 10)), 78_500 + 10_100 + 1_010),
        (lambda: resnet(10), 269_722),  # 0.27 million, table 6 of the paper
        (lambda: resnet(10, blocks=(18, 18, 18)), 1_727_962),  # 1.7 million
        (lambda: vgg(10), 14_728_266),
        (lambda: resnet18(10), 11_173_962),
        (lambda: VisionTransformer(1000), 5_717_416),  # 5.7 million
        (lambda: VisionTransformer(10, 3, 32, 4, 512, 6, 8, 512, 0.1, bias=False), 9_523_722),
        (lambda: Dlrm(rows=100), 26 * 100 * 16 + 155_984 + 320_001),
        # Shared embeddings, 6 layers on each side: the usual "36.7 million" with 10 000 tokens.
        (lambda: Transformer(10_000), 5_120_000 + 6 * (2_102_784 + 3_154_432)),
    ],
    ids=["mlp", "resnet20", "resnet110", "vgg16", "resnet18", "vit_tiny", "vit", "dlrm", "mt"],
)
def test_models_have_as_many_parameters_as_published(
    make: Callable[[], nn.Module], expected: int
) -> None:
    assert size(make()) == expected


@pytest.mark.parametrize(
    "model",
    [
        mlp((3 * 16 * 16, 5, 7)),
        resnet(7, (4, 8), (1, 1)),
        resnet18(7, width=4),
        vgg(7, ((4,), (8, 8))),
        VisionTransformer(7, 3, 16, 4, 8, 2, 2, 16, 0.1),
    ],
    ids=["mlp", "resnet", "resnet18", "vgg", "vit"],
)
def test_every_weight_of_a_classifier_learns(model: nn.Module) -> None:
    logits = model(torch.randn(6, 3, 16, 16))
    assert logits.shape == (6, 7)
    nn.functional.cross_entropy(logits, torch.arange(6)).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_option_a_has_no_parameters_and_pads_with_zeros() -> None:
    shortcut = PaddedShortcut(2, 6, 2)
    x = torch.randn(3, 2, 8, 8)
    y = shortcut(x)
    assert list(shortcut.parameters()) == []
    assert torch.equal(y[:, 2:4], x[:, :, ::2, ::2])
    assert not y[:, :2].any()
    assert not y[:, 4:].any()


@pytest.mark.parametrize("causal", [True, False])
def test_attention_is_the_written_out_sum(causal: bool) -> None:
    attention = Attention(6, 2).double()
    x, other = torch.randn(2, 4, 6).double(), torch.randn(2, 4, 6).double()
    found = attention(x, attention.memory(other), causal=causal)
    query = attention.query(x)
    keys, values = attention.key_value(other).chunk(2, dim=-1)
    read = torch.zeros(2, 4, 6).double()
    for b, i, h in itertools.product(range(2), range(4), range(2)):
        part = slice(3 * h, 3 * h + 3)
        seen = range(i + 1) if causal else range(4)
        weights = torch.stack([query[b, i, part] @ keys[b, j, part] / 3**0.5 for j in seen])
        for weight, j in zip(weights.softmax(0), seen, strict=True):
            read[b, i, part] += weight * values[b, j, part]
    torch.testing.assert_close(found, attention.out(read))


def test_blocks_without_a_causal_mask_do_not_know_positions() -> None:
    block, causal = PreNormBlock(8, 2, 16), PreNormBlock(8, 2, 16, causal=True)
    x, order = torch.randn(2, 5, 8), torch.tensor([3, 1, 4, 0, 2])
    torch.testing.assert_close(block(x[:, order]), block(x)[:, order])
    assert not torch.allclose(causal(x[:, order]), causal(x)[:, order])


def test_the_vision_transformer_knows_where_a_patch_is() -> None:
    model = VisionTransformer(3, 1, 8, 4, 8, 1, 2, 8)
    x = torch.randn(1, 1, 8, 8)
    swapped = torch.cat([x[..., 4:], x[..., :4]], dim=-1)
    assert not torch.allclose(model(x), model(swapped))
    nn.init.zeros_(model.position)
    torch.testing.assert_close(model(x), model(swapped))


@pytest.mark.parametrize("changed", range(6))
def test_a_language_model_sees_no_later_token(changed: int) -> None:
    model = LanguageModel(11, 6, 16, 2, 2).eval()
    tokens = torch.randint(11, (3, 6))
    other = tokens.clone()
    other[:, changed] = (other[:, changed] + 1) % 11
    before, after = model(tokens), model(other)
    torch.testing.assert_close(before[:, :changed], after[:, :changed])
    assert not torch.allclose(before[:, changed], after[:, changed])


def translator(seed: int = 0) -> Transformer:
    torch.manual_seed(seed)
    return Transformer(13, 16, 2, 2, 32, 0.1).eval()


@pytest.mark.parametrize("changed", range(5))
def test_a_translator_sees_no_later_token(changed: int) -> None:
    model = translator()
    source, target = torch.randint(3, 13, (2, 4)), torch.randint(3, 13, (2, 5))
    other = target.clone()
    other[:, changed] = 3 + (other[:, changed] - 2) % 10
    before, after = model(source, target), model(source, other)
    torch.testing.assert_close(before[:, :changed], after[:, :changed])
    assert not torch.allclose(before[:, changed], after[:, changed])


def test_padding_changes_no_translation() -> None:
    model = translator()
    source, target = torch.randint(3, 13, (2, 4)), torch.randint(3, 13, (2, 5))
    padded = nn.functional.pad(source, (0, 3), value=PADDING)
    torch.testing.assert_close(model(source, target), model(padded, target))
    assert translate(model, source, 8) == translate(model, padded, 8)


def test_one_token_at_a_time_gives_the_same_logits() -> None:
    model = translator()
    source, target = torch.randint(3, 13, (2, 4)), torch.randint(3, 13, (2, 5))
    memories, mask = model.encode(source)
    past, found = None, []
    for position in range(5):
        logits, past = model.extend(target[:, position], position, memories, mask, past)
        found.append(logits)
    torch.testing.assert_close(torch.stack(found, dim=1), model(source, target))


@pytest.mark.parametrize("seed", range(4))
def test_a_wide_beam_finds_the_best_translation_and_greedy_takes_the_best_step(seed: int) -> None:
    """With more beams than there are sentences of two tokens, beam search is exhaustive."""
    model, source = translator(seed), torch.randint(3, 13, (3, 4))
    with torch.no_grad():
        widest = translate(model, source, 2, beams=150, length_penalty=0.0)
        greedy = translate(model, source, 2)
        for i in range(3):
            targets = torch.tensor([[START, token] for token in range(13)])
            steps = model(source[i].expand(13, -1), targets).log_softmax(-1)
            first, second = steps[0, 0].tolist(), steps[:, 1].tolist()
            scored = {(STOP,): first[STOP]}
            for a, b in itertools.product(range(1, 13), range(1, 13)):
                if a != STOP:
                    scored[a, b] = first[a] + second[a][b]
            best = max(scored, key=scored.__getitem__)
            assert widest[i] == [token for token in best if token != STOP]
            step = max(range(1, 13), key=first.__getitem__)
            assert greedy[i][:1] == ([] if step == STOP else [step])


def test_sinusoids_turn_with_the_position() -> None:
    found = sinusoids(torch.arange(50).double(), 8)
    assert found.shape == (50, 8)
    torch.testing.assert_close(found[:, 0], torch.arange(50).double().sin())
    torch.testing.assert_close(found[:, 7], (torch.arange(50).double() / 10**3).cos())


def test_the_recommendation_model_crosses_every_pair_once() -> None:
    model = Dlrm(3, 4, rows=10, dim=2, bottom=(5,), top=(6,))
    assert sorted(map(tuple, model.pairs.T.tolist())) == sorted(
        (b, a) for a, b in itertools.combinations(range(5), 2)
    )
    numbers, categories = torch.randn(7, 3), torch.randint(10, (7, 4))
    logits = model(numbers, categories)
    assert logits.shape == (7,)
    dense = model.bottom(numbers[:1])
    rows = [model.embed.weight[10 * t + categories[0, t]] for t in range(4)]
    vectors = [dense[0], *rows]
    crossed = [vectors[b] @ vectors[a] for b in range(5) for a in range(b)]
    whole = torch.cat([dense, torch.stack(crossed)[None]], dim=1)
    torch.testing.assert_close(model.top(whole)[0, 0], logits[0])


def test_tables_do_not_share_rows_and_gradients_are_dense() -> None:
    model = Dlrm(3, 4, rows=10, dim=2, bottom=(5,), top=(6,))
    model(torch.randn(1, 3), torch.zeros(1, 4, dtype=torch.int64)).sum().backward()
    gradient = model.embed.weight.grad
    assert gradient is not None
    assert not gradient.is_sparse
    assert gradient.abs().sum(1).nonzero().flatten().tolist() == [0, 10, 20, 30]


def test_categories_are_spread_over_the_rows_and_missing_ones_keep_theirs() -> None:
    found = rows_of(torch.arange(20_000), 101)
    assert found[0] == 0
    assert (found[1:] > 0).all()
    counts = torch.bincount(found[1:], minlength=101)[1:]
    assert counts.min() > 100
    assert counts.max() < 300
    assert rows_of(torch.tensor([2**32 - 1]), 101).item() in range(1, 101)


@pytest.mark.parametrize("shape", [(8, 8), (7, 14)])
def test_the_unet_sees_the_image_and_the_time(shape: tuple[int, int]) -> None:
    model = Unet(2, (8, 16, 16), blocks=2, groups=4)
    x, times = torch.randn(3, 2, *shape), torch.tensor([0, 10, 900])
    noise = model(x, times)
    assert noise.shape == x.shape
    assert not torch.allclose(noise, model(x, times + 50))
    noise.square().mean().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_the_unet_treats_samples_apart() -> None:
    model = Unet(1, (8, 8), blocks=1, groups=4)
    x, times = torch.randn(3, 1, 8, 8), torch.tensor([0, 10, 900])
    torch.testing.assert_close(model(x, times)[1:2], model(x[1:2], times[1:2]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Attention(10, 3), "heads = 3; allowed: divisors of dim = 10"),
        (lambda: VisionTransformer(3, size=30), "patch = 16; allowed: divisors of size = 30"),
        (lambda: Unet(1, (8, 12), groups=8), "groups = 8; allowed: divisors of all of widths"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(make: Callable[[], nn.Module], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
