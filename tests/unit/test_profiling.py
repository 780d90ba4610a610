"""What is guessed of unknown extracts: from bytes, names and values, both sides of each line."""

import re

import pytest

from redflags.analysis.profiling.code_guesses import guess_codes, may_be_shown
from redflags.analysis.profiling.date_guesses import guess_dates
from redflags.analysis.profiling.file_patterns import patterns_for
from redflags.analysis.profiling.header_guesses import guess_header
from redflags.analysis.profiling.header_words import meanings_of
from redflags.analysis.profiling.personal_columns import personal_by_content, personal_by_name
from redflags.analysis.profiling.reference_forms import applied, form_between
from redflags.analysis.profiling.samples import Layout, Sample, Sureness
from redflags.analysis.profiling.text_layout import guess_encoding, sample_of_text
from redflags.analysis.profiling.totals_rows import rows_to_drop
from redflags.analysis.profiling.value_shapes import shape_of


@pytest.mark.parametrize(
    ("values", "formats", "sureness"),
    [
        (["03-Nov-2026 14:05"], ("%d-%b-%Y %H:%M",), Sureness.SURE),
        (["13/02/2026", "01/03/2026"], ("%d/%m/%Y",), Sureness.SURE),
        (["02/13/2026", "03/01/2026"], ("%m/%d/%Y",), Sureness.SURE),
        (["12/02/2026", "01/03/2026"], ("%d/%m/%Y",), Sureness.UNSURE),
        (["13/02/2026", "02/13/2026"], ("%d/%m/%Y", "%m/%d/%Y"), Sureness.UNSURE),
        (["2026-02-13T08:00:00.1234567Z", "2026-02-13"], ("iso",), Sureness.SURE),
        (["13.02.26"], ("%d.%m.%y",), Sureness.SURE),
        (["05/28/2022 08:01:00 AM"], ("%m/%d/%Y %I:%M:%S %p",), Sureness.SURE),
        (["13/02/2026", "13/02/2026 08:05"], ("%d/%m/%Y %H:%M",), Sureness.SURE),
        (["20260213"], ("%Y%m%d",), Sureness.SURE),
        (["13022026"], ("%d%m%Y",), Sureness.SURE),
        (["NULL", "5 Sept 2026"], ("%d %b %Y",), Sureness.SURE),
    ],
)
def test_dates_are_told_with_how_sure_their_order_is(
    values: list[str], formats: tuple[str, ...], sureness: Sureness
) -> None:
    guess = guess_dates(values)

    assert guess is not None
    if len(formats) == 1:
        assert guess.formats == formats
    assert guess.sureness is sureness


@pytest.mark.parametrize("values", [["leak"], ["1234"], ["99/99/2026"], ["12 Foo 2026"], []])
def test_what_is_no_date_is_none(values: list[str]) -> None:
    assert guess_dates(values) is None


def test_another_column_tells_the_order_of_one_that_does_not() -> None:
    guess = guess_dates(["02/03/2026"], day_first_elsewhere=False)

    assert guess is not None
    assert (guess.formats, guess.sureness) == (("%m/%d/%Y",), Sureness.LIKELY)


def test_days_that_begin_at_23_in_summer_are_utc() -> None:
    summer = guess_dates(["2026-06-01T23:00:00", "2026-01-05T00:00:00"])
    winter = guess_dates(["2026-01-01T23:00:00", "2026-01-05T00:00:00"])

    assert summer is not None
    assert winter is not None
    assert (summer.is_utc, winter.is_utc) == (True, False)


@pytest.mark.parametrize(
    ("header", "concept"),
    [
        ("Works Order No", "order"), ("dateRaised", "raised"), ("DATE_LOGGED", "raised"),
        ("prop_ref", "property"), ("lpro_propref", "property"),
        ("tenure.startOfTenureDate", "start"),
        ("Asset", "property"), ("SOR Code", "sor"), ("cot", "start"), ("eot", "end"),
        ("Operative Comments", "notes"), ("Invoice Total", "cost"), ("Target Date", "other_date"),
        ("Est Cost", "other_cost"), ("UPRN", "uprn"), ("Tenancy Type", "tenure"),
        ("No. of bedrooms", "bedrooms"), ("Completion Date", "completed"),
    ],
)  # fmt: skip
def test_headers_of_housing_systems_are_known(header: str, concept: str) -> None:
    assert meanings_of(header)[0][0] == concept


