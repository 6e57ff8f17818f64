# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a step costs in time and memory beside torch's own optimizers, and how accurate h is.

``python -m momo.bench`` needs the ``bench`` extra.
"""
