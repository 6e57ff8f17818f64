# %% [markdown]
# # The model and its step, drawn
#
# A step of SGD looks at the gradient: which way is down, and how steep. It
# does not look at how much there is still to go. MoMo does. This page draws
# what it sees: first on a line, where all of it fits into one picture, then
# in the plane. The pictures with a slider move; drag them, or press play.
#
# It needs `numpy` and `matplotlib`. Every curve and point is computed by
# `momo.reference`, the methods in NumPy.

# %%
import json
import math
from string import Template

import matplotlib.pyplot as plt
import numpy as np

from momo.reference import State, momo, sgd_m
from momo.reference.model import (
    MomentumModel,
    linear_value,
    proximal_objective,
    truncated_value,
)
from momo.reference.preconditioners import Euclidean

BLUE, SKY, GREY = "#0072B2", "#56B4E9", "#7a7a7a"  # MoMo, SGD-M, the rest


def loss(x):
    """Return a convex loss of one number; its minimum is 0, at 0."""
    return 2 * np.sqrt(1 + x**2) - 2


def slope(x):
    """Return its derivative."""
    return 2 * x / np.sqrt(1 + x**2)


# %% [markdown]
# ## A line, cut off
#
# At the point $x^k$ a batch gives a loss $f_k$ and a gradient $g_k$: a line,
# $f_k + \langle g_k,\, y - x^k\rangle$, which touches the loss there. SGD
# follows it down, and it goes down for ever. But we know something of every
# loss that the line does not: it is never below some $f_*$, most often 0. So
# cut the line off there. What remains is a better picture of the loss, for
# free:
#
# $$m(y) = \max\big\{ f_k + \langle g_k,\, y - x^k\rangle,\ f_* \big\}.$$


# %%
def stepped(method, points):
    """Take steps from points that are given; return the model and x⁺."""
    state = State()
    for point in points:
        x = np.array([point])
        x_next, state, info = method.step(state, x, loss(point), slope(x))
    model = MomentumModel(
        state.loss_avg, state.grad_avg, state.inner_avg, np.array(1.0)
    )
    return model, x_next.item(), info


HERE = 3.0
model, _, _ = stepped(momo(lr=1.0, beta=0.0), [HERE])
grid = np.linspace(-3.0, 4.2, 121)
line = linear_value(model, grid[:, None])
cut = truncated_value(model, grid[:, None], np.array(0.0))

# %% tags=["folded"] alt="A convex loss, its tangent at a point, and the tangent cut off at zero."
figure, panel = plt.subplots()
panel.plot(grid, loss(grid), color="black", label="loss")
panel.plot(grid, line, color=SKY, linestyle="--", label="line: SGD")
panel.plot(grid, cut, color=BLUE, label="line, cut off: MoMo")
panel.plot(HERE, loss(HERE), "o", color="black")
panel.annotate(
    "$x^k$",
    (HERE, loss(HERE)),
    (0, 6),
    textcoords="offset points",
    ha="right",
)
panel.set_ylim(-2.5, 7)
panel.set_xlabel("$x$")
panel.legend(loc="upper left")
plt.show()

# %% [markdown]
# ## The step: how far to trust it
#
# The picture is right near $x^k$, and less so farther away. So the step
# minimises the model plus a price for the distance:
#
# $$x^{k+1} = \operatorname{argmin}_y\; m(y) + \frac{1}{2\alpha}
# \lVert y - x^k\rVert^2 .$$
#
# $\alpha$, the learning rate, says how cheap distance is. With the whole
# line in the place of $m$ the answer is $x^k - \alpha g_k$: SGD, and the
# larger $\alpha$, the farther it goes. With the line cut off there is a kink
# where it reaches $f_*$, and beyond it nothing to gain. So the step goes
# either as far as $\alpha$ pays for, or to the kink, whichever is nearer:
#
# $$x^{k+1} = x^k - \tau g_k, \qquad \tau = \min\Big\{
# \alpha,\ \frac{f_k - f_*}{\lVert g_k\rVert^2}\Big\}.$$
#
# Is that so? On a fine grid the minimiser is where the formula says:


