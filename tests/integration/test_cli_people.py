"""`redflags user`: people from the command line."""

import re
from pathlib import Path

import pytest

from builders.nights import ROOT, Ended, Installation
from redflags.adapters.store import open_store
from redflags.casework import accounts
from redflags.domain.people import Person, Role

DONE, WRONG = 0, 2
ADA = ("--email", "ada@landlord.test", "--name", "Ada Lovelace")


@pytest.fixture
def installed(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "home", tmp_path / "extracts")


def added(installed: Installation, *words: str) -> Ended:
    return installed.run("user", "add", *ADA, *words)


def everybody(installed: Installation) -> list[Person]:
    with (
        open_store(f"sqlite:///{installed.home / 'redflags.sqlite3'}") as store,
        store.reading() as connection,
    ):
        return accounts.people(connection)


def test_somebody_added_gets_a_link(installed: Installation) -> None:
    ended = added(installed, "--role", "reviewer", "--role", "repairs", "--patch", "north")
    assert ended.code == DONE, ended.err
    assert re.search(r"http://127\.0\.0\.1:8000/welcome/[\w-]{43}\n", ended.out)
    assert "REDFLAGS_REVIEW_URL is not set" in ended.err
    (ada,) = everybody(installed)
    assert (ada.email, ada.name) == ("ada@landlord.test", "Ada Lovelace")
    assert (ada.roles, ada.patches) == ({Role.REVIEWER, Role.REPAIRS}, {"north"})


def test_the_link_is_of_the_address_that_is_set(tmp_path: Path) -> None:
    more = {"REDFLAGS_REVIEW_URL": "https://queue.landlord.test/"}
    installed = Installation(tmp_path / "home", tmp_path, ROOT / "config", more)
    ended = added(installed, "--role", "manager")
    assert "https://queue.landlord.test/welcome/" in ended.out
    assert "REDFLAGS_REVIEW_URL" not in ended.err


def test_every_fault_is_named_at_once_and_nobody_added(installed: Installation) -> None:
    ended = installed.run("user", "add", "--email", "ada", "--role", "king", "--role", "queen")
    assert ended.code == WRONG
    for fault in ("--email", "--name", "got 'king'", "got 'queen'", "--role: Choose"):
        assert fault in ended.err
    assert ended.out == ""
    assert everybody(installed) == []


def test_a_reviewer_without_an_area_is_a_fault(installed: Installation) -> None:
    ended = added(installed, "--role", "reviewer")
    assert ended.code == WRONG
    assert "--patch: A reviewer needs at least one area" in ended.err
    assert added(installed, "--role", "reviewer", "--every-patch").code == DONE


def test_an_address_that_is_taken_is_a_fault(installed: Installation) -> None:
    added(installed, "--role", "manager")
    again = added(installed, "--role", "admin")
    assert again.code == WRONG
    assert "already has an account" in again.err


def test_a_new_link_ends_the_one_before(installed: Installation) -> None:
    added(installed, "--role", "manager")
    ended = installed.run("user", "link", "--email", "ADA@landlord.test")
    assert ended.code == DONE
    assert "/welcome/" in ended.out
    nobody = installed.run("user", "link", "--email", "nobody@landlord.test")
    assert nobody.code == WRONG
    assert "user list" in nobody.err


def test_the_list_says_who_may_do_what(installed: Installation) -> None:
    added(installed, "--role", "reviewer", "--patch", "north")
    ended = installed.run("user", "list")
    assert ended.out == ("ada@landlord.test  Ada Lovelace  reviewer  north  on\n1 accounts\n")
