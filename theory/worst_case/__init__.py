# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Worst cases of momentum models by performance estimation: searched, certified, replayed."""
