"""A rule set's file with other thresholds: everything else stays, comments and order too."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.configuration.ruleset import ruleset_of_text
from redflags.errors import UsageError
from redflags.services.thresholds.rewrite_ruleset import Change, rewritten

LIVE = (Path(__file__).parents[2] / "config" / "ruleset.toml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 22)
HEAD = {"version": "7", "author": 'Ada "A"', "reason": "too many", "date": TODAY, "parent": "abc"}


def changed(name: str = "min_count", value: float = 4) -> Change:
    return Change("frequent_lock_changes", name, value, 'repeats\\back and "forth"', "Ada", TODAY)


def test_one_threshold_is_another_with_its_reason_owner_and_date() -> None:
    rule = tomllib.loads(rewritten(LIVE, HEAD, [changed()]))["rules"]["frequent_lock_changes"]
    assert rule["min_count"] == {
        "value": 4,
        "unit": "lock changes",
        "reason": 'repeats\\back and "forth"',
        "owner": "Ada",
        "date": TODAY,
    }


def test_every_other_line_stays_as_it_was() -> None:
    before, after = LIVE.splitlines(), rewritten(LIVE, HEAD, [changed()]).splitlines()
    gone, came = set(before) - set(after), set(after) - set(before)
    assert len(gone) == 4  # version, author, reason, one threshold
    assert len(came) == 6  # and date and parent
    assert [line for line in after if line in before] == [line for line in before if line in after]


def test_the_new_file_is_a_rule_set_that_knows_its_parent() -> None:
    live = ruleset_of_text("live", LIVE, COUNTED_SIGNALS)
    new = ruleset_of_text("new", rewritten(LIVE, HEAD | {"parent": live.hash}, []), COUNTED_SIGNALS)
    assert (new.parent, new.date, new.author) == (live.hash, TODAY, 'Ada "A"')
    assert new.hash != live.hash


def test_a_second_rewriting_replaces_the_head_of_the_first() -> None:
    twice = rewritten(rewritten(LIVE, HEAD, []), HEAD | {"version": "8"}, [])
    assert twice.count("\nparent = ") == 1
    assert tomllib.loads(twice)["version"] == "8"


@pytest.mark.parametrize("change", [changed("min_score", 3.0), changed("min_surprise", 3.0)])
def test_a_threshold_that_is_not_there_is_named(change: Change) -> None:
    with pytest.raises(UsageError, match=f"frequent_lock_changes.{change.name}"):
        rewritten(LIVE, HEAD, [change])


def test_a_file_laid_out_otherwise_is_refused_and_not_spoiled() -> None:
    strange = LIVE.replace('version = "2026.11"', '"version" = "2026.11"')
    with pytest.raises(UsageError, match="line by line"):
        rewritten(strange, HEAD, [])
