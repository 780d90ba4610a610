"""Mapped files: encodings, delimiters, fixed widths, filters, joins."""

from pathlib import Path

import pytest

from builders.sources import mapped_source, nothing_is_taken, refusals, taken
from redflags.errors import SourceAbsent, SourceRefused

LOCKS = """
enabled = true
kind = "delimited"
{layout}
[tables.lock_changes]
files = ["locks.txt"]
{table}
[tables.lock_changes.columns]
lock_change_ref = "No"
property_ref = "Home"
changed_at = "When"
reason = "Why"
{more}
"""


def locks(tmp_path: Path, content: bytes, layout: str = "", table: str = "", more: str = ""):
    (tmp_path / "locks.txt").write_bytes(content)
    text = LOCKS.format(layout=layout, table=table, more=more)
    return taken(mapped_source(text, tmp_path, tmp_path))["lock_changes"]


def one(tmp_path: Path, column: str, home: str = "1", when: str = "2", why: str = "", **how: str):
    read = locks(tmp_path, f"No,Home,When,Why\n7,{home},{when},{why}\n".encode(), **how)
    (value,) = read.values(column)
    return value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_every_declared_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    content = "No,Home,When,Why\r\n1,2,3,caf\u00e9\r\n".encode(encoding)
    declared = "utf-8" if encoding == "utf-8-sig" else encoding

    read = locks(tmp_path, content, layout=f'encoding = "{declared}"')

    assert read.values("reason") == ["caf\u00e9"]
    assert read.faults == []


def test_tabs_without_quoting_keep_their_quotes(tmp_path: Path) -> None:
    read = locks(
        tmp_path,
        b'exported by Test\nNo\tHome\tWhen\tWhy\n1\t2\t3\t"a\n2\t2\t3\tb\n',
        layout="delimiter = \"\\t\"\nquote = ''\nskip_lines = 1",
    )

    assert read.values("reason") == ['"a', "b"]


def test_a_file_without_header_is_read_by_the_names_in_the_mapping(tmp_path: Path) -> None:
    read = locks(tmp_path, b"1,2,3,a\n2,2,3,b\n", table='header = ["No", "Home", "When", "Why"]')

    assert read.values("lock_change_ref") == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("05/01/2026 23:59:58", "2026-01-05T23:59:58"),
        ("5/1/2026", "2026-01-05T00:00:00"),
        ("2026-01-05T10:00:00", "2026-01-05T10:00:00"),
        ("2026-01-05T10:00:00.1234567Z", "2026-01-05T10:00:00.123456Z"),
        ("2026-01-05T10:00:00.12345", "2026-01-05T10:00:00.12345"),
        ("29/02/2026", "29/02/2026"),
        ("05/01/26", "2026-01-05T00:00:00"),
        ("soon", "soon"),
    ],
)
def test_dates_become_iso_and_what_is_none_stays(tmp_path: Path, text: str, iso: str) -> None:
    how = 'date_format = ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y", "iso"]'

    assert one(tmp_path, "changed_at", when=text, table=how) == iso


@pytest.mark.parametrize(
    ("ref", "padded"), [("7", "00000007"), ("000000123", "000000123"), ("", None)]
)
def test_refs_are_padded_never_cut(tmp_path: Path, ref: str, padded: str | None) -> None:
    assert one(tmp_path, "property_ref", home=ref, table="pad = { property_ref = 8 }") == padded


@pytest.mark.parametrize(
    ("value", "ours"),
    [("lk", "lost key"), (" LK ", "lost key"), ("N-17", "new tenant"), ("N", "N"), ("", None)],
)
def test_codes_are_translated_and_unknown_ones_kept(
    tmp_path: Path, value: str, ours: str | None
) -> None:
    more = '[tables.lock_changes.codes.reason]\n"LK" = "lost key"\n"n-*" = "new tenant"'

    assert one(tmp_path, "reason", why=value, more=more) == ours


