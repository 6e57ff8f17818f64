# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a newcomer is told holds: the variant of CONTRIBUTING, its commands, forms, the citation."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
import yaml
from oracle_problems import SHAPES
from readme_pages import PAGES, ROOT, prose

import momo
import momo.methods.ngn
import momo.optim.variants.ngn
import momo.reference.sources.ngn
from momo.conformance import Subject, laws
from momo.methods import METHODS, Hyperparameters
from momo.optim import MomoAdam
from momo.reference import State, momo_adam

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n# in (\S+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def made(path: str, **more: Any) -> dict[str, Any]:
    """Return what a block makes where the page puts it: among the names of that module."""
    (code,) = (code for place, code in BLOCKS if place == path)
    names = {**vars(find(path.removesuffix(".py").replace("/", "."))), **more}
    exec(compile(code, path, "exec"), names)
    return names


def find(module: str) -> Any:
    found: Any = momo
    for name in module.split(".")[1:]:
        found = getattr(found, name)
    return found


@pytest.fixture
def row(monkeypatch: pytest.MonkeyPatch) -> Any:
    from dataclasses import replace

    cls = made("momo/optim/variants/ngn.py", MomoAdam=MomoAdam)["MomoNgnAdam"]
    monkeypatch.setattr("momo.optim.MomoNgnAdam", cls, raising=False)
    return made("momo/methods/ngn.py", momo_adam=momo_adam, replace=replace)["ROW"]


@pytest.mark.parametrize("law", ["torch_equals_reference", "step_size_nonnegative", "dual_norm"])
def test_the_variant_obeys_laws(row: Any, law: str) -> None:
    (found,) = (one for one in laws() if one.name == law)
    found.check(Subject.of(row), examples=3)


def test_its_literal_form_is_its_numpy_form(row: Any) -> None:
    """Ten steps of a few operations on numbers of size 1, in float64."""
    literal = made("momo/reference/sources/ngn.py")["momo_ngn_adam"]
    generator = np.random.default_rng(0)
    h = Hyperparameters(lr=0.5, beta=0.8, weight_decay=0.1, beta2=0.9, eps=1e-3, lb=0.2)
    slopes = generator.normal(size=(10, 3))
    samples = [lambda x, a=a: (float(1 + (a @ x) ** 2), 2 * (a @ x) * a) for a in slopes]
    x, state, method = np.ones(3), State(), row.reference(h, SHAPES[0])
    points = literal(np.ones(3), samples, 0.5, (0.8, 0.9), 1e-3, 0.1, 0.2)
    for sample, expected in zip(samples, points, strict=True):
        x, state, _ = method.step(state, x, *sample(x))
        np.testing.assert_allclose(x, expected, rtol=0, atol=1e-13)
    assert not np.allclose(x, 1)


def test_it_is_written_in_the_order_of_the_files() -> None:
    places = [place for place, _ in BLOCKS]
    assert places == [
        "momo/optim/variants/ngn.py",
        "momo/methods/ngn.py",
        "momo/reference/sources/ngn.py",
    ]
    assert "momo_ngn_adam" not in METHODS


def test_its_commands_are_ones() -> None:
    modules = {*re.findall(r"python -m ([a-z_.]+)", TEXT)}
    assert {"momo.conformance", "momo.bench.table", "scripts.record"} <= modules
    for module in modules:
        assert find_spec(module), module
    targets = {*re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.M)}
    assert {*re.findall(r"^make ([a-z-]+)", TEXT, re.MULTILINE)} <= targets
    for path in re.findall(r"`((?:momo|docs|tests|scripts)/[\w./]+)`", prose(TEXT)):
        assert (ROOT / path).exists(), path
    assert f"scripts.record {momo.__version__} " in TEXT


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_a_form_is_one_that_a_forge_shows(form: Any) -> None:
    found = yaml.safe_load(form.read_text(encoding="utf-8"))
    if form.stem == "config":
        assert found == {"blank_issues_enabled": False}
        return
    assert {*found} == {"name", "description", "labels", "body"}
    ids = [field["id"] for field in found["body"]]
    assert len({*ids}) == len(ids) > 1
    assert any(field.get("validations", {}).get("required") for field in found["body"])
    for field in found["body"]:
        assert field["type"] in {"input", "textarea", "dropdown", "checkboxes"}
        assert field["attributes"]["label"]
        options = field["attributes"].get("options", [])
        assert bool(options) == (field["type"] in {"dropdown", "checkboxes"})


def test_there_is_a_form_for_each_kind() -> None:
    assert {path.stem for path in FORMS} == {
        *("bug", "method_differs", "new_method", "question", "config")
    }
    assert (ROOT / ".github" / "PULL_REQUEST_TEMPLATE.md").exists()


def test_the_citation_is_of_this_version() -> None:
    """Its format was checked with cffconvert."""
    found = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert found["version"] == momo.__version__
    assert {"cff-version", "message", "title", "authors", "license"} <= {*found}
    assert found["license"] == "MIT"
    assert found["preferred-citation"]["url"].endswith("2305.07583")
    assert found["preferred-citation"]["url"].partition("//")[2] in PAGES["README.md"]
