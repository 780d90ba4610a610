"""Ways round the second person. Each is refused, records nothing and is written down (P11)."""

import json
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from builders.alert_pages import bar, decide, raised, row_of, take
from builders.check_pages import CHECK, CONSENT, REFERRALS, SAFETY, Check, a_check
from builders.store import an_alert
from builders.web import Browser, Page, Site, acts
from redflags.adapters.store.case_tables import REFERRALS as TABLE
from redflags.casework.accounts import change_person
from redflags.domain.people import Role

AGREE = {"agreed": "yes", "reason": "I agree"}


@pytest.fixture
def check(site: Site) -> Check:
    return a_check(site)


def recorded(site: Site) -> list[tuple[str, str | None]]:
    """What counts as referred, and who agreed."""
    with site.store.reading() as connection:
        rows = connection.execute(select(TABLE).where(TABLE.c.state == "recorded"))
        return [(row.basis, row.answered_by) for row in rows]


def refused(site: Site, browser: Browser) -> list[int]:
    """With which status the person was refused, in order, as the audit trail has it."""
    assert browser.person is not None
    return [
        json.loads(entry["details"])["status"]
        for entry in acts(site.store, "refused")
        if entry["actor"] == browser.person.actor
    ]


def agree(browser: Browser, referral_id: str, **more: object) -> Page:
    return browser.forge(f"/referrals/{referral_id}", {**AGREE, **more})


def promote(site: Site, browser: Browser, *roles: Role) -> Browser:
    """The same person with other roles, logged in again."""
    assert browser.person is not None
    with site.store.writing() as connection:
        person_id = browser.person.person_id
        change_person(connection, "test", site.now, person_id, roles=roles, patches=("north",))
    return site.client(browser.person)


def test_who_asked_cannot_agree(check: Check) -> None:
    referral_id = check.asks()
    assert agree(check.ada, referral_id).status == 403
    assert recorded(check.site) == []
    assert refused(check.site, check.ada) == [403]


def test_who_asked_cannot_agree_as_a_manager_either(check: Check) -> None:
    referral_id = check.asks()
    ada = promote(check.site, check.ada, Role.REVIEWER, Role.MANAGER, Role.SPECIALIST)
    assert ada.get(f"/referrals/{referral_id}").status == 403
    assert agree(ada, referral_id).status == 403
    assert recorded(check.site) == []
    assert refused(check.site, ada) == [403, 403]


@pytest.mark.both_engines
def test_an_answer_sent_again_changes_nothing(check: Check) -> None:
    referral_id = check.asks()
    check.mona.post_form(f"/referrals/{referral_id}", {"agreed": "no", "reason": "Ask her"})
    assert agree(check.mona, referral_id).status == 409
    assert agree(check.site.browser(Role.MANAGER), referral_id).status == 409
    assert recorded(check.site) == []
    assert refused(check.site, check.mona) == [409]


def test_an_answer_for_one_referral_is_not_an_answer_for_another(check: Check) -> None:
    asked_first = check.asks()
    form = check.mona.get(f"/referrals/{asked_first}").forms()[-1]
    asked_next = check.asks(kind="marac")
    hidden = {"referral_id": asked_next, "alert_id": "a2", "version": "1", **AGREE}
    assert check.mona.send(f"/referrals/{asked_first}", {**form.fields, **hidden}).status == 302
    with check.site.store.reading() as connection:
        rows = connection.execute(select(TABLE.c.referral_id).where(TABLE.c.state == "recorded"))
        assert [row.referral_id for row in rows] == [asked_first]


def test_no_referral_is_answered_by_guessing(check: Check) -> None:
    check.asks()
    for guess in (f"R-{secrets.token_hex(8)}", "a1", "R-%", "' OR 1=1 --", "R-" + "0" * 300):
        assert agree(check.mona, guess).status == 404
    assert recorded(check.site) == []
    assert refused(check.site, check.mona) == [404] * 5


def test_one_with_consent_is_not_agreed_to_again(check: Check) -> None:
    check.ada.post_form(f"{REFERRALS}/consent", CONSENT)
    with check.site.store.reading() as connection:
        referral_id = connection.execute(select(TABLE.c.referral_id)).scalar_one()
    assert agree(check.mona, referral_id).status == 404
    assert recorded(check.site) == [("consent", None)]


def test_edited_fields_name_nobody_else(check: Check) -> None:
    """Who asks is who is logged in, and the state is not theirs to say, whatever a form says."""
    assert check.ada.person is not None and check.mona.person is not None
    form = check.ada.get(f"{REFERRALS}/safeguarding").forms()[-1]
    mona = check.mona.person.person_id
    edited = {"asked_by": mona, "answered_by": mona, "state": "recorded", "basis": "consent"}
    check.ada.send(f"{REFERRALS}/safeguarding", {**form.fields, **SAFETY, **edited})
    with check.site.store.reading() as connection:
        row = connection.execute(select(TABLE)).one()
    assert (row.state, row.asked_by) == ("waiting_for_agreement", check.ada.person.person_id)
    assert (row.basis, row.answered_by) == ("safeguarding", None)


