# %% [markdown]
# # Your own variant, and the laws
#
# You have an idea for a step rule. Before you spend a week of training runs
# on it, spend a minute here: write it once, hold it against NumPy, and put it
# to the laws that every method of this kind obeys. One of them will object,
# and it will be right.
#
# It needs the extra `conformance`, which brings `torch` and `hypothesis`.

# %%
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import numpy as np
import torch

from momo import Momo
from momo.conformance import Subject, examine, laws
from momo.conformance.regression.check import accept, check
from momo.core.ops import arrays
from momo.core.parts import TRUNCATION
from momo.methods.row import MOMO, Hyperparameters, Row
from momo.reference import Given, State, momo

# %% [markdown]
# ## The idea: a cap without a corner
#
# MoMo's step size is the smaller of two numbers, the cap $\alpha$ and the
# adaptive term $\zeta = (h - f_*)_+ / \lVert d\rVert^2$. The minimum has a
# corner. Let us round it off: something that is near $\zeta$ while that is
# small, and levels off at $\alpha$:
#
# $$\tau = \alpha\,\frac{\zeta}{1 + \zeta}\,.$$
#
# A step rule is a part, a few lines on numbers. `ops` does what depends on
# what the numbers are: Python floats, NumPy arrays or tensors.


# %%
@dataclass(frozen=True)
class Rounded:
    """τ = α ζ / (1 + ζ)."""

    def __call__(self, cap, adaptive, dual_norm_sq, memory, ops):
        return cap * ops.quotient(adaptive, 1 + adaptive), memory


# %% [markdown]
# A method is a choice of parts. Everything else is MoMo's, so two short
# functions say all: the form in torch, and the same in NumPy.


# %%
class SoftMomo(Momo):
    """MoMo with a cap that has no corner."""

    @staticmethod
    def method(h):
        return replace(Momo.method(h), step_rule=Rounded())

    @staticmethod
    def reference(h, shape):
        own = momo(h.lr, h.beta, h.weight_decay, Given(h.lb))
        return replace(own, step_rule=Rounded())


# %% [markdown]
# ## Against NumPy, by hand
#
# Least squares, one row at a time, in both forms from the same start:

# %%
rng = np.random.default_rng(0)
rows, solution = rng.standard_normal((50, 8)), rng.standard_normal(8)


def compare(steps=100):
    """Take steps in both forms; return how far apart the points ever are."""
    parameter = torch.zeros(8, dtype=torch.float64, requires_grad=True)
    optimizer = SoftMomo([parameter], lr=0.5)
    h = Subject.of(SoftMomo).row.defaults
    method = SoftMomo.reference(replace(h, lr=0.5), (8,))
    x, state, apart = np.zeros(8), State(), 0.0
    for row in rows[rng.integers(50, size=steps)]:
        residual = row @ (x - solution)
        x, state, _ = method.step(state, x, residual**2 / 2, residual * row)

        optimizer.zero_grad()
        loss = (
            torch.tensor(row) @ (parameter - torch.tensor(solution))
        ) ** 2 / 2
        loss.backward()
        optimizer.step(loss=loss)
        apart = max(apart, np.abs(parameter.detach().numpy() - x).max())
    return apart, np.linalg.norm(x - solution)


apart, distance = compare()
print(f"largest difference {apart:.0e}; {distance:.3f} from the solution")
assert apart < 1e-12

# %% [markdown]
# The two agree to rounding, and it learns. Done?
#
# ## The laws
#
# That both forms agree says that they are the same method, not that it is a
# good one. The laws ask what any such method should obey, on problems that
# Hypothesis draws. `laws()` has all of them; these take a moment each:

# %%
QUICK = (
    "torch_equals_reference",
    "step_size_nonnegative",
    "scaling",
    "shift",
    "zero_gradient",
    "missing_gradient",
    "several_groups",
    "state_round_trip",
)


