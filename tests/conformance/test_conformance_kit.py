# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The kit over the table of methods, and what it says of a method of somebody else's."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import conformance_optimizers as own
import pytest
import torch

import momo.conformance
from momo.conformance import Law, LawBroken, LawExempt, LawSkipped, Subject, examine, laws
from momo.conformance.__main__ import main
from momo.conformance.law import Found
from momo.conformance.problem import Problem
from momo.conformance.results import as_json
from momo.methods import METHODS, PAPER
from momo.optim.reading import READING

FAST = [law.name for law in laws(slow=False)]
SLOW = [law.name for law in laws() if law.slow]
ALL = {law.name: law for law in laws()}


def saying(subject: Subject, **said: Any) -> Subject:
    """Return the subject with other statements in its row."""
    return replace(subject, row=replace(subject.row, **said))


@pytest.mark.parametrize("law", FAST)
@pytest.mark.parametrize("name", METHODS)
def test_a_method_of_the_table_obeys_a_law(name: str, law: str) -> None:
    """The methods of the paper on more problems than those that join the same parts anew."""
    ALL[law].check(Subject.of(name), examples=4 if name in PAPER else 2)


@pytest.mark.slow
@pytest.mark.parametrize("law", SLOW)
@pytest.mark.parametrize("name", METHODS)
def test_a_method_of_the_table_obeys_a_slow_law(name: str, law: str) -> None:
    ALL[law].check(Subject.of(name), examples=2)


@pytest.mark.slow
@pytest.mark.parametrize("law", FAST)
@pytest.mark.parametrize("name", METHODS)
def test_a_method_of_the_table_obeys_a_law_at_length(name: str, law: str) -> None:
    ALL[law].check(Subject.of(name), examples=25, seed=1)


@pytest.mark.parametrize("both", [False, True])
def test_laws_take_problems_as_on_a_device_too(both: bool) -> None:
    """Every other problem, or each both ways; what is wrong there is said to be wrong there."""
    taken: list[tuple[int, bool]] = []

    def body(subject: Subject, problem: Problem) -> None:
        taken.append((problem.seed, READING.allowed))

    law = Law("ways", "none", ALL["shift"].draw, body, both=both)
    law.check(Subject.of("momo"), examples=20)
    for odd in (False, True):
        ways = {allowed for seed, allowed in taken if seed % 2 == odd}
        assert ways == ({False, True} if both else {not odd})
    taken.clear()
    law.check(Subject.of(own.Plain), examples=20)
    assert {allowed for _, allowed in taken} == {True}

    def wrong(subject: Subject, problem: Problem) -> None:
        if not READING.allowed:
            raise Found("all") if both else ValueError("all")

    with pytest.raises(LawBroken, match="masked, as on a device"):
        replace(law, body=wrong).check(Subject.of("momo"))
    assert READING.allowed


# ---- a method of somebody else's ----------------------------------------------------------------


@pytest.mark.parametrize("law", laws(slow=False))
def test_a_class_without_a_reference_gets_every_law_that_needs_none(law: Law) -> None:
    needs = {"torch_equals_reference", "capped_is_the_base", "claims"}
    if law.name in needs:
        with pytest.raises(LawSkipped, match=r"no reference|no method named|no claims"):
            law.check(Subject.of(own.Plain), examples=4)
    else:
        law.check(Subject.of(own.Plain), examples=4)


@pytest.mark.parametrize("law", laws(slow=False))
@pytest.mark.parametrize("star", [False, True])
def test_a_class_may_bring_its_reference(star: bool, law: Law) -> None:
    kind = own.PlainStar if star else own.Plain
    reference = own.star_reference if star else own.reference
    subject = replace(Subject.of(kind), reference=reference, capped=own.capped)
    if law.name in {"claims", "shift"} and (star or law.name == "claims"):
        with pytest.raises(LawSkipped, match=r"no claims|the bound is estimated"):
            law.check(subject)
    else:
        law.check(subject, examples=6)


@pytest.mark.slow
@pytest.mark.parametrize("law", SLOW)
def test_a_class_of_ones_own_obeys_the_slow_laws(law: str) -> None:
    ALL[law].check(Subject.of(own.Plain), examples=2)


def test_attributes_of_a_class_say_more_of_it() -> None:
    class Said(own.Plain):
        reference = staticmethod(own.reference)
        capped = staticmethod(own.capped)
        exempt: ClassVar[dict[str, str]] = {"scaling": "for a reason"}
        claims = ("landing",)

    subject = Subject.of(Said)
    assert subject.reference is own.reference
    assert subject.capped is own.capped
    row = subject.row
    assert (row.exempt, row.claims) == ({"scaling": "for a reason"}, ("landing",))
    assert not row.online
    assert Subject.of(own.PlainStar).row.online


