"""The pages of the welfare check: what each asks for, refuses, keeps and shows."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from builders.alert_pages import bar, row_of
from builders.check_pages import ATTEMPT, CHECK, PLAN, Check, a_check
from builders.web import Site, acts
from redflags import web
from redflags.adapters.store.case_tables import CONTACT_ATTEMPTS, CONTACT_PLANS
from redflags.domain.people import Role

SCRIPT = "<script>alert('x')</script>"
REFERRALS = ("referrals/consent", "referrals/safeguarding")
STEPS = ("assign", "plan", "attempt", "outcome", "dash", "recharge", "close")
TEMPLATES = Path(web.__file__).parent / "templates"


@pytest.fixture
def check(site: Site) -> Check:
    return a_check(site)


def how_many(site: Site, table: object) -> int:
    with site.store.reading() as connection:
        count = select(func.count()).select_from(table)  # type: ignore[arg-type]
        return int(connection.execute(count).scalar_one())


def test_a_check_goes_from_its_plan_to_its_end(check: Check) -> None:
    for step in (check.plans, check.tries, check.records):
        page = step()
        assert page.leads_to == CHECK, page.text
        assert check.ada.follow(page).status == 200
    page = check.closes(watched_until=["3", "5", "2027"])
    assert page.leads_to == "/", page.text
    row = row_of(check.site)
    assert (row.state, row.outcome, str(row.watched_until)) == (
        "closed",
        "welfare_need_met",
        "2027-05-03",
    )


def test_danger_comes_before_everything_else(check: Check) -> None:
    text = check.ada.get(CHECK).html.split("<h1")[1]
    assert text.index("999") < text.index("48 hours" if "48 hours" in text else "Make contact")


def test_the_time_left_is_said_in_words_and_when_it_is_missed_too(check: Check) -> None:
    page = check.ada.get(CHECK)
    assert "Friday 6 November 2026, 9:00am" in page.text
    assert "1 day and 21 hours left" in page.text
    assert "Late" not in page.text
    check.site.later(hours=45, seconds=1)
    page = check.site.client(check.ada.person).get(CHECK)
    assert "Late The 48 hours have passed" in page.text
    assert "tell your manager" in page.text


def test_contact_in_time_is_said_to_be_in_time(check: Check) -> None:
    check.plans()
    check.tries()
    assert "within the 48 hours" in check.ada.get(CHECK).text


def test_a_bank_holiday_within_the_hours_is_named(site: Site) -> None:
    site.now = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)
    check = a_check(site)
    assert "Friday 25 December 2026 is a bank holiday" in check.ada.get(CHECK).text


def test_only_the_next_task_can_be_started(check: Check) -> None:
    page = check.ada.get(CHECK)
    assert f"{CHECK}/plan" in page.html
    assert not any(f"{CHECK}/{step}" in page.html for step in ("attempt", "outcome", "close"))
    check.plans()
    page = check.ada.get(CHECK)
    assert f"{CHECK}/attempt" in page.html
    assert not any(f"{CHECK}/{step}" in page.html for step in ("outcome", "close"))


def test_nothing_is_preset_on_any_form(check: Check) -> None:
    check.plans()
    check.tries()
    check.records()
    for step in STEPS:
        form = check.ada.get(f"{CHECK}/{step}").forms()[-1]
        preset = {n: v for n, v in form.fields.items() if any(v)}
        assert set(preset) == {"csrf_token", "version"}, step


def test_a_plan_says_all_of_it(check: Check) -> None:
    for missing in PLAN:
        left_out = [] if missing in ("channel", "no_messages_left") else "  "
        page = check.plans(**{missing: left_out})
        assert page.title.startswith("Error: ")
        assert f'href="#{missing}"' in page.html
    assert how_many(check.site, CONTACT_PLANS) == 0


def test_no_attempt_without_a_plan(check: Check) -> None:
    assert check.ada.get(f"{CHECK}/attempt").leads_to == f"{CHECK}/plan"
    version = str(row_of(check.site).version)
    check.ada.forge(f"{CHECK}/attempt", {**ATTEMPT, "version": version})
    assert how_many(check.site, CONTACT_ATTEMPTS) == 0


def test_the_plan_stands_above_the_attempt(check: Check) -> None:
    check.plans(neutral_reason="How the boiler does")
    page = check.ada.get(f"{CHECK}/attempt")
    assert page.html.index("How the boiler does") < page.html.index('name="attempted_at"')


def test_an_attempt_lies_between_the_decision_and_now(check: Check) -> None:
    check.plans()
    for time in ("8:59am", "12:01pm"):
        page = check.tries(attempted_at=["4", "11", "2026", time])
        assert 'href="#attempted_at"' in page.html
    assert how_many(check.site, CONTACT_ATTEMPTS) == 0
    for time in ("9:00am", "12:00pm"):
        assert check.tries(attempted_at=["4", "11", "2026", time]).leads_to == CHECK


def test_what_takes_contact_is_refused_at_its_field_without_any(check: Check) -> None:
    check.plans()
    check.tries(result="no_answer")
    page = check.records("no_concern_found")
    assert "Nobody has been spoken to yet" in page.text
    assert 'href="#outcome"' in page.html
    assert check.records("could_not_reach").leads_to == CHECK


def test_no_outcome_says_that_somebody_was_not_believed(check: Check) -> None:
    check.plans()
    check.tries()
    words = check.ada.get(f"{CHECK}/outcome").text.lower()
    assert not any(word in words for word in ("unfounded", "false", "evidence of", "proven"))


def test_a_dash_is_written_down_and_not_before_it_was_done(check: Check) -> None:
    page = check.ada.post_form(f"{CHECK}/dash", {"done_on": ["5", "11", "2026"], "level": "high"})
    assert "today or in the past" in page.text
    page = check.ada.post_form(f"{CHECK}/dash", {"done_on": ["4", "11", "2026"], "level": "high"})
    assert "Done on Wednesday 4 November 2026: High" in check.ada.follow(page).text


def test_the_recharge_is_asked_to_be_looked_at_again(check: Check) -> None:
    page = check.ada.post_form(f"{CHECK}/recharge", {"reason": ""})
    assert row_of(check.site).recharge_asked_at_utc is None
    page = check.ada.post_form(f"{CHECK}/recharge", {"reason": "The door"})
    assert "tell the rents team yourself" in check.ada.follow(page).text
    assert row_of(check.site).recharge_asked_at_utc == check.site.now


def test_closing_shows_what_is_kept_and_needs_a_reason(check: Check) -> None:
    check.plans()
    check.tries()
    check.records()
    page = check.ada.get(f"{CHECK}/close")
    assert "Needed help, and got it" in page.text
    page = check.closes(reason="")
    assert "Write why you are closing it" in page.text
    page = check.closes(watched_until=["4", "11", "2026"])
    assert "Choose a day after today" in page.text
    assert row_of(check.site).state == "outcome_recorded"


def test_a_manager_hands_a_check_over_without_reading_it(check: Check) -> None:
    check.plans()
    carl = check.site.browser(Role.REVIEWER, name="Carl")
    assert carl.person is not None
    page = check.mona.get(CHECK)
    assert "Anybody else in the home" not in page.html
    page = check.mona.post_form(f"{CHECK}/assign", {"person": carl.person.person_id})
    assert page.leads_to == CHECK
    assert "Anybody else in the home" in carl.get(CHECK).html
    assert "Anybody else in the home" not in check.ada.get(CHECK).html
    assert check.ada.get(f"{CHECK}/plan").status == 403


def test_a_check_is_not_given_to_who_is_not_on_the_list(check: Check) -> None:
    barred = check.site.browser(Role.REVIEWER, name="Bea")
    assert barred.person is not None
    bar(check.site, barred.person, "P-1")
    for person_id in (barred.person.person_id, "nobody"):
        page = check.mona.post_form(f"{CHECK}/assign", {"person": person_id})
        assert "Choose somebody from the list" in page.text
    assert "Bea" not in check.mona.get(f"{CHECK}/assign").text


def test_a_manager_stops_a_check_that_nobody_has_begun(check: Check) -> None:
    assert check.ada.get(f"{CHECK}/stop").status == 403
    answers = {"outcome": "wrong_data", "reason": "Another home's jobs"}
    page = check.mona.post_form(f"{CHECK}/stop", answers)
    assert page.leads_to == CHECK
    assert row_of(check.site).state == "closed"


def test_a_check_that_was_begun_is_not_stopped(check: Check) -> None:
    check.plans()
    check.tries()
    assert "Stop the check" not in check.mona.get(CHECK).text
    assert check.mona.get(f"{CHECK}/stop").status == 409


def test_who_closed_it_opens_it_again_and_another_reviewer_does_not(check: Check) -> None:
    for step in (check.plans, check.tries, check.records, check.closes):
        step()
    other = check.site.browser(Role.REVIEWER)
    assert "Reopen the alert" not in other.get(CHECK).text
    version = str(row_of(check.site).version)
    refused = other.forge("/alerts/a1/reopen", {"reason": "I want to", "version": version})
    assert refused.status == 403
    assert "Reopen the alert" in check.ada.get(CHECK).text
    page = check.ada.post_form("/alerts/a1/reopen", {"reason": "She rang back"})
    assert page.leads_to == "/alerts/a1"
    assert row_of(check.site).state == "raised"


def test_who_acts_second_is_told_and_overwrites_nothing(check: Check) -> None:
    old = str(row_of(check.site).version)
    check.plans()
    page = check.ada.forge(f"{CHECK}/plan", {**PLAN, "when": "At night", "version": old})
    assert page.status == 409
    assert "Somebody else changed this" in page.text
    assert how_many(check.site, CONTACT_PLANS) == 1


def test_a_barred_person_is_told_the_same_as_for_no_alert(check: Check) -> None:
    barred = check.site.browser(Role.REVIEWER, Role.MANAGER)
    assert barred.person is not None
    bar(check.site, barred.person, "P-1")
    steps = (f"check/{step}" for step in STEPS)
    for page in ("check", *steps, "reopen", "referrals", *REFERRALS):
        answers = [barred.get(f"/alerts/{alert_id}/{page}") for alert_id in ("a1", "a2")]
        assert {answer.status for answer in answers} == {404}
        assert answers[0].text == answers[1].text


def test_a_barred_person_s_form_gets_the_same_as_for_no_alert(check: Check) -> None:
    barred = check.site.browser(Role.REVIEWER, Role.MANAGER)
    assert barred.person is not None and check.ada.person is not None
    bar(check.site, barred.person, "P-1")
    right = {"person": check.ada.person.person_id, "reason": "x", "version": "1", **PLAN}
    for page in (*(f"check/{step}" for step in STEPS), *REFERRALS):
        for form in (right, {}):
            answers = [barred.forge(f"/alerts/{which}/{page}", form) for which in ("a1", "a2")]
            assert {answer.status for answer in answers} == {404}
            assert answers[0].text == answers[1].text


def test_what_people_write_is_shown_as_they_wrote_it(check: Check) -> None:
    check.plans(when=SCRIPT, neutral_reason="{{ 7 * 7 }}")
    check.tries(note=SCRIPT)
    for url in (CHECK, f"{CHECK}/attempt", f"{CHECK}/outcome"):
        page = check.ada.get(url)
        assert SCRIPT not in page.html
        assert SCRIPT in page.text
    assert "{{ 7 * 7 }}" in check.ada.get(CHECK).text


def test_every_page_costs_fewer_than_ten_queries(check: Check) -> None:
    check.plans()
    check.tries()
    check.records()
    for url in (CHECK, *(f"{CHECK}/{step}" for step in STEPS)):
        check.site.later(minutes=2)  # so that the session is touched too
        with check.site.counting() as cost:
            assert check.ada.get(url).status == 200
        assert cost.queries < 10, (url, cost.statements)


def test_the_pages_that_show_nothing_private_write_down_no_reading(check: Check) -> None:
    for step in ("assign", "dash", "recharge"):
        before = len(acts(check.site.store, "evidence_read"))
        check.ada.get(f"{CHECK}/{step}")
        assert len(acts(check.site.store, "evidence_read")) == before
    check.ada.get(CHECK)
    assert len(acts(check.site.store, "evidence_read")) == before + 1


def test_no_page_says_what_the_household_must_not_read() -> None:
    folders = ("casework/welfare", "casework/referrals", "concerns")
    texts = [t.read_text().lower() for f in folders for t in (TEMPLATES / f).glob("*.html")]
    assert len(texts) > 15
    assert not any("abuse" in text or "violence" in text for text in texts)
