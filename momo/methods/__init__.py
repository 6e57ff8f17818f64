# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The table of methods: for each its NumPy form, its torch form, and how their arguments match.

Conformance, golden trajectories and experiments run over this table. Importing it needs no torch.
"""

from importlib import import_module

from momo.methods.paper import ROWS
from momo.methods.row import Hyperparameters, Listed, Row, Shape

FILES = (
    "paper",
    "polyak",
    "ngn",
    "adaptive",
    "lomo",
    "spectral",
    "sequences",
    "sam",
)
"""The files with rows, in the order in which they are shown: a new file is one line here."""
PAPER: dict[str, Row] = {row.name: row for row in ROWS}
"""The paper's methods."""
METHODS: dict[str, Row] = {
    row.name: row for file in FILES for row in import_module(f"momo.methods.{file}").ROWS
}
"""All methods."""

__all__ = ["METHODS", "PAPER", "Hyperparameters", "Listed", "Row", "Shape"]
