# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The slices, the registry, and what is said where data are missing."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from experiments.data import (
    DATASETS,
    Clicks,
    DamagedDataError,
    Images,
    MissingDataError,
    Pairs,
    Splits,
    Text,
    available,
    data_root,
    folder,
    load,
    split,
)
from experiments.data.vendored import SLICES, SUMS, check_slice

VENDORED = [name for name, dataset in DATASETS.items() if dataset.vendored]


@pytest.mark.parametrize("name", VENDORED)
def test_a_slice_is_ready_and_of_its_kind(name: str) -> None:
    assert available(name) is None
    splits = load(name)
    for part in (splits.train, splits.test, splits.validation):
        assert part is None or isinstance(part, DATASETS[name].kind)
    assert len(splits.train) > len(splits.test) > 0


def test_the_images_of_clothes_are_balanced() -> None:
    splits: Splits[Images] = load("fashion_slice")
    for part, count in ((splits.train, 400), (splits.test, 100)):
        assert part.images.shape == (10 * count, 28, 28, 1)
        assert (part.images.dtype, part.labels.dtype) == (np.uint8, np.int64)
        assert (np.bincount(part.labels) == count).all()
    # the mean of all of Fashion-MNIST is 72.9
    assert 70 < splits.train.images.mean() < 76
    assert splits.train.classes[9] == "Ankle boot"


def test_the_emoji_are_distinct_and_of_nine_groups() -> None:
    splits: Splits[Images] = load("emoji_slice")
    train, test = splits.train, splits.test
    assert (train.images.shape, test.images.shape) == ((1200, 32, 32, 3), (300, 32, 32, 3))
    assert len(train.classes) == 9
    assert np.bincount(train.labels).min() >= 15
    # the whole has no picture twice; with fewer colours a few may coincide
    pictures = Counter(image.tobytes() for image in (*train.images, *test.images))
    assert len(pictures) >= 1490
    assert (train.images[:, 0, 0] == 255).mean() > 0.9, "white ground"


def test_the_flights_are_in_the_order_of_time() -> None:
    splits: Splits[Clicks] = load("flights_slice")
    assert splits.validation is not None
    parts = (splits.train, splits.validation, splits.test)
    assert [len(part) for part in parts] == [12000, 2000, 2000]
    for part in parts:
        assert part.numeric.shape[1:] == (13,)
        assert part.categories.shape[1:] == (26,)
        assert 0.1 < part.labels.mean() < 0.4
        assert not np.isnan(part.numeric[:, :3]).any()
        assert np.isnan(part.numeric[:, 8]).mean() > 0.5, "gusts are rarely given"
        assert (part.categories[:, 0] > 0).all()
    # the column of (month, day) has 365 values, ranked as strings: train lacks the end of the year
    days = [set(part.categories[:, 22]) for part in parts]
    assert len(days[0]) > 300
    assert len(days[0] & days[1]) <= 1
    assert len(days[1] & days[2]) <= 1


def test_the_sentences_are_short_and_no_test_sentence_is_trained_on() -> None:
    splits: Splits[Pairs] = load("help_slice")
    assert splits.validation is not None
    parts = (splits.train, splits.validation, splits.test)
    assert [len(part) for part in parts] == [4000, 500, 500]
    for part in parts:
        lengths = [len(line.split()) for line in (*part.source, *part.target)]
        assert (min(lengths), max(lengths)) == (3, 16)
    for side in ("source", "target"):
        trained = {line.casefold() for line in getattr(splits.train, side)}
        assert not trained & {line.casefold() for line in getattr(splits.test, side)}
        assert not trained & {line.casefold() for line in getattr(splits.validation, side)}
    words = Counter(word for line in splits.train.source for word in line.split())
    assert words["die"] > 200, "German first"


def test_the_novel_is_whole_and_cut_at_paragraphs() -> None:
    splits: Splits[Text] = load("austen_slice")
    assert splits.validation is not None
    train, validation, test = splits.train.text, splits.validation.text, splits.test.text
    assert train.startswith("PRIDE AND PREJUDICE")
    assert "universal" not in test
    assert test.rstrip().endswith("uniting them.")
    assert train.endswith("\n\n")
    assert validation.endswith("\n\n")
    assert 0.88 < len(train) / len(train + validation + test) < 0.92


def test_every_file_of_the_slices_has_a_checksum_that_holds() -> None:
    listed = dict(reversed(line.split("  ")) for line in (SLICES / SUMS).read_text().splitlines())
    there = {path.relative_to(SLICES).as_posix() for path in SLICES.glob("*/*")}
    assert set(listed) == there
    assert {name.split("/")[0] for name in there} == set(VENDORED)
    for name, digest in listed.items():
        assert hashlib.sha256((SLICES / name).read_bytes()).hexdigest() == digest
    assert sum((SLICES / name).stat().st_size for name in there) < 3.5e6


