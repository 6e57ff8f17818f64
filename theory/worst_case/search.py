# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The long search: every setting of the list in turn, again and again, until the time is over."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from momo.lookup import choices
from theory.problems.base import Array
from theory.worst_case.ascent import Found, polish, search
from theory.worst_case.setting import Setting
from theory.worst_case.store import Store, group_name

BETAS = (0.0, 0.3, 0.5, 0.7, 0.9, 0.99)


def targets() -> list[Setting]:
    """Return the settings that the repository has results for, the important ones first."""
    listed = [Setting(beta, k) for k in range(1, 11) for beta in BETAS]
    few = (0.0, 0.5, 0.9)
    listed += [Setting(beta, k, "from_zero") for k in range(1, 11) for beta in BETAS]
    listed += [Setting(beta, k, measure="last") for k in range(1, 11) for beta in few]
    for measure in ("best", "last"):
        listed += [Setting(b, k, kind="smooth", measure=measure) for k in range(1, 11) for b in few]
        listed += [Setting(b, k, measure=measure, functions=2) for k in range(1, 11) for b in few]
    listed += [Setting(b, k, kind="smooth", functions=2) for k in range(1, 11) for b in few]
    listed += [Setting(b, k, lr=a) for a in (0.1, 0.3) for k in (2, 3, 4, 5) for b in (0.5, 0.9)]
    listed += [Setting(beta, k) for k in (12, 15, 20) for beta in few]
    listed += [Setting(beta, k, "from_zero") for k in (12, 15) for beta in few]
    return list(dict.fromkeys([*listed, *_beyond()]))


def _beyond() -> list[Setting]:
    """Return what theorems speak of that are not the paper's: caps, any f_*, independent samples.

    Of independent samples few K: there are ``2^K`` orders of them in one program.
    """
    few = (0.0, 0.5, 0.9)
    listed = [Setting(b, k, lr=a) for a in (0.1, 0.3, 1.0) for k in (2, 5, 10) for b in few]
    for lr in (0.5, math.inf):
        smooth = Setting(0.0, 1, kind="smooth", measure="weighted", lr=lr)
        for base in (smooth, replace(smooth, functions=2)):
            listed += [replace(base, beta=b, iterations=k) for k in (2, 3, 5) for b in few]
    # Much too high a bound is met by functions on which nothing moves; long runs are these.
    for error, counts in ((-0.5, (2, 5, 10)), (-0.1, (2, 5, 10)), (0.1, (2, 5, 10)), (0.5, (2, 5))):
        listed += [Setting(b, k, lower_bound=error) for k in counts for b in few]
    drawn = Setting(0.0, 1, functions=2, sampling="independent")
    for lr in (math.inf, 0.3):
        base = replace(drawn, lr=lr)
        listed += [replace(base, beta=b, iterations=k) for k in (2, 3) for b in few]
    listed += [replace(drawn, beta=b, iterations=4) for b in (0.5, 0.9)]
    for measure in ("mean", "balanced"):
        for lr, bound in ((0.3, -0.1), (1.0, -0.1), (1.0, -1.0)):
            base = replace(drawn, measure=measure, lr=lr, interpolation=False, lower_bound=bound)
            betas = few if measure == "mean" else few[1:]
            listed += [replace(base, beta=b, iterations=k) for k in (2, 3) for b in betas]
    return listed


def choose(
    betas: tuple[float, ...] = (), iterations: tuple[int, ...] = (), groups: tuple[str, ...] = ()
) -> list[Setting]:
    """Return the targets, or those with other β and K that are asked for.

    Raises
    ------
    ValueError
        If a group is unknown, with those that are known, or β or K is out of range.
    """
    listed = targets()
    known = list(dict.fromkeys(group_name(setting) for setting in listed))
    for name in groups:
        if name not in known:
            raise ValueError(f"groups has {name!r}; {choices(name, known)}")
    chosen = [s for s in listed if not groups or group_name(s) in groups]
    if iterations:
        chosen = [replace(setting, iterations=k) for k in iterations for setting in chosen]
    if betas:
        chosen = [replace(setting, beta=beta) for setting in chosen for beta in betas]
    return list(dict.fromkeys(chosen))


def neighbours(setting: Setting, store: Store) -> list[Array]:
    """Return stored steps to start from: the setting's own, one K less, the nearest β."""
    like = {
        other: found
        for other, found in store.found.items()
        if replace(other, beta=setting.beta, iterations=setting.iterations) == setting
    }
    same = [found for other, found in like.items() if other == setting]
    shorter = [o for o in like if o.beta == setting.beta and o.iterations < setting.iterations]
    shorter.sort(key=lambda other: -other.iterations)
    beside = [o for o in like if o.iterations == setting.iterations and o.beta != setting.beta]
    beside.sort(key=lambda other: abs(other.beta - setting.beta))
    chosen = [like[other] for other in (*shorter[:1], *beside[:2])]
    return [found.steps for found in (*same, *chosen)]


def one(setting: Setting, known: Sequence[Array], seed: int, starts: int) -> tuple[Setting, Found]:
    """Search one setting once; what joblib's processes run."""
    return setting, polish(setting, search(setting, known, seed, starts))


def run(
    settings: Iterable[Setting],
    store: Store,
    minutes: float,
    jobs: int = 1,
    starts: int = 4,
    first_seed: int = 0,
    report: Callable[[int, Setting, Found, bool], None] = lambda *_: None,
) -> int:
    """Search round after round; returns the number of improvements.

    Parameters
    ----------
    settings
        What to search.
    store
        Where results go, at once; starting again goes on from there.
    minutes
        When to end: no setting is begun later.
    jobs
        Processes.
    starts
        Random starts for each setting and round.
    first_seed
        Seed of the first round; each further one adds 1.
    report
        Called with round, setting, what was found, and whether it is an improvement.
    """
    from joblib import Parallel, delayed

    listed = list(settings)
    end, improved, turn = time.monotonic() + 60 * minutes, 0, 0
    parallel = Parallel(n_jobs=jobs, return_as="generator_unordered", pre_dispatch=jobs)
    while time.monotonic() < end:
        # A generator: each task is made when a process is free, from what is stored by then.
        tasks = (
            delayed(one)(setting, neighbours(setting, store), first_seed + turn, starts)
            for setting in listed
            if time.monotonic() < end
        )
        for setting, found in parallel(tasks):
            better = store.improve(setting, found)
            improved += better
            report(turn, setting, found, better)
        turn += 1
    return improved
