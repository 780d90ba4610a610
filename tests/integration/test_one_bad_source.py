"""One bad part never ends the whole night: it is told, the good sources come in, exit 3."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from builders.api_server import Reply, Request, orders, serving
from builders.records import KEY, TODAY, Landlord, days_ago, extract, landlord, repair, small_policy
from builders.sources import mapped_source
from redflags.adapters.secrets import Pseudonymiser
from redflags.adapters.sources import going_on
from redflags.adapters.sources.refused_source import RefusedSource
from redflags.analysis.extracts import Extract
from redflags.domain.night import SourceStatus
from redflags.errors import SourceUnavailable
from redflags.services.intake.ingest import Intake, take_everything
from redflags.services.intake.ingested import Ingested

SECRET = "Mrs Brown, 07700 900123"


@dataclass
class Source:
    """A source that gives what it is told to."""

    name: str
    gives: Callable[[], Iterator[Any]]
    tables: tuple[str, ...] = ("repairs",)

    def extracts(self, is_taken: Callable[[str], bool]) -> Iterator[Any]:
        return self.gives()


@pytest.fixture
def home() -> Iterator[Landlord]:
    with landlord() as opened:
        yield opened


def ingest(home: Landlord, *sources: Any) -> Ingested:
    intake = Intake(home.records, sources, Pseudonymiser(KEY).pseudonym)
    return take_everything(intake, small_policy(), TODAY, "signals")


def good() -> Iterator[Extract]:
    yield extract("repairs", [repair("GOOD", days_ago(3))])


def raising(error: Exception) -> Callable[[], Iterator[Any]]:
    def give() -> Iterator[Any]:
        raise error
        yield

    return give


def breaking_off(error: Exception) -> Callable[[], Iterator[Any]]:
    """A file that gives one row and then throws, and another file that is fine."""

    def give() -> Iterator[Any]:
        whole = extract("repairs", [repair("LOST", days_ago(3))])

        def rows() -> Iterator[pa.RecordBatch]:
            yield from whole.rows
            raise error

        schema = whole.rows.schema
        yield replace(whole, rows=pa.RecordBatchReader.from_batches(schema, rows()))
        yield extract("repairs", [repair("SECOND", days_ago(3))])

    return give


ERRORS = [
    ValueError(SECRET),
    KeyError(SECRET),
    RuntimeError(SECRET),
    OSError(SECRET),
    MemoryError(),
    RecursionError(SECRET),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, SECRET),
    ZeroDivisionError(SECRET),
    pa.ArrowInvalid(SECRET),
    ModuleNotFoundError(SECRET),
    TypeError(SECRET),
]


@pytest.mark.parametrize("how", [raising, breaking_off])
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_whatever_a_source_throws_is_its_own_refusal(
    home: Landlord, error: Exception, how: Callable[[Exception], Any]
) -> None:
    ingested = ingest(home, Source("bad", how(error)), Source("good", good))

    assert ingested.statuses["bad"].status is SourceStatus.REFUSED
    assert ingested.statuses["good"].status is SourceStatus.TAKEN
    assert not ingested.is_whole
    others_of_the_bad_one = 0 if how is raising else 1
    assert home.records.totals()["repairs"] == 1 + others_of_the_bad_one
    assert SECRET not in str(ingested.notes)


def test_only_the_kind_of_an_error_is_told(home: Landlord) -> None:
    ingested = ingest(home, Source("bad", raising(ValueError(SECRET))))

    assert "ValueError came" in ingested.statuses["bad"].message


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_who_stops_the_night_stops_it(home: Landlord, error: type[BaseException]) -> None:
    def give() -> Iterator[Any]:
        raise error
        yield

    with pytest.raises(error):
        ingest(home, Source("bad", give))


def test_a_server_that_does_not_answer_is_absent_with_a_code_of_its_own(home: Landlord) -> None:
    ingested = ingest(home, Source("away", raising(SourceUnavailable("no answer"))))

    assert ingested.statuses["away"].status is SourceStatus.ABSENT
    assert ingested.statuses["away"].code == "source_unavailable"


def test_rows_that_may_not_be_all_come_in_and_are_told(home: Landlord) -> None:
    def give() -> Iterator[Extract]:
        yield replace(next(good()), doubts=["the server says there are 3 records; 1 came"])

    ingested = ingest(home, Source("some", give))

    assert home.records.totals()["repairs"] == 1
    assert not ingested.is_whole
    assert "3 records; 1 came" in ingested.notes[0]


def test_a_source_that_lacks_something_leaves_its_tables_unread(home: Landlord) -> None:
    lacking = RefusedSource("uh", ("protected", "repairs"), "expected the variable UH; not set")

    ingested = ingest(home, lacking, Source("good", good))

    assert ingested.notes[0] == "source uh: expected the variable UH; not set"
    assert ingested.refused_tables == {"protected", "repairs"}
    assert ingested.statuses["good"].status is SourceStatus.TAKEN


API = """
enabled = true
kind = "json"
url_env = "API"
[tables.repairs]
resource = "workOrders"
since = {{ parameter = "changed", overlap_days = 2, full_every_days = 7 }}
columns = {{ work_order_ref = "reference", property_ref = "home", raised_at = "raised" }}
{more}
"""


class Nights:
    """Night after night of one API, each at a moment of its own."""

    def __init__(self, home: Landlord, tmp_path: Path, url: str) -> None:
        self.home, self.tmp_path, self.url = home, tmp_path, url

    def night(self, now: datetime, more: str = "", name: str = "mapped") -> Ingested:
        text = API.format(more=more)
        source = mapped_source(text, self.tmp_path, self.tmp_path, {"API": self.url})
        last = self.home.records.last_pulls([name])
        (told,) = going_on([replace(source, name=name, now=lambda: now)], last)  # type: ignore[call-arg]
        return ingest(self.home, told)


FIRST = datetime(2026, 11, 1, 2, tzinfo=UTC)


def test_each_night_asks_for_what_changed_since_the_last_good_one(
    home: Landlord, tmp_path: Path
) -> None:
    trouble = {"status": 200}

    def behave(request: Request) -> Reply:
        return Reply(orders(2), trouble["status"])

    with serving(behave) as server:
        nights = Nights(home, tmp_path, server.url)

        def asked(day: int, **how: str) -> str | None:
            nights.night(FIRST + timedelta(days=day), **how)
            return server.requests[-1].query.get("changed")

        assert asked(0) is None
        assert asked(1) == "2026-10-30T02:00:00Z"
        trouble["status"] = 500
        assert asked(2) == "2026-10-31T02:00:00Z"
        trouble["status"] = 200
        assert asked(3) == "2026-10-31T02:00:00Z", "a night that failed moved nothing"
        assert asked(4) == "2026-11-02T02:00:00Z"
        assert asked(7) is None, "everything once a week"
        assert asked(8) == "2026-11-06T02:00:00Z"
        assert asked(9, more="pad = { property_ref = 9 }") is None, "another mapping"
        assert asked(10, name="renamed") is None
        assert asked(11) is None, "a source that was away comes back as a new one"


def test_a_pull_that_may_not_be_whole_does_not_move_where_the_next_begins(
    home: Landlord, tmp_path: Path
) -> None:
    with serving(lambda request: Reply(orders(50))) as server:
        nights = Nights(home, tmp_path, server.url)
        nights.night(FIRST)
        nights.night(FIRST + timedelta(days=1))

    assert [request.query.get("changed") for request in server.requests] == [None, None]
    assert home.records.last_pulls(["mapped"]) == {}


def test_a_pull_is_remembered_with_the_rows_or_not_at_all(home: Landlord, tmp_path: Path) -> None:
    with serving(lambda request: Reply(orders(2))) as server:
        text = API.format(more="")
        source = mapped_source(text, tmp_path, tmp_path, {"API": server.url})
        intake = Intake(home.records, (source,), Pseudonymiser(KEY).pseudonym)
        taken = intake.take("mapped")
        assert home.records.last_pulls(["mapped"]) == {}
        intake.write([taken], small_policy(), TODAY)

    assert list(home.records.last_pulls(["mapped"])) == [("mapped", "repairs")]
