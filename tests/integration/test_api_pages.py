"""Servers with ideas of their own about pages: every order comes in, or it is told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from builders.api_server import Behave, Reply, Request, Server, orders, paged, serving
from builders.sources import mapped_source, nothing_is_taken
from redflags.adapters.sources import LandlordSource
from redflags.analysis.extracts import Extract
from redflags.errors import SourceError, SourceRefused

MAPPING = """
enabled = true
kind = "json"
url_env = "API"
{options}
[tables.repairs]
resource = "workOrders"
{table}
columns = {{ work_order_ref = "reference", property_ref = "home", raised_at = "raised" }}
"""
NUMBERED = 'paging = { page = "page", page_size = "pageSize", size = 50 }'


def source_of(server: Server, tmp_path: Path, options: str, table: str = "") -> LandlordSource:
    text = MAPPING.format(options=options, table=table)
    return mapped_source(text, tmp_path, tmp_path, {"API": server.url})


def read(
    server: Server, tmp_path: Path, options: str, table: str = ""
) -> tuple[list[str], Extract]:
    """The references that came, in their order, and the extract."""
    rows, extract = rows_of(source_of(server, tmp_path, options, table))
    return rows.column("work_order_ref").to_pylist(), extract


def rows_of(source: LandlordSource) -> tuple[pa.Table, Extract]:
    """The rows of the only table, read before the next is asked for."""
    ((rows, extract),) = [
        (outcome.rows.read_all(), outcome)
        for outcome in source.extracts(nothing_is_taken)
        if isinstance(outcome, Extract)
    ]
    return rows, extract


def refused(server: Server, tmp_path: Path, options: str, table: str = "") -> str:
    """Why nothing of the table can be used."""
    with pytest.raises(SourceError) as raised:
        for outcome in source_of(server, tmp_path, options, table).extracts(nothing_is_taken):
            if isinstance(outcome, Extract):
                outcome.rows.read_all()
            else:
                raise outcome.error
    assert isinstance(raised.value, SourceRefused)
    return str(raised.value)


def refs(count: int) -> list[str]:
    return [str(n) for n in range(1, count + 1)]


@pytest.mark.parametrize("cap", [7, 49, 50, 100, 121])
@pytest.mark.parametrize("count", [0, 1, 50, 100, 101, 120])
def test_whatever_the_server_gives_at_once_every_order_comes_once(
    tmp_path: Path, cap: int, count: int
) -> None:
    with serving(paged(orders(count), cap)) as server:
        came, extract = read(server, tmp_path, NUMBERED.replace("50", "100"))

    assert came == refs(count)
    assert extract.doubts == []


def test_a_server_that_caps_pages_and_counts_them_by_what_was_asked_for_loses_nothing(
    tmp_path: Path,
) -> None:
    everything = orders(120)

    def behave(request: Request) -> Reply:
        page, asked = int(request.query["page"]), int(request.query["pageSize"])
        return Reply(everything[(page - 1) * asked :][: min(asked, 50)] if page else [])

    with serving(behave) as server:
        came, _ = read(server, tmp_path, NUMBERED.replace("50", "100"))

    assert sorted(came, key=int) == refs(120)


@pytest.mark.parametrize("short", [1, 2, 3])
@pytest.mark.parametrize("missing", [2, 50])
def test_a_page_with_records_left_out_is_not_the_end(
    tmp_path: Path, short: int, missing: int
) -> None:
    everything = orders(170)

    def behave(request: Request) -> Reply:
        page, size = int(request.query["page"]), int(request.query["pageSize"])
        records = everything[(page - 1) * size : page * size] if page else []
        return Reply(records[: max(size - missing, 0)] if page == short else records)

    with serving(behave) as server:
        came, _ = read(server, tmp_path, NUMBERED)

    assert set(came) >= set(refs(170)[short * 50 :])
    assert len(came) >= 170 - missing


def test_a_server_that_ignores_the_page_number_is_asked_twice_and_refused(tmp_path: Path) -> None:
    with serving(lambda request: Reply(orders(50))) as server:
        words = refused(server, tmp_path, NUMBERED)

    assert "came again" in words
    assert server.pages == [1, 2]


def test_pages_without_end_are_cut_off_and_told(tmp_path: Path) -> None:
    def behave(request: Request) -> Reply:
        page = int(request.query["page"])
        return Reply(orders(2, first=page * 2 + 1))

    with serving(behave) as server:
        words = refused(
            server, tmp_path, NUMBERED.replace("size = 50", "size = 2, pages_at_most = 5")
        )

    assert "at most 5 pages" in words
    assert server.pages == [1, 2, 3, 4, 5]


def test_a_server_that_counts_pages_from_0_is_told(tmp_path: Path) -> None:
    everything = orders(120)

    def behave(request: Request) -> Reply:
        page = int(request.query["page"])
        return Reply(everything[page * 50 : page * 50 + 50])

    with serving(behave) as server:
        came, extract = read(server, tmp_path, NUMBERED)
        assert len(came) == 70
        assert "counts from 0" in extract.doubts[0]
        came, extract = read(
            server, tmp_path, NUMBERED.replace("size = 50", "size = 50, first = 0")
        )

    assert (came, extract.doubts) == (refs(120), [])


def growing(change: Callable[[list[Any], int], None]) -> Behave:
    """Pages of 50 of 120 orders that are changed before each request, told the request's number."""
    everything, number = orders(120), [0]

    def behave(request: Request) -> Reply:
        number[0] += 1
        change(everything, number[0])
        page = int(request.query["page"])
        return Reply(everything[(page - 1) * 50 : page * 50] if page else [])

    return behave


