"""The audit trail on a page: who did or saw what, by alert, person and day; whole or not."""

import csv
import io
import json

import pytest
from sqlalchemy import Connection, text

from builders.alert_pages import bar, raised, take
from builders.queue_load import Load, load_queue
from builders.store import an_alert, meddling
from builders.web import Browser, Site, acts
from redflags.adapters.store import Act
from redflags.casework.accounts import declare
from redflags.domain.people import InterestKind, Role
from redflags.web.oversight import audit_trail_pages as pages


@pytest.fixture
def olu(site: Site) -> Browser:
    return site.browser(Role.AUDITOR, name="Olu")


@pytest.fixture
def ada(site: Site) -> Browser:
    return site.browser(Role.REVIEWER, patches=("north",), name="Ada")


def listed(browser: Browser, query: str = "") -> str:
    """The table of entries, without what is above it."""
    page = browser.get(f"/audit{query}")
    assert page.status == 200
    return page.text.split("Show these")[-1]


def entry(site: Site, **values: object) -> None:
    """One more entry, an hour of the clock after the last."""
    site.later(minutes=1)
    act = {"actor": "night", "action": "night_begun", "at_utc": site.now, **values}
    site.store.append_audit(Act(**act))  # type: ignore[arg-type]


def test_what_was_done_is_told_in_words_with_who_and_when(
    site: Site, olu: Browser, ada: Browser
) -> None:
    raised(site)
    take(ada)
    assert ada.get("/alerts/a1").status == 200
    told = listed(olu)
    assert "Wednesday 4 November 2026, 9:00am" in told
    assert "Ada What Took an alert Alert a1" in told
    assert "The nightly run What Put an alert in the queue" in told
    assert "Ada What Read the evidence Alert a1" in told
    assert "alert_claimed" not in told


def test_the_trail_tells_of_acts_and_never_what_they_found(site: Site, olu: Browser) -> None:
    raised(site)
    entry(site, action="alert_closed", alert_id="a1", details={"outcome": "disclosed_accepts"})
    entry(site, action="dash_recorded", alert_id="a1", details={"level": "high", "state": "x"})
    told = listed(olu) + olu.forge("/audit/csv").response.get_data(as_text=True)
    assert "state: x" in told
    for word in ("disclosed", "high", "frequent_lock_changes"):
        assert word not in told


def test_an_auditor_finds_nothing_of_a_household_they_must_never_see(
    site: Site, ada: Browser
) -> None:
    """Who works with homes too could else follow every step, from a concern of their own on."""
    both = site.browser(Role.AUDITOR, Role.REPAIRS, name="Bo")
    assert both.person is not None
    raised(site, an_alert("a1", "T-1"), an_alert("a2", "T-2"))
    take(ada, "a1")
    take(ada, "a2")
    assert "a1" in listed(both)
    bar(site, both.person, "T-1")
    told = listed(both)
    assert "a1" not in told
    assert "Ada What Took an alert Alert a2" in told
    assert "must not see a home" not in told
    assert ",a1," not in both.post_form("/audit/csv", on="/audit").html
    assert listed(both, "?alert=a1") == listed(both, "?alert=no-such-alert").replace(
        "no-such-alert", "a1"
    )


def test_that_somebody_else_must_not_see_a_home_is_told(site: Site, olu: Browser) -> None:
    bar(site, site.person(Role.REVIEWER, name="Ada"), "P-1")
    assert "must not see a home" in listed(olu)


def test_an_auditor_sees_no_household_and_no_evidence(
    site: Site, olu: Browser, ada: Browser
) -> None:
    raised(site, an_alert(tenancy_ref="TEN-1"))
    take(ada)
    assert ada.person is not None
    with site.store.writing() as connection:
        declare(connection, ada.person, "TEN-9", InterestKind.BARRED, "test", site.now)
    html = olu.get("/audit").html
    for hidden in ("TEN-1", "TEN-9", "lock change"):
        assert hidden not in html
    assert olu.get("/alerts/a1").status == 403


def test_entries_of_one_alert_or_one_person_can_be_picked(
    site: Site, olu: Browser, ada: Browser
) -> None:
    raised(site, an_alert("a1", "1"), an_alert("a2", "2"))
    take(ada, "a2")
    assert ada.person is not None
    of_alert = listed(olu, "?alert=a1")
    assert "a1" in of_alert
    assert "a2" not in of_alert
    of_ada = listed(olu, f"?who={ada.person.actor}")
    assert "Took an alert" in of_ada
    assert "Put an alert in the queue" not in of_ada
    assert "Took an alert" not in listed(olu, "?who=night")


