"""The staff concern on a phone: one form, one answer, and nothing else of the queue (P5)."""

import re

import pytest
from sqlalchemy import insert, select

from builders.alert_pages import bar, raised, row_of
from builders.web import Browser, Page, Site, acts
from redflags.adapters.secrets import TextSealer
from redflags.adapters.store.case_tables import CONCERNS, HOMES
from redflags.adapters.store.tables import ALERTS
from redflags.casework.acts.log_concern import seen_key
from redflags.domain.people import Role

FORM: dict[str, object] = {
    "in_danger": "no",
    "property_ref": "P-1",
    "seen": "A hole in the bedroom door",
    "when": "yesterday",
}
MARKS = "\u202e\u200b\ufeff"


@pytest.fixture
def tom(site: Site) -> Browser:
    """A joiner. The home P-1 is known, and its household has no alert."""
    with site.store.writing() as connection:
        home = {"household_ref": "0001", "property_ref": "P-1", "patch": "north"}
        connection.execute(insert(HOMES).values(**home, routing="general"))
    return site.browser(Role.REPAIRS, name="Tom")


def log(browser: Browser, **answers: object) -> Page:
    return browser.post_form("/concern", {**FORM, **answers})


def kept(site: Site) -> list[dict[str, object]]:
    """What was logged, with its words opened."""
    sealer = TextSealer(site.program.secret, "case notes")
    with site.store.reading() as connection:
        rows = connection.execute(select(CONCERNS).order_by(CONCERNS.c.logged_at_utc)).all()
    words = (sealer.open(row.seen_sealed, seen_key(row.concern_id)) for row in rows)
    return [{**row._mapping, "seen": seen} for row, seen in zip(rows, words, strict=True)]


def alerts(site: Site) -> list[object]:
    with site.store.reading() as connection:
        return list(connection.execute(select(ALERTS.c.alert_id)))


@pytest.mark.both_engines
def test_a_concern_goes_straight_to_the_queue(site: Site, tom: Browser) -> None:
    page = log(tom)
    assert page.leads_to == "/concern/thanks"
    text = tom.follow(page).text
    assert "Housing management has it now. Do not talk to the household about it." in text
    assert "Log another" in text
    assert [(str(c["observed_on"]), c["seen"]) for c in kept(site)] == [
        ("2026-11-03", "A hole in the bedroom door")
    ]
    assert len(alerts(site)) == 1


def test_danger_is_asked_first_and_999_said_at_once(site: Site, tom: Browser) -> None:
    page = tom.get("/concern")
    names = re.findall(r'name="(\w+)"', page.answer.split("<h1")[1])
    assert names[2] == "in_danger"  # after the token and the number of the form
    assert "Call 999 now. Then send this form." in page.text
    log(tom, in_danger="yes")
    assert [concern["in_danger"] for concern in kept(site)] == [True]


def test_nothing_is_preset(tom: Browser) -> None:
    form = tom.get("/concern").forms()[-1]
    assert {n for n, values in form.fields.items() if any(values)} == {"csrf_token", "form_id"}


@pytest.mark.parametrize("missing", FORM)
def test_every_question_wants_an_answer(site: Site, tom: Browser, missing: str) -> None:
    form = tom.get("/concern").forms()[-1].fields
    page = tom.send("/concern", {**form, **{n: v for n, v in FORM.items() if n != missing}})
    assert page.title == "Error: Log a concern – Housing queue"
    assert f'href="#{missing}"' in page.html
    assert kept(site) == []


@pytest.mark.parametrize(
    ("answers", "day"),
    [
        ({"when": "today"}, "2026-11-04"),
        ({"when": "yesterday"}, "2026-11-03"),
        ({"when": "another", "observed_on": ["4", "11", "2026"]}, "2026-11-04"),
        ({"when": "another", "observed_on": ["5", "11", "2026"]}, None),
        ({"when": "another", "observed_on": ["31", "2", "2026"]}, None),
        ({"when": "another"}, None),
    ],
)
def test_the_day_is_a_real_one_and_not_to_come(
    site: Site, tom: Browser, answers: dict[str, object], day: str | None
) -> None:
    page = log(tom, **answers)
    assert [str(concern["observed_on"]) for concern in kept(site)] == ([day] if day else [])
    assert ('href="#observed_on"' in page.html) is (day is None)


def test_the_answer_is_the_same_whatever_there_was_before(site: Site, tom: Browser) -> None:
    """No alert, an open one, a reference nobody knows, a home they must not see."""
    assert tom.person is not None
    answers = [tom.follow(log(tom, property_ref="P-9"))]
    raised(site)
    answers.append(tom.follow(log(tom)))
    bar(site, tom.person, "P-1")
    answers.append(tom.follow(log(tom)))
    assert len({answer.text for answer in answers}) == 1
    assert len(kept(site)) == 3
    assert row_of(site).priority == 3


