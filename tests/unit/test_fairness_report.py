"""What the fairness report says, and what it must not (P17, P18)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from builders.cases import REVIEW
from redflags.analysis.monitoring.group_rates import Group
from redflags.domain.night_figures import AREA, PROPERTY_TYPE, TENURE
from redflags.domain.quarter import Quarter, last_over
from redflags.errors import ConfigurationError
from redflags.services.reports.fairness_files import files_of
from redflags.services.reports.fairness_report import (
    UNTOLD,
    FairnessReport,
    Line,
    make_fairness_report,
    year_to,
)
from redflags.services.reports.group_shares import Shares, read_shares

Q3 = Quarter(2026, 3)
NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


def a_group(name: str, **counts: Any) -> Group:
    usual = {"homes": 2_000, "alerted": 60, "need": 12, "no_concern": 18}
    return Group(name, **(usual | counts))


def report(
    *kinds: Group, areas: tuple[Group, ...] = (), shares: Shares | None = None
) -> FairnessReport:
    groups = {AREA: areas, PROPERTY_TYPE: kinds, TENURE: ()}
    return make_fairness_report(groups, shares or {}, Q3, NOW, REVIEW)


def lines(*kinds: Group) -> dict[str, Line]:
    return {line.name: line for line in report(*kinds).tables[1].lines}


def test_it_is_about_the_year_that_ends_with_the_quarter() -> None:
    assert year_to(Q3) == (date(2025, 10, 1), date(2026, 10, 1))
    assert report().title == "Fairness, the year to the end of September 2026"


@pytest.mark.parametrize(
    ("moment", "quarter"),
    [
        (datetime(2026, 11, 4, tzinfo=UTC), "2026Q3"),
        (datetime(2027, 1, 2, 23, 59, tzinfo=UTC), "2026Q3"),
        (datetime(2027, 1, 3, 0, 0, tzinfo=UTC), "2026Q4"),
    ],
)
def test_the_last_quarter_that_is_over_has_its_48_hours_over_too(
    moment: datetime, quarter: str
) -> None:
    assert str(last_over(moment)) == quarter


def test_a_group_has_its_counts_to_the_nearest_five_and_its_rates_with_ranges() -> None:
    flat = lines(
        a_group("flat", homes=2_003, alerted=62, need=13, no_concern=18), a_group("house")
    )["flat"]
    assert (flat.homes, flat.alerted, flat.checks) == ("2,005", "60", "35")
    assert flat.alert_words == "30 in 1,000 (23 to 38)"
    assert flat.found_words == "43% (28 to 59)"


def test_all_of_them_come_first() -> None:
    assert list(lines(a_group("flat"), a_group("house"))) == ["All", "flat", "house"]
    assert lines(a_group("flat"), a_group("house"))["All"].homes == "4,000"


@pytest.mark.parametrize(("alerted", "is_told"), [(5, False), (6, True)])
def test_few_alerted_homes_are_not_told(alerted: int, is_told: bool) -> None:
    found = lines(a_group("flat", alerted=alerted), *(a_group(n) for n in ("house", "bungalow")))
    assert (found["flat"].alert_rate is not None) is is_told
    assert (found["flat"].homes != UNTOLD) is is_told


@pytest.mark.parametrize("few", ["need", "no_concern"])
def test_neither_need_nor_its_absence_is_told_of_a_few(few: str) -> None:
    found = lines(a_group("flat", **{few: 5}), a_group("house"), a_group("bungalow"))
    assert found["flat"].found is None
    assert found["flat"].checks == UNTOLD
    assert found["flat"].alert_rate is not None


def test_what_is_not_told_cannot_be_found_by_taking_away() -> None:
    kinds = [a_group(name) for name in ("bungalow", "house", "maisonette")]
    found = lines(a_group("flat", alerted=3), *kinds)
    untold = [name for name, line in found.items() if line.alert_rate is None]
    assert len(untold) == 2, "or it would be the total less the others"


def test_homes_of_which_nobody_gave_the_kind_are_called_so() -> None:
    assert "Not given" in lines(a_group(""), a_group("house"))


def test_a_group_visited_in_vain_more_often_is_a_warning() -> None:
    flat = a_group("flat", alerted=150, need=20, no_concern=100)
    (warning,) = report(flat, a_group("house", no_concern=40)).warnings
    assert warning == (
        "By kind of home: checks that found no concern were more frequent in “flat” than in "
        "“house”: 2.5 times as often for as many homes (1.7 to 3.6)."
    )


def test_a_warning_about_a_few_checks_has_no_numbers() -> None:
    flat = a_group("flat", alerted=150, need=20, no_concern=100)
    house = a_group("house", need=30, no_concern=4)
    (warning,) = report(flat, house, a_group("bungalow", no_concern=60)).warnings
    assert warning.endswith("“flat” than in “house”, more than chance explains.")


def test_groups_that_fare_alike_are_no_warning() -> None:
    assert report(a_group("flat"), a_group("house")).warnings == ()


AREAS = (a_group("north", alerted=120), a_group("south", alerted=20), a_group("west"))


def test_what_the_landlord_handed_in_tells_of_areas_and_says_so() -> None:
    shares = {"over 65": {"north": 0.6, "south": 0.1, "west": 0.2}}
    made = report(areas=AREAS, shares=shares)
    (line,) = made.handed_in
    assert (line.group, line.areas) == ("over 65", 3)
    assert (line.more, line.less) == ("48 in 1,000", "27 in 1,000")
    assert any("They cannot say that homes of that group do" in note for note in made.notes)
    assert not any("cannot say that homes" in note for note in report(areas=AREAS).notes)


def test_two_areas_are_too_few_to_tell_of() -> None:
    shares = {"over 65": {"north": 0.6, "south": 0.1}}
    assert report(areas=AREAS, shares=shares).handed_in == ()


def test_shares_are_read_by_group_and_area() -> None:
    text = "\ufeffarea,group,share\nnorth,over 65,0.25\nsouth,over 65,1\n"
    assert read_shares(text) == {"over 65": {"north": 0.25, "south": 1.0}}


def test_every_fault_of_the_shares_is_named_by_line_and_without_its_value() -> None:
    text = "area,group,share\nnorth,a,1.5\n,a,0.1\nnorth,a,0.1\nnorth,a,0.2\nsouth,a,nan\n"
    with pytest.raises(ConfigurationError) as caught:
        read_shares(text)
    assert [fault.split(": ")[1] for fault in caught.value.faults] == [
        "line 2",
        "line 3",
        "line 5",
        "line 6",
    ]
    assert "1.5" not in str(caught.value.faults)


@pytest.mark.parametrize("head", ["", "area,share", "area,group,share,name"])
def test_shares_have_three_columns(head: str) -> None:
    with pytest.raises(ConfigurationError, match="expected the columns"):
        read_shares(f"{head}\n")


def test_the_files_hold_what_may_be_read_and_no_formula() -> None:
    files = files_of(report(a_group("=1+1", alerted=3), a_group("house"), a_group("flat")))
    assert set(files) == {"fairness.html", "fairness.csv", "README.txt"}
    assert "'=1+1" in files["fairness.csv"]
    assert f"'=1+1,{UNTOLD},{UNTOLD}" in files["fairness.csv"]
    assert "http" not in files["fairness.html"].replace("http://www.w3.org/2000/svg", "")