def test_a_base_of_torch_is_compared_too() -> None:
    class Based(own.Plain):
        base = staticmethod(own.sgd)

        def __init__(self, params, lr=1.0, beta=0.9, lb=0.0):
            super().__init__(params, lr, 0.0, beta, lb)

    law = ALL["capped_is_the_base"]
    law.check(Subject.of(Based), examples=4)

    class Other(Based):
        base = staticmethod(lambda params, h: torch.optim.SGD(params, lr=h.lr, momentum=h.beta))

    with pytest.raises(LawBroken, match="element 0 of the parameters"):
        law.check(Subject.of(Other))


def test_the_claims_of_a_method_are_those_it_satisfies() -> None:
    law = ALL["claims"]
    momo = saying(Subject.of("momo"), claims=("landing", "fejer", "summed", "rate"), broken=())
    law.check(momo)
    law.check(saying(Subject.of("momo_adam"), claims=(), broken=("landing", "fejer")))
    with pytest.raises(LawBroken, match=r"claim landing: k = 1: \(h_1"):
        law.check(saying(Subject.of("momo_adam"), claims=("landing",), broken=()))
    with pytest.raises(LawBroken, match="holds on all problems"):
        law.check(saying(momo, broken=("fejer",)))
    with pytest.raises(LawBroken, match="claim 'nonsense' is unknown"):
        law.check(saying(momo, claims=("nonsense",)))


def test_without_the_theory_its_claims_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "theory"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "theory", None)
    with pytest.raises(LawSkipped, match="the theory is not here"):
        ALL["claims"].check(saying(Subject.of("momo"), claims=("landing",)))


# ---- exemptions, and what is wrong with what is given -------------------------------------------


def test_a_law_from_which_a_method_is_exempt_is_checked_all_the_same() -> None:
    law = ALL["step_size_nonnegative"]
    reason = {law.name: "its steps may go up"}
    with pytest.raises(LawExempt, match="its steps may go up"):
        law.check(saying(Subject.of(own.NotClipped), exempt=reason))
    note = law.check(saying(Subject.of(own.Plain), exempt=reason), examples=3)
    assert note == "exempt, but holds (its steps may go up)"
    results = [
        *examine(saying(Subject.of(own.NotClipped), exempt=reason), [law], 20),
        *examine(saying(Subject.of(own.Plain), exempt=reason), [law], 3),
    ]
    assert [(r.status, r.reason) for r in results] == [
        ("exempt", "its steps may go up"),
        ("exempt_but_holds", "its steps may go up"),
    ]


def test_what_cannot_be_a_subject_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"method 'nope' is unknown; allowed: momo, .*module:Class"
    ):
        Subject.of("nope")
    with pytest.raises(ValueError, match="cannot be loaded"):
        Subject.of("no_such_module:Class")
    with pytest.raises(ValueError, match="cannot be loaded"):
        Subject.of("conformance_optimizers:Nothing")
    with pytest.raises(ValueError, match="is of type function; allowed: a torch optimizer class"):
        Subject.of("conformance_optimizers:sgd")
    with pytest.raises(ValueError, match="has no argument loss"):
        Subject.of(torch.optim.SGD)
    with pytest.raises(ValueError, match=r"lr given for .*; allowed: arguments that are no"):
        Subject.of(own.Plain, lr=2.0)
    with pytest.raises(ValueError, match="law 'nope' is unknown; allowed: torch_equals_reference"):
        laws("nope")


def test_a_row_may_lie_elsewhere() -> None:
    row = METHODS["momo"]
    given = Subject.of(row)
    assert (given.row, given.reference) == (row, row.reference)
    named = Subject.of("conformance_optimizers:ROW")
    assert (named.name, named.optimizer) == ("plain", own.Plain)
    ALL["torch_equals_reference"].check(named, examples=5)


# ---- what is shown ------------------------------------------------------------------------------


