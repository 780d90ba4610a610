"""`config/ruleset.toml` as one frozen value with a hash; its faults are reported all at once."""

from redflags.ruleset.episodes import Episodes, MissedVisits, Picture
from redflags.ruleset.loading import load_ruleset, load_usable_ruleset, ruleset_of_text
from redflags.ruleset.parts import (
    Innocent,
    Learning,
    Outliers,
    Queue,
    Ranking,
    Retention,
    Surprise,
)
from redflags.ruleset.rules import COST, REPAIRS, Rule
from redflags.ruleset.values import RuleSet

__all__ = [
    "COST",
    "REPAIRS",
    "Episodes",
    "Innocent",
    "Learning",
    "MissedVisits",
    "Outliers",
    "Picture",
    "Queue",
    "Ranking",
    "Retention",
    "Rule",
    "RuleSet",
    "Surprise",
    "load_ruleset",
    "load_usable_ruleset",
    "ruleset_of_text",
]
