# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The finished tasks of a run, kept until it ends, so that an interrupted one can go on."""

from __future__ import annotations

import hashlib
import pickle
import shutil
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np

import momo.core
import momo.reference
from theory.files import cache_folder, read_sealed, write_sealed
from theory.outcomes import Outcome
from theory.plan import Plan


def key(plan: Plan) -> str:
    """Return a name for the run: its plan, every line of the code, and what computes with it."""
    digest = hashlib.sha256(repr(plan).encode())
    digest.update(
        f"{sys.version} {np.__version__} {version('cvxpy')} {version('clarabel')}".encode()
    )
    own = (momo.core.__file__, momo.reference.__file__, __file__)
    for root in (Path(str(file)).parent for file in own):
        for path in sorted(root.rglob("*.py")):
            digest.update(path.read_bytes())
    for name in (*plan.problems, *plan.claims):
        module, colon, _ = name.partition("(")[0].partition(":")
        # The plan has loaded it.
        source = getattr(sys.modules[module], "__file__", None) if colon else None
        if source is not None:
            digest.update(Path(source).read_bytes())
    return digest.hexdigest()


class Journal:
    """Where the outcomes of one plan are kept.

    The folder belongs to this plan and this version of the code alone; outcomes of any other are
    never found. A damaged entry is reported, and its task done again.
    """

    def __init__(self, plan: Plan, where: Path | None = None) -> None:
        self.folder = (cache_folder() if where is None else where) / "runs" / key(plan)

    def finished(self) -> list[Outcome]:
        """Return the outcomes of an earlier, interrupted run."""
        found = []
        for path in sorted(self.folder.glob("*.outcome")):
            try:
                # A pickle runs code when it is read; this one lies in the user's own cache.
                found.append(pickle.loads(read_sealed(path)))
            except ValueError as error:
                warnings.warn(f"{path} is damaged ({error}); its task is done again", stacklevel=2)
        return found

    def add(self, outcome: Outcome) -> None:
        """Keep an outcome; a folder that cannot be written costs the resuming, not the run."""
        name = hashlib.sha256(repr(outcome.task).encode()).hexdigest()[:16]
        try:
            write_sealed(self.folder / f"{name}.outcome", pickle.dumps(outcome))
        except OSError as error:
            warnings.warn(f"{outcome.task.label} was not kept for resuming: {error}", stacklevel=2)

    def clear(self) -> None:
        """Forget everything: the run has ended, or starts afresh."""
        shutil.rmtree(self.folder, ignore_errors=True)
