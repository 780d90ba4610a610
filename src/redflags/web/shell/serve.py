"""The review queue as a service: a web server, and what has to happen each minute beside it."""

import logging
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from redflags.bootstrap import Program, login_faults, utc_now
from redflags.casework import accounts
from redflags.errors import ConfigurationError, UsageError
from redflags.settings import Settings
from redflags.web.shell.app import create_app
from redflags.web.shell.security import MOST_BYTES

if TYPE_CHECKING:
    from redflags.adapters.store import QueueStore

THREADS = 8
TIDY_SECONDS = 60
_STOP_SECONDS = 10
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # to be told from, not to listen on

logger = logging.getLogger("redflags.serve")
Say = Callable[[str], None]


def serve(settings: Settings, host: str, port: int, say: Say, warn: Say) -> None:
    """Answer on `host` and `port` until told to stop (SIGTERM, or Ctrl-C).

    Opens the store, and brings it to this program's schema. Where nobody can log in yet, `say`
    gets the one line with the first administrator's link. Raises ConfigurationError for settings
    of the login provider that cannot work, UsageError when the port cannot be had.
    """
    if faults := login_faults(settings):
        raise ConfigurationError(faults)
    settings = _with_own_address(settings, host, port)
    program = Program(settings)
    log_names_and_places()
    for warning in warnings(settings, host):
        warn(warning)
    with program.queue_store() as store:
        server = _listening(program, store, host, port)
        if link := first_link(program, store):
            say(f"one-time link for the first administrator: {link}")
        say(f"the review queue is at {settings.review_url} (Ctrl-C to stop)")
        with _tidying(program, store), _stopped_by_a_signal():
            server.run()  # returns when it is stopped, after what it had begun
        server.close()


def first_link(program: Program, store: "QueueStore") -> str:
    """The whole address of the first administrator's one-time link; blank once there is one."""
    holds = program.reviewset.times.invitation_holds
    with store.writing() as connection:
        token = accounts.first_admin_link(connection, utc_now(), holds)
    return f"{program.settings.review_url.rstrip('/')}/welcome/{token}" if token else ""


def warnings(settings: Settings, host: str) -> list[str]:
    """What is not safe about being reached from elsewhere."""
    is_private = urlsplit(settings.review_url).scheme == "https"
    if _is_loopback(host) or is_private:
        return []
    return [
        f"REDFLAGS_REVIEW_URL: expected https://… when --host is {host}, got an address that "
        "anybody in between can read; put a TLS proxy in front and give its address"
    ]


def log_names_and_places() -> None:
    """Log to the console without a word of what was asked or answered."""
    handler = logging.StreamHandler()
    handler.setFormatter(NamesAndPlaces())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class NamesAndPlaces(logging.Formatter):
    """An error as its name and place; others' messages without what they fill in.

    Libraries put addresses asked for, and so ids, into what they log.
    """

    def format(self, record: logging.LogRecord) -> str:
        is_ours = record.name.startswith("redflags")
        said = record.getMessage() if is_ours else str(record.msg)
        return f"{record.levelname} {record.name}: {said}{_named(record.exc_info)}"


def _named(exc_info: Any) -> str:
    if not exc_info or exc_info[0] is None:
        return ""
    kind, _, trace = exc_info
    frames = traceback.extract_tb(trace)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f" ({kind.__name__}{place})"


def _with_own_address(settings: Settings, host: str, port: int) -> Settings:
    """Where no address is set, the one it listens on is the one for links."""
    if "review_url" in settings.model_fields_set:
        return settings
    name = _ANYWHERE.get(host, host)
    name = f"[{name}]" if ":" in name else name
    return settings.model_copy(update={"review_url": f"http://{name}:{port}"})


def _listening(program: Program, store: "QueueStore", host: str, port: int) -> Any:
    from waitress.server import create_server

    try:
        return create_server(
            create_app(program, store),
            host=host,
            port=port,
            threads=THREADS,
            ident="",  # no header says which program answers
            max_request_body_size=4 * MOST_BYTES,  # what is longer than a form gets our own page
            # with proxies of ours, the application reads what the nearest of them says
            clear_untrusted_proxy_headers=program.settings.trusted_proxies == 0,
        )
    except (OSError, ValueError) as error:
        raise UsageError(
            f"--host, --port: expected an address of this machine that is free, got {host} and "
            f"{port} ({type(error).__name__}); stop what is listening there, or choose another port"
        ) from None


@contextmanager
def _tidying(program: Program, store: "QueueStore") -> Iterator[None]:
    """Lapsed claims, samples, reminders and the outbox, each minute while the block lasts."""
    over = Event()

    def tidy() -> None:
        while True:
            tidy_once(program, store)
            if over.wait(TIDY_SECONDS):
                return

    thread = Thread(target=tidy, name="tidy", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(_STOP_SECONDS)


def tidy_once(program: Program, store: "QueueStore") -> None:
    """Never ends the server: what fails is logged by name and tried again in a minute."""
    try:
        failed = program.tidy(store, utc_now()).failed
    except Exception as error:
        logger.warning("tidying failed: %s", type(error).__name__)
        return
    for name, why in failed.items():
        logger.warning("%s: %s", name, why)


@contextmanager
def _stopped_by_a_signal() -> Iterator[None]:
    """SIGTERM ends the server as Ctrl-C does: no new requests, and those begun are finished."""

    def stop(_number: int, _frame: object) -> None:
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
