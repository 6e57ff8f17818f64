# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Where data sets come from that a package registry has; nothing here runs but by command."""