def test_an_order_put_in_at_the_top_between_two_pages_pushes_none_out(tmp_path: Path) -> None:
    def change(everything: list[Any], number: int) -> None:
        if number == 2:
            everything.insert(0, orders(1, first=999)[0])

    with serving(growing(change)) as server:
        came, extract = read(server, tmp_path, NUMBERED)

    assert sorted(came, key=int) == [*refs(120), "999"]
    assert extract.doubts == []


def test_an_order_that_moves_to_the_top_before_its_page_is_read_is_found(tmp_path: Path) -> None:
    def change(everything: list[Any], number: int) -> None:
        if number == 2:
            everything.insert(0, everything.pop())

    with serving(growing(change)) as server:
        came, extract = read(server, tmp_path, NUMBERED)

    assert sorted(came, key=int) == refs(120)
    assert extract.doubts == []


def test_a_list_that_never_stands_still_is_told(tmp_path: Path) -> None:
    def change(everything: list[Any], number: int) -> None:
        everything.insert(0, orders(1, first=1000 + number)[0])

    with serving(growing(change)) as server:
        came, extract = read(server, tmp_path, NUMBERED)

    assert set(refs(120)) <= set(came)
    assert "changed while it was read" in extract.doubts[0]


@pytest.mark.parametrize("total", [120, 119, 121])
def test_a_total_is_compared_with_what_came(tmp_path: Path, total: int) -> None:
    def behave(request: Request) -> Reply:
        reply = paged(orders(120))(request)
        return Reply({"meta": {"total": total}, "results": reply.document})

    with serving(behave) as server:
        came, extract = read(server, tmp_path, NUMBERED, 'items = "results"')

    assert came == refs(120)
    assert bool(extract.doubts) is (total > 120)


def test_a_total_that_the_mapping_names_saves_the_requests_beyond_the_end(tmp_path: Path) -> None:
    def behave(request: Request) -> Reply:
        return Reply(paged(orders(120))(request).document, headers={"X-Count": "120"})

    with serving(behave) as server:
        options = NUMBERED.replace("size = 50", 'size = 50, total = "X-Count"')
        came, extract = read(server, tmp_path, options)

    assert (came, extract.doubts, server.pages) == (refs(120), [], [1, 2, 3])


@pytest.mark.parametrize(("count", "is_refused"), [(70, False), (100, True)])
def test_no_address_beyond_the_last_page_is_an_end_only_after_a_short_page(
    tmp_path: Path, count: int, is_refused: bool
) -> None:
    def behave(request: Request) -> Reply:
        reply = paged(orders(count))(request)
        return reply if reply.document else Reply({}, 404)

    with serving(behave) as server:
        if is_refused:
            assert "404" in refused(server, tmp_path, NUMBERED)
        else:
            assert read(server, tmp_path, NUMBERED)[0] == refs(count)


def by_offset(everything: list[Any], cap: int) -> Behave:
    def behave(request: Request) -> Reply:
        skip, take = int(request.query["skip"]), int(request.query["take"])
        return Reply(everything[skip : skip + min(take, cap)])

    return behave


@pytest.mark.parametrize("cap", [10, 50, 100, 200])
def test_offsets_are_counted_by_what_came(tmp_path: Path, cap: int) -> None:
    options = 'paging = { offset = "skip", page_size = "take", size = 100 }'

    with serving(by_offset(orders(230), cap)) as server:
        came, extract = read(server, tmp_path, options)

    assert (came, extract.doubts) == (refs(230), [])


def linked(link: Callable[[Server, int], dict[str, Any]], in_header: bool = False) -> Behave:
    """Three pages of two orders; `link` gives what leads to the next page."""

    def behave(request: Request) -> Reply:
        number = int(request.query.get("after", "0"))
        records = orders(2, first=number * 2 + 1)
        further = link(_server[0], number + 1) if number < 2 else {}
        if in_header:
            return Reply(records, headers=further)
        return Reply({"results": records, "links": further})

    return behave


