# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Where records are."""

from pathlib import Path

RECORDS = Path("records")
"""Where records go if nothing else is said: a folder of the checkout that git ignores."""
RESULTS = Path(__file__).parent / "results"
"""The records that belong to the project, and the only ones that `summary` and figures read if
nothing else is said: what is best depends on which runs are compared, and one's own would be taken
for the project's."""
