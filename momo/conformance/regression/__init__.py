# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Golden trajectories: which methods have moved, by how much, and since which step.

``python -m momo.conformance.regression check`` runs each method of the table, in both its forms, on
a few fixed problems, and compares every step with what is on record; ``accept`` records.
"""
