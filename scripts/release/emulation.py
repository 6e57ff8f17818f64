# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The wheel for aarch64 in an emulated Python: Debian's, unpacked into a folder, not installed.

QEMU's user mode runs its programs (Debian's package qemu-user-static). Torch takes half a minute
to import there, so NumPy compares the kernels every day, and torch takes steps when all is tried.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from scripts.release.build import ReleaseError, call
from scripts.release.contents import version
from scripts.release.environments import SMOKE
from scripts.release.targets import DIST, ROOT, TARGETS, built

EMULATOR = "qemu-aarch64-static"
PLACE = ROOT / "build" / "aarch64"
DEBIAN = (  # of Debian 12
    "python3.11-minimal libpython3.11-minimal libpython3.11-stdlib libc6 zlib1g libexpat1 libffi8"
    " libgcc-s1 libstdc++6 libssl3 libuuid1 libbz2-1.0 liblzma5 libsqlite3-0"
)
PYTHON = "3.11"
PLATFORMS = ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64")
NUMPY = "numpy==2.0.0"
"""The oldest; the newest is in the environments of this processor."""
TORCH_NEEDS = "filelock typing-extensions sympy==1.13.3 networkx jinja2 fsspec mpmath markupsafe"
CONFORMANCE_NEEDS = "hypothesis sortedcontainers pytest pluggy iniconfig packaging pygments rich"
CONFORMANCE_NEEDS += " markdown-it-py mdurl tyro docstring-parser typeguard"
TORCHES = ("2.4.0",)
"""Tried there when all is: the oldest, whose file for x86-64 needs gigabytes of CUDA."""
KERNELS = Path(__file__).with_name("kernels.py")


def missing() -> str:
    """Return why nothing can be emulated here; "" if it can."""
    for program in (EMULATOR, "apt-get", "dpkg"):
        if shutil.which(program) is None:
            return f"aarch64 was not tried: no {program} (Debian has it in qemu-user-static)"
    if built(TARGETS[1]) is None:
        return "aarch64 was not tried: there is no wheel"
    if "arm64" not in call("dpkg", "--print-foreign-architectures").split():
        return "aarch64 was not tried: dpkg --add-architecture arm64 && apt-get update"
    return ""


def root() -> Path:
    """Return the folder with Debian's Python for aarch64; it is kept."""
    if not (PLACE / "done").exists():
        shutil.rmtree(PLACE, ignore_errors=True)
        PLACE.mkdir(parents=True)
        with tempfile.TemporaryDirectory() as folder:
            call(
                "apt-get",
                "download",
                *(f"{name}:arm64" for name in DEBIAN.split()),
                cwd=Path(folder),
            )
            for package in sorted(Path(folder).glob("*.deb")):
                call("dpkg", "-x", str(package), str(PLACE))
        (PLACE / "done").touch()
    return PLACE


def install(site: Path, *requirements: str, options: Sequence[str] = ()) -> None:
    """Let pip install files of aarch64 into a folder, as they are named: not what they need.

    What they need depends on the processor, and pip would ask that of this machine.
    """
    platforms = [word for name in PLATFORMS for word in ("--platform", name)]
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--no-deps")
    only = ("--only-binary=:all:", "--python-version", PYTHON, "--no-compile", "--quiet")
    call(*pip, *only, *platforms, "--target", str(site), *options, *requirements)


def python(site: Path, *words: str) -> str:
    """Run the emulated Python, and return what it says."""
    there = root()
    interpreter = there / "usr" / "bin" / f"python{PYTHON}"
    env = {"PYTHONPATH": str(site), "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"}
    command = [EMULATOR, "-L", str(there), str(interpreter), "-W", "error", *words]
    done = subprocess.run(command, cwd=site, env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        raise ReleaseError(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
    return done.stdout


def try_out(torch: str = "") -> str:
    """Install the wheel beside NumPy, and torch if a version is given; return what has been seen.

    Raises
    ------
    ReleaseError
        If anything does not work.
    """
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        root()
        install(site, NUMPY)
        if torch:
            install(site, f"torch=={torch}", *TORCH_NEEDS.split())
        name = f"momentum-models=={version()}"
        install(site, name, options=("--no-index", "--find-links", str(DIST)))
        said = python(site, str(KERNELS), str(site / "momo/optim/fused/_kernels.so"))
        said += python(site, str(SMOKE), *(("--torch", "--fused") if torch else ()))
        if torch:
            install(site, *CONFORMANCE_NEEDS.split())
            said += python(site, str(SMOKE), "--conformance")
    with_torch = f", torch {torch}" if torch else ""
    return f"aarch64, {NUMPY}{with_torch} ({time.perf_counter() - begin:.0f} s)\n{said}"
