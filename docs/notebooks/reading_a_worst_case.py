# %% [markdown]
# # Reading a worst case
#
# A bound says that a method is never worse than this. Is it ever that bad?
# For some numbers of steps the project has an answer: the worst function
# that there is, or the worst that was found, on which the method does as
# badly as it can. This page takes one of them apart. It ends as a function
# of three variables on which you can follow MoMo by hand.
#
# It runs in a checkout, with the extra `theory`.

# %%
import math

import matplotlib.pyplot as plt
import numpy as np

from momo.reference import State, momo
from theory import bounds
from theory.worst_case.function import functions
from theory.worst_case.pep import certified
from theory.worst_case.program import Family
from theory.worst_case.setting import Setting
from theory.worst_case.store import Store

BLUE, RED, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#7a7a7a"

# %% [markdown]
# ## What is on record
#
# The question, for one $\beta$ and $K$: of all convex functions whose
# gradients are no longer than $G$, and all starts at a distance $D$ from a
# minimiser, which leaves the most after $K$ evaluations? What is left is
# $\min_{k\le K} f(x^k) - f^*$, in units of $GD$. MoMo has no cap here, and
# knows $f^*$.
#
# For given step sizes $\tau_1, \dots, \tau_{K-1}$ this is a semidefinite
# program (*performance estimation*), which a solver answers with a
# certificate. The step sizes were searched; they are what is on record, with
# the value.

# %%
BETA = 0.5
record = Store().found
for count in (1, 2, 3, 4, 5):
    found = record[Setting(BETA, count)]
    print(f"K = {count}: {found.value:.4f}, τ =", found.steps.round(4))

# %% [markdown]
# Beside them, the bounds. The paper's holds for any functions, drawn at
# random; the others were derived for this project, the dashed one for a
# single function. No method at all can be below $1/\sqrt K$.

# %% tags=["folded"] alt="Worst values on record against K, between bounds."
counts = np.array(
    [s.iterations for s in record if s == Setting(BETA, s.iterations)]
)
counts.sort()
worst = np.array([record[Setting(BETA, k)].value for k in counts])
steps = np.arange(1, 21)
figure, panel = plt.subplots()
for label, values, colour, dashes in (
    ("the paper's bound", bounds.paper(BETA, steps), "black", ":"),
    ("best bound for one function", bounds.upper(BETA, steps), BLUE, "--"),
    (r"any method: $1/\sqrt{K}$", bounds.orthogonal(steps), GREEN, "-."),
):
    panel.loglog(steps, values, dashes, color=colour, label=label)
panel.loglog(counts, worst, "o", color=RED, label="on record")
panel.set_xlabel("$K$")
panel.set_ylabel("what is left, in $GD$")
panel.set_xticks([1, 2, 5, 10, 20], ["1", "2", "5", "10", "20"])
panel.set_yticks([0.2, 0.5, 1.0, 2.0], ["0.2", "0.5", "1", "2"])
panel.minorticks_off()
panel.legend(loc="lower left")
plt.show()

assert (worst <= bounds.upper(BETA, counts) + 1e-7).all()
assert (worst >= bounds.orthogonal(counts) - 1e-7).all()

# %% [markdown]
# ## One of them, opened
#
# Take $K = 3$: two steps, the second of which feels momentum. The program is
# solved again from the recorded steps. Its answer is a Gram matrix, of the
# start and the three gradients, and it looks as if somebody had made it up:

# %%
setting = Setting(BETA, 3)
case = certified(setting, record[setting].steps)
seen = case.instance
vectors = np.vstack([seen.points[:1], seen.gradients])
print(
    "value:",
    round(case.value, 6),
    " objections:",
    case.certificate.objections,
)
print("inner products of x¹, g₁, g₂, g₃:")
print((vectors @ vectors.T).round(3) + 0.0)

# %% [markdown]
# The first two gradients are at right angles, the third is half turned back
# against the first, and everything else is $v$ or $v/2$ for one number,
# $v = 0.632\ldots$ Choose coordinates: the first two gradients are the first
# two axes, and the third axis is what is left of $g_3$.

# %%
axes, _ = np.linalg.qr(seen.gradients.T)
axes = axes * np.sign(np.vecdot(axes.T, seen.gradients))
print("gradients:", (seen.gradients @ axes).round(4) + 0.0, sep="\n")
print("points:", (seen.points @ axes).round(4) + 0.0, sep="\n")
print("values:", seen.values.round(4))

