# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The fused paths: each pass over all vectors at once, natively on the CPU, by Triton on a GPU."""
