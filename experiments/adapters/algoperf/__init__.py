# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Submissions to AlgoPerf, in the form that its training loop calls with PyTorch.

``--submission_path=experiments/adapters/algoperf/momo.py``, or ``momo_adam.py``. The interface is
that of *Benchmarking Neural Network Training Algorithms* (arXiv 2306.07179), section 4. AlgoPerf
is in no package index under its name; what is here is tested with an object of its signatures.
"""