# %% [markdown]
# So here is the function, read off the rows: the largest of three linear
# functions and 0, in exact numbers.
#
# $$f(x) = \max\Big\{x_1,\ \ x_2,\ \ \tfrac12(x_2 - x_1) +
# \tfrac1{\sqrt2}\,x_3,\ \ 0\Big\}, \qquad
# x^1 = v\,\big(1,\,1,\,\tfrac1{\sqrt2}\big), \quad v = \sqrt{2/5}.$$
#
# Each gradient has length 1, the start is at distance 1 from the minimiser
# $x^* = 0$, and $f(x^1) = v$. Now follow MoMo, with $\beta = \frac12$:
#
# 1. At $x^1$ all three pieces are $v$: a kink. A method has to live with
#    whichever gradient it is given, and the worst case gives it
#    $g_1 = (1, 0, 0)$. The step is $\tau = v/1$, to
#    $x^2 = v\,(0, 1, \frac1{\sqrt2})$.
# 2. There $f$ is $v$ again, by the second piece: $g_2 = (0, 1, 0)$. The
#    average is $d = (\frac12, \frac12, 0)$. Its line is worth half of what
#    $g_1$ says, 0, and half of $v$; so $\tau = \frac{v/2}{1/2} = v$, and
#    $x^3 = v\,(-\frac12, \frac12, \frac1{\sqrt2})$.
# 3. Momentum has gone on along $g_1$, where nothing was to be had; the third
#    piece is what it runs up on. It is $v$ there, for the third time.
#
# Nothing was gained in two steps. The same, by the reference:

# %%
V = math.sqrt(2 / 5)
GRADIENTS = np.array([[1, 0, 0], [0, 1, 0], [-0.5, 0.5, math.sqrt(0.5)]])
x = V * np.array([1, 1, math.sqrt(0.5)])
method, state, points = momo(lr=np.inf, beta=BETA), State(), [x]
for k in range(3):
    value = max(*(GRADIENTS @ x), 0)
    assert math.isclose(value, V), "nothing is gained"
    assert math.isclose(GRADIENTS[k] @ x, value), "g_k is a subgradient at x^k"
    next_x, state, info = method.step(state, x, value, GRADIENTS[k])
    print(f"k = {k + 1}: x = {x.round(4)}, f = {value:.6f}", end="")
    print(f", τ = {info.step_size:.6f}" if k < 2 else "")
    x = next_x
    points.append(x)

assert np.allclose(points[:3], seen.points @ axes, atol=1e-4)
assert abs(record[setting].value - V) < 1e-8

# %% [markdown]
# All of it happens in the plane $x_3 = v/\sqrt2$, so this picture of it is
# exact. The three regions are the three pieces; the thick line is the level
# $v$, which the run does not leave.

# %% tags=["folded"] alt="Level sets of the worst function in the plane of the run, which stays on one."
side = np.linspace(-0.55, 0.85, 281)
first, second = np.meshgrid(side, side)
plane = np.stack([first, second, np.full_like(first, V / math.sqrt(2))], -1)
pieces = plane @ GRADIENTS.T
height = np.maximum(pieces.max(axis=-1), 0)
figure, panel = plt.subplots(figsize=(5, 4.2))
largest = pieces.argmax(axis=-1)
for piece, colour in enumerate((BLUE, GREEN, RED)):
    inside = np.where(largest == piece, 1.0, np.nan)
    panel.contourf(first, second, inside, colors=[colour], alpha=0.12)
panel.contour(first, second, height, levels=9, colors=GREY, linewidths=0.6)
panel.contour(first, second, height, levels=[V], colors="black", linewidths=2)
run = np.array(points[:3])
panel.plot(run[:, 0], run[:, 1], "o-", color=BLUE)
for k, (x1, x2, _) in enumerate(run, 1):
    panel.annotate(f"$x^{k}$", (x1, x2), (6, 6), textcoords="offset points")
panel.plot(0, 0, "*", color="black", markersize=9)
panel.annotate("below: $x^*$", (0, 0), (8, -4), textcoords="offset points")
panel.set_xlabel("$x_1$")
panel.set_ylabel("$x_2$")
panel.set_aspect("equal")
panel.grid(False)
plt.show()

# %% [markdown]
# ## How unusual is it?
#
# Very. Here are 20000 functions of the same kind at random: the largest of
# three linear functions with gradients of length 1, and 0, from random
# starts at distance 1. The reference runs them all at once.

# %%
rng = np.random.default_rng(0)


def directions(*shape):
    """Return random vectors of length 1."""
    drawn = rng.standard_normal(shape)
    return drawn / np.linalg.norm(drawn, axis=-1, keepdims=True)


slopes, x, state = directions(20_000, 3, 3), directions(20_000, 3), State()
left = np.full(len(x), np.inf)
for _ in range(3):
    values = np.einsum("rij,rj->ri", slopes, x)
    piece = values.argmax(axis=1)
    value = np.maximum(values.max(axis=1), 0)
    grad = slopes[np.arange(len(x)), piece] * (value > 0)[:, None]
    left = np.minimum(left, value)
    x, state, _ = method.step(state, x, value, grad)

