"""Two sources on one table: whose words count, and what goes when a source goes."""

from collections.abc import Iterator

import pytest

from builders.records import (
    TODAY,
    Landlord,
    days_ago,
    dwelling,
    extract,
    landlord,
    lock_change,
    protected,
    repair,
    report,
    sources,
    tenancy,
)
from redflags.domain.configured_source import Change, ConfiguredSource, Contradiction, SourceChange

BOTH = sources("civica", "voids")
KNOWN = dwelling("P1", uprn="100", property_type="flat", patch="north", bedrooms="2")


@pytest.fixture
def home() -> Iterator[Landlord]:
    with landlord() as opened:
        yield opened


def place(home: Landlord) -> tuple[object, ...]:
    """Type, bedrooms and area of the only household's home."""
    (row,) = home.count().households.to_dict("records")
    return row["property_type"], row["bedrooms"], row["patch"]


# ---------------------------------------------------------------- events


def test_two_contractors_with_a_job_1001_have_two_jobs(home: Landlord) -> None:
    home.sends(
        extract("repairs", [repair("1001", days_ago(9), "door_damage")], source="ace"),
        extract("repairs", [repair("1001", days_ago(3), "window_damage")], source="bolt"),
    )

    assert home.counts("P1") == {"door_damage": 1, "window_damage": 1, "repair_count": 2}


def test_a_corrected_row_replaces_that_of_its_own_source(home: Landlord) -> None:
    home.sends(
        extract("repairs", [repair("1001", days_ago(9), "door_damage")], source="ace"),
        extract("repairs", [repair("1001", days_ago(3), "window_damage")], source="bolt"),
    )

    home.sends(extract("repairs", [repair("1001", days_ago(9), "")], source="ace"))

    assert home.counts("P1") == {"window_damage": 1, "repair_count": 2}


def test_each_of_two_jobs_with_one_number_keeps_its_text_and_its_verdict(home: Landlord) -> None:
    home.sends(
        extract("repairs", [repair("1001", days_ago(9), "door_damage")], source="ace"),
        extract("repairs", [repair("1001", days_ago(3), "window_damage")], source="bolt"),
    )
    keys = {("repairs", "1001", "ace"), ("repairs", "1001", "bolt"), ("repairs", "1001", "cole")}

    found = home.records.sealed_texts(keys)

    assert set(found) == {("repairs", "1001", "ace"), ("repairs", "1001", "bolt")}
    assert len(set(found.values())) == 2


def test_a_lock_change_is_the_order_of_its_own_source(home: Landlord) -> None:
    home.sends(
        extract("repairs", [repair("7", days_ago(9), "lock_change partner")], source="ace"),
        extract("repairs", [repair("7", days_ago(9), "lock_change")], source="bolt"),
        extract("lock_changes", [lock_change("L", days_ago(9), work_order_ref="7")], source="bolt"),
    )

    assert home.counts("P1") == {
        "lock_change": 2,  # the order of ace, and the lock change that is bolt's order
        "tell:lock_change": 1,
        "repair_count": 2,
    }


def test_a_lock_change_finds_its_order_in_another_source_at_the_same_home(home: Landlord) -> None:
    home.sends(
        extract("repairs", [repair("7", days_ago(40), "lock_change partner")], source="civica"),
        extract("lock_changes", [lock_change("L", days_ago(9), work_order_ref="7")], source="bolt"),
    )

    assert home.counts("P1") == {"lock_change": 1, "tell:lock_change": 1, "repair_count": 1}


def test_the_same_number_of_another_source_at_another_home_is_another_job(home: Landlord) -> None:
    order = repair("7", days_ago(9), "lock_change partner", home="P2")
    home.sends(
        extract("repairs", [order], source="civica"),
        extract("lock_changes", [lock_change("L", days_ago(9), work_order_ref="7")], source="bolt"),
    )

    assert home.all_counts() == {
        "P1": {"lock_change": 1},
        "P2": {"lock_change": 1, "tell:lock_change": 1, "repair_count": 1},
    }