def test_a_counterexample_is_small_and_says_what_was_given() -> None:
    subject = replace(Subject.of(own.WrongSign), reference=own.reference)
    with pytest.raises(LawBroken) as caught:
        ALL["torch_equals_reference"].check(subject)
    facts = caught.value.facts
    assert (caught.value.law, caught.value.method) == ("torch_equals_reference", "WrongSign")
    # At the first step <d, x> = γ, whatever the sign.
    assert facts["at step"] == 2
    assert facts["losses"].count(",") == 1
    assert facts["group 0"] == "lr = 1, weight_decay = 0, shapes (2,)"
    assert "group 1" not in facts
    assert abs(facts["got"] - facts["expected"]) > facts["tolerance"]
    text = str(caught.value)
    assert text.startswith("WrongSign breaks torch_equals_reference: after each step")
    assert "  expected   " in text
    with pytest.raises(LawBroken) as again:
        ALL["torch_equals_reference"].check(subject)
    assert again.value.facts == facts


def test_the_command_writes_a_table_and_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "out" / "laws.json"
    some = ["dual_norm", "claims", "step_size_nonnegative"]
    names = ["conformance_optimizers:Plain", "conformance_optimizers:NotClipped"]
    assert main([*names, "--laws", *some, "--examples", "5", "--json", str(file)]) == 1
    shown = capsys.readouterr().out
    assert "NotClipped breaks step_size_nonnegative" in shown
    assert "skipped: claims: no claims" in shown
    assert "3 of 4 laws hold" in shown
    form = json.loads(file.read_text(encoding="utf-8"))
    assert (form["version"], form["examples"], form["seed"], form["broken"]) == (2, 5, 0, 1)
    assert [(r["method"].split(":")[1], r["law"], r["status"]) for r in form["results"]] == [
        ("Plain", "dual_norm", "holds"),
        ("Plain", "claims", "skipped"),
        ("Plain", "step_size_nonnegative", "holds"),
        ("NotClipped", "dual_norm", "holds"),
        ("NotClipped", "claims", "skipped"),
        ("NotClipped", "step_size_nonnegative", "broken"),
    ]
    broken = form["results"][-1]
    assert broken["counterexample"]["what"] == "step_size"
    assert float(broken["counterexample"]["got"]) < 0
    assert form["results"][0]["counterexample"] is None
    always = {"method", "law", "status", "reason", "seconds", "counterexample"}
    assert set(broken) == {*always, "traceback", "again"}
    assert (form["raised"], form["interrupted"], form["not_run"]) == (0, False, [])


def test_the_command_of_one_method_gives_the_reasons_in_its_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    chosen = ["--laws", "shift", "errors", "--examples", "2"]
    assert main(["momo_star", *chosen]) == 0
    shown = capsys.readouterr().out
    assert "momo_star" in shown
    assert "the bound is estimated" in shown
    assert "1 of 1 laws hold" in shown


def test_the_command_lists_laws_and_refuses_what_is_unknown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--list"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in (*ALL, *METHODS))
    assert main(["nope"]) == 2
    assert "method 'nope' is unknown" in capsys.readouterr().err
    assert main(["momo", "--laws", "nope"]) == 2
    assert "law 'nope' is unknown" in capsys.readouterr().err
    assert main(["momo", "--examples", "0"]) == 2
    assert "examples = 0; allowed: at least 1" in capsys.readouterr().err


def test_json_counts_what_is_broken() -> None:
    results = list(examine(Subject.of(own.AcceptsAll), laws("errors")))
    assert as_json(results, 1, 2)["broken"] == 1
    assert as_json([], 1, 2)["results"] == []


# ---- imports ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("momo.conformance", {"numpy", "torch", "hypothesis", "rich"}),
        ("momo.conformance.plugin", {"numpy", "torch", "hypothesis", "rich"}),
        ("momo.conformance.subject", {"torch", "hypothesis"}),
        ("momo.conformance.command", {"torch", "hypothesis", "theory"}),
        ("momo.conformance.catalogue", {"theory", "cvxpy"}),
    ],
)
def test_imports_are_light(module: str, heavy: set[str]) -> None:
    code = f"import sys, {module}; found = {heavy!r} & set(sys.modules)\nsys.exit(found or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_kit_stands_on_methods_reference_and_optimizers() -> None:
    allowed = {"momo", "hypothesis", "numpy", "pytest", "rich", "torch", "tyro", "theory"}
    folder = Path(momo.conformance.__file__).parent
    for path in [*folder.glob("*.py"), *folder.glob("catalogue/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            roots = {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names)
            assert roots <= allowed, path
            assert "theory" not in roots or path.name == "claims.py"
            if "momo" in roots:
                own = ("conformance", "core", "methods", "optim", "reference")
                alone = ("momo", "momo.installed", "momo.lookup")
                parts = tuple(f"momo.{name}" for name in own)
                assert all(n.startswith(parts) or n in alone for n in names)
