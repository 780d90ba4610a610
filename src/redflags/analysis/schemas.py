"""The input tables of the contract, column by column: the one place where their names are spelled.

What is not listed here is dropped on intake.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds, and so how its text is read."""

    REF = "ref"
    TEXT = "text"
    CATEGORY = "category"
    DATE = "date"
    TIMESTAMP = "timestamp"
    MONEY = "money"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `required` means the column must be there and no row may leave it blank.

    `lenient` drops a value that cannot be read instead of setting the row aside; `when_blank` fills
    a blank of a required column, where losing the row would be worse.
    """

    name: str
    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()
    lenient: bool = False
    when_blank: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One input table; a later row with the same `key` columns replaces an earlier one."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def required_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _ref(name: str, required: bool = False) -> Column:
    return Column(name, Kind.REF, required)


def _text(name: str) -> Column:
    return Column(name, Kind.TEXT)


def _category(name: str, required: bool = False, choices: tuple[str, ...] = ()) -> Column:
    return Column(name, Kind.CATEGORY, required, choices)


PROPERTY_TYPES = ("house", "flat", "maisonette", "bungalow", "sheltered", "other")
WORK_TYPES = (
    "responsive",
    "void",
    "planned",
    "cyclical",
    "adaptation",
    "defect",
    "communal",
    "other",
)
PROTECTED_REASONS = ("open_case", "sanctuary_works", "do_not_contact", "staff_household")

PROPERTIES = Table(
    "properties",
    ("property_ref",),
    (
        _ref("property_ref", required=True),
        _ref("uprn"),
        _category("property_type", choices=PROPERTY_TYPES),
        Column("bedrooms", Kind.COUNT),
        Column("build_year", Kind.COUNT),
        _ref("block_ref"),
        _ref("patch"),
    ),
)
TENANCIES = Table(
    "tenancies",
    ("tenancy_ref",),
    (
        _ref("tenancy_ref", required=True),
        _ref("property_ref", required=True),
        Column("start_date", Kind.DATE, required=True),
        Column("end_date", Kind.DATE),
        _category("tenure_code"),
    ),
)
REPAIRS = Table(
    "repairs",
    ("work_order_ref",),
    (
        _ref("work_order_ref", required=True),
        _ref("property_ref", required=True),
        Column("raised_at", Kind.TIMESTAMP, required=True),
        Column("completed_at", Kind.TIMESTAMP, lenient=True),
        _category("status"),
        _category("work_type", choices=WORK_TYPES),
        _category("priority_code"),
        _category("trade_code"),
        _category("sor_code"),
        _text("description"),
        _text("notes"),
        Column("cost_gbp", Kind.MONEY),
    ),
)
LOCK_CHANGES = Table(
    "lock_changes",
    ("lock_change_ref",),
    (
        _ref("lock_change_ref", required=True),
        _ref("property_ref", required=True),
        Column("changed_at", Kind.TIMESTAMP, required=True),
        _text("reason"),
        _ref("work_order_ref"),
        Column("cost_gbp", Kind.MONEY),
    ),
)
ASB = Table(
    "asb",
    ("report_ref",),
    (
        _ref("report_ref", required=True),
        _ref("case_ref"),
        _ref("subject_property_ref", required=True),
        Column("reported_at", Kind.TIMESTAMP, required=True),
        _category("category"),
        _text("description"),
        _ref("merged_into"),
    ),
)
HOMELESSNESS = Table(
    "homelessness",
    ("presentation_ref",),
    (
        _ref("presentation_ref", required=True),
        _ref("tenancy_ref", required=True),
        Column("presented_at", Kind.TIMESTAMP, required=True),
        _text("reason"),
    ),
)
CONCERNS = Table(
    "concerns",
    ("concern_ref",),
    (
        _ref("concern_ref", required=True),
        _ref("property_ref", required=True),
        Column("observed_at", Kind.TIMESTAMP, required=True),
        _category("reporter_role"),
        _text("concern"),
    ),
)
# A row that protects somebody is never set aside for a fault: without its dates it holds for ever,
# without its reason it protects all the same.
PROTECTED = Table(
    "protected",
    ("tenancy_ref", "reason_code", "from_date"),
    (
        _ref("tenancy_ref", required=True),
        Column(
            "reason_code",
            Kind.CATEGORY,
            required=True,
            choices=PROTECTED_REASONS,
            when_blank="not_given",
        ),
        Column("from_date", Kind.DATE, lenient=True),
        Column("until_date", Kind.DATE, lenient=True),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        PROPERTIES,
        TENANCIES,
        REPAIRS,
        LOCK_CHANGES,
        ASB,
        HOMELESSNESS,
        CONCERNS,
        PROTECTED,
    )
}
EVENT_TABLES = ("repairs", "lock_changes", "asb", "homelessness", "concerns")
"""Each row is something that happened, and belongs to the source that tells of it."""
EVIDENCE_TABLES = ("repairs", "lock_changes", "asb")
"""At least one of these must be there for a night to mean anything."""

END_COLUMNS = frozenset({"end_date", "until_date", "completed_at"})
"""Dates at which something ends; systems that must fill them in write 9999 or 1900 for none."""

SIGNALS = (
    "lock_change",
    "door_damage",
    "window_damage",
    "internal_damage",
    "security_request",
    "noise_disturbance",
    "asb_report",
    "homeless_presentation",
    "abandonment",
    "staff_concern",
)
UNSIGNALLED = "unsignalled"
"""Where a record is counted that tells of force, fear or a partner and is no other sign."""
COUNTED_SIGNALS = (*SIGNALS, "repair_count", "repair_cost")
INNOCENT_REASONS = (
    "void",
    "planned",
    "adaptation",
    "storm",
    "block_event",
    "recall",
    "lost_key",
    "new_tenancy",
    "services_entry",
    "burglary",
    "communal",
    "sanctuary",
)
TELLS = ("force", "fear", "partner")
