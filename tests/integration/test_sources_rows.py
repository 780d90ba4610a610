"""Rows as programs write them: short, long, totals, preambles; and bytes of another encoding."""

from pathlib import Path

import pytest

from builders.sources import canonical, mapped_source, refusals, taken
from redflags.adapters.sources.files import delimited_file

NAMES = "lock_change_ref,property_ref,changed_at,reason,work_order_ref,cost_gbp"


def locks(tmp_path: Path, content: str | bytes):
    return taken(canonical(tmp_path, lock_changes=content))["lock_changes"]


def lines(*rows: str, header: str = NAMES) -> str:
    return "\n".join([header, *rows]) + "\n"


@pytest.fixture(params=[16, 1 << 16], ids=["by hand and by Arrow", "by Arrow"], autouse=True)
def _small_blocks(request: pytest.FixtureRequest):
    before, delimited_file.SMALL_BYTES = delimited_file.SMALL_BYTES, request.param
    yield
    delimited_file.SMALL_BYTES = before


def test_rows_that_lack_only_optional_columns_are_taken_and_counted(tmp_path: Path) -> None:
    read = locks(
        tmp_path, lines("L1,1,2026-01-05,a,W1,5", "L2,2,2026-01-06,b", "L3,3,2026-01-07", "L4,4,x,")
    )

    assert read.values("lock_change_ref") == ["L1", "L2", "L3", "L4"]
    assert read.values("reason") == ["a", "b", None, None]
    assert read.values("_row") == [1, 2, 3, 4]
    assert read.faults == []
    assert read.extract.notes == [
        "3 rows end before the last columns of the header, which were taken as blank"
    ]


def test_a_row_that_lacks_a_required_column_is_malformed(tmp_path: Path) -> None:
    read = locks(tmp_path, lines("L1,1,2026-01-05", "L2,2", "L3,3,2026-01-07"))

    assert read.values("lock_change_ref") == ["L1", "L3"]
    assert read.faults == [(2, "malformed_row")]


def test_one_separator_too_many_on_every_row_is_left_out(tmp_path: Path) -> None:
    read = locks(tmp_path, lines("L1,1,2026-01-05,a,W1,5,", 'L2,2,2026-01-06,"b\nc",W2,6,, '))

    assert read.values("reason") == ["a", "b\nc"]
    assert read.values("cost_gbp") == ["5", "6"]
    assert read.faults == []
    assert "2 rows have more separators" in read.extract.notes[0]


def test_something_behind_the_last_column_is_malformed(tmp_path: Path) -> None:
    read = locks(tmp_path, lines("L1,1,2026-01-05,a, b,W1,5", *("L2,2,2026-01-06,b,W2,6",) * 25))

    assert read.values("lock_change_ref") == ["L2"] * 25
    assert read.faults == [(1, "malformed_row")]


@pytest.mark.parametrize("more", [",,", ",,,", ", "])
def test_separators_at_the_end_of_the_header_alone_are_no_columns(
    tmp_path: Path, more: str
) -> None:
    read = locks(tmp_path, lines("L1,1,2026-01-05,a,W1,5", header=NAMES + more))

    assert read.values("cost_gbp") == ["5"]


def test_short_rows_keep_their_place_among_rows_of_several_lines(tmp_path: Path) -> None:
    rows = [
        "L1,1,2026-01-05",
        'L2,2,2026-01-06,"a\nb"',
        'L3,3,2026-01-07,"c\nd",W3,7',
        "L4,4",
        "L5,5,2026-01-08,e,W5,9,",
    ]

    read = locks(tmp_path, lines(*rows))

    assert read.values("_row") == [1, 2, 3, 5]
    assert read.values("reason") == [None, "a\nb", "c\nd", "e"]
    assert read.faults == [(4, "malformed_row")]


def test_rows_without_a_single_value_are_no_rows(tmp_path: Path) -> None:
    read = locks(tmp_path, lines("L1,1,2026-01-05,a,W1,5", ",,,,,", " , ,,,,", "L2,2,2026-01-06"))

    assert read.values("lock_change_ref") == ["L1", "L2"]
    assert any("2 rows are blank" in note for note in read.extract.notes)


