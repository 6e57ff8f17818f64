# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The models of the workloads, one file a family: plain torch, all sizes are arguments."""
