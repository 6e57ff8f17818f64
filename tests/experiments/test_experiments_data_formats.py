# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Readers, on tiny files of the true formats, and on damaged ones."""

from __future__ import annotations

import gzip
import lzma
import os
import pickle
import re
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.data import DATASETS, DamagedDataError, MissingDataError, criteo, load
from experiments.data.cifar import unpickle_arrays
from experiments.data.criteo import read_clicks
from experiments.data.idx import idx_bytes, read_idx
from experiments.data.iwslt14 import TESTS

RNG = np.random.default_rng(0)
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".xz": lzma.compress,
}


def images(n: int, *shape: int) -> np.ndarray[Any, Any]:
    return RNG.integers(0, 256, (n, *shape), dtype=np.uint8)


def damaged(path: Path, said: str) -> Any:
    """Expect an error that names the file."""
    return pytest.raises(DamagedDataError, match=f"(?s){re.escape(str(path))}.*{said}")


# --- IDX


@pytest.mark.parametrize("suffix", PACKED)
def test_mnist(tmp_path: Path, suffix: str) -> None:
    place = tmp_path / "mnist"
    place.mkdir()
    parts = {"train": images(7, 28, 28), "t10k": images(3, 28, 28)}
    for name, pixels in parts.items():
        for file, values in (("images-idx3", pixels), ("labels-idx1", np.arange(len(pixels)))):
            content = PACKED[suffix](idx_bytes(values.astype(np.uint8)))
            (place / f"{name}-{file}-ubyte{suffix}").write_bytes(content)
    splits = load("mnist", tmp_path)
    assert (splits.train.images[..., 0] == parts["train"]).all()
    assert splits.test.labels.tolist() == [0, 1, 2]
    assert splits.train.images.flags.writeable