def test_more_than_a_share_that_cannot_be_split_is_a_shortfall(tmp_path: Path) -> None:
    good = [f"L{n},1,2026-01-05" for n in range(19)]
    at_the_share = locks(tmp_path, lines(*good, "bad"))
    (tmp_path / "more").mkdir()
    above = locks(tmp_path / "more", lines(*good, "bad", "bad"))

    assert at_the_share.extract.shortfalls == []
    assert len(above.rows) == 19
    assert "2 of 21 rows do not have the fields of the header" in above.extract.shortfalls[0]


def test_a_file_that_breaks_off_in_its_last_row_is_a_shortfall(tmp_path: Path) -> None:
    read = locks(tmp_path, lines("L1,1,2026-01-05", "L2,2,2026-01-06,b")[:-4])

    assert read.values("lock_change_ref") == ["L1"]
    assert read.faults == [(2, "malformed_row")]
    assert "breaks off" in read.extract.shortfalls[0]


def test_a_whole_last_row_needs_no_line_end(tmp_path: Path) -> None:
    read = locks(tmp_path, lines("L1,1,2026-01-05,a,W1,5", "L2,2,2026-01-06,b,W2,6")[:-1])

    assert read.values("cost_gbp") == ["5", "6"]
    assert read.extract.shortfalls == []


PREAMBLE = """
enabled = true
kind = "delimited"
skip_lines = {skip}
[tables.lock_changes]
files = ["locks.csv"]
columns = {{ lock_change_ref = "a", property_ref = "b", changed_at = "c", reason = "d" }}
"""


@pytest.mark.parametrize(
    ("preamble", "skip"),
    [
        ("", 0),
        ("Report\n\n", 2),
        ("Report,,,\n,,,\n", 2),
        ('"two\nlines",,\nAll homes\n', 2),
        ("Report\n", 1),
        ("\n\n", 0),
        ("Report\nof November\n\n", 1),
        ("Report\n", 0),
        ('5" pipes\n', 1),
        ('"never closed\n', 1),
    ],
)
def test_the_header_is_found_where_a_spreadsheet_counts_it(
    tmp_path: Path, preamble: str, skip: int
) -> None:
    (tmp_path / "locks.csv").write_text(preamble + "a,b,c,d\n1,2,3,x\n")

    read = taken(mapped_source(PREAMBLE.format(skip=skip), tmp_path, tmp_path))["lock_changes"]

    assert read.without_row_numbers() == [
        {"lock_change_ref": "1", "property_ref": "2", "changed_at": "3", "reason": "x"}
    ]


def test_a_header_that_the_mapping_gives_and_the_file_repeats_is_no_row(tmp_path: Path) -> None:
    (tmp_path / "locks.csv").write_text("A, b ,C,d\n1,2,3,x\n")
    text = PREAMBLE.format(skip=0).replace('files = ["', 'header = ["a","b","c","d"]\nfiles = ["')

    read = taken(mapped_source(text, tmp_path, tmp_path))["lock_changes"]

    assert read.values("lock_change_ref") == ["1"]


MAPPED = PREAMBLE.replace("skip_lines = {skip}", 'encoding = "{encoding}"')


@pytest.mark.parametrize("declared", ["cp1252", "latin-1", "utf-16"])
def test_utf_8_is_read_as_utf_8_whatever_was_declared(tmp_path: Path, declared: str) -> None:
    (tmp_path / "locks.csv").write_text("a,b,c,d\n1,2,3,café – £5\n", encoding="utf-8")

    read = taken(mapped_source(MAPPED.format(encoding=declared), tmp_path, tmp_path))[
        "lock_changes"
    ]

    assert read.values("reason") == ["café – £5"]
    assert read.faults == []
    if declared != "utf-16":
        assert 'set encoding = "utf-8"' in read.extract.notes[0]


