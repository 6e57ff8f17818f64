# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Named methods beside the paper's: the same optimizer, with other choices."""
