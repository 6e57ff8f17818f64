# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How runs are carried out.

A run is a `experiments.config.Run`: one method on one workload. `training` does one, `locks` says
who does which, `processes` and `jobs` do many, here or on a cluster.
"""
