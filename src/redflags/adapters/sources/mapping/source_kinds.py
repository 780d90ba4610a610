"""The mapping files: one model per kind of source."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from sqlalchemy import text

from redflags.adapters.sources.deadline import DEADLINE_MINUTES
from redflags.adapters.sources.files.finished_files import PATIENCE_SECONDS
from redflags.adapters.sources.files.whole_file import MOST_UNSPLIT_SHARE
from redflags.adapters.sources.mapping.mapping_language import (
    FileJoin,
    Join,
    JsonJoin,
    TableMapping,
    Texts,
)
from redflags.adapters.sources.mapping.remote_options import (
    MOST_DETAILS,
    ChangedParameter,
    ChangedSince,
    HeaderName,
    Isolation,
    OAuth,
    Paging,
)
from redflags.adapters.sources.mapping.resource_paths import Resource
from redflags.adapters.sources.mapping.strict_model import Strict
from redflags.domain.repeated_rows import Repetition

Encoding = Literal["utf-8", "cp1252", "latin-1", "utf-16"]
Patterns = Annotated[Texts, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]


WHEN_READ = ("quiet_seconds", "patience_seconds", "done_file", "checksum_file")
"""Keys that say when a file is read, not what it means."""


class FileTable(TableMapping):
    """One table from the files whose names fit a pattern; `header` for files without one."""

    files: Patterns
    header: Texts = ()
    join: dict[str, FileJoin] = Field(default_factory=dict)

    @property
    def joins(self) -> dict[str, Join]:
        return dict(self.join)


class SheetTable(TableMapping):
    """One table from one sheet (the first unless named) of each workbook."""

    files: Patterns
    sheet: str = ""


class FixedWidthTable(TableMapping):
    """One table from lines cut at fixed places: `fields` = name → [first character, length]."""

    files: Patterns
    fields: Annotated[dict[str, tuple[Positive, Positive]], Field(min_length=1)]
    trailing_blanks: Literal["kept", "trimmed"] = "kept"


class SqlTable(TableMapping):
    """One table from one query that reads; `:since` in it is where it last left off."""

    query: Annotated[str, Field(pattern=r"(?is)^\s*(select|with)\b")]
    since: ChangedSince | None = None

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


class JsonTable(TableMapping):
    """One table from one resource; `items` is the path to its list of records."""

    resource: Annotated[Resource, Field(min_length=1)]
    items: str = ""
    query: dict[str, str] = Field(default_factory=dict)
    since: ChangedParameter | None = None
    join: dict[str, JsonJoin] = Field(default_factory=dict)

    @property
    def joins(self) -> dict[str, Join]:
        return dict(self.join)


class SourceSpecification(Strict):
    """What every mapping file says.

    Where two sources know different values of one home or tenancy, the one with the higher
    `precedence` is believed; of equals, the one whose file comes first by name. `same_jobs_as`:
    table of events → source whose references it uses, so that a job which both hold is one.
    """

    enabled: bool
    deadline_minutes: Annotated[float, Field(gt=0)] = DEADLINE_MINUTES
    precedence: int = 0
    same_jobs_as: dict[str, str] = Field(default_factory=dict)

    @property
    def table_mappings(self) -> dict[str, TableMapping]:
        return {}


class FolderSpecification(SourceSpecification):
    """Files in a folder: below REDFLAGS_EXTRACTS, or where an environment variable says.

    A file is read when nobody wrote to it for `quiet_seconds` (or those of REDFLAGS_QUIET_SECONDS)
    and when `done_file` and `checksum_file`, where named, are there; `{name}` and `{stem}` in them
    stand for the file's own name. More rows than `most_unsplit_share` of a file that cannot be
    split make the source end as refused.
    """

    folder: str = ""
    folder_env: str = ""
    quiet_seconds: Annotated[float | None, Field(ge=0)] = None
    patience_seconds: Annotated[float, Field(ge=0)] = PATIENCE_SECONDS
    done_file: str = ""
    checksum_file: str = ""
    most_unsplit_share: Annotated[float, Field(ge=0, le=1)] = MOST_UNSPLIT_SHARE


class CanonicalSpecification(FolderSpecification):
    """Files that are in the layout of the contract already."""

    kind: Literal["canonical"]
    repeated: Repetition = Repetition.REPLACE


class DelimitedSpecification(FolderSpecification):
    """Comma, semicolon, tab or otherwise delimited files."""

    kind: Literal["delimited"]
    encoding: Encoding = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quote: Annotated[str, Field(max_length=1)] = '"'
    skip_lines: Count = 0
    tables: Annotated[dict[str, FileTable], Field(min_length=1)]

    @property
    def table_mappings(self) -> dict[str, TableMapping]:
        return dict(self.tables)


class FixedWidthSpecification(FolderSpecification):
    """Files whose fields stand at fixed places, counted in `widths_in`.

    Where that is not said, the lines tell: as many bytes in each, and not as many characters, are
    bytes.
    """

    kind: Literal["fixed_width"]
    encoding: Encoding = "utf-8"
    widths_in: Literal["bytes", "characters"] | None = None
    skip_lines: Count = 0
    tables: Annotated[dict[str, FixedWidthTable], Field(min_length=1)]

    @property
    def table_mappings(self) -> dict[str, TableMapping]:
        return dict(self.tables)


class SpreadsheetSpecification(FolderSpecification):
    """Workbooks (.xlsx) and what was saved from them as .csv."""

    kind: Literal["spreadsheet"]
    encoding: Encoding = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    skip_lines: Count = 0
    tables: Annotated[dict[str, SheetTable], Field(min_length=1)]

    @property
    def table_mappings(self) -> dict[str, TableMapping]:
        return dict(self.tables)


class SqlSpecification(SourceSpecification):
    """A database that SQLAlchemy can reach."""

    kind: Literal["sql"]
    url: str = ""
    url_env: str = ""
    isolation: Isolation = ""
    tables: Annotated[dict[str, SqlTable], Field(min_length=1)]

    @property
    def table_mappings(self) -> dict[str, TableMapping]:
        return dict(self.tables)


class JsonSpecification(FolderSpecification):
    """A repairs API: its answers in a folder, or the server itself."""

    kind: Literal["json"]
    url: str = ""
    url_env: str = ""
    token_env: str = ""
    header: HeaderName = "Authorization"
    prefix: str | None = None
    oauth: OAuth | None = None
    paging: Paging | Literal["whole"] | None = None
    timeout_seconds: Annotated[float, Field(gt=0)] = 30.0
    details_at_most: Positive = MOST_DETAILS
    tables: Annotated[dict[str, JsonTable], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_one_token(self) -> Self:
        if self.oauth and self.token_env:
            raise ValueError("expected either oauth or token_env; both came")
        return self

    @property
    def table_mappings(self) -> dict[str, TableMapping]:
        return dict(self.tables)


Specification = Annotated[
    CanonicalSpecification
    | DelimitedSpecification
    | FixedWidthSpecification
    | SpreadsheetSpecification
    | SqlSpecification
    | JsonSpecification,
    Field(discriminator="kind"),
]
