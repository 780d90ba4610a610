"""A record whose source knows homes by UPRN gets the landlord's own reference of the home.

What the source said is kept beside it, so that a UPRN that is corrected or withdrawn is undone.
"""

import duckdb

_HOMES = """
CREATE OR REPLACE TEMP TABLE home_of_uprn AS
SELECT uprn, min(property_ref) AS property_ref FROM properties
WHERE uprn IS NOT NULL AND uprn NOT IN (SELECT property_ref FROM properties)
GROUP BY uprn HAVING count(*) = 1"""

_UNDONE = """
UPDATE records SET property_ref = given_property_ref, given_property_ref = NULL
WHERE given_property_ref IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM home_of_uprn home
  WHERE home.uprn = records.given_property_ref AND home.property_ref = records.property_ref)"""

_LINKED = """
UPDATE records SET given_property_ref = records.property_ref, property_ref = home.property_ref
FROM home_of_uprn home WHERE records.property_ref = home.uprn"""


def link_by_uprn(connection: duckdb.DuckDBPyConnection) -> None:
    """Only where one home has the UPRN, and the UPRN is no reference of a home itself."""
    for statement in (_HOMES, _UNDONE, _LINKED):
        connection.execute(statement)
