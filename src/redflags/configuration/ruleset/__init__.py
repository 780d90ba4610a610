"""`config/ruleset.toml` as one frozen value with a hash; its faults are reported all at once."""

from redflags.configuration.ruleset.episode_assumptions import Episodes, MissedVisits, Picture
from redflags.configuration.ruleset.loading import (
    load_ruleset,
    load_usable_ruleset,
    ruleset_of_text,
)
from redflags.configuration.ruleset.rule_set import RuleSet
from redflags.configuration.ruleset.rule_thresholds import COST, REPAIRS, Rule
from redflags.configuration.ruleset.sections import (
    Innocent,
    Learning,
    Outliers,
    Queue,
    Ranking,
    Retention,
    Surprise,
)

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
