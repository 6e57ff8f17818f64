# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""LDoG (Ivgi et al. 2023, arXiv 2302.12022): see `experiments.optimizers.dog`."""

from __future__ import annotations

from experiments.optimizers.dog import build_layered as build

__all__ = ["build"]