def test_an_order_of_two_other_sources_is_the_one_nearest_in_time(home: Landlord) -> None:
    home.sends(
        extract("repairs", [repair("7", days_ago(90), "lock_change partner")], source="ace"),
        extract("repairs", [repair("7", days_ago(9), "lock_change")], source="civica"),
        extract("lock_changes", [lock_change("L", days_ago(9), work_order_ref="7")], source="bolt"),
    )

    assert home.counts("P1") == {"lock_change": 2, "tell:lock_change": 1, "repair_count": 2}


# ---------------------------------------------------------------- homes and tenancies


@pytest.mark.parametrize("first", [0, 1])
def test_a_source_with_references_only_takes_nothing_away(home: Landlord, first: int) -> None:
    parts = [
        extract("properties", [KNOWN], source="civica"),
        extract("properties", [dwelling("P1")], source="voids"),
    ]

    for part in (parts[first], parts[1 - first]):
        home.sends(part, configured=BOTH)

    assert place(home) == ("flat", 2, "north")


@pytest.mark.parametrize(("order", "patch"), [(("a", "b"), "north"), (("b", "a"), "south")])
def test_the_first_source_in_order_is_believed_and_the_other_fills_in(
    home: Landlord, order: tuple[str, str], patch: str
) -> None:
    home.sends(
        extract("properties", [dwelling("P1", patch="north", bedrooms="2")], source="a"),
        extract("properties", [dwelling("P1", patch="south", property_type="flat")], source="b"),
        configured=sources(*order),
    )

    assert place(home) == ("flat", 2, patch)


def test_another_order_in_configuration_counts_at_once(home: Landlord) -> None:
    home.sends(
        extract("properties", [dwelling("P1", patch="north")], source="a"),
        extract("properties", [dwelling("P1", patch="south")], source="b"),
        configured=sources("a", "b"),
    )

    home.sends(configured=sources("b", "a"))

    assert place(home)[2] == "south"


def test_a_value_that_its_source_withdraws_is_that_of_the_next(home: Landlord) -> None:
    home.sends(
        extract("properties", [dwelling("P1", patch="north")], source="a"),
        extract("properties", [dwelling("P1", patch="south")], source="b"),
    )

    home.sends(extract("properties", [dwelling("P1", patch=None)], source="a"))

    assert place(home)[2] == "south"


def test_an_end_that_one_source_knows_is_an_end(home: Landlord) -> None:
    home.sends(
        extract("tenancies", [tenancy("T1", "2020-01-01")], source="a"),
        extract("tenancies", [tenancy("T1", "2020-01-01", "2026-01-01")], source="b"),
        extract("tenancies", [tenancy("T2", "2020-01-01", home="P2")], source="b"),
    )

    assert home.household_refs() == ["T2"]


def test_an_end_before_the_beginning_that_is_believed_ends_nothing(home: Landlord) -> None:
    home.sends(
        extract("tenancies", [tenancy("T1", "2025-01-01")], source="a"),
        extract("tenancies", [tenancy("T1", "2019-01-01", "2024-12-31")], source="b"),
        configured=sources("a", "b"),
    )

    assert home.household_refs() == ["T1"]


def test_contradictions_are_counted_without_a_value(home: Landlord) -> None:
    a = [dwelling("P1", patch="north", bedrooms="2"), dwelling("P2", patch="north"), dwelling("P3")]
    b = [
        dwelling("P1", patch="south", bedrooms="2"),
        dwelling("P2", patch="south"),
        KNOWN | {"property_ref": "P3"},
    ]
    home.sends(
        extract("properties", a, source="a"),
        extract("properties", b, source="b"),
        extract("tenancies", [tenancy("T1", "2020-01-01")], source="a"),
        extract("tenancies", [tenancy("T1", "2020-01-02", "2026-01-01")], source="b"),
        configured=sources("a", "b"),
    )

    assert home.records.contradictions() == (
        Contradiction("properties", "patch", 2),
        Contradiction("tenancies", "start_date", 1),
    )

    home.sends(configured=sources("a"))
    assert home.records.contradictions() == ()


def test_tenancies_long_over_are_purged_in_every_version(home: Landlord) -> None:
    home.sends(
        extract("tenancies", [tenancy("T1", "2001-01-01")], source="a"),
        extract("tenancies", [tenancy("T1", "2001-01-01", "2010-01-01")], source="b"),
        extract("tenancies", [tenancy("T2", "2001-01-01")], source="a"),
    )

    assert home.records.purge(days_ago(730), days_ago(1095))["tenancies"] == 1

    home.sends(configured=sources("a"))
    assert home.household_refs() == ["T2"]


