# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``python -m paper_figs``."""

from __future__ import annotations

import sys

from momo.installed import missing


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status (`paper_figs.command.run`), or 2 where it cannot."""
    try:
        from paper_figs.command import run

        return run(sys.argv[1:] if arguments is None else arguments)
    except ModuleNotFoundError as error:
        print(missing(error, "python -m paper_figs", "experiments"), file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
