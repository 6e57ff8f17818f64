# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is said where a library is missing, or where ``momo`` is another package's name too."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from momo.installed import missing

ROOT = Path(__file__).parents[1]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]


def python(
    code: str, cwd: Path = ROOT, path: tuple[Path, ...] = (ROOT,), *options: str
) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    call = [sys.executable, *options, "-c", code]
    return subprocess.run(call, cwd=cwd, env=env, capture_output=True, text=True, check=False)


# ---- a library is missing ------------------------------------------------------------------------


def without(library: str, code: str) -> subprocess.CompletedProcess[str]:
    """Run code where a library is not there."""
    return python(f"import sys; sys.modules[{library!r}] = None\n{code}")


def command(module: str, *words: str) -> str:
    return (
        f"import runpy; sys.argv = {[module, *words]!r}\n"
        f"runpy.run_module({module!r}, run_name='__main__', alter_sys=True)"
    )


COMMANDS = [
    ("momo.bench", (), "bench", ("rich", "torch", "tyro")),
    ("momo.conformance", ("momo",), "conformance", ("hypothesis", "rich", "torch", "tyro")),
    ("momo.conformance.regression", ("check", "momo"), "conformance", ("rich", "torch", "tyro")),
    ("theory", ("list",), "theory", ("rich", "tyro")),
    ("theory", ("verify", "--iterations", "10"), "theory", ("joblib",)),
    ("theory", ("prove",), "theory", ("z3",)),
    ("experiments", ("list",), "experiments", ("rich", "tyro")),
    ("experiments", ("summary",), "experiments", ("polars",)),
    ("paper_figs", ("--list",), "experiments", ("rich", "tyro")),
    ("paper_figs", ("model",), "experiments", ("matplotlib",)),
]
CASES = [
    pytest.param(module, words, extra, library, id=f"{module} {' '.join(words)} without {library}")
    for module, words, extra, libraries in COMMANDS
    for library in libraries
]


@pytest.mark.parametrize(("module", "words", "extra", "library"), CASES)
def test_a_command_names_the_extra_that_it_needs(
    module: str, words: tuple[str, ...], extra: str, library: str
) -> None:
    done = without(library, command(module, *words))
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"python -m {module}")
    assert line.endswith(
        f" needs {library}, which is not installed:"
        f" pip install '.[{extra}]' in a checkout of momentum-models"
    )


@pytest.mark.parametrize(
    ("library", "code", "said"),
    [
        ("torch", "from momo import Momo", "momo.optim needs torch,.*torch]'"),
        ("torch", "import momo; momo.MomoAdam", "momo.optim needs torch,.*torch]'"),
        ("torch", "import momo.optim", "momo.optim needs torch,.*torch]'"),
        ("torch", "from momo.optim import Iam", "momo.optim needs torch,.*torch]'"),
        (
            "torch",
            "from momo.conformance import laws",
            "momo.conformance.laws needs torch,.*conformance]'",
        ),
        *(
            (
                library,
                f"import momo.integrations.{library}",
                f"momo.integrations.{library} needs {library},.*integrations]'",
            )
            for library in ("accelerate", "lightning", "transformers")
        ),
        (
            "hypothesis",
            "from momo.conformance import laws",
            "momo.conformance.laws needs hypothesis,.*conformance]'",
        ),
    ],
)
def test_an_import_names_the_extra_that_it_needs(library: str, code: str, said: str) -> None:
    done = without(library, code)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert re.fullmatch(f"ModuleNotFoundError: {said} in a checkout of momentum-models", last)


@pytest.mark.parametrize("library", ["hypothesis", "torch"])
def test_the_plugin_names_the_extra_that_it_needs(library: str, tmp_path: Path) -> None:
    options = ["-q", "-p", "momo.conformance.plugin", "-p", "no:cacheprovider"]
    # Hypothesis has a plugin of its own, which pytest would load.
    code = (
        "import os, pytest\nos.environ['PYTEST_DISABLE_PLUGIN_AUTOLOAD'] = '1'\n"
        f"sys.exit(pytest.main({[*options, '--momo-method', 'momo', str(tmp_path)]!r}))"
    )
    done = without(library, code)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR, done.stdout + done.stderr
    assert f"ERROR: --momo-method needs {library}, which is not installed" in done.stderr
    assert "pip install '.[conformance]' in a checkout" in done.stderr


