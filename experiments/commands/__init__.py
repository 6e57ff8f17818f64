# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The commands of ``python -m experiments``; every import that takes time waits for its command."""
