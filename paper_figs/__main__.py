"""``python -m paper_figs``."""

from __future__ import annotations

import sys

from paper_figs.command import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