def test_days_are_londons_and_the_last_day_is_included(site: Site, olu: Browser) -> None:
    """Midnight in London is the border, in winter and in summer."""
    for moment in ("2026-07-01T22:59:59", "2026-07-01T23:00:00", "2026-07-02T22:59:59"):
        moment_utc = site.now.fromisoformat(f"{moment}+00:00")
        entry(site, at_utc=moment_utc, action="purged", actor="night")
    days = "?since=2&since=7&since=2026&until=2&until=7&until=2026"
    told = listed(olu, days)
    assert "2 entries" in told
    assert "Wednesday 1 July" not in told


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?who=person:nobody", "Choose somebody from the list"),
        ("?since=31&since=2&since=2026", "Enter a real date"),
        ("?until=x&until=y&until=z", "Enter a real date"),
        (
            "?since=3&since=7&since=2026&until=2&until=7&until=2026",
            "The last day must not be before the first",
        ),
        (f"?alert={'a' * 65}", "Use 64 characters or fewer"),
    ],
)
def test_a_wrong_filter_is_told_and_lists_nothing(
    site: Site, olu: Browser, query: str, told: str
) -> None:
    entry(site)
    page = olu.get(f"/audit{query}")
    assert page.title.startswith("Error: ")
    assert told in page.text
    assert "A night began" not in page.text
    exported = olu.forge(f"/audit/csv{query}")
    assert told in exported.text
    assert acts(site.store, "audit_exported") == []


def test_what_somebody_types_into_a_filter_is_text(olu: Browser) -> None:
    attack = '"><script>alert(1)</script>'
    page = olu.get("/audit", query_string={"alert": attack})
    assert attack not in page.html
    assert "No entries match." in page.text


def test_a_long_trail_has_pages_that_keep_the_filter(site: Site, olu: Browser) -> None:
    for _ in range(51):
        entry(site)
    olu = site.client(olu.person)
    page = olu.get("/audit?who=night")
    assert "51 entries, newest first" in page.text
    assert "/audit?page=2&amp;who=night" in page.html
    assert olu.get("/audit?who=night&page=2").text.count("A night began") == 1
    assert olu.get("/audit?page=0").status == 404


def test_a_whole_chain_is_told_to_be_whole_and_the_check_is_written_down(
    site: Site, olu: Browser
) -> None:
    entry(site)
    page = olu.follow(olu.post_form("/audit/check", on="/audit"))
    assert "every entry is as it was written" in page.text
    assert len(acts(site.store, "audit_checked")) == 1


def test_the_first_wrong_entry_is_named_and_nothing_is_added(
    site: Site, olu: Browser, database_url: str
) -> None:
    for _ in range(3):
        entry(site)
    wrong = acts(site.store)[-2]["entry_no"]
    token = olu.token()
    before = len(acts(site.store))
    with meddling(database_url) as connection:
        _lift_the_triggers(connection)
        connection.execute(
            text("UPDATE audit_events SET actor = 'somebody' WHERE entry_no = :no"), {"no": wrong}
        )
    page = olu.send("/audit/check", {"csrf_token": token})
    assert page.status == 200
    assert f"audit entry {wrong}: it was altered" in page.text
    assert len(acts(site.store)) == before


def test_a_trail_whose_end_was_removed_is_told_too(
    site: Site, olu: Browser, database_url: str
) -> None:
    token = olu.token()
    with meddling(database_url) as connection:
        _lift_the_triggers(connection)
        connection.execute(text("DELETE FROM audit_head"))
    page = olu.send("/audit/check", {"csrf_token": token})
    assert "it was removed" in page.text


def test_entries_are_downloaded_as_filtered_and_that_is_written_down(
    site: Site, olu: Browser
) -> None:
    entry(site)
    raised(site, an_alert("a1", "1"), an_alert("a2", "2"))
    olu = site.client(olu.person)
    form = next(f for f in olu.get("/audit?alert=a1").forms() if "/audit/csv" in f.action)
    answer = olu.send(form.action, form.fields)
    rows = list(csv.DictReader(io.StringIO(answer.html)))
    assert [row["action"] for row in rows] == ["alert_raised"]
    assert rows[0]["alert"] == "a1"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="who-did-what.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    exported = acts(site.store, "audit_exported")
    assert [json.loads(one["details"]) for one in exported] == [{"entries": 1}]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+44", "-1", "@SUM(A1)", "  =1"])
def test_no_name_is_a_formula_in_a_spreadsheet(site: Site, olu: Browser, name: str) -> None:
    person = site.person(Role.REVIEWER, name=name)
    entry(site, actor=person.actor, action="away")
    olu = site.client(olu.person)
    cells = {cell for row in csv.reader(io.StringIO(olu.forge("/audit/csv").html)) for cell in row}
    assert f"'{name.strip()}" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_more_than_fits_a_spreadsheet_is_not_downloaded(
    site: Site, olu: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_AT_ONCE", 2)
    for _ in range(2):
        entry(site)
    olu = site.client(olu.person)
    assert olu.forge("/audit/csv?who=night").status == 200
    entry(site)
    answer = olu.forge("/audit/csv?who=night")
    assert answer.leads_to == "/audit?who=night"
    assert "Choose fewer days" in olu.follow(answer).text


def test_looking_costs_few_queries_however_much_there_is(site: Site, olu: Browser) -> None:
    load_queue(site.store, Load(alerts=100))
    for _ in range(60):
        entry(site)
    olu = site.client(olu.person)
    with site.counting() as cost:
        assert olu.get("/audit?page=1").status == 200
    assert cost.queries < 10


def _lift_the_triggers(connection: Connection) -> None:
    """As somebody with the database's password would."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
        return
    triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for name in list(triggers.scalars()):
        connection.execute(text(f'DROP TRIGGER "{name}"'))
