"""The command ``python -m theory``."""

from __future__ import annotations

import sys

from momo.installed import missing


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status (`theory.command.run`), or 2 where it cannot run."""
    try:
        from theory.command import run

        return run(sys.argv[1:] if arguments is None else arguments)
    except ModuleNotFoundError as error:
        print(missing(error, "python -m theory", "theory"), file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
