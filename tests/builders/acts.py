"""Every act that a person can do on one alert, filled in as it should be."""

from collections.abc import Callable
from typing import Any

from redflags.casework.acts import (
    ask_colleague,
    assign_check,
    case_notes,
    claim_alert,
    close_alert,
    decide_welfare_check,
    give_alerts,
    log_contact_attempt,
    look_with_reason,
    plan_contact,
    recharge_review,
    record_dash,
    record_outcome,
    referrals,
    reopen_alert,
)
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
    "claim": lambda work, alert_id, version: claim_alert.claim(work, alert_id),
    "release": lambda work, *seen: claim_alert.release(work, *seen, "I am called away"),
    "ask_colleague": lambda work, *seen: ask_colleague.ask_colleague(work, *seen, TAKER, "Known?"),
    "answer": lambda work, *seen: ask_colleague.answer(work, *seen, "Not to me"),
    "take_over": ask_colleague.take_over,
    "decide_welfare_check": lambda work, *seen: decide_welfare_check.decide_welfare_check(
        work, *seen, "Locks"
    ),
    "decide_and_assign": lambda work, *seen: decide_welfare_check.decide_welfare_check(
        work, *seen, "Locks", TAKER
    ),
    "close_at_triage": lambda work, *seen: close_alert.close_at_triage(
        work, *seen, Outcome.WRONG_DATA, "Another address"
    ),
    "assign": lambda work, *seen: assign_check.assign(work, *seen, TAKER),
    "make_plan": lambda work, *seen: plan_contact.make_plan(work, *seen, PLAN),
    "log_attempt": lambda work, *seen: log_contact_attempt.log_attempt(
        work, *seen, work.now, Channel.PHONE, AttemptResult.SPOKE_ALONE, ""
    ),
    "record_outcome": lambda work, *seen: record_outcome.record_outcome(
        work, *seen, Outcome.COULD_NOT_REACH, ""
    ),
    "record_dash": lambda work, *seen: record_dash.record_dash(
        work, *seen, work.now.date(), DashLevel.HIGH
    ),
    "ask_recharge_review": lambda work, *seen: recharge_review.ask_recharge_review(
        work, *seen, "Not hers"
    ),
    "close": lambda work, *seen: close_alert.close(work, *seen, "Support is in place"),
    "stop": lambda work, *seen: close_alert.stop(
        work, *seen, Outcome.WRONG_DATA, "Another address"
    ),
    "reopen": lambda work, *seen: reopen_alert.reopen(work, *seen, "She called again"),
    "add_note": lambda work, *seen: case_notes.add_note(work, *seen, "The bell is broken"),
    "refer_with_consent": lambda work, *seen: referrals.refer_with_consent(
        work, *seen, ReferralKind.MARAC, Consent("Rita", work.now)
    ),
    "ask_for_agreement": lambda work, *seen: referrals.ask_for_agreement(
        work, *seen, ReferralKind.CHILDREN, "A child was at the window"
    ),
    "look_with_reason": lambda work, alert_id, version: look_with_reason.look_with_reason(
        work, alert_id, "A complaint"
    ),
    "give": lambda work, alert_id, version: give_alerts.give(
        work, {alert_id: version}, TAKER, "Holiday"
    ),
}