@pytest.mark.parametrize("header", ["Colour", "paymentType", "totalSMVs", "Latitude"])
def test_other_headers_mean_nothing(header: str) -> None:
    assert not [
        name for name, _ in meanings_of(header) if name in ("work_type", "cost", "category")
    ]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("Tenant Name / Phone", "a name"), ("Mobile", "a telephone number"),
        ("Raised by", "a name"),
        ("e-mail", "an e-mail address"), ("postCode", "an address"), ("Tenant ref", ""),
        ("D.O.B.", ""), ("DOB", "somebody's own details"), ("Tenancy Ref", ""), ("Trade", ""),
        ("Address Type", ""), ("Key safe", "somebody's own details"),
    ],
)  # fmt: skip
def test_columns_of_people_are_known_by_their_names(name: str, what: str) -> None:
    assert personal_by_name(name) == what


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (["a@b.test", "x"], "an e-mail address"),
        (["07700 900123", "0117 496 0123", "none"], "a telephone number"),
        (["12 High Street", "Flat 3, 4 Test Road"], "an address"),
        (["Mrs Ann Example", "Mr B Sample", "x", "y"], "a name"),
        ([f"Ann Example{chr(97 + n)}" for n in range(6)], "a name"),
        (["Carpenter", "Plumber", "Gas"], ""),
        (["00012345", "00012346"], ""),
    ],
)
def test_columns_of_people_are_known_by_their_values(values: list[str], what: str) -> None:
    assert personal_by_content(values, is_text=False) == what
    assert personal_by_content(values, is_text=True) == ""


@pytest.mark.parametrize(
    ("code", "rows", "is_shown"),
    [
        ("FIN", 1, True), ("Work Complete", 3, True), ("Work Complete", 2, False),
        ("07700900123", 50, False), ("Mrs A", 9, False), ("x" * 31, 9, False),
    ],
)  # fmt: skip
def test_a_rare_phrase_is_not_shown_as_a_code(code: str, rows: int, is_shown: bool) -> None:
    assert may_be_shown(code, rows) is is_shown


def test_codes_are_counted_whatever_their_case_and_guessed_by_their_words() -> None:
    block = guess_codes("status", ["Closed"] * 3 + ["CLOSED", "QX", "ring Mr A Sample"])

    assert [(c.theirs, c.ours, c.rows, c.is_told) for c in block.codes] == [
        ("Closed", "completed", 4, True),
        ("QX", "QX", 1, False),
    ]
    assert block.not_shown == 1


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"a,b\n1,2\n", "utf-8"), ("a\u00e9\n".encode(), "utf-8"),
        ("a\u00e9\n".encode("cp1252"), "cp1252"),
        ("a,b\n".encode("utf-16"), "utf-16"), (b"a\x81\xe9\n", "latin-1"),
        (b"\xef\xbb\xbfa\n", "utf-8"),
    ],
)  # fmt: skip
def test_encodings(data: bytes, encoding: str) -> None:
    assert guess_encoding(data, is_whole=True)[0] == encoding


def test_a_character_cut_at_the_end_of_a_sample_changes_no_encoding() -> None:
    data = "caf\u00e9\ncaf\u00e9".encode()[:-1]

    assert guess_encoding(data, is_whole=False)[0] == "utf-8"
    assert guess_encoding(data, is_whole=True)[0] != "utf-8"