def test_lines_of_two_encodings_are_each_read_in_their_own(tmp_path: Path) -> None:
    lines = ["a,b,c,d", "1,2,3,wasn’t “in”", "2,2,3,£5"]
    data = [lines[0].encode(), lines[1].encode("utf-8"), lines[2].encode("cp1252")]
    (tmp_path / "locks.csv").write_bytes(b"\n".join(data) + b"\n")

    for encoding in ("utf-8", "cp1252", "latin-1"):
        text = MAPPED.format(encoding=encoding)
        read = taken(mapped_source(text, tmp_path, tmp_path))["lock_changes"]
        assert read.values("reason") == ["wasn’t “in”", "£5"], encoding


def test_half_characters_are_joined_or_replaced(tmp_path: Path) -> None:
    read = locks(
        tmp_path, (NAMES + "\n").encode() + b"L1,1,x,a\xed\xa0\xbd\xed\xb8\x80b\xed\xa0\xbd,,\n"
    )

    assert read.values("reason") == ["a\U0001f600b\ufffd"]


def test_utf_16_without_its_mark_is_not_taken_for_utf_8(tmp_path: Path) -> None:
    data = lines("L1,1,2026-01-05,a,,").encode("utf-16-le")

    (refusal,) = refusals(canonical(tmp_path, lock_changes=data))

    assert 'encoding = "utf-16"' in str(refusal.error)


def test_a_nul_padded_header_and_cell_are_the_same_without(tmp_path: Path) -> None:
    read = locks(
        tmp_path, lines("L1\0\0,1\0,2026-01-05\0,a\0b,,", header=NAMES.replace(",", "\0,"))
    )

    assert read.values("lock_change_ref") == ["L1"]
    assert read.values("reason") == ["ab"]


FIXED = """
enabled = true
kind = "fixed_width"
{more}
[tables.lock_changes]
files = ["locks.txt"]
[tables.lock_changes.fields]
No = [1, 4]
Why = [5, 10]
Home = [15, 4]
When = [19, 10]
[tables.lock_changes.columns]
lock_change_ref = "No"
property_ref = "Home"
changed_at = "When"
reason = "Why"
"""


def fixed_line(number: int, why: str, home: int, unit: str) -> bytes:
    blanks = 10 - (len(why.encode()) if unit == "bytes" else len(why))
    return f"L{number:03}{why}{' ' * blanks}{home:04}2026-01-05\n".encode()


@pytest.mark.parametrize("unit", ["bytes", "characters"])
@pytest.mark.parametrize("is_said", [True, False])
def test_fixed_places_are_counted_as_the_lines_tell(
    tmp_path: Path, unit: str, is_said: bool
) -> None:
    texts = ["tap", "café é", "€ 20", "lock"]
    data = b"".join(fixed_line(n, why, n, unit) for n, why in enumerate(texts))
    (tmp_path / "locks.txt").write_bytes(data)
    more = f'widths_in = "{unit}"' if is_said else ""

    read = taken(mapped_source(FIXED.format(more=more), tmp_path, tmp_path))["lock_changes"]

    assert read.values("property_ref") == ["0000", "0001", "0002", "0003"]
    assert read.values("reason") == texts
    assert read.extract.notes == []


def test_a_character_cut_in_two_by_a_place_in_bytes_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "locks.txt").write_bytes("L001123456789é00012026-01-05\n".encode())
    more = 'widths_in = "bytes"'
    text = FIXED.format(more=more).replace("Why = [5, 10]", "Why = [5, 10]").replace("[15", "[16")
    text = text.replace("[19", "[20")

    read = taken(mapped_source(text, tmp_path, tmp_path))["lock_changes"]

    assert read.values("reason") == ["123456789"]
    assert read.values("property_ref") == ["0001"]


def test_places_that_nothing_tells_are_said_to_be_doubtful(tmp_path: Path) -> None:
    (tmp_path / "locks.txt").write_bytes(
        fixed_line(1, "café", 1, "characters")
        + fixed_line(2, "tap", 2, "characters")[:-1]
        + b"  \n"
    )

    read = taken(mapped_source(FIXED.format(more=""), tmp_path, tmp_path))["lock_changes"]

    assert "set widths_in" in read.extract.notes[0]
