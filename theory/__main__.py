# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command ``python -m theory``."""

from __future__ import annotations

import os
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


def program() -> int:
    """Run the command; 1, and no traceback, where who reads the output has had enough: ``| head``.

    What is buffered is written here, because Python itself would complain at its end.
    """
    try:
        try:
            return main()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(program())