def test_idx_is_the_published_format(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes.fromhex("00000803 00000001 00000002 00000003") + bytes(range(6)))
    assert read_idx(path).tolist() == [[[0, 1, 2], [3, 4, 5]]]
    assert idx_bytes(read_idx(path)) == path.read_bytes()
    with pytest.raises(ValueError, match=r"dtype float64; allowed: uint8"):
        idx_bytes(np.zeros(2))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not an IDX"),
        (b"\x00\x00\x0d\x01" + bytes(8), "not an IDX"),
        (struct.pack(">4B2I", 0, 0, 8, 3, 1, 2), "header"),
        (struct.pack(">4BI", 0, 0, 8, 1, 3) + b"ab", "2 bytes"),
        (struct.pack(">4BI", 0, 0, 8, 1, 3) + b"abcd", "4 bytes"),
    ],
)
def test_damaged_idx(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "damaged"
    path.write_bytes(content)
    with damaged(path, said):
        read_idx(path)


@pytest.mark.parametrize("suffix", [".gz", ".xz"])
def test_a_compressed_file_that_is_cut_or_not_compressed(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"cut{suffix}"
    whole = PACKED[suffix](idx_bytes(images(9, 9)))
    garbage = whole[:10] + b"\xff" * 60
    for content in (whole[:-20], b"nonsense of some length", whole[:-30] + bytes(30), garbage):
        path.write_bytes(content)
        with damaged(path, "damaged"):
            read_idx(path)


def test_labels_that_do_not_fit(tmp_path: Path) -> None:
    place = tmp_path / "mnist"
    place.mkdir()
    for name in ("train", "t10k"):
        (place / f"{name}-images-idx3-ubyte").write_bytes(idx_bytes(images(2, 28, 28)))
        (place / f"{name}-labels-idx1-ubyte").write_bytes(idx_bytes(np.array([1, 9], np.uint8)))
    path = place / "t10k-labels-idx1-ubyte"
    path.write_bytes(idx_bytes(np.array([1, 10], np.uint8)))
    with damaged(path, "a label 10; allowed: 0 to 9"):
        load("mnist", tmp_path)
    path.write_bytes(idx_bytes(np.array([1], np.uint8)))
    with damaged(path, r"shape \(1,\); allowed: \(2,\)"):
        load("mnist", tmp_path)
    path = place / "train-images-idx3-ubyte"
    path.write_bytes(idx_bytes(images(2, 28)))
    with damaged(path, "allowed: "):
        load("mnist", tmp_path)


# --- CIFAR


def write_cifar10(place: Path, protocol: int = 2) -> dict[str, Any]:
    place.mkdir(parents=True)
    content = {}
    for i, name in enumerate([*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"]):
        batch = {b"data": images(2, 3072), b"labels": [i, 9 - i], b"batch_label": b"x"}
        content[name] = batch
        (place / name).write_bytes(pickle.dumps(batch, protocol))
    names = [f"class {i}".encode() for i in range(10)]
    (place / "batches.meta").write_bytes(pickle.dumps({b"label_names": names}, protocol))
    return content


@pytest.mark.parametrize("inner", ["cifar-10-batches-py", ""])
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_cifar10(tmp_path: Path, inner: str, protocol: int) -> None:
    content = write_cifar10(tmp_path / "cifar10" / inner, protocol)
    splits = load("cifar10", tmp_path)
    assert splits.train.images.shape == (10, 32, 32, 3)
    assert splits.train.labels.tolist() == [0, 9, 1, 8, 2, 7, 3, 6, 4, 5]
    assert splits.train.classes[3] == "class 3"
    row = content["test_batch"][b"data"][1]
    # red, green and blue planes, each row by row
    assert splits.test.images[1, 5, 7].tolist() == [row[1024 * c + 32 * 5 + 7] for c in range(3)]


PYTHON_2 = (
    b"\x80\x02}q\x01(U\x04dataq\x02cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\n"
    b"q\x04K\x00\x85U\x01b\x87Rq\x05(K\x01K\x01K\x02\x86cnumpy\ndtype\nq\x06U\x02u1K\x00K\x01\x87R"
    b"q\x07(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x02\x07\xfetb"
    b"U\x06labelsq\x08]q\tK\x05au."
)
"""What Python 2 writes for {"data": array([[7, 254]], uint8), "labels": [5]}, as CIFAR's files."""


def test_a_pickle_by_python_2(tmp_path: Path) -> None:
    path = tmp_path / "batch"
    path.write_bytes(PYTHON_2)
    found = unpickle_arrays(path)
    assert found[b"data"].tolist() == [[7, 254]]
    assert found[b"labels"] == [5]


class Malicious:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_malicious_pickle_is_not_run(tmp_path: Path, protocol: int) -> None:
    write_cifar10(tmp_path / "cifar10")
    path, victim = tmp_path / "cifar10" / "data_batch_3", tmp_path / "victim"
    path.write_bytes(pickle.dumps({b"data": Malicious(victim)}, protocol))
    with damaged(path, r"asks for posix\.mkdir; allowed: NumPy arrays"):
        load("cifar10", tmp_path)
    assert not victim.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"cnumpy.core.multiarray\n_reconstruct.im_class\n.",
        b"\x80\x04\x8c\x08builtins\x8c\x04eval\x93.",
        b"\x80\x04\x8c\x05numpy\x8c\x12ndarray.__reduce__\x93.",
        b"\x80\x02U\x05abc",
        b"",
        b"nonsense",
    ],
)
def test_pickles_of_anything_else(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "batch"
    path.write_bytes(content)
    with damaged(path, "not a pickle of arrays"):
        unpickle_arrays(path)


def test_cifar_batches_of_other_content(tmp_path: Path) -> None:
    write_cifar10(tmp_path / "cifar10")
    path = tmp_path / "cifar10" / "test_batch"
    for batch, said in (
        ({b"data": images(2, 3072)}, "no entry 'labels'"),
        ({b"data": images(2, 3000), b"labels": [0, 1]}, r"shape \(2, 3000\)"),
        ({b"data": images(2, 3072), b"labels": [0]}, "1 labels"),
        ({b"data": images(2, 3072), b"labels": [0, 10]}, "outside 0 to 9"),
        ({b"data": np.zeros((1, 3072)), b"labels": [0]}, "float64"),
        ([1, 2], "no entry"),
    ):
        path.write_bytes(pickle.dumps(batch))
        with damaged(path, said):
            load("cifar10", tmp_path)


def test_cifar100(tmp_path: Path) -> None:
    place = tmp_path / "cifar100" / "cifar-100-python"
    place.mkdir(parents=True)
    for name, n in (("train", 4), ("test", 2)):
        batch = {
            b"data": images(n, 3072),
            b"fine_labels": [99] * n,
            b"coarse_labels": [19] * n,
        }
        (place / name).write_bytes(pickle.dumps(batch, 2))
    names = [f"f{i}".encode() for i in range(100)]
    meta = {b"fine_label_names": names, b"coarse_label_names": [b"c"] * 20}
    (place / "meta").write_bytes(pickle.dumps(meta, 2))
    splits = load("cifar100", tmp_path)
    assert (len(splits.train), len(splits.test)) == (4, 2)
    assert splits.train.labels.tolist() == [99] * 4
    assert splits.train.classes[99] == "f99"


# --- ImageNet and folders


def test_imagenet32(tmp_path: Path) -> None:
    place = tmp_path / "imagenet32"
    place.mkdir()
    first = images(2, 3072)
    for i in range(1, 11):
        data = first if i == 1 else images(2, 3072)
        np.savez(place / f"train_data_batch_{i}.npz", data=data, labels=[i, 1000], mean=data[0])
    np.savez(place / "val_data.npz", data=images(3, 3072), labels=[1, 2, 1000])
    splits = load("imagenet32", tmp_path)
    assert splits.train.images.shape == (20, 32, 32, 3)
    assert splits.train.images[1, 2, 3, 1] == first[1, 1024 + 2 * 32 + 3]
    assert splits.train.labels[:4].tolist() == [0, 999, 1, 999]
    assert splits.test.labels.tolist() == [0, 1, 999]
    assert len(splits.train.classes) == 1000
    path = place / "val_data.npz"
    for values, said in (
        ({"data": images(1, 3072), "labels": [0]}, "outside 1 to 1000"),
        ({"data": images(1, 3071), "labels": [1]}, r"shape \(1, 3071\)"),
        ({"data": images(1, 3072)}, "not an npz of data and labels"),
        ({"data": np.array([{}]), "labels": [1]}, "not an npz of data and labels"),
    ):
        np.savez(path, **values)
        with damaged(path, said):
            load("imagenet32", tmp_path)
    whole = (place / "train_data_batch_2.npz").read_bytes()
    for content in (whole[:-100], whole[: len(whole) // 2], b"", b"nonsense"):
        (place / "train_data_batch_2.npz").write_bytes(content)
        with damaged(place / "train_data_batch_2.npz", "not an npz"):
            load("imagenet32", tmp_path)


def write_image(path: Path, width: int, height: int, mode: str = "RGB") -> None:
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    pixels = np.stack([x, y, np.zeros_like(x)], 2).astype(np.uint8)
    Image.fromarray(pixels).convert(mode).save(path)


def test_imagenet_folders(tmp_path: Path) -> None:
    place = tmp_path / "imagenet"
    for part, n in (("train", 3), ("val", 1)):
        for name in ("n02", "n05", "n01", "n04", "n03"):
            for i in range(n):
                write_image(place / part / name / f"{name}_{i}.JPEG", 40, 20)
    splits = load("imagenet", tmp_path)
    assert splits.train.classes == ("n01", "n02", "n03", "n04", "n05")
    assert splits.train.labels.tolist() == [label for label in range(5) for _ in range(3)]
    assert [path.parent.name for path in splits.test.paths] == list(splits.train.classes)
    part = splits.train.take(np.array([3]))
    assert (part.paths[0].name, part.labels.tolist()) == ("n02_0.JPEG", [1])
    write_image(place / "val" / "n06" / "a.JPEG", 4, 4)
    with damaged(place / "val", "class 'n06'"):
        load("imagenet", tmp_path)


def test_an_image_is_resized_and_its_middle_cut_out(tmp_path: Path) -> None:
    for name in ("a.png", "sub/b.PNG", *(f"{i}.jpg" for i in range(9))):
        write_image(tmp_path / "images" / name, 200, 100)
    (tmp_path / "images" / "readme.md").touch()
    splits = load("images", tmp_path)
    assert (len(splits.train), len(splits.test)) == (10, 1)
    assert splits.train.labels is None
    assert set(splits.train.paths).isdisjoint(splits.test.paths)
    index = next(i for i, path in enumerate(splits.train.paths) if path.name == "b.PNG")
    image = splits.train.read(index, 50)
    assert (image.shape, image.dtype) == ((50, 50, 3), np.uint8)
    image = image.astype(int)
    # of 200 x 100 the middle 100 x 100: a quarter to three quarters of the first colour
    assert image[25, 0, 0] == pytest.approx(64, abs=3)
    assert image[25, -1, 0] == pytest.approx(191, abs=3)
    assert image[0, 25, 1] == pytest.approx(0, abs=4)
    assert image[-1, 25, 1] == pytest.approx(255, abs=4)
    with pytest.raises(ValueError, match=r"size = 0; allowed: at least 1"):
        splits.train.read(index, 0)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 500), (500, 3), (33, 32), (31, 32)])
@pytest.mark.parametrize("mode", ["L", "RGBA", "P"])
def test_images_of_any_shape_and_mode(tmp_path: Path, width: int, height: int, mode: str) -> None:
    from experiments.data.image_folder import read_image

    write_image(tmp_path / "a.png", width, height, mode)
    assert read_image(tmp_path / "a.png", 32).shape == (32, 32, 3)


def test_damaged_images(tmp_path: Path) -> None:
    from experiments.data.image_folder import read_image

    path = tmp_path / "a.png"
    write_image(path, 60, 60)
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], b"nonsense", b""):
        path.write_bytes(content)
        with damaged(path, "not a readable image"):
            read_image(path, 32)


