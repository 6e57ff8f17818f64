# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Other people's training loops: what each has to do so that loss and gradient stay a pair.

One module a framework, which imports it; this one imports none.
"""
