# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``sample``: compare samplers of a small score network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from experiments.places import RECORDS


@dataclass(frozen=True)
class Sample:
    """Train a small score network with MoMo-Adam, and compare samplers on it.

    Langevin, fixed and adaptive momentum at the published and at the exact temperature, and with a
    predictor: the sliced Wasserstein distance of samples to images against the number of
    evaluations. A quarter of an hour on one core; an interrupted one goes on where it was.
    """

    out: Path = RECORDS / "sampling.json"
    """The file of the record."""
    data: Path | None = None
    """The folder of the data sets."""
    smoke: bool = False
    """The scale of tests: seconds, and no result."""
    markdown: Path | None = None
    """Write the tables to this file too."""

    def run(self) -> int:
        """Return 0: the record is complete."""
        from rich.console import Console
        from rich.progress import Progress

        from experiments.files import write
        from experiments.sampling.plan import SMOKE, Config
        from experiments.sampling.study import carry_out
        from experiments.sampling.tables import sheets

        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("", total=1.0)

            def say(share: float, what: str) -> None:
                progress.update(bar, completed=share, description=what)

            record = carry_out(SMOKE if self.smoke else Config(), self.data, self.out, say)
        found = sheets(record)
        console = Console(highlight=False)
        for sheet in found:
            console.print(sheet.table())
        print(f"the record: {self.out}")
        if self.markdown is not None:
            write(self.markdown, "\n".join(sheet.markdown(level=3) for sheet in found).encode())
        return 0
