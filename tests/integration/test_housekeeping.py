"""What happens by itself each minute, what is forgotten in time, and how the queue stands."""

from datetime import timedelta
from pathlib import Path

import pytest

from builders.cases import MONDAY, Office
from builders.nights import Installation
from builders.store import a_message, enqueue
from redflags.adapters.store import QueueStore, open_store
from redflags.bootstrap import Program
from redflags.domain.alert import AlertState
from redflags.services.night.housekeeping import Tidied
from redflags.settings import Settings

DUE = MONDAY + timedelta(hours=48)
MOMENT = timedelta(microseconds=1)
CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


@pytest.fixture
def program(tmp_path: Path, database_url: str) -> Program:
    settings = Settings(
        home=tmp_path,
        config=CONFIG,
        database_url=database_url,  # type: ignore[arg-type]
        secret_key="a secret for tests and nothing else",  # type: ignore[arg-type]
    )
    return Program(settings)


# ---------------------------------------------------------------- each minute


def test_claims_lapse_and_reminders_are_written_and_sent(
    office: Office, program: Program, tmp_path: Path
) -> None:
    office.brings_to(AlertState.ASSIGNED, "a1")
    office.now = DUE - timedelta(minutes=121)
    office.brings_to(AlertState.CLAIMED, "a2")
    tidied = program.tidy(office.store, DUE)
    assert tidied.failed == {}
    assert tidied.done["claims lapsed"] == 1
    assert tidied.done["reminders written"] == tidied.done["messages sent"] == 2
    assert (office.state("a1"), office.state("a2")) == (AlertState.ASSIGNED, AlertState.RAISED)
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 2


def test_doing_it_again_does_nothing(office: Office, program: Program) -> None:
    office.brings_to(AlertState.ASSIGNED)
    program.tidy(office.store, DUE)
    entries = office.store.audit_head()
    again = program.tidy(office.store, DUE)
    assert set(again.done.values()) == {0}
    assert office.store.audit_head() == entries


def test_when_messages_cannot_leave_the_rest_is_done(
    office: Office, program: Program, tmp_path: Path
) -> None:
    office.brings_to(AlertState.ASSIGNED)
    (tmp_path / "outbox").write_text("a file where a folder should be")
    tidied: Tidied = program.tidy(office.store, DUE)
    assert (tidied.done["reminders written"], tidied.done["messages sent"]) == (2, 0)
    assert office.store.count_waiting_messages() == 2


def test_ids_of_alerts_that_people_raise_are_opaque_and_never_the_same(program: Program) -> None:
    ids = {program.new_alert_id() for _ in range(100)}
    assert len(ids) == 100
    assert {(made[:2], len(made)) for made in ids} == {("A-", 18)}


# ---------------------------------------------------------------- from the command line


def test_deliver_tells_what_was_done_and_ends_with_one_while_messages_wait(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "home", tmp_path)
    nothing = installation.run("deliver")
    with open_store(f"sqlite:///{installation.home / 'redflags.sqlite3'}") as store:
        enqueue(store, a_message())
    (installation.home / "outbox").write_text("a file where a folder should be")
    waiting = installation.run("deliver")
    assert (nothing.code, waiting.code) == (0, 1)
    assert nothing.out.splitlines() == [
        "0 claims lapsed, 0 closed alerts drawn, 0 reminders written, 0 messages sent",
        "0 messages waiting",
    ]
    assert waiting.out.endswith("\n1 messages waiting\n")
    assert (nothing.err, waiting.err) == ("", "")


def test_deliver_ends_with_four_and_names_what_failed(tmp_path: Path) -> None:
    """A setting that was good for serving and is not for sending."""
    installation = Installation(tmp_path / "home", tmp_path).with_setting(notify_by="govuk")
    ended = installation.run("deliver")
    assert ended.code == 4
    assert ended.err.startswith("redflags: not done (messages sent): REDFLAGS_GOVUK_NOTIFY_KEY")
    assert "0 reminders written" in ended.out
