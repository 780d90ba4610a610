"""When a night sees too little to go on: both sides of each threshold."""

from datetime import date, timedelta

import pytest

from builders.intake import shipped_limits
from redflags.analysis.monitoring.collapse_judgement import find_collapse
from redflags.domain.kept_records import GoodNight, KeptRecords, KeptTable

AS_OF = date(2026, 11, 20)
LIMITS = shipped_limits()
BUSY = 730
"""Two a day."""


def day(ago: int) -> date:
    return AS_OF - timedelta(days=ago)


def kept(households: int = 100, **tables: KeptTable) -> KeptRecords:
    rows = {"tenancies": KeptTable(households or 100)}
    return KeptRecords(households, {**rows, **tables})


def good(
    ago: int = 1, then: KeptRecords | None = None, *came: str, is_accepted: bool = False
) -> GoodNight:
    return GoodNight(day(ago), then or kept(), frozenset(came), is_accepted)


def collapsed(tonight: KeptRecords, *nights: GoodNight, came: tuple[str, ...] = ()) -> list[str]:
    return list(find_collapse(tonight, came, AS_OF, nights, LIMITS))


def test_a_first_night_has_nothing_to_be_compared_with() -> None:
    assert collapsed(kept(3)) == []
    assert collapsed(KeptRecords(0)) == []


def test_tenancies_of_which_none_is_current_are_wrong_on_the_first_night_too() -> None:
    (words,) = collapsed(kept(0))
    assert words.startswith("no household is current: every one of 100 tenancies has ended")


def test_nobody_left_that_a_person_accepted_is_no_news_the_night_after() -> None:
    assert collapsed(kept(0), good(1, kept(0), is_accepted=True)) == []


@pytest.mark.parametrize(
    ("before", "now", "falls"),
    [
        (100, 50, False),
        (100, 49, True),
        (4, 2, False),
        (4, 1, True),
        (3, 1, False),
        (2, 1, False),
        (100, 200, False),
        (100, 100, False),
    ],
)
def test_fewer_than_half_of_the_households_is_a_collapse(
    before: int, now: int, falls: bool
) -> None:
    then = kept(before, tenancies=KeptTable(100))
    found = collapsed(kept(now, tenancies=KeptTable(100)), good(1, then))
    assert found == ([f"{now} households are current; there were {before} on 2026-11-19"] * falls)


@pytest.mark.parametrize(
    ("before", "now", "falls"), [(50, 25, False), (50, 24, True), (2, 1, False), (1, 0, True)]
)
def test_fewer_than_half_of_a_tables_rows_is_a_collapse(before: int, now: int, falls: bool) -> None:
    then = kept(protected=KeptTable(before))
    found = collapsed(kept(protected=KeptTable(now)), good(1, then))
    assert found == [f"protected: {now} rows are left; there were {before} on 2026-11-19"] * falls


@pytest.mark.parametrize(("ago", "silent"), [(14, False), (15, True), (40, True)])
def test_a_busy_table_without_anything_new_for_more_than_two_weeks(ago: int, silent: bool) -> None:
    now, then = KeptTable(900, day(ago), BUSY), KeptTable(900, day(ago), BUSY)
    found = collapsed(kept(repairs=now), good(ago - 1, kept(repairs=then)))
    words = f"repairs: no record is newer than {day(ago)}, {ago} days ago"
    assert found == [words] * silent


@pytest.mark.parametrize(("a_year", "silent"), [(83, False), (86, True)])
def test_a_silence_is_odd_when_chance_would_hardly_bring_it(a_year: int, silent: bool) -> None:
    """40 days without one: chance 0.0001 at 84 a year."""
    table = KeptTable(900, day(40), a_year)
    assert bool(collapsed(kept(asb=table), good(39, kept(asb=table)))) is silent


def test_what_was_silent_on_the_last_good_night_is_no_news() -> None:
    table = KeptTable(900, day(100), BUSY)
    assert collapsed(kept(repairs=table), good(1, kept(repairs=table))) == []


def nights_with(table: str, since: int, until: int) -> list[GoodNight]:
    """A good night a day, newest first; `table` came from `since` to `until` days ago."""
    return [
        good(ago, None, *(("repairs", table) if since >= ago >= until else ("repairs",)))
        for ago in range(1, since + 1)
    ]


@pytest.mark.parametrize(("away", "is_told"), [(4, False), (5, True), (6, True)])
def test_a_table_that_came_every_night_and_has_not_for_five(away: int, is_told: bool) -> None:
    nights = nights_with("asb", since=20, until=away)
    words = f"asb: came every night up to {day(away)}, and not for {away} nights"
    assert collapsed(kept(), *nights, came=("repairs",)) == [words] * is_told
    assert collapsed(kept(), *nights, came=("repairs", "asb")) == []


@pytest.mark.parametrize(("came", "is_told"), [(4, False), (5, True)])
def test_a_table_is_expected_when_it_came_in_each_of_five_nights(came: int, is_told: bool) -> None:
    nights = nights_with("asb", since=5 + came - 1, until=5)
    assert bool(collapsed(kept(), *nights, came=("repairs",))) is is_told


def test_a_table_that_comes_on_mondays_is_not_expected() -> None:
    nights = [good(ago, None, *(["asb"] if ago % 7 == 0 else [])) for ago in range(1, 30)]
    assert collapsed(kept(), *nights) == []


def test_several_runs_for_one_day_are_one_night() -> None:
    nights = [night for night in nights_with("asb", since=8, until=5) for _ in range(3)]
    assert collapsed(kept(), *nights, came=("repairs",)) == []


def test_nights_of_an_earlier_version_say_nothing() -> None:
    assert collapsed(kept(3), GoodNight(day(1))) == []
