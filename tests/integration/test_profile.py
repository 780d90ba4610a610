"""`redflags profile`: from an extract nobody prepared to a good night, and nothing of a person."""

import json
import re
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from openpyxl import Workbook

from builders.nights import Installation
from builders.odd_landlord import HOMES, JOBS, NAMES, write_odd_landlord
from builders.sources import REPOSITORY, mapped_source, taken
from redflags.adapters.records import open_record_store

MOST_EDITS = 10
EDITS = (
    ("acme.toml", "enabled = false", "enabled = true"),
    ("acme_repairs.toml", "enabled = false", "enabled = true"),
    ("acme_repairs.toml", '"OPN" = "OPN"', '"OPN" = "in progress"'),
    ("acme_repairs.toml", '"CNX" = "CNX"', '"CNX" = "cancelled"'),
    ("acme_repairs.toml", '"PLM" = "PLM"', '"PLM" = "PL"'),
    ("acme_repairs.toml", '"CRP" = "CRP"', '"CRP" = "CP"'),
    ("acme_repairs.toml", '"GLZ" = "GLZ"', '"GLZ" = "GL"'),
)
"""What a data officer changes by hand: a line each."""


@pytest.fixture(scope="module")
def landlord(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation whose configuration has no source yet, over extracts nobody prepared."""
    folder = tmp_path_factory.mktemp("odd")
    config = folder / "config"
    (config / "sources").mkdir(parents=True)
    for path in (REPOSITORY / "config").glob("*.toml"):
        shutil.copy(path, config)
    extracts = write_odd_landlord(folder / "extracts")
    return Installation(folder / "home", extracts, config=config)


def profile(installation: Installation, place: Path | str, *words: str) -> str:
    ended = installation.run("profile", str(place), *words)
    assert ended.code == 0, ended.err
    return ended.out


@pytest.fixture(scope="module")
def connected(landlord: Installation) -> Installation:
    """The same after profile and the edits."""
    sources = landlord.config / "sources"
    profile(landlord, landlord.extracts, "--output", str(sources / "acme.toml"))
    for name, before, after in EDITS:
        text = (sources / name).read_text(encoding="utf-8")
        assert text.count(before) == 1
        (sources / name).write_text(text.replace(before, after), encoding="utf-8")
    assert len(EDITS) <= MOST_EDITS
    return landlord


@pytest.fixture(scope="module")
def after_intake(connected: Installation) -> Installation:
    """The same after its records were taken in."""
    ingested = connected.run("ingest")
    assert ingested.code == 0, ingested.out + ingested.err
    assert re.search(rf"repairs +{JOBS} +{JOBS} +0 +0", ingested.out)
    assert re.search(rf"tenancies +{HOMES} +{HOMES} +0 +0", ingested.out)
    assert "not mapped" not in ingested.out
    return connected


def test_an_odd_layout_comes_to_a_good_night_with_few_edits(after_intake: Installation) -> None:
    assert unmatched_homes(after_intake) == 0
    assert after_intake.run("problems").out.startswith("0 of 0")
    assert after_intake.night().error is None


def unmatched_homes(installation: Installation) -> int:
    path = installation.home / "records" / "records.duckdb"
    with open_record_store(path) as store:
        rows = store._connection.execute(
            "SELECT count(*) FROM records WHERE table_name = 'repairs' "
            "AND property_ref NOT IN (SELECT property_ref FROM tenancies)"
        ).fetchone()
    assert rows
    return int(rows[0])


def test_nothing_of_a_person_or_a_job_is_printed(landlord: Installation) -> None:
    said = profile(landlord, landlord.extracts)

    for secret in (*NAMES, "07700", "kicked", "Boiler", "2893", "RQ4", "O/7", "900100", "1234"):
        assert secret not in said
    assert 'Personal, and never to be mapped: "Contact" (a name), "Tel" (a telephone number).' in (
        " ".join(said.split())
    )
    assert 'Personal, and never to be mapped: "Tenant" (a name).' in said


def test_every_guess_is_marked_with_how_sure_it_is(landlord: Installation) -> None:
    said = profile(landlord, landlord.extracts)

    for line in said.splitlines():
        if re.match(r'^[a-z_"]+ = ', line) and not line.startswith(
            ("enabled", "kind", "first", "texts")
        ):
            assert re.search(r"  # guess: (sure|likely|unsure): ", line), line


def test_a_mapping_that_is_there_is_not_written_over(
    landlord: Installation, tmp_path: Path
) -> None:
    output = tmp_path / "a.toml"
    output.write_text("mine", encoding="utf-8")

    ended = landlord.run("profile", str(landlord.extracts), "--output", str(output))

    assert ended.code == 2
    assert output.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [output]


def test_a_file_that_is_no_table_is_told_and_ends_with_3(
    landlord: Installation, tmp_path: Path
) -> None:
    write_odd_landlord(tmp_path)
    (tmp_path / "minutes.txt").write_text("Dear all\nthe meeting was short\n", encoding="utf-8")

    ended = landlord.run("profile", str(tmp_path))

    assert ended.code == 3
    assert "minutes.txt: no rows that can be split" in ended.err


@pytest.mark.parametrize("place", ["nowhere", "https://user:secret@localhost/api/orders"])
def test_a_place_that_cannot_be_asked_ends_with_2(landlord: Installation, place: str) -> None:
    ended = landlord.run("profile", place)

    assert ended.code == 2
    assert "secret" not in ended.err


def test_references_are_compared_with_the_record_store(
    after_intake: Installation, tmp_path: Path
) -> None:
    rows = "".join(f"J{n},HA{2893 + n}X,2026-11-{n + 10},leak\n" for n in range(15))
    (tmp_path / "jobs.csv").write_text(f"Job,Home,Raised,Fault\n{rows}", encoding="utf-8")
    stored = Installation(after_intake.home, tmp_path, config=after_intake.config)

    said = profile(stored, tmp_path)

    assert 'strip_prefix = { property_ref = "HA" }' in said
    assert 'strip_suffix = { property_ref = "X" }' in said
    assert "pad = { property_ref = 8 }" in said
    assert "0% of the homes match without, 100% with it" in said


def enabled(said: str) -> str:
    return said.replace("enabled = false", "enabled = true")


def mapped(said: str, tmp_path: Path, extracts: Path) -> list[dict[str, str | None]]:
    table = taken(mapped_source(enabled(said), tmp_path, extracts))["repairs"]
    return table.without_row_numbers()


WORKBOOK_ROWS = (
    ("Contractor monthly return", None, None, None, None),
    (None, None, None, None, None),
    ("Job No", "Property Ref", "Date Raised", "Works", "Invoice Total"),
    ("J1", "00001001", "14/02/2026 08:05", "Renew lock", 45),
    ("J2", "00001002", "15/02/2026 09:00", "Board up", 1240.5),
    ("J3", "00001003", "16/02/2026 10:00", "Glaze", 12),
    ("Total", None, None, None, 1297.5),
)


def test_a_workbook_with_a_title_and_a_total(landlord: Installation, tmp_path: Path) -> None:
    book = Workbook()
    for row in WORKBOOK_ROWS:
        book.active.append(row)
    book.save(tmp_path / "return.xlsx")

    said = profile(Installation(tmp_path / "none", tmp_path, config=landlord.config), tmp_path)

    assert mapped(said, tmp_path, tmp_path)[:2] == [
        {
            "work_order_ref": "J1",
            "property_ref": "00001001",
            "raised_at": "2026-02-14T08:05:00",
            "work_type": "responsive",
            "description": "Renew lock",
            "cost_gbp": "45",
        },
        {
            "work_order_ref": "J2",
            "property_ref": "00001002",
            "raised_at": "2026-02-15T09:00:00",
            "work_type": "responsive",
            "description": "Board up",
            "cost_gbp": "1240.5",
        },
    ]
    assert len(mapped(said, tmp_path, tmp_path)) == 3


FIXED_TEXTS = ("Renew lock to front door", "Board up", "Tap drips again", "Ease door of flat")
FIXED = [
    f"WO{n:06}  0000100{n % 5 + 1}  202602{n % 28 + 1:02}  {('CP', 'GL', 'PL')[n % 3]}   "
    f"{' ' * (n % 3) + FIXED_TEXTS[n % 4]:30}{n * 31.05:9.2f}"
    for n in range(80)
]


def test_fixed_width_without_a_header_is_told_by_its_content(
    landlord: Installation, tmp_path: Path
) -> None:
    (tmp_path / "repairs.dat").write_text("\r\n".join(FIXED) + "\r\n", encoding="utf-8")
    homes = "property_ref,bedrooms\n" + "".join(f"0000100{n},2\n" for n in range(1, 6))
    (tmp_path / "properties.csv").write_text(homes, encoding="utf-8")

    said = profile(Installation(tmp_path / "none", tmp_path, config=landlord.config), tmp_path)

    assert 'kind = "fixed_width"' in said
    assert '"column 1" = [1, 10]' in said
    assert 'property_ref = "column 2"  # guess: unsure: 100% of its values are homes' in said
    assert 'work_order_ref = "column 1"' in said
    assert 'cost_gbp = "column 6"' in said
    assert "trailing_blanks" not in said
    assert 'description = "column 5"' in said
    assert "Renew lock" not in said


def test_homes_lose_their_own_prefix_where_only_then_all_match(
    landlord: Installation, tmp_path: Path
) -> None:
    stock = "Place Ref,Bedrooms\n" + "".join(f"HA{n:06},2\n" for n in range(100, 120))
    lets = "Agreement,Unit,From\n" + "".join(
        f"{n}/1,ha-{n:06},{n - 99:02}/01/2020\n" for n in range(100, 120)
    )
    (tmp_path / "stock.csv").write_text(stock, encoding="utf-8")
    (tmp_path / "lets.csv").write_text(lets, encoding="utf-8")

    said = profile(Installation(tmp_path / "none", tmp_path, config=landlord.config), tmp_path)

    tables = taken(mapped_source(enabled(said), tmp_path, tmp_path))
    assert tables["properties"].values("property_ref") == tables["tenancies"].values("property_ref")


UTF16 = "Ref\tAsset\tReported\tNarrative\r\n" + "".join(
    f"{n}\t4400{n}\t{n + 1:02}/0{n % 9 + 1}/2026\tLeak number {n} under the sink\r\n"
    for n in range(10, 25)
)


def test_utf_16_with_tabs_and_days_that_tell_their_order(
    landlord: Installation, tmp_path: Path
) -> None:
    (tmp_path / "jobs.txt").write_bytes(UTF16.encode("utf-16"))

    said = profile(Installation(tmp_path / "none", tmp_path, config=landlord.config), tmp_path)

    assert 'encoding = "utf-16"  # guess: sure' in said
    assert 'delimiter = "\\t"' in said
    assert 'raised_at = "%d/%m/%Y"  # guess: sure' in said
    assert mapped(said, tmp_path, tmp_path)[0]["raised_at"] == "2026-02-11T00:00:00"


ANSWER = {
    "total": 2,
    "data": {
        "results": [
            {"reference": 10000012, "dateRaised": "2026-01-18T15:28:57.17811",
             "propertyReference": "00012345", "description": "Front door lock broken",
             "callerName": "Test Person One", "callerNumber": "07700900001", "tradeCode": "CP"},
            {"reference": 10000013, "dateRaised": "2026-01-19T08:00:01.1",
             "propertyReference": "00012346", "description": "Tap drips",
             "callerName": None, "callerNumber": None, "tradeCode": "PL"},
        ]
    },
}  # fmt: skip


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        is_let_in = self.headers.get("Authorization") == "Bearer sesame"
        self.send_response(200 if is_let_in else 401)
        self.end_headers()
        self.wfile.write(json.dumps(ANSWER).encode() if is_let_in else b"")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test reads what the command prints."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api/v2/workOrders?PageSize=2&key=abc"
    server.shutdown()
    server.server_close()


def test_a_server_is_asked_once_and_its_query_is_not_written(
    landlord: Installation, address: str
) -> None:
    asking = landlord.with_setting(API_TOKEN="sesame")

    said = profile(asking, address, "--token-env", "REDFLAGS_API_TOKEN")

    assert f'url = "{address.partition("/workOrders")[0]}"' in said
    assert 'resource = "workOrders"' in said
    assert 'items = "data.results"  # guess: likely' in said
    assert 'property_ref = "propertyReference"' in said
    assert '"callerName" (a name)' in said
    assert "abc" not in said
    assert landlord.run("profile", address).code == 3