@pytest.mark.parametrize(
    ("text", "delimiter", "skip", "names"),
    [
        ("Job;Home\n1;2,5\n3;4,5\n", ";", 0, ("Job", "Home")),
        ("Report of May\n\nJob|Home|Raised\n1|2|2026-01-01\n3|4|2026-01-02\n", "|", 2,
         ("Job", "Home", "Raised")),
        ("1001,leak,2026-01-01\n1002,tap,2026-01-02\n", ",", 0,
         ("column 1", "column 2", "column 3")),
        ('Job,Fault\n1,"a, b"\n2,"c\nd"\n', ",", 0, ("Job", "Fault")),
    ],
)  # fmt: skip
def test_layouts(text: str, delimiter: str, skip: int, names: tuple[str, ...]) -> None:
    sample = sample_of_text("a.txt", text.encode())

    assert (sample.layout.delimiter, sample.layout.skip_lines) == (delimiter, skip)
    assert sample.names == names
    assert len(sample.rows) == 2


def test_a_record_is_never_taken_for_names() -> None:
    header = guess_header([("Mrs A Example", "sink blocked"), ("Mr B Sample", "door stuck")])

    assert not header.is_there
    assert header.names == ("column 1", "column 2")
    assert len(header.rows) == 2


HOMES = [f"{n:08}" for n in range(2893, 2950)]


@pytest.mark.parametrize(
    ("written", "home"),
    [
        ("U-{:08}", "U-00002893"), ("{}", "2893"), ("PR{}", "PR2893"), ("{:08}/A", "00002893/A"),
        ("{}.0", "2893.0"), ("HA/{:06}", "HA/002893"),
    ],
)  # fmt: skip
def test_references_are_brought_to_the_form_of_the_homes(written: str, home: str) -> None:
    values = [written.format(n) for n in range(2893, 2950)]

    form = form_between(values, HOMES)

    assert values[0] == home
    assert form.share_after == 1.0
    assert [applied(form, value) for value in values] == HOMES


def test_a_prefix_that_is_lacking_is_put_before() -> None:
    homes = [f"HA{n:06}" for n in range(100, 160)]
    values = [home[2:] for home in homes]

    form = form_between(values, homes)

    assert form.put_before == "HA"
    assert [applied(form, value) for value in values] == homes


def test_references_that_match_are_left_alone_and_so_are_those_of_nobody() -> None:
    assert not form_between(HOMES, HOMES).changes
    assert not form_between(["X1", "X2"], HOMES).changes


@pytest.mark.parametrize(
    ("last", "found"),
    [
        (("TOTAL", "99"), ("Job", "TOTAL", False)),
        (("", "99"), ("Job", "", True)),
        (("J3", "99"), None),
        (("Totalled door", "1"), None),
    ],
)
def test_a_total_at_the_end_is_left_out(
    last: tuple[str, str], found: tuple[str, str, bool] | None
) -> None:
    sample = Sample(("a.csv",), Layout("delimited"), ("Job", "Cost"), (("J1", "1"), last))

    dropped = [(row.column, row.prefix, row.is_blank) for row in rows_to_drop(sample, "Job")]

    assert dropped == ([found] if found else [])


@pytest.mark.parametrize(
    ("files", "others", "patterns"),
    [
        (["jobs_2026-11.txt"], ["homes.txt"], ("jobs_*.txt",)),
        (["jobs Jan.csv", "jobs Feb.csv"], [], ("jobs *.csv",)),
        (["file01.csv"], ["file02.csv"], ("file01.csv",)),
        (["jobs.csv"], [], ("jobs.csv",)),
    ],
)
def test_patterns_find_next_month_and_no_other_table(
    files: list[str], others: list[str], patterns: tuple[str, ...]
) -> None:
    assert patterns_for(files, others) == patterns


@pytest.mark.parametrize(
    ("value", "shape"),
    [("U-00002893", "A-99999999"), ("Ann", "Aaa"), ("a b c", "text of up to 5 words")],
)
def test_shapes_tell_no_value(value: str, shape: str) -> None:
    assert shape_of(value) == shape
    assert not re.search(r"[b-zB-Z]", shape_of("Zanzibar 77"))
