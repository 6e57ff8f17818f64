# %% [markdown]
# # MoMo in ten minutes
#
# You know SGD with momentum and Adam, and that both stand or fall with the
# learning rate. MoMo and MoMo-Adam are the same two methods with one thing
# added: they look at the *value* of the loss, and where it says that a step
# is too long, they shorten it. This page trains a small network on
# handwritten digits with all four, at learning rates from far too small to
# far too large.
#
# It needs `torch`, `scikit-learn` (for the digits) and `matplotlib`, and some
# seconds on one core.

# %%
import math
from functools import partial

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn

from momo import Momo, MomoAdam

digits, classes = load_digits(return_X_y=True)
order = torch.randperm(len(digits), generator=torch.Generator().manual_seed(0))
inputs = torch.tensor(digits, dtype=torch.float32)[order] / 16
labels = torch.tensor(classes)[order]
print(
    f"{len(inputs)} images of 8 x 8 pixels, {labels.unique().numel()} classes"
)

# %% [markdown]
# ## One line to change
#
# A training loop as you have written many. The only difference is in the last
# line of the inner loop: `step` is given the loss.


# %%
def train(method, lr, epochs=6, smoothing=0.0, **options):
    """Train a network of one hidden layer; return how it went, and every step."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    criterion = nn.CrossEntropyLoss(label_smoothing=smoothing)
    optimizer = method(model.parameters(), lr=lr, **options)
    ours, steps = isinstance(optimizer, Momo | MomoAdam), []
    for _ in range(epochs):
        for batch in torch.randperm(1200).split(60):
            optimizer.zero_grad()
            loss = criterion(model(inputs[batch]), labels[batch])
            loss.backward()
            if not ours:
                optimizer.step()
                continue
            optimizer.step(loss=loss)  # the step needs the value of the loss
            steps.append((loss.item(), optimizer.last))
    with torch.no_grad():
        final = criterion(model(inputs[:1200]), labels[:1200]).item()
        right = model(inputs[1200:]).argmax(1) == labels[1200:]
    return final, right.float().mean().item(), steps


final, accuracy, _ = train(Momo, lr=1.0)
print(f"MoMo, lr = 1: training loss {final:.3f}, test accuracy {accuracy:.1%}")

# %% [markdown]
# ## Six learning rates, each ten times the one before
#
# MoMo stands beside SGD-M (with `dampening=0.9`, so that its momentum is an
# average, as MoMo's is), and MoMo-Adam beside Adam. Same network, same seed,
# same batches; only the rate changes.

# %%
METHODS = {
    "MoMo": Momo,
    "SGD-M": partial(torch.optim.SGD, momentum=0.9, dampening=0.9),
    "MoMo-Adam": MomoAdam,
    "Adam": torch.optim.Adam,
}
RATES = {
    "MoMo": [0.01, 0.1, 1.0, 10.0, 100.0, 1000.0],
    "MoMo-Adam": [0.0001, 0.001, 0.01, 0.1, 1.0, 10.0],
}
RATES |= {"SGD-M": RATES["MoMo"], "Adam": RATES["MoMo-Adam"]}
accuracies, run_at_10 = {}, None
for name, method in METHODS.items():
    accuracies[name] = []
    for lr in RATES[name]:
        _, accuracy, steps = train(method, lr)
        accuracies[name].append(accuracy)
        if name == "MoMo" and lr == 10:
            run_at_10 = steps
    print(f"{name:10}", *(f"{accuracy:7.1%}" for accuracy in accuracies[name]))

# %% tags=["folded"] alt="Test accuracy against the learning rate: MoMo and MoMo-Adam stay high, the others fall."
STYLES = {
    "MoMo": {"color": "#0072B2", "marker": "o"},
    "SGD-M": {"color": "#56B4E9", "marker": "^", "linestyle": "--"},
    "MoMo-Adam": {"color": "#D55E00", "marker": "s"},
    "Adam": {"color": "#E69F00", "marker": "D", "linestyle": "--"},
}
figure, panels = plt.subplots(1, 2, sharey=True)
for name, style in STYLES.items():
    panel = panels[int("Adam" in name)]
    panel.semilogx(RATES[name], accuracies[name], label=name, **style)
    panel.set_xlabel("learning rate")
panels[0].set_ylabel("test accuracy")
panels[0].set_ylim(0, 1)
figure.legend(loc="outside upper center", ncols=4)
plt.show()

# %% [markdown]
# On the left of each panel the two curves are one: while the rate is small,
# MoMo *is* SGD-M, and MoMo-Adam *is* Adam, up to rounding. On the right SGD-M
# and Adam fall to guessing, and the other two stay where they were. So a rate
# that is too large costs nothing here, where the loss comes near 0; one that
# is too small costs what it always does. That is the advice in one sentence:
# **when in doubt, take the larger one.** Where the loss stays far above its
# bound, [it is otherwise](../optimizers/which.md#which-learning-rate).
#
# What this page says of numbers is computed, too:

# %%
for ours, theirs in (("MoMo", "SGD-M"), ("MoMo-Adam", "Adam")):
    a, b = accuracies[ours], accuracies[theirs]
    assert max(abs(a[i] - b[i]) for i in (0, 1)) < 0.01, "small rates: the same"
    assert min(a[2:]) > max(a) - 0.04, "large rates cost nothing"
    assert b[-1] < 0.2, "guessing"

# %% [markdown]
# ## What the optimizer says of its last step
#
# `optimizer.last` has the numbers of the step just taken. Three of them are
# the whole method: the step size $\tau$ is the smaller of a cap, which is
# your learning rate, and an adaptive term, which is how far the model of the
# loss is above its lower bound, over the squared length of the averaged
# gradient $d$:
#
# $$\tau = \min\Big\{\alpha,\ \frac{(h - f_*)_+}{\lVert d\rVert^2}\Big\}, \qquad x^+ = x - \tau d .$$
#
# The model's value $h$ is made of the losses and gradients seen, averaged as
# momentum averages them ([the picture of it](the_model.py)). Here is what
# happened at `lr=10`, where SGD-M had fallen behind:

# %% tags=["folded"] alt="Loss and step size of each step of MoMo at lr = 10."
loss, infos = zip(*run_at_10, strict=True)
step_size, adaptive, cap = (
    [float(getattr(info, name)) for info in infos]
    for name in ("step_size", "adaptive", "cap")
)
figure, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(5, 4))
above.semilogy(loss, color="#0072B2", linewidth=1)
above.set_ylabel("loss of the batch")
below.semilogy(adaptive, color="#7a7a7a", linewidth=0.7, label="adaptive term")
below.semilogy(cap, color="#D55E00", linestyle="--", label="cap: lr = 10")
below.semilogy(
    step_size, color="#0072B2", linewidth=1, label=r"step size $\tau$"
)
below.set_ylabel("length of the step")
below.set_xlabel("step")
figure.legend(loc="outside upper center", ncols=3)
plt.show()

# %%
capped = sum(t == c for t, c in zip(step_size, cap, strict=True))
median = sorted(step_size)[len(cap) // 2]
print(f"capped: {capped} of {len(cap)} steps; median step size: {median:.2f}")
assert all(
    t == min(a, c) for t, a, c in zip(step_size, adaptive, cap, strict=True)
)
assert step_size[0] == 10
assert 1 / 3 < median < 3
assert accuracies["SGD-M"].index(max(accuracies["SGD-M"])) == RATES[
    "SGD-M"
].index(1)
assert accuracies["SGD-M"][3] < accuracies["MoMo"][3] - 0.1

# %% [markdown]
# Only the first step was as long as the cap. After it step sizes are around 1,
# and that is the rate at which SGD-M does best above. Here nobody looked for
# it: it is found from the loss and the gradients, anew at each step, shorter
# where gradients are steep and longer where they are flat. A schedule of your
# own still works; it moves the cap.
#
# ## Where the loss does not go down to 0
#
# The adaptive term counts from a lower bound $f_*$, which is 0 if you say
# nothing. That is right for most losses of networks that can fit their data.
# It is not with label smoothing, where no network gets below the entropy of
# the smoothed labels. With a bound far too low, steps are longer than they
# should be, and at a large rate nothing is left that shortens them. There are
# two ways out: say the bound (`lb=`), or let it be estimated
# (`use_fstar=True`).

# %%
SMOOTHING = 0.3
right, wrong = 1 - SMOOTHING + SMOOTHING / 10, SMOOTHING / 10
entropy = -right * math.log(right) - 9 * wrong * math.log(wrong)
print(f"no loss is below {entropy:.3f}")

WAYS = {
    "nothing said": {},
    "lb=entropy": {"lb": entropy},
    "use_fstar=True": {"use_fstar": True},
}
LARGE = [1.0, 10.0, 1000.0]
above_bound = {}
print("lr".ljust(15), *(f"{lr:8g}" for lr in LARGE))
for way, options in WAYS.items():
    runs = [train(Momo, lr, smoothing=SMOOTHING, **options) for lr in LARGE]
    above_bound[way] = [final - entropy for final, _, _ in runs]
    print(way.ljust(15), *(f"{gap:8.3f}" for gap in above_bound[way]))

at_1000 = {way: gaps[-1] for way, gaps in above_bound.items()}
assert at_1000["nothing said"] > 1 > 4 * at_1000["lb=entropy"]
assert at_1000["use_fstar=True"] < at_1000["nothing said"] / 4
assert all(gaps[0] < 0.3 for gaps in above_bound.values())

# %% [markdown]
# The table has the training loss, less what no network gets below. A bound
# that is known is best: with it the rate hardly matters again. The estimate
# is rougher, since it is made from the same noisy batches, but where nothing
# is known it keeps a rate that is far too large from ruining the run. A
# *small* rate needs neither: the first column hardly depends on the bound.
#
# ## In your own loop
#
# - `Momo(parameters, lr=1.0)` where you have SGD with momentum,
#   `MomoAdam(parameters, lr=1e-2)` where you have Adam or AdamW; both take
#   `weight_decay`, parameter groups and schedulers as torch's own do.
# - `optimizer.step(loss=loss)` with the loss that you called `backward` on.
#   If you accumulate, clip, scale or train on several devices, [what goes to
#   `step`](../optimizers/training.md#accumulation-clipping-scaled-losses)
#   says what that is.
# - Watch `optimizer.last.step_size` beside `optimizer.last.cap`: if every
#   step is capped, the rate still limits you, and you can raise it.
#
# Next: [what the model of the loss is](the_model.py), drawn.
