"""The forms of the welfare check. None asks for proof, for a name, or for anything preset."""

from collections.abc import Mapping
from enum import Enum

from redflags.domain.outcome import CHECK_OUTCOMES, CONTACT_OUTCOMES, TRIAGE_OUTCOMES, Outcome
from redflags.domain.plain_names import OUTCOME_WORDS
from redflags.web.shell import forms
from redflags.web.shell.wording import ATTEMPT_WORDS, CHANNEL_WORDS, DASH_WORDS

MOST_IN_A_PLAN = 500
NO_NAMES = "Do not write names."
_AFTER_CONTACT = "Only when somebody has spoken to them."
_NOT_REACHED = (
    "Only after trying other days, times and ways. Tell your manager or the specialist: "
    "being unable to reach them may itself be a sign."
)


def _words_of(outcomes: frozenset[Outcome]) -> Mapping[Enum, str]:
    return {outcome: text for outcome, text in OUTCOME_WORDS.items() if outcome in outcomes}


class AssignForm(forms.CaseForm):
    person = forms.somebody(
        "Who will make the welfare check?",
        hint="Only people who can take this check are in the list.",
    )
    reason = forms.long_text(
        "Why them? (optional)",
        hint=f"For example: I am away from tomorrow. {NO_NAMES}",
        most=1_000,
        rows=3,
    )


class PlanForm(forms.CaseForm):
    channel = forms.choice(
        "How will you make contact?", CHANNEL_WORDS, missing="Choose how you will make contact"
    )
    when = forms.long_text(
        "When is it safe?",
        missing="Say when it is safe",
        hint="Days and times when the person is likely to be alone.",
        most=MOST_IN_A_PLAN,
        rows=3,
    )
    not_told = forms.long_text(
        "Who must not be told?",
        missing="Say who must not be told. If you know of nobody, write: nobody known",
        hint="For example: anybody else in the home. If you know of nobody, write: nobody known. "
        f"{NO_NAMES}",
        most=MOST_IN_A_PLAN,
        rows=3,
    )
    neutral_reason = forms.long_text(
        "What will you say it is about?",
        missing="Write the everyday reason that you will give",
        hint="An everyday reason, for whoever answers. It must be true of any home.",
        most=MOST_IN_A_PLAN,
        rows=3,
    )
    no_messages_left = forms.confirm(
        "I will not leave a voicemail, a note or a card",
        missing="Confirm that you will not leave a voicemail, a note or a card",
    )


class AttemptForm(forms.CaseForm):
    attempted_at = forms.moment("When did you try?", missing="Say when you tried")
    channel = forms.choice("How did you try?", CHANNEL_WORDS, missing="Choose how you tried")
    result = forms.choice("What happened?", ATTEMPT_WORDS, missing="Choose what happened")
    note = forms.long_text("Anything else? (optional)", hint=NO_NAMES, most=1_000, rows=3)


class OutcomeForm(forms.CaseForm):
    outcome = forms.choice(
        "What was the outcome?",
        _words_of(CHECK_OUTCOMES),
        missing="Choose an outcome",
        hints=dict.fromkeys(CONTACT_OUTCOMES, _AFTER_CONTACT)
        | {Outcome.COULD_NOT_REACH: _NOT_REACHED},
    )
    note = forms.long_text(
        "Anything else? (optional)",
        hint=f"What was agreed, and what is next. {NO_NAMES}",
    )


class DashForm(forms.CaseForm):
    done_on = forms.day("When was the DASH done?", missing="Say when it was done")
    level = forms.choice(
        "What was the level of risk?", DASH_WORDS, missing="Choose the level of risk"
    )


class RechargeForm(forms.CaseForm):
    reason = forms.long_text(
        "Why should it be looked at again?",
        missing="Write why it should be looked at again",
        hint=f"Which jobs, and what makes you think so. {NO_NAMES}",
    )


class CloseForm(forms.CaseForm):
    reason = forms.long_text(
        "Why are you closing it?",
        missing="Write why you are closing it",
        hint=f"What was done, and why nothing more is needed from us now. {NO_NAMES}",
    )
    watched_until = forms.day(
        "Reopen if something new happens by (optional)",
        hint="A new sign by this day puts the home back on the list at once. For example, 3 5 2027",
    )


class StopForm(forms.CaseForm):
    outcome = forms.choice(
        "Why is a check no longer needed?",
        _words_of(TRIAGE_OUTCOMES),
        missing="Choose why a check is no longer needed",
    )
    reason = forms.long_text("How do you know?", missing="Write how you know", hint=NO_NAMES)


class ReopenForm(forms.CaseForm):
    reason = forms.long_text(
        "Why are you reopening it?", missing="Write why you are reopening it", hint=NO_NAMES
    )
