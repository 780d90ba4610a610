"""What a synthetic landlord hands over: the contract's tables, clean, with realistic texts."""

import re
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from builders.simulation import UNTIL, a_history, a_landlord, the_city, with_strength
from redflags.analysis.schemas import TABLES, Kind
from redflags.errors import UsageError
from redflags.simulation import CHARACTERS, CITY, DISTRICT, Landlord, simulate, write_landlord
from redflags.simulation.codes import CODES, TRADES
from redflags.simulation.text import phrase_bank
from redflags.simulation.vocabulary import NOT_REPAIRS, Cause, Topic, Wording

DRAMA_NUMBER = re.compile(r"07700 ?900\d{3}\b")
ANY_NUMBER = re.compile(r"\b0\d{3,4} ?\d{6,7}\b")


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_the_columns_of_the_contract_in_their_order(name: str) -> None:
    frame = getattr(a_landlord(), name)

    assert tuple(frame.columns) == TABLES[name].column_names
    assert len(frame) > 0


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_clean(name: str) -> None:
    frame = getattr(the_city()[1], name)
    table = TABLES[name]

    assert not frame.duplicated(list(table.key)).any()
    assert frame[list(table.required_names)].notna().all(axis=None)
    for column in table.columns:
        values = frame[column.name].dropna()
        assert (values == values.str.strip()).all()
        assert not values.str.contains("\n").any()
        if column.choices:
            assert values.isin(column.choices).all()
        if column.kind is Kind.DATE:
            assert values.str.fullmatch(r"\d{4}-\d\d-\d\d").all()
        if column.kind is Kind.TIMESTAMP:
            assert values.str.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d").all()
        if column.kind is Kind.MONEY:
            assert values.str.fullmatch(r"\d+\.\d\d").all()


def test_nothing_is_dated_after_the_last_day_or_before_the_first() -> None:
    _, city = the_city()
    first, after = "2023-07-01", (UNTIL + timedelta(days=1)).isoformat()

    for frame, column in (
        (city.repairs, "raised_at"),
        (city.repairs, "completed_at"),
        (city.lock_changes, "changed_at"),
        (city.asb, "reported_at"),
        (city.homelessness, "presented_at"),
        (city.concerns, "observed_at"),
    ):
        assert frame[column].dropna().between(first, after, inclusive="left").all(), column


def test_work_is_finished_after_it_was_asked_for() -> None:
    _, city = the_city()
    done = city.repairs[city.repairs["completed_at"].notna()]

    assert (done["completed_at"] > done["raised_at"]).all()
    assert done["cost_gbp"].notna().all()


def test_tenancies_of_one_home_follow_one_another() -> None:
    _, city = the_city()
    tenancies = city.tenancies.sort_values(["property_ref", "start_date"])
    ended = tenancies["end_date"].shift()
    same_home = tenancies["property_ref"] == tenancies["property_ref"].shift()

    assert same_home.sum() > 500
    assert (tenancies["start_date"][same_home] > ended[same_home]).all()
    assert tenancies["property_ref"].nunique() == len(city.properties)


def test_truth_has_one_row_for_every_tenancy_with_its_latest_episode() -> None:
    _, city = the_city()
    latest = city.episodes.sort_values("onset").drop_duplicates("tenancy_ref", keep="last")
    known = city.truth[city.truth["onset"].notna()].set_index("tenancy_ref").sort_index()

    assert list(city.truth.columns) == ["tenancy_ref", "onset", "end"]
    assert city.truth["tenancy_ref"].tolist() == city.tenancies["tenancy_ref"].tolist()
    assert (city.truth["onset"].isna() == city.truth["end"].isna()).all()
    pd.testing.assert_frame_equal(
        known, latest.set_index("tenancy_ref")[["onset", "end"]].sort_index()
    )


def test_an_episode_lies_within_its_tenancy() -> None:
    _, city = the_city()
    both = city.episodes.merge(city.tenancies, on="tenancy_ref")

    assert (both["onset"] >= both["start_date"]).all()
    assert (both["end"] >= both["onset"]).all()
    assert (both["end"] <= both["end_date"].fillna("9999")).all()


