"""Who lives where on one day, and whose each day of an address's history is."""

from datetime import date

import duckdb

from redflags.adapters.records.connection import count_rows, first_row

CANARY_PATCH = "redflags-canary"
RECENT_DAYS = 30
PEOPLES_TENANCIES = "tenancies WHERE source <> 'canary'"
PEOPLES_PROPERTIES = "properties WHERE source <> 'canary'"


def prepare_households(connection: duckdb.DuckDBPyConnection, as_of: date) -> bool:
    """Make temp table `household`: who lives where on `as_of`. True when tenancies are known.

    Without tenancies a household is an address, and its history is not cut.
    """
    known = count_rows(connection, PEOPLES_TENANCIES) > 0
    source = _CURRENT_TENANCIES if known else _ADDRESSES
    day = {"as_of": as_of}
    connection.execute(f"CREATE OR REPLACE TEMP TABLE household AS {source}", day)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE stay AS " + (_STAYS if known else _ADDRESS_STAYS)
    )
    connection.execute(_VACANT, day)
    connection.execute(_VACANT_HOUSEHOLDS)
    return known


def count_households(connection: duckdb.DuckDBPyConnection, as_of: date) -> int:
    """Current households without the canary; of vacant homes, also those with a concern, none."""
    known = count_rows(connection, PEOPLES_TENANCIES) > 0
    (households,) = first_row(
        connection,
        f"""SELECT count(*) FROM ({_CURRENT_TENANCIES if known else _ADDRESSES})
            WHERE patch IS DISTINCT FROM '{CANARY_PATCH}'""",
        {"as_of": as_of},
    )
    return int(households)


_PLACE = """p.property_type, p.bedrooms, p.build_year, p.block_ref, p.patch"""

_CURRENT_TENANCIES = f"""
SELECT t.tenancy_ref AS household_ref, t.property_ref, t.start_date AS since, t.tenure_code,
       {_PLACE}
FROM tenancies t LEFT JOIN properties p USING (property_ref)
WHERE t.start_date <= $as_of AND (t.end_date IS NULL OR t.end_date >= $as_of)
ORDER BY household_ref"""

_ADDRESSES = f"""
SELECT a.property_ref AS household_ref, a.property_ref, NULL::DATE AS since,
       NULL::VARCHAR AS tenure_code, {_PLACE}
FROM (SELECT property_ref FROM properties UNION
      SELECT property_ref FROM records
      WHERE property_ref IS NOT NULL AND occurred_at < $as_of + INTERVAL 1 DAY) a
LEFT JOIN properties p USING (property_ref)
ORDER BY household_ref"""

# A colleague's concern goes to the queue also where nobody has a tenancy now (P5): as an address.
_VACANT = f"""
CREATE OR REPLACE TEMP TABLE vacant AS
SELECT DISTINCT property_ref FROM records
WHERE table_name = 'concerns' AND occurred_at < $as_of + INTERVAL 1 DAY
  AND occurred_at >= $as_of - INTERVAL {RECENT_DAYS} DAY
  AND property_ref NOT IN (SELECT property_ref FROM household)"""

_VACANT_HOUSEHOLDS = f"""
INSERT INTO household
SELECT v.property_ref, v.property_ref, NULL, NULL, {_PLACE}
FROM vacant v LEFT JOIN properties p USING (property_ref)"""

# The history of an address cut where a tenancy begins or ends; where two overlap, the one that
# began last has it. Each piece is a span of days with one tenancy.
_STAYS = """
WITH edge AS (
  SELECT property_ref, start_date AS from_date FROM tenancies
  UNION SELECT property_ref, (end_date + 1)::DATE FROM tenancies WHERE end_date IS NOT NULL),
span AS (
  SELECT property_ref, from_date,
         lead(from_date) OVER (PARTITION BY property_ref ORDER BY from_date) - 1 AS until_date
  FROM edge)
SELECT s.property_ref, s.from_date, s.until_date,
       arg_max(t.tenancy_ref, (t.start_date, t.tenancy_ref)) AS household_ref,
       max(t.start_date) AS since
FROM span s JOIN tenancies t ON t.property_ref = s.property_ref AND t.start_date <= s.from_date
     AND (t.end_date IS NULL OR t.end_date >= s.from_date)
GROUP BY ALL"""

_ADDRESS_STAYS = """
SELECT property_ref, DATE '1900-01-01' AS from_date, NULL::DATE AS until_date,
       household_ref, NULL::DATE AS since
FROM household"""
