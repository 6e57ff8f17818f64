# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the lock holds is under licences that are allowed; an audit says when it knows nothing."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from readme_pages import ROOT

from scripts import audit, licences
from scripts.audit import UNREACHED, VULNERABLE, verdict
from scripts.licences import BESIDE, OWN, closure, extras, identifiers, objection, stated


def test_what_the_lock_holds_is_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    status = licences.main()
    said = capsys.readouterr()
    assert (status, said.err) == (0, "")
    assert "dependencies: 1 packages" in said.out


def test_what_users_install_is_permissive_without_exception() -> None:
    assert not objection("numpy", stated("numpy"), "dependencies")
    for name, exempt in BESIDE.items():
        assert not {"dependencies", "torch"} & {*exempt.extras}
        assert objection(name, frozenset({exempt.licence}), "torch")
        assert exempt.why


def test_exceptions_are_needed() -> None:
    for name, exempt in BESIDE.items():
        assert exempt.licence in stated(name)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("MIT License", {"MIT"}),
        ("Apache-2.0 OR BSD-3-Clause", {"Apache-2.0", "BSD-3-Clause"}),
        ("Mozilla Public License 2.0 (MPL 2.0)", {"MPL-2.0"}),
        ("Proprietary", {"Proprietary"}),
    ],
)
def test_names_of_licences(said: str, meant: set[str]) -> None:
    assert identifiers(said) == meant


@pytest.mark.parametrize(
    ("name", "found", "extra", "said"),
    [
        ("new", frozenset(), "test", "says nothing of its licence"),
        ("new", frozenset({"GPL-3.0-only"}), "test", "is under GPL-3.0-only"),
        ("new", frozenset({"MIT", "Proprietary"}), "torch", "is under Proprietary"),
        ("hypothesis", frozenset({"MPL-2.0"}), "theory", "is under MPL-2.0"),
        ("hypothesis", frozenset({"GPL-3.0-only"}), "test", "is under GPL-3.0-only"),
    ],
)
def test_others_are_objected_to(name: str, found: frozenset[str], extra: str, said: str) -> None:
    assert said in objection(name, found, extra)


def test_an_extra_has_what_those_have_that_it_names() -> None:
    project: Any = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = extras(project)
    assert found["dependencies"] == project["dependencies"]
    assert {*found["torch"]} < {*found["bench"]} < {*found["test"]}
    assert OWN not in "".join(found["all"])
    assert {"torch", "numpy", "sympy"} <= {*closure(found["torch"])}
    assert closure(["no-such-package-as-this"]) == {"no-such-package-as-this": False}


FINE = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
SKIPPED = {"name": "c", "version": "3", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("found", "status", "said"),
    [
        ([FINE, FINE], 0, "no vulnerability is known of 2 packages"),
        ([FINE, BAD], VULNERABLE, "b 2: PYSEC-1, mended in 3"),
        ([SKIPPED, BAD], VULNERABLE, "b 2: PYSEC-1"),
        ([FINE, SKIPPED], UNREACHED, "cannot be reached for 1 of 2 packages: not found"),
        ([], UNREACHED, "cannot be reached for 0 of 0 packages"),
    ],
)
def test_an_audit_that_could_not_ask_is_none(
    found: list[dict[str, Any]], status: int, said: str
) -> None:
    code, lines = verdict(json.dumps({"dependencies": found}), "")
    assert code == status
    assert said in lines[0]


def test_an_audit_that_failed_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert verdict("", "trace\nno route to host\n") == (
        UNREACHED,
        ["the database cannot be reached: no route to host"],
    )
    assert audit.main(["false"]) == UNREACHED
    assert "cannot be reached" in capsys.readouterr().err