def test_a_folder_with_few_images(tmp_path: Path) -> None:
    write_image(tmp_path / "images" / "a.png", 4, 4)
    with pytest.raises(MissingDataError, match=r"1 images; allowed: at least 10"):
        load("images", tmp_path)


# --- Criteo


def row(label: int = 1, first: str = "5", category: str = "68fd1e64") -> str:
    return "\t".join([str(label), first, "", *["-2"] * 11, category, "", *["ffffffff"] * 24])


@pytest.mark.parametrize("suffix", PACKED)
def test_criteo(tmp_path: Path, suffix: str) -> None:
    place = tmp_path / "criteo"
    place.mkdir()
    rows = [row(i % 2, str(i)) for i in range(70)]
    (place / f"train.txt{suffix}").write_bytes(PACKED[suffix](("\n".join(rows) + "\n").encode()))
    splits = load("criteo", tmp_path)
    parts = (splits.train, splits.validation, splits.test)
    assert [len(part) for part in parts] == [60, 5, 5]
    assert [part.numeric[0, 0] for part in parts] == [0, 60, 65], "in order of time"
    assert splits.train.labels[:3].tolist() == [0, 1, 0]
    first = splits.train
    assert np.isnan(first.numeric[:, 1]).all()
    assert (first.numeric[:, 2:] == -2).all()
    assert first.categories[0, :3].tolist() == [0x68FD1E64, 0, 0xFFFFFFFF]
    types = (first.numeric.dtype, first.categories.dtype, first.labels.dtype)
    assert types == (np.float32, np.uint32, np.uint8)


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("chunk", [1, 7, 300, 10**6])
def test_criteo_in_chunks(tmp_path: Path, chunk: int, end: str) -> None:
    path = tmp_path / "train.txt"
    path.write_text("\n".join(row(first=str(i)) for i in range(11)) + end)
    found = read_clicks(path, chunk)
    assert found.numeric[:, 0].tolist() == list(range(11))
    assert found.numeric.flags.c_contiguous
    assert found.categories.flags.c_contiguous


