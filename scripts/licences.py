# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``python -m scripts.licences``: under which licences the packages of ``constraints.txt`` are.

What is installed with the package itself, or with torch, has to be permissive. What only runs
beside it, for tests, proofs or experiments, may also be what `BESIDE` says, with a reason. One that
is not known fails, and so does a package that says nothing.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
OWN = "momentum-models"
SHIPPED = ("dependencies", "torch")
"""The extras that users of the optimizers install; the first is none, but what is always there."""
PERMISSIVE = frozenset(
    {
        *("0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause"),
        *(
            "BSL-1.0",
            "CC0-1.0",
            "LicenseRef-Public-Domain",
            "CNRI-Python",
            "ISC",
            "MIT",
            "MIT-0",
            "MIT-CMU",
            "PSF-2.0",
            "Zlib",
        ),
    }
)
"""They ask for no more than that their text is kept."""
CALLED = {
    "MIT": ("MIT License",),
    "Apache-2.0": ("Apache", "Apache 2.0", "Apache 2.0 License", "Apache Software License"),
    "BSD-3-Clause": ("BSD", "BSD License", "BSD 3-Clause License", "3-Clause BSD License"),
    "ISC": ("ISC License", "ISC License (ISCL)"),
    "PSF-2.0": ("Python Software Foundation License",),
    "MPL-2.0": ("Mozilla Public License 2.0 (MPL 2.0)",),
    "LicenseRef-Public-Domain": ("Public Domain",),
    "LGPL": ("GNU Library or Lesser General Public License (LGPL)",),
}
"""What packages say for an identifier of SPDX; "BSD" is one of two that ask for the same."""
SAID = {"cvc5": "BSD-3-Clause AND LGPL-3.0"}
"""Of packages whose metadata are silent: the files COPYING and licenses of that version."""


@dataclass(frozen=True)
class Exempt:
    """A licence that asks for more, where it is allowed, and why."""

    licence: str
    extras: tuple[str, ...]
    why: str


FRAMEWORKS = ("adapters", "integrations")
TESTS = ("docs", "release", "test", "all")
BESIDE = {
    "certifi": Exempt("MPL-2.0", ("adapters", "logging", *TESTS), "certificates, as they are"),
    "cvc5": Exempt("LGPL-3.0", ("theory", *TESTS), "a solver of proofs, with GMP in its wheel"),
    "hypothesis": Exempt("MPL-2.0", ("conformance", *TESTS), "draws the problems of the laws"),
    "pathspec": Exempt("MPL-2.0", TESTS, "mypy reads file patterns with it"),
    "pygithub": Exempt("LGPL", ("adapters", *TESTS), "benchopt publishes by it; not called here"),
    "tqdm": Exempt("MPL-2.0", (*FRAMEWORKS, *TESTS), "progress bars of frameworks"),
}
"""Packages by their canonical names."""


def identifiers(stated: str) -> frozenset[str]:
    """Return the identifiers of what a package states, of which all or one of two is meant."""
    alias = {word.lower(): spdx for spdx, words in CALLED.items() for word in (spdx, *words)}
    parts = re.split(r"\s+(?:AND|OR)\s+", stated.strip())
    return frozenset(alias.get(part.lower(), part) for part in parts)


def stated(name: str) -> frozenset[str]:
    """Return the licences of an installed package; none, if it says nothing.

    Its expression, its classifiers, or the field "License" if that is a name and not a text.
    """
    said: Any = metadata.metadata(name)
    if name in SAID:
        return identifiers(SAID[name])
    if said.get("License-Expression"):
        return identifiers(said["License-Expression"])
    classes = [
        line.rpartition(" :: ")[2]
        for line in said.get_all("Classifier", [])
        if line.startswith("License :: ") and not line.endswith("OSI Approved")
    ]
    if classes:
        return frozenset().union(*map(identifiers, classes))
    field = (said.get("License") or "").strip()
    return identifiers(field) if field and "\n" not in field else frozenset()


def closure(wanted: Iterable[str]) -> dict[str, bool]:
    """Return all packages that requirements lead to, and whether each is installed here."""
    found: dict[str, bool] = {}
    seen: set[tuple[str, str]] = set()
    todo = [(Requirement(line), "") for line in wanted]
    while todo:
        requirement, extra = todo.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        new = [(name, e) for e in ("", *requirement.extras) if (name, e) not in seen]
        seen.update(new)
        try:
            lines = metadata.requires(name) or []
            found[name] = True
        except metadata.PackageNotFoundError:
            found[name] = False
            continue
        todo += [(Requirement(line), e) for _, e in new for line in lines]
    return found


def extras(project: Mapping[str, object]) -> dict[str, list[str]]:
    """Return what each extra asks for, those of the project that it names included."""
    table = {"dependencies": project["dependencies"], **project["optional-dependencies"]}  # type: ignore[dict-item]

    def lines(name: str) -> list[str]:
        found: list[str] = []
        for line in table[name]:  # type: ignore[attr-defined]
            asked = Requirement(line)
            if asked.name == OWN:
                found += [one for each in sorted(asked.extras) for one in lines(each)]
            else:
                found.append(line)
        return found

    always = lines("dependencies")
    return {name: [*always, *([] if name == "dependencies" else lines(name))] for name in table}


def objection(name: str, licences: frozenset[str], extra: str) -> str:
    """Return what is wrong with a package in an extra; "" if nothing is."""
    if not licences:
        return f"{name} ({extra}) says nothing of its licence; allowed: a line in SAID"
    others = licences - PERMISSIVE
    if not others:
        return ""
    if extra in SHIPPED:
        return f"{name} ({extra}) is under {', '.join(sorted(others))}; allowed: permissive ones"
    exempt = BESIDE.get(name)
    if exempt is None or extra not in exempt.extras or others != {exempt.licence}:
        return (
            f"{name} ({extra}) is under {', '.join(sorted(others))}; allowed: permissive ones, or"
            " a line in BESIDE that says where and why"
        )
    return ""


def main() -> int:
    """Print a line for each extra and each exemption; return 1 if anything is not allowed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    objections: list[str] = []
    reached: set[str] = set()
    for extra, wanted in extras(project).items():
        packages = closure(wanted)
        here = [name for name in sorted(packages) if packages[name]]
        absent = [name for name in sorted(packages) if not packages[name]]
        reached |= {*here}
        counts: dict[str, int] = {}
        for name in here:
            licences = stated(name)
            objections += filter(None, [objection(name, licences, extra)])
            label = " AND ".join(sorted(licences)) or "unknown"
            counts[label] = counts.get(label, 0) + 1
        most = sorted(counts, key=lambda label: (-counts[label], label))
        print(f"{extra}: {len(here)} packages; " + ", ".join(f"{n} {counts[n]}" for n in most))
        if absent:
            print(f"  not installed here, so not looked at: {', '.join(absent)}")
    pins = re.findall(r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    for name in sorted({canonicalize_name(pin) for pin in pins} - reached):
        try:  # what a Makefile installs by itself, as timm
            objections += filter(None, [objection(name, stated(name), "test")])
        except metadata.PackageNotFoundError:
            print(f"{name}: pinned, and not installed here, so not looked at")
    for name, exempt in sorted(BESIDE.items()):
        print(f"{name}: {exempt.licence} in {', '.join(exempt.extras)}: {exempt.why}")
    for line in objections:
        print(line, file=sys.stderr)
    return int(bool(objections))


if __name__ == "__main__":
    sys.exit(main())
