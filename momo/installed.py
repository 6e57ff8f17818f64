# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is installed: what to say where a library is missing, or another package has our name too.

It needs nothing else, and nothing is looked up before it is asked for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

# ---- libraries that an extra brings --------------------------------------------------------------

OWN = ("momo", "theory", "experiments", "paper_figs", "scripts")
"""The packages of the project itself, which no extra brings."""


HERE = os.path.dirname(os.path.abspath(__file__))


def command(extra: str) -> str:
    """Return what to type to install an extra: by name, or in a checkout, if this is one.

    By name pip takes the version that is installed already, and adds to it what the extra brings.
    """
    if os.path.exists(os.path.join(os.path.dirname(HERE), "pyproject.toml")):
        return f"pip install '.[{extra}]' in a checkout of momentum-models"
    return f'pip install "momentum-models[{extra}]"'


def missing(error: ModuleNotFoundError, who: str, extra: str) -> str:
    """Return what to say where a library that an extra brings is not there.

    Parameters
    ----------
    error
        What its import has raised; it is raised again if no library is missing, but a part of one,
        or of the project.
    who, extra
        Who needs it, and the extra that brings it.
    """
    name = (error.name or "").partition(".")[0]
    if not name or name in OWN or _there(name):
        raise error
    return f"{who} needs {name}, which is not installed: {command(extra)}"


def _there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ImportError:  # of a finder that keeps it from being found
        return False


@contextmanager
def needed(who: str, extra: str) -> Iterator[None]:
    """Let the ``ModuleNotFoundError`` of an import say which extra brings the library."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(missing(error, who, extra), name=error.name) from None


# ---- another package of the same import name -----------------------------------------------------

OTHER = "momo-opt"
"""The distribution of the paper's authors, which is imported as ``momo``, too."""
_ours = False
"""Whether ``momo/__init__.py`` is ours: it has called `at_import` then."""
_looked = False
"""Whether there is no more to be looked for, or to be said."""


def at_import() -> None:
    """Warn if files of the other package lie in our folder; ``momo/__init__.py`` calls it."""
    global _ours
    _ours = True
    if os.path.exists(os.path.join(HERE, "momo.py")):
        _warn(
            f"{OTHER} and momentum-models are installed in one folder, {HERE}, where they overwrite"
            " each other's files"
        )


def at_optimizers() -> None:
    """Warn if ``momo/__init__.py`` is not ours; ``momo/optim/__init__.py`` calls it."""
    if not _ours:
        gone = getattr(sys.modules["momo"], "__file__", None) is None
        what = "has been removed" if gone else f"is that of {OTHER}"
        names = "is not there" if gone else "is another"
        _warn(
            f"the file __init__.py of momentum-models in {HERE} {what}, so that `from momo import"
            f" Momo` {names} ({OTHER} is imported as momo, too)"
        )


def at_first_optimizer() -> None:
    """Warn if the other package is installed anywhere; only the first optimizer looks."""
    global _looked
    if _looked:
        return
    _looked = True
    from importlib.metadata import distributions

    for other in distributions(name=OTHER):
        _warn(
            f"{OTHER} {other.version} is installed in {other.locate_file('')}, momentum-models runs"
            f" from {HERE}: which of the two is imported as momo depends on the folder in which"
            " Python is started"
        )
        break


def _warn(what: str) -> None:
    import warnings

    global _looked
    _looked = True
    remedy = (
        f"allowed: one of the two. Remove both, pip uninstall {OTHER} momentum-models, then install"
        f" one, {command('torch')}, or pip install {OTHER}"
    )
    warnings.warn(f"{what}; {remedy}", stacklevel=3)
