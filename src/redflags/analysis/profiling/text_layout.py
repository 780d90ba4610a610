"""How a text file is written: encoding, delimiter, quote, lines before the header."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from redflags.analysis.profiling.fixed_width import guess_fields
from redflags.analysis.profiling.header_guesses import Header, guess_header
from redflags.analysis.profiling.samples import Layout, Sample

DELIMITERS = (",", "|", "\t", ";", "^", "~", "¬")
MOST_LINES, LAST_LINES = 20_000, 30
LEAST_CONSISTENT = 0.8
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NUL_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class _Split:
    """The rows of a text under one delimiter and quote, and the line on which each begins."""

    delimiter: str
    quote: str
    rows: list[list[str]]
    first_lines: list[int]

    @property
    def width(self) -> int:
        widths = Counter(len(row) for row in self.rows if row)
        return max(widths, key=lambda width: (widths[width], width), default=0)

    @property
    def consistency(self) -> float:
        """The share of rows that are as wide, from the first that is: lines of a title are not."""
        return self._share(list(dropwhile(lambda row: len(row) != self.width, self.rows)))

    @property
    def whole_consistency(self) -> float:
        return self._share(self.rows)

    def _share(self, rows: list[list[str]]) -> float:
        filled, width = [row for row in rows if row], self.width
        return sum(len(row) == width for row in filled) / len(filled) if filled else 0.0


def guess_encoding(data: bytes, is_whole: bool) -> tuple[str, str]:
    """The encoding as a mapping names it, and a remark; a cut end of a sample does not count."""
    if data.startswith(_UTF16):
        return "utf-16", ""
    if data[:2000].count(0) > _NUL_SHARE * len(data[:2000]):
        return "utf-16", "no mark says so, but every other byte is nought"
    whole = data if is_whole else data[: data.rfind(b"\n") + 1]
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        return _one_byte(whole)
    return "utf-8", ""


def _one_byte(data: bytes) -> tuple[str, str]:
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    as_utf8 = sum(_is_utf8(line) for line in lines)
    remark = f"{as_utf8} of {len(lines)} lines with accents are UTF-8" if as_utf8 else ""
    if as_utf8 > len(lines) / 2:
        return "utf-8", f"{remark}, the others are not: the file is a mixture"
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1", remark
    return "cp1252", remark


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def sample_of_text(name: str, data: bytes, is_whole: bool = True, folder: str = "") -> Sample:
    """What a delimited or fixed-width file holds. It has no rows when nothing can be split."""
    encoding, remark = guess_encoding(data, is_whole)
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").split("\n")
    is_open = lines[-1] != "" if is_whole else None
    if not is_whole:
        lines = lines[:-1]
    remarks = tuple(filter(None, (remark,)))
    split = _best_split(lines[:MOST_LINES])
    if split is None:
        layout = Layout("fixed_width", folder, encoding, last_line_open=is_open)
        return guess_fields(name, [line for line in lines if line.strip()], layout, remarks)
    layout = Layout("delimited", folder, encoding, last_line_open=is_open)
    return _delimited(name, split, lines, layout, remarks)


def _delimited(
    name: str, split: _Split, lines: Sequence[str], layout: Layout, remarks: tuple[str, ...]
) -> Sample:
    start = next(n for n, row in enumerate(split.rows) if _is_full(row, split.width))
    header = guess_header([row for row in split.rows[start:] if len(row) == split.width])
    layout = Layout(
        layout.kind,
        layout.folder,
        layout.encoding,
        split.delimiter,
        split.quote,
        split.first_lines[start],
        layout.last_line_open,
    )
    odd = sum(len(row) not in (0, split.width) for row in split.rows[start:])
    if odd:
        remarks = (*remarks, f"{odd} rows do not have {split.width} fields")
    last = _rows(lines[-LAST_LINES:], split.delimiter, split.quote)
    return _sample(name, layout, header, [row for row, _ in last], remarks)


def _sample(
    name: str,
    layout: Layout,
    header: Header,
    last: Sequence[Sequence[str]],
    remarks: tuple[str, ...],
) -> Sample:
    width = len(header.names)
    return Sample(
        files=(name,),
        layout=layout,
        names=header.names,
        rows=tuple(tuple(map(str.strip, row)) for row in header.rows),
        has_header=header.is_there,
        last_rows=tuple(tuple(map(str.strip, row)) for row in last if len(row) == width),
        remarks=remarks,
    )


def _best_split(lines: Sequence[str]) -> _Split | None:
    """The delimiter that gives most rows the same number of fields, the more fields the better."""
    splits = [
        split
        for delimiter in DELIMITERS
        for quote in ('"', "'", "")
        if (split := _split(lines, delimiter, quote)) and split.consistency >= LEAST_CONSISTENT
    ]
    wide = [split for split in splits if split.width > 1]
    return max(wide, key=_likeliness, default=None)


def _likeliness(split: _Split) -> tuple[float, int, int]:
    """Fewer odd rows, then more fields; double quotes are what nearly everybody writes."""
    plain = {'"': 2, "": 1, "'": 0}[split.quote]
    return round(split.whole_consistency, 2), split.width, plain


def _split(lines: Sequence[str], delimiter: str, quote: str) -> _Split | None:
    if quote == "'" and not any(f"{delimiter}'" in line for line in lines):
        return None
    if not any(delimiter in line for line in lines):
        return None
    rows = list(_rows(lines, delimiter, quote))
    return _Split(delimiter, quote, [row for row, _ in rows], [line for _, line in rows])


def _rows(lines: Sequence[str], delimiter: str, quote: str) -> Iterator[tuple[list[str], int]]:
    reader = csv.reader(
        (f"{line}\n" for line in lines),
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )
    before = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            before = reader.line_num
            continue
        yield row, before
        before = reader.line_num


def _is_full(row: Sequence[str], width: int) -> bool:
    """Whether a row may be the header: as wide as the others, and more than a word of a title."""
    return len(row) == width and sum(bool(cell.strip()) for cell in row) > width / 2
