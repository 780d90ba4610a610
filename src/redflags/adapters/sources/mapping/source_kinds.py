"""The mapping files: one model per kind of source."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from redflags.adapters.sources.deadline import DEADLINE_MINUTES
from redflags.adapters.sources.files.finished_files import PATIENCE_SECONDS
from redflags.adapters.sources.files.whole_file import MOST_UNSPLIT_SHARE
from redflags.adapters.sources.mapping.mapping_language import (
    FileJoin,
    Join,
    TableMapping,
    Texts,
)
from redflags.adapters.sources.mapping.remote_options import (
    MOST_DETAILS,
    HeaderName,
    Isolation,
    OAuth,
    Paging,
)
from redflags.adapters.sources.mapping.remote_tables import JsonTable, SqlTable
from redflags.adapters.sources.mapping.strict_model import Strict
from redflags.domain.repeated_rows import Repetition

Encoding = Literal["utf-8", "cp1252", "latin-1", "utf-16"]
Patterns = Annotated[Texts, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]


WHEN_READ = ("quiet_seconds", "patience_seconds", "done_file", "checksum_file", "last_line_open")
"""Keys that say when a file is read, not what it means."""


class FileTable(TableMapping):
    """One table from the files whose names fit a pattern; `header` for files without one."""

    files: Patterns
    """names or patterns (`orders_*.csv`) of its files; those of the first go before the others"""
    header: Texts = ()
    """names of the columns, where no line of the file has them"""
    join: dict[str, FileJoin] = Field(default_factory=dict)
    """name → rows of other files that are looked up"""

    @property
    def joins(self) -> dict[str, Join]:
        return dict(self.join)


class SheetTable(TableMapping):
    """One table from one sheet (the first unless named) of each workbook."""

    files: Patterns
    """names or patterns of its workbooks"""
    sheet: str = ""
    """the sheet; without it every sheet that has the required columns"""


class FixedWidthTable(TableMapping):
    """One table from lines cut at fixed places: `fields` = name → [first character, length]."""

    files: Patterns
    """names or patterns of its files"""
    fields: Annotated[dict[str, tuple[Positive, Positive]], Field(min_length=1)]
    """name → [first character, length], counted from 1"""
    trailing_blanks: Literal["kept", "trimmed"] = "kept"
    """`trimmed` where a line's last blanks are cut off, so that lines may be shorter"""


class SourceSpecification(Strict):
    """What every mapping file says."""

    enabled: bool
    """whether the file is used"""
    deadline_minutes: Annotated[float, Field(gt=0)] = DEADLINE_MINUTES
    """what takes longer is refused, so that no source holds a night"""
    precedence: int = 0
    """of two sources that know different values of a home or tenancy, the higher is believed; of
    equals, the one whose file comes first by name"""
    same_jobs_as: dict[str, str] = Field(default_factory=dict)
    """table of events → source whose references it uses, so that a job that both hold is one"""

    @property
    def table_mappings(self) -> dict[str, TableMapping]:
        return {}


class FolderSpecification(SourceSpecification):
    """Files in a folder: below REDFLAGS_EXTRACTS, or where an environment variable says.

    `{name}` and `{stem}` stand for a file's own name with and without its ending.
    """

    folder: str = ""
    """the folder below REDFLAGS_EXTRACTS; without it that folder itself"""
    folder_env: str = ""
    """environment variable that holds the whole path instead"""
    quiet_seconds: Annotated[float | None, Field(ge=0)] = None
    """a file is read when nobody wrote to it for so long; unless told, REDFLAGS_QUIET_SECONDS"""
    patience_seconds: Annotated[float, Field(ge=0)] = PATIENCE_SECONDS
    """how long a file that is still written to is waited for"""
    done_file: str = ""
    """companion that says the file is finished, such as `{name}.done` or `{stem}.ok`"""
    checksum_file: str = ""
    """companion with its checksum, such as `{name}.sha256`"""
    most_unsplit_share: Annotated[float, Field(ge=0, le=1)] = MOST_UNSPLIT_SHARE
    """a file of which a larger share cannot be split is refused"""
    last_line_open: bool | None = None
    """false: a file that stops without a line end has been cut off, and is told with exit 3; true
    where this export never ends its last line; unless said, it is only noted"""


class CanonicalSpecification(FolderSpecification):
    """Files that are in the layout of the contract already."""

    kind: Literal["canonical"]
    """what kind of source it is"""
    repeated: Repetition = Repetition.REPLACE
    """what becomes of rows of one file that share a reference and differ"""


class DelimitedSpecification(FolderSpecification):
    """Comma, semicolon, tab or otherwise delimited files."""

    kind: Literal["delimited"]
    encoding: Encoding = "utf-8"
    """how characters are written; utf-8 with and without a mark is one"""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    """the character between fields"""
    quote: Annotated[str, Field(max_length=1)] = '"'
    """the character around fields that hold a delimiter; `""` where quotes are plain characters"""
    skip_lines: Count = 0
    """lines above the header, as an editor or Excel counts them"""
    tables: Annotated[dict[str, FileTable], Field(min_length=1)]
    """canonical table → how it is made"""

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
    """what places are counted in; unless told, the lines tell"""
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
    """SQLAlchemy URL of the database or address of the server, without a password"""
    url_env: str = ""
    """environment variable that holds it instead, with a password"""
    isolation: Isolation = ""
    """isolation level of the transaction that reads"""
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
    """environment variable that holds the token"""
    header: HeaderName = "Authorization"
    """the header that carries the token"""
    prefix: str | None = None
    """what stands before the token; "Bearer" in `Authorization`, else nothing"""
    oauth: OAuth | None = None
    """how a token is got with client credentials, instead of `token_env`"""
    paging: Paging | Literal["whole"] | None = None
    """how pages are asked for; `"whole"` where the server gives all at once"""
    timeout_seconds: Annotated[float, Field(gt=0)] = 30.0
    """how long one answer is waited for"""
    details_at_most: Positive = MOST_DETAILS
    """more requests for details than these are refused"""
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
