"""What the entries of the audit trail say, in words."""

from collections.abc import Mapping

from redflags.casework.reading.audit_trail import AuditEntry

ACTION_WORDS: Mapping[str, str] = {
    # an alert until the decision
    "alert_raised": "Put an alert in the queue",
    "evidence_added": "Added new evidence to an alert",
    "alert_claimed": "Took an alert",
    "claim_released": "Put an alert back",
    "claim_lapsed": "A claim lapsed and the alert went back",
    "check_lapsed": "A welfare check went back to be assigned again",
    "alert_given": "Gave an alert to somebody",
    "colleague_asked": "Asked a colleague",
    "question_answered": "Answered a colleague",
    "alert_taken_over": "Took an alert back from a colleague",
    "welfare_check_decided": "Decided on a welfare check",
    "note_added": "Wrote a note",
    "alert_closed": "Closed an alert",
    "alert_reopened": "Reopened an alert",
    # a welfare check
    "check_assigned": "Assigned a welfare check",
    "plan_made": "Made a plan for safe contact",
    "attempt_logged": "Logged an attempt at contact",
    "outcome_recorded": "Recorded the outcome of a check",
    "dash_recorded": "Recorded a DASH",
    "recharge_review_asked": "Asked for a recharge to be looked at again",
    "check_stopped": "Stopped a welfare check",
    "reminder_written": "Wrote a reminder",
    # referrals
    "referral_recorded": "Recorded a referral made with consent",
    "referral_asked": "Asked a second person to agree to a referral",
    "referral_agreed": "Agreed to a referral",
    "referral_not_agreed": "Did not agree to a referral",
    "referral_withdrawn": "Withdrew a referral",
    # somebody saw something
    "evidence_granted": "Said why they needed to see an alert",
    "evidence_read": "Read the evidence",
    "job_text_read": "Read job text",
    "referral_read": "Read a referral that is waiting",
    "sample_read": "Saw the reference of a home below the line",
    # concerns and quality
    "concern_logged": "Logged a concern",
    "closing_drawn_for_check": "Chose a closed alert at random for a second look",
    "closing_checked": "Looked at a closed alert again",
    "below_line_checked": "Looked at a home below the line",
    "report_made": "Made a report",
    "audit_checked": "Checked that nobody has changed this list",
    "audit_exported": "Downloaded entries from this list",
    # people and their accounts
    "person_added": "Added a person",
    "person_changed": "Changed what somebody can do",
    "person_disabled": "Disabled an account",
    "person_enabled": "Enabled an account",
    "away": "Marked themselves as away",
    "back": "Marked themselves as back",
    "interest_declared": "Recorded that somebody must not see a home",
    "interest_withdrawn": "Recorded that somebody can see a home again",
    "link_made": "Made a one-time link",
    "link_used": "Used a one-time link",
    "link_refused": "A one-time link was refused",
    "logged_in": "Logged in",
    "logged_out": "Logged out",
    "login_failed": "A login failed",
    "login_refused": "A login was refused after too many attempts",
    "password_changed": "Changed their password",
    "password_refused": "Gave a wrong password when changing it",
    "refused": "Was refused an action",
    # the machinery
    "night_begun": "A night began",
    "ruleset_proposed": "Proposed a rule set",
    "ruleset_backtested": "Recorded a backtest of a rule set",
    "ruleset_approved": "Approved a rule set",
    "ruleset_installed": "Made a rule set live",
    "ruleset_shadowed": "Chose the shadow rule set",
    "model_promoted": "Chose which version of a model to use",
    "model_refitted": "Refitted the outlier model",
    "model_retired": "Stopped using a learned order",
    "night_finished": "A night finished",
    "night_abandoned": "A night was abandoned",
    "baseline_set": "Set when the baseline of usual nights starts",
    "collapse_accepted": "Accepted that a night saw far less than the one before",
    "homes_published": "Listed the homes for concerns",
    "interests_matched": "Matched declared interests to homes",
    "handed_to_specialist": "Handed an alert to the specialists",
    "sample_drawn": "Chose homes below the line at random",
    "canary_checked": "Checked detection with a made-up home",
    "message_enqueued": "Prepared a message",
    "message_sent": "Sent a message",
    "purged": "Deleted data past its retention period",
}
ACTOR_WORDS: Mapping[str, str] = {
    "night": "The nightly run",
    "clock": "The timer",
    "outbox": "The message service",
    "operator": "The server's operator",
    "unknown": "Somebody who was not logged in",
}
"""Who acts without being a person with an account."""


def action_words(action: str) -> str:
    return ACTION_WORDS.get(action, action.replace("_", " "))


def who_words(entry: AuditEntry) -> str:
    return ACTOR_WORDS.get(entry.who, entry.who)


ABOUT_THE_HOUSEHOLD = frozenset({"level", "outcome", "rules"})
"""What an entry keeps and no auditor needs: why an alert was raised, and what came of it."""


def details_words(entry: AuditEntry) -> str:
    """What else the entry says of the act, as it was written: ``state: claimed, person: Ada``."""
    return ", ".join(
        f"{key.replace('_', ' ')}: {_one(value)}"
        for key, value in sorted(entry.details.items())
        if key not in ABOUT_THE_HOUSEHOLD
    )


def _one(value: object) -> str:
    if isinstance(value, list):
        return " and ".join(map(str, value)) or "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
