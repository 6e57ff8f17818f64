# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The GPT workload: its model is GPT-2's, its windows are the stream's, and it learns."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from experiments import data
from experiments.__main__ import main
from experiments.batches import cut
from experiments.config import Changes, plan
from experiments.data import DamagedDataError, Tokens
from experiments.data.token_stream import read_tokens, write_tokens
from experiments.execution.training import train
from experiments.models.gpt import Gpt
from experiments.parameter_groups import parameter_groups
from experiments.windows import TokenWindows
from experiments.workloads import find
from experiments.workloads.gpt import GPT2, NOVELS, Scale, loss
from experiments.workloads.tokenizers import tokenizer

CPU = torch.device("cpu")


# ---- the model -----------------------------------------------------------------------------------


def count(model: Gpt) -> int:
    return sum(param.numel() for param in model.parameters())


def test_the_paper_scale_has_the_parameters_of_gpt_2() -> None:
    """124 439 808 is what GPT-2's own checkpoint has; nanoGPT pads the tokens, without biases."""
    with torch.device("meta"):
        assert count(Gpt(50257, 1024, 768, 12, 12, bias=True)) == 124_439_808
        task_model = Gpt(GPT2.vocabulary, GPT2.context, GPT2.dim, GPT2.depth, GPT2.heads)
        biases = 12 * (768 + 3 * 768 + 768 + 4 * 768 + 768 + 768) + 768
        padding = (GPT2.vocabulary - 50257) * 768
        assert count(task_model) == 124_439_808 - biases + padding == 124_373_760
    assert GPT2.vocabulary % 64 == 0


def test_all_tokens_are_about_as_likely_at_the_start() -> None:
    """Logits of deviation 0.02 √dim = 0.23 add half their variance, 0.026, to the entropy."""
    torch.manual_seed(0)
    model, tokens = Gpt(500, 32, 128, 4, 4), torch.randint(500, (16, 33))
    assert loss(model, (tokens[:, :-1], tokens[:, 1:])).item() == pytest.approx(
        math.log(500), abs=0.1
    )


def test_what_is_added_to_the_residual_begins_smaller() -> None:
    """Deviations of 16384 draws and more are known to 1 / sqrt(2 * 16384) = 0.6 %."""
    torch.manual_seed(0)
    depth = 8
    for name, param in Gpt(256, 64, 128, depth, 4, bias=True).named_parameters():
        if name.endswith(("attention.out.weight", "down.weight")):
            assert param.std().item() == pytest.approx(0.02 / math.sqrt(2 * depth), rel=0.03)
        elif param.ndim > 1:
            assert param.std().item() == pytest.approx(0.02, rel=0.03)
        elif name.endswith("bias"):
            assert not param.any()


def by_hand(model: Gpt, tokens: Tensor, heads: int) -> Tensor:
    """Return the logits of one text, head by head and with a mask."""
    x = model.token.weight[tokens] + model.position.weight[: len(tokens)]
    mask = torch.full((len(tokens), len(tokens)), -math.inf).triu(1)
    for block in model.blocks:
        y, read = block.attention_norm(x), []  # type: ignore[operator]
        query, key, value = block.attention.inward(y).chunk(3, -1)  # type: ignore[union-attr, operator]
        for q, k, v in zip(*(p.chunk(heads, -1) for p in (query, key, value)), strict=True):
            read.append(((q @ k.T / math.sqrt(q.shape[1]) + mask).softmax(-1)) @ v)
        x = x + block.attention.out(torch.cat(read, -1))  # type: ignore[union-attr, operator]
        y = block.up(block.mlp_norm(x))  # type: ignore[operator]
        x = x + block.down(y * (1 + torch.erf(y / math.sqrt(2))) / 2)  # type: ignore[operator]
    return model.norm(x) @ model.token.weight.T


