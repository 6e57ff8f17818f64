# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Whether an installed momentum-models works: run by the Python of an environment, without pytest.

    python -I smoke.py                 # no torch: the reference, and what is said of the rest
    python -I smoke.py --torch         # torch, and no kernels
    python -I smoke.py --torch --fused # torch, and the kernels of the wheel
    python -I smoke.py --conformance   # and the extra of that name

It needs nothing else of the project, and says what it has seen; status 0: all is well.
"""

from __future__ import annotations

import argparse
import copy
import importlib
import importlib.metadata
import platform
import re
import runpy
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

import momo
from momo.reference import paper

HOME = Path(momo.__file__).resolve().parent
HINT = re.compile(r'([\w. -]+) needs (\w+), which is not installed: pip install "(.+\[\w+\])"')
FORMS: dict[str, Callable[..., Iterator[Any]]] = {"Momo": paper.momo, "MomoAdam": paper.momo_adam}
LR = {"Momo": 1.0, "MomoAdam": 0.1}
START = np.ones(300)


def samples() -> Iterator[Callable[[Any], tuple[float, Any]]]:
    """Yield batches of a least-squares problem without noise, whose smallest loss is 0."""
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((64, len(START))) / 10
    right = rows @ rng.standard_normal(len(START))
    while True:
        chosen = rng.integers(len(rows), size=16)
        a, b = rows[chosen], right[chosen]

        def sample(x: Any, a: Any = a, b: Any = b) -> tuple[float, Any]:
            r = a @ x - b
            return float(r @ r) / 32, a.T @ r / 16

        yield sample


def the_package_is_whole() -> str:
    """See that it is that of this environment, typed, of one version, and alone."""
    assert importlib.metadata.version("momentum-models") == momo.__version__
    assert "site" in HOME.parent.name or "packages" in HOME.parent.name, f"a checkout: {HOME}"
    assert (HOME / "py.typed").exists()
    for name in ("tests", "theory", "experiments", "scripts"):
        assert not (HOME.parent / name).exists(), name
    return f"momentum-models {momo.__version__}"


def the_reference_takes_the_papers_steps() -> str:
    """Compare the paper's lines with the general equation with its parts; both get somewhere."""
    from momo.reference import State, momo, momo_adam

    for make, form in ((momo, paper.momo), (momo_adam, paper.momo_adam)):
        lr = 1.0 if make is momo else 0.1
        method, state, x = make(lr=lr), State(), START
        losses: list[float] = []
        wanted = islice(form(START, samples(), lr=lr), 40)
        for k, (sample, next_x) in enumerate(zip(samples(), wanted, strict=False)):
            loss, grad = sample(x)
            losses.append(loss)
            x, state, _ = method.step(state, x, loss, grad)
            assert np.allclose(x, next_x, rtol=1e-10, atol=1e-12), (make.__name__, k)
        assert losses[-1] < losses[0] / 2, (make.__name__, losses)
    return f"NumPy {np.__version__}: the reference takes the paper's steps"


def modules() -> list[str]:
    """Return the names of all modules of the package."""
    files = sorted(HOME.rglob("*.py"))
    names = (".".join(path.relative_to(HOME.parent).with_suffix("").parts) for path in files)
    return [name.removesuffix(".__init__") for name in names]


def refusal(module: str, name: str = "") -> ModuleNotFoundError | None:
    """Import a module, or a name of it, and return why it cannot be; None: it can."""
    try:
        found = importlib.import_module(module)
        if name:
            getattr(found, name)
    except ModuleNotFoundError as error:
        return error
    return None


def every_module_works_or_names_its_extra() -> str:
    """Import each; those of GPUs are imported where torch has brought Triton along."""
    works = 0
    for name in modules():
        error = refusal(name)
        works += error is None
        if error and not (name.startswith("momo.optim.fused.gpu_") and error.name == "triton"):
            assert HINT.fullmatch(str(error)), f"{name}: {error}"
    assert works > 50
    return f"{works} of {len(modules())} modules can be imported, the others name an extra"


