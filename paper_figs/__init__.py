# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Figures, redrawn from records: ``python -m paper_figs``.

Three have none. ``model`` is computed by the reference; ``rate`` and ``worst_case`` show what the
theory has measured and kept, beside its bounds.
"""
