# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Real data: readers of the true formats, small slices in the repository, the rest by command.

``load("fashion_slice").train`` works at once; ``load("mnist")`` after ``python -m experiments data
mnist``; for others the error says which file to put where. Nothing is downloaded by itself.
"""

from experiments.data.base import (
    Clicks,
    DamagedDataError,
    FetchError,
    ImageFiles,
    Images,
    MissingDataError,
    Pairs,
    Splits,
    Text,
    Tokens,
    split,
)
from experiments.data.dataset import Dataset
from experiments.data.registry import DATASETS
from experiments.data.store import available, data_root, fetch, folder, load

__all__ = [
    "DATASETS",
    "Clicks",
    "DamagedDataError",
    "Dataset",
    "FetchError",
    "ImageFiles",
    "Images",
    "MissingDataError",
    "Pairs",
    "Splits",
    "Text",
    "Tokens",
    "available",
    "data_root",
    "fetch",
    "folder",
    "load",
    "split",
]
