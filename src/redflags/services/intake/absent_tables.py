"""What was absent from the records, and what that costs."""

from redflags.analysis.counted_records import Coverage


def coverage_notes(coverage: Coverage) -> list[str]:
    """What was absent and what that costs, in sentences for the operator."""
    notes = []
    if not coverage.has_tenancies:
        notes.append(
            "no tenancies came: a household is an address, and its history is not cut when the "
            "tenant changes"
        )
    if not coverage.has_properties:
        notes.append(
            "no properties came: like homes are all homes, and block-wide damage is not seen"
        )
    notes += [cost for table, cost in COST_OF_ABSENCE.items() if table not in coverage.first_day]
    if coverage.has_tenancies or coverage.has_properties:
        notes += [
            f"{rows} rows of {table} name a property no table knows; they are kept"
            for table, rows in coverage.unlinked.items()
        ]
    notes += [
        f"{rows} {table} of the last month are about households that have left; nobody is alerted"
        for table, rows in coverage.unplaced.items()
    ]
    if coverage.unmatched_protections:
        notes.append(
            f"{coverage.unmatched_protections} protections name a tenancy no table knows, so they "
            "protect nobody: mend the references in `protected`, or send `tenancies`"
        )
    return notes


COST_OF_ABSENCE = {
    "repairs": "no repairs came: damage, frequency and cost of repairs are not seen",
    "lock_changes": "no lock_changes came: locks are seen only where repairs tell of them",
    "asb": "no asb came: noise and ASB that may hide abuse are not seen",
}
"""By table of evidence; one of them is enough for a night."""
