# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The docs site: what MkDocs is given beyond the pages in `docs`, and checks of what it built."""
