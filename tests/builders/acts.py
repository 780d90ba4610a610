"""Every act that a person can do on one alert, filled in as it should be."""

from collections.abc import Callable
from typing import Any

from redflags.casework.acts import manager_acts, referrals, triage, welfare_check
from redflags.casework.reading import case_file
from redflags.domain.outcome import Outcome
from redflags.domain.welfare_check import (
    AttemptResult,
    Channel,
    Consent,
    DashLevel,
    ReferralKind,
    SafeContactPlan,
)

Act = Callable[..., Any]
PLAN = SafeContactPlan(
    channel=Channel.VISIT,
    when="Weekday mornings",
    not_told="Anybody else in the home",
    neutral_reason="The yearly check of the smoke alarm",
    no_messages_left=True,
)
TAKER = "sven"
"""Who is given things by `ACTS`: a specialist, who may be given anything."""

# every act on one alert, by somebody who saw it in some version
ACTS: dict[str, Act] = {
    "read_case": lambda desk, alert_id, version: case_file.read_case(desk, alert_id),
    "read_texts": lambda desk, alert_id, version: case_file.read_texts(desk, alert_id),
    "claim": lambda desk, alert_id, version: triage.claim(desk, alert_id),
    "release": lambda desk, *seen: triage.release(desk, *seen, "I am called away"),
    "ask_colleague": lambda desk, *seen: triage.ask_colleague(desk, *seen, TAKER, "Known?"),
    "answer": lambda desk, *seen: triage.answer(desk, *seen, "Not to me"),
    "take_over": triage.take_over,
    "decide_welfare_check": lambda desk, *seen: triage.decide_welfare_check(desk, *seen, "Locks"),
    "decide_and_assign": lambda desk, *seen: triage.decide_welfare_check(
        desk, *seen, "Locks", TAKER
    ),
    "close_at_triage": lambda desk, *seen: triage.close_at_triage(
        desk, *seen, Outcome.WRONG_DATA, "Another address"
    ),
    "assign": lambda desk, *seen: welfare_check.assign(desk, *seen, TAKER),
    "make_plan": lambda desk, *seen: welfare_check.make_plan(desk, *seen, PLAN),
    "log_attempt": lambda desk, *seen: welfare_check.log_attempt(
        desk, *seen, desk.now, Channel.PHONE, AttemptResult.SPOKE_ALONE, ""
    ),
    "record_outcome": lambda desk, *seen: welfare_check.record_outcome(
        desk, *seen, Outcome.COULD_NOT_REACH, ""
    ),
    "record_dash": lambda desk, *seen: welfare_check.record_dash(
        desk, *seen, desk.now.date(), DashLevel.HIGH
    ),
    "ask_recharge_review": lambda desk, *seen: welfare_check.ask_recharge_review(
        desk, *seen, "Not hers"
    ),
    "close": lambda desk, *seen: welfare_check.close(desk, *seen, "Support is in place"),
    "stop": lambda desk, *seen: welfare_check.stop(
        desk, *seen, Outcome.WRONG_DATA, "Another address"
    ),
    "reopen": lambda desk, *seen: welfare_check.reopen(desk, *seen, "She called again"),
    "add_note": lambda desk, *seen: welfare_check.add_note(desk, *seen, "The bell is broken"),
    "refer_with_consent": lambda desk, *seen: referrals.refer_with_consent(
        desk, *seen, ReferralKind.MARAC, Consent("Rita", desk.now)
    ),
    "ask_for_agreement": lambda desk, *seen: referrals.ask_for_agreement(
        desk, *seen, ReferralKind.CHILDREN, "A child was at the window"
    ),
    "look_with_reason": lambda desk, alert_id, version: manager_acts.look_with_reason(
        desk, alert_id, "A complaint"
    ),
    "give": lambda desk, alert_id, version: manager_acts.give(
        desk, {alert_id: version}, TAKER, "Holiday"
    ),
}
