"""A Prefect server for one night, which never outlives the process that started it.

Prefect's own ephemeral server is left behind by `kill -9`, holds a port of 8000–8999 chosen by
chance (`redflags serve` lives there) and is imported by its parent. Ours is given a listening
socket, and ends when the pipe to its parent closes, which the kernel does however the parent ends.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from redflags.errors import RedflagsError

START_WITHIN_SECONDS = 120
STOP_WITHIN_SECONDS = 10
RECORD_WITHIN_SECONDS = 0.5
"""States of tasks come as events, and the server writes them behind the answer."""
SERVER_APP = "prefect.server.api.server:create_app"
EPHEMERAL = {
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_UI_ENABLED": "0",
    # for one night: nothing to trigger, to vacuum or to show, and states are kept without events
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
}


class PrefectServerFailed(RedflagsError):
    """The server for the night did not come up."""


class NightServer:
    """A server process that is starting or running; `api_url` is known at once."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log_path: Path) -> None:
        self._process = process
        self._log_path = log_path
        self.api_url = f"http://127.0.0.1:{port}/api"

    def wait_until_ready(self) -> None:
        """Raises PrefectServerFailed when the server ends first or takes too long."""
        try:
            httpx.get(f"{self.api_url}/health", timeout=START_WITHIN_SECONDS).raise_for_status()
        except httpx.HTTPError as error:
            raise PrefectServerFailed(
                f"expected the night's Prefect server to answer within {START_WITHIN_SECONDS} s, "
                f"got {type(error).__name__} (exit code {self._process.poll()}); "
                f"see {self._log_path}"
            ) from None

    def stop(self) -> None:
        """Close the pipe, so that the server ends by itself; kill it when it does not."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def night_server(home: Path, environment: Mapping[str, str]) -> Iterator[NightServer]:
    """A server with its database in `home`, started and not waited for; stopped at the end."""
    home.mkdir(parents=True, exist_ok=True)
    log_path = home / "server.log"
    with socket.create_server(("127.0.0.1", 0)) as listener, log_path.open("wb") as log:
        port: int = listener.getsockname()[1]
        process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", "flows.server", str(listener.fileno()), str(home)],
            env={**environment, **EPHEMERAL},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
    server = NightServer(process, port, log_path)
    try:
        yield server
    finally:
        server.stop()


def serve(listener_fd: int, home: Path) -> None:
    """Serve on an inherited socket until the parent's end of standard input closes."""
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    import uvicorn

    class Server(uvicorn.Server):
        """One at a time while starting: two first nights would migrate one database at once."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            with (home / "starting.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                await super().startup(sockets)

    listener = socket.socket(fileno=listener_fd)
    config = uvicorn.Config(SERVER_APP, factory=True, log_level="error", lifespan="on")
    Server(config).run(sockets=[listener])


def _stop_with_parent() -> None:
    sys.stdin.buffer.read()
    time.sleep(RECORD_WITHIN_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_WITHIN_SECONDS / 2)
    os._exit(1)


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
