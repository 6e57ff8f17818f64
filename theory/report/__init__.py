# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a run of ``verify`` found: for the terminal, as figures, and as one HTML file."""
