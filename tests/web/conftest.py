"""A site for every test that wants one, on SQLite and on a real PostgreSQL in turn."""

from pathlib import Path

import pytest

from builders.web import Site, a_site
from redflags.adapters.store import QueueStore


@pytest.fixture
def site(store: QueueStore, tmp_path: Path) -> Site:
    return a_site(store, tmp_path / "home")
