# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The figures, one module each, with a function ``draw(records) -> Figure``."""
