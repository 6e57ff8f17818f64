# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The rows whose step takes a loss, as most tests bring one; others call a closure at two points.

These have the oracles, the laws, golden trajectories and tests of their own.
"""

from __future__ import annotations

from momo.methods import METHODS as ALL

METHODS = {name: row for name, row in ALL.items() if row.ascent is None}
