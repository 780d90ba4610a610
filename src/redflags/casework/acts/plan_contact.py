"""The plan for safe contact, which every attempt of a welfare check needs (P9)."""

from typing import Any

from sqlalchemy import Row, func, insert, select

from redflags.adapters.store.case_tables import CONTACT_PLANS
from redflags.casework.acts.change_alert import change, next_no
from redflags.casework.acts.open_alert import open_for
from redflags.casework.policy.permissions import AlertAct
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.welfare_check import SafeContactPlan
from redflags.errors import InvalidAct


def make_plan(work: UnitOfWork, alert_id: str, version: int, plan: SafeContactPlan) -> None:
    """Plan safe contact, or plan it anew; earlier plans stay (P9)."""
    case = open_for(work, alert_id, version, AlertAct.PLAN_CONTACT)
    plan_no = next_no(work, CONTACT_PLANS.c.plan_no, alert_id)
    texts = {
        f"{part}_sealed": work.seal(getattr(plan, part), plan_key(alert_id, plan_no, part))
        for part in PLAN_TEXTS
    }
    values = {
        "alert_id": alert_id,
        "plan_no": plan_no,
        "channel": plan.channel,
        "no_messages_left": plan.no_messages_left,
        "made_by": work.person.person_id,
        "made_at_utc": work.now,
    }
    work.connection.execute(insert(CONTACT_PLANS).values(**values, **texts))
    change(work, case, "plan_made", {"channel": plan.channel.value})


def refuse_unplanned(work: UnitOfWork, case: Row[Any]) -> None:
    """A plan of an earlier check does not count: what was safe then may not be safe now."""
    last = select(func.max(CONTACT_PLANS.c.made_at_utc)).filter_by(alert_id=case.alert_id)
    made_at_utc = work.connection.execute(last).scalar_one()
    if made_at_utc is None or made_at_utc < case.decided_at_utc:
        raise InvalidAct("plan", "Plan safe contact first")


PLAN_TEXTS = ("when", "not_told", "neutral_reason")


def plan_key(alert_id: str, plan_no: int, part: str) -> str:
    """What a text of a plan is bound to; `part` is one of PLAN_TEXTS."""
    return f"contact_plans/{alert_id}/{plan_no}/{part}"
