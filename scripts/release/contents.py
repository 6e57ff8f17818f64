# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Looks into the files of a release: what is in them, and what they say of themselves."""

from __future__ import annotations

import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from packaging.metadata import Metadata
from packaging.tags import compatible_tags
from packaging.utils import parse_wheel_filename

from scripts.release.build import ReleaseError, call
from scripts.release.targets import DIST, NAME, ROOT, TARGETS, Target, built

KERNELS = "momo/optim/fused/_kernels.so"
LEFT_OUT = (".ci/",)
"""What a source distribution does not have of the checkout: how it is run there."""
MACHINES = {
    "Linux, x86-64": (["manylinux_2_36_x86_64", "manylinux_2_17_x86_64"], "x86_64"),
    "Linux, x86-64, glibc 2.12": (["manylinux_2_12_x86_64", "linux_x86_64"], ""),
    "Linux, aarch64": (["manylinux_2_28_aarch64", "manylinux_2_17_aarch64"], "aarch64"),
    "Linux, 32 bits of ARM": (["manylinux_2_31_armv7l", "linux_armv7l"], ""),
    "Linux with musl, x86-64": (["musllinux_1_2_x86_64", "linux_x86_64"], ""),
    "macOS, ARM": (["macosx_14_0_arm64", "macosx_11_0_arm64"], ""),
    "macOS, Intel": (["macosx_13_0_x86_64", "macosx_10_9_x86_64"], ""),
    "Windows": (["win_amd64"], ""),
}
"""Platforms in the order in which pip prefers them, and whose kernels it should take."""


def same(found: object, wanted: object, what: str) -> None:
    """Raise unless two things are the same."""
    if found != wanted:
        raise ReleaseError(f"{what}: {found!r}, and it should be {wanted!r}")


def same_names(found: Iterable[str], wanted: Iterable[str], what: str) -> None:
    """Raise unless names are the same; say which are not."""
    there, all_of_them = set(found), set(wanted)
    if there != all_of_them:
        more, less = sorted(there - all_of_them)[:5], sorted(all_of_them - there)[:5]
        raise ReleaseError(f"{what}: {more} should not be there, {less} should")


def tracked() -> set[str]:
    """Return the files of the checkout, as git has them."""
    return {*call("git", "ls-files", "-z").split("\0")} - {""}


def version(root: Path = ROOT) -> str:
    """Return the version of a checkout, from the one place where it stands."""
    text = (root / "momo" / "__init__.py").read_text(encoding="utf-8")
    (line,) = (line for line in text.splitlines() if line.startswith("__version__ = "))
    return line.partition(" = ")[2].strip('"')


def check_metadata(raw: bytes, what: str) -> None:
    """Raise unless the metadata are valid, and those of ``pyproject.toml``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = Metadata.from_email(raw, validate=True)
    same(found.name, project["name"], f"{what}: name")
    same(str(found.version), version(), f"{what}: version")
    same(str(found.requires_python), project["requires-python"], f"{what}: requires-python")
    same(found.license_expression, project["license"], f"{what}: license")
    same(found.license_files, project["license-files"], f"{what}: license-files")
    same(found.description, (ROOT / "README.md").read_text(encoding="utf-8"), f"{what}: README")
    same(found.description_content_type, "text/markdown", f"{what}: form of the README")
    extras = list(project["optional-dependencies"])
    same_names(found.provides_extra or (), extras, f"{what}: extras")
    always = [str(each) for each in found.requires_dist or () if each.marker is None]
    same(always, project["dependencies"], f"{what}: what everybody needs")


def check_sdist(path: Path) -> None:
    """Raise unless a source distribution is what git has, without how it is run there."""
    top = f"{NAME}-{version()}"
    same(path.name, f"{top}.tar.gz", "name")
    with tarfile.open(path) as archive:
        names = [member.name for member in archive.getmembers() if not member.isdir()]
        info = archive.extractfile(f"{top}/PKG-INFO")
        assert info is not None
        check_metadata(info.read(), path.name)
    wanted = [name for name in tracked() if not name.startswith(LEFT_OUT)]
    same_names(names, (f"{top}/{name}" for name in [*wanted, "PKG-INFO"]), path.name)


def check_wheel(path: Path, target: Target) -> None:
    """Raise unless a wheel has the package alone, and kernels that are what it says."""
    info = f"{NAME}-{version()}.dist-info"
    own = [name for name in tracked() if name.startswith("momo/")]
    native = [KERNELS] if target.machine else []
    about = ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")
    with zipfile.ZipFile(path) as archive:
        wanted = [*own, *native, *(f"{info}/{name}" for name in about)]
        same_names(archive.namelist(), wanted, path.name)
        assert "momo/py.typed" in wanted
        check_metadata(archive.read(f"{info}/METADATA"), path.name)
        said = archive.read(f"{info}/WHEEL").decode()
        same(f"Root-Is-Purelib: {str(not native).lower()}\n" in said, True, f"{path.name}: WHEEL")
        same(archive.read(f"{info}/licenses/LICENSE"), (ROOT / "LICENSE").read_bytes(), "LICENSE")
        if native:
            check_kernels(archive.read(KERNELS), path, target)


def check_kernels(library: bytes, path: Path, target: Target) -> None:
    """Raise unless kernels are those of their source, processor, and oldest glibc."""
    from hashlib import sha256

    source = sha256((ROOT / "momo/optim/fused/kernels.c").read_bytes()).hexdigest()
    same(source.encode() in library, True, f"{path.name}: kernels of this source")
    same(int.from_bytes(library[18:20], "little"), target.elf, f"{path.name}: processor")
    said = " ".join(call(sys.executable, "-m", "auditwheel", "show", str(path)).split())
    wanted = f'consistent with the following platform tag: "{target.platform}"'
    same(wanted in said, True, f"{path.name}: auditwheel says {said}")


def picked(platforms: list[str], wheels: list[Path]) -> Path:
    """Return the wheel that pip takes on a platform: the first in the order of its tags."""
    tags = list(compatible_tags((3, 12), "cp312", platforms))
    rank: dict[Any, int] = {tag: n for n, tag in enumerate(tags)}
    best = {
        path: min(rank.get(tag, len(tags)) for tag in parse_wheel_filename(path.name)[3])
        for path in wheels
    }
    return min(best, key=lambda path: best[path])


def check_all(dist: Path = DIST) -> list[str]:
    """Look into all files of a release, and return a line about each."""
    check_sdist(dist / f"{NAME}-{version()}.tar.gz")
    found = {target: path for target in TARGETS if (path := built(target, dist))}
    for target, path in found.items():
        check_wheel(path, target)
    wheels = list(found.values())
    same_names(
        (path.name for path in dist.iterdir()),
        [f"{NAME}-{version()}.tar.gz", *(path.name for path in wheels)],
        str(dist),
    )
    for machine, (platforms, processor) in MACHINES.items():
        wanted = next(target for target in TARGETS if target.machine == processor)
        if wanted in found:
            same(picked(platforms, wheels).name, found[wanted].name, f"pip on {machine}")
    return [f"{path.name}  {path.stat().st_size / 1000:.0f} kB" for path in sorted(dist.iterdir())]
