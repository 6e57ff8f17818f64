# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The problems that are made to be hard: the stored worst cases, and the traps.

Each is made for a method and a β, has few steps, and sees its functions in a given order. A bound
that is wrong is refuted here, and one that is right comes near equality: without these no run says
whether a bound could be half as large.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from theory import traps
from theory.files import cache_folder, read_sealed, write_sealed
from theory.methods import frozen_entries
from theory.problems.base import Array
from theory.worst_case.construction import given_order, one_function
from theory.worst_case.instance import Instance
from theory.worst_case.problem import Hard, problem
from theory.worst_case.setting import Setting
from theory.worst_case.store import Store, group_name

LENGTHS = {"lipschitz_best_from_first_capped": (5,), "smooth_best_from_first_2_functions": (2, 10)}
"""The K of the stored worst cases that are run, where it is not `LENGTH`."""

LENGTH = (10,)
"""K of the others: the largest that every group of the store has."""

TRAPS = ((0.0, 10), (0.5, 50), (0.9, 50))
"""β and K of the traps: as K grows they tend to the sharp rate, and to the paper's."""


@dataclass(frozen=True)
class Made:
    """A problem that is made to be hard.

    Attributes
    ----------
    name
        What tables call it.
    setting
        The method, β, K and cap that it is made for.
    instance
        Makes its points, gradients and values.
    """

    name: str
    setting: Setting
    instance: Callable[[], Instance]

    def build(self) -> Hard:
        """Return the problem."""
        found = self.instance()
        metric = None
        if self.setting.averaging == "from_zero":
            metric = frozen_entries(len(found.solution))
        return problem(self.name, found, metric)


@cache
def listed() -> dict[str, Made]:
    """Return all of them by name; those of the store as they are stored now."""
    found = [
        Made(_name("worst", setting), setting, partial(rebuilt, setting, kept.steps))
        for setting, kept in Store().found.items()
        if setting.iterations in LENGTHS.get(group_name(setting), LENGTH) and _in_order(setting)
    ]
    for beta, count in TRAPS:
        for averaging in ("from_first", "from_zero"):
            setting = Setting(beta, count, averaging)
            one = partial(trap, beta, count, averaging)
            found.append(Made(_name("trap", setting), setting, one))
            setting = Setting(beta, count, averaging, functions=count)
            several = partial(given_order, beta, count, averaging)
            found.append(Made(_name("trap", setting), setting, several))
    return {made.name: made for made in found}


def _in_order(setting: Setting) -> bool:
    """Whether it is a run of one order of samples, of the method that knows f*."""
    return setting.branches == 1 and not setting.lower_bound


def _name(kind: str, setting: Setting) -> str:
    """Return a short name, the same for equal settings only."""
    parts = [kind] if kind == "trap" else [kind, setting.kind, setting.measure]
    parts += ["from zero"] if setting.averaging == "from_zero" else []
    parts += [f"×{setting.functions}"] if setting.functions > 1 else []
    parts += [f"α={setting.lr:g}"] if np.isfinite(setting.lr) else []
    return f"{' '.join(parts)} β={setting.beta:g} K={setting.iterations}"


def trap(beta: float, iterations: int, averaging: str) -> Instance:
    """Return the trap of one function that is as slow as can be seen."""
    last = traps.least_rest(beta, iterations, averaging)
    return one_function(beta, iterations, averaging, last)


def rebuilt(setting: Setting, steps: Array, where: Path | None = None) -> Instance:
    """Return a stored worst case, solved anew; or from the cache, if it was before.

    Only its certificate makes a worst case exact. Here it need not be: whatever the solver finds
    is a function, on which every claim has to hold.
    """
    folder = cache_folder() / "instances" if where is None else where
    path = folder / _key(setting, steps)
    try:
        with np.load(io.BytesIO(read_sealed(path))) as stored:
            return Instance(setting, **{name: stored[name] for name in stored.files})
    except (OSError, ValueError):
        pass
    from theory.worst_case.pep import certified

    found = certified(setting, steps).instance
    buffer = io.BytesIO()
    names = ("points", "gradients", "values", "steps", "solution")
    np.savez(buffer, **{name: getattr(found, name) for name in names})
    with suppress(OSError):  # a folder that cannot be written costs time, not the result
        write_sealed(path, buffer.getvalue())
    return found


def _key(setting: Setting, steps: Array) -> str:
    """Return the name of a cache entry: the setting, the steps, and the code that solves it."""
    import theory.worst_case.pep as solver

    digest = hashlib.sha256(f"{setting!r} {version('clarabel')} {version('numpy')}".encode())
    digest.update(steps.tobytes())
    for path in sorted(Path(str(solver.__file__)).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return f"{digest.hexdigest()}.npz"