# %%
def objective(lr, points, bound=0.0):
    """Return what a step minimises; bound = -inf: the line is not cut."""
    numbers = (np.array(n) for n in (bound, lr, 0.0))  # 0: no weight decay
    x = np.array([HERE])
    return proximal_objective(model, points[:, None], x, *numbers, Euclidean())


fine = np.linspace(-2, 4, 600_001)
for lr in (0.5, 1.0, 10.0, 100.0):
    _, x_next, info = stepped(momo(lr=lr, beta=0.0), [HERE])
    found = fine[np.argmin(objective(lr, fine))]
    assert abs(found - x_next) < 1e-4
    capped = "the cap" if info.step_size == lr else "the kink"
    print(f"α = {lr:5g}: τ = {info.step_size:.3f}, x⁺ = {x_next:.3f}: {capped}")

# %% [markdown]
# Now live: a picture in SVG whose shapes change with a slider. What moves is
# computed before, here in Python; the page needs no kernel for it.


# %% tags=["folded"]
class Moving:
    """A picture with a slider, for a notebook or a page; it needs no kernel.

    `still` is SVG that stays; `frames` has for each place of the slider a
    text, and by shape its attributes; `shapes` says what each shape is.
    """

    def __init__(self, name, title, size, still, shapes, frames):
        middle = len(frames) // 2
        moving = ""
        for key, (tag, look) in shapes.items():
            first = (f'{k}="{v}"' for k, v in frames[middle][key].items())
            moving += f'<{tag} data-shape="{key}" {look} {" ".join(first)}/>'
        self.parts = {
            "name": name,
            "title": title,
            "size": "0 0 {} {}".format(*size),
            "picture": still + moving,
            "said": frames[middle]["text"],
            "middle": middle,
            "last": len(frames) - 1,
            "frames": json.dumps(frames, separators=(",", ":")),
        }

    def _repr_html_(self):
        return Template(PAGE).substitute(self.parts)


PAGE = """<figure id="$name" style="max-width:36em;margin:1em auto">
<svg viewBox="$size" role="img" aria-label="$title" style="width:100%">
$picture</svg>
<div style="display:flex;gap:.8em;align-items:center">
<button type="button" style="padding:.1em .8em;border-radius:.3em;
 border:1px solid;cursor:pointer;min-width:5em">Play</button>
<input type="range" min="0" max="$last" value="$middle" style="flex:1"
 aria-label="$title"></div>
<output style="display:block;min-height:3em">$said</output>
<script>(() => {
const figure = document.getElementById("$name"), frames = $frames;
const [button, slider, said] = ["button", "input", "output"].map(
  tag => figure.querySelector(tag));
const show = () => {
  const frame = frames[slider.value];
  said.textContent = frame.text;
  for (const shape of figure.querySelectorAll("[data-shape]"))
    for (const [key, value] of Object.entries(frame[shape.dataset.shape]))
      shape.setAttribute(key, value);
};
let timer = 0;
const stop = () => {
  clearInterval(timer); timer = 0; button.textContent = "Play";
};
slider.oninput = () => { stop(); show(); };
button.onclick = () => {
  if (timer) return stop();
  button.textContent = "Stop";
  timer = setInterval(() => {
    slider.value = (+slider.value + 1) % frames.length; show();
  }, 400);
};
})()</script>
</figure>"""
INK = "var(--md-default-fg-color,currentColor)"


class Window:
    """Where the points of a plane are in a picture of a given width."""

    def __init__(self, left, right, bottom, top, width=480):
        self.left, self.top, self.scale = left, top, width / (right - left)
        self.size = (width, round((top - bottom) * self.scale))

    def at(self, points):
        """Return points, shape (n, 2), as they are in the picture."""
        moved = np.asarray(points, dtype=float) - [self.left, self.top]
        return np.round(moved * [self.scale, -self.scale], 1)

    def path(self, points):
        """Return the attribute of a path through points."""
        pairs = (f"{x:g} {y:g}" for x, y in self.at(points))
        return {"d": "M" + "L".join(pairs)}

    def centre(self, point):
        """Return the attributes of a circle around a point."""
        x, y = self.at([point])[0]
        return {"cx": f"{x:g}", "cy": f"{y:g}"}

    def line(self, points, look):
        """Return a path that stays, as SVG."""
        return f'<path {look} d="{self.path(points)["d"]}"/>'