# ---------------------------------------------------------------- homes known by UPRN


def test_reports_keep_their_home_when_another_source_has_references_only(home: Landlord) -> None:
    noise = [report("N1", days_ago(9), "noise_disturbance", home="100")]
    home.sends(
        extract("properties", [KNOWN], source="civica"), extract("asb", noise, source="noiseworks")
    )
    home.sends(extract("properties", [dwelling("P1")], source="voids"))

    home.sends(extract("asb", [noise[0] | {"case_ref": "7"}], source="noiseworks"))

    assert home.all_counts() == {"P1": {"noise_disturbance": 1}}


def test_a_uprn_that_is_corrected_takes_its_reports_along(home: Landlord) -> None:
    noise = extract("asb", [report("N1", days_ago(9), "noise_disturbance", home="100")])
    home.sends(extract("properties", [KNOWN, dwelling("P2")]), noise)

    home.sends(extract("properties", [KNOWN | {"uprn": "200"}, dwelling("P2", uprn="100")]))

    assert home.all_counts() == {"P2": {"noise_disturbance": 1}}


def test_a_uprn_whose_source_goes_knows_no_home(home: Landlord) -> None:
    noise = extract("asb", [report("N1", days_ago(9), "noise_disturbance", home="100")], source="n")
    home.sends(
        extract("properties", [dwelling("P1")], source="a"),
        extract("properties", [KNOWN], source="b"),
        noise,
        configured=sources("a", "b", "n"),
    )

    home.sends(configured=sources("a", "n"))

    assert home.all_counts() == {"100": {"noise_disturbance": 1}}


# ---------------------------------------------------------------- sources that go


def test_a_source_that_is_not_configured_any_more_takes_its_rows_along(home: Landlord) -> None:
    home.sends(
        extract("properties", [KNOWN], source="civica"),
        extract("properties", [dwelling("P1", patch="south"), dwelling("P9")], source="voids"),
        extract("repairs", [repair("1", days_ago(9), "door_damage")], source="civica"),
        extract("repairs", [repair("1", days_ago(9), "window_damage")], source="voids"),
        configured=sources("voids", "civica"),
    )

    home.sends(configured=sources("civica"))

    assert home.counts("P1") == {"door_damage": 1, "repair_count": 1}
    assert place(home) == ("flat", 2, "north")
    assert home.records.source_changes(TODAY) == (
        SourceChange("voids", "properties", Change.DROPPED, 2),
        SourceChange("voids", "repairs", Change.DROPPED, 1),
    )


def test_a_table_that_a_source_does_not_give_any_more_goes_alone(home: Landlord) -> None:
    one = [
        extract("repairs", [repair("1", days_ago(9))], source="a"),
        extract("lock_changes", [lock_change("1", days_ago(99))], source="a"),
    ]
    home.sends(*one, configured=sources("a"))

    home.sends(configured=sources("a", tables=["repairs"]))

    assert (home.records.totals()["repairs"], home.records.totals()["lock_changes"]) == (1, 0)


def test_a_source_that_is_absent_or_refused_tonight_loses_nothing(home: Landlord) -> None:
    home.sends(extract("repairs", [repair("1", days_ago(9))], source="a"), configured=sources("a"))

    home.sends(configured=sources("a"))

    assert home.records.totals()["repairs"] == 1
    assert home.records.source_changes(TODAY) == ()


def test_what_colleagues_logged_stays_when_only_the_landlords_sources_are_read(
    home: Landlord,
) -> None:
    logged = {"concern_ref": "C1", "property_ref": "P1", "observed_at": str(days_ago(3))}
    home.sends(extract("concerns", [logged], source="housing-queue"))

    home.sends(configured=sources("a"))

    assert home.records.totals()["concerns"] == 1


def test_a_source_that_comes_back_is_read_again(home: Landlord) -> None:
    file = extract("repairs", [repair("1", days_ago(9))], source="a", fingerprint="f")
    home.sends(file, configured=sources("a", "b"))
    assert home.records.is_taken("f", "a")

    home.sends(configured=sources("b", tables=["asb"]))

    assert not home.records.is_taken("f", "a")