def test_a_large_criteo_file_is_mapped_from_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(criteo, "LARGE", 0)
    path = tmp_path / "criteo" / "train.txt"
    path.parent.mkdir()
    path.write_text("\n".join(row(i % 2, str(i)) for i in range(70)))
    splits, expected = load("criteo", tmp_path), read_clicks(path)
    for name in criteo.COLUMNS:
        parts = [getattr(p, name) for p in (splits.train, splits.validation, splits.test)]
        assert isinstance(parts[0], np.memmap)
        assert np.array_equal(np.concatenate(parts), getattr(expected, name), equal_nan=True)
    splits.train.numeric[0, 0] = -1
    with monkeypatch.context() as patch:
        patch.setattr(criteo, "_parsed", None)  # not needed again
        assert load("criteo", tmp_path).train.numeric[0, 0] == 0
    path.write_text("\n".join(row(i % 2, str(i)) for i in range(1, 99)))
    assert load("criteo", tmp_path).train.numeric[0, 0] == 1, "another file, another copy"
    path.write_text("\n".join([*[row()] * 20, "bad"]))
    with damaged(path, "40 columns"):
        load("criteo", tmp_path)
    assert not list(path.parent.glob("*.part"))


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (row() + "\t1", "40 columns"),
        (row().rpartition("\t")[0], "40 columns"),
        (row().rpartition("\t")[0] + "\n" + row() + "\t1", "more fields"),
        ("", "40 columns"),
        (row(2), "not 0 or 1"),
        (row().replace("1\t", "\t", 1), "not 0 or 1"),
        (row(first="x"), "could not parse"),
        (row(category="xyz"), "parsing failed"),
        (row(category="123456789"), "parsing failed"),
    ],
)
def test_damaged_criteo(tmp_path: Path, bad: str, said: str) -> None:
    path = tmp_path / "train.txt"
    path.write_text("\n".join([row(), row(), bad, row()]) + "\n")
    with damaged(path, said):
        read_clicks(path)
    with damaged(path, "rows from 3 on"):
        read_clicks(path, chunk=1)


