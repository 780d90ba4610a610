"""One's own account: roles in words, password, away, and homes not to be seen."""

from html import escape

import pytest
from sqlalchemy import select

from builders.people import PASSWORD, a_home, a_person, acted, an_account, hash_quickly
from builders.web import Page, Site
from redflags.adapters.store.people_tables import INTERESTS
from redflags.domain.people import Person, Role

NEW = "six white geese flying"


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_quickly(monkeypatch)


def kept(site: Site, person: Person) -> dict[str, str]:
    mine = select(INTERESTS).where(INTERESTS.c.person_id == person.person_id)
    with site.store.reading() as connection:
        return {row.ref: row.kind for row in connection.execute(mine)}


def test_the_page_says_who_one_is_in_words(site: Site) -> None:
    page = site.browser(Role.REVIEWER, Role.REPAIRS, patches=("north", "east")).get("/account")
    assert page.status == 200
    assert "Repairs and trades, Reviewer" in page.text
    assert "east, north" in page.text


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_the_page(site: Site, role: Role) -> None:
    assert site.browser(role).get("/account").status == 200


def test_names_and_areas_are_shown_as_text(site: Site) -> None:
    bad = "<script>alert(1)</script>"
    page = site.browser(Role.REVIEWER, patches=(bad,), name=bad).get("/account")
    assert bad not in page.html
    assert escape(bad) in page.html


@pytest.mark.both_engines
def test_away_and_back(site: Site) -> None:
    ada = site.browser(Role.REVIEWER)
    page = ada.post_form("/account/away", on="/account")
    assert "Nobody can give you new work" in ada.follow(page).text
    assert ada.person is not None
    assert acted(site.store, "away")[0][0] == ada.person.actor
    assert "I am back" in ada.get("/account").text

    page = ada.post_form("/account/away", on="/account")
    assert "Are you going away?" in ada.follow(page).text


def test_a_new_password_keeps_this_session_and_ends_the_others(site: Site) -> None:
    account = an_account(site.store, site.now, keys=site.program.account_keys)
    here, elsewhere = site.client(account.person), site.client(account.person)
    page = here.post_form("/account/password", {"old": PASSWORD, "password": NEW, "again": NEW})
    assert page.leads_to == "/account"
    assert "Password changed" in here.follow(page).text
    assert elsewhere.get("/account").leads_to.startswith("/login")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"old": "wrong"}, "This is not your current password"),
        ({"again": "other"}, "The two passwords are not the same"),
        ({"password": "short", "again": "short"}, "at least 12 characters"),
        ({"old": ""}, "Enter your current password"),
    ],
)
def test_what_will_not_do_for_a_password_is_said(
    site: Site, typed: dict[str, str], said: str
) -> None:
    account = an_account(site.store, site.now, keys=site.program.account_keys)
    browser = site.client(account.person)
    wanted = {"old": PASSWORD, "password": NEW, "again": NEW, **typed}
    page = browser.post_form("/account/password", wanted)
    assert page.status == 200
    assert said in page.text
    assert not any(secret in page.html for secret in (PASSWORD, NEW))


def test_a_stolen_session_cannot_guess_the_password(site: Site) -> None:
    account = an_account(site.store, site.now, keys=site.program.account_keys)
    browser = site.client(account.person)
    guess = {"old": "guess", "password": NEW, "again": NEW}
    statuses = [browser.post_form("/account/password", guess).status for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_who_logs_in_elsewhere_is_offered_no_password(site: Site) -> None:
    page = site.browser(Role.REVIEWER).get("/account")
    assert "Change your password" not in page.text


def declared(site: Site, person: Person, ref: str, why: str = "family or friend") -> Page:
    browser = site.client(person)
    page = browser.post_form("/account/interest", {"ref": ref, "why": why})
    assert page.leads_to == "/account"
    return browser.follow(page)


@pytest.mark.both_engines
def test_a_declared_home_is_kept_and_never_shown(site: Site) -> None:
    a_home(site.store, "T-77", "H-77")
    ada = a_person(site.store, site.now)
    assert "You will not see alerts about this home" in declared(site, ada, "H-77").text
    assert kept(site, ada) == {"H-77": "declared", "T-77": "declared"}
    browser = site.client(ada)
    for url in ("/account", "/account/interest"):
        assert "H-77" not in browser.get(url).html


def test_ones_own_home_is_kept_as_that(site: Site) -> None:
    ada = a_person(site.store, site.now)
    declared(site, ada, "H-1", "own home")
    assert kept(site, ada) == {"H-1": "lives_there"}


def test_the_answer_is_the_same_whatever_was_kept_before(site: Site) -> None:
    """Whether a barrier was there already, and whose doing it was, shows nowhere."""
    a_home(site.store, "T-77", "H-77")
    ada = a_person(site.store, site.now)
    first, again = declared(site, ada, "H-77"), declared(site, ada, "H-77")
    assert first.text == again.text


def test_an_unknown_reference_is_kept_with_a_warning(site: Site) -> None:
    ada = a_person(site.store, site.now)
    page = declared(site, ada, "H-99")
    assert "We do not recognise this reference, but it has been saved" in page.text
    assert kept(site, ada) == {"H-99": "declared"}
    assert "H-99" not in page.html


@pytest.mark.parametrize(
    "typed", [{"ref": ""}, {"ref": "x" * 101}, {"why": ""}, {"why": "barred"}, {"ref": "a\0b"}]
)
def test_half_a_declaration_is_not_taken(site: Site, typed: dict[str, str]) -> None:
    ada = a_person(site.store, site.now)
    wanted = {"ref": "H-1", "why": "other", **typed}
    page = site.client(ada).post_form("/account/interest", wanted)
    assert page.status == (400 if "\0" in wanted["ref"] else 200)
    assert kept(site, ada) == {}