@pytest.mark.both_engines
def test_the_same_form_sent_twice_is_once(site: Site, tom: Browser) -> None:
    form = tom.get("/concern").forms()[-1].fields
    for _ in range(3):
        assert tom.send("/concern", {**form, **FORM}).leads_to == "/concern/thanks"
    assert len(kept(site)) == 1
    log(tom)
    assert len(kept(site)) == 2


def test_nobody_uses_up_the_form_of_somebody_else(site: Site, tom: Browser) -> None:
    """And no number that we did not give out is taken; what was written is not lost."""
    other = site.browser(Role.REPAIRS)
    theirs = other.get("/concern").forms()[-1].fields["form_id"]
    for form_id in (theirs, "", "1", "x" * 5_000, "WyIxIiwgIjIiXQ.AAAA"):
        page = log(tom, form_id=form_id)
        assert page.status == 200
        assert "This form has expired" in page.text
        assert "A hole in the bedroom door" in page.html
        assert kept(site) == []
        again = {**page.forms()[-1].fields, "in_danger": "no", "when": "today"}
        assert other.send("/concern", {**FORM, "form_id": form_id}).status == 400
    assert tom.send("/concern", again).leads_to == "/concern/thanks"
    assert len(kept(site)) == 1


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ("<script>alert('x')</script>", "<script>alert('x')</script>"),
        ("Set-Cookie: a=b\r\n\r\nHTTP/1.1 200 OK", "Set-Cookie: a=b\n\nHTTP/1.1 200 OK"),
        ("Broken door 😟👍🏽", "Broken door 😟👍🏽"),
        (f"left {MARKS}right", "left right"),
        ("{{ 7 * 7 }} %s ' OR 1=1 --", "{{ 7 * 7 }} %s ' OR 1=1 --"),
        ("x" * 2_000, "x" * 2_000),
        ("x" * 2_001, None),
        (" \u200b ", None),
    ],
)
def test_what_was_seen_is_kept_as_it_reads(
    site: Site, tom: Browser, seen: str, told: str | None
) -> None:
    page = log(tom, seen=seen)
    assert [concern["seen"] for concern in kept(site)] == ([told] if told else [])
    assert ('href="#seen"' in page.html) is (told is None)


@pytest.mark.parametrize(
    ("ref", "taken"),
    [("R" * 100, True), ("R" * 101, False), (f" {MARKS}P-1 ", True), (f" {MARKS}", False)],
)
def test_a_reference_is_as_long_as_a_reference(
    site: Site, tom: Browser, ref: str, taken: bool
) -> None:
    assert (log(tom, property_ref=ref).leads_to == "/concern/thanks") is taken
    assert len(kept(site)) == taken


def test_characters_that_no_keyboard_sends_are_refused(site: Site, tom: Browser) -> None:
    for field in ("seen", "property_ref"):
        assert log(tom, **{field: "null\x00byte"}).leads_to == ""
    assert kept(site) == []


def test_what_was_typed_comes_back_as_text_and_not_as_a_page(tom: Browser) -> None:
    page = log(tom, seen="</textarea><script>x</script>", property_ref='"><b>', when="never")
    assert page.status == 200
    assert "<script>x</script>" not in page.html
    assert '"><b>' not in page.html
    assert "Set-Cookie" not in log(tom, property_ref="a\r\nSet-Cookie: b=c", when="x").headers


def test_a_form_that_is_far_too_long_is_not_read(site: Site, tom: Browser) -> None:
    assert tom.forge("/concern", {**FORM, "seen": "x" * 100_000}).status == 413
    assert len(acts(site.store, "refused")) == 1


def test_repairs_people_see_nothing_else(site: Site, tom: Browser) -> None:
    raised(site)
    assert tom.follow(tom.get("/")).title == "Log a concern – Housing queue"
    links = re.findall(
        r'class="govuk-service-navigation__link" href="([^"]+)"', tom.get("/concern").html
    )
    assert links == ["/concern"]
    for url in ("/work", "/alerts/a1", "/alerts/a1/check", "/alerts/a1/referrals", "/referrals"):
        assert tom.get(url).status == 403, url
    for url in ("/take-next", "/alerts/a1/claim", "/alerts/a1/look", "/referrals/R-1"):
        assert tom.forge(url).status == 403, url


def test_who_has_no_work_with_homes_logs_nothing(site: Site, tom: Browser) -> None:
    for role in (Role.ANALYST, Role.AUDITOR, Role.ADMIN):
        assert site.browser(role).forge("/concern", FORM).status == 403
    for role in (Role.REVIEWER, Role.MANAGER, Role.SPECIALIST):
        assert log(site.browser(role)).leads_to == "/concern/thanks"
    assert len(kept(site)) == 3
