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
    "read_case": lambda work, alert_id, version: case_file.read_case(work, alert_id),
    "read_texts": lambda work, alert_id, version: case_file.read_texts(work, alert_id),
    "claim": lambda work, alert_id, version: triage.claim(work, alert_id),
    "release": lambda work, *seen: triage.release(work, *seen, "I am called away"),
    "ask_colleague": lambda work, *seen: triage.ask_colleague(work, *seen, TAKER, "Known?"),
    "answer": lambda work, *seen: triage.answer(work, *seen, "Not to me"),
    "take_over": triage.take_over,
    "decide_welfare_check": lambda work, *seen: triage.decide_welfare_check(work, *seen, "Locks"),
    "decide_and_assign": lambda work, *seen: triage.decide_welfare_check(
        work, *seen, "Locks", TAKER
    ),
    "close_at_triage": lambda work, *seen: triage.close_at_triage(
        work, *seen, Outcome.WRONG_DATA, "Another address"
    ),
    "assign": lambda work, *seen: welfare_check.assign(work, *seen, TAKER),
    "make_plan": lambda work, *seen: welfare_check.make_plan(work, *seen, PLAN),
    "log_attempt": lambda work, *seen: welfare_check.log_attempt(
        work, *seen, work.now, Channel.PHONE, AttemptResult.SPOKE_ALONE, ""
    ),
    "record_outcome": lambda work, *seen: welfare_check.record_outcome(
        work, *seen, Outcome.COULD_NOT_REACH, ""
    ),
    "record_dash": lambda work, *seen: welfare_check.record_dash(
        work, *seen, work.now.date(), DashLevel.HIGH
    ),
    "ask_recharge_review": lambda work, *seen: welfare_check.ask_recharge_review(
        work, *seen, "Not hers"
    ),
    "close": lambda work, *seen: welfare_check.close(work, *seen, "Support is in place"),
    "stop": lambda work, *seen: welfare_check.stop(
        work, *seen, Outcome.WRONG_DATA, "Another address"
    ),
    "reopen": lambda work, *seen: welfare_check.reopen(work, *seen, "She called again"),
    "add_note": lambda work, *seen: welfare_check.add_note(work, *seen, "The bell is broken"),
    "refer_with_consent": lambda work, *seen: referrals.refer_with_consent(
        work, *seen, ReferralKind.MARAC, Consent("Rita", work.now)
    ),
    "ask_for_agreement": lambda work, *seen: referrals.ask_for_agreement(
        work, *seen, ReferralKind.CHILDREN, "A child was at the window"
    ),
    "look_with_reason": lambda work, alert_id, version: manager_acts.look_with_reason(
        work, alert_id, "A complaint"
    ),
    "give": lambda work, alert_id, version: manager_acts.give(
        work, {alert_id: version}, TAKER, "Holiday"
    ),
}