def test_marks_of_episodes_fall_within_the_episodes_of_their_household() -> None:
    history, _ = the_city()
    episodes, events = history.episodes, history.events
    marks = events.only(events.cause == Cause.EPISODE)
    covered = np.zeros(len(marks), dtype=bool)
    for turn in range(3):
        of_turn = pd.Series(episodes.household).groupby(episodes.household).cumcount() == turn
        row = np.full(len(history.households), -1)
        row[episodes.household[of_turn]] = np.flatnonzero(of_turn)
        its = row[marks.household]
        inside = (episodes.onset[its] <= marks.day) & (marks.day < episodes.stop[its])
        covered |= (its >= 0) & inside

    assert len(marks) > 5_000
    assert covered.all()


def test_without_strength_episodes_leave_no_mark() -> None:
    silent = a_history(homes=3_000, character=with_strength(CITY, 0.0))
    usual = a_history(homes=3_000)

    assert (silent.events.cause != Cause.EPISODE).all()
    assert (usual.events.cause == Cause.EPISODE).sum() > 500


def test_protected_households_are_live_tenancies_of_four_kinds() -> None:
    _, city = the_city()
    reasons = city.protected["reason_code"].value_counts()
    works = set(city.protected[city.protected["reason_code"] == "sanctuary_works"]["tenancy_ref"])
    cases = set(city.protected[city.protected["reason_code"] == "open_case"]["tenancy_ref"])

    assert set(reasons.index) == {
        "open_case",
        "sanctuary_works",
        "do_not_contact",
        "staff_household",
    }
    assert city.protected["tenancy_ref"].isin(city.tenancies["tenancy_ref"]).all()
    assert works < cases


def test_a_programme_puts_one_code_on_a_whole_block_within_days() -> None:
    _, city = the_city()
    doors = city.repairs[city.repairs["sor_code"] == "FS040101"].merge(
        city.properties, on="property_ref"
    )
    homes = city.properties["block_ref"].value_counts()
    treated = doors.groupby("block_ref").agg(
        done=("property_ref", "nunique"),
        first=("raised_at", lambda days: pd.to_datetime(days).quantile(0.05)),
        last=("raised_at", lambda days: pd.to_datetime(days).quantile(0.95)),
    )
    once = treated[treated["last"] - treated["first"] < pd.Timedelta(days=10)]

    assert len(once) > 3
    assert (once["done"] / homes[once.index]).median() > 0.6


def test_a_storm_falls_on_whole_patches_within_three_days() -> None:
    history, _ = the_city()
    storms = history.events.only(history.events.cause == Cause.STORM)
    days = np.sort(np.unique(np.floor(storms.day)))
    begins = days[np.diff(days, prepend=-99) > 1]

    assert len(storms) > 200
    assert len(days) <= len(begins) * 8
    assert len(np.unique(history.estate.patch[storms.home])) > 5


def test_only_a_district_without_blocks_of_vandals_has_no_vandalism() -> None:
    district = a_history(homes=3_000, character=DISTRICT)
    city = a_history(homes=6_000, character=CITY)

    assert (district.events.cause != Cause.BLOCK_EVENT).all()
    assert (city.events.cause == Cause.BLOCK_EVENT).sum() > 20


def test_statuses_drift_and_part_of_text_and_codes_is_missing() -> None:
    _, city = the_city()
    repairs = city.repairs
    third = len(repairs) // 3
    early, late = repairs["status"].iloc[:third], repairs["status"].iloc[-third:]

    assert (early == "Complete").mean() > 0.5 > (late == "Complete").mean()
    assert (late == "Work Complete").mean() > 0.4 > (early == "Work Complete").mean()
    assert {"Cancelled", "No Access", "N/A", "In Progress"} <= set(repairs["status"])
    assert 0.08 < repairs["description"].isna().mean() < 0.12
    assert 0.12 < repairs["sor_code"].isna().mean() < 0.18
    assert repairs["notes"].isna().mean() > 0.9


