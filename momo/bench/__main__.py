"""The command ``python -m momo.bench``."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the command, and return its exit status: 0, or 2 where it could not run."""
    try:
        from momo.bench.command import run
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in ("rich", "tyro"):
            raise
        print(
            f"python -m momo.bench needs {missing}: pip install 'momentum-models[bench]'",
            file=sys.stderr,
        )
        return 2
    return run(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
