"""No row is lost: rows in the file = rows delivered + malformed rows, whatever is in it."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.examples import examples
from redflags.adapters.sources.files import delimited_file, text_encoding
from redflags.adapters.sources.files.delimited_file import open_delimited
from redflags.adapters.sources.files.delimited_header import Layout
from redflags.analysis.extracts import RowFault

CELLS = st.text(alphabet='ab ,"\n\r\u00e9\u2011;6', max_size=6)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12)
HARMLESS = st.text(alphabet="ab ;6\u00e9", min_size=1, max_size=4)
BAD_LINES = st.sampled_from([b"1,2", b"1,2,3,4", b'1,"never closed,3', b"1"])


def written(rows: Sequence[Sequence[str]], quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", quoting=quoting)
    writer.writerows(rows)
    return text.getvalue().encode()


def read(data: bytes) -> tuple[list[tuple[int, list[str | None]]], list[RowFault]]:
    file = open_delimited(lambda: io.BytesIO(b"x,y,z\n" + data), Layout())
    faults: list[RowFault] = []
    rows = [
        (row.pop("_row"), list(row.values()))
        for batch in file.batches([0, 1, 2], faults)
        for row in batch.rows.to_pylist()
    ]
    return rows, faults


@pytest.fixture(params=[7, 64, 1 << 20], ids=lambda size: f"blocks of {size}", scope="module")
def _block_size(request: pytest.FixtureRequest):
    """Blocks so small that every row is cut somewhere."""
    before = text_encoding.BLOCK_BYTES, delimited_file.SMALL_BYTES
    text_encoding.BLOCK_BYTES, delimited_file.SMALL_BYTES = request.param, 16
    yield
    text_encoding.BLOCK_BYTES, delimited_file.SMALL_BYTES = before


@pytest.mark.usefixtures("_block_size")
@examples(60)
@given(ROWS, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_what_was_written_well_comes_back_whole(
    rows: list[tuple[str, str, str]], quoting: int
) -> None:
    if quoting == csv.QUOTE_MINIMAL:  # which leaves a lone carriage return without quotes
        rows = [tuple(cell.replace("\r", "") for cell in row) for row in rows]

    delivered, faults = read(written(rows, quoting))

    assert faults == []
    assert delivered == [(n, [cell or None for cell in row]) for n, row in enumerate(rows, start=1)]


@pytest.mark.usefixtures("_block_size")
@examples(60)
@given(st.lists(st.one_of(st.tuples(HARMLESS, HARMLESS, HARMLESS), BAD_LINES), max_size=15))
def test_each_bad_line_is_one_malformed_row_and_no_other(
    lines: list[tuple[str, str, str] | bytes],
) -> None:
    data = b"".join(
        line + b"\n" if isinstance(line, bytes) else written([line], csv.QUOTE_ALL)
        for line in lines
    )

    delivered, faults = read(data)

    bad = [n for n, line in enumerate(lines, start=1) if isinstance(line, bytes)]
    good = [n for n, line in enumerate(lines, start=1) if not isinstance(line, bytes)]
    assert [fault.row for fault in faults] == bad
    assert [number for number, _ in delivered] == good


@pytest.mark.usefixtures("_block_size")
@examples(80)
@given(st.binary(max_size=120))
def test_any_bytes_give_numbered_rows_without_gap(data: bytes) -> None:
    delivered, faults = read(data)

    malformed = [fault.row for fault in faults if not fault.code.is_note]
    numbers = sorted([number for number, _ in delivered] + malformed)
    assert numbers == list(range(1, len(numbers) + 1))
