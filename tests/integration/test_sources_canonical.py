"""The canonical folder: what comes in, what is set aside, what is refused."""

import gzip
from pathlib import Path

import pytest

from builders.sources import canonical, mapped_source, nothing_is_taken, refusals, taken
from redflags.analysis.extracts import AlreadyTaken, Extract
from redflags.errors import SourceAbsent, SourceRefused

HEADER = "lock_change_ref,property_ref,changed_at,reason\n"


def locks(tmp_path: Path, content: str | bytes):
    return taken(canonical(tmp_path, lock_changes=content))["lock_changes"]


def test_rows_come_as_text_with_their_row_numbers(tmp_path: Path) -> None:
    rows = locks(tmp_path, HEADER + "L1,0012,2026-01-05,lost key\nL2,0013,2026-01-06,\n").rows

    assert rows == [
        {
            "lock_change_ref": "L1",
            "property_ref": "0012",
            "changed_at": "2026-01-05",
            "reason": "lost key",
            "_row": 1,
        },
        {
            "lock_change_ref": "L2",
            "property_ref": "0013",
            "changed_at": "2026-01-06",
            "reason": None,
            "_row": 2,
        },
    ]


def test_refs_are_trimmed_and_their_hyphens_made_plain(tmp_path: Path) -> None:
    read = locks(tmp_path, HEADER + "10\u201110 ,\u00a00012\u200b,2026-01-05,a \u2011 b\n")

    assert read.values("lock_change_ref") == ["10-10"]
    assert read.values("property_ref") == ["0012"]
    assert read.values("reason") == ["a \u2011 b"]


def test_extra_columns_never_leave(tmp_path: Path) -> None:
    read = locks(
        tmp_path,
        "tenant_name,lock_change_ref,property_ref,changed_at,phone\n"
        "Test Person One,L1,12,2026-01-05,07700 900001\n",
    )

    assert set(read.rows[0]) == {"lock_change_ref", "property_ref", "changed_at", "_row"}
    assert read.extract.absent_columns == ("reason", "work_order_ref", "cost_gbp")


@pytest.mark.parametrize(
    "content",
    [
        (HEADER + "L1,12,2026-01-05,a\nL2,13,2026-01-06,b\n").replace("\n", "\r\n"),
        "\ufeff" + HEADER + "L1,12,2026-01-05,a\nL2,13,2026-01-06,b\n",
        HEADER.upper().replace(",", " , ") + "L1,12,2026-01-05,a\nL2,13,2026-01-06,b",
        HEADER.replace("property_ref", "\u00a0Property_Ref\u00a0")
        + "L1,12,2026-01-05,a\n\nL2,13,2026-01-06,b\n\n",
    ],
    ids=["CRLF", "BOM", "upper case header, no last line feed", "no-break spaces, empty lines"],
)
def test_spelling_of_the_file_does_not_matter(tmp_path: Path, content: str) -> None:
    read = locks(tmp_path, content)

    assert read.values("lock_change_ref") == ["L1", "L2"]
    assert read.values("reason") == ["a", "b"]
    assert read.values("_row") == [1, 2]
    assert read.faults == []


def test_windows_bytes_are_repaired_and_noted(tmp_path: Path) -> None:
    content = (HEADER + "L1,12,2026-01-05,caf\u00e9 \u2013 door\nL2,13,2026-01-06,b\n").encode(
        "cp1252"
    )

    read = locks(tmp_path, content)

    assert read.values("reason") == ["caf\u00e9 \u2013 door", "b"]
    assert read.faults == [(1, "encoding_repaired")]


def test_one_repaired_line_leaves_the_utf_8_lines_alone(tmp_path: Path) -> None:
    content = HEADER.encode() + "L1,12,2026-01-05,caf\u00e9\n".encode()
    content += 'L2,13,2026-01-06,"two\ncaf\u00e9s"\n'.encode("cp1252")

    read = locks(tmp_path, content)

    assert read.values("reason") == ["caf\u00e9", "two\ncaf\u00e9s"]
    assert read.faults == [(2, "encoding_repaired")]


def test_line_feeds_in_quotes_belong_to_the_cell(tmp_path: Path) -> None:
    read = locks(
        tmp_path, HEADER + 'L1,12,2026-01-05,"lost\r\nkey, ""again"""\nL2,13,2026-01-06,\n'
    )

    assert read.values("reason") == ['lost\r\nkey, "again"', None]
    assert read.values("_row") == [1, 2]