def test_unknown_codes_are_counted_even_when_a_default_hides_them(tmp_path: Path) -> None:
    read = locks(
        tmp_path,
        b"No,Home,When,Why\n1,1,1,LK\n2,1,1,XX\n3,1,1,XX\n4,1,1,\n",
        more='[tables.lock_changes.codes]\nreason = { LK = "lost key" }\n'
        '[tables.lock_changes.code_defaults]\nreason = "other"',
    )

    assert read.values("reason") == ["lost key", "other", "other", None]
    assert read.extract.unmapped == {"reason": {"XX": 2}}


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ('equals = "a"', ["1"]),
        ('not_equals = "a"', ["2", "3", "4"]),
        ('in = ["a", "it\'s"]', ["1", "3"]),
        ('not_in = ["a"]', ["2", "3", "4"]),
        ('prefix = "a"', ["1", "2"]),
        ("filled = true", ["1", "2", "3"]),
        ("filled = false", ["4"]),
    ],
)
def test_where_keeps_what_fits_and_counts_the_rest(
    tmp_path: Path, condition: str, kept: list[str]
) -> None:
    read = locks(
        tmp_path,
        b"No,Home,When,Why\n1,1,1, a\n2,1,1,ab\n3,1,1,it's\n4,1,1,\n",
        table=f'where = [{{ column = "why", {condition} }}]',
    )

    assert read.values("lock_change_ref") == kept
    assert sum(read.extract.left_out.values()) == 4 - len(kept)


def test_unknown_codes_of_rows_left_out_are_not_reported(tmp_path: Path) -> None:
    read = locks(
        tmp_path,
        b"No,Home,When,Why\n1,1,1,XX\n2,,1,YY\n",
        table='where = [{ column = "Home", filled = true }]',
        more='[tables.lock_changes.codes]\nreason = { LK = "lost key" }',
    )

    assert read.extract.unmapped == {"reason": {"XX": 1}}


def test_templates_are_blank_when_a_part_is_and_lists_leave_blanks_out(tmp_path: Path) -> None:
    (tmp_path / "asb.csv").write_text(
        "No,Street,Zip,When,A,B\n1,Test St,1,2,x,\n2,Test St,,2,x,y\n"
    )
    source = mapped_source(
        """
        enabled = true
        kind = "delimited"
        [tables.asb]
        files = ["asb.csv"]
        joined_with = " + "
        [tables.asb.columns]
        report_ref = "No"
        subject_property_ref = "{Street}, {Zip}"
        reported_at = "When"
        description = ["A", "B"]
        [tables.asb.constants]
        category = "it's noise"
        """,
        tmp_path,
        tmp_path,
    )

    asb = taken(source)["asb"]

    assert asb.values("subject_property_ref") == ["Test St, 1", None]
    assert asb.values("description") == ["x", "x + y"]
    assert asb.values("category") == ["it's noise", "it's noise"]


FIXED = """
enabled = true
kind = "fixed_width"
encoding = "cp1252"
[tables.lock_changes]
files = ["locks.dat"]
date_format = "%d/%m/%Y"
{more}
fields = {{ ref = [1, 4], name = [5, 6], home = [11, 3], day = [14, 10] }}
columns = {{ lock_change_ref = "ref", property_ref = "home", changed_at = "day" }}
"""


def fixed(tmp_path: Path, content: bytes, more: str = ""):
    (tmp_path / "locks.dat").write_bytes(content)
    return taken(mapped_source(FIXED.format(more=more), tmp_path, tmp_path))["lock_changes"]


def test_fixed_width_lines_are_cut_at_their_places(tmp_path: Path) -> None:
    read = fixed(
        tmp_path, "L1  T\u00e9st  01205/01/2026\r\nL2        01306/01/2026  x\r\n".encode("cp1252")
    )

    assert read.rows == [
        {
            "lock_change_ref": "L1",
            "property_ref": "012",
            "changed_at": "2026-01-05T00:00:00",
            "_row": 1,
        },
        {
            "lock_change_ref": "L2",
            "property_ref": "013",
            "changed_at": "2026-01-06T00:00:00",
            "_row": 2,
        },
    ]


def test_a_fixed_width_line_that_is_too_short_is_malformed(tmp_path: Path) -> None:
    content = b"L1  Test  01205/01/2026\nL2        01306/01/202\nL3        01407/01/2026"

    read = fixed(tmp_path, content)

    assert read.values("lock_change_ref") == ["L1", "L3"]
    assert read.values("_row") == [1, 3]
    assert read.faults == [(2, "malformed_row")]


def test_short_lines_are_rows_where_trailing_blanks_are_trimmed(tmp_path: Path) -> None:
    read = fixed(
        tmp_path, b"L1        012\n\nL2        01305/01/2026\n", 'trailing_blanks = "trimmed"'
    )

    assert read.values("changed_at") == [None, "2026-01-05T00:00:00"]
    assert read.faults == [(2, "malformed_row")]


