"""The cells of a sheet, row by row, with what openpyxl keeps to itself.

A formula whose result was never stored looks like an empty cell there; here it is a cell error.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from redflags.analysis.cell_errors import FORMULA_WITHOUT_VALUE

DATES_FROM_1900, DATES_FROM_1904 = 1900, 1904
_WORKBOOK = "xl/workbook.xml"
_FROM_1904 = re.compile(rb"date1904=[\"'](?:1|true)[\"']")


def cell_rows(sheet: ReadOnlyWorksheet) -> Iterator[tuple[Any, ...]]:
    """The values of each row from the first on; rows that are not in the file are empty."""
    book = sheet.parent
    with sheet._get_source() as source:
        parser = _Parser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        expected = 1
        for number, cells in parser.parse():
            for _ in range(expected, number):
                yield ()
            yield _values(cells)
            expected = number + 1


def date_system(path: Path) -> int:
    """The year from which a workbook counts its days: old ones of Apple's Excel start in 1904."""
    with zipfile.ZipFile(path) as archive:
        if _WORKBOOK not in archive.namelist():
            return DATES_FROM_1900
        is_later = _FROM_1904.search(archive.read(_WORKBOOK))
    return DATES_FROM_1904 if is_later else DATES_FROM_1900


def _values(cells: list[dict[str, Any]]) -> tuple[Any, ...]:
    values: list[Any] = [None] * max((cell["column"] for cell in cells), default=0)
    for cell in cells:
        values[cell["column"] - 1] = cell["value"]
    return tuple(values)


class _Parser(WorkSheetParser):  # type: ignore[misc]
    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        is_formula = element.find(FORMULA_TAG) is not None
        if cell["value"] is None and is_formula and element.find(VALUE_TAG) is None:
            cell["value"] = FORMULA_WITHOUT_VALUE
        return cell