@pytest.mark.parametrize("last", ["L3,14", 'L3,14,2026-01-07,"lost', "L3,14,2026-01-07,a,b"])
def test_a_truncated_or_too_long_last_line_is_malformed(tmp_path: Path, last: str) -> None:
    read = locks(tmp_path, HEADER + "L1,12,2026-01-05,a\nL2,13,2026-01-06,b\n" + last)

    assert read.values("lock_change_ref") == ["L1", "L2"]
    assert read.faults == [(3, "malformed_row")]
    assert read.extract.malformed == 1


def test_a_stray_quote_costs_its_own_row_only(tmp_path: Path) -> None:
    read = locks(
        tmp_path,
        HEADER
        + 'L1,12,2026-01-05,"kicked in\nL2,13,2026-01-06,b\n'
        + 'L3,14,2026-01-07,"c, d"\nL4,15,2026-01-08,"e\nf"\n',
    )

    assert read.values("lock_change_ref") == ["L2", "L3", "L4"]
    assert read.values("_row") == [2, 3, 4]
    assert read.faults == [(1, "malformed_row")]


def test_an_inch_sign_inside_a_cell_is_just_a_character(tmp_path: Path) -> None:
    read = locks(tmp_path, HEADER + 'L1,12,2026-01-05,6" bolt\nL2,13,2026-01-06,"b"\n')

    assert read.values("reason") == ['6" bolt', "b"]
    assert read.faults == []


def test_one_percent_rubbish_is_set_aside_and_the_rest_kept(tmp_path: Path) -> None:
    lines = [f"L{n},{n},2026-01-05,a" for n in range(1, 2001)]
    lines[99::100] = ["\x00\x01rubbish", ",,,,,,,,", '"', "L1"] * 5

    read = locks(tmp_path, HEADER + "\n".join(lines) + "\n")

    assert len(read.rows) == 1980
    assert [row for row, _ in read.faults] == list(range(100, 2001, 100))
    assert {code for _, code in read.faults} == {"malformed_row"}


def test_a_header_alone_is_an_empty_table(tmp_path: Path) -> None:
    read = locks(tmp_path, HEADER)

    assert read.rows == []
    assert read.faults == []


@pytest.mark.parametrize("content", ["", "\n", "\ufeff"], ids=["no byte", "empty line", "BOM"])
def test_an_empty_file_is_refused_and_the_others_are_taken(tmp_path: Path, content: str) -> None:
    source = canonical(
        tmp_path, lock_changes=content, asb="report_ref,subject_property_ref,reported_at\n"
    )

    (refusal,) = refusals(source)

    assert (refusal.table, refusal.name) == ("lock_changes", "lock_changes.csv")
    assert isinstance(refusal.error, SourceRefused)
    assert "empty" in str(refusal.error)


def test_a_missing_required_column_is_named_and_so_is_what_came(tmp_path: Path) -> None:
    source = canonical(tmp_path, lock_changes="lock_change_ref,changed_at,Home\nL1,2026-01-05,12\n")

    (refusal,) = refusals(source)

    assert "'property_ref'" in str(refusal.error)
    assert "'lock_change_ref', 'changed_at', 'Home'" in str(refusal.error)


def test_a_file_without_header_does_not_show_its_first_record(tmp_path: Path) -> None:
    source = canonical(tmp_path, lock_changes="L1,12,2026-01-05,Test Person One\n")

    (refusal,) = refusals(source)

    assert "4 column(s)" in str(refusal.error)
    assert "Test Person One" not in str(refusal.error)


def test_a_column_that_comes_twice_is_named(tmp_path: Path) -> None:
    source = canonical(
        tmp_path, lock_changes="lock_change_ref,property_ref,Property_Ref,changed_at\n"
    )

    (refusal,) = refusals(source)

    assert "'property_ref'" in str(refusal.error)
    assert "twice" in str(refusal.error)


def test_utf_16_declared_as_utf_8_is_refused(tmp_path: Path) -> None:
    (refusal,) = refusals(canonical(tmp_path, lock_changes=HEADER.encode("utf-16")))

    assert 'encoding = "utf-16"' in str(refusal.error)


