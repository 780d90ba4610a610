"""What runs where and when: which tests need both databases, and which files must start first."""

from pathlib import Path

import pytest

ENGINES = ("sqlite", "postgresql")
BOTH_ENGINES = "both_engines"
SQLITE_ALONE = frozenset(
    f"test_{page}"
    for page in (
        "account",
        "alert_decisions",
        "alert_page",
        "analyst_page",
        "attacks_referrals",
        "attacks_roles",
        "concern_page",
        "forms",
        "manager_giving",
        "next_steps",
        "oidc",
        "people_pages",
        "security_headers",
        "skeleton",
    )
)
"""Files about what a page says, asks and refuses. What they ask of the database other tests ask of
both; one walk in each that writes is marked `both_engines`."""
LONGEST = (
    "test_night_killed",
    "test_made_up_landlord",
    "test_own_landlord",
    "test_model_trouble",
    "test_model_commands",
    "test_cli_tune",
    "test_backtest",
    "test_model_refit",
    "test_dirty_extracts",
    "test_backtest_flow",
    "test_night_process",
    "test_learned_night",
    "test_watched_night",
    "test_concerns_night",
    "test_posterior_oracle",
    "test_posterior",
)
"""Files that take longest, longest first: one that starts last keeps one process alone with it."""


def engines_of(test: pytest.Item) -> tuple[str, ...]:
    """The databases on which a test runs, in turn."""
    alone = test.path.stem in SQLITE_ALONE and test.get_closest_marker(BOTH_ENGINES) is None
    return ENGINES[:1] if alone else ENGINES


def longest_first(path: Path) -> int:
    """What files are sorted by; those that are not named keep their order."""
    return LONGEST.index(path.stem) if path.stem in LONGEST else len(LONGEST)
