"""The theory's tests keep their own cache of optima, so that they never read a user's."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("theory", deadline=None, derandomize=True, database=None)
settings.load_profile("theory")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