@pytest.mark.parametrize("bias", [False, True])
def test_the_model_is_the_equations(bias: bool) -> None:
    """In float64, up to some hundred roundings."""
    torch.manual_seed(0)
    model = Gpt(50, 8, 12, 2, 3, bias=bias).double()
    for param in model.parameters():
        param.data.normal_(std=0.3)
    tokens = torch.randint(50, (2, 7))
    with torch.no_grad():
        expected = torch.stack([by_hand(model, row, 3) for row in tokens])
        torch.testing.assert_close(model(tokens), expected, rtol=1e-12, atol=1e-12)


def test_no_position_sees_a_later_one() -> None:
    torch.manual_seed(0)
    model, tokens = Gpt(50, 8, 12, 2, 3), torch.randint(50, (1, 8))
    other = tokens.clone()
    other[0, 5] = (other[0, 5] + 1) % 50
    equal = (model(tokens) == model(other)).all(-1)[0]
    assert equal.tolist() == [True] * 5 + [False] * 3


def test_only_matrices_are_decayed_and_only_hidden_ones_are_spectral() -> None:
    task = find("gpt").presets["smoke"].build(None)
    model = task.model()
    named = {id(param): name for name, param in model.named_parameters()}
    groups = parameter_groups(model, task.roles(model), "matrices", "hidden")
    found = {
        named[id(param)]: (group.get("weight_decay"), group.get("spectral"))
        for group in groups
        for param in group["params"]
    }
    for name, where in found.items():
        vector, table = "norm" in name, name in ("token.weight", "position.weight")
        assert where == (0.0 if vector else None, False if vector or table else None)
    run = plan(find("gpt"), "small", "muon_max_momo", 0.1)
    assert (run.decayed, run.spectral) == ("matrices", "hidden")
    assert plan(find("gpt"), "small", "adam_w", 0.1).beta2 == 0.95
    assert plan(find("gpt"), "small", "adam_w", 0.1, changes=Changes(beta2=0.9)).beta2 == 0.9
    assert plan(find("gpt"), "small", "lion", 0.1).beta2 != 0.95  # its own is no β2 of Adam's


# ---- windows -------------------------------------------------------------------------------------


@pytest.fixture
def stream(tmp_path: Path) -> Any:
    np.arange(1000, dtype=np.uint16).tofile(tmp_path / "train.bin")
    return np.memmap(tmp_path / "train.bin", np.uint16, "r")


def test_targets_are_the_tokens_one_further(stream: Any) -> None:
    source = TokenWindows(stream, 8)
    assert len(source) == 124  # 124 * 8 + 1 = 993 <= 1000 < 125 * 8 + 1
    tokens, targets = (torch.cat(parts) for parts in zip(*source.batches(10, None), strict=True))
    assert (targets == tokens + 1).all()
    assert tokens.dtype == torch.int64
    assert targets.flatten().tolist() == list(range(1, 993))  # all but the first, once


def test_an_order_goes_through_the_same_windows(stream: Any) -> None:
    source = TokenWindows(stream, 8)
    order = torch.randperm(len(source), generator=torch.Generator().manual_seed(0))
    (tokens, _), *_ = source.batches(200, order)
    assert tokens[:, 0].tolist() == (8 * order).tolist()


