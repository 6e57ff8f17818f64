# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is known of each mutant, in a file that grows as results come; and the equivalent ones."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.mutants.sites import Mutant
from scripts.mutants.workers import Result

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Results:
    """A file with a line for each result.

    A result holds for the source of the module; that a mutant survived, for the tests too.

    Attributes
    ----------
    path
        The file.
    sources
        Digests of the modules' sources, by name.
    tests
        Digest of the tests.
    """

    path: Path
    sources: dict[str, str]
    tests: str

    def append(self, mutant: Mutant, result: Result) -> None:
        """Add a result; several processes may do so at the same time."""
        known = {"source": self.sources[mutant.module], "tests": self.tests}
        # The newline comes first: the last line may have been cut off.
        line = "\n" + json.dumps({**asdict(result), **known}, ensure_ascii=False)
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            os.write(file, line.encode())
        finally:
            os.close(file)

    def read(self) -> dict[Key, Result]:
        """Return the results that still hold; of several, the last."""
        found: dict[Key, Result] = {}
        if not self.path.exists():
            return found
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                content = json.loads(line)
            except ValueError:
                continue  # cut off where the program was ended
            module, function, change = content["key"]
            key = (module, function, change)
            if self.sources.get(module) != content.pop("source"):
                continue
            same_tests = content.pop("tests") == self.tests
            if content["killed"] or same_tests:
                found[key] = Result(**{**content, "key": key})
        return found


def equivalents(path: Path, mutants: Iterable[Mutant]) -> dict[Key, str]:
    """Return the reasons why mutants cannot be noticed, by key.

    Raises
    ------
    ValueError
        If an entry has no reason, or there is no such mutant (any more).
    """
    if not path.exists():
        return {}
    keys = {mutant.key for mutant in mutants}
    found: dict[Key, str] = {}
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", []):
        key = (entry.get("module", ""), entry.get("function", ""), entry.get("change", ""))
        if key not in keys:
            raise ValueError(f"{path} has {' · '.join(key)}; allowed: mutants that there are")
        if not entry.get("reason"):
            raise ValueError(f"{path} gives no reason for {' · '.join(key)}; allowed: one sentence")
        found[key] = entry["reason"]
    return found
