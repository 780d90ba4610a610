"""From signs to marks: what the episodes' model looks at, by age. Nothing here is dated later."""

from datetime import date

import duckdb
import pandas as pd

from redflags.analysis.episodes import MARKS
from redflags.configuration.ruleset import Episodes, MissedVisits

IS_MISSED_VISIT = """table_name = 'repairs' AND household_ref IS NOT NULL
    AND list_contains($work_types, work_type) AND list_contains($statuses, lower(trim(status)))"""
IS_LOST_KEY = "innocent_reason = 'lost_key' AND signal = 'lock_change'"

_MARKS = f"""
WITH report AS (
  SELECT household_ref, signal, tell, occurred_on, ref, source,
         occurred_on - lag(occurred_on) OVER following <= $spell_days AS follows
  FROM sign WHERE table_name = 'asb' AND innocent_reason = '' AND signal <> ''
  WINDOW following AS (PARTITION BY household_ref ORDER BY occurred_on, ref, source)),
spell AS (
  SELECT *, count(*) FILTER (follows IS NOT TRUE)
              OVER (PARTITION BY household_ref ORDER BY occurred_on, ref, source) AS number
  FROM report),
mark AS (
  SELECT household_ref, arg_min(signal, (occurred_on, ref, source)) AS mark,
         bool_or(tell <> '') AS told, min(occurred_on) AS occurred_on
  FROM spell GROUP BY household_ref, number
  UNION ALL
  SELECT household_ref,
         CASE WHEN innocent_reason = 'lost_key' THEN 'lost_key'
              WHEN signal = '' THEN 'unsignalled'
              WHEN signal = 'window_damage' AND list_contains($boarding, entry) THEN 'boarding'
              ELSE signal END,
         tell <> '', occurred_on
  FROM sign
  WHERE table_name <> 'asb' AND (innocent_reason = ''
        OR ({IS_LOST_KEY}))
  UNION ALL
  SELECT household_ref, 'missed_visit', FALSE, occurred_on FROM linked WHERE {IS_MISSED_VISIT}),
numbered AS (
  SELECT household_ref, row_number() OVER (ORDER BY household_ref) - 1 AS household
  FROM household)"""


def count_marks(
    connection: duckdb.DuckDBPyConnection, as_of: date, episodes: Episodes
) -> pd.DataFrame:
    """Marks of current households, after `prepare_signs`.

    Reports about one home that follow one another within the spell count once, on their first day:
    what was said later does not make it more of a case.

    Returns:
        ``household`` (position in `household` ordered by ref), ``mark``, ``told``, ``bucket``
        (position in the ages of `episodes`) and ``n``.
    """
    ages = list(enumerate(episodes.ages_days))
    buckets = " ".join(f"WHEN age >= {edge} THEN {position}" for position, edge in reversed(ages))
    names = ", ".join(f"'{mark}'" for mark in MARKS)
    return connection.execute(
        f"""{_MARKS}
SELECT household, mark::ENUM({names}) AS mark, told, CASE {buckets} END AS bucket, count(*) AS n
FROM (SELECT *, $as_of - occurred_on AS age FROM mark) JOIN numbered USING (household_ref)
GROUP BY ALL ORDER BY household, mark, told, bucket""",
        {
            "as_of": as_of,
            "spell_days": episodes.spell_days.value,
            "boarding": list(episodes.boarding_entries),
            **asked_of_visits(episodes.missed_visits),
        },
    ).df()


def asked_of_visits(visits: MissedVisits) -> dict[str, list[str]]:
    """What `IS_MISSED_VISIT` is asked with."""
    return {
        "work_types": list(visits.work_types),
        "statuses": [status.lower().strip() for status in visits.statuses],
    }
