# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The theory's tests keep their own cache of optima, so that they never read a user's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from theory.kernel.sources import File
    from theory.proofs.outcomes import Outcome

settings.register_profile("theory", deadline=None, derandomize=True, database=None)
settings.load_profile("theory")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def proven() -> tuple[Outcome, ...]:
    """Return what comes of proving everything, which takes seconds and changes nothing."""
    from theory.proofs.assemble import prove

    return prove()


@pytest.fixture(scope="session")
def compiled_theorems() -> dict[str, File]:
    """Return the files of theory/rocq by their names, if they lie compiled in build/rocq."""
    from theory.kernel import outcomes, sources

    files, kept = sources.read(), outcomes.load()
    if kept is None or kept.sources != outcomes.state(files):
        pytest.skip("theory/rocq is not compiled: make rocq")
    return {file.name: file for file in files}