def test_a_file_taken_for_one_source_is_not_taken_for_another(home: Landlord) -> None:
    home.sends(extract("repairs", [repair("1", days_ago(9))], source="a", fingerprint="f"))

    assert (home.records.is_taken("f", "a"), home.records.is_taken("f", "b")) == (True, False)


def test_nothing_goes_before_the_source_that_takes_its_place_has_come(home: Landlord) -> None:
    rows = [repair("1", days_ago(9), "door_damage")]
    home.sends(extract("repairs", rows, source="old"), configured=sources("old"))

    home.sends(configured=sources("new"))

    assert home.counts("P1") == {"door_damage": 1, "repair_count": 1}
    waiting = SourceChange("old", "repairs", Change.WAITS_FOR_OTHERS, 1)
    assert home.records.source_changes(TODAY) == (waiting,)

    home.sends(extract("repairs", rows, source="new"), configured=sources("new"))
    assert home.counts("P1") == {"door_damage": 1, "repair_count": 1}
    assert home.records.source_changes(TODAY) == (
        SourceChange("old", "repairs", Change.DROPPED, 1),
    )


# ---------------------------------------------------------------- protections


def protections(home: Landlord) -> dict[str, frozenset[str]]:
    return home.records.protections(TODAY)


def test_whoever_one_source_protects_is_protected(home: Landlord) -> None:
    over = protected("T1", "open_case", until_date=days_ago(30))
    home.sends(
        extract("protected", [over], source="a"),
        extract("protected", [protected("T1", "open_case")], source="b"),
        configured=sources("a", "b"),
    )

    assert protections(home) == {"T1": frozenset({"open_case"})}


def test_protections_hold_when_their_source_is_not_configured_any_more(home: Landlord) -> None:
    over = protected("T2", "open_case", until_date=days_ago(1))
    rows = [protected("T1", "open_case"), over]
    home.sends(extract("protected", rows, source="list"), configured=sources("list"))

    for night in (TODAY, days_ago(-1)):
        home.sends(as_of=night, configured=sources("civica", tables=["repairs"]))

        assert protections(home) == {"T1": frozenset({"open_case"})}
        (change,) = home.records.source_changes(night)
        assert change == SourceChange("list", "protected", Change.PROTECTS_STILL, 1)


def test_a_configured_source_takes_over_the_protections_it_speaks_of(home: Landlord) -> None:
    rows = [protected("T1", "open_case"), protected("T2", "open_case")]
    home.sends(extract("protected", rows, source="old"), configured=sources("old"))

    ended = protected("T1", "open_case", from_date=days_ago(99), until_date=days_ago(1))
    home.sends(extract("protected", [ended], source="new"), configured=sources("new"))

    assert protections(home) == {"T2": frozenset({"open_case"})}


# ---------------------------------------------------------------- mapped anew


def mapped(how: str) -> list[ConfiguredSource]:
    return sources("a", mapping=how)


def test_rows_under_former_references_go_when_the_whole_table_came_again(home: Landlord) -> None:
    before = [repair(f"U-{n}", days_ago(n), "door_damage") for n in range(1, 11)]
    after = [repair(str(n), days_ago(n), "door_damage") for n in range(1, 10)]
    home.sends(extract("repairs", before, source="a"), configured=mapped("ref"))

    home.sends(extract("repairs", after, source="a"), configured=mapped("ref without U-"))

    assert home.counts("P1") == {"door_damage": 9, "repair_count": 9}
    (change,) = home.records.source_changes(TODAY)
    assert change == SourceChange("a", "repairs", Change.REPLACED_BY_NEW_MAPPING, 10)


def test_history_stays_when_too_little_came_to_be_the_whole_table(home: Landlord) -> None:
    before = [repair(f"U-{n}", days_ago(n)) for n in range(1, 11)]
    home.sends(extract("repairs", before, source="a"), configured=mapped("ref"))

    after = [repair(str(n), days_ago(n)) for n in range(1, 9)]
    home.sends(extract("repairs", after, source="a"), configured=mapped("ref without U-"))

    assert home.records.totals()["repairs"] == 18
    (change,) = home.records.source_changes(TODAY)
    assert change == SourceChange("a", "repairs", Change.LEFT_BY_NEW_MAPPING, 10)


