# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a data set is: how it is called, which files it has, how it is read and fetched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from experiments.data.base import SUFFIXES, Kind, Splits


class Fetch(Protocol):
    """Puts a data set's files into an empty folder."""

    def __call__(self, folder: Path, any_version: bool, say: Callable[[str], None]) -> None:
        """Fill ``folder``.

        Parameters
        ----------
        folder
            Empty; on an error its content does not matter.
        any_version
            Do without the comparison of hashes.
        say
            Is told what is being done.

        Raises
        ------
        FetchError
            If a tool is missing or fails, or if the content is not the one expected.
        """
        ...


@dataclass(frozen=True)
class Dataset:
    """A data set.

    Attributes
    ----------
    name, title
        How it is called in commands, and in text.
    licence
        Of the data, as far as it is known.
    kind
        What its parts are: `Images`, `ImageFiles`, `Clicks`, `Pairs`, `Text` or `Tokens`.
    read
        Reads it from its folder.
    files
        What has to lie in the folder, plain, .gz or .xz. Each entry names a file, as a pattern of
        ``Path.glob``, or several, parted by " or ", of which one suffices.
    needs
        Where the files officially come from, if they cannot be fetched or the fetch fails.
    fetch
        Puts the files into an empty folder; None where no registry has them.
    vendored
        Whether it is part of the repository.
    """

    name: str
    title: str
    licence: str
    kind: type[Kind]
    read: Callable[[Path], Splits[Any]]
    files: tuple[str, ...]
    needs: str
    fetch: Fetch | None = None
    vendored: bool = False

    def missing(self, folder: Path) -> list[str]:
        """Return the entries of ``files`` that are not in the folder."""
        return [
            entry
            for entry in self.files
            if not any(
                next(folder.glob(pattern + suffix), None)
                for pattern in entry.split(" or ")
                for suffix in SUFFIXES
            )
        ]
