"""The table of methods: for each its NumPy form, its torch form, and how their arguments match.

Conformance, golden trajectories and experiments run over this table: a new method is one row, in a
file of its own or with its kin, and a line here. Importing it needs no torch.
"""

from momo.methods import adaptive, paper, polyak, sequences, spectral
from momo.methods.row import Hyperparameters, Listed, Row, Shape

PAPER: dict[str, Row] = {row.name: row for row in paper.ROWS}
"""The paper's methods."""
METHODS: dict[str, Row] = {
    row.name: row
    for module in (paper, polyak, adaptive, spectral, sequences)
    for row in module.ROWS
}
"""All methods."""

__all__ = ["METHODS", "PAPER", "Hyperparameters", "Listed", "Row", "Shape"]
