# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command ``python -m momo.conformance``."""

from __future__ import annotations

import sys

from momo.installed import missing


def main(arguments: list[str] | None = None) -> int:
    """Run the command, and return its exit status: 0, 1 if a law is broken, 2 or 130."""
    try:
        import hypothesis  # noqa: F401  (here, so that it is missed at once)

        from momo.conformance.command import run

        return run(sys.argv[1:] if arguments is None else arguments)
    except ModuleNotFoundError as error:
        print(missing(error, "python -m momo.conformance", "conformance"), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("python -m momo.conformance: interrupted before the first law", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
