# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A file is the old one or the new one, never half of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from momo import atomic


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "folder" / "record.json"
    atomic.write(path, b"old")

    def interrupted(part: Path, data: bytes) -> int:
        with part.open("wb") as file:
            file.write(data[:2])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        atomic.write(path, b"a longer new one")
    assert path.read_bytes() == b"old"
    assert [one.name for one in path.parent.iterdir()] == ["record.json"]
