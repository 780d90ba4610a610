"""An extract as far as it was looked at: its layout, and its cells as text."""

from dataclasses import dataclass, field
from enum import StrEnum


class Sureness(StrEnum):
    """How sure a guess is, in the word that is written beside it."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written; two files of one layout can be one source.

    `fields` are the first character (from 1) and length of each field of fixed width.
    """

    kind: str
    folder: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    skip_lines: int = 0
    last_line_open: bool | None = None
    fields: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """The rows of one file, sheet or list of records that were looked at.

    Args:
        files: names of the files that have these columns.
        names: of the columns, as a mapping would call them.
        rows: as many cells as names in each, trimmed; a blank cell is the empty text.
        has_header: whether the names came from the file.
        last_rows: the last rows of the file, among which a total may be.
        are_lines_cut: whether lines of fixed width lack their last blanks.
        sheet: of a workbook; `resource` and `items` of a JSON answer, `url` of its server.
        remarks: what else was noticed, in sentences without any value.
    """

    files: tuple[str, ...]
    layout: Layout
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    has_header: bool = True
    last_rows: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    are_lines_cut: bool = False
    sheet: str = ""
    resource: str = ""
    items: str = ""
    url: str = ""
    remarks: tuple[str, ...] = ()

    def column(self, name: str) -> list[str]:
        """The filled cells of a column."""
        place = self.names.index(name)
        return [row[place] for row in self.rows if row[place]]
