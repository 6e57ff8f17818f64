# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The examples of the README and of `docs` run, and what they say of the registries is so."""

from __future__ import annotations

import json
import math
import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import tyro
from readme_pages import PAGES, ROOT, TEXT, blocks, commands, table

from theory.theorems import CLAIMS

BLOCKS = blocks("python")
FRAMEWORKS = (
    "import lightning\n",
    "from transformers import",
    "from accelerate import",
    "from ignite.engine import",
    "from skorch import",
    "from timm.optim import",
)
EXAMPLES = (
    "in the place of torch.optim.SGD",
    "# first.py\n",
    "AccumulatedLoss()",
    "observe(loss) * len(rows)",
    "GradientRelease(optimizer",
    "AveragedModel(",
    "after_decay(",
    "{optimizer.path}",
    "equal, bit for bit",
    "reached(-5.0)",
    "{last.lower_bound",
    "trained(1000",
    "CosineAnnealingLR(",
    "first + 0.5 * second",
    "(100, 20)",
    "# ngn_adam.py\n",
    "# test_ngn_adam.py\n",
    "# tube.py\n",
    "# theory/theorems/monotone/statement.py\n",
    "# theory/theorems/monotone/claim.py\n",
    "# theory/theorems/monotone/proof.py\n",
    "# soft.py\n",
    "# absolute.py\n",
    "# digits.py\n",
    "# mine.py\n",
    "# capped.py\n",
    "import annealed, gaussian\n",
    *FRAMEWORKS,
)
"""What tells an example from the others."""
STAND_IN = ROOT / "tests" / "integrations" / "scripts" / "stand_in_torchvision.py"
QUICK = ["--iterations", "60", "--seeds", "100", "--jobs", "1"]


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder that has the pages' files, as a user would."""
    for block in BLOCKS:
        name = re.match(r"# (\w+\.py)\n", block)
        if name:
            (folder / name[1]).write_text(block, encoding="utf-8")
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


OF_TORCH = (
    "in the place of torch.optim.SGD",
    "# first.py\n",
    "AccumulatedLoss()",
    "observe(loss) * len(rows)",
    "GradientRelease(optimizer",
    "AveragedModel(",
)
IN_TURN = """
import json, sys

for block in json.loads(sys.argv[1]):
    exec(compile(block, block, "exec"), {"__name__": "__main__"})
    print("# done", flush=True)
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the examples that need nothing but torch print, warnings as errors, in one process."""
    found = [[block for block in BLOCKS if mark in block] for mark in OF_TORCH]
    asked = json.dumps([block for (block,) in found])
    done = run(["-W", "error", "-c", IN_TURN, asked], tmp_path_factory.mktemp("examples"))
    assert done.returncode == 0, done.stderr
    return dict(zip(OF_TORCH, done.stdout.split("# done\n")[:-1], strict=True))


def test_every_example_is_one_that_is_run() -> None:
    found = [[mark for mark in EXAMPLES if mark in block] for block in BLOCKS]
    assert sorted(found) == sorted([mark] for mark in EXAMPLES)


def test_the_example_of_an_optimizer_learns(printed: dict[str, str]) -> None:
    # the labels are noise of variance 1, of which 100 steps learn a part
    loss, step_size = map(
        float, re.findall(r"\d+\.\d+", printed["in the place of torch.optim.SGD"])
    )
    assert loss < 1
    assert 0 < step_size <= 1


def test_the_first_run_is_as_shown(printed: dict[str, str]) -> None:
    def losses(text: str) -> list[float]:
        return [float(loss) for loss in re.findall(r"loss (\S+),", text)]

    (shown,) = (block for block in blocks("text") if block.startswith("step   0: loss"))
    ran = printed["# first.py\n"]
    assert [line[:9] for line in ran.splitlines()] == [line[:9] for line in shown.splitlines()]
    # other kernels of torch round otherwise
    assert losses(ran)[0] == pytest.approx(losses(shown)[0], abs=1e-3)
    assert losses(ran)[-1] < 10 * losses(shown)[-1]


