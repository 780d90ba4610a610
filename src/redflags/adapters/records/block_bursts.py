"""What many homes of one place showed within days is the place's doing, not the home's."""

from dataclasses import dataclass
from datetime import date

import duckdb

from redflags.configuration.ruleset import Innocent


@dataclass(frozen=True, slots=True)
class _Burst:
    """One kind: which place, which signals, how close together, and which tells survive it."""

    reason: str
    place: str
    signals: tuple[str, ...]
    days: int
    homes: int
    spares: tuple[str, ...]


def mark_bursts(connection: duckdb.DuckDBPyConnection, innocent: Innocent, as_of: date) -> None:
    """Fill in `block_event` and `storm` in the temp table `sign`.

    A programme or vandals may hit any door, window or lock of a block, and what they break is
    broken by force. A storm breaks outside doors and windows and kicks nothing in.
    """
    for burst in (
        _Burst(
            "block_event",
            "block_ref",
            ("lock_change", "door_damage", "window_damage", "internal_damage"),
            innocent.block_burst_days.value,
            innocent.block_burst_homes.value,
            spares=("fear", "partner"),
        ),
        _Burst(
            "storm",
            "patch",
            ("door_damage", "window_damage"),
            innocent.storm_days.value,
            innocent.storm_homes.value,
            spares=("force", "fear", "partner"),
        ),
    ):
        _mark(connection, burst, as_of)


def _mark(connection: duckdb.DuckDBPyConnection, burst: _Burst, as_of: date) -> None:
    """Many = `homes` above the place's own usual number in so many days (mean and two standard
    deviations of a Poisson count), so a large block does not burst by chance. The days looked at
    are not part of what is usual.
    """
    signals = ", ".join(f"'{signal}'" for signal in burst.signals)
    spared = ", ".join(f"'{tell}'" for tell in burst.spares)
    connection.execute(
        f"""
CREATE OR REPLACE TEMP TABLE burst AS
WITH candidate AS (
  SELECT table_name, ref, source, signal, {burst.place} AS place, household_ref, occurred_on
  FROM sign
  WHERE innocent_reason = '' AND {burst.place} IS NOT NULL AND signal IN ({signals})),
watched AS (SELECT $as_of - min(occurred_on) + 1 AS days FROM candidate),
home_days AS (SELECT DISTINCT place, signal, household_ref, occurred_on FROM candidate),
whole AS (SELECT place, signal, count(*) AS total FROM home_days GROUP BY place, signal),
around AS (
  SELECT a.place, a.signal, a.occurred_on, count(DISTINCT b.household_ref) AS homes,
         count(*) AS inside
  FROM (SELECT DISTINCT place, signal, occurred_on FROM home_days) a
  JOIN home_days b ON b.place = a.place AND b.signal = a.signal
    AND b.occurred_on BETWEEN a.occurred_on - $days::INTEGER AND a.occurred_on + $days::INTEGER
  GROUP BY ALL),
compared AS (
  SELECT place, signal, occurred_on, homes,
         (total - inside) * $span / greatest((SELECT days FROM watched) - $span, $span) AS expected
  FROM around JOIN whole USING (place, signal))
SELECT c.table_name, c.ref, c.source
FROM candidate c JOIN compared USING (place, signal, occurred_on)
WHERE homes >= $homes + floor(expected + 2 * sqrt(expected))""",
        {"as_of": as_of, "days": burst.days, "span": 2 * burst.days + 1, "homes": burst.homes},
    )
    connection.execute(
        f"""UPDATE sign SET innocent_reason = '{burst.reason}' FROM burst
            WHERE sign.table_name = burst.table_name AND sign.ref = burst.ref
              AND sign.source = burst.source
              AND sign.tell NOT IN ({spared})"""
    )
