"""One Prefect server for all flow tests of a worker: its first start takes ten seconds."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flows.server import night_server

from builders.flows import PrefectServer


@pytest.fixture
def redflags_home(migrated_prefect_home: Path, tmp_path: Path) -> Path:
    """A home folder in which a first night has been."""
    shutil.copytree(migrated_prefect_home, tmp_path / "home" / "prefect")
    return tmp_path / "home"


@pytest.fixture(scope="session")
def prefect_server(
    migrated_prefect_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PrefectServer]:
    """The operator's own server: it keeps logs, events and states."""
    home = tmp_path_factory.mktemp("operator") / "prefect"
    shutil.copytree(migrated_prefect_home, home)
    environment = os.environ | {"PREFECT_HOME": str(home)}
    with night_server(home, environment) as server:
        server.wait_until_ready()
        yield PrefectServer(home, server.api_url)


@pytest.fixture
def operators_server(
    prefect_server: PrefectServer, monkeypatch: pytest.MonkeyPatch
) -> PrefectServer:
    """The environment of an operator who has a Prefect server; retries do not wait."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_server.api_url)
    monkeypatch.setenv("PREFECT_HOME", str(prefect_server.home))
    from flows.nightly import take_source

    monkeypatch.setattr(take_source, "retry_delay_seconds", [0.0, 0.0, 0.0])
    return prefect_server
