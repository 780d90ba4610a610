"""Tables of databases and servers: the query or resource, and what is looked up for each record."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from sqlalchemy import text

from redflags.adapters.sources.mapping.mapping_language import (
    Join,
    TableMapping,
    placeholders,
)
from redflags.adapters.sources.mapping.remote_options import ChangedParameter, ChangedSince
from redflags.adapters.sources.mapping.resource_paths import DetailBatch, Resource


class SqlTable(TableMapping):
    """One table from one query that reads; `:since` in it is where it last left off."""

    query: Annotated[str, Field(pattern=r"(?is)^\s*(select|with)\b")]
    """the query; it only reads. `:since` in it is where the last good pull left off"""
    since: ChangedSince | None = None
    """how to ask for what changed, with `:since`"""

    @property
    def changed_since(self) -> ChangedSince | None:
        """How to ask for what changed; None when the query asks for everything."""
        return (self.since or ChangedSince()) if "since" in self._parameters else None

    @property
    def _parameters(self) -> frozenset[str]:
        return frozenset(text(self.query).compile().params)

    @model_validator(mode="after")
    def _asks_for_since_only(self) -> Self:
        if others := sorted(self._parameters - {"since"}):
            raise ValueError(
                "query: expected no parameter but :since; "
                f"{', '.join(f':{name}' for name in others)} came (a colon is written \\\\:)"
            )
        if self.since and not self._parameters:
            raise ValueError("expected :since in the query, because there is a since; none came")
        return self


class JsonJoin(Join):
    """The other rows are a list inside the record, or a resource of their own for each record."""

    items: str = ""
    """path of the list inside the record; `*` takes all of a list on the way"""
    resource: Resource = ""
    """path of the details below the server's address; `{reference}` stands for that of the
    record"""
    batch: DetailBatch | None = None
    """how the details of many records are asked for at once"""

    @model_validator(mode="after")
    def _comes_from_one_place(self) -> Self:
        if bool(self.items) == bool(self.resource):
            raise ValueError("expected either items or resource")
        if self.batch and (self.items or placeholders(self.resource)):
            raise ValueError("expected a batch with a resource that is the same for every record")
        return self


class JsonTable(TableMapping):
    """One table from one resource; `items` is the path to its list of records."""

    resource: Annotated[Resource, Field(min_length=1)]
    """path below the server's address, or name of the file without `.json`"""
    items: str = ""
    """path of the list of records in an answer; without it the answer itself"""
    query: dict[str, str] = Field(default_factory=dict)
    """fixed parameters of every request"""
    since: ChangedParameter | None = None
    """the parameter that asks for what changed"""
    join: dict[str, JsonJoin] = Field(default_factory=dict)
    """name → lists in a record, or resources of their own, that are looked up"""

    @property
    def joins(self) -> dict[str, Join]:
        return dict(self.join)