@pytest.mark.parametrize("name", ["momo.optim.gone", "theory", "rich.gone", None])
def test_what_no_extra_brings_is_raised_as_it_is(name: str | None) -> None:
    """A part of the project, or of a library that is there."""
    error = ModuleNotFoundError(f"No module named {name!r}", name=name)
    with pytest.raises(ModuleNotFoundError) as raised:
        missing(error, "it", "torch")
    assert raised.value is error


EVERY_MODULE = """
import importlib, pathlib, momo
root = pathlib.Path(momo.__file__).parent
for library in ("torch", "rich", "tyro", "hypothesis", "pytest", "lightning", "transformers"):
    sys.modules[library] = None
for path in sorted(root.rglob("*.py")):
    name = ".".join(path.relative_to(root.parent).with_suffix("").parts).removesuffix(".__init__")
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        print(name, "|", error)
    else:
        print(name, "| works")
"""


def test_every_module_works_without_the_extras_or_names_one() -> None:
    done = without("accelerate", EVERY_MODULE)
    assert done.returncode == 0, done.stderr
    said = dict(line.split(" | ") for line in done.stdout.splitlines())
    works = {name for name, how in said.items() if how == "works"}
    assert {"momo", "momo.methods", "momo.reference.paper", "momo.bench.__main__"} <= works
    assert len(said) > 190
    hint = r"momo\.[\w.]+ needs \w+, which is not installed: pip install '\.\[\w+\]' in a .*"
    for name in said.keys() - works:
        assert re.fullmatch(hint, said[name]), f"{name}: {said[name]}"


def test_a_wheel_is_completed_by_name(site: Path) -> None:
    """In a checkout its own folder is what is installed: see the cases above."""
    ours(site)
    done = python("import sys; sys.modules['torch'] = None\nfrom momo import Momo", site, (site,))
    last = done.stderr.splitlines()[-1]
    assert last == (
        "ModuleNotFoundError: momo.optim needs torch, which is not installed:"
        ' pip install "momentum-models[torch]"'
    )


def test_every_hint_names_an_extra_that_there_is() -> None:
    named = set()
    folders = ("momo", "theory", "experiments", "paper_figs", "scripts", "docs")
    files = [p for f in folders for p in (ROOT / f).rglob("*") if p.suffix in (".py", ".md")]
    for path in [*files, ROOT / "README.md", ROOT / "Makefile"]:
        text = path.read_text(encoding="utf-8")
        calls = r"(?:missing\(error|needed\(|\binstalled\.command\().*\b(\w+)['\"]\)"
        named |= {*re.findall(calls, text)}
        for extras in re.findall(r"(?:'\.|momentum-models)\[([\w,]+)\]", text):
            named |= {*extras.split(",")}
    assert {*EXTRAS} - {"test", "all"} <= named
    assert named <= {*EXTRAS}


# ---- another package is `momo`, too --------------------------------------------------------------

Site = Callable[[Path], None]
MAKES = "from momo.optim import Momo\nimport torch\nfor _ in 'ab': Momo([torch.ones(1)])\n"
REMEDY = (
    "allowed: one of the two. Remove both, pip uninstall momo-opt momentum-models, then install"
    ' one, pip install "momentum-models[torch]", or pip install momo-opt'
)


def ours(site: Path) -> None:
    """Install the project, as pip would."""
    cut = shutil.ignore_patterns("conformance", "bench", "reference")
    shutil.copytree(ROOT / "momo", site / "momo", ignore=cut, dirs_exist_ok=True)
    described(site, "momentum-models")


def theirs(site: Path) -> None:
    """Install a package like momo-opt."""
    (site / "momo").mkdir(parents=True, exist_ok=True)
    (site / "momo" / "__init__.py").write_text("from .momo import Momo\n")
    (site / "momo" / "momo.py").write_text("class Momo:\n    pass\n")
    described(site, "momo-opt")


def described(site: Path, name: str) -> None:
    folder = site / f"{name.replace('-', '_')}-0.1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n")


def without_theirs(site: Path) -> None:
    """Uninstall it: pip removes what it had installed, whoever has overwritten it since."""
    for name in ("__init__.py", "momo.py"):
        (site / "momo" / name).unlink()
    shutil.rmtree(site / "momo_opt-0.1.0.dist-info")


