# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The best steps found so far, kept in the repository: a search only ever improves them."""

from __future__ import annotations

import json
import math
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from theory.files import write
from theory.worst_case.ascent import Found
from theory.worst_case.setting import Setting, checked_steps

FOLDER = Path(__file__).parent / "data"
PACKAGES = ("numpy", "scipy", "clarabel")

BETTER = 1e-8
"""By how much a value must exceed the stored one; less is the solver's noise."""


class Store:
    """A folder of JSON files, one for each kind of setting, with a record for each β, K, α and f_*.

    Parameters
    ----------
    folder
        Where the files are; default: those of the repository.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self.found: dict[Setting, Found] = {}
        for path in sorted(folder.glob("*.json")):
            self._read(path)

    def _read(self, path: Path) -> None:
        """Take in a file; the better of two results for a setting stays."""
        try:
            content = json.loads(path.read_text())
            for record in content["records"]:
                setting = _setting(content["setting"] | record)
                steps = np.array(record["steps"], dtype=np.float64)
                found = Found(checked_steps(setting, steps), float(record["value"]))
                known = self.found.get(setting)
                if known is None or found.value > known.value:
                    self.found[setting] = found
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} is not a file of worst cases: {error!r}") from error

    def improve(self, setting: Setting, found: Found) -> bool:
        """Keep what was found if it is better than what is stored, or 0; return whether it is.

        The file is read once more, because another search may have written to it.
        """
        group = group_name(setting)
        path = self.folder / f"{group}.json"
        if path.exists():
            self._read(path)
        known = self.found.get(setting)
        if not found.value > (0.0 if known is None else known.value + BETTER):
            return False
        self.found[setting] = found
        records = [
            {
                "beta": each.beta,
                "iterations": each.iterations,
                "lr": each.lr if math.isfinite(each.lr) else None,
                **({"lower_bound": each.lower_bound} if each.lower_bound else {}),
                "value": kept.value,
                "steps": kept.steps.tolist(),
            }
            for each, kept in sorted(self.found.items(), key=lambda item: _order(item[0]))
            if group_name(each) == group
        ]
        content = {
            "setting": {
                "averaging": setting.averaging,
                "kind": setting.kind,
                "measure": setting.measure,
                "functions": setting.functions,
                "sampling": setting.sampling,
                "interpolation": setting.interpolation,
            },
            "versions": {name: version(name) for name in PACKAGES},
        }
        # One record a line: differences stay readable.
        lines = ",\n".join(json.dumps(record) for record in records)
        text = json.dumps(content)[:-1] + ', "records": [\n' + lines + "\n]}\n"
        write(path, text.encode())
        return True


def _setting(fields: dict[str, Any]) -> Setting:
    lr = math.inf if fields["lr"] is None else float(fields["lr"])
    return Setting(
        float(fields["beta"]),
        int(fields["iterations"]),
        fields["averaging"],
        fields["kind"],
        fields["measure"],
        int(fields["functions"]),
        lr,
        fields.get("sampling", "in_turn"),
        bool(fields.get("interpolation", True)),
        float(fields.get("lower_bound", 0.0)),
    )


def group_name(setting: Setting) -> str:
    """Return the name of the file that a setting belongs to."""
    parts = [setting.kind, setting.measure, setting.averaging]
    if setting.functions > 1:
        parts.append(f"{setting.functions}_functions")
    if setting.sampling == "independent":
        parts.append("independent")
    if not setting.interpolation:
        parts.append("no_interpolation")
    elif setting.lower_bound:
        parts.append("wrong_bound")
    if math.isfinite(setting.lr):
        parts.append("capped")
    return "_".join(parts)


def _order(setting: Setting) -> tuple[float, float, float, int]:
    return setting.lr, setting.lower_bound, setting.beta, setting.iterations