# %% [markdown]
# Solid blue is the model; the thin curves are what MoMo and SGD minimise,
# the line and the price of distance together; the dots are where they go.
# While $\alpha$ is small the two dots are one. Then SGD goes on, over the
# minimum and far beyond; MoMo stays in the kink.

# %% tags=["folded"]
window = Window(-4.2, 4.2, -0.6, 6.4)
kink = HERE - loss(HERE) / slope(HERE)
x = np.sort(np.append(np.linspace(-4.2, 4.2, 61), kink))
shown = stepped(momo(lr=1.0, beta=0.0), [HERE])[0]
thick = 'fill="none" stroke-width="2" stroke='
still = (
    window.line([(-4.2, 0), (4.2, 0)], f'stroke="{GREY}" stroke-width=".6"')
    + window.line(np.stack([x, loss(x)], 1), f'{thick}"{INK}"')
    + window.line(
        np.stack([x, truncated_value(shown, x[:, None], np.array(0.0))], 1),
        f'{thick}"{BLUE}"',
    )
)
thin = 'fill="none" stroke-width="1.2" stroke-dasharray="5 3" stroke='
dot = f'r="6" stroke="{INK}" fill='
SHAPES = {
    "sgd_curve": ("path", f'{thin}"{SKY}"'),
    "momo_curve": ("path", f'{thin}"{BLUE}"'),
    "here": ("circle", f'r="5" fill="{INK}"'),
    "sgd": ("circle", f'{dot}"{SKY}"'),
    "momo": ("circle", f'{dot}"{BLUE}"'),
}
frames = []
for lr in np.geomspace(0.1, 3.5, 25):
    _, ours, info = stepped(momo(lr=lr, beta=0.0), [HERE])
    _, theirs, _ = stepped(sgd_m(lr=lr, beta=0.0), [HERE])
    which = "as far as α pays" if info.step_size == lr else "to the kink"
    frames.append(
        {
            "text": f"α = {lr:.2g}. MoMo goes {which}, to {ours:.2f}, "
            f"with τ = {info.step_size:.2f}; SGD goes to {theirs:.2f}.",
            "sgd_curve": window.path(
                np.stack([x, objective(lr, x, -np.inf)], 1)
            ),
            "momo_curve": window.path(np.stack([x, objective(lr, x)], 1)),
            "here": window.centre((HERE, loss(HERE))),
            "sgd": window.centre((theirs, loss(theirs))),
            "momo": window.centre((ours, loss(ours))),
        }
    )
Moving("by-rate", "The learning rate α", window.size, still, SHAPES, frames)

# %% [markdown]
# ## Momentum: the line of all batches
#
# With momentum nothing new happens, except to the line. Each batch has a
# line of its own, which touches its own loss at the point where it was seen.
# Take their average, with the weights of momentum: $1-\beta$ for the newest,
# $\beta$ times less for each one before. An average of lines is a line:
#
# $$\bar f_k + \langle d_k,\, y\rangle - \gamma_k,$$
#
# three averages: of losses, of gradients (that is momentum's $d_k$), and of
# the products $\langle g_j, x^j\rangle$. So MoMo keeps two numbers more than
# SGD with momentum. Cut that line off at $f_*$, and go on as before, from its
# value $h_k$ at $x^k$:
#
# $$\tau = \min\Big\{\alpha,\ \frac{(h_k - f_*)_+}{\lVert d_k\rVert^2}
# \Big\}, \qquad x^{k+1} = x^k - \tau d_k .$$

