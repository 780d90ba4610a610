"""A site for every test that wants one, on SQLite and on a real PostgreSQL in turn."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from builders.web import Site, a_site, a_site_in
from redflags.adapters.store import QueueStore, open_store

if TYPE_CHECKING:
    from conftest import Databases


@pytest.fixture(scope="session")
def app(sqlite_databases: "Databases", tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for a whole run: its routes and templates take longer than most tests.

    Its first request is behind it, so Flask refuses who would add to it: have `a_site` for that.
    """
    with open_store(sqlite_databases.migrated()) as store:
        site = a_site(store, tmp_path_factory.mktemp("app") / "home")
        assert site.browser().get("/login").status == 200
    return site.app


@pytest.fixture
def site(app: Flask, store: QueueStore, tmp_path: Path) -> Site:
    return a_site_in(app, store, tmp_path / "home")