def test_what_is_evaluated_is_spread_over_the_stream(stream: Any) -> None:
    source = TokenWindows(stream, 8, 10)
    found = [next(iter(source.batches(10, None)))[0][:, 0].tolist() for _ in range(2)]
    assert found[0] == found[1] == [8 * (i * 124 // 10) for i in range(10)]
    assert len(TokenWindows(stream, 8, 500)) == 124


def test_drawn_windows_begin_anywhere_and_come_from_the_seed(stream: Any) -> None:
    source, order = TokenWindows(stream, 8, 300, drawn=True), torch.arange(300)

    def drawn(seed: int) -> list[int]:
        torch.manual_seed(seed)
        batches = list(source.batches(100, order))
        assert all((targets == tokens + 1).all() for tokens, targets in batches)
        return [start for tokens, _ in batches for start in tokens[:, 0].tolist()]

    assert drawn(0) == drawn(0) != drawn(1)
    assert len(drawn(0)) == 300
    assert len({start % 8 for start in drawn(0)}) == 8
    assert set(drawn(0)) <= set(range(992))


@pytest.mark.parametrize("drawn", [False, True])
def test_the_ranks_together_see_the_batches_of_one_process(stream: Any, drawn: bool) -> None:
    source, order = TokenWindows(stream, 8, 100, drawn=drawn), torch.randperm(100)

    def seen(rank: int, ranks: int) -> list[Tensor]:
        torch.manual_seed(3)
        return [tokens for tokens, _ in source.batches(32, order, rank, ranks)]

    ranks = [seen(rank, 3) for rank in range(3)]
    for whole, *parts in zip(seen(0, 1), *ranks, strict=True):
        assert sorted(whole.tolist()) == sorted(torch.cat(parts).tolist())
        for rank, part in enumerate(parts):
            assert part.tolist() == whole[rank::3].tolist()


def test_parts_of_a_batch_have_its_gradient(stream: Any) -> None:
    """Sums of 12 windows in float64 in another order."""
    torch.manual_seed(0)
    model = Gpt(1000, 8, 12, 2, 3).double()
    batch = next(iter(TokenWindows(stream, 8).batches(12, None)))
    whole = torch.autograd.grad(loss(model, batch), list(model.parameters()))
    for share, (part,) in cut((batch,), 5):
        (share * loss(model, part)).backward()  # type: ignore[no-untyped-call]
    added = [param.grad for param in model.parameters()]
    torch.testing.assert_close(added, list(whole), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"context": 0}, "context = 0"),
        ({"context": 1000}, "1000 are no window"),
        ({"samples": 0}, "samples = 0"),
    ],
)
def test_windows_that_cannot_be_are_refused(stream: Any, changes: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        TokenWindows(**{"tokens": stream, "context": 8, **changes})


# ---- tokens --------------------------------------------------------------------------------------


def test_text_files_become_streams(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {"a": "Ein Würfel.\n" * 20, "b": "two dice\n" * 10}
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    files = [str(tmp_path / f"{name}.txt") for name in texts]
    command = ["tokens", "tokens", "--data", str(tmp_path / "data"), "--held-out", "0.1"]
    assert main([*command, "--files", *files]) == 0
    splits = data.load("tokens", tmp_path / "data")
    assert splits.train.vocabulary == 257
    assert isinstance(splits.train.numbers, np.memmap)
    assert splits.validation is not None
    held_out = [*splits.validation.numbers, *splits.test.numbers]
    documents = []
    for stream in (splits.train.numbers.tolist(), [int(n) for n in held_out]):
        parts = [i for i, token in enumerate(stream) if token == 256]
        assert parts[-1] == len(stream) - 1
        pairs = zip([0, *(i + 1 for i in parts)], parts, strict=False)
        documents.append([bytes(stream[a:b]).decode() for a, b in pairs])
    assert [a + b for a, b in zip(*documents, strict=True)] == list(texts.values())
    assert [len(part) for part in documents[1]] == [24, 9]
    assert main([*command, "--files", *files]) == 2  # it is there
    assert "move it away" in capsys.readouterr().err


def test_a_byte_pair_encoding_is_kept_with_its_stream(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("the other theatre " * 200, encoding="utf-8")
    options = ["--tokenizer", "bpe", "--merges", "5", "--held-out", "0.2"]
    command = ["tokens", "tokens", "--files", str(tmp_path / "a.txt"), "--data", str(tmp_path)]
    assert main([*command, *options]) == 0
    about = (tmp_path / "tokens" / "tokens.json").read_text(encoding="utf-8")
    assert '["h", "e"]' in about or '["t", "h"]' in about
    assert len(data.load("tokens", tmp_path).train) < 0.8 * 18 * 200 / 2


def test_data_sets_of_hugging_face_become_streams(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Rows(list[dict[str, str]]):
        column_names = ("text",)

    rows = Rows({"text": f"text {i}"} for i in range(400))
    asked: list[Any] = []

    def load_dataset(name: str, split: str) -> Rows:
        asked.append((name, split))
        return rows

    gpt2 = SimpleNamespace(
        n_vocab=50257, eot_token=50256, encode_ordinary=lambda text: [int(text[5:])]
    )
    monkeypatch.setitem(sys.modules, "datasets", SimpleNamespace(load_dataset=load_dataset))  # type: ignore[arg-type]
    stub = SimpleNamespace(get_encoding={"gpt2": gpt2}.__getitem__)
    monkeypatch.setitem(sys.modules, "tiktoken", stub)  # type: ignore[arg-type]
    command = ["tokens", "openwebtext", "--dataset", "pages", "--data", str(tmp_path)]
    options = ["--tokenizer", "gpt2", "--held-out", "0.1"]
    assert main([*command, *options, "--column", "words"]) == 2
    assert "allowed: text" in capsys.readouterr().err
    assert not (tmp_path / "openwebtext").exists()
    assert main([*command, *options]) == 0
    assert asked[-1] == ("pages", "train")
    found = data.load("openwebtext", tmp_path)
    train, held_out = (
        np.concatenate(parts).reshape(-1, 2)
        for parts in (
            [found.train.numbers],
            [found.test.numbers, found.validation.numbers],  # type: ignore[union-attr]
        )
    )
    assert (train[:, 1] == 50256).all()
    assert sorted([*train[:, 0], *held_out[:, 0]]) == list(range(400))
    assert 20 < len(held_out) < 60  # 40 expected, with a deviation of 6


@pytest.mark.parametrize(("name", "extra"), [("tiktoken", "gpt2"), ("datasets", "bytes")])
def test_a_missing_library_is_named_with_its_extra(
    name: str,
    extra: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr("momo.installed._there", lambda found: False)
    command = ["tokens", "tokens", "--data", str(tmp_path), "--tokenizer", extra]
    assert main([*command, "--dataset", "openwebtext"]) == 2
    said = capsys.readouterr().err
    assert name in said
    assert "[tokens]" in said
    assert not (tmp_path / "tokens").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["mnist", "--files", "README.md"], "allowed: openwebtext, tokens"),
        (["tokens"], "one is needed"),
        (["tokens", "--files", "README.md", "--dataset", "x"], "one is needed"),
        (["tokens", "--files", "no.txt"], "no.txt is no file"),
        (["tokens", "--files", "README.md", "--held-out", "1"], "held_out = 1.0"),
    ],
)
def test_wrong_arguments_are_named(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tokens", *words, "--data", str(tmp_path)]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_damaged_streams_are_known(tmp_path: Path) -> None:
    write_tokens(tmp_path, [("train", [1, 2, 3]), ("val", [4, 5, 6])], {"vocabulary": 7})
    assert read_tokens(tmp_path).train.numbers.tolist() == [1, 2, 3]
    path = tmp_path / "train.bin"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DamagedDataError, match=r"train\.bin has 5 bytes"):
        read_tokens(tmp_path)
    (tmp_path / "tokens.json").write_text("{}")
    with pytest.raises(DamagedDataError, match="no description"):
        read_tokens(tmp_path)


@pytest.mark.parametrize(
    ("documents", "vocabulary", "said"),
    [
        ([("train", [7, 0]), ("val", [0, 0])], 7, "allowed: 0 to 6"),
        ([("train", [0, 0])], 7, "val: 0 tokens"),
        ([], 2**16 + 1, "vocabulary = 65537"),
    ],
)
def test_tokens_that_cannot_be_stored_are_refused(
    documents: Any, vocabulary: int, said: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=said):
        write_tokens(tmp_path, documents, {"vocabulary": vocabulary})


def test_unknown_tokenizers_are_refused() -> None:
    with pytest.raises(ValueError, match="allowed: bytes, bpe, gpt2"):
        tokenizer("words")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="merges = 0"):
        tokenizer("bpe", ["text"])


# ---- the workload --------------------------------------------------------------------------------


def test_a_stream_in_a_file_is_trained_on(tmp_path: Path) -> None:
    folder = tmp_path / "tokens"
    folder.mkdir()
    tokens = np.random.default_rng(0).integers(0, 50, 3000).tolist()
    write_tokens(folder, [("train", tokens), ("val", tokens[:400])], {"vocabulary": 50})
    scale = Scale("tokens", None, 0, 64, 16, 12, 1, 2, epoch=32, evaluated=5)
    task = scale.build(tmp_path)
    assert isinstance(task.train, TokenWindows)
    assert isinstance(task.train.tokens, np.memmap)
    assert [len(part) for part in (task.train, task.validation, task.test)] == [32, 5, 5]
    scores = task.evaluate(task.model().eval(), task.test, 512)
    assert scores.loss == scores.score == pytest.approx(math.log(64), abs=0.2)
    with pytest.raises(ValueError, match="vocabulary = 32; allowed: at least 50"):
        replace(scale, vocabulary=32).build(tmp_path)
    with pytest.raises(ValueError, match=r"is Tokens, tokenizer = bytes; allowed"):
        replace(scale, tokenizer="bytes").build(tmp_path)


def test_the_score_is_the_mean_over_the_evaluated_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mean of 200 numbers of about 5, in float64 of values in float32."""
    task = find("gpt").presets["smoke"].build(None)
    torch.manual_seed(0)
    model = task.model().eval()
    monkeypatch.setattr("experiments.workloads.gpt.LOGITS", 7 * 32 * 320 + 1)
    with torch.no_grad():
        found = task.evaluate(model, task.test, 512).loss
        tokens, targets = next(iter(task.test.batches(1000, None)))
        expected = functional.cross_entropy(model(tokens).transpose(1, 2), targets)
    assert len(tokens) == 200
    assert found == pytest.approx(expected.item(), rel=1e-5)


def test_a_smoke_run_learns() -> None:
    workload = find("gpt")
    task = workload.presets["smoke"].build(None)
    record = train(plan(workload, "smoke", "momo_adam", 1e-2), workload, task, CPU)
    before, after = record.epochs[0]["test_loss"], record.epochs[-1]["test_loss"]
    assert before == pytest.approx(math.log(320), abs=0.1)
    assert after < 4  # the frequencies of bytes alone have 3.1


def test_the_paper_is_as_it_says() -> None:
    run = plan(find("gpt"), "paper", "adam_w", 6e-4)
    steps = run.epochs * GPT2.epoch // run.batch_size
    assert steps == 600_000
    assert run.warmup * steps == pytest.approx(2000)
    assert (run.batch_size * GPT2.context, run.clip, run.beta2) == (491_520, 1.0, 0.95)
    assert (run.weight_decay, run.decayed, run.schedule) == (0.1, "matrices", "cosine")
    assert run.batch_size % run.accumulate == 0
    novels = plan(NOVELS, "paper", "momo_adam", 1e-2)
    assert novels.scale["data"] == "austen"
    assert data.DATASETS[GPT2.data].kind is Tokens


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of torch's compiler
def test_a_compiled_run_is_the_same_but_for_rounding() -> None:
    """32 steps of a loss that is not chaotic yet: kernels differ in the order of sums alone."""
    workload = find("gpt")
    task = workload.presets["smoke"].build(None)
    run = plan(workload, "smoke", "momo_adam", 1e-3)
    plain = train(run, workload, task, CPU)
    compiled = train(run, workload, task, CPU, compile=True)
    assert compiled.run["compiled"]
    assert not plain.run["compiled"]
    losses = [[row["loss"] for row in record.steps] for record in (plain, compiled)]
    assert losses[1] == pytest.approx(losses[0], rel=1e-5)


def test_where_torch_cannot_compile_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    workload = find("gpt")

    def broken(*given: Any, **options: Any) -> Any:
        def called(x: Tensor) -> Tensor:
            raise RuntimeError("no compiler\nand more")

        return called

    from experiments.execution import compiling

    compiling.why_not.cache_clear()
    monkeypatch.setattr(torch, "compile", broken)
    task = workload.presets["smoke"].build(None)
    run = plan(workload, "smoke", "adam", 1e-3)
    with pytest.raises(ValueError, match="compile = True cannot be used here: RuntimeError: no c"):
        train(run, workload, task, CPU, compile=True)
    compiling.why_not.cache_clear()
