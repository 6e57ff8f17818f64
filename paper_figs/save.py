# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Files of figures: the same figure gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from experiments.files import write
from paper_figs.style import STYLE

METADATA = {
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
    "svg": {"Creator": None, "Date": None},
}
"""Without dates and versions."""


def rendered(figure: Figure, kind: str) -> bytes:
    """Return the file of a figure; ``kind`` is "pdf", "png" or "svg"."""
    buffer = io.BytesIO()
    with mpl.rc_context(STYLE):
        # Laid out once: a layout starts from the one before, so that a second would be another.
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        figure.savefig(buffer, format=kind, metadata=METADATA[kind])
    return buffer.getvalue()


def save(figure: Figure, name: str, folder: Path, kinds: Sequence[str]) -> list[Path]:
    """Write a figure in every format; return the paths."""
    paths = []
    for kind in kinds:
        path = folder / f"{name}.{kind}"
        write(path, rendered(figure, kind))
        paths.append(path)
    return paths
