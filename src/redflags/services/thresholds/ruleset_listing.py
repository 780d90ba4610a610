"""What a list of rule sets says on the terminal."""

from collections.abc import Sequence

from redflags.domain.clock import spoken
from redflags.domain.known_ruleset import KnownRuleset


def lines(known: Sequence[KnownRuleset], live_file_hash: str) -> list[str]:
    """One line a rule set, and a warning when the file in use is none that was approved."""
    told = [_line(ruleset) for ruleset in known]
    live = next((ruleset.ruleset_hash for ruleset in known if ruleset.is_live), None)
    if live_file_hash != live:
        told.append(
            f"the file in use is {live_file_hash}, which was not installed from an approved "
            "proposal"
        )
    told.append(f"{len(known)} rule sets")
    return told


def _line(ruleset: KnownRuleset) -> str:
    shadow = ", in the shadow" if ruleset.is_shadow else ""
    agreed = f", approved by {ruleset.approved_by}" if ruleset.approved_by else ""
    return (
        f"{ruleset.ruleset_hash}  {ruleset.version}  {ruleset.standing}{shadow}; proposed by "
        f"{ruleset.proposed_by}, {spoken(ruleset.proposed_at_utc)}{agreed}: {ruleset.reason}"
    )