_server: list[Server] = []


@pytest.mark.parametrize(
    "form", ["{url}/workOrders?after={n}", "?after={n}", "/api/workOrders?after={n}"]
)
@pytest.mark.parametrize("in_header", [True, False])
def test_next_links_are_followed(tmp_path: Path, form: str, in_header: bool) -> None:
    def link(server: Server, number: int) -> dict[str, Any]:
        address = form.format(url=server.url, n=number)
        return {"Link": f'<{address}>; rel="next"'} if in_header else {"next": address}

    options = "" if in_header else 'paging = { next = "links.next" }'
    table = "" if in_header else 'items = "results"'
    with serving(linked(link, in_header)) as server:
        _server[:] = [server]
        came, extract = read(server, tmp_path, options, table)

    assert (came, extract.doubts) == (refs(6), [])


def test_a_cursor_is_sent_on(tmp_path: Path) -> None:
    options = 'paging = { next = "links.cursor", cursor = "after" }'
    with serving(linked(lambda _, number: {"cursor": number})) as server:
        _server[:] = [server]
        came, _ = read(server, tmp_path, options, 'items = "results"')

    assert came == refs(6)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://localhost:{port}/api/workOrders?after=1",
        "http://127.0.0.1:1/api/workOrders?after=1",
        "https://127.0.0.1:{port}/api/workOrders?after=1",
        "//evil.example/api",
        "ftp://127.0.0.1:{port}/api",
    ],
)
def test_a_next_link_to_another_server_is_refused(tmp_path: Path, elsewhere: str) -> None:
    def link(server: Server, number: int) -> dict[str, Any]:
        return {"next": elsewhere.format(port=server.server_port)}

    with serving(linked(link)) as server:
        _server[:] = [server]
        words = refused(server, tmp_path, 'paging = { next = "links.next" }', 'items = "results"')

    assert "never gets the token" in words
    assert len(server.requests) == 1


def test_a_next_link_that_leads_back_is_refused(tmp_path: Path) -> None:
    def behave(request: Request) -> Reply:
        number = int(request.query.get("after", "0"))
        further = f"?after={(number + 1) % 3}"
        return Reply({"results": orders(2, first=number * 2 + 1), "next": further})

    with serving(behave) as server:
        words = refused(server, tmp_path, 'paging = { next = "next" }', 'items = "results"')

    assert "came" in words
    assert len(server.requests) <= 4


def test_a_next_link_that_no_mapping_reads_is_told(tmp_path: Path) -> None:
    with serving(lambda request: Reply({"results": orders(2), "next": "/api/x?page=2"})) as server:
        came, extract = read(server, tmp_path, "", 'items = "results"')

    assert came == refs(2)
    assert 'paging = { next = "next" }' in extract.doubts[0]


@pytest.mark.parametrize(
    ("count", "is_doubted"), [(49, False), (50, True), (51, False), (100, True)]
)
def test_exactly_a_page_full_without_pages_described_is_told(
    tmp_path: Path, count: int, is_doubted: bool
) -> None:
    with serving(lambda request: Reply(orders(count))) as server:
        came, extract = read(server, tmp_path, "")
        assert (came, bool(extract.doubts)) == (refs(count), is_doubted)
        came, extract = read(server, tmp_path, 'paging = "whole"')

    assert (came, extract.doubts) == (refs(count), [])


def test_a_column_that_begins_on_a_later_page_is_not_lost(tmp_path: Path) -> None:
    everything = orders(120)
    everything[119]["status"] = "Completed"
    everything[119]["nested"] = {"cost": 5}
    more = 'raised_at = "raised", status = "status", cost_gbp = "nested.cost"'
    text = MAPPING.replace('raised_at = "raised"', more).format(options=NUMBERED, table="")
    with serving(paged(everything)) as server:
        source = mapped_source(text, tmp_path, tmp_path, {"API": server.url})
        rows, extract = rows_of(source)

    assert rows.column("status").to_pylist() == [None] * 119 + ["Completed"]
    assert rows.column("cost_gbp").to_pylist() == [None] * 119 + ["5"]
    assert rows.column("_row").to_pylist() == list(range(1, 121))
    assert extract.absent_columns == ()


def test_an_items_path_that_matches_nothing_is_refused_and_an_empty_list_is_not(
    tmp_path: Path,
) -> None:
    with serving(lambda request: Reply({"results": {"orders": []}})) as server:
        assert "items 'result'" in refused(server, tmp_path, "", 'items = "result"')
        assert read(server, tmp_path, "", 'items = "results.orders"')[0] == []
