"""One file or query under one mapping: the extract that comes of it."""

from collections.abc import Iterator

import pyarrow as pa

from redflags.adapters.sources.mapping.apply_mapping import Tally, mapped, schema_of
from redflags.adapters.sources.mapping.column_plan import make_plan
from redflags.adapters.sources.mapping.mapping_language import TableMapping
from redflags.adapters.sources.raw_rows import RawRows, with_clean_cells
from redflags.adapters.sources.reading_report import report_of
from redflags.adapters.sources.source_refusal import refusal_of
from redflags.analysis.extracts import Extract, RowFault
from redflags.analysis.schemas import Table
from redflags.errors import SourceError


def extract_of(
    rows: RawRows, table: Table, mapping: TableMapping, source: str, name: str, fingerprint: str
) -> Extract:
    """Raises SourceRefused when a column that the mapping cannot do without is missing."""
    plan = make_plan(table, mapping, rows.columns)
    faults: list[RowFault] = []
    report = report_of(rows)
    tally = Tally({}, {}, {}, notes=report.notes)
    failures: list[SourceError] = []
    clean = with_clean_cells(rows.batches(plan.places, faults))
    stream = mapped(plan, clean, tally, faults)
    return Extract(
        table=table.name,
        source=source,
        name=name,
        fingerprint=fingerprint,
        rows=pa.RecordBatchReader.from_batches(schema_of(plan), _remembered(stream, failures)),
        absent_columns=plan.absent,
        faults=faults,
        left_out=tally.left_out,
        unmapped=tally.unmapped,
        lost_in_joins=tally.lost_in_joins,
        failures=failures,
        notes=report.notes,
        doubts=tally.doubts,
        shortfalls=report.shortfalls,
        repeated=mapping.repetition(table),
    )


def _remembered(
    stream: Iterator[pa.RecordBatch], failures: list[SourceError]
) -> Iterator[pa.RecordBatch]:
    """The stream; what breaks it off is a SourceError, and also put into `failures`."""
    try:
        yield from stream
    except SourceError as error:
        failures.append(error)
        raise
    except Exception as error:
        failures.append(refusal_of(error))
        raise failures[-1] from None