# %% tags=["folded"] alt="Lines of five batches, thin, and their average, cut off at zero."
BETA = 0.7
steepness = np.array([1.5, 0.4, 1.3, 0.3, 1.5])  # of each batch's loss
seen = np.array([3.8, 3.4, 3.3, 2.9, 2.8])  # where it was seen
method, state = momo(lr=1.0, beta=BETA), State()
for a, point in zip(steepness, seen, strict=True):
    here = np.array([point])
    _, state, _ = method.step(state, here, a * loss(point), a * slope(here))
averaged = MomentumModel(
    state.loss_avg, state.grad_avg, state.inner_avg, np.array(1.0)
)
weights = (1 - BETA) * BETA ** np.arange(len(seen))[::-1]
weights[0] /= 1 - BETA  # the average begins at the first batch

lines = [
    a * (loss(p) + slope(p) * (grid - p))
    for a, p in zip(steepness, seen, strict=True)
]
assert np.isclose(weights.sum(), 1)
assert np.allclose(weights @ lines, linear_value(averaged, grid[:, None]))

figure, panel = plt.subplots()
panel.plot(grid, loss(grid), color="black", label="mean loss")
for line, a, point in zip(lines, steepness, seen, strict=True):
    panel.plot(grid, line, color=SKY, linewidth=0.8)
    panel.plot(point, a * loss(point), "o", color=SKY, markersize=3)
cut = truncated_value(averaged, grid[:, None], np.array(0.0))
panel.plot(grid, cut, color=BLUE, label="average of the lines, cut off")
panel.set_ylim(-2.5, 9)
panel.set_xlabel("$x$")
panel.legend(loc="upper left")
plt.show()

# %% [markdown]
# ## In the plane: a projection
#
# In more dimensions the kink is no point but a plane, on which the averaged
# line is down at $f_*$. Without a cap ($\alpha = \infty$) the step goes to
# the nearest point of it: it is the *projection* of $x^k$ onto the half-space
#
# $$\big\{y:\ \bar f_k + \langle d_k, y\rangle - \gamma_k \le f_*\big\}.$$
#
# Where is a solution $x^*$? If every batch's loss is convex, and is down at
# $f_*$ there, then each line lies below its loss, so it is at most $f_*$ at
# $x^*$, and so is their average. *The half-space contains every solution.*
# And a projection onto a convex set brings you nearer to every point of the
# set. So each step comes nearer to $x^*$, whatever was drawn:
#
# $$\lVert x^{k+1} - x^*\rVert^2 \le \lVert x^k - x^*\rVert^2
# - \tau^2\lVert d_k\rVert^2 .$$
#
# Here are three batches, $f_i(x) = \tfrac12\langle a_i, x\rangle^2$, one of
# which is drawn at each step; ellipses are levels of their mean, whose
# minimum is in the middle. The shade is the half-space, its edge is where
# MoMo goes, and the circle, around $x^*$ through $x^k$, is what it never
# leaves. SGD-M, dashed, is beside it, with the same draws.

# %%
ROWS = np.array([[1.6, 0.4], [0.3, 0.7], [-0.9, 0.5]])
START, STEPS = np.array([2.2, 1.5]), 24
draws = np.random.default_rng(3).integers(len(ROWS), size=STEPS)


def run(method):
    """Return the points of a run, shape (K+1, 2), and models before them."""
    x, state, points, models = START, State(), [START], []
    for a in ROWS[draws]:
        along = a @ x
        x, state, _ = method.step(state, x, along**2 / 2, along * a)
        points.append(x)
        models.append((state.grad_avg, state.inner_avg - state.loss_avg))
    return np.array(points), models


ours, models = run(momo(lr=np.inf, beta=0.5))
theirs, _ = run(sgd_m(lr=1.2, beta=0.5))
for k, (d, level) in enumerate(models):  # the half-space <d, y> <= level
    assert d @ [0, 0] <= level + 1e-12, "the solution is in it"
    assert d @ ours[k + 1] <= level + 1e-12, "the next point as well"
    before, after, moved = np.linalg.norm(
        [ours[k], ours[k + 1], ours[k + 1] - ours[k]], axis=1
    )
    assert after**2 <= before**2 - moved**2 + 1e-12

