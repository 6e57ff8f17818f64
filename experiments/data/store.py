# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Where data sets lie on this machine, and how they get there: by command, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from experiments.data import vendored
from experiments.data.base import FetchError, MissingDataError, Splits
from experiments.data.dataset import Dataset
from experiments.data.registry import DATASETS
from experiments.files import cache_folder
from momo.lookup import choices

ROOT_VARIABLE = "MOMO_DATA"
GIVEN: dict[str, Splits[Any]] = {}
"""What `load` returns without reading anything; see `experiments.data.made_up`."""


def data_root(root: Path | None = None) -> Path:
    """Return ``root``, or else the folder that ``MOMO_DATA`` names, or one in the user's cache."""
    if root is not None:
        return root
    named = os.environ.get(ROOT_VARIABLE)
    return Path(named).expanduser() if named else cache_folder() / "data"


def dataset(name: str) -> Dataset:
    """Return a data set by its name.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    if name not in DATASETS:
        raise ValueError(f"data set = {name!r}; {choices(name, DATASETS)}")
    return DATASETS[name]


def folder(name: str, root: Path | None = None) -> Path:
    """Return where a data set lies, or would."""
    found = dataset(name)
    return (vendored.SLICES if found.vendored else data_root(root)) / name


def available(name: str, root: Path | None = None) -> str | None:
    """Return None if a data set can be read, else what is missing and how to get it."""
    found, place = dataset(name), folder(name, root)
    missing = found.missing(place)
    if not missing:
        return None
    wanted = f"{place} lacks: {', '.join(missing[:3])}{', ...' if len(missing) > 3 else ''}"
    if found.vendored:
        return f"the data set {name} is damaged: {wanted}; it is part of the repository"
    lines = [f"the data set {name} is not there: {wanted}"]
    own = f"{_them(found)} there yourself; source: {found.needs}"
    if found.fetch is None:
        lines.append(f"  No registry has it: put {own}")
    else:
        lines += [f"  To fetch it: {_command(name, root)}", f"  Or put {own}"]
    return "\n".join(lines)


def _them(found: Dataset) -> str:
    return "the file" if len(found.files) == 1 else "the files"


def _command(name: str, root: Path | None) -> str:
    return f"python -m experiments data {name}" + (f" --data {root}" if root else "")


def load(name: str, root: Path | None = None) -> Splits[Any]:
    """Return a data set; its kind is ``DATASETS[name].kind``.

    Raises
    ------
    MissingDataError
        If it is not there; the message says the command that fetches it, or which files to put
        where.
    DamagedDataError
        If a file is not as it should be.
    """
    if name in GIVEN:
        return GIVEN[name]
    reason = available(name, root)
    if reason is not None:
        raise MissingDataError(reason)
    return dataset(name).read(folder(name, root))


def fetch(
    name: str,
    root: Path | None = None,
    any_version: bool = False,
    say: Callable[[str], None] = print,
) -> Path:
    """Fetch a data set from a registry of packages, if it is not there yet; return its folder.

    It is put together beside its place and renamed at the end: an interruption leaves nothing that
    could be taken for it.

    Parameters
    ----------
    name
        Of the data set.
    root
        The folder of all data sets, if it is not the usual one.
    any_version
        Take what the registry has though its SHA-256 is not the expected one.
    say
        Is told what is being done.

    Raises
    ------
    FetchError
        If a tool or the network fails, or the content is another one.
    MissingDataError
        If no registry has it; the message says which files to put where.
    """
    found, place = dataset(name), folder(name, root)
    reason = available(name, root)
    if reason is None:
        return place
    if found.fetch is None:
        raise MissingDataError(reason)
    from filelock import FileLock

    place.parent.mkdir(parents=True, exist_ok=True)
    stage = place.with_name(f".{name}.part")
    with FileLock(place.with_name(f".{name}.lock")):
        if available(name, root) is None:  # by another process, meanwhile
            return place
        if place.exists() and any(place.iterdir()):
            raise FetchError(f"{place} is there, but lacks files; move it away to fetch {name}")
        shutil.rmtree(stage, ignore_errors=True)  # of a process that was killed
        try:
            content = stage / name
            content.mkdir(parents=True)
            found.fetch(content, any_version, say)
            if found.missing(content):
                raise FetchError(f"fetching {name} brought no {found.missing(content)[0]}")
            content.replace(place)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    return place
