"""The command ``python -m momo.conformance``."""

from __future__ import annotations

import sys

EXTRA = ("hypothesis", "rich", "torch", "tyro")


def main(arguments: list[str] | None = None) -> int:
    """Run the command, and return its exit status: 0, 1 if a law is broken, or 2."""
    try:
        import hypothesis  # noqa: F401  (here, so that it is missed at once)

        from momo.conformance.command import run
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in EXTRA:
            raise
        print(
            f"python -m momo.conformance needs {missing}:"
            " pip install 'momentum-models[conformance]'",
            file=sys.stderr,
        )
        return 2
    return run(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
