"""Alerts as the pages of the queue meet them: raised on a site, and worked on by its people."""

from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select

from builders.store import AS_OF, a_reason, an_alert, raise_alerts
from builders.web import Browser, Site
from redflags.adapters.secrets import TextSealer
from redflags.adapters.store.case_tables import ALERT_TEXTS
from redflags.adapters.store.tables import ALERTS
from redflags.casework.accounts import declare
from redflags.domain.alert import Alert
from redflags.domain.people import InterestKind, Person

DECISION = {"decision": "welfare_check", "reason": "Three locks in five months"}


def raised(site: Site, *alerts: Alert, as_of: date = AS_OF) -> None:
    """Put alerts into the queue, one named a1 unless told which."""
    wanted = alerts or (an_alert(reasons=(a_reason("R-1", "R-2"),)),)
    assert all(raise_alerts(site.store, *wanted, as_of=as_of))


def row_of(site: Site, alert_id: str = "a1") -> Row[Any]:
    with site.store.reading() as connection:
        return connection.execute(select(ALERTS).filter_by(alert_id=alert_id)).one()


def take(browser: Browser, alert_id: str = "a1") -> None:
    page = browser.post_form(f"/alerts/{alert_id}/claim", on=f"/alerts/{alert_id}")
    assert page.status == 302


def decide(browser: Browser, alert_id: str = "a1", **answers: object) -> Any:
    """Fill in the decision on the page of the alert; a welfare check unless told otherwise."""
    data = {**DECISION, **answers}
    return browser.post_form(f"/alerts/{alert_id}/decide", data, on=f"/alerts/{alert_id}")


def bar(site: Site, person: Person, ref: str) -> None:
    with site.store.writing() as connection:
        declare(connection, person, ref, InterestKind.BARRED, "test", site.now)


def keep_text(site: Site, text: str, alert_id: str = "a1", ref: str = "R-1") -> None:
    """The text of a job, sealed as the night keeps it."""
    sealed = TextSealer(site.program.secret).seal(text, f"repairs/{ref}")
    values = {
        "alert_id": alert_id,
        "table_name": "repairs",
        "ref": ref,
        "occurred_on": date(2026, 10, 20),
        "text_sealed": sealed,
    }
    with site.store.writing() as connection:
        connection.execute(insert(ALERT_TEXTS).values(**values))