def judged(optimizer):
    """Print what the quick laws say; return those that are broken."""
    broken = {}
    for result in examine(Subject.of(optimizer), laws(*QUICK), examples=5):
        print(f"{result.law:24}{result.status}")
        if result.status == "broken":
            broken[result.law] = result.message
    print(*broken.values(), sep="\n")
    return broken


broken = judged(SoftMomo)
assert list(broken) == ["scaling"]

# %% [markdown]
# `scaling` says: where nothing is capped, a loss that is 32 times as large
# should make the same steps. Ours does not, and the smallest problem that
# shows it stands there, one step long.
#
# It is right. $\zeta$ is a step size, so it has a unit: that of a squared
# distance over a loss. We have added it to 1, which has none. The rule means
# one thing for a loss in nats and another for one in bits; the $\alpha$ tuned
# on a sum would be wrong for a mean. No comparison with NumPy could show it,
# since both forms had the same flaw.
#
# ## The repair
#
# What can $\zeta$ be compared with, that has its unit? The cap:
#
# $$\tau = \frac{\zeta}{1 + \zeta/\alpha}\,.$$
#
# `SoftMomo` looks its rule up by name, so it has the new one at once.


# %%
@dataclass(frozen=True)
class Rounded:  # noqa: F811
    """τ = ζ / (1 + ζ/α), which is below both; ζ if there is no cap."""

    def __call__(self, cap, adaptive, dual_norm_sq, memory, ops):
        return adaptive / (1 + adaptive / cap), memory


broken = judged(SoftMomo)
assert not broken
assert compare()[0] < 1e-12

# %% tags=["folded"] alt="Step size against the adaptive term: a corner, and the same rounded."
ops = arrays()
zeta = np.linspace(0, 5, 200)
figure, panel = plt.subplots()
for rule, label, look in (
    (TRUNCATION, r"MoMo: $\min\{\alpha, \zeta\}$", "-"),
    (Rounded(), r"ours: $\zeta / (1 + \zeta/\alpha)$", "--"),
):
    tau, _ = rule(np.ones(200), zeta, None, None, ops)
    panel.plot(zeta, tau, look, color="#0072B2", label=label)
panel.set_xlabel(r"adaptive term $\zeta$, in units of $\alpha$")
panel.set_ylabel(r"step size $\tau$")
panel.legend(loc="lower right")
plt.show()

# %% [markdown]
# All hold. (It is not new, by the way: up to a factor of 2 this is the rule
# of NGN, `HARMONIC` in `momo.core.parts`.) At the terminal, with the class in
# a file of yours, `python -m momo.conformance my_file:SoftMomo` puts it to
# all laws, those that take longer included.
#
# ## So that it stays as it is
#
# A golden record keeps what the method does on some fixed problems, to ten
# digits. When a later change moves it, you hear by how much, and since which
# step.

# %%
row = Row(
    "soft_momo",
    "MoMo with a soft cap",
    MOMO,
    reference=SoftMomo.reference,
    optimizer="__main__:SoftMomo",
)


def states(row, folder):
    """Compare a method with its record; return what there is to say."""
    methods = {row.name: row}
    ((_, found),) = check([row.name], methods, folder)
    return found, {change.state for change in found.changes}


with TemporaryDirectory() as name:  # yours would be in your repository
    folder = Path(name)
    found, before = states(row, folder)
    accept("soft_momo", found, {"soft_momo": row}, folder)
    _, after = states(row, folder)
    nudged = replace(row, defaults=Hyperparameters(beta=0.901))
    moved, changed = states(nudged, folder)

print("before it was recorded:", *before)
print("recorded, and compared:", *after)
print("with β = 0.901 for 0.9:", *sorted(changed))
first = next(c for c in moved.changes if c.state == "moved")
print(f"  by {first.by:.1e} in {first.column}, since step {first.step}")
assert (before, after) == ({"new"}, {"same"})

# %% [markdown]
# [Extend: a variant](../extend/variant.md) goes on from here: all laws in a
# table, hyper-parameters of your own, and what it takes to put a method into
# the project.
