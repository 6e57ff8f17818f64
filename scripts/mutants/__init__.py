# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Mutation check: breaks the equations one small change at a time, and sees which tests notice.

``python -m scripts.mutants`` from the root of a checkout. What a change is stands in
`scripts.mutants.operators`; which modules and tests take part, in `scripts.mutants.targets`.
"""
