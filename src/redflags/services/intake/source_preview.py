"""What ``redflags check --source`` shows: what becomes of ten rows, and what does not fit.

References and texts are told by their shapes, so that what is printed may be read by anybody who
may see the codes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd
import pyarrow as pa

from redflags.analysis.extracts import Extract, Refusal, Staged
from redflags.analysis.profiling.code_guesses import may_be_shown
from redflags.analysis.profiling.value_shapes import shape_of, shapes_of
from redflags.analysis.reading.classification import CODE_COLUMNS, Classifier
from redflags.analysis.schemas import TABLES, Kind
from redflags.domain.property_reference import plain_ref
from redflags.errors import SourceError
from redflags.services.intake.source_check import unmapped_lines
from redflags.services.ports import Source

SHOWN_ROWS, WIDEST_CELL, SHOWN_CODES = 10, 24, 10
_REF_COLUMNS = {
    "repairs": ("property_ref", "homes"),
    "lock_changes": ("property_ref", "homes"),
    "asb": ("subject_property_ref", "homes"),
    "concerns": ("property_ref", "homes"),
    "tenancies": ("property_ref", "properties"),
    "homelessness": ("tenancy_ref", "tenancies"),
    "protected": ("tenancy_ref", "tenancies"),
}
_CODE_OF = {"repairs": "sor_code", "asb": "category"}


@dataclass(slots=True)
class KnownRefs:
    """References of homes (or their UPRNs) and tenancies that some source or the store has."""

    homes: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)
    tenancies: set[str] = field(default_factory=set)
    not_read: list[str] = field(default_factory=list)

    def learn(self, table: str, rows: pa.Table) -> None:
        for column, known in self._columns(table):
            if column in rows.column_names:
                known.update(plain_ref(ref) for ref in rows.column(column).to_pylist() if ref)

    def _columns(self, table: str) -> Sequence[tuple[str, set[str]]]:
        match table:
            case "properties":
                names = ("property_ref", "uprn")
                return [(name, known) for name in names for known in (self.homes, self.properties)]
            case "tenancies":
                return ("property_ref", self.homes), ("tenancy_ref", self.tenancies)
        return ()

    def of(self, what: str) -> set[str]:
        return {"homes": self.homes, "properties": self.properties}.get(what, self.tenancies)


def known_refs(sources: Iterable[Source], stored_homes: Iterable[str]) -> KnownRefs:
    """What all sources say of homes and tenancies, read now, and the homes of the record store."""
    known = KnownRefs(set(stored_homes))
    for source in sources:
        if not {"properties", "tenancies"} & set(source.tables):
            continue
        try:
            for result in source.extracts(_nothing_is_taken):
                if isinstance(result, Extract):
                    known.learn(result.table, result.rows.read_all())
        except SourceError:
            known.not_read.append(source.name)
    return known


def preview_source(
    source: Source,
    known: KnownRefs,
    stage: Callable[[Extract], Staged],
    classifier: Classifier,
) -> tuple[list[str], list[str]]:
    """Lines to be told, and faults: what of the source cannot be used at all.

    Args:
        stage: types and checks an extract in a store that is thrown away.
    """
    lines = [f"homes of source {name} are not known: it cannot be read" for name in known.not_read]
    faults: list[str] = []
    try:
        for result in source.extracts(_nothing_is_taken):
            if isinstance(result, Refusal):
                faults.append(f"source {source.name}, {result.name}: {result.error}")
            elif isinstance(result, Extract):
                lines += _about(result, known, stage, classifier)
    except SourceError as error:
        faults.append(f"source {source.name}: {error}")
    return lines, faults


def _about(
    extract: Extract, known: KnownRefs, stage: Callable[[Extract], Staged], classifier: Classifier
) -> Iterator[str]:
    rows = extract.rows.read_all()
    staged = stage(replace(extract, rows=rows.to_reader()))
    left_out = sum(extract.left_out.values())
    yield (
        f"{extract.table} from {extract.name}: {staged.usable:,} rows come in, "
        f"{staged.quarantined:,} are set aside, {left_out:,} are left out by the mapping"
    )
    yield from (f"  {line}" for line in _first_rows(extract.table, rows))
    yield from (f"  {line}" for line in _remarks(extract, staged))
    yield from (f"  {line}" for line in _unmatched(extract.table, rows, known))
    yield from (f"  {line}" for line in _unmapped(extract, rows, classifier))


def _first_rows(table: str, rows: pa.Table) -> Iterator[str]:
    """The first rows, column by column under each other."""
    names = [name for name in rows.column_names if name in TABLES[table].column_names]
    texts = [[name, *_cells(table, name, rows.column(name).to_pylist())] for name in names]
    widths = [max(map(len, column)) for column in texts]
    for line in zip(*texts, strict=True):
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _cells(table: str, name: str, values: Sequence[str | None]) -> list[str]:
    counts = Counter(values)
    return [_cell(table, name, value, counts[value]) for value in values[:SHOWN_ROWS]]


def _cell(table: str, name: str, value: str | None, rows: int) -> str:
    """Dates, sums and codes as they are; of references, texts and what may be either the shape."""
    if not value:
        return "."
    match TABLES[table].column(name).kind:
        case Kind.REF | Kind.TEXT:
            return shape_of(value)
        case Kind.CATEGORY if not may_be_shown(value, rows):
            return shape_of(value)
        case Kind.CATEGORY:
            return value
    is_plain = len(value) <= WIDEST_CELL and any(map(str.isdigit, value))
    return value if is_plain else shape_of(value)


def _remarks(extract: Extract, staged: Staged) -> Iterator[str]:
    if extract.absent_columns:
        yield f"without {', '.join(extract.absent_columns)}: the file has no such column"
    if extract.unused_columns:
        listed = ", ".join(f'"{name}"' for name in extract.unused_columns)
        yield f"columns of the file that are not used: {listed}"
    for fault in staged.fault_counts:
        where, shape = (f" in {fault.column}" if fault.column else ""), fault.shape
        yield f"{fault.rows:,} rows: {fault.code}{where}{f', such as {shape}' if shape else ''}"
    yield from (f"{rows:,} rows left out: {why}" for why, rows in sorted(extract.left_out.items()))
    yield from (*extract.doubts, *extract.notes)


def _unmatched(table: str, rows: pa.Table, known: KnownRefs) -> Iterator[str]:
    """How many rows name a home or tenancy that nobody knows, and how those are shaped."""
    column, what = _REF_COLUMNS.get(table, ("", ""))
    if column not in rows.column_names:
        return
    refs = [plain_ref(ref) for ref in rows.column(column).to_pylist() if ref]
    those = known.of(what)
    if not those:
        yield f"no {what} are known yet: {len(refs):,} rows cannot be compared"
        return
    unknown = [ref for ref in refs if ref not in those]
    word = what if len(unknown) != len(refs) else f"{what}, not one"
    if unknown:
        yield (
            f"{len(unknown):,} of {len(refs):,} rows do not match known {word}: their {column} is "
            f"shaped {shapes_of(unknown)}; those known are shaped {shapes_of(sorted(those))}"
        )
    else:
        yield f"all {len(refs):,} rows match known {what}"


def _unmapped(extract: Extract, rows: pa.Table, classifier: Classifier) -> Iterator[str]:
    for column, codes in sorted(extract.unmapped.items()):
        ranked = sorted(codes.items(), key=lambda item: (-item[1], item[0]))
        shown = [f"{code} ({n})" for code, n in ranked if may_be_shown(code, n)][:SHOWN_CODES]
        rest = len(ranked) - len(shown)
        more = f" and {rest} more" if rest else ""
        yield f"codes of {column} that the mapping does not list: {', '.join(shown)}{more}"
    if extract.table in _CODE_OF and rows.num_rows:
        yield from unmapped_lines(classifier, _codes(extract.table, rows))


def _codes(table: str, rows: pa.Table) -> pd.DataFrame:
    """Distinct codes with their rows (`n`), as the record store gives them."""
    theirs: Mapping[str, str] = {"code": _CODE_OF[table]}
    columns = {
        name: rows.column(theirs.get(name, name)).to_pylist()
        if theirs.get(name, name) in rows.column_names
        else [None] * rows.num_rows
        for name in CODE_COLUMNS
    }
    frame = pd.DataFrame({"table": table, **columns}, dtype="object")
    return frame.value_counts(dropna=False).reset_index(name="n")


def _nothing_is_taken(_fingerprint: str) -> bool:
    return False