FORKS = """
import json, os, sys, traceback
import torch

for line in sys.stdin:
    code, folder, path, file = json.loads(line)
    child = os.fork()
    if child:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    try:
        for fd in (1, 2):
            os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND), fd)
        os.chdir(folder)
        sys.path[1:1] = path
        exec(code, {"__name__": "__main__"})
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
"""
"""Runs code as if Python were started anew with a path, but that torch is there: it takes longest.

What is printed goes to a file, the exit status to the one who asked.
"""


class Forks:
    """A process that forks for every code that it is given."""

    def __init__(self, folder: Path) -> None:
        self.said = folder / "said.txt"
        libraries = sysconfig.get_path("purelib")
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-c", FORKS],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": libraries},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, code: str, *sites: Path) -> list[str]:
        """Return what is warned of, by code that must run; the checkout is out of reach."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        code = f"import warnings; warnings.simplefilter('always')\n{code}"
        self.said.unlink(missing_ok=True)
        asked = [code, str(sites[0]), [str(site) for site in sites], str(self.said)]
        print(json.dumps(asked), file=self.process.stdin, flush=True)
        status = self.process.stdout.readline()
        said = self.said.read_text(encoding="utf-8")
        assert status == "0\n", said
        return re.findall(r"UserWarning: (.*)", said)


@pytest.fixture(scope="module")
def warned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    forks = Forks(tmp_path_factory.mktemp("forks"))
    yield forks
    forks.process.communicate()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    made = tmp_path / "site"
    made.mkdir()
    return made


def test_nothing_is_said_where_there_is_nothing_to_say(site: Path, warned: Forks) -> None:
    ours(site)
    assert warned("import momo\n" + MAKES, site) == []


@pytest.mark.parametrize("code", ["import momo", "import momo.optim", f"import momo\n{MAKES}"])
def test_both_in_one_folder_is_said_at_import_and_once(
    site: Path, warned: Forks, code: str
) -> None:
    theirs(site)
    ours(site)
    (said,) = warned(code, site)
    assert said.startswith(
        f"momo-opt and momentum-models are installed in one folder, {site / 'momo'}, where they"
        " overwrite each other's files"
    )
    assert said.endswith(REMEDY)


def test_an_init_that_is_not_ours_is_said_by_the_optimizers(site: Path, warned: Forks) -> None:
    ours(site)
    theirs(site)
    assert warned("import momo", site) == []  # nothing of ours has run
    (said,) = warned("import momo.optim\n" + MAKES, site)
    assert f"momentum-models in {site / 'momo'} is that of momo-opt" in said
    assert "`from momo import Momo` is another" in said
    assert said.endswith(REMEDY)


@pytest.mark.parametrize("order", [(ours, theirs), (theirs, ours)], ids=["after", "before"])
def test_an_init_that_was_uninstalled_is_said_by_the_optimizers(
    site: Path, warned: Forks, order: tuple[Site, Site]
) -> None:
    for install in order:
        install(site)
    without_theirs(site)
    (said,) = warned("import momo.optim\n" + MAKES, site)
    assert f"momentum-models in {site / 'momo'} has been removed" in said
    assert "`from momo import Momo` is not there" in said
    assert said.endswith(REMEDY)


def test_theirs_elsewhere_is_said_by_the_first_optimizer(
    site: Path, warned: Forks, tmp_path: Path
) -> None:
    """As where ours is found first because Python is started in a checkout."""
    ours(site)
    theirs(tmp_path / "other")
    assert warned("import momo.optim", site, tmp_path / "other") == []
    (said,) = warned(MAKES, site, tmp_path / "other")
    assert said.startswith(
        f"momo-opt 0.1.0 is installed in {tmp_path / 'other'}, momentum-models runs from"
        f" {site / 'momo'}: "
    )
    assert said.endswith(REMEDY)


def test_the_import_looks_nothing_up() -> None:
    heavy = {"importlib.metadata", "pathlib", "numpy", "torch"}
    code = f"import sys, momo; found = {heavy!r} & {{*sys.modules}}; sys.exit(found or 0)"
    done = python(code, ROOT, (ROOT,), "-S")
    assert done.returncode == 0, done.stderr
