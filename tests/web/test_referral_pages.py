"""Referrals as the two people meet them: who asks, and who agrees."""

import pytest
from sqlalchemy import select

from builders.check_pages import CONSENT, REFERRALS, Check, a_check, waiting_for
from builders.web import Site, acts
from redflags.adapters.store.case_tables import REFERRALS as TABLE
from redflags.domain.people import Role

SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def check(site: Site) -> Check:
    return a_check(site)


def states(site: Site) -> list[str]:
    with site.store.reading() as connection:
        rows = connection.execute(select(TABLE.c.state).order_by(TABLE.c.asked_at_utc))
        return [row.state for row in rows]


def test_a_referral_they_agreed_to_is_written_down_at_once(check: Check) -> None:
    page = check.ada.post_form(f"{REFERRALS}/consent", CONSENT)
    assert page.leads_to == REFERRALS
    text = check.ada.follow(page).text
    assert "Specialist officer Recorded." in text
    assert "They agreed on Wednesday 4 November 2026, 9:30am. Asked by: Nurse Joy." in text
    assert states(check.site) == ["recorded"]


def test_one_for_safety_waits_for_a_second_person(check: Check) -> None:
    referral_id = check.asks()
    assert "Waiting for a second person." in check.ada.get(REFERRALS).text
    answer = {"agreed": "yes", "reason": "I agree"}
    page = check.mona.post_form(f"/referrals/{referral_id}", answer)
    assert page.leads_to == "/referrals"
    assert states(check.site) == ["recorded"]
    assert "Mona agreed" in check.ada.get(REFERRALS).text
    assert waiting_for(check.mona) == []


def test_one_that_is_not_agreed_is_not_recorded(check: Check) -> None:
    referral_id = check.asks()
    answer = {"agreed": "no", "reason": "Ask her first"}
    check.mona.post_form(f"/referrals/{referral_id}", answer)
    assert states(check.site) == ["not_agreed"]
    assert "Mona did not agree" in check.ada.get(REFERRALS).text


def test_the_second_person_chooses_and_says_why(check: Check) -> None:
    referral_id = check.asks()
    form = check.mona.get(f"/referrals/{referral_id}").forms()[-1]
    assert {name for name, values in form.fields.items() if any(values)} == {"csrf_token"}
    for answer in ({"agreed": "yes", "reason": " "}, {"reason": "yes"}):
        page = check.mona.post_form(f"/referrals/{referral_id}", answer)
        assert page.title.startswith("Error: ")
    assert states(check.site) == ["waiting_for_agreement"]


def test_the_second_person_reads_why_and_it_is_written_down(check: Check) -> None:
    referral_id = check.asks(reason=SCRIPT)
    assert SCRIPT not in check.mona.get("/referrals").text
    page = check.mona.get(f"/referrals/{referral_id}")
    assert SCRIPT in page.text and SCRIPT not in page.html
    assert "Children's safeguarding" in page.text
    assert "/alerts/a1/look" in page.html
    read = acts(check.site.store, "referral_read")
    assert [entry["alert_id"] for entry in read] == ["a1"]


def test_who_asks_is_never_asked(check: Check) -> None:
    """Neither a specialist with the case, nor a manager on top."""
    assert check.mona.person is not None
    sue = check.site.browser(Role.SPECIALIST, name="Sue")
    assert sue.person is not None
    check.mona.post_form("/alerts/a1/check/assign", {"person": sue.person.person_id})
    sue.post_form(f"{REFERRALS}/safeguarding", {"kind": "marac", "reason": "High risk"})
    assert waiting_for(sue) == []
    assert len(waiting_for(check.mona)) == 1


def test_the_list_of_managers_leaves_out_what_they_may_not_know(check: Check) -> None:
    from builders.alert_pages import bar

    check.asks()
    barred = check.site.browser(Role.MANAGER)
    assert barred.person is not None
    assert len(waiting_for(barred)) == 1
    bar(check.site, barred.person, "P-1")
    assert waiting_for(barred) == []


def test_the_pages_cost_fewer_than_ten_queries(check: Check) -> None:
    referral_id = check.asks()
    for browser, url in (
        (check.ada, REFERRALS),
        (check.ada, f"{REFERRALS}/consent"),
        (check.mona, "/referrals"),
        (check.mona, f"/referrals/{referral_id}"),
    ):
        check.site.later(minutes=2)
        with check.site.counting() as cost:
            assert browser.get(url).status == 200
        assert cost.queries < 10, (url, cost.statements)
