# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Workloads and methods in the form that other frameworks ask for; each needs its framework."""
