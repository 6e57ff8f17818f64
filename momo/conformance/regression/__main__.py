# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command ``python -m momo.conformance.regression``."""

from __future__ import annotations

import sys

from momo.installed import missing


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0, 1 if something moved, 2 where it could not run, or 130."""
    try:
        from momo.conformance.regression.command import run

        return run(sys.argv[1:] if arguments is None else arguments)
    except ModuleNotFoundError as error:
        print(
            missing(error, "python -m momo.conformance.regression", "conformance"), file=sys.stderr
        )
        return 2


if __name__ == "__main__":
    sys.exit(main())