print(
    f"left after K = 3: on the mean {left.mean():.3f}, at most {left.max():.3f}"
)
print(f"the worst case leaves {V:.3f}")
assert left.max() < V

# %% [markdown]
# ## Why nothing is worse: the multipliers
#
# That was one side, a function on which the value is attained. The other
# side is a proof that no function leaves more, for these step sizes. The
# solver gives it as numbers: one multiplier for each inequality that the
# function and the run obey. Multiply, add up, and what remains on the left
# is what is left after $K$ evaluations, less a sum of squares; on the right
# are the limits.

# %%
MEANING = {
    "start": "‖x¹ - x*‖ ≤ 1",
    "lipschitz": "‖g_{0}‖ ≤ 1",
    "convex *": "f* ≥ f_{0} + <g_{0}, x* - x^{0}>",
    "convex": "f_{0} ≥ f_{1} + <g_{1}, x^{0} - x^{1}>",
    "rule": "step {0}: τ ‖d‖² = h - f*",
    "measure": "what is left ≤ f_{0} - f*",
}
used = {name: m for name, m in case.multipliers.items() if abs(m) > 1e-6}
for name, multiplier in used.items():
    kind, *numbers = name.split()
    kind, numbers = (
        (f"{kind} *", numbers[1:]) if "*" in numbers else (kind, numbers)
    )
    meaning = MEANING[kind].format(*numbers)
    print(f"{multiplier:8.4f}   {meaning}")

# %% [markdown]
# Nothing of that needs to be believed. With the program written down in
# numbers, inequality $i$ as $\langle A_i, \Gamma\rangle +
# \langle b_i, F\rangle \le c_i$, the proof is three lines: in the sum all
# values cancel but what is left, the matrix that remains has no negative
# eigenvalue, and the limits, each times its multiplier, add up to $v$.

# %%
at_cap = np.zeros(2, dtype=bool)
program = Family(setting, at_cap).program(case.steps)
multipliers = np.array([case.multipliers.get(n, 0.0) for n in program.names])

cancelled = np.abs(program.stationarity(multipliers)).max()
least = np.linalg.eigvalsh(program.dual_slack(multipliers))[0]
total = multipliers @ program.limits
print(f"what does not cancel: {cancelled:.0e}")
print(f"least eigenvalue: {least:.0e}, up to rounding not negative")
print(f"sum of the limits: {total:.9f}, and v = {V:.9f}")

assert multipliers[~program.equations].min() > -1e-9, (
    "inequalities keep their sign"
)
assert cancelled < 1e-7
assert least > -1e-7
assert abs(total - V) < 1e-7

# %% [markdown]
# ## What the multipliers say
#
# They tell what a proof has to use, and what it need not:
#
# - `f* ≥ …`, convexity between each point and $x^*$: all three. The paper's
#   proof is built upon these alone.
# - `f_1 ≥ f_2 + …`, convexity between two points of the run: one. It says
#   that both gradients are of *one* function. The paper's proof cannot use
#   it, since each of its steps sees another function; so there is something
#   to be gained for a single one, and that is where the sharper bound of the
#   picture above comes from.
#
# What if we take it away? Let two functions come in turn, so that no two
# steps in a row see the same:

# %%
between = [n for n in used if n.startswith("convex") and "*" not in n]
assert between == ["convex 1 2"]

in_turn = record[Setting(BETA, 3, functions=2)]
print(f"one function: {V:.6f}; two in turn: {in_turn.value:.6f}")
assert abs(in_turn.value - math.sqrt(3 / 7)) < 1e-6
assert V < in_turn.value < bounds.two_ends(BETA, 3)

# %% [markdown]
# It gets worse, to $\sqrt{3/7}$, as it had to.
#
# ## To go on
#
# Any other setting opens in the same way: another $\beta$ or $K$, a cap
# (`lr=`), smooth functions (`kind="smooth"`), several functions, or samples
# that are drawn (`sampling="independent"`). `Store().found` has all that are
# on record; `functions(seen)` gives the functions of an instance, with value
# and gradient at any point, in as many dimensions as there are:

# %%
(f,) = functions(seen)
value, gradient = f.loss_and_grad(seen.points[0])
print(
    f"f(x¹) = {value:.6f}; a subgradient there: {(gradient @ axes).round(4) + 0.0}"
)

# %% [markdown]
# `python -m theory worst-case` certifies and replays all of them, and
# `python -m theory worst-case search --minutes 30` looks for worse ones.
# [The theory's page](../theory/index.md) says which of them are known to be
# exact, and where a gap is left.
