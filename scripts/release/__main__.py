# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command ``python -m scripts.release``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from momo.installed import missing


def build() -> int:
    """Make the files of a release, and look into them."""
    from scripts.release.build import build
    from scripts.release.contents import check_all

    left_out = build()
    print("\n".join([*check_all(), *left_out]))
    return 0


def try_out(every: bool) -> int:
    """Install the files into clean environments, two at a time; ``every``: into all there are."""
    from functools import partial

    from scripts.release import emulation, environments

    # The one with torch takes longest, and so it begins.
    chosen = [*reversed(environments.ordinary()), *(environments.all_pythons() if every else ())]
    tries: list[Callable[[], str]] = [partial(environments.try_out, each) for each in chosen]
    why = emulation.missing()
    if not why:
        torches = ("", *emulation.TORCHES) if every else ("",)
        tries += [partial(emulation.try_out, torch) for torch in torches]
    with ThreadPoolExecutor(2) as pool:
        for said in pool.map(lambda attempt: attempt(), tries):
            print(said, flush=True)
    print(f"{len(tries)} environments: the files work in each" + (f"\n{why}" if why else ""))
    return 0


def check() -> int:
    """Say what is left to do before the files are given to others."""
    from scripts.release.state import left_to_do

    left = left_to_do()
    print("\n".join(left) if left else "ready: tag it, and upload what is in dist")
    return int(bool(left))


def main() -> int:
    """Run the command, and return its exit status: 0, 1 if something is not well, or 2."""
    parser = argparse.ArgumentParser(prog="python -m scripts.release", description=__doc__)
    add = parser.add_subparsers(dest="what", required=True).add_parser
    add("build", help="make the files of a release in dist, and look into them")
    tries = add("try", help="install them into clean environments, and try them there")
    tries.add_argument("--all", action="store_true", help="every Python, torch on aarch64: minutes")
    add("check", help="what is left to do before they are uploaded")
    given = parser.parse_args()
    from scripts.release.build import ReleaseError

    try:
        if given.what == "try":
            return try_out(given.all)
        return build() if given.what == "build" else check()
    except ModuleNotFoundError as error:
        print(missing(error, "python -m scripts.release", "release"), file=sys.stderr)
        return 2
    except ReleaseError as failed:
        print(failed, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
