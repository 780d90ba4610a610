"""What a night says about sources that went, were mapped anew, or do not agree. Never a value."""

from collections.abc import Sequence

from redflags.domain.configured_source import Change, Contradiction, SourceChange

_WORDS = {
    Change.DROPPED: (
        "is not configured any more: its {rows:,} rows of {table} were DROPPED. If that was a "
        "slip, enable it again: the next night reads again what it still has"
    ),
    Change.PROTECTS_STILL: (
        "is not configured any more, but its {rows:,} protections HOLD, so that nobody loses "
        "theirs by a slip. To end one, give its tenancy and reason with an until_date in another "
        "source"
    ),
    Change.WAITS_FOR_OTHERS: (
        "is not configured any more: its {rows:,} rows of {table} stay until the source that is to "
        "give {table} now has been read once"
    ),
    Change.REPLACED_BY_NEW_MAPPING: (
        "was mapped anew: {rows:,} rows of {table} that did not come again were dropped"
    ),
    Change.LEFT_BY_NEW_MAPPING: (
        "was mapped anew, and {rows:,} rows of {table} did not come again; they stay, because too "
        "little came to be the whole. If references are other ones now, jobs may be there twice: "
        "take the source out for one night to begin it afresh"
    ),
    Change.PERHAPS_TWICE: (
        "have {rows:,} references of {table} for the same home and day, which count as two records "
        "each. If they are one job, say so: same_jobs_as in the mapping of one of them"
    ),
}


def change_notes(changes: Sequence[SourceChange]) -> list[str]:
    """One sentence for each table of a source whose rows configuration does not account for."""
    return [
        f"{_who(found)} {_WORDS[found.change].format(rows=found.rows, table=found.table)}"
        for found in changes
    ]


def _who(found: SourceChange) -> str:
    several = found.change is Change.PERHAPS_TWICE
    return f"sources {found.source}" if several else f"source {found.source}"


def contradiction_notes(contradictions: Sequence[Contradiction], order: Sequence[str]) -> list[str]:
    """One sentence for each table in which sources know different values."""
    by_table: dict[str, list[str]] = {}
    for found in contradictions:
        by_table.setdefault(found.table, []).append(f"{found.column} ({found.rows:,})")
    return [
        f"sources give different values in {table}: {', '.join(columns)}; believed in the order "
        f"{', '.join(order)}"
        for table, columns in by_table.items()
    ]
