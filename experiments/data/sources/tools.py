# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Calling npm, apt-get, dpkg-deb and pip, and holding what they bring against a SHA-256."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from experiments.data.base import FetchError
from experiments.data.compressed import find, read_bytes


def call(command: list[str], folder: Path) -> None:
    """Run a command in a folder, which is made.

    Raises
    ------
    FetchError
        If the tool is missing, or fails: with the end of what it said.
    """
    if shutil.which(command[0]) is None:
        raise FetchError(f"{command[0]} is not installed; it is needed for: {' '.join(command)}")
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-8:]
        raise FetchError("\n  ".join([f"{' '.join(command)} failed ({done.returncode}):", *said]))


def only(folder: Path, pattern: str) -> Path:
    """Return the one file of a folder that matches a pattern."""
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise FetchError(f"{len(found)} files {pattern} were fetched; allowed: one")
    return found[0]


def npm(package: str, folder: Path) -> Path:
    """Fetch ``name@version`` from npm, and return its archive."""
    call(["npm", "pack", "--silent", "--ignore-scripts", package], folder)
    return only(folder, "*.tgz")


def pip(requirement: str, folder: Path) -> Path:
    """Fetch the source distribution of ``name==version`` with pip, and return it."""
    options = ["--quiet", "--no-deps", "--no-binary", ":all:", "--disable-pip-version-check"]
    call([sys.executable, "-m", "pip", "download", *options, requirement], folder)
    return only(folder, "*.tar.gz")


def debian(package: str, folder: Path) -> Path:
    """Fetch a package of Debian and return the folder it is unpacked in; nothing is installed."""
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise FetchError(
                f"{tool} is not installed: the package {package} of Debian, or Ubuntu, can only"
                " be fetched where apt is"
            )
    archives = folder / package
    try:
        call(["apt-get", "--quiet", "download", package], archives)
    except FetchError as error:
        raise FetchError(f"{error}\n  where the list of packages is old: apt-get update") from None
    unpacked = folder / "unpacked" / package
    unpacked.mkdir(parents=True)
    call(
        ["dpkg-deb", "-x", str(only(archives, "*.deb").resolve()), str(unpacked.resolve())], folder
    )
    return unpacked


def member(archive: Path, name: str) -> bytes:
    """Return the content of a file in a tar archive, of which nothing is unpacked.

    Raises
    ------
    FetchError
        If the archive is damaged or has no such file.
    """
    try:
        with tarfile.open(archive) as tar:
            found = tar.extractfile(name)
            if found is None:
                raise KeyError(name)
            return found.read()
    except (tarfile.TarError, EOFError, zlib.error, KeyError) as error:
        raise FetchError(f"{archive.name} has no readable file {name}: {error}") from error


def sha256(content: bytes) -> str:
    """Return the hexadecimal digest."""
    return hashlib.sha256(content).hexdigest()


def check(folder: Path, expected: Mapping[str, str], any_version: bool) -> None:
    """Hold files, plain or decompressed, against their SHA-256.

    Raises
    ------
    FetchError
        If one differs, and not ``any_version``.
    """
    for name, digest in {} if any_version else expected.items():
        found = sha256(read_bytes(find(folder, name)))
        if found != digest:
            raise FetchError(
                f"{name} has SHA-256 {found}; expected: {digest}.\n"
                "  The package has another version than the one that results here were made with."
                " --any-version takes it\n  all the same; say so where you give results."
            )
