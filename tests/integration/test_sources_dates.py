"""Dates as systems and people write them: read, or told with the column and the share."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from sqlalchemy import create_engine, text

from builders.examples import examples
from builders.sources import Taken, canonical, mapped_source, ready_source, taken
from redflags.errors import ConfigurationError

LOCKS = """
enabled = true
kind = "{kind}"
[tables.lock_changes]
files = ["locks.*"]
{how}
[tables.lock_changes.columns]
lock_change_ref = "No"
property_ref = "Home"
changed_at = "When"
"""


def locks(tmp_path: Path, dates: list[str], how: str) -> Taken:
    lines = [f'{number},1,"{when}"' for number, when in enumerate(dates)]
    (tmp_path / "locks.csv").write_text("No,Home,When\n" + "\n".join(lines) + "\n")
    mapping = LOCKS.format(kind="delimited", how=how)
    return taken(mapped_source(mapping, tmp_path, tmp_path))["lock_changes"]


def read(tmp_path: Path, when: str, how: str) -> str | None:
    (value,) = locks(tmp_path, [when], how).values("changed_at")
    return value


SEPTEMBER = "2026-09-05T00:00:00"
FIRST, LAST = datetime(1950, 1, 1), datetime(2049, 12, 31)  # noqa: DTZ001


@pytest.mark.parametrize(
    "written",
    [
        *("05-Sept-2026", "05-SEP-2026", "5-sep-26", "05-SEPT-2026", "05-September-2026"),
        *("5 Sept. 2026", "5th September 2026", "5th of September, 2026", "05.Sep.2026"),
        *("Sat 05-Sep-2026", "Saturday, 5 September 2026", "05SEP2026", "05/Sep/26"),
        *(" 05 - Sep - 2026 ", "05\u2011Sep\u20112026", "05\u00a0Sep\u00a02026"),
    ],
)
def test_a_month_is_read_however_it_is_abbreviated(tmp_path: Path, written: str) -> None:
    assert read(tmp_path, written, 'date_format = "%d-%b-%Y"') == SEPTEMBER


@pytest.mark.parametrize("format_", ["%d %b %Y", "%d-%B-%y", "%A %d %B %Y"])
def test_each_format_with_a_word_for_the_month_reads_it(tmp_path: Path, format_: str) -> None:
    assert read(tmp_path, "05-Sept-2026", f'date_format = "{format_}"') == SEPTEMBER


@pytest.mark.parametrize(
    "month",
    [date(2026, number, 1) for number in range(1, 13)],
    ids=lambda month: f"{month:%B}",
)
def test_every_month_is_read_in_full_and_cut(tmp_path: Path, month: date) -> None:
    for written in (f"{month:%d-%B-%Y}", f"{month:%d-%b-%y}".upper(), f"{month:%-d %b. %Y}"):
        assert read(tmp_path, written, 'date_format = "%d-%b-%Y"') == f"{month}T00:00:00"


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("05/09/2026 14:30", "2026-09-05T14:30:00"),
        ("05/09/2026 14:30:15.1234567", "2026-09-05T14:30:15.123456"),
        ("05/09/26 2:30pm", "2026-09-05T14:30:00"),
        ("5.9.2026 at 2.30 p.m.", "2026-09-05T14:30:00"),
        ("5-9-49", "2049-09-05T00:00:00"),
        ("5-9-50", "1950-09-05T00:00:00"),
        ("05/09/2026 23:30:00Z", "2026-09-06T00:30:00"),
        ("05/09/2026 23:30 UTC", "2026-09-06T00:30:00"),
        ("05/09/2026 23:30 BST", "2026-09-05T23:30:00"),
        ("05/12/2026 23:30:00+00:00", "2026-12-05T23:30:00"),
        ("2026-09-05T14:30:00", "2026-09-05T14:30:00"),
        ("46270", "2026-09-05T00:00:00"),
        ("46270.5", "2026-09-05T12:00:00"),
        ("13/13/2026", "13/13/2026"),
        ("09/13/2026", "09/13/2026"),
        ("05/09/202", "05/09/202"),
        ("462705", "462705"),
        ("soon", "soon"),
    ],
)
def test_separators_times_and_zones_vary_and_the_order_does_not(
    tmp_path: Path, written: str, iso: str
) -> None:
    assert read(tmp_path, written, 'date_format = "%d/%m/%Y"') == iso


@pytest.mark.parametrize(
    ("format_", "written", "iso"),
    [
        ("%Y-%m-%dT%H:%M:%SZ", "2026-07-10T23:30:00Z", "2026-07-10T23:30:00Z"),
        ("%d/%m/%YT%H:%M:%SZ", "10/07/2026T23:30:00Z", "2026-07-11T00:30:00"),
        ("%Y/%m/%d", "05/09/26", "05/09/26"),
        ("%d%m%Y", "05092026", SEPTEMBER),
        ("%d%m%y", "050926", SEPTEMBER),
        ("%d%m%y", "50926", "50926"),
        ("iso", "05-09-26", "05-09-26"),
        ("iso", "20260905", SEPTEMBER),
        ("%H:%M %d/%m/%Y", "14:30 05/09/2026", "2026-09-05T14:30:00"),
        ("%m/%d/%Y %I:%M:%S %p", "09/05/2026 02:30:00 PM", "2026-09-05T14:30:00"),
    ],
)
def test_what_a_format_says_holds(tmp_path: Path, format_: str, written: str, iso: str) -> None:
    assert read(tmp_path, written, f'date_format = "{format_}"') == iso


@settings(
    examples(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.datetimes(FIRST, LAST), min_size=1, max_size=8),
    st.sampled_from(["%d-%b-%Y", "%-d %B %y", "%d/%m/%Y", "%d.%m.%y", "%A %-d %b %Y"]),
    st.sampled_from(["", " %H:%M:%S", " %I:%M:%S %p", " at %H.%M.%S"]),
)
def test_what_python_writes_is_read_again(
    tmp_path: Path, moments: list[datetime], day: str, time: str
) -> None:
    written = [f"{moment:{day}{time}}" for moment in moments]
    found = locks(tmp_path, written, f'date_format = "{day}"')

    expected = [
        moment if time else moment.replace(hour=0, minute=0, second=0) for moment in moments
    ]
    assert found.values("changed_at") == [f"{moment:%Y-%m-%dT%H:%M:%S}" for moment in expected]
    assert found.extract.doubts == [] or len(set(moments)) >= 20


@pytest.mark.parametrize(
    ("formats", "words"),
    [
        ('"%d-Sept-%Y"', "%b"),
        ('["%d-%b-%Y", "%d-Sept-%Y"]', "Sept"),
        ('"%d January %m %Y"', "%b"),
        ('"%d/%m"', "year and month"),
        ('"%d %Y"', "year and month"),
        ('["%d/%m/%Y", "%m/%d/%Y"]', "one order"),
        ('["%m-%d-%y", "%d/%m/%Y %H:%M"]', "one order"),
    ],
)
def test_a_format_that_cannot_be_meant_is_refused(tmp_path: Path, formats: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        locks(tmp_path, ["x"], f"date_format = {formats}")

    assert words in str(refused.value)


def dates_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=17 * number) for number in range(count)]


def test_day_and_month_exchanged_are_noticed_by_what_is_lost(tmp_path: Path) -> None:
    written = [f"{day:%d/%m/%Y}" for day in dates_from(date(2025, 1, 3), 40)]

    (doubt,) = locks(tmp_path, written, 'date_format = "%m/%d/%Y"').extract.doubts

    lost = sum(day.day > 12 for day in dates_from(date(2025, 1, 3), 40))
    assert f"{lost} of 40 dates of lock_changes.changed_at ({lost / 40:.1%})" in doubt
    assert '"%d/%m/%Y" reads' in doubt


def test_day_and_month_exchanged_are_noticed_by_days_that_end_at_twelve(tmp_path: Path) -> None:
    days = [day for day in dates_from(date(2020, 1, 3), 120) if day.day <= 12]

    swapped = locks(tmp_path, [f"{day:%d/%m/%Y}" for day in days], 'date_format = "%m/%d/%Y"')
    (doubt,) = swapped.extract.doubts

    assert f"all {len(days)} dates of lock_changes.changed_at" in doubt


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(dates_from(date(2025, 1, 3), 40), id="a year of days"),
        pytest.param(
            [date(2026, 11, day) for day in range(1, 13)] * 9, id="twelve days of a month"
        ),
        pytest.param(
            [date(year, m, 1) for year in (2024, 2025, 2026) for m in range(1, 13)], id="firsts"
        ),
        pytest.param([date(2026, m, 3) for m in range(1, 8)], id="few"),
    ],
)
def test_what_is_ordinary_raises_no_doubt(tmp_path: Path, days: list[date]) -> None:
    found = locks(tmp_path, [f"{day:%d/%m/%Y}" for day in days], 'date_format = "%d/%m/%Y"')

    assert (found.extract.doubts, found.extract.notes) == ([], [])


def test_one_slip_in_a_hundred_is_told_and_one_in_a_thousand_is_a_note(tmp_path: Path) -> None:
    good = [f"{day:%d/%m/%Y}" for day in dates_from(date(2000, 1, 3), 499)]

    many = locks(tmp_path, [*good[:99], "09/25/2026"], 'date_format = "%d/%m/%Y"').extract
    few = locks(tmp_path, [*good, "09/25/2026"], 'date_format = "%d/%m/%Y"').extract

    assert (len(many.doubts), len(many.notes)) == (1, 0)
    assert (len(few.doubts), len(few.notes)) == (0, 1)


def test_a_canonical_file_whose_dates_are_not_iso_says_which_format_reads_them(
    tmp_path: Path,
) -> None:
    rows = "".join(f"L{n},1,{n + 12}/09/2026\n" for n in range(5))

    source = canonical(tmp_path, lock_changes="lock_change_ref,property_ref,changed_at\n" + rows)

    (doubt,) = taken(source)["lock_changes"].extract.doubts
    assert "5 of 5" in doubt
    assert '"%d/%m/%Y"' in doubt


def test_a_spreadsheet_that_exchanged_half_of_the_dates_is_noticed(tmp_path: Path) -> None:
    """Opened under American settings: 03/09 became 9 March, 25/09 stayed text."""
    book = Workbook()
    book.active.append(["No", "Home", "When"])
    for number, day in enumerate(dates_from(date(2024, 1, 3), 60)):
        exchanged = day.replace(day=day.month, month=day.day) if day.day <= 12 else None
        book.active.append([number, 1, exchanged or f"{day:%d/%m/%Y}"])
    book.save(tmp_path / "locks.xlsx")
    mapping = LOCKS.format(kind="spreadsheet", how='date_format = "%d/%m/%Y"')

    (doubt,) = taken(mapped_source(mapping, tmp_path, tmp_path))["lock_changes"].extract.doubts

    assert "exported again" in doubt


@pytest.mark.parametrize(
    ("end", "kept"),
    [
        *((end, None) for end in ("9999-12-31", "2999-12-31", "1900-01-01", "0001-01-01")),
        *((end, None) for end in ("01/01/1753", "31/12/9999", "31-DEC-9999", "0000-00-00")),
        *((end, None) for end in ("1970-01-01", "2099-12-31", "NULL", "  /  /  ", "-")),
        *((end, None) for end in ("1900-01-01T00:00:00", "9999-12-31 23:59:59.997", "2958465")),
        ("1901-01-01", "1901-01-01"),
        ("2026-10-31", "2026-10-31"),
        ("2050-01-01", "2050-01-01"),
        ("not known", "not known"),
        ("31/12/2026", "31/12/2026"),
    ],
)
def test_an_end_that_stands_for_none_is_none(tmp_path: Path, end: str, kept: str | None) -> None:
    head = "tenancy_ref,property_ref,start_date,end_date\n"

    source = canonical(tmp_path, tenancies=f"{head}T1,1,2019-04-01,{end}\n")

    found = taken(source)["tenancies"]
    assert found.values("end_date") == [kept]
    is_told = any(
        "1 of 1 dates of tenancies.end_date stand for none" in n for n in found.extract.notes
    )
    assert is_told == (kept is None)


@pytest.mark.parametrize(
    "end", ["31-DEC-99", "01-JAN-00", "31/12/2999", "01-JAN-1900", "31-DEC-9999"]
)
def test_a_database_that_cuts_the_year_means_none_as_well(tmp_path: Path, end: str) -> None:
    (tmp_path / "nec").mkdir()
    (tmp_path / "nec" / "lpro.csv").write_text("lpro_propref,lpro_sco_code\n1,OCC\n")
    (tmp_path / "nec" / "ltcy.csv").write_text(
        "ltcy_alt_ref,ltcy_propref,ltcy_act_start_date,ltcy_act_end_date\n"
        f"T1,1,01-APR-99,{end}\nT2,2,01-APR-2019,31-DEC-25\n"
    )

    tenancies = taken(ready_source("nec_housing", tmp_path, tmp_path))["tenancies"]

    assert tenancies.values("start_date") == ["1999-04-01", "2019-04-01"]
    assert tenancies.values("end_date") == [None, "2025-12-31"]


def test_a_mapping_says_what_else_stands_for_none(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "ref,home,start,end\nA,1,2019-04-01,2050-12-31\nB,1,2019-04-01,Ongoing\nC,1,2019-04-01,1970-01-01\n"
    )
    source = mapped_source(
        """
        enabled = true
        kind = "delimited"
        [tables.tenancies]
        files = ["t.csv"]
        date_format = "iso"
        no_date = ["2050-12-31", "ongoing"]
        [tables.tenancies.columns]
        tenancy_ref = "ref"
        property_ref = "home"
        start_date = "start"
        end_date = "end"
        """,
        tmp_path,
        tmp_path,
    )

    assert taken(source)["tenancies"].values("end_date") == [None, None, "1970-01-01"]


UTC_ROWS = [
    ("2026-07-10T23:30:00.1234567", "2026-07-11T00:30:00.123456"),
    ("2026-07-10T23:30:00.1234567Z", "2026-07-10T23:30:00.123456Z"),
    ("2026-07-10 23:30:00+00", "2026-07-10 23:30:00+00"),
    ("2026-12-10T23:30:00", "2026-12-10T23:30:00.000000"),
    ("2026-07-10", "2026-07-10"),
    ("10/07/2026 23:30", "2026-07-11T00:30:00"),
    ("10 Jul 2026 23:30", "2026-07-11T00:30:00"),
    ("10/07/2026", "2026-07-10T00:00:00"),
    (None, None),
]


@pytest.mark.parametrize("zone", ['zone = "UTC"', 'zone = { changed_at = "UTC" }'])
@pytest.mark.parametrize(("written", "iso"), UTC_ROWS)
def test_stamps_without_a_zone_are_those_of_the_zone_of_the_mapping(
    tmp_path: Path, zone: str, written: str | None, iso: str | None
) -> None:
    how = f'date_format = ["%d/%m/%Y %H:%M", "iso"]\n{zone}'

    assert read(tmp_path, written or "", how) == iso


def test_a_zone_goes_without_a_format_and_another_zone_than_utc_too(tmp_path: Path) -> None:
    assert read(tmp_path, "2026-07-10T23:30:00", 'zone = "Europe/Paris"') == (
        "2026-07-10T22:30:00.000000"
    )


def test_a_day_is_the_day_in_london(tmp_path: Path) -> None:
    (tmp_path / "assets.json").write_text(
        json.dumps(
            [
                {"r": "T1", "p": "1", "s": "2026-07-10T23:30:00"},
                {"r": "T2", "p": "1", "s": "2026-07-10"},
            ]
        )
    )
    source = mapped_source(
        """
        enabled = true
        kind = "json"
        [tables.tenancies]
        resource = "assets"
        date_format = "iso"
        zone = "UTC"
        columns = { tenancy_ref = "r", property_ref = "p", start_date = "s" }
        """,
        tmp_path,
        tmp_path,
    )

    assert taken(source)["tenancies"].values("start_date") == ["2026-07-11", "2026-07-10"]


@pytest.mark.parametrize("zone", ['zone = "Utopia/Nowhere"', 'zone = { lock_change_ref = "UTC" }'])
def test_a_zone_that_is_none_is_refused(tmp_path: Path, zone: str) -> None:
    with pytest.raises(ConfigurationError):
        locks(tmp_path, [], zone)


def test_a_database_without_zones_can_be_read_as_utc(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'jobs.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE jobs (id, home, raised)"))
        connection.execute(text("INSERT INTO jobs VALUES (1, 1, '2026-07-10 23:30:00')"))
    engine.dispose()
    source = mapped_source(
        """
        enabled = true
        kind = "sql"
        url_env = "JOBS"
        [tables.repairs]
        query = "SELECT id, home, raised FROM jobs"
        zone = "UTC"
        columns = { work_order_ref = "id", property_ref = "home", raised_at = "raised" }
        """,
        tmp_path,
        tmp_path,
        {"JOBS": f"sqlite:///{tmp_path / 'jobs.db'}"},
    )

    assert taken(source)["repairs"].values("raised_at") == ["2026-07-11T00:30:00.000000"]


@pytest.mark.parametrize(("epoch", "how"), [(None, ""), ("1904", ""), (None, "excel_dates = 1904")])
def test_dates_of_a_workbook_count_from_its_own_year(
    tmp_path: Path, epoch: str | None, how: str
) -> None:
    book = Workbook()
    if epoch:
        book.epoch = CALENDAR_MAC_1904
    book.active.append(["No", "Home", "When"])
    number = 46270 - (1462 if epoch or how else 0)
    book.active.append([1, 1, number])
    if not how:
        book.active.append([2, 1, datetime(2026, 9, 5)])  # noqa: DTZ001
    book.save(tmp_path / "locks.xlsx")
    mapping = LOCKS.format(kind="spreadsheet", how=f'date_format = "%d/%m/%Y"\n{how}')

    found = taken(mapped_source(mapping, tmp_path, tmp_path))["lock_changes"]

    assert set(found.values("changed_at")) == {SEPTEMBER}