def command(name: str, *words: str) -> tuple[object, str]:
    """Run ``python -m name``, and return its status and all it says; in this process.

    An emulated Python cannot start another.
    """
    said, before = StringIO(), sys.argv
    sys.argv = [name, *words]
    try:
        with redirect_stdout(said), redirect_stderr(said):
            runpy.run_module(name, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        return ended.code, said.getvalue()
    finally:
        sys.argv = before
    return 0, said.getvalue()


def without_torch_the_extra_is_named() -> str:
    """By the import, and by commands."""
    for where, of in (("momo", "Momo"), ("momo.optim", ""), ("momo.conformance", "laws")):
        error = refusal(where, of)
        assert error is not None, f"{where} {of} works, without torch"
        assert HINT.fullmatch(str(error)), f"{where} {of}: {error}"
    for name in ("momo.conformance", "momo.bench", "momo.conformance.regression"):
        status, said = command(name)
        assert status == 2, f"{name}: {status} {said}"
        assert HINT.fullmatch(said.strip()), f"{name}: {said}"
    return "without torch the extra is named"


def torch_takes_the_papers_steps(fused: bool) -> str:
    """Momo and MomoAdam in torch go the way of the paper's lines, on the path that is expected."""
    import torch

    from momo import optim

    paths = set()
    for name, form in FORMS.items():
        for force in (None, False):
            x = torch.nn.Parameter(torch.tensor(START))
            optimizer = getattr(optim, name)([x], lr=LR[name], fused=force)
            wanted = form(START, samples(), lr=LR[name])
            for k, (sample, next_x) in enumerate(islice(zip(samples(), wanted, strict=False), 40)):
                loss, grad = sample(x.detach().numpy())
                x.grad = torch.tensor(grad)
                optimizer.step(loss=loss)
                assert np.allclose(x.detach(), next_x, rtol=1e-9, atol=1e-10), (name, force, k)
            if force is None:
                assert optimizer.path.startswith("fused (") == fused, optimizer.path
                paths.add(optimizer.path)
            else:
                assert not optimizer.path.startswith("fused ("), optimizer.path
    return (
        f"torch {torch.__version__}: Momo and MomoAdam take the paper's steps, {', '.join(paths)}"
    )


def a_network_is_trained_and_goes_on() -> str:
    """Train a small one, in float32; from the state dict of the middle it goes on, bit for bit."""
    import torch
    from torch.nn.functional import mse_loss

    from momo import optim

    for name in FORMS:
        torch.manual_seed(0)
        inputs = torch.randn(512, 20)
        labels = torch.sin(inputs[:, :1])
        tanh = torch.nn.Tanh()
        model = torch.nn.Sequential(torch.nn.Linear(20, 64), tanh, torch.nn.Linear(64, 1))
        optimizer: Any = getattr(optim, name)(model.parameters(), lr=LR[name] / 2)
        models, optimizers, losses = [model], [optimizer], []
        for step in range(60):
            if step == 30:
                models.append(copy.deepcopy(model))
                other = getattr(optim, name)(models[1].parameters(), lr=LR[name] / 2)
                other.load_state_dict(optimizer.state_dict())
                optimizers.append(other)
            for net, opt in zip(models, optimizers, strict=True):
                opt.zero_grad()
                loss = mse_loss(net(inputs), labels)
                loss.backward()  # type: ignore[no-untyped-call]
                opt.step(loss=loss)
            losses.append(loss.item())
        assert losses[-1] < losses[0] / 2, (name, losses[0], losses[-1])
        for p, q in zip(models[0].parameters(), models[1].parameters(), strict=True):
            assert torch.equal(p, q), f"{name}: another way, from its state dict"
    return "a network is trained, and goes on from a state dict bit for bit"


LAWS = ("torch_equals_reference", "step_size_nonnegative", "state_round_trip", "scaling")


def one_method_conforms() -> str:
    """To some laws."""
    with warnings.catch_warnings():
        # Torch 2.4 warns of how it unpickles a tensor of its own.
        warnings.filterwarnings("ignore", "You are using `torch.load`", FutureWarning)
        status, said = command("momo.conformance", "momo_adam", "--examples", "5", "--laws", *LAWS)
    assert status == 0, said
    assert f"{len(LAWS)} of {len(LAWS)} laws hold" in said, said
    return f"momo_adam obeys {len(LAWS)} laws"


def conformance_names_its_extra() -> str:
    """Torch alone is not enough for it."""
    status, said = command("momo.conformance", "momo_adam")
    assert status == 2, said
    assert HINT.fullmatch(said.strip()), said
    return "conformance names its extra"


def main() -> None:
    """Check what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--torch", action="store_true", help="torch is there")
    parser.add_argument("--fused", action="store_true", help="and so are the kernels")
    parser.add_argument("--conformance", action="store_true", help="some laws, and nothing else")
    given = parser.parse_args()
    checks: list[Callable[[], str]] = [the_package_is_whole, the_reference_takes_the_papers_steps]
    if given.conformance:
        checks = [one_method_conforms]
    elif given.torch:
        checks += [lambda: torch_takes_the_papers_steps(given.fused)]
        checks += [a_network_is_trained_and_goes_on, conformance_names_its_extra]
    else:
        checks.append(without_torch_the_extra_is_named)
    checks.append(every_module_works_or_names_its_extra)
    begin = time.perf_counter()
    for check in checks:
        print(f"  {check()}", flush=True)
    took = time.perf_counter() - begin
    print(f"  CPython {platform.python_version()}, {platform.machine()}: all is well, {took:.1f} s")


if __name__ == "__main__":
    main()
