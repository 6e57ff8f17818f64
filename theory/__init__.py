# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The convergence theory of momentum models: runs, proofs and worst cases."""
