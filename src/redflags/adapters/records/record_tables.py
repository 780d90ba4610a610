"""How the record store keeps things: one uniform table of records, three of places and people.

A record belongs to the source that told of it. Of a home and a tenancy each source's own version is
kept in `<table>_given`, and what is read is put together from them (`versions.py`).

Every input table that tells of an event becomes rows of `records`, so that counting needs to know
one shape only. There is no primary key: DuckDB upserts scattered keys five times faster by
DELETE + INSERT in one transaction (docs/adr/0002-duckdb.md).
"""

from dataclasses import dataclass

from redflags.analysis.schemas import TABLES

DIMENSIONS = ("properties", "tenancies", "protected")
PUT_TOGETHER = ("properties", "tenancies")
"""Tables whose rows are put together from the versions of several sources; a protection is not: it
holds as long as one source says so."""


def stored_table(name: str) -> str:
    """Where the rows of a table are kept as each source gave them."""
    if name not in DIMENSIONS:
        return "records"
    return f"{name}_given" if name in PUT_TOGETHER else name


RECORD_COLUMNS = (
    "table_name",
    "ref",
    "property_ref",
    "tenancy_ref",
    "occurred_at",
    "completed_at",
    "status",
    "work_type",
    "priority_code",
    "trade_code",
    "code",
    "linked_ref",
    "cost_gbp",
)
"""What of an event is kept in clear; job text is not among it."""

CLASS_COLUMNS = ("signal", "tell", "innocent_reason", "entry")


@dataclass(frozen=True, slots=True)
class EventProjection:
    """Which column of an event table feeds which column of `records`."""

    ref: str
    occurred_at: str
    property_ref: str = "NULL"
    tenancy_ref: str = "NULL"
    completed_at: str = "NULL::TIMESTAMP"
    status: str = "NULL"
    work_type: str = "NULL"
    priority_code: str = "NULL"
    trade_code: str = "NULL"
    code: str = "NULL"
    linked_ref: str = "NULL"
    cost_gbp: str = "NULL::DOUBLE"
    text: str = "NULL"

    def select_list(self, table: str) -> str:
        """Columns of `records`, then the text, for one table."""
        named = [f"'{table}' AS table_name"]
        named += [f"{getattr(self, name)} AS {name}" for name in (*RECORD_COLUMNS[1:], "text")]
        return ", ".join(named)


EVENTS: dict[str, EventProjection] = {
    "repairs": EventProjection(
        ref="work_order_ref",
        occurred_at="raised_at",
        property_ref="property_ref",
        completed_at="completed_at",
        status="status",
        work_type="work_type",
        priority_code="priority_code",
        trade_code="trade_code",
        code="sor_code",
        cost_gbp="cost_gbp",
        text="nullif(concat_ws(' / ', description, notes), '')",
    ),
    "lock_changes": EventProjection(
        ref="lock_change_ref",
        occurred_at="changed_at",
        property_ref="property_ref",
        linked_ref="work_order_ref",
        cost_gbp="cost_gbp",
        text="reason",
    ),
    "asb": EventProjection(
        ref="report_ref",
        occurred_at="reported_at",
        property_ref="subject_property_ref",
        code="category",
        linked_ref="merged_into",
        text="description",
    ),
    "homelessness": EventProjection(
        ref="presentation_ref",
        occurred_at="presented_at",
        tenancy_ref="tenancy_ref",
        text="reason",
    ),
    "concerns": EventProjection(
        ref="concern_ref",
        occurred_at="observed_at",
        property_ref="property_ref",
        text="concern",
    ),
}

_DIMENSION_TYPES = {"date": "DATE", "count": "INTEGER"}


def _dimension_columns(name: str) -> str:
    return ", ".join(
        f"{column.name} {_DIMENSION_TYPES.get(column.kind, 'VARCHAR')}"
        for column in TABLES[name].columns
    )


def _given_ddl(name: str) -> str:
    return (
        f"CREATE TABLE IF NOT EXISTS {stored_table(name)} "
        f"({_dimension_columns(name)}, row_hash UBIGINT, source VARCHAR)"
    )


def _put_together_ddl(name: str) -> str:
    return f"CREATE TABLE IF NOT EXISTS {name} ({_dimension_columns(name)}, source VARCHAR)"


DDL = (
    """CREATE TABLE IF NOT EXISTS records (
        table_name VARCHAR, ref VARCHAR, property_ref VARCHAR, tenancy_ref VARCHAR,
        occurred_at TIMESTAMP, completed_at TIMESTAMP, status VARCHAR, work_type VARCHAR,
        priority_code VARCHAR, trade_code VARCHAR, code VARCHAR, linked_ref VARCHAR,
        cost_gbp DOUBLE, signal VARCHAR, tell VARCHAR, innocent_reason VARCHAR, entry VARCHAR,
        text_sealed BLOB, row_hash UBIGINT, source VARCHAR, given_property_ref VARCHAR)""",
    *(_given_ddl(name) for name in DIMENSIONS),
    *(_put_together_ddl(name) for name in PUT_TOGETHER),
    "CREATE TABLE IF NOT EXISTS sources (source VARCHAR, place INTEGER)",
    """CREATE TABLE IF NOT EXISTS source_tables (
        source VARCHAR, table_name VARCHAR, mapping VARCHAR)""",
    """CREATE TABLE IF NOT EXISTS same_jobs (
        source VARCHAR, table_name VARCHAR, of_source VARCHAR)""",
    """CREATE TABLE IF NOT EXISTS source_changes (
        noticed_on DATE, source VARCHAR, table_name VARCHAR, change VARCHAR, n BIGINT)""",
    "CREATE TABLE IF NOT EXISTS contradictions (table_name VARCHAR, column_name VARCHAR, n BIGINT)",
    """CREATE TABLE IF NOT EXISTS files_taken (
        taken_no BIGINT, fingerprint VARCHAR, source VARCHAR, table_name VARCHAR, name VARCHAR,
        taken_on DATE, read BIGINT, accepted BIGINT, quarantined BIGINT, replaced BIGINT)""",
    """CREATE TABLE IF NOT EXISTS problems (
        noticed_on DATE, source VARCHAR, name VARCHAR, table_name VARCHAR, row_number BIGINT,
        ref_pseudonym VARCHAR, column_name VARCHAR, code VARCHAR)""",
    """CREATE TABLE IF NOT EXISTS pulls (
        source VARCHAR, table_name VARCHAR, asked VARCHAR, began_at TIMESTAMP,
        full_at TIMESTAMP)""",
    "CREATE TABLE IF NOT EXISTS facts (name VARCHAR, value VARCHAR)",
)
