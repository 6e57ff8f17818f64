# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

r"""Write ``theory/problems/data/mushrooms.npz`` from FANN's ``mushroom.train``.

The source is in Debian's package libfann-doc (2.2.0+ds-8)::

    apt-get download libfann-doc
    dpkg-deb -x libfann-doc_*.deb root
    python scripts/make_mushrooms.py \
        root/usr/share/doc/libfann-dev/examples/datasets/mushroom.train \
        theory/problems/data/mushrooms.npz

The file is a header ``N n 2``, then for each sample a line of n features, all 0 or 1, and a line
with the two indicators of its class. They are stored as bits; the second indicator is the label.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np


def main() -> None:
    """Convert, and print the SHA-256 that ``theory/problems/mushrooms.py`` expects."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    words = arguments.source.read_text(encoding="ascii").split()
    count, dim, classes = (int(word) for word in words[:3])
    table = np.array(words[3:], dtype=np.uint8).reshape(count, dim + classes)
    if classes != 2 or table.max() > 1 or not (table[:, dim:].sum(axis=1) == 1).all():
        raise SystemExit("not a file of binary features and two classes")
    np.savez_compressed(
        arguments.target,
        features=np.packbits(table[:, :dim], axis=1),
        labels=np.packbits(table[:, dim + 1]),
        shape=np.array([count, dim], dtype=np.int64),
    )
    print(hashlib.sha256(arguments.target.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