def test_criteo_without_rows(tmp_path: Path) -> None:
    path = tmp_path / "criteo" / "train.txt"
    path.parent.mkdir()
    path.touch()
    with damaged(path, "empty"):
        load("criteo", tmp_path)
    path.write_text("\n".join([row()] * 13))
    with damaged(path, "13 rows; allowed: at least 14"):
        load("criteo", tmp_path)


# --- text


def write_iwslt(place: Path, n: int = 46, language: str | None = None) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for code in ("de", "en"):
        lines = ["<url>http://x</url>", f"<keywords>{code}</keywords>", "<speaker>S</speaker>"]
        lines += [
            "<talkid>1</talkid>",
            f"<title>{code} T</title>",
            f"<description>{code} D</description>",
        ]
        lines += [f"{code} satz {i} & <x" for i in range(3, n + 1)]
        lines += ["<reviewer>R</reviewer>", "<translator>U</translator>"]
        if code == language:
            lines.pop(8)
        (place / f"train.tags.de-en.{code}").write_text("\n".join(lines) + "\n", encoding="utf-8")
        for i, name in enumerate(TESTS):
            segments = "\n".join(
                f'<seg id="{j}"> {code} {i} &amp; {j} ü </seg>' for j in range(1, 3)
            )
            text = f'<?xml version="1.0"?>\n<mteval><doc docid="1">\n{segments}\n</doc></mteval>\n'
            (place / f"{name}.{code}.xml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("form", ["archive", "folder", "files"])
def test_iwslt14(tmp_path: Path, form: str) -> None:
    place = tmp_path / "iwslt14"
    write_iwslt(place if form == "files" else place / "de-en")
    if form == "archive":
        with tarfile.open(place / "de-en.tgz", "w:gz") as tar:
            tar.add(place / "de-en", "de-en")
        for path in (place / "de-en").iterdir():
            path.unlink()
        (place / "de-en").rmdir()
    splits = load("iwslt14", tmp_path)
    assert len(splits.train) == 44
    assert splits.train.source[:3] == ("de T", "de D", "de satz 3 & <x")
    assert splits.validation.target == ("en satz 23 & <x", "en satz 46 & <x")
    assert len(splits.test) == 10
    assert splits.test.source[2] == "de 1 & 1 ü"
    assert splits.test.target[9] == "en 4 & 2 ü"


def test_damaged_iwslt14(tmp_path: Path) -> None:
    place = tmp_path / "iwslt14"
    write_iwslt(place, language="en")
    with damaged(place, r"46 sentences and train\.tags\.de-en\.en has 45"):
        load("iwslt14", tmp_path)
    (place / "train.tags.de-en.de").write_bytes(b"\xff\n")
    with damaged(place, "not UTF-8"):
        load("iwslt14", tmp_path)
    for path in place.iterdir():
        path.unlink()
    write_iwslt(tmp_path / "de-en")
    archive = place / "de-en.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / "de-en", "de-en")
    whole = archive.read_bytes()
    for content in (b"nonsense", gzip.compress(b"nonsense" * 100), whole[:-500], whole[:400]):
        archive.write_bytes(content)
        with damaged(archive, "damaged"):
            load("iwslt14", tmp_path)
    with tarfile.open(archive, "w:gz"):
        pass
    with pytest.raises(MissingDataError, match=r"no train\.tags\.de-en\.de"):
        load("iwslt14", tmp_path)


@pytest.mark.parametrize("suffix", PACKED)
def test_pairs(tmp_path: Path, suffix: str) -> None:
    place = tmp_path / "libreoffice_help"
    place.mkdir()
    for part, n in (("train", 3), ("valid", 2), ("test", 1)):
        for code in ("de", "en"):
            # U+2028 and form feeds end no line here, though str.splitlines says so
            text = "".join(f"{code} {i}\u2028x\f\r\n" for i in range(n))
            (place / f"{part}.{code}{suffix}").write_bytes(PACKED[suffix](text.encode()))
    splits = load("libreoffice_help", tmp_path)
    assert [len(part) for part in (splits.train, splits.validation, splits.test)] == [3, 2, 1]
    assert splits.train.target[2] == "en 2\u2028x\f"
    path = place / f"valid.en{suffix}"
    path.write_bytes(PACKED[suffix](b"a\nb\nc"))
    with damaged(path, "3; allowed: equally many"):
        load("libreoffice_help", tmp_path)


@pytest.mark.parametrize("suffix", PACKED)
def test_text(tmp_path: Path, suffix: str) -> None:
    place = tmp_path / "text"
    place.mkdir()
    for name in ("b", "a"):
        text = "\n\n".join(f"{name} {i:04d}\r\nü" for i in range(500))
        (place / f"{name}.txt{suffix}").write_bytes(PACKED[suffix](text.encode()))
    splits = load("text", tmp_path)
    train, valid, test = (p.text for p in (splits.train, splits.validation, splits.test))
    whole = train + valid + test
    assert whole.startswith("a 0000\nü\n\na 0001")
    assert len(train) / len(whole) == pytest.approx(0.9, abs=0.01)
    assert len(valid) == pytest.approx(len(test), rel=0.1)
    assert valid.startswith("b ")
    assert test.startswith("b ")
    path = place / f"a.txt{suffix}"
    path.write_bytes(PACKED[suffix](b"\xff\xfe"))
    with damaged(path, "not UTF-8"):
        load("text", tmp_path)


def test_text_that_is_too_short(tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.txt").write_text("a")
    with damaged(tmp_path / "text", "has 1 characters"):
        load("text", tmp_path)


def test_text_without_paragraphs_is_cut_anywhere(tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.txt").write_text("abcde" * 200)
    splits = load("text", tmp_path)
    parts = (splits.train, splits.validation, splits.test)
    assert [len(part) for part in parts] == [900, 50, 50]


def test_every_reader_was_tested() -> None:
    """A new data set needs a line in this file."""
    text = Path(__file__).read_text(encoding="utf-8")
    shared = {"fashion_mnist", "flights", "austen", "emoji"}  # readers of mnist, criteo, text
    shared |= {"tokens", "openwebtext"}  # tests/experiments/test_experiments_gpt.py
    tested = set(re.findall(r'load\("(\w+)"', text))
    assert tested | shared == {name for name, d in DATASETS.items() if not d.vendored}
