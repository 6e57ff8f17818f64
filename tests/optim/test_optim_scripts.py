# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Everyday scripts on handwritten digits, run as a user would, who reads what they print.

Each is a program of its own that ends by checking what it did. All methods of the table, and all
scripts that need no second process, run in one process, since most of the time goes into importing
torch and scikit-learn.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from momo.methods import PAPER as METHODS

SCRIPTS = Path(__file__).parent / "scripts"
ONE_PROCESS = {
    "mlp": METHODS,
    "schedule": METHODS,
    "amp": METHODS,
    "accumulate": METHODS,
    "groups": METHODS,
    "many_lrs": METHODS,
    "published": (),
    "sparse": (),
}
"""The scripts by name, with the methods that they are asked to run."""
OTHERS = {"resume", "accumulate_ddp", "digits"}
IN_TURN = """
import json, runpy, sys, traceback

folder, scripts = sys.argv[1], json.loads(sys.argv[2])
sys.path.insert(0, folder)
for name, methods in scripts.items():
    sys.argv = [f"{folder}/script_{name}.py", *methods]
    print(f"# {name}", flush=True)
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
        print("# passed", flush=True)
    except BaseException:
        print(traceback.format_exc(), flush=True)
"""
"""Runs one script after the other, each as a program; its name stands above what it prints."""


def command(script: str, *arguments: str) -> list[str]:
    return [sys.executable, "-W", "error", str(SCRIPTS / f"script_{script}.py"), *arguments]


def start(script: str, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(script, *arguments),
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[str]) -> str:
    try:
        out, err = process.communicate(timeout=300)
    finally:
        process.kill()
    assert process.returncode == 0, out + err
    return out


def said(out: str) -> list[str]:
    """The methods that a script reports on."""
    return [line.partition(":")[0] for line in out.splitlines() if ":" in line]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each script printed, with a traceback where it failed."""
    scripts = json.dumps({name: list(methods) for name, methods in ONE_PROCESS.items()})
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IN_TURN, str(SCRIPTS), scripts],
        cwd=tmp_path_factory.mktemp("scripts"),
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    parts = re.split(r"^# (?!passed)(\w+)\n", done.stdout, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("script", ONE_PROCESS)
def test_a_script_does_what_it_says(script: str, printed: dict[str, str]) -> None:
    out = printed[script]
    assert out.endswith("# passed\n"), out
    assert set(ONE_PROCESS[script]) <= set(said(out))


def test_a_run_is_resumed_in_another_process(tmp_path: Path) -> None:
    for phase in ("first", "second"):
        out = finish(start("resume", tmp_path, phase, str(tmp_path), *METHODS))
        assert said(out) == list(METHODS)


@pytest.mark.slow
def test_a_script_that_finds_a_difference_fails(tmp_path: Path) -> None:
    """A checkpoint whose loss average is off by one part in a million is another run."""
    import torch

    from momo.optim.state import INDEX

    finish(start("resume", tmp_path, "first", str(tmp_path), "momo"))
    file = tmp_path / "momo.pt"
    parts = torch.load(file, weights_only=True)
    parts[1]["state"][0]["model"][INDEX["loss_avg"]] *= 1 + 1e-6
    torch.save(parts, file)
    process = start("resume", tmp_path, "second", str(tmp_path), "momo")
    _, err = process.communicate(timeout=300)
    assert process.returncode == 1
    assert "AssertionError" in err


@pytest.mark.slow
def test_accumulation_in_two_processes(tmp_path: Path) -> None:
    file = str(tmp_path / "meeting")
    processes = [start("accumulate_ddp", tmp_path, str(r), file, *METHODS) for r in range(2)]
    for process in processes:
        assert said(finish(process)) == list(METHODS)


def test_every_script_is_run() -> None:
    found = {path.stem.removeprefix("script_") for path in SCRIPTS.glob("*.py")}
    assert found == {*ONE_PROCESS, *OTHERS}
