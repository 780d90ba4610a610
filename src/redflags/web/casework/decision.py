"""The decision on an alert: the form, and what each answer does."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from wtforms import Field
from wtforms.validators import ValidationError

from redflags.casework.acts import ask_colleague, close_alert, decide_welfare_check
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.outcome import Outcome
from redflags.domain.people import PersonName
from redflags.domain.plain_names import OUTCOME_WORDS
from redflags.errors import InvalidAct
from redflags.web.shell import forms


class Decision(StrEnum):
    """What a reviewer may say of an alert."""

    WELFARE_CHECK = "welfare_check"
    NO_CHECK_NEEDED = "no_check_needed"
    ALREADY_SUPPORTED = "already_supported"
    WRONG_DATA = "wrong_data"
    ASK = "ask"


_HINTS: Mapping[Decision, str] = {
    Decision.WELFARE_CHECK: "Contact must be made within 48 hours from now.",
    Decision.NO_CHECK_NEEDED: "Something else explains what you see. This closes the alert.",
    Decision.ALREADY_SUPPORTED: "You know who supports them. This closes the alert.",
    Decision.WRONG_DATA: "For example, the jobs belong to another home. This closes the alert.",
    Decision.ASK: "They will see the evidence too. Only the people in the list can be asked.",
}
_CLOSING: Mapping[Decision, Outcome] = {
    Decision.NO_CHECK_NEEDED: Outcome.NO_CHECK_NEEDED,
    Decision.ALREADY_SUPPORTED: Outcome.ALREADY_SUPPORTED,
    Decision.WRONG_DATA: Outcome.WRONG_DATA,
}
_WORDS: Mapping[Decision, str] = {
    Decision.WELFARE_CHECK: "Make a welfare check",
    **{decision: OUTCOME_WORDS[outcome] for decision, outcome in _CLOSING.items()},
    Decision.ASK: "Ask a colleague first",
}
"""In the order of the form; what closes the alert is called as its outcome is."""
DONE: Mapping[Decision, str] = {
    Decision.WELFARE_CHECK: "Welfare check decided. The 48 hours start now.",
    Decision.NO_CHECK_NEEDED: "Alert closed.",
    Decision.ALREADY_SUPPORTED: "Alert closed.",
    Decision.WRONG_DATA: "Alert closed.",
    Decision.ASK: "Your colleague has been asked.",
}


class DecideForm(forms.CaseForm):
    """Nothing is preset: neither what is decided nor why."""

    decision = forms.choice(
        "What do you decide?", _WORDS, missing="Choose a decision", hints=_HINTS
    )
    assign_to = forms.somebody(
        "Who will make the welfare check?",
        missing="",
        hint="You may leave this to a manager.",
    )
    colleague = forms.somebody("Who do you want to ask?", missing="")
    reason = forms.long_text(
        "Why?",
        missing="Write why, in your own words",
        hint="If you ask a colleague, write your question here. Do not write names.",
    )
    watched_until = forms.day(
        "Reopen if something new happens by (optional)",
        hint="Only if you close the alert: a new sign by this day reopens it. "
        "For example, 3 5 2027",
    )

    def validate_colleague(self, field: Field) -> None:
        if self.decision.data is Decision.ASK and not field.data:
            raise ValidationError("Choose who to ask")

    def validate_watched_until(self, field: Field) -> None:
        if field.data and self.decision.data and self.decision.data not in _CLOSING:
            raise ValidationError("Leave this empty, because this decision keeps the alert open")

    def offer(self, people: Sequence[PersonName], me: str) -> None:
        """Say who can take the alert; one does not ask oneself."""
        names = [(p.person_id, p.name) for p in people]
        mine = [(key, f"Me ({name})") for key, name in names if key == me]
        others = [(key, name) for key, name in names if key != me]
        self.assign_to.offer([*mine, *others])
        self.colleague.offer(others)


def decide(work: UnitOfWork, alert_id: str, form: DecideForm) -> None:
    """Do what the form says. Raises InvalidAct with the form's own names of fields."""
    decision, version, reason = form.decision.data, form.version.data, form.reason.data
    try:
        if decision is Decision.WELFARE_CHECK:
            decide_welfare_check.decide_welfare_check(
                work, alert_id, version, reason, form.assign_to.data
            )
        elif decision is Decision.ASK:
            ask_colleague.ask_colleague(work, alert_id, version, form.colleague.data, reason)
        else:
            outcome, until = _CLOSING[decision], form.watched_until.data
            close_alert.close_at_triage(work, alert_id, version, outcome, reason, until)
    except InvalidAct as error:
        raise InvalidAct(_field(error.field, decision), error.expected) from None


def _field(of_the_act: str, decision: Decision) -> str:
    """Where on the form it was typed."""
    if of_the_act == "person":
        return "colleague" if decision is Decision.ASK else "assign_to"
    return "reason" if of_the_act == "question" else of_the_act
