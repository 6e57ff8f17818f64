# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Programs for those who keep the project: data, mutants, and what releasing gradients saves."""
