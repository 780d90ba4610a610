"""Tables as files for a spreadsheet, which works out nothing of what is in them."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

from redflags.services.reports.report_files import FORMULA_SIGNS


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The table with its heads; no cell begins with what a spreadsheet takes for a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return file.getvalue()


def download(text: str, name: str) -> Response:
    """`text` to be saved as `name`, which says nothing but what kind of table it is."""
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _plain(cell: object) -> object:
    """Numbers stay numbers; blanks before a formula do not hide it."""
    is_formula = isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA_SIGNS)
    return f"'{cell}" if is_formula else cell
