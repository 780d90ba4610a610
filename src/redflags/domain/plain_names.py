"""What signals, rules, tables, outcomes and referrals are called, for people: the one list of it.

Pages, sentences of alerts, reports and the analyst's bench all ask here, so that one thing has one
name wherever it is read. What only a page says (states, roles, notes) is in `web.shell.wording`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from redflags.domain.alert import Priority
from redflags.domain.outcome import Outcome
from redflags.domain.welfare_check import ReferralKind


@dataclass(frozen=True, slots=True)
class SignalName:
    """One signal: as a heading, counted ("1 lock change", "3 lock changes"), and as a topic.

    The topic is what "what weighed most" lists: the plural, unless another word says it better.
    """

    title: str
    one: str
    many: str
    topic: str = ""

    def counted(self, count: int) -> str:
        return f"{count} {self.one if count == 1 else self.many}"


SIGNAL_NAMES: Mapping[str, SignalName] = {
    "lock_change": SignalName("Lock change", "lock change", "lock changes"),
    "door_damage": SignalName(
        "Damage to an outside door",
        "outside door repair",
        "outside door repairs",
        "outside doors",
    ),
    "window_damage": SignalName(
        "Damage to a window",
        "glass or window repair",
        "glass or window repairs",
        "glass and windows",
    ),
    "internal_damage": SignalName(
        "Damage inside: doors or walls",
        "inside door or wall repair",
        "inside door or wall repairs",
        "inside doors and walls",
    ),
    "security_request": SignalName(
        "Asked for more security",
        "request for extra security",
        "requests for extra security",
    ),
    "noise_disturbance": SignalName(
        "Report of noise",
        "report of shouting or banging",
        "reports of shouting or banging",
    ),
    "asb_report": SignalName(
        "Report of antisocial behaviour",
        "other report about this home",
        "other reports about this home",
    ),
    "homeless_presentation": SignalName(
        "Asked for help with homelessness",
        "request for help with housing",
        "requests for help with housing",
        "a request for help with housing",
    ),
    "abandonment": SignalName(
        "Home may be empty",
        "sign that the home may be empty",
        "signs that the home may be empty",
    ),
    "staff_concern": SignalName(
        "A colleague's concern",
        "concern logged by a colleague",
        "concerns logged by colleagues",
        "a colleague's concern",
    ),
    "lost_key": SignalName(
        "Lock change for lost keys",
        "lock change for lost keys",
        "lock changes for lost keys",
    ),
    "missed_visit": SignalName(
        "Visit with no answer",
        "visit with no answer",
        "visits with no answer",
    ),
    "repair_count": SignalName(
        "Number of repairs", "repair", "repairs", "how many repairs there were"
    ),
    "repair_cost": SignalName(
        "Cost of repairs", "repair with a cost", "repairs with a cost", "what the repairs cost"
    ),
    "": SignalName(
        "Another repair or report", "other repair or report", "other repairs or reports"
    ),
}
TELL_WORDS: Mapping[str, str] = {
    "force": "mentions force",
    "fear": "mentions fear",
    "partner": "mentions a partner",
}
RULE_WORDS: Mapping[str, str] = {
    "staff_concern": "A colleague's concern",
    "damage_with_tell": "Damage, with words of force or fear",
    "frequent_lock_changes": "Many lock changes",
    "door_window_damage": "Damage to doors and windows",
    "returning_mix": "Different kinds of damage, repeated",
    "repair_frequency": "Many repairs",
    "repair_cost": "Costly repairs",
    "noise_disturbance": "Reports of noise",
    "asb_report": "Reports of antisocial behaviour",
    "homeless_presentation": "Asked for help with homelessness",
    "abandonment": "Home may be empty",
    "unusual_pattern": "Unusual, all signs together",
    "below_line_sample": "Put in the queue by a manager",
}
TABLE_WORDS: Mapping[str, str] = {
    "repairs": "Repair",
    "lock_changes": "Lock change",
    "asb": "Antisocial behaviour report",
    "homelessness": "Homelessness",
    "concerns": "Staff concern",
    "properties": "Property",
    "tenancies": "Tenancy",
    "protected": "Protection",
}

OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.NO_CHECK_NEEDED: "No welfare check needed",
    Outcome.WRONG_DATA: "The records were wrong",
    Outcome.ALREADY_SUPPORTED: "Already has support",
    Outcome.NO_CONCERN_FOUND: "Spoke to them, no concern found",
    Outcome.COULD_NOT_REACH: "Could not reach them",
    Outcome.WELFARE_NEED_MET: "Needed help, and got it",
    Outcome.DISCLOSED_ACCEPTS_SUPPORT: "Told us, and wants support",
    Outcome.DISCLOSED_DECLINES_SUPPORT: "Told us, and does not want support now",
    Outcome.OTHER_NEED: "Needs help with something else",
}
PRIORITY_WORDS: Mapping[Priority, str] = {
    Priority.FIRST: "Look at this first",
    Priority.SOON: "Soon",
    Priority.ROUTINE: "Routine",
}
REFERRAL_WORDS: Mapping[ReferralKind, str] = {
    ReferralKind.SPECIALIST: "Specialist officer",
    ReferralKind.MARAC: "MARAC, the meeting about high risk",
    ReferralKind.CHILDREN: "Children's safeguarding",
    ReferralKind.ADULTS: "Adults' safeguarding",
}


def signal_words(signal: str) -> str:
    """A signal as a heading. Raises KeyError for what is none."""
    return SIGNAL_NAMES[signal].title


def signal_topic(signal: str) -> str:
    """A signal in a list of what weighed most."""
    name = SIGNAL_NAMES[signal]
    return name.topic or name.many


def rule_words(rule_id: str) -> str:
    """What a rule looks for; one that a landlord added is called as they called it."""
    return RULE_WORDS.get(rule_id, rule_id.replace("_", " "))