def test_a_damaged_archive_is_refused_before_any_row_is_given(tmp_path: Path) -> None:
    source = canonical(tmp_path)
    whole = gzip.compress((HEADER + "L1,12,2026-01-05,a\n" * 1000).encode())
    (tmp_path / "extracts" / "lock_changes.csv.gz").write_bytes(whole[:-20])

    (refusal,) = refusals(source)

    assert "read to its end" in str(refusal.error)


def test_full_file_first_then_deltas_by_name_packed_or_not(tmp_path: Path) -> None:
    source = canonical(tmp_path, lock_changes=HEADER + "L1,12,2026-01-05,a\n")
    extracts = tmp_path / "extracts"
    (extracts / "lock_changes_2026-01-07.csv").write_text(HEADER + "L3,12,2026-01-07,c\n")
    (extracts / "lock_changes-2026-01-06.csv.gz").write_bytes(
        gzip.compress((HEADER + "L2,12,2026-01-06,b\n").encode())
    )

    outcomes = [o for o in source.extracts(nothing_is_taken) if isinstance(o, Extract)]

    assert [outcome.name for outcome in outcomes] == [
        "lock_changes.csv",
        "lock_changes-2026-01-06.csv.gz",
        "lock_changes_2026-01-07.csv",
    ]
    assert outcomes[1].rows.read_all()["lock_change_ref"].to_pylist() == ["L2"]


def test_a_file_already_taken_is_not_read_again(tmp_path: Path) -> None:
    source = canonical(tmp_path, lock_changes=HEADER + "L1,12,2026-01-05,a\n")
    (first,) = source.extracts(nothing_is_taken)
    assert isinstance(first, Extract)

    (second,) = source.extracts({first.fingerprint}.__contains__)

    assert second == AlreadyTaken("lock_changes", "lock_changes.csv", first.fingerprint)


def test_other_content_is_another_fingerprint(tmp_path: Path) -> None:
    source = canonical(tmp_path, lock_changes=HEADER + "L1,12,2026-01-05,a\n")
    (before,) = source.extracts(nothing_is_taken)
    (tmp_path / "extracts" / "lock_changes.csv").write_text(HEADER + "L1,12,2026-01-05,b\n")

    (after,) = source.extracts(nothing_is_taken)

    assert isinstance(before, Extract) and isinstance(after, Extract)
    assert before.fingerprint != after.fingerprint


MAPPED = """
enabled = true
kind = "delimited"
[tables.lock_changes]
files = ["locks.csv"]
columns = { lock_change_ref = "a", property_ref = "b", changed_at = "c" }
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[tables.lock_changes]", '[tables.lock_changes]\ndate_format = "%d/%m/%Y"'),
        ('"delimited"', '"delimited"\nencoding = "cp1252"'),
    ],
)
def test_a_changed_mapping_reads_the_same_file_again(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "locks.csv").write_text("a,b,c\n1,2,05/01/2026\n")
    (before,) = mapped_source(MAPPED, tmp_path, tmp_path).extracts(nothing_is_taken)

    (after,) = mapped_source(MAPPED.replace(old, new), tmp_path, tmp_path).extracts(
        nothing_is_taken
    )

    assert isinstance(before, Extract)
    assert isinstance(after, Extract)
    assert before.fingerprint != after.fingerprint


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    source = canonical(tmp_path, lock_changes=HEADER + "L1,12,2026-01-05,a\n")
    (extract,) = source.extracts(nothing_is_taken)
    assert isinstance(extract, Extract)
    with (tmp_path / "extracts" / "lock_changes.csv").open("a") as file:
        file.write("L2,12,2026-01-06,b\n")

    with pytest.raises(SourceRefused, match="changed while it was read"):
        extract.rows.read_all()

    assert [type(error) for error in extract.failures] == [SourceRefused]


def test_a_missing_folder_is_an_absent_source(tmp_path: Path) -> None:
    source = canonical(tmp_path)
    (tmp_path / "extracts").rmdir()

    with pytest.raises(SourceAbsent, match="folder"):
        list(source.extracts(nothing_is_taken))


def test_a_folder_without_a_known_file_is_an_absent_source(tmp_path: Path) -> None:
    source = canonical(tmp_path, holiday_photos="a,b\n1,2\n")

    with pytest.raises(SourceAbsent, match="export"):
        list(source.extracts(nothing_is_taken))
