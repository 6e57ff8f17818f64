# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The files of a release: one source distribution, and a wheel for each platform with kernels."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
NAME = "momentum_models"


@dataclass(frozen=True)
class Target:
    """A wheel.

    Attributes
    ----------
    machine
        The processor of its kernels, as `platform.machine` calls it; "": no kernels, for the rest.
    platform
        The platform in its name. 2.17 is the oldest glibc with which it works.
    elf
        What the kernels' file says of its processor, ``e_machine``; 0: there is no file.
    """

    machine: str
    platform: str
    elf: int

    @property
    def file(self) -> str:
        """The end of the wheel's name."""
        return f"py3-none-{self.platform}.whl"

    def compiler(self) -> str | None:
        """Return the compiler of the kernels; None: there is none here.

        GCC for all: its loops take fewer instructions than clang's (docs/maintainer.md).
        """
        own = f"{self.machine}-linux-gnu-gcc"
        native = self.machine == platform.machine() and platform.system() == "Linux"
        return shutil.which(own) or (shutil.which("gcc") if native else None)


TARGETS = (
    Target("x86_64", "manylinux_2_17_x86_64", 62),
    Target("aarch64", "manylinux_2_17_aarch64", 183),
    Target("", "any", 0),
)
PACKAGES = {"x86_64": "gcc", "aarch64": "gcc-aarch64-linux-gnu libc6-dev-arm64-cross"}
"""Where Debian has the compilers."""


def built(target: Target, folder: Path = DIST) -> Path | None:
    """Return the wheel of a target; None: it has not been built."""
    return next(iter(sorted(folder.glob(f"{NAME}-*-{target.file}"))), None)


def native() -> Target:
    """Return the target of this machine."""
    here = platform.machine() if platform.system() == "Linux" else ""
    return next((target for target in TARGETS if target.machine == here), TARGETS[-1])
