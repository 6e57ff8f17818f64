# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Clean environments: a Python, what is installed there of the index, and a file of the release.

Each is a virtual environment of its own, in which `scripts.release.smoke` runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from scripts.release.build import ReleaseError, call
from scripts.release.contents import version
from scripts.release.targets import DIST, NAME, ROOT, native

SMOKE = Path(__file__).with_name("smoke.py")
CONSTRAINTS = ("-c", str(ROOT / "constraints.txt"))
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--python")
CLEAN = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CC", "CFLAGS", "MOMO_NATIVE", "MOMO_PLATFORM")
"""Variables of this environment that a clean one does not have."""


@dataclass(frozen=True)
class Environment:
    """A clean environment.

    Attributes
    ----------
    name
        What it is to show.
    requirements
        What pip installs there before, and whether at the versions of ``constraints.txt``.
    python
        The interpreter; default: the one that runs this.
    source
        Install the source distribution, where there is no compiler, not the wheel.
    torch
        Whether torch is there; then kernels have to be, but from a source distribution.
    conformance
        Also install the extra of that name, and run some laws.
    """

    name: str
    requirements: tuple[str, ...]
    python: str = sys.executable
    source: bool = False
    torch: bool = False
    conformance: bool = False
    pinned: bool = False


def oldest_numpy(python: str = sys.executable) -> str:
    """Return the oldest NumPy that the project takes, and that has a file for a Python."""
    said = call(python, "-c", "import sys; print(*sys.version_info[:2])").split()
    minor = int(said[1])
    return "numpy==" + {11: "2.0.0", 12: "2.0.0", 13: "2.1.0"}.get(minor, "2.3.2")


def ordinary() -> list[Environment]:
    """Return the environments of every day."""
    return [
        Environment("NumPy alone, the newest", ("numpy",)),
        Environment("the source, no compiler", ("numpy", "hatchling"), source=True),
        Environment(
            "torch, and the oldest NumPy",
            (oldest_numpy(), "torch"),
            torch=True,
            conformance=True,
            pinned=True,
        ),
    ]


def all_pythons() -> list[Environment]:
    """Return an environment of NumPy alone for the oldest and the newest, with each Python here."""
    found = []
    for minor in range(11, 20):
        python = shutil.which(f"python3.{minor}")
        works = python and not subprocess.run([python, "-c", ""], capture_output=True).returncode
        if python and works:
            for numpy in (oldest_numpy(python), "numpy"):
                name = f"Python 3.{minor}, {numpy}"
                found.append(Environment(name, (numpy,), python=python))
    return found


def try_out(environment: Environment, dist: Path = DIST) -> str:
    """Make an environment, install, and return what has been seen there.

    Raises
    ------
    ReleaseError
        If anything does not work.
    """
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        clean = {name: value for name, value in os.environ.items() if name not in CLEAN}
        call(environment.python, "-m", "venv", "--without-pip", str(there / "venv"))
        python = str(there / "venv" / "bin" / "python")
        pinned = CONSTRAINTS if environment.pinned else ()
        pip = (*PIP, python, "install", "--no-compile")
        wanted = list(environment.requirements)
        if environment.pinned:  # an older one than is pinned
            pinned = ("-c", str(unpinned(there / "constraints.txt", wanted)))
        call(*pip, *pinned, *wanted)
        said = install(pip, environment, dist, there)
        flags = ["--torch"] if environment.torch else []
        flags += ["--fused"] if environment.torch and native().machine else []
        said += smoke(python, flags, there, clean)
        if environment.conformance:
            call(*pip, *pinned, "--find-links", str(dist), "momentum-models[conformance]")
            said += smoke(python, ["--conformance"], there, clean)
    return f"{environment.name} ({time.perf_counter() - begin:.0f} s)\n{said}"


def unpinned(file: Path, wanted: list[str]) -> Path:
    """Write constraints without those of which a version is asked for, and return the file."""
    own = {each.partition("==")[0] for each in wanted if "==" in each}
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.partition("==")[0] not in own]
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return file


def install(pip: tuple[str, ...], environment: Environment, dist: Path, there: Path) -> str:
    """Install the project: by its name, of what is in the folder and nowhere else."""
    name = f"momentum-models=={version()}"
    if not environment.source:
        extra = "[torch]" if environment.torch else ""
        name = name.replace("==", f"{extra}==")
        call(*pip, "--no-index", "--find-links", str(dist), name)
        return ""
    # All that could compile is out of reach; the builder is there already.
    empty = there / "empty"
    empty.mkdir()
    source = str(dist / f"{NAME}-{version()}.tar.gz")
    env = {"PATH": str(empty), "CC": "", "MOMO_NATIVE": ""}
    said = call(
        *pip, "--no-deps", "--no-build-isolation", "--no-cache-dir", "--verbose", source, env=env
    )
    if "the kernels were not compiled: no C compiler was found" not in said:
        raise ReleaseError(f"without a compiler nothing is said of the kernels:\n{said}")
    return "  without a compiler: installed, with a warning\n"


def smoke(python: str, flags: list[str], cwd: Path, env: dict[str, str]) -> str:
    """Run the checks in an environment, and return what they say."""
    command = [python, "-I", "-W", "error", str(SMOKE), *flags]
    done = subprocess.run(command, cwd=cwd, env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        raise ReleaseError(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
    return done.stdout
