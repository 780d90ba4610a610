"""What a landlord hands in about groups of people: their share of each area, and never a home's.

``fairness_groups.csv`` has the columns area, group and share (a number from 0 to 1).
"""

import csv
from collections.abc import Iterable, Iterator, Mapping

from redflags.errors import ConfigurationError

NAME = "fairness_groups.csv"
COLUMNS = ("area", "group", "share")

Shares = Mapping[str, Mapping[str, float]]
"""By group, then by area."""


def read_shares(text: str) -> Shares:
    """Raises ConfigurationError with every fault: the line and what was expected, no value."""
    rows = csv.DictReader(text.lstrip("\ufeff").splitlines())
    columns = [name.strip() for name in rows.fieldnames or ()]
    if sorted(columns) != sorted(COLUMNS):
        raise ConfigurationError([f"{NAME}: expected the columns {', '.join(COLUMNS)}"])
    rows.fieldnames = columns
    found: dict[str, dict[str, float]] = {}
    faults = list(_fill(found, enumerate(rows, start=2)))
    if faults:
        raise ConfigurationError(faults)
    return found


def _fill(
    found: dict[str, dict[str, float]], rows: Iterable[tuple[int, dict[str, str]]]
) -> Iterator[str]:
    for number, row in rows:
        area, group = ((row[name] or "").strip() for name in ("area", "group"))
        share = _share(row["share"])
        if not (area and group):
            yield f"{NAME}: line {number}: expected an area and a group"
        elif share is None:
            yield f"{NAME}: line {number}: share: expected a number from 0 to 1"
        elif area in found.setdefault(group, {}):
            yield f"{NAME}: line {number}: this area and group came before"
        else:
            found[group][area] = share


def _share(text: str | None) -> float | None:
    try:
        share = float(text or "")
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None
