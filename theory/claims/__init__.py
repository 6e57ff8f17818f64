# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How a claim of a theorem is measured on runs; the claims are in `theory.theorems`."""