def test_texts_are_many_and_phone_numbers_are_drama_numbers() -> None:
    texts = the_city()[1].repairs["description"].dropna()
    with_number = texts[texts.str.contains(ANY_NUMBER)]

    assert texts.nunique() > 0.4 * len(texts)
    assert 0.001 < len(with_number) / len(texts) < 0.01
    assert with_number.str.contains(DRAMA_NUMBER).all()


@pytest.mark.parametrize(
    "trap",
    [
        "blockage", "airlock", "time clock", "finlock", "interlocking tile", "stopcock",
        "glazed tile", "kitchen unit door", "kick plate", "domestic gas", "punch list",
        "no damage", "not kicked in", "door closer",
    ],
)  # fmt: skip
def test_innocent_twins_are_in_the_records(trap: str) -> None:
    _, city = the_city()
    texts = city.repairs["description"].dropna().str.lower()

    assert texts.str.contains(trap, regex=False).sum() >= 5


def test_every_topic_that_happens_has_phrases_codes_and_a_trade() -> None:
    events = the_city()[0].events
    kinds = {(Topic(t), Wording(w)) for t, w in set(zip(events.topic, events.wording, strict=True))}

    for topic, wording in kinds:
        spoken = Wording.PLAIN if wording is Wording.RECALL else wording
        assert phrase_bank()[topic, spoken]
        if topic not in NOT_REPAIRS:
            assert CODES[topic]
            assert TRADES[topic]


def test_equal_arguments_write_equal_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_landlord(a_landlord(seed=9), tmp_path / folder)

    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")


def test_another_seed_writes_another_landlord() -> None:
    assert not a_landlord(seed=9).repairs.equals(a_landlord(seed=10).repairs)


def test_a_folder_holds_exactly_what_the_landlord_has(tmp_path: Path) -> None:
    landlord = a_landlord()
    write_landlord(landlord, tmp_path / "new" / "folder")

    names = {field.name for field in fields(Landlord)}
    assert set(files_in(tmp_path / "new" / "folder")) == {f"{name}.csv" for name in names}
    for name in names:
        read = pd.read_csv(
            tmp_path / "new" / "folder" / f"{name}.csv",
            dtype=str,
            keep_default_na=False,
            na_values=[""],
        )
        pd.testing.assert_frame_equal(read, getattr(landlord, name), check_dtype=False)


def test_a_write_that_fails_leaves_the_old_files_as_they_were(tmp_path: Path) -> None:
    write_landlord(a_landlord(seed=1), tmp_path)
    before = files_in(tmp_path)
    (tmp_path / ".truth.csv.unfinished").mkdir()  # the last but one file cannot be written

    with pytest.raises(OSError, match="truth"):
        write_landlord(a_landlord(seed=2), tmp_path)

    (tmp_path / ".truth.csv.unfinished").rmdir()
    assert files_in(tmp_path) == before


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")

    with pytest.raises(UsageError, match="--output"):
        write_landlord(a_landlord(homes=5), tmp_path / "taken")


@pytest.mark.parametrize(
    ("homes", "years", "seed"),
    [(0, 1, 1), (-5, 1, 1), (1_000_001, 1, 1), (10, 0, 1), (10, -1, 1), (10, 20.1, 1), (10, 1, -1)],
)
def test_numbers_out_of_range_are_refused(homes: int, years: float, seed: int) -> None:
    with pytest.raises(UsageError, match="expected"):
        simulate(homes, years, seed, UNTIL)


@pytest.mark.parametrize("year", [1949, 2101])
def test_a_year_no_landlord_keeps_records_of_is_refused(year: int) -> None:
    with pytest.raises(UsageError, match="year"):
        simulate(10, 1, 1, date(year, 1, 1))


@pytest.mark.parametrize(("homes", "years"), [(1, 0.01), (1, 20), (30, 0.1)])
def test_the_smallest_landlords_can_be_simulated(homes: int, years: float) -> None:
    assert len(simulate(homes, years, 0, date(2024, 2, 29)).properties) == homes


@pytest.mark.parametrize("name", CHARACTERS)
def test_every_character_of_landlord_has_episodes_and_repairs(name: str) -> None:
    landlord = a_landlord(homes=1_500, character=CHARACTERS[name])

    assert len(landlord.repairs) > 10_000
    assert len(landlord.episodes) > 60
