"""A welfare check on a site, brought by its pages as far as a test wants it."""

from dataclasses import dataclass

from builders.alert_pages import decide, raised, take
from builders.web import Browser, Page, Site
from redflags.domain.people import Role

CHECK, REFERRALS = "/alerts/a1/check", "/alerts/a1/referrals"
PLAN: dict[str, object] = {
    "channel": "visit",
    "when": "Weekday mornings",
    "not_told": "Anybody else in the home",
    "neutral_reason": "The yearly smoke alarm check",
    "no_messages_left": "y",
}
ATTEMPT: dict[str, object] = {
    "attempted_at": ["4", "11", "2026", "10:30am"],
    "channel": "visit",
    "result": "spoke_alone",
    "note": "",
}
SAFETY: dict[str, object] = {"kind": "children", "reason": "A child is not safe there"}
CONSENT: dict[str, object] = {
    "kind": "specialist",
    "consent_taken_by": "Nurse Joy",
    "consent_taken_at": ["4", "11", "2026", "9:30am"],
}


@dataclass
class Check:
    """A check that `ada`, a reviewer, makes; `mona` is a manager. Decided at 9, now it is 12."""

    site: Site
    ada: Browser
    mona: Browser

    def plans(self, **answers: object) -> Page:
        return self.ada.post_form(f"{CHECK}/plan", {**PLAN, **answers})

    def tries(self, **answers: object) -> Page:
        return self.ada.post_form(f"{CHECK}/attempt", {**ATTEMPT, **answers})

    def records(self, outcome: str = "welfare_need_met", **answers: object) -> Page:
        return self.ada.post_form(f"{CHECK}/outcome", {"outcome": outcome, "note": "", **answers})

    def closes(self, **answers: object) -> Page:
        return self.ada.post_form(f"{CHECK}/close", {"reason": "Support is in place", **answers})

    def asks(self, **answers: object) -> str:
        """Ask for a second person's agreement; the referral's id."""
        page = self.ada.post_form(f"{REFERRALS}/safeguarding", {**SAFETY, **answers})
        assert page.status == 302, page.text
        return waiting_for(self.mona)[-1]


def waiting_for(browser: Browser) -> list[str]:
    """The ids on the list of referrals to agree, as its links have them."""
    links = browser.get("/referrals").html.split('href="/referrals/')[1:]
    return [link.split('"')[0] for link in links]


def a_check(site: Site) -> Check:
    """Alert a1, decided on by `ada` and given to herself."""
    ada = site.browser(Role.REVIEWER, patches=("north",), name="Ada")
    mona = site.browser(Role.MANAGER, name="Mona")
    assert ada.person is not None
    raised(site)
    take(ada)
    assert decide(ada, assign_to=ada.person.person_id).status == 302
    site.later(hours=3)
    return Check(site, site.client(ada.person), site.client(mona.person))
