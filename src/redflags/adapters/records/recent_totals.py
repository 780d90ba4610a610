"""What came in lately, in sums: codes, and how many texts tell of force, fear or a partner."""

from datetime import date

import duckdb

from redflags.analysis.counted_records import Recent


def recent(connection: duckdb.DuckDBPyConnection, since: date, until: date) -> Recent:
    """Records dated from `since` to `until`, both included; the canary's left out."""
    days = {"since": since, "until": until}
    theirs = """source <> 'canary' AND occurred_at >= $since
                AND occurred_at < $until + INTERVAL 1 DAY"""
    codes = connection.execute(
        f"""SELECT table_name AS "table", code, trade_code, count(*) AS n FROM records
            WHERE {theirs} AND (code IS NOT NULL OR trade_code IS NOT NULL)
            GROUP BY ALL ORDER BY ALL""",
        days,
    ).df()
    texts = connection.execute(
        f"""SELECT count(*), count(*) FILTER (tell <> '') FROM records
            WHERE {theirs} AND text_sealed IS NOT NULL""",
        days,
    ).fetchone()
    told, with_tell = texts if texts is not None else (0, 0)
    return Recent(codes, int(told), int(with_tell))