def test_the_notice_names_every_slice_and_its_licence_is_there() -> None:
    notice = (SLICES / "NOTICE").read_text(encoding="utf-8")
    assert all(name in notice for name in VENDORED)
    licences = {path.name for path in SLICES.glob("*.txt")}
    assert licences
    assert all(name in notice for name in licences)


def test_a_changed_slice_is_refused(tmp_path: Path) -> None:
    shutil.copytree(SLICES, tmp_path / "slices")
    place = tmp_path / "slices" / "help_slice"
    check_slice(place)
    path = place / "test.de.xz"
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(DamagedDataError, match=r"test\.de\.xz has SHA-256 .*; allowed: "):
        DATASETS["help_slice"].read(place)
    path.unlink()
    with pytest.raises(DamagedDataError, match=r"test\.de\.xz is missing"):
        check_slice(place)


def test_all_names_are_known() -> None:
    wanted = (
        "mnist fashion_mnist cifar10 cifar100 imagenet32 imagenet images criteo iwslt14 text"
        " flights libreoffice_help austen emoji tokens openwebtext"
        " fashion_slice emoji_slice flights_slice help_slice austen_slice"
    )
    assert sorted(DATASETS) == sorted(wanted.split())
    assert all(name == dataset.name for name, dataset in DATASETS.items())


@pytest.mark.parametrize("name", [name for name in DATASETS if name not in VENDORED])
def test_what_is_missing_is_said_with_what_to_do(name: str, tmp_path: Path) -> None:
    with pytest.raises(MissingDataError) as caught:
        load(name, tmp_path)
    message = str(caught.value)
    assert str(tmp_path / name) in message
    assert DATASETS[name].needs in message
    command = f"python -m experiments data {name} --data {tmp_path}"
    assert (command in message) == (DATASETS[name].fetch is not None)
    assert not list(tmp_path.iterdir()), "asking makes nothing"


def test_a_single_missing_file_is_named(tmp_path: Path) -> None:
    place = tmp_path / "mnist"
    place.mkdir()
    for name in DATASETS["mnist"].files[:3]:
        (place / f"{name}.gz").touch()
    reason = available("mnist", tmp_path)
    assert reason is not None
    assert "lacks: t10k-labels-idx1-ubyte\n" in reason


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match=r"data set = 'minst'; did you mean mnist"):
        load("minst")


def test_the_root_is_the_argument_or_the_variable_or_the_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("MOMO_DATA", raising=False)
    assert data_root().name == "data"
    monkeypatch.setenv("MOMO_DATA", str(tmp_path / "named"))
    assert folder("mnist") == tmp_path / "named" / "mnist"
    assert folder("mnist", tmp_path) == tmp_path / "mnist"
    assert folder("help_slice", tmp_path) == SLICES / "help_slice"


@pytest.mark.parametrize(("n", "share", "count"), [(10, 0.3, 3), (2, 0.01, 1), (2, 0.99, 1)])
def test_split_parts_all_samples(n: int, share: float, count: int) -> None:
    rest, part = split(n, share, seed=1)
    assert len(part) == count
    assert sorted([*rest, *part]) == list(range(n))
    assert (rest.dtype, part.dtype) == (np.int64, np.int64)
    again = split(n, share, seed=1)
    assert (again[1] == part).all()


def test_split_depends_on_the_seed_and_refuses_nonsense() -> None:
    assert (split(1000, 0.1, 0)[1] != split(1000, 0.1, 1)[1]).any()
    with pytest.raises(ValueError, match=r"n = 1; allowed: at least 2"):
        split(1, 0.5, 0)
    with pytest.raises(ValueError, match=r"share = 1\.0; allowed: above 0 and below 1"):
        split(10, 1.0, 0)


def test_kinds_take_samples_and_refuse_unequal_lengths() -> None:
    images = Images(np.zeros((3, 2, 2, 1), np.uint8), np.arange(3), ("a", "b", "c"))
    assert images.take(np.array([2, 0])).labels.tolist() == [2, 0]
    pairs = Pairs(("a", "b"), ("A", "B"))
    assert pairs.take(np.array([1])) == Pairs(("b",), ("B",))
    with pytest.raises(ValueError, match=r"lengths differ: .*'labels': 2"):
        Images(images.images, np.arange(2), images.classes)
    with pytest.raises(ValueError, match=r"lengths differ"):
        Pairs(("a",), ())


def test_the_package_is_light() -> None:
    code = (
        "import sys, experiments.data as d; d.load('fashion_slice');"
        " sys.exit({'torch', 'polars', 'PIL', 'fontTools', 'filelock'} & set(sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
