# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``tokens``: make streams of tokens of text files, or of a data set of Hugging Face."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import tyro

from momo.installed import needed
from momo.lookup import choices


@dataclass(frozen=True)
class TokensCommand:
    """Make a data set of tokens: `train.bin` and `val.bin`, 16 bits a token, and what they are.

    Held out are the end of each text file, and of a data set single texts, chosen at random.
    """

    name: Annotated[str, tyro.conf.Positional]
    """The data set of tokens to make; see `data`."""
    files: tuple[Path, ...] = ()
    """Text files in UTF-8 (plain, .gz or .xz), a document each."""
    dataset: str | None = None
    """A data set of Hugging Face, by its name or path, whose package has to be installed."""
    split: str = "train"
    """Which part of the data set."""
    column: str = "text"
    """Where its texts are."""
    tokenizer: Literal["bytes", "bpe", "gpt2"] = "bytes"
    """bytes; bpe: learned from the text; gpt2: by tiktoken, which fetches it."""
    merges: int = 10000
    """Of bpe: how many pairs it makes one."""
    held_out: float = 0.0005
    """The share that is for validation and test."""
    seed: int = 2357
    """Of the choice of what is held out of a data set."""
    data: Path | None = None
    """The folder of all data sets; by default what MOMO_DATA names, or one in the user's cache."""

    def run(self) -> int:
        """Write the files, all or none; return 0.

        Raises
        ------
        ValueError
            If a value is out of range, or there are no tokens for a part.
        FileExistsError
            If the data set is there.
        """
        from experiments.data import folder
        from experiments.data.token_stream import write_tokens
        from experiments.workloads.tokenizers import tokenizer

        self._check()
        place = folder(self.name, self.data)
        if place.exists() and any(place.iterdir()):
            raise FileExistsError(f"{place} is there; move it away to make {self.name} anew")
        texts = (text for part, text in self._documents() if part == "train")
        chosen = tokenizer(self.tokenizer, texts, self.merges)
        about = {"tokenizer": chosen.name, "vocabulary": chosen.vocabulary, **chosen.about}
        stage = place.with_name(f".{self.name}.{os.getpid()}.part")
        stage.mkdir(parents=True)
        try:
            documents = ((part, chosen.document(text)) for part, text in self._documents())
            sizes = write_tokens(stage, documents, about)
            stage.replace(place)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        said = ", ".join(f"{size} in {part}.bin" for part, size in sizes.items())
        print(f"{self.name}: tokens of a vocabulary of {chosen.vocabulary}, {said}, in {place}")
        return 0

    def _check(self) -> None:
        from experiments.data import DATASETS, Tokens

        allowed = [name for name, found in DATASETS.items() if found.kind is Tokens]
        if self.name not in allowed:
            raise ValueError(f"name = {self.name!r}; {choices(self.name, allowed)}")
        if bool(self.files) == (self.dataset is not None):
            raise ValueError("files and dataset: allowed is one of the two, and one is needed")
        if not 0 < self.held_out < 1:
            raise ValueError(f"held_out = {self.held_out}; allowed: above 0 and below 1")
        for path in self.files:
            if not path.is_file():
                raise FileNotFoundError(f"files: {path} is no file")

    def _documents(self) -> Iterator[tuple[str, str]]:
        """Yield for each document its part and its text, always in the same order."""
        from experiments.data.compressed import read_text

        for path in self.files:
            text = read_text(path)
            border = len(text) - max(1, round(len(text) * self.held_out))
            yield from (("train", text[:border]), ("val", text[border:]))
        if self.dataset is not None:
            import numpy as np

            rng = np.random.default_rng(self.seed)
            for row in self._rows(self.dataset):
                yield ("val" if rng.random() < self.held_out else "train"), row[self.column]

    def _rows(self, name: str) -> Any:
        with needed("dataset", "tokens"):
            import datasets
        rows = datasets.load_dataset(name, split=self.split)
        if self.column not in rows.column_names:
            allowed = ", ".join(rows.column_names)
            raise ValueError(f"column = {self.column!r} of {name}; allowed: {allowed}")
        return rows