def test_a_mapping_counts_from_the_night_on_that_read_something_with_it(home: Landlord) -> None:
    before = [tenancy("T-1", "2020-01-01")]
    home.sends(extract("tenancies", before, source="a"), configured=mapped("ref"))
    home.sends(configured=mapped("ref without T-"))
    assert home.household_refs() == ["T-1"]

    after = [tenancy("1", "2020-01-01")]
    home.sends(extract("tenancies", after, source="a"), configured=mapped("ref without T-"))

    assert home.household_refs() == ["1"]


def test_a_file_that_lacks_old_rows_drops_none_while_the_mapping_stays(home: Landlord) -> None:
    rows = [repair(str(n), days_ago(n)) for n in range(1, 11)]
    home.sends(extract("repairs", rows, source="a"), configured=mapped("ref"))

    home.sends(extract("repairs", rows[:9], source="a"), configured=mapped("ref"))

    assert home.records.totals()["repairs"] == 10


def test_whoever_was_protected_stays_so_when_the_list_is_mapped_anew(home: Landlord) -> None:
    home.sends(
        extract("tenancies", [tenancy("T1", "2020-01-01")], source="a"),
        extract("protected", [protected("T1"), protected("nobody")], source="a"),
        configured=mapped("ref"),
    )

    again = extract("protected", [protected("T2"), protected("T3")], source="a")
    home.sends(again, configured=mapped("other ref"))

    assert sorted(protections(home)) == ["T1", "T2", "T3"]


# ---------------------------------------------------------------- one job that two systems hold


def sharing() -> list[ConfiguredSource]:
    ace = ConfiguredSource("ace", {"repairs": ""}, {"repairs": "civica"})
    return [*sources("civica"), ace]


def test_a_job_that_configuration_says_two_systems_hold_is_one(home: Landlord) -> None:
    theirs = [
        repair("1", days_ago(9), "force door_damage", cost_gbp="90"),
        repair("2", days_ago(8)),
    ]
    home.sends(
        extract("repairs", [repair("1", days_ago(9))], source="civica"),
        extract("repairs", theirs, source="ace"),
        configured=sharing(),
    )

    assert home.counts("P1") == {"door_damage": 1, "tell:door_damage": 1, "repair_count": 2}
    assert home.costs("P1") == 90.0


def test_what_the_owner_of_the_reference_says_of_the_job_comes_first(home: Landlord) -> None:
    theirs = [repair("1", days_ago(9), "door_damage", cost_gbp="90")]
    home.sends(
        extract(
            "repairs",
            [repair("1", days_ago(7), "window_damage fear", cost_gbp="70")],
            source="civica",
        ),
        extract("repairs", theirs, source="ace"),
        configured=sharing(),
    )

    assert home.counts("P1") == {"window_damage": 1, "tell:window_damage": 1, "repair_count": 1}
    assert home.costs("P1") == 70.0


def test_it_stands_as_the_other_tells_it_when_its_owner_goes(home: Landlord) -> None:
    home.sends(
        extract("repairs", [repair("1", days_ago(9), "window_damage")], source="civica"),
        extract("repairs", [repair("1", days_ago(9), "door_damage")], source="ace"),
        configured=sharing(),
    )

    home.sends(configured=sharing()[1:])

    assert home.counts("P1") == {"door_damage": 1, "repair_count": 1}


@pytest.mark.parametrize(("configured", "twice"), [(sources("civica", "ace"), 1), (sharing(), 0)])
def test_jobs_that_may_be_one_are_told_until_configuration_says_so(
    home: Landlord, configured: list[ConfiguredSource], twice: int
) -> None:
    theirs = [
        repair("1", days_ago(9)),
        repair("2", days_ago(9)),
        repair("3", days_ago(9), home="P3"),
    ]
    ours = [repair("1", days_ago(9)), repair("2", days_ago(8)), repair("3", days_ago(9))]
    for _ in range(2):
        home.sends(
            extract("repairs", ours, source="civica"),
            extract("repairs", theirs, source="ace"),
            configured=configured,
        )

    told = SourceChange("ace and civica", "repairs", Change.PERHAPS_TWICE, 1)
    assert home.records.source_changes(TODAY) == (told,) * twice
