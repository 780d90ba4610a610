"""What a quarter's report says of its figures, and what it holds back."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.figures import some_figures
from redflags.analysis.monitoring.small_number_suppression import suppress
from redflags.configuration.review_settings import load_reviewset
from redflags.domain.alert import Origin, Priority
from redflags.domain.outcome import Outcome
from redflags.domain.quality_verdicts import ClosingVerdict, Contact
from redflags.domain.quarter import Quarter
from redflags.domain.quarter_figures import Figures
from redflags.domain.welfare_check import ReferralKind
from redflags.services.reports.quarterly_report import Measure, Report, make_report
from redflags.services.reports.report_files import chart_of, files_of
from redflags.services.reports.report_tables import drafts, sums_of

QUALITY = load_reviewset(Path(__file__).parents[2] / "config" / "review.toml").quality
Q3 = Quarter(2026, 3)
AFTER = datetime(2026, 10, 2, 23, 0, tzinfo=UTC)
DURING = AFTER - timedelta(minutes=1)


def report_of(figures: Figures, now: datetime = AFTER) -> Report:
    return make_report(figures, Q3, now, QUALITY)


def shown(report: Report, table: str) -> dict[str, str]:
    (found,) = (one for one in report.tables if one.code == table)
    return {line.code: line.shown for line in found.lines}


def measure(report: Report, code: str) -> Measure:
    (found,) = (one for one in report.measures if one.code == code)
    return found


def checks(in_time: int, late: int = 0, hours: tuple[float, ...] = ()) -> Figures:
    return some_figures(
        contact={Contact.IN_TIME: in_time, Contact.LATE: late},
        hours_to_contact=hours or (9.0,) * in_time + (60.0,) * late,
    )


# quarters


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), "2026Q1"),
        (date(2026, 3, 31), "2026Q1"),
        (date(2026, 4, 1), "2026Q2"),
        (date(2026, 12, 31), "2026Q4"),
    ],
)
def test_a_day_is_in_a_quarter_of_the_calendar_year(day: date, quarter: str) -> None:
    assert str(Quarter.of(day)) == quarter
    assert Quarter.parse(quarter) == Quarter.of(day)


@pytest.mark.parametrize("text", ["", "2026", "2026Q0", "2026Q5", "2026q3", "Q3 2026", "2026Q3 "])
def test_what_is_no_quarter_is_refused_saying_what_is(text: str) -> None:
    with pytest.raises(ValueError, match="such as 2026Q3"):
        Quarter.parse(text)


def test_a_quarter_begins_and_ends_at_midnight_in_london() -> None:
    assert Q3.starts_at_utc == datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    assert Quarter(2026, 4).next.starts_at_utc == datetime(2027, 1, 1, 0, 0, tzinfo=UTC)
    assert (Quarter(2026, 4).next, Quarter(2026, 1).previous) == (
        Quarter(2027, 1),
        Quarter(2025, 4),
    )


def test_a_quarter_is_over_when_the_48_hours_of_its_last_check_are() -> None:
    assert [Q3.is_over(now) for now in (DURING, AFTER)] == [False, True]


def test_a_span_ends_now_or_when_the_quarter_does() -> None:
    early = datetime(2026, 8, 1, tzinfo=UTC)
    assert (Q3.span(early).ends_at_utc, Q3.span(early).followed_until_utc) == (early, early)
    whole = Q3.span(datetime(2027, 1, 1, tzinfo=UTC))
    assert whole.ends_at_utc == datetime(2026, 9, 30, 23, 0, tzinfo=UTC)
    assert whole.followed_until_utc == AFTER


# counts


def test_counts_are_told_exactly_when_the_quarter_is_over() -> None:
    report = report_of(some_figures(by_patch={"north": 1_240, "south": 60}))
    assert shown(report, "by_area") == {
        "raised": "1,300",
        "area.north": "1,240",
        "area.south": "60",
    }


def test_a_small_area_and_what_would_give_it_away_are_held_back() -> None:
    report = report_of(some_figures(by_patch={"east": 30, "north": 3, "south": 40}))
    assert shown(report, "by_area") == {
        "raised": "73",
        "area.east": "30",
        "area.north": "5 or fewer",
        "area.south": "38 to 43",
    }


def test_an_area_without_a_single_alert_reads_like_one_with_five() -> None:
    figures = (some_figures(by_patch={"east": 30, "north": n, "south": 35 - n}) for n in (0, 5))
    none, five = (shown(report_of(one), "by_area") for one in figures)
    assert none == five


def test_homes_without_an_area_come_last_and_are_called_so() -> None:
    report = report_of(some_figures(by_patch={"": 20, "north": 30}))
    (table,) = (one for one in report.tables if one.code == "by_area")
    assert [line.label for line in table.lines] == ["All alerts raised", "north", "No area"]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (5, "5 or fewer"),
        (6, "fewer than 10"),
        (9, "fewer than 10"),
        (10, "10 or more"),
        (29, "20 or more"),
    ],
)
def test_so_far_counts_are_told_in_steps_of_ten(count: int, words: str) -> None:
    report = report_of(some_figures(concerns=count), DURING)
    (table,) = (one for one in report.tables if one.code == "concerns")
    assert (table.lines[0].shown, table.lines[0].value) == (words, None)


def test_two_reports_a_day_apart_cannot_be_subtracted() -> None:
    days = [report_of(some_figures(by_patch={"north": n}), DURING) for n in (23, 24)]
    assert days[0].tables == days[1].tables
    assert days[0].measures == days[1].measures


def test_so_far_is_said_and_what_for() -> None:
    assert "So far: this quarter is not over" in report_of(some_figures(), DURING).notes[0]
    assert not any("So far" in note for note in report_of(some_figures()).notes)


def test_looks_below_the_line_do_not_narrow_down_the_alerts_that_came_of_them() -> None:
    """There are no more alerts than looks: of seven looks, more than five are six or seven."""
    figures = some_figures(
        by_origin={Origin.DETECTED: 40, Origin.STAFF_CONCERN: 3, Origin.BELOW_LINE_SAMPLE: 7},
        below_line_checked=7,
    )
    report = report_of(figures)
    assert shown(report, "by_origin")["origin.below_line_sample"] == "6 to 44"
    assert shown(report, "quality")["below_line_looks"] == "6 or more"


# shares and times


def test_a_share_comes_with_its_counts_and_its_range() -> None:
    found = measure(report_of(checks(in_time=30, late=10)), "share_in_time")
    assert found.shown == "30 of 40 = 75% (60% to 86%)"
    assert (found.value, found.low, found.high) == (75.0, 59.8, 85.8)


@pytest.mark.parametrize(
    ("in_time", "late", "words"),
    [(40, 5, "88% or more"), (5, 40, "12% or less"), (40, 0, "87% or more"), (3, 2, "not shown")],
)
def test_a_share_of_small_numbers_says_what_anybody_can_work_out(
    in_time: int, late: int, words: str
) -> None:
    found = measure(report_of(checks(in_time, late)), "share_in_time")
    assert (found.shown, found.value, found.low, found.high) == (words, None, None, None)


def test_shares_and_times_wait_until_the_quarter_is_over() -> None:
    report = report_of(checks(30, 10, tuple(float(n) for n in range(40))), DURING)
    assert {one.shown for one in report.measures} == {"when the quarter is over"}


def test_a_need_is_counted_among_those_we_know_of() -> None:
    figures = some_figures(
        ended={
            Outcome.WELFARE_NEED_MET: 8,
            Outcome.OTHER_NEED: 12,
            Outcome.NO_CONCERN_FOUND: 20,
            Outcome.COULD_NOT_REACH: 30,
        }
    )
    assert measure(report_of(figures), "share_need").shown.startswith("20 of 40 = 50%")


def test_half_and_nine_in_ten_of_all_checks_were_in_contact_within_their_hours() -> None:
    hours = tuple(n - 0.5 for n in range(1, 37)) + (60.0,) * 4
    found = report_of(checks(36, 4, hours))
    assert measure(found, "hours_median").shown == "20 hours"
    assert measure(found, "hours_median").value == 20


def test_beyond_48_hours_no_time_is_told() -> None:
    hours = (10.0,) * 20 + (99.0,) * 20
    found = report_of(checks(20, 20, hours))
    assert measure(found, "hours_median").shown == "10 hours"
    assert measure(found, "hours_most").shown == "more than 48 hours"


def test_a_time_is_not_told_where_it_would_say_how_many_were_late() -> None:
    """45 in time and 5 late: that nine in ten are within the time would say how many were not."""
    assert measure(report_of(checks(45, 5, (9.0,) * 50)), "hours_most").shown == "9 hours"
    assert measure(report_of(checks(44, 5, (9.0,) * 49)), "hours_most").shown == "not shown"


def test_with_too_few_checks_no_time_is_told() -> None:
    forty = QUALITY.enough_checks.model_copy(update={"value": 40})
    careful = QUALITY.model_copy(update={"enough_checks": forty})
    few, enough = (
        measure(make_report(checks(30, late), Q3, AFTER, careful), "hours_median")
        for late in (9, 10)
    )
    assert (few.shown, enough.shown) == ("not shown", "9 hours")


# whatever the numbers

COUNTS = st.one_of(st.integers(0, 7), st.integers(5, 15), st.integers(20, 200))
FIGURES = st.builds(
    lambda patches, urgent, concern, without, contact, ended, kinds, checked, singles: some_figures(
        by_patch=dict(zip("abcdef", patches, strict=False)),
        by_priority={
            Priority.FIRST: min(urgent, sum(patches)),
            Priority.ROUTINE: sum(patches) - min(urgent, sum(patches)),
        },
        by_origin={
            Origin.BELOW_LINE_SAMPLE: min(concern, sum(patches)),
            Origin.DETECTED: sum(patches) - min(concern, sum(patches)),
        },
        without_check=dict(zip(Outcome, without, strict=False)),
        contact=dict(zip(Contact, contact, strict=False)),
        hours_to_contact=(9.0,) * contact[0] + (60.0,) * contact[1],
        ended=dict(zip(Outcome, ended, strict=False)),
        referrals=dict(zip(ReferralKind, kinds, strict=False)),
        by_consent=kinds[0],
        closings_checked=dict(zip(ClosingVerdict, checked, strict=False)),
        concerns=singles[0],
        below_line_checked=singles[1],
        late_decisions=singles[2],
        late_contacts=singles[3],
    ),
    st.lists(COUNTS, min_size=1, max_size=6),
    COUNTS,
    COUNTS,
    st.lists(COUNTS, min_size=9, max_size=9),
    st.lists(COUNTS, min_size=3, max_size=5),
    st.lists(COUNTS, min_size=9, max_size=9),
    st.lists(COUNTS, min_size=4, max_size=4),
    st.lists(COUNTS, min_size=3, max_size=3),
    st.lists(COUNTS, min_size=4, max_size=4),
)


@given(FIGURES)
def test_no_report_tells_a_small_number(figures: Figures) -> None:
    report = report_of(figures)
    told = [line.value for table in report.tables for line in table.lines]
    assert all(value is None or value > 5 for value in told)


@given(FIGURES)
def test_what_is_told_is_true(figures: Figures) -> None:
    counts = {entry.name: entry.count for table in drafts(figures) for entry in table.entries}
    for table in report_of(figures).tables:
        for line in table.lines:
            assert line.value in (None, counts[line.code])
            assert line.shown != "5 or fewer" or counts[line.code] <= 5


@given(FIGURES)
def test_a_share_tells_no_count_that_the_tables_hold_back(figures: Figures) -> None:
    report = report_of(figures)
    told = {line.code: line.value for table in report.tables for line in table.lines}
    for code, part, whole in (
        ("share_in_time", "in_time", "not_in_time"),
        ("share_without", "without", "checks"),
        ("share_need", "need", "no_concern"),
    ):
        if measure(report, code).value is not None:
            assert told[part] is not None
            assert told[whole] is not None


@given(FIGURES)
def test_the_same_count_is_told_alike_in_every_table(figures: Figures) -> None:
    report = report_of(figures)
    told: dict[str, set[str]] = {}
    for table in report.tables:
        for line in table.lines:
            told.setdefault(line.code, set()).add(line.shown)
    assert all(len(ways) == 1 for ways in told.values())


@given(FIGURES)
def test_every_part_that_a_reader_can_add_up_is_among_the_sums(figures: Figures) -> None:
    tables = drafts(figures)
    counts = {entry.name: entry.count for table in tables for entry in table.entries}
    in_sums = {name for item in sums_of(tables) for name in item.parts}
    parts = {entry.name for table in tables for entry in table.entries if entry.level}
    assert parts <= in_sums
    suppress(counts, sums_of(tables), 5)


# files


def test_the_page_fetches_nothing_runs_nothing_and_names_the_quarter() -> None:
    page = files_of(report_of(some_figures(by_patch={"north": 30, "south": 20})))["report.html"]
    assert "<title>Welfare checks, July to September 2026</title>" in page
    assert "<svg" in page
    for way_out in ("<script", "<link", "src=", "@import", "url(", "onload"):
        assert way_out not in page
    assert page.count("http") == page.count("http://www.w3.org/2000/svg")


def test_so_far_is_on_the_page_in_its_title_and_in_every_row() -> None:
    files = files_of(report_of(some_figures(), DURING))
    assert "July to September 2026 (so far)</h1>" in files["report.html"]
    assert {row["status"] for row in csv.DictReader(io.StringIO(files["figures.csv"]))} == {
        "so far"
    }
    assert "So far" in files["README.txt"]


def test_no_file_says_what_the_work_is_about() -> None:
    for text in files_of(report_of(some_figures(by_patch={"north": 30}))).values():
        assert "domestic" not in text.lower()
        assert "abuse" not in text.lower()


def test_the_numbers_of_the_file_are_those_of_the_report() -> None:
    report = report_of(some_figures(by_patch={"east": 30, "north": 3, "south": 40}))
    rows = list(csv.DictReader(io.StringIO(files_of(report)["figures.csv"])))
    areas = {
        row["label"]: (row["value"], row["shown"]) for row in rows if row["table"] == "by_area"
    }
    assert areas["north"] == ("", "5 or fewer")
    assert areas["south"] == ("", "38 to 43")
    assert areas["east"] == ("30", "30")
    assert len(rows) == sum(len(table.lines) for table in report.tables) + len(report.measures)


@pytest.mark.parametrize("name", ["=1+1", "+A1", "-2", "@SUM(A1)"])
def test_an_area_s_name_is_no_formula_to_a_spreadsheet(name: str) -> None:
    files = files_of(report_of(some_figures(by_patch={name: 30})))
    rows = csv.DictReader(io.StringIO(files["figures.csv"]))
    cells = [cell for row in rows for cell in row.values()]
    assert f"'{name}" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_an_area_s_name_is_text_on_the_page() -> None:
    page = files_of(report_of(some_figures(by_patch={"<b>North</b>": 30})))["report.html"]
    assert "<b>" not in page
    assert "&lt;b&gt;North" in page


def test_a_table_of_one_number_has_no_chart() -> None:
    report = report_of(some_figures(concerns=30))
    charts = {table.code: bool(chart_of(table)) for table in report.tables}
    assert (charts["concerns"], charts["by_area"], charts["contact"]) == (False, False, True)