@pytest.mark.parametrize(
    ("optimizer", "learns"),
    [
        ("momo.Momo(model.parameters(), lr=1000.0)", True),
        ("torch.optim.SGD(model.parameters(), lr=1.0, momentum=0.9, dampening=0.9)", False),
    ],
)
def test_what_the_first_page_says_of_other_rates_is_so(optimizer: str, learns: bool) -> None:
    (block,) = (block for block in BLOCKS if block.startswith("# first.py"))
    assert optimizer.removeprefix("momo.Momo(model.parameters(), ").rstrip(")") in TEXT
    changed = block.replace("momo.Momo(model.parameters(), lr=1.0)", optimizer)
    changed = changed.replace("range(501)", "range(101)")
    if not learns:
        changed = changed.replace("optimizer.step(loss=loss)", "optimizer.step()")
        changed = re.sub(r", step size \{[^}]*\}", "", changed)
    assert changed != block
    scope: dict[str, Any] = {}
    exec(compile(changed, "first.py", "exec"), scope)
    assert bool(scope["loss"] < 0.1) is learns


def test_the_example_of_a_training_loop_learns(printed: dict[str, str]) -> None:
    first, last = map(float, re.findall(r"\d+\.\d+", printed["AccumulatedLoss()"]))
    assert last < first / 4


def test_the_example_of_an_observed_loss_learns(printed: dict[str, str]) -> None:
    # the mean square of the targets is 0.43
    assert float(printed["observe(loss) * len(rows)"]) < 0.1


def test_the_example_of_released_gradients_keeps_none(printed: dict[str, str]) -> None:
    said = printed["GradientRelease(optimizer"]
    step_size, kept = re.findall(r"step size (\S+), gradients kept: (\d+)", said)[0]
    assert 0 < float(step_size) <= 3e-2
    assert kept == "0"


def test_the_example_of_an_averaged_model_learns(printed: dict[str, str]) -> None:
    # the mean absolute error at the start is 1.63
    assert float(printed["AveragedModel("]) < 1.5


@pytest.mark.parametrize("mark", FRAMEWORKS)
def test_the_example_of_a_framework_learns(mark: str, tmp_path: Path) -> None:
    """The frameworks warn of many things; timm needs a stand-in."""
    (block,) = (block for block in BLOCKS if mark in block)
    if "timm" in mark:
        if find_spec("timm") is None:
            pytest.skip("needs timm, which `make test` installs")
        stand_in = STAND_IN.read_text(encoding="utf-8")
        block = block.replace("import torch\n", f"{stand_in}\nimport torch\n", 1)
    (tmp_path / "example.py").write_text(block, encoding="utf-8")
    done = run(["-W", "ignore", "example.py"], tmp_path)
    assert done.returncode == 0, done.stderr
    # the mean square of the targets is 0.43
    assert float(re.findall(r"^loss (\S+)", done.stdout, re.MULTILINE)[-1]) < 0.1


