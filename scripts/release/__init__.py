# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Releases: what is given to others is built, looked into, and tried where nothing else is.

``python -m scripts.release build`` makes the files of a release in ``dist``, ``try`` installs them
into clean environments, and ``check`` says what is left to do before they are uploaded.
"""
