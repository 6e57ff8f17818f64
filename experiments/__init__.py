# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Experiments: learning-rate robustness of momentum models and baselines, recorded run by run."""
