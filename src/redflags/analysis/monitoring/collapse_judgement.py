"""Whether a night sees so little of what the last good one saw that it must not go on.

Everything here is about what is in the record store, so a night without any delivery sees what the
one before saw. Words hold counts and days only.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from math import exp

from redflags.configuration.intake_settings import IntakeSettings
from redflags.domain.kept_records import GoodNight, KeptRecords, KeptTable

DAYS_OF_RATE = 365


def find_collapse(
    kept: KeptRecords,
    came: Collection[str],
    as_of: date,
    good_nights: Sequence[GoodNight],
    settings: IntakeSettings,
) -> tuple[str, ...]:
    """What collapsed, one sentence each; none on a first night that sees somebody.

    Args:
        kept: what is in the store tonight.
        came: tables that came tonight, in new files or those of before.
        good_nights: newest first, up to and with the last one whose collapse a person accepted.
    """
    known = [night for night in good_nights if night.kept is not None]
    last = known[0] if known else None
    return (
        *_nobody_left(kept, last),
        *(() if last is None else _fallen(kept, last, settings)),
        *(() if last is None else _gone_silent(kept, as_of, last, settings)),
        *_stayed_away(came, as_of, known, settings),
    )


def _nobody_left(kept: KeptRecords, last: GoodNight | None) -> Iterator[str]:
    """Tenancies came and none is current: this is wrong on the first night too."""
    was_so_before = last is not None and last.kept is not None and last.kept.households == 0
    if kept.rows("tenancies") and not kept.households and not was_so_before:
        yield (
            f"no household is current: every one of {kept.rows('tenancies'):,} tenancies has ended "
            "or begins later; look at start_date and end_date"
        )


def _fallen(kept: KeptRecords, last: GoodNight, settings: IntakeSettings) -> Iterator[str]:
    limits, before = settings.collapse, last.kept or KeptRecords(0)
    fewest = limits.fewest_lost.value
    if kept.households and _is_fall(
        before.households, kept.households, limits.households_kept.value, fewest
    ):
        yield (
            f"{kept.households:,} households are current; there were {before.households:,} on "
            f"{last.as_of}"
        )
    for table in sorted(before.tables):
        had, has = before.rows(table), kept.rows(table)
        if _is_fall(had, has, settings.rows_kept(table), fewest):
            yield f"{table}: {has:,} rows are left; there were {had:,} on {last.as_of}"


def _is_fall(before: int, now: int, share_kept: float, fewest_lost: int) -> bool:
    if before > 0 and now == 0:
        return True
    return now < share_kept * before and before - now >= fewest_lost


def _gone_silent(
    kept: KeptRecords, as_of: date, last: GoodNight, settings: IntakeSettings
) -> Iterator[str]:
    """Tables without new records for longer than usual, of which there were some before."""
    for name, table in sorted(kept.tables.items()):
        before = last.kept.tables.get(name) if last.kept is not None else None
        was_well = before is not None and not _is_silent(name, before, last.as_of, settings)
        if was_well and table.newest is not None and _is_silent(name, table, as_of, settings):
            silent = (as_of - table.newest).days
            yield f"{name}: no record is newer than {table.newest}, {silent} days ago"


def _is_silent(name: str, table: KeptTable, as_of: date, settings: IntakeSettings) -> bool:
    """True beyond the days allowed, where chance alone would hardly bring such a silence."""
    if table.newest is None:
        return False
    days = (as_of - table.newest).days
    chance = exp(-days * table.in_its_year / DAYS_OF_RATE)  # of none, at last year's rate
    is_odd = chance < settings.collapse.odd_silence.value
    return days > settings.newest_record_days(name) and is_odd


def _stayed_away(
    came: Collection[str], as_of: date, known: Sequence[GoodNight], settings: IntakeSettings
) -> Iterator[str]:
    """Tables that came every night and have not for some nights, tonight included."""
    before = _one_a_day(night for night in known if night.as_of < as_of)
    regular = settings.collapse.nights_regular.value
    for table in sorted({name for night in before for name in night.came} - set(came)):
        away = 1 + next(n for n, night in enumerate(before) if table in night.came)
        usual = before[away - 1 :][:regular]
        came_always = len(usual) == regular and all(table in night.came for night in usual)
        if away >= settings.nights_absent(table) and came_always:
            yield f"{table}: came every night up to {usual[0].as_of}, and not for {away} nights"


def _one_a_day(nights: Iterable[GoodNight]) -> list[GoodNight]:
    """The last run of each day, newest first."""
    by_day: dict[date, GoodNight] = {}
    for night in nights:
        by_day.setdefault(night.as_of, night)
    return list(by_day.values())