def test_a_form_for_one_alert_is_not_taken_for_another(check: Check) -> None:
    """Nor for one that is there and is not theirs, nor with an old version, nor with none."""
    raised(check.site, an_alert("a2", "0002"))
    carl = check.site.browser(Role.REVIEWER, patches=("north",))
    take(carl, "a2")
    form = check.ada.get(f"{REFERRALS}/safeguarding").forms()[-1]
    data = {**form.fields, **SAFETY}
    elsewhere = "/alerts/a2/referrals/safeguarding"
    theirs = str(row_of(check.site, "a2").version)
    for version, status in ((theirs, 403), ("0", 409)):
        assert check.ada.send(elsewhere, {**data, "version": version}).status == status
    for version in ("0", "", "999999", "1e3", "-1"):
        page = check.ada.send(f"{REFERRALS}/safeguarding", {**data, "version": version})
        assert page.status == 409
    with check.site.store.reading() as connection:
        assert connection.execute(select(TABLE)).all() == []
    assert refused(check.site, check.ada) == [403, *[409] * 6]


@pytest.mark.parametrize("missing", ["kind", "consent_taken_by", "consent_taken_at"])
def test_consent_without_who_or_when_is_none(check: Check, missing: str) -> None:
    form = check.ada.get(f"{REFERRALS}/consent").forms()[-1]
    for blank in ({}, {missing: "  "}):
        given = {name: value for name, value in CONSENT.items() if name != missing}
        page = check.ada.send(f"{REFERRALS}/consent", {**form.fields, **given, **blank})
        assert f'href="#{missing}"' in page.html
    assert recorded(check.site) == []
    assert acts(check.site.store, "referral_recorded") == []


def test_consent_that_is_still_to_be_given_is_none(check: Check) -> None:
    for time, taken in (("12:01pm", False), ("12:00pm", True)):
        data = {**CONSENT, "consent_taken_at": ["4", "11", "2026", time]}
        page = check.ada.post_form(f"{REFERRALS}/consent", data)
        assert (page.status == 302) is taken
        assert len(recorded(check.site)) == taken


def test_a_reviewer_agrees_to_nothing(check: Check) -> None:
    referral_id = check.asks()
    for role in (Role.REVIEWER, Role.ADMIN, Role.AUDITOR, Role.ANALYST, Role.REPAIRS):
        somebody = check.site.browser(role)
        assert somebody.get("/referrals").status == 403
        assert somebody.get(f"/referrals/{referral_id}").status == 403
        assert agree(somebody, referral_id).status == 403
        assert refused(check.site, somebody) == [403] * 3
    assert recorded(check.site) == []


def test_a_barred_manager_is_told_there_is_none(check: Check) -> None:
    referral_id = check.asks()
    barred = check.site.browser(Role.MANAGER)
    assert barred.person is not None
    bar(check.site, barred.person, "P-1")
    assert agree(barred, referral_id).text == agree(barred, "R-none").text
    assert barred.get(f"/referrals/{referral_id}").status == 404
    assert recorded(check.site) == []
    assert refused(check.site, barred) == [404] * 3


def test_of_two_who_answer_at_once_one_counts(check: Check) -> None:
    referral_id = check.asks()
    managers = [check.site.browser(Role.MANAGER) for _ in range(4)]
    forms = [m.get(f"/referrals/{referral_id}").forms()[-1].fields for m in managers]
    with ThreadPoolExecutor(len(managers)) as pool:
        sending = [
            pool.submit(m.send, f"/referrals/{referral_id}", {**form, **AGREE})
            for m, form in zip(managers, forms, strict=True)
        ]
        statuses = sorted(answer.result().status for answer in sending)
    assert statuses == [302, 409, 409, 409]
    assert len(recorded(check.site)) == 1
    assert len(acts(check.site.store, "referral_agreed")) == 1


def test_nothing_is_closed_while_one_waits(check: Check) -> None:
    check.plans()
    check.tries()
    check.records()
    version_before = check.ada.get(f"{CHECK}/close").forms()[-1].fields["version"]
    check.asks()
    page = check.closes()
    assert "must be answered before you close" in page.text
    data = {"reason": "Done", "version": version_before}
    assert check.ada.forge(f"{CHECK}/close", data).status == 409
    assert row_of(check.site).state == "outcome_recorded"


def test_nothing_is_decided_away_or_stopped_while_one_waits(site: Site) -> None:
    """Before the check, too: by the decision, and by a manager."""
    ada = site.browser(Role.REVIEWER, patches=("north",))
    mona = site.browser(Role.MANAGER)
    raised(site)
    take(ada)
    assert ada.post_form(f"{REFERRALS}/safeguarding", SAFETY).status == 302
    page = decide(ada, decision="no_check_needed")
    assert "must be answered before you close" in page.text
    decide(ada)
    page = mona.post_form(f"{CHECK}/stop", {"outcome": "wrong_data", "reason": "Not so"})
    assert "must be answered before you close" in page.text
    assert row_of(site).state == "welfare_check"


def test_no_token_no_answer(check: Check) -> None:
    referral_id = check.asks()
    for token in ("", "made-up"):
        page = check.mona.send(f"/referrals/{referral_id}", {**AGREE, "csrf_token": token})
        assert page.status == 400
    assert recorded(check.site) == []
    assert refused(check.site, check.mona) == [400, 400]
