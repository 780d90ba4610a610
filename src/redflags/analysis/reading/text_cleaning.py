"""What web pages, spreadsheets and wrong code pages leave in a text, taken out or put right.

Every cell passes here once, before it is masked, read or stored. Cleaning what is clean changes
nothing; letters, figures, marks and the hyphens people use stay as they came.
"""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from redflags.analysis.reading.double_encoding import decoded_once
from redflags.analysis.reading.markup import without_html, without_rich_text
from redflags.domain.half_characters import without_half_surrogates

MOST_ROUNDS = 10
"""Text that was escaped twice takes two rounds; nothing real takes ten."""

_ODD_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_LINE_ENDS = "\x0b\x0c\u2028\u2029"
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x9f"
_LOST_APOSTROPHE = "[a-z]\ufffd(?:t|s|re|ve|ll|d|m)\\b|[a-z]n\\?t\\b"
_WORTH_CLEANING = (
    f"[{_CONTROLS}{_LINE_ENDS}{_ODD_BLANKS}{_INVISIBLE}\u00c2-\u00f4]"
    r"|\r(?:[^\n]|\z)|&#?[0-9A-Za-z]+;|<[/!A-Za-z]|_x00[015][0-9A-Fa-f]_|\{\\rtf"
    f"|(?i:{_LOST_APOSTROPHE})"
)
"""The same for Arrow and for Python, which alone can meet half a surrogate pair."""
_worth_cleaning = re.compile(_WORTH_CLEANING.replace(r"\z", r"\Z") + "|[\ud800-\udfff]")

_spreadsheet_escape = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff])_")
_lone_return = re.compile(r"\r(?!\n)")
_apostrophe_lost = re.compile(
    r"(?i)(?<=[a-z])\ufffd(?=(?:t|s|re|ve|ll|d|m)\b)|(?<=[a-z]n)\?(?=t\b)"
)


def _characters(ranges: str) -> list[str]:
    """The characters of a regular expression's class."""
    return re.findall(f"[{ranges}]", "".join(map(chr, range(0x10000))))


_AS_WINDOWS_MEANT = {
    chr(byte): bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)
}
_PLAIN = str.maketrans(
    dict.fromkeys(_characters(_CONTROLS), " ")
    | _AS_WINDOWS_MEANT
    | dict.fromkeys(_characters(_ODD_BLANKS), " ")
    | dict.fromkeys(_characters(_LINE_ENDS), "\n")
    | dict.fromkeys(["\x00", *_characters(_INVISIBLE)], "")
)

_MARKS = (b"&", b"<", b"\x7f", b"_x00", b"{\\rtf", b"n?t", b"N?T")


def clean(text: str) -> str:
    """The text as the person who wrote it would have it shown.

    Character references, tags, rich text, `_x000D_`, control and invisible characters, no-break
    blanks, double encoding and half surrogates go; a block of a web page becomes a line.
    """
    for _ in range(MOST_ROUNDS):
        if not _worth_cleaning.search(text):
            break
        before, text = text, _cleaned_once(text)
        if text == before:
            break
    return text


def clean_texts(texts: Sequence[str]) -> list[str]:
    """`clean` of each text, quick where most are clean."""
    cleaned = clean_column(text_column(texts))
    return [text or "" for text in cleaned.to_pylist()]


def clean_column(column: pa.Array) -> pa.Array:
    """`clean` of each cell of a text column; blank cells stay null.

    Most columns are passed by after one look at their bytes; of the others only the cells that hold
    something odd are touched.
    """
    if not _may_hold_something_odd(column):
        return column
    is_odd = pc.fill_null(pc.match_substring_regex(column, _WORTH_CLEANING), False)
    if not pc.any(is_odd).as_py():
        return column
    odd = column.filter(is_odd)
    distinct = odd.dictionary_encode()
    cleaned = pa.array([clean(text) for text in distinct.dictionary.to_pylist()], column.type)
    return pc.replace_with_mask(column, is_odd, cleaned.take(distinct.indices))


def text_column(values: Sequence[str | None]) -> pa.Array:
    """Texts as a column; half a surrogate pair, which no column can hold, becomes U+FFFD."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        whole = [value and without_half_surrogates(value) for value in values]
        return pa.array(whole, pa.string())


def _may_hold_something_odd(column: pa.Array) -> bool:
    _, offsets, data = column.buffers()
    if data is None or not len(column):
        return False
    bounds = np.frombuffer(offsets, dtype=np.int32)
    start, end = bounds[column.offset], bounds[column.offset + len(column)]
    cells = np.frombuffer(data, dtype=np.uint8)[start:end]
    if (cells < ord(" ")).any():
        return True
    whole = cells.tobytes()
    return not whole.isascii() or any(mark in whole for mark in _MARKS)


def _cleaned_once(text: str) -> str:
    text = _spreadsheet_escape.sub(lambda match: chr(int(match[1], 16)), text)
    text = without_rich_text(text)
    text = without_html(text)
    text = decoded_once(without_half_surrogates(text))
    text = _apostrophe_lost.sub("'", text)
    return _lone_return.sub("\n", text).translate(_PLAIN)
