# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a release has to agree on, and what its files are looked through for."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.release import build, contents, state, targets
from scripts.release.build import ReleaseError

ROOT = Path(__file__).parents[2]
VERSION = contents.version()
Edit = Callable[[str], None]


def test_version_changelog_and_citation_agree() -> None:
    assert state.disagreements() == []


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a version stands in, of a release of 1.2.3 on a day."""
    (tmp_path / "momo").mkdir()
    (tmp_path / "momo" / "__init__.py").write_text('__version__ = "1.2.3"\n')
    (tmp_path / "CITATION.cff").write_text(
        "cff-version: 1.2.0\nversion: 1.2.3\ndate-released: 2031-05-04\n"
        "preferred-citation:\n  version: 7\n  date-released: 2000-01-01\n"
    )
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changes\n\n## 1.2.3, 2031-05-04\n\n## 1.2.2, 2031-05-03\n"
    )
    for version in ("1.2.2", "1.2.3"):
        (tmp_path / state.STATES / version).mkdir(parents=True)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        name = ["-c", "user.name=a", "-c", "user.email=a@localhost"]
        subprocess.run(["git", *name, *command], cwd=tmp_path, check=True)
    return tmp_path


def test_what_agrees_is_nothing_to_speak_of(checkout: Path) -> None:
    assert state.disagreements(checkout) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("momo/__init__.py", "1.2.3", "1.2.4", "CITATION.cff has version 1.2.3; allowed: 1.2.4"),
        ("momo/__init__.py", "1.2.3", "1.2.4", "CHANGELOG.md begins with 1.2.3; allowed: ## 1.2.4"),
        ("momo/__init__.py", "1.2.3", "one", "__version__ = 'one' of momo/__init__.py"),
        ("CITATION.cff", "\nversion: 1.2.3", "\nversion: 1.2", "CITATION.cff has version 1.2;"),
        ("CITATION.cff", "date-released: 2031-05-04\n", "", "has date-released nowhere"),
        ("CITATION.cff", "2031-05-04", "2031-05-05", "has date-released 2031-05-05"),
        ("CHANGELOG.md", "## 1.2.3, 2031-05-04", "## 1.2.3, May", "## 1.2.3, May; allowed: a date"),
        ("CHANGELOG.md", "2031-05-03", "unreleased", "## 1.2.2, unreleased; allowed: a date"),
        ("CHANGELOG.md", "1.2.2", "1.3.0", "1.2.3, 1.3.0; newest first"),
        ("CHANGELOG.md", "2031-05-04", "unreleased", "CHANGELOG.md says unreleased"),
    ],
)
def test_what_does_not_agree_is_named(
    checkout: Path, file: str, old: str, new: str, said: str
) -> None:
    path = checkout / file
    path.write_text(path.read_text().replace(old, new, 1))
    assert said in "\n".join(state.disagreements(checkout))


def test_what_is_left_to_do_is_named(checkout: Path, tmp_path: Path) -> None:
    dist = tmp_path / "none"
    left = state.left_to_do(checkout, dist)
    assert len(left) == len(targets.TARGETS)
    for line, target in zip(left, targets.TARGETS, strict=True):
        assert line.startswith(f"none: no wheel {target.file}; make wheels builds it")
    shutil.rmtree(checkout / state.STATES / "1.2.2")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@localhost"]
    subprocess.run([*git, "tag", "v1.2.3"], cwd=checkout, check=True)
    subprocess.run([*git, "commit", "-qm", "more", "--allow-empty"], cwd=checkout, check=True)
    (checkout / "notes").write_text("")
    left = "\n".join(state.left_to_do(checkout, dist))
    assert "tests/data/released/1.2.2 is not there" in left
    assert "not committed:\n?? notes" in left
    assert "the tag v1.2.3 is on another commit" in left


# ---- what is in the files ------------------------------------------------------------------------


def made(folder: Path, target: targets.Target, edit: Callable[[dict[str, bytes]], None]) -> Path:
    """Return a wheel of the checkout, as the builder would have it, and then edited."""
    info = f"{targets.NAME}-{VERSION}.dist-info"
    own = [name for name in contents.tracked() if name.startswith("momo/")]
    files = {name: (ROOT / name).read_bytes() for name in own}
    if target.machine:
        files[contents.KERNELS] = b"\x7fELF".ljust(18) + target.elf.to_bytes(2, "little")
    for name in ("METADATA", "RECORD", "entry_points.txt"):
        files[f"{info}/{name}"] = b""
    files[f"{info}/WHEEL"] = f"Root-Is-Purelib: {str(not target.machine).lower()}\n".encode()
    files[f"{info}/licenses/LICENSE"] = (ROOT / "LICENSE").read_bytes()
    edit(files)
    path = folder / f"{targets.NAME}-{VERSION}-{target.file}"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


in_git = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no checkout, but a source")
PURE, NATIVE = targets.TARGETS[-1], targets.TARGETS[0]


@in_git
@pytest.mark.parametrize(
    ("target", "name", "data", "said"),
    [
        (PURE, "tests/test_it.py", b"", r"\['tests/test_it.py'\] should not be there"),
        (PURE, contents.KERNELS, b"", "should not be there"),
        (PURE, "momo/py.typed", None, r"\['momo/py.typed'\] should"),
        (PURE, f"{targets.NAME}-{VERSION}.dist-info/licenses/LICENSE", b"all mine", "LICENSE"),
        (PURE, f"{targets.NAME}-{VERSION}.dist-info/WHEEL", b"", "WHEEL"),
        (NATIVE, contents.KERNELS, None, "_kernels.so'] should"),
        (NATIVE, "momo/__init__.py", b"", "kernels of this source"),
    ],
)
def test_a_wheel_with_more_or_less_is_refused(
    target: targets.Target,
    name: str,
    data: bytes | None,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def edit(files: dict[str, bytes]) -> None:
        files.pop(name, None)
        if data is not None:
            files[name] = data

    monkeypatch.setattr(contents, "check_metadata", lambda raw, what: None)
    with pytest.raises(ReleaseError, match=said):
        contents.check_wheel(made(tmp_path, target, edit), target)


def test_kernels_of_another_processor_are_refused(tmp_path: Path) -> None:
    from hashlib import sha256

    digest = sha256((ROOT / "momo/optim/fused/kernels.c").read_bytes()).hexdigest().encode()
    other = b"\x7fELF".ljust(18) + targets.TARGETS[1].elf.to_bytes(2, "little") + digest
    with pytest.raises(ReleaseError, match="processor: 183, and it should be 62"):
        contents.check_kernels(other, tmp_path, NATIVE)


def test_metadata_are_those_of_the_project() -> None:
    raw = b"Metadata-Version: 2.4\nName: momentum-models\nVersion: 0.0.1\n"
    with pytest.raises(ReleaseError, match=r"version: '0\.0\.1', and it"):
        contents.check_metadata(raw, "a wheel")


def test_each_platform_takes_its_kernels_and_the_rest_none() -> None:
    wheels = [Path(f"{targets.NAME}-{VERSION}-{target.file}") for target in targets.TARGETS]
    for platforms, processor in contents.MACHINES.values():
        wanted = next(t for t in targets.TARGETS if t.machine == processor)
        assert contents.picked(platforms, wheels).name.endswith(wanted.file)


def test_a_compiler_that_is_named_and_not_there_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import hatch_build

    monkeypatch.setenv("CC", "no-such-compiler -O1")
    assert hatch_build.compile_kernels() == "no C compiler was found: no-such-compiler -O1"


def test_a_command_that_fails_is_shown_with_what_it_says() -> None:
    with pytest.raises(ReleaseError, match=r"git no-such ended with status 1:\n.*no-such"):
        build.call("git", "no-such")