JOINED = """
enabled = true
kind = "delimited"
[tables.repairs]
files = ["orders.csv"]
[tables.repairs.columns]
work_order_ref = "wo"
property_ref = "home"
raised_at = "day"
sor_code = "task.code"
notes = "task.text"
cost_gbp = "task.total"
[tables.repairs.join.task]
files = ["tasks*.csv"]
on = { wo = "order" }
first = ["code"]
texts = ["text"]
sum = { total = ["quantity", "cost"] }
prefer = { code = ["3909"] }
"""


def joined(tmp_path: Path, tasks: str):
    (tmp_path / "orders.csv").write_text(
        "wo,home,day\nA,1,2026-01-05\nB,2,2026-01-06\nC,3,2026-01-07\n"
    )
    (tmp_path / "tasks1.csv").write_text("order,code,text,quantity,cost\n" + tasks)
    return mapped_source(JOINED, tmp_path, tmp_path)


def test_an_order_stays_one_row_however_many_tasks_it_has(tmp_path: Path) -> None:
    source = joined(
        tmp_path, "C,9,z,1,1\nA ,100000,x,2,1.255\nA,390929,y,1,10\nB,5,,,7\nnobody,1,q,1,1\n"
    )

    repairs = taken(source)["repairs"]

    columns = ("work_order_ref", "sor_code", "notes", "cost_gbp", "_row")
    assert [tuple(row[c] for c in columns) for row in repairs.rows] == [
        ("A", "390929", "x; y", "12.51", 1),
        ("B", "5", None, None, 2),
        ("C", "9", "z", "1.00", 3),
    ]


def test_malformed_rows_of_a_joined_file_are_counted(tmp_path: Path) -> None:
    repairs = taken(joined(tmp_path, "A,1\nB,5,b,1,7\n"))["repairs"]

    assert repairs.extract.lost_in_joins == {"task": 1}
    assert repairs.faults == []
    assert repairs.values("cost_gbp") == [None, "7.00", None]


def test_a_join_without_its_file_or_column_is_refused(tmp_path: Path) -> None:
    source = joined(tmp_path, "")
    (tmp_path / "tasks1.csv").write_text("order,code,text,quantity\n")
    (without_column,) = refusals(source)
    (tmp_path / "tasks1.csv").unlink()
    (without_file,) = refusals(source)

    assert isinstance(without_column.error, SourceRefused)
    assert "'cost'" in str(without_column.error)
    assert isinstance(without_file.error, SourceAbsent)


def test_a_mapped_table_without_a_file_is_reported_and_the_other_taken(tmp_path: Path) -> None:
    text = LOCKS.format(layout="", table="", more="") + JOINED.split('kind = "delimited"')[1]
    (tmp_path / "locks.txt").write_text("No,Home,When,Why\n1,2,3,\n")
    source = mapped_source(text, tmp_path, tmp_path)

    (refusal,) = refusals(source)

    assert (refusal.table, refusal.name) == ("repairs", "orders.csv")
    assert isinstance(refusal.error, SourceAbsent)


@pytest.mark.parametrize("content", [b"not a workbook", b""])
def test_a_workbook_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "jobs.xlsx").write_bytes(content)
    source = mapped_source(
        """
        enabled = true
        kind = "spreadsheet"
        [tables.repairs]
        files = ["*.xlsx"]
        columns = { work_order_ref = "A", property_ref = "B", raised_at = "C" }
        """,
        tmp_path,
        tmp_path,
    )

    (refusal,) = refusals(source)

    assert isinstance(refusal.error, SourceRefused)


def test_json_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "orders.json").write_text('[{"a": 1}')
    source = mapped_source(
        """
        enabled = true
        kind = "json"
        [tables.repairs]
        resource = "orders"
        columns = { work_order_ref = "a", property_ref = "b", raised_at = "c" }
        """,
        tmp_path,
        tmp_path,
    )
    (broken,) = refusals(source)
    (tmp_path / "orders.json").write_text('[{"a": 1, "c": 2}]')
    (without_home,) = refusals(source)

    assert "JSON" in str(broken.error)
    assert "'b'" in str(without_home.error)


def test_left_out_rows_are_complete_only_when_all_rows_were_read(tmp_path: Path) -> None:
    (tmp_path / "locks.txt").write_text("No,Home,When,Why\n1,2,3,a\n2,2,3,b\n")
    text = LOCKS.format(layout="", table='where = [{ column = "Why", equals = "a" }]', more="")
    (extract,) = mapped_source(text, tmp_path, tmp_path).extracts(nothing_is_taken)

    extract.rows.read_all()

    assert extract.left_out == {"where Why equals": 1}
