# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Builds the files of a release, each twice: the same bytes, or it is an error."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.release.targets import DIST, NAME, PACKAGES, ROOT, TARGETS, Target


class ReleaseError(Exception):
    """Something is not as it has to be; the message says what."""


def call(*command: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    """Run a command, with more variables, and return what it has printed.

    Raises
    ------
    ReleaseError
        If its status is not 0.
    """
    own = {**os.environ, **(env or {})}
    done = subprocess.run(
        command, cwd=cwd, env=own, check=False, text=True, stdout=-1, stderr=subprocess.STDOUT
    )
    if done.returncode:
        shown = " ".join(command)
        raise ReleaseError(f"{shown} ended with status {done.returncode}:\n{done.stdout.rstrip()}")
    return done.stdout


def hatchling(source: Path, out: Path, kind: str, env: Mapping[str, str] | None = None) -> Path:
    """Build one file from a folder, and return it.

    No flags of somebody's environment go into it; SOURCE_DATE_EPOCH is the date of all files in it,
    2020 without.
    """
    out.mkdir(parents=True)
    call(
        sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(out), cwd=source, env=env
    )
    (made,) = out.iterdir()
    return made


def unpacked(sdist: Path, folder: Path) -> Path:
    """Return the source in a source distribution, in a new folder."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (source,) = folder.iterdir()
    return source


def wheel(sdist: Path, folder: Path, target: Target) -> Path:
    """Build a wheel from the source distribution, not from the checkout, which may hold more."""
    source = unpacked(sdist, folder / "source")
    if not target.machine:
        return hatchling(source, folder / "out", "wheel", {"MOMO_NATIVE": "0"})
    compiler = target.compiler()
    assert compiler is not None
    env = {"MOMO_NATIVE": "1", "MOMO_PLATFORM": target.platform, "CC": compiler, "CFLAGS": ""}
    return hatchling(source, folder / "out", "wheel", env)


def digest(path: Path) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def build(dist: Path = DIST) -> list[str]:
    """Make all files of a release in a folder that holds no others then.

    Returns
    -------
    list of str
        What was left out, and why.
    """
    able = [target for target in TARGETS if not target.machine or target.compiler()]
    shutil.rmtree(dist, ignore_errors=True)
    dist.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        there = Path(folder)
        first, second = (hatchling(ROOT, there / f"sdist-{n}", "sdist") for n in (1, 2))
        made = [(target, n) for target in able for n in (1, 2)]
        wheels = list(
            pool.map(lambda a: wheel(first, there / f"{a[0].platform}-{a[1]}", a[0]), made)
        )
        for once, again in ((first, second), *zip(wheels[::2], wheels[1::2], strict=True)):
            if (once.name, digest(once)) != (again.name, digest(again)):
                raise ReleaseError(f"{once.name} is not the same when it is built again")
            shutil.copy(once, dist)
    return [
        f"{NAME}-…-{target.file} was left out: no {target.machine}-linux-gnu-gcc"
        f" (Debian has it in {PACKAGES[target.machine]})"
        for target in TARGETS
        if target not in able
    ]
