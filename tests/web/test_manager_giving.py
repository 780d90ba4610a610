"""Giving alerts and welfare checks to somebody: with a reason, all of them or none (P16)."""

import pytest
from sqlalchemy import select

from builders.alert_pages import bar, decide, raised, row_of, take
from builders.store import an_alert
from builders.web import Browser, Page, Site, acts
from redflags.adapters.store.case_tables import CASE_NOTES
from redflags.casework.accounts import disable_person, set_away
from redflags.domain.alert import AlertState, Routing
from redflags.domain.people import Person, Role

LIST = "/manage/alerts"


@pytest.fixture
def mona(site: Site) -> Browser:
    return site.browser(Role.MANAGER, name="Mona")


@pytest.fixture
def ada(site: Site) -> Browser:
    return site.browser(Role.REVIEWER, patches=("north",), name="Ada")


@pytest.fixture
def ben(site: Site) -> Person:
    return site.person(Role.REVIEWER, patches=("north",), name="Ben")


def gives(browser: Browser, taker: Person | None, /, *alerts: str, **more: object) -> Page:
    data = {
        "alerts": list(alerts),
        "person": taker.person_id if taker else "",
        "reason": "Ada is on leave",
        **more,
    }
    return browser.post_form("/manage/give", data, on=LIST)


def notes_on(site: Site, alert_id: str) -> int:
    with site.store.reading() as connection:
        return len(connection.execute(select(CASE_NOTES).filter_by(alert_id=alert_id)).all())


@pytest.mark.both_engines
def test_what_was_ticked_is_given_with_its_reason(site: Site, mona: Browser, ben: Person) -> None:
    raised(site, an_alert("a1", "1"), an_alert("a2", "2"), an_alert("a3", "3"))
    page = gives(mona, ben, "a1", "a2")
    assert page.leads_to == LIST
    assert "Alerts given to your colleague" in mona.follow(page).text
    held = [row_of(site, alert).claimed_by for alert in ("a1", "a2", "a3")]
    assert held == [ben.person_id, ben.person_id, None]
    assert [entry["alert_id"] for entry in acts(site.store, "alert_given")] == ["a1", "a2"]
    assert notes_on(site, "a1") == 1
    assert "on leave" not in str(acts(site.store))


def test_a_welfare_check_changes_hands_and_its_time_does_not(
    site: Site, mona: Browser, ada: Browser, ben: Person
) -> None:
    raised(site)
    take(ada)
    assert ada.person is not None
    assert decide(ada, assign_to=ada.person.person_id).status == 302
    was_due = row_of(site).due_at_utc
    site.later(hours=3)
    assert gives(site.client(mona.person), ben, "a1").status == 302
    row = row_of(site)
    assert (row.state, row.assigned_to) == (AlertState.ASSIGNED, ben.person_id)
    assert row.due_at_utc == was_due


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"alerts": []}, "Tick at least one alert"),
        ({"person": ""}, "Choose who gets them"),
        ({"reason": " \n "}, "Write why"),
        ({"person": "P-nobody"}, "Choose somebody from the list"),
    ],
)
def test_what_is_missing_is_told_at_its_place_and_nothing_is_given(
    site: Site, mona: Browser, ben: Person, wrong: dict[str, object], told: str
) -> None:
    raised(site)
    page = gives(mona, ben, "a1", **wrong)
    assert page.status == 200
    assert page.title.startswith("Error: ")
    assert told in page.text
    assert row_of(site).state == AlertState.RAISED


def test_a_mistake_keeps_the_ticks_and_the_filter(site: Site, mona: Browser, ben: Person) -> None:
    raised(site, an_alert("a1", "1"), an_alert("a2", "2"))
    token = mona.token()
    wrong = {"csrf_token": token, "alerts": "a2", "person": ben.person_id, "reason": ""}
    page = mona.send("/manage/give?state=raised", wrong)
    assert page.forms()[-1].fields["alerts"] == ["a2"]
    assert page.forms()[-1].action == "/manage/give?state=raised"


def test_either_all_are_given_or_none_and_no_reason_why_not(
    site: Site, mona: Browser, ben: Person
) -> None:
    """Another area, or a household they must not see: the same words."""
    raised(site, an_alert("a1", "1"), an_alert("a2", "2", patch="south"), an_alert("a3", "3"))
    bar(site, ben, "3")
    told = []
    for other in ("a2", "a3"):
        page = gives(mona, ben, "a1", other)
        told.append(page.text.split("There is a problem")[1].split("The team's work")[0])
        assert row_of(site, "a1").claimed_by is None
    assert told[0] == told[1]
    assert "They cannot take all of these" in told[0]


def test_who_is_away_off_or_decides_nothing_is_not_offered(
    site: Site, mona: Browser, ben: Person
) -> None:
    gone = site.person(Role.REVIEWER, patches=("north",), name="Gone")
    with site.store.writing() as connection:
        set_away(connection, ben, True, site.now)
        disable_person(connection, "test", site.now, gone.person_id)
    raised(site)
    offered = mona.get(LIST).html.split('action="/manage/give"')[1]
    for one in (ben, gone, mona.person):
        assert one is not None and one.person_id not in offered
    assert "Choose somebody from the list" in gives(mona, ben, "a1").text


def test_nobody_gives_what_they_may_not_know_of(site: Site, mona: Browser, ben: Person) -> None:
    raised(site, an_alert("hidden", "1", routing=Routing.SPECIALIST), an_alert("a1", "2"))
    for unknown in ("hidden", "no-such-alert"):
        assert gives(mona, ben, "a1", unknown).status == 404
    assert row_of(site, "hidden").claimed_by is None
    assert row_of(site, "a1").claimed_by is None
    assert [entry["action"] for entry in acts(site.store)][-2:] == ["refused", "refused"]


@pytest.mark.both_engines
def test_of_two_who_act_at_once_the_second_is_told(
    site: Site, mona: Browser, ada: Browser, ben: Person
) -> None:
    """A reviewer took one while the manager had the list open: it stays hers."""
    raised(site, an_alert("a1", "1"), an_alert("a2", "2"))
    form = next(form for form in mona.get(LIST).forms() if form.action == "/manage/give")
    take(ada, "a1")
    wanted = {"alerts": ["a1", "a2"], "person": ben.person_id, "reason": "Ada is on leave"}
    page = mona.send("/manage/give", {**form.fields, **wanted})
    assert page.status == 409
    assert "Somebody else changed this" in page.text
    assert ada.person is not None
    assert (row_of(site, "a1").claimed_by, row_of(site, "a2").claimed_by) == (
        ada.person.person_id,
        None,
    )
    assert gives(mona, ben, "a1", "a2").status == 302


def test_what_was_in_no_list_is_not_given(site: Site, mona: Browser, ben: Person) -> None:
    raised(site)
    wanted = {"alerts": "a1", "person": ben.person_id, "reason": "Ada is on leave"}
    for seen in ("", "a1", "a1:", "a1:x", "a1:0", "a1:-1", "a2:1", "a1:99999999999"):
        assert mona.forge("/manage/give", {**wanted, "version": seen}).status == 409
    assert row_of(site).claimed_by is None


def test_a_reviewer_cannot_give(site: Site, ada: Browser, ben: Person) -> None:
    raised(site)
    data = {"alerts": "a1", "person": ben.person_id, "reason": "Mine now"}
    assert ada.forge("/manage/give", data).status == 403
    assert row_of(site).claimed_by is None