def test_the_variant_in_twenty_lines_and_the_parts_obey_the_laws(tmp_path: Path) -> None:
    (block,) = (block for block in BLOCKS if block.startswith("# ngn_adam.py"))
    lines = [line for line in block.splitlines()[1:] if line.strip()]
    assert len(lines) <= 20
    own = ["ngn_adam:NgnAdam", "soft:SoftMomo", "absolute:MomoAbsolute"]
    done = run(["-m", "momo.conformance", *own, "--fast", "--examples", "3"], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    # all fast laws but two: no base is named, and no claims
    assert "48 of 48 laws hold" in done.stdout


def test_the_example_of_a_step_rule_is_a_smooth_minimum() -> None:
    from momo.core.ops import FLOATS

    (block,) = (block for block in BLOCKS if block.startswith("# soft.py\n"))
    scope: dict[str, Any] = {"__name__": __name__}
    exec(compile(block, "soft.py", "exec"), scope)
    rule = scope["PowerMean"]
    # (1/3 + 1/6)^-1, and (2^-4 + 2^-4)^(-1/4)
    for p, cap, adaptive, tau in [
        (1, 3, 6, 2),
        (4, 2, 2, 2**0.75),
        (4, math.inf, 3, 3),
        (4, 2, 0, 0),
    ]:
        assert rule(p)(cap, adaptive, 1.0, 0.0, FLOATS) == pytest.approx((tau, 0.0))


def test_the_test_file_of_a_variant_passes(tmp_path: Path) -> None:
    quick = ["-k", "shift or errors or capped or moved", "-p", "no:cacheprovider", "-q"]
    done = run(["-m", "pytest", *quick, "test_ngn_adam.py", "--momo-record"], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed, 1 skipped" in done.stdout
    assert (tmp_path / "golden" / "ngn_adam.NgnAdam.json").exists()


def test_the_table_of_methods_is_that_of_the_command() -> None:
    """All but the costs, which are measured."""
    from momo.bench.table import BEGIN, COST, END, HEADER, between, line, section
    from momo.methods import METHODS

    assert between(TEXT, BEGIN, END).strip() == "\n\n".join(map(section, METHODS.values()))
    rows = table(HEADER[0])
    costs = [row.split(" | ")[COST] for row in rows]
    assert all(float(cost) > 0 for cost in costs)
    assert rows == [line(row, cost) for row, cost in zip(METHODS.values(), costs, strict=True)]


def test_the_table_of_laws_names_all() -> None:
    from momo.conformance.catalogue import LAWS

    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", "\n".join(table("| law | |")), re.MULTILINE)
    assert dict(rows) == {name: law.statement for name, law in LAWS.items()}


def test_the_example_of_the_reference_runs(tmp_path: Path) -> None:
    (example,) = (block for block in BLOCKS if "rng.standard_normal((100, 20))" in block)
    done = run(["-c", example], tmp_path)
    assert done.returncode == 0, done.stderr
    near, far, _ = map(float, done.stdout.split())
    # the start is at distance ||solution||, about sqrt(20)
    assert near < far < 4


def test_the_example_problem_holds(tmp_path: Path) -> None:
    done = run(["-m", "theory", "--problems", "tube:tube", *QUICK, "--no-controls"], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    # all but those that need smooth or sharp functions, one function, or a certain one
    needy = {"smooth", "sharp", "linear", "growing", "ngn_m_", "attained", "trapped"}
    needy |= {"norm_recursion"}
    metric = ("growing_fejer", "growing_rate", "ngn_m_step")
    left = [name for name in CLAIMS if any(word in name for word in needy) and name not in metric]
    count = len(CLAIMS) - len(left)
    assert f"OK: {count} claims hold on 1 problem" in done.stdout


def test_the_table_names_every_claim() -> None:
    names = " ".join(row.split(" | ")[0] for row in table("| claim | statement | how |"))
    assert {*re.findall(r"`(\w+)`", names)} == {*CLAIMS}


def test_the_numbers_are_those_of_the_registries() -> None:
    from momo.methods import METHODS
    from theory.controls import CONTROLS
    from theory.problems import BROKEN, FAMILIES, INTERPOLATING, WITHOUT_INTERPOLATION

    assert f"on {len(FAMILIES)} families" in TEXT
    assert f" {len(INTERPOLATING)} of them interpolate" in TEXT
    assert f" {len(WITHOUT_INTERPOLATION)} do not" in " ".join(TEXT.split())
    assert f" {len(CONTROLS) + len(BROKEN)} broken methods and" in TEXT
    assert f"one of [{len(METHODS)} methods]" in TEXT
    assert f"MoMo, MoMo-Adam, and {len(METHODS) - 2} variants" in TEXT


def test_the_examples_of_a_workload_a_method_and_a_figure_run(tmp_path: Path) -> None:
    """The figure is of the project's records, and then of those that were made here."""
    both = ["--methods", "momo", "mine:ENTRY", "--lrs", "0.03"]
    options = [*both, "--seeds", "0", "--jobs", "1"]
    where = ["--records", str(tmp_path / "records"), "--device", "cpu"]
    done = run(["-m", "experiments", "run", "digits:WORKLOAD", *options, *where], tmp_path)
    assert done.returncode == 0, done.stderr
    scores = dict(re.findall(r"done +digits:WORKLOAD (\S+) .* score +([\d.]+)", done.stdout))
    # ten classes of equal size: a model that learned nothing gets 10 %
    assert {name: float(score) > 50 for name, score in scores.items()} == {
        "momo": True,
        "mine:ENTRY": True,
    }
    assert "digits:WORKLOAD (small)" in done.stdout
    page = PAGES["docs/extend/figure.md"]
    (other,) = re.findall(r'`(WORKLOAD = "digits:WORKLOAD")`', page)
    (block,) = (block for block in BLOCKS if block.startswith("# capped.py\n"))
    assert 'WORKLOAD = "mnist_mlp"' in block
    (tmp_path / "own.py").write_text(block.replace('WORKLOAD = "mnist_mlp"', other))
    for figure, records in (("capped:draw", []), ("own:draw", ["--records", "records"])):
        options = [figure, *records, "--methods", "momo", "--formats", "png", "--out", "."]
        done = run(["-W", "error", "-m", "paper_figs", *options], tmp_path)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "capped.png").read_bytes() != (tmp_path / "own.png").read_bytes()


def test_the_example_of_a_sampler_samples(tmp_path: Path) -> None:
    (block,) = (block for block in BLOCKS if "import annealed, gaussian\n" in block)
    done = run(["-W", "error", "-c", block], tmp_path)
    assert done.returncode == 0, done.stderr
    # 10 000 numbers: 5 deviations are 7 %, and as much is granted to the length of steps
    assert 0.86 < float(done.stdout) < 1.14


def test_the_table_of_workloads_names_all() -> None:
    from experiments.workloads import WORKLOADS

    rows = "\n".join(table("| workload | at paper scale"))
    assert {*re.findall(r"`(\w+)`", rows)} == {*WORKLOADS}


def given(module: str) -> list[list[str]]:
    """Return the arguments of every command with this module; quotes are the shell's."""
    lines = [line.partition(f"-m {module} ") for line in commands()]
    found = [shlex.split(arguments) for _, here, arguments in lines if here]
    assert found
    return found


def test_the_commands_of_the_experiments_are_understood() -> None:
    """Every line with our command parses; those that would run something are not run."""
    from experiments.commands.inspect import List, Status, Summary
    from experiments.commands.inspect_run import Inspect
    from experiments.commands.sweep import RunCommand, Sweep
    from experiments.commands.tokens import TokensCommand
    from experiments.data.command import Data

    kinds = {
        "list": List, "status": Status, "summary": Summary, "run": RunCommand, "sweep": Sweep,
        "data": Data, "inspect": Inspect, "tokens": TokensCommand,
    }  # fmt: skip
    assert len(given("experiments")) > 10
    for words in given("experiments"):
        if words[0] in kinds:
            tyro.cli(kinds[words[0]], args=words[1:])


def test_the_commands_of_the_theory_are_understood() -> None:
    from theory.command import COMMANDS

    for name, *options in given("theory"):
        command = COMMANDS.get(name)
        tyro.cli(command or COMMANDS["verify"], args=options if command else [name, *options])


def test_the_commands_about_methods_and_figures_are_understood() -> None:
    from momo.conformance.command import Conformance
    from momo.conformance.regression.command import Accept, Check, Record
    from paper_figs.command import PaperFigures
    from paper_figs.registry import find

    for words in given("momo.conformance"):
        tyro.cli(Conformance, args=words)
    for name, *methods in given("momo.conformance.regression"):
        tyro.cli({"check": Check, "accept": Accept, "record": Record}[name], args=methods)
    for words in given("paper_figs"):
        for name in tyro.cli(PaperFigures, args=words).names:
            if ":" not in name:  # the example of one's own, which runs
                find(name)