# %% tags=["folded"]
plane = Window(-2.6, 2.8, -2.0, 2.2)
turn = np.linspace(0, 2 * np.pi, 61)
circle = np.stack([np.cos(turn), np.sin(turn)], 1)
hessian = ROWS.T @ ROWS / len(ROWS)
root = np.linalg.inv(np.linalg.cholesky(hessian))
still = "".join(
    plane.line(
        math.sqrt(2 * value) * circle @ root,
        f'fill="none" stroke="{GREY}" stroke-width=".7"',
    )
    for value in (0.02, 0.1, 0.3, 0.7, 1.3, 2.1)
)
SHAPES = {
    "half": ("path", f'fill="{BLUE}" fill-opacity=".13" stroke="none"'),
    "circle": ("circle", f'{thin}"{INK}"'),
    "theirs": ("path", f'{thin}"{SKY}"'),
    "ours": ("path", f'fill="none" stroke-width="2" stroke="{BLUE}"'),
    "solution": ("circle", f'r="3" fill="{INK}"'),
    "sgd": ("circle", f'r="5" fill="{SKY}"'),
    "next": ("circle", f'r="6" fill="none" stroke="{BLUE}"'),
    "momo": ("circle", f'r="5" fill="{BLUE}"'),
}
frames = []
for k, (d, level) in enumerate(models):
    normal = d / np.linalg.norm(d)
    edge = level / np.linalg.norm(d) * normal
    far = 9 * np.array([normal[1], -normal[0]])
    half = [edge + far, edge - far, edge - far - 9 * normal]
    half.append(edge + far - 9 * normal)
    away = np.linalg.norm([ours[k], theirs[k]], axis=1)
    frames.append(
        {
            "text": f"Step {k + 1}. Distance to the solution: MoMo "
            f"{away[0]:.2f}, SGD-M {away[1]:.2f}.",
            "half": plane.path(half),
            "circle": plane.centre((0, 0))
            | {"r": f"{away[0] * plane.scale:.1f}"},
            "theirs": plane.path(theirs[: k + 1]),
            "ours": plane.path(ours[: k + 1]),
            "solution": plane.centre((0, 0)),
            "sgd": plane.centre(theirs[k]),
            "next": plane.centre(ours[k + 1]),
            "momo": plane.centre(ours[k]),
        }
    )
Moving("in-the-plane", "The step k", plane.size, still, SHAPES, frames)

# %% [markdown]
# How far from the solution, step by step? SGD-M depends on its rate: with a
# good one it is quick, with one a few times larger it runs away. MoMo was
# told no rate at all, and its curve can only go down.

# %% tags=["folded"] alt="Distance to the solution against the step."
figure, panel = plt.subplots()
distance = np.linalg.norm(ours, axis=1)
panel.semilogy(distance, color=BLUE, label="MoMo, no cap")
for lr, dashes in ((0.3, ":"), (1.2, "--"), (2.0, "-.")):
    points, _ = run(sgd_m(lr=lr, beta=0.5))
    away = np.linalg.norm(points, axis=1)
    panel.semilogy(away, color=SKY, linestyle=dashes, label=f"SGD-M, {lr}")
    assert (np.diff(away) > 0).any(), "there are steps that lead away"
assert (np.diff(distance) <= 1e-15).all(), "it only goes down"
assert away[-1] > away[0], "at the largest rate it runs away"
panel.set_xlabel("step")
panel.set_ylabel(r"$\Vert x^k - x^*\Vert$")
panel.legend(loc="lower left", ncols=2)
plt.show()

# %% [markdown]
# That one inequality, the *Fejér* property, is where the proof of MoMo's rate
# begins: sum it over all steps, and the squares of $h_k - f_*$ over
# $\lVert d_k\rVert^2$ cannot exceed $\lVert x^1 - x^*\rVert^2$ together.
# [The theory](../theory/index.md) goes on from there, and
# [a worst case](reading_a_worst_case.py) shows how much it may take.
#
# What was left out: with MoMo-Adam distance is measured in Adam's metric,
# weight decay adds a term to the problem, and a bound that nobody knows is
# estimated. [Methods](../methods.md) has the equations of all of them.
