"""Files as landlords send them: a clear outcome for each fault, and no row lost."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from builders.extracts import (
    AS_OF,
    Tables,
    quiet_estate,
    repair,
    three_lock_changes,
    with_rows,
    write_extracts,
)
from builders.nights import Ended, Installation

DONE, WRONG, PARTIAL = 0, 2, 3
ROWS = 1_000
PLANTED = ("Zanzibarred", "Quuxworthy", "07700900123", "quux@example.invalid", "9182736455")


def an_estate(repairs: int = 40) -> Tables:
    return with_rows(
        quiet_estate(homes=20) | {"repairs": []},
        repairs=[
            repair(f"W{n}", n % 20 + 1, n % 300 + 1, "Dripping tap", cost_gbp="80.00")
            for n in range(repairs)
        ],
    )


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    write_extracts(tmp_path / "extracts", an_estate())
    return Installation(tmp_path / "home", tmp_path / "extracts", knows_estate=True)


def ingest(installation: Installation) -> Ended:
    return installation.run("ingest", "--as-of", AS_OF.isoformat())


def rows_of(ended: Ended) -> dict[str, tuple[int, ...]]:
    """Rows read, accepted, quarantined and replaced, by table; none was lost."""
    lines = [line.split() for line in ended.out.splitlines()[1:]]
    found = {name: tuple(int(n.replace(",", "")) for n in numbers) for name, *numbers in lines}
    assert all(read == sum(fates) for read, *fates in found.values())
    return {name: fates for name, fates in found.items() if fates[0]}


def rewrite(installation: Installation, change: Callable[[bytes], bytes]) -> None:
    path = installation.extracts / "repairs.csv"
    path.write_bytes(change(path.read_bytes()))


def everything_in(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file())


def test_one_row_in_a_hundred_is_rubbish_and_set_aside(tmp_path: Path) -> None:
    write_extracts(tmp_path / "extracts", an_estate(ROWS))
    installation = Installation(tmp_path / "home", tmp_path / "extracts", knows_estate=True)
    rubbish = [
        b",P0001,2026-10-01,responsive,no name of its own,1",
        b"W9001,,2026-10-01,responsive,no home,1",
        b"W9002,P0001,Zanzibarred,responsive,no date,1",
        b"W9003,P0001,2026-13-45,responsive,no such day,1",
        b"W9004,P0001",
        b"W9005,P0001,2026-10-01,responsive,too,1,many,columns",
        b"\x00\x01\x02\xff\xfe",
        b"W9006,P0001,2026-10-01,responsive,free,a pound Quuxworthy",
        b"Zanzibarred Zanzibarred Zanzibarred",
        b";;;;;;;;;",
    ]

    def scattered(content: bytes) -> bytes:
        lines = content.rstrip(b"\n").split(b"\n")
        for number, line in enumerate(rubbish):
            lines.insert(1 + (number + 1) * 83, line)
        return b"\n".join(lines) + b"\n"

    rewrite(installation, scattered)

    ended = ingest(installation)

    read, accepted, quarantined, replaced = rows_of(ended)["repairs"]
    assert ended.code == DONE
    assert (read, replaced) == (ROWS + len(rubbish), 0)
    assert accepted in (ROWS, ROWS + 1)
    assert quarantined in (len(rubbish), len(rubbish) - 1)
    listed = installation.run("problems").out
    assert "repairs.raised_at: bad_date" in listed
    assert "repairs.property_ref: missing_value" in listed
    assert f" of {listed.count('repairs.csv row')} problems" in listed
    for planted in (*PLANTED, "W900", "no name of its own"):
        assert planted not in listed + ended.out + ended.err


def test_columns_that_are_not_listed_never_come_in(tmp_path: Path) -> None:
    tables = an_estate()
    personal = dict(zip(("tenant", "contact", "phone", "email", "key_safe"), PLANTED, strict=True))
    for rows in tables.values():
        rows[:] = [row | personal for row in rows]
    write_extracts(tmp_path / "extracts", tables)
    installation = Installation(tmp_path / "home", tmp_path / "extracts", knows_estate=True)

    ended = ingest(installation)
    night = installation.night()

    assert (ended.code, night.error) == (DONE, None)
    assert rows_of(ended)["repairs"] == (40, 40, 0, 0)
    written = everything_in(installation.home) + (ended.out + ended.err).encode()
    assert b"P0001" in written, "the search finds what is there"
    assert [value for value in PLANTED if value.encode() in written] == []


def test_latin_1_is_read_and_told(installation: Installation) -> None:
    rewrite(installation, lambda content: content.replace(b"Dripping tap", b"Caf\xe9 tap", 1))

    ended = ingest(installation)

    assert ended.code == DONE
    assert rows_of(ended)["repairs"] == (40, 40, 0, 0)
    assert "encoding_repaired" in installation.run("problems").out


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda content: content.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(lambda content: b"\xef\xbb\xbf" + content, id="BOM"),
        pytest.param(lambda content: content.rstrip(b"\n"), id="no last line feed"),
        pytest.param(
            lambda content: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n").rstrip(), id="all"
        ),
    ],
)
def test_line_ends_and_marks_change_nothing(
    installation: Installation, change: Callable[[bytes], bytes]
) -> None:
    rewrite(installation, change)

    ended = ingest(installation)

    assert ended.code == DONE
    assert rows_of(ended)["repairs"] == (40, 40, 0, 0)
    assert "0 of 0 problems" in installation.run("problems").out


@pytest.mark.parametrize(("kept", "whole"), [(b"W39", 39), (b"W20", 20)])
def test_a_file_that_was_cut_off_in_a_row_is_told_every_night(
    installation: Installation, kept: bytes, whole: int
) -> None:
    """Nobody knows how many rows are missing behind the cut, so it cannot end as done."""
    rewrite(installation, lambda content: content[: content.rindex(kept + b",") + len(b"W39,P00")])

    ended, again = ingest(installation), ingest(installation)

    assert (ended.code, again.code) == (PARTIAL, PARTIAL)
    assert rows_of(ended)["repairs"] == (whole + 1, whole, 1, 0)
    assert "breaks off in the middle of its last row" in ended.err
    assert "breaks off in the middle of its last row" in again.err


def test_a_quote_that_never_closes_loses_no_row_unsaid(installation: Installation) -> None:
    rewrite(installation, lambda content: content[: content.rindex(b"Dripping")] + b'"Dripping')

    ended = ingest(installation)

    read, accepted, quarantined, _ = rows_of(ended)["repairs"]
    assert ended.code == PARTIAL, "more rows may be missing behind it"
    assert (read, accepted + quarantined) == (40, 40)


def test_an_empty_file_is_refused_and_the_others_are_taken(installation: Installation) -> None:
    rewrite(installation, lambda _: b"")

    ended = ingest(installation)

    assert ended.code == PARTIAL
    assert "repairs.csv" in ended.err
    assert "repairs" not in rows_of(ended)
    assert rows_of(ended)["tenancies"] == (20, 20, 0, 0)


def test_a_file_with_a_header_only_is_a_day_without_repairs(installation: Installation) -> None:
    rewrite(installation, lambda content: content[: content.index(b"\n") + 1])

    ended = ingest(installation)

    assert ended.code == DONE
    assert rows_of(ended).get("repairs", (0, 0, 0, 0)) == (0, 0, 0, 0)


def test_a_missing_required_column_is_named_and_the_others_are_taken(
    installation: Installation,
) -> None:
    rewrite(installation, lambda content: content.replace(b"raised_at", b"raised_on", 1))

    ended = ingest(installation)
    night = installation.night()

    assert ended.code == PARTIAL
    assert "repairs.csv" in ended.err
    assert "raised_at" in ended.err
    assert rows_of(ended)["properties"] == (20, 20, 0, 0)
    assert "repairs" not in rows_of(ended)
    assert (night.error, str(night.summary.outcome)) == (None, "partial")
    assert any("raised_at" in note for note in night.summary.notes)


def test_a_refused_file_is_taken_once_it_is_mended(installation: Installation) -> None:
    rewrite(installation, lambda content: content.replace(b"raised_at", b"raised_on", 1))
    ingest(installation)
    rewrite(installation, lambda content: content.replace(b"raised_on", b"raised_at", 1))

    ended = ingest(installation)

    assert ended.code == DONE
    assert rows_of(ended) == {"repairs": (40, 40, 0, 0)}


def test_what_was_taken_is_not_read_again(installation: Installation) -> None:
    assert ingest(installation).code == DONE

    again = ingest(installation)

    assert (again.code, rows_of(again)) == (DONE, {})


def test_a_row_sent_again_replaces_the_earlier_one(installation: Installation) -> None:
    ingest(installation)
    sent_again = [repair("W1", 2, 10, "Dripping tap, done"), repair("W500", 3, 4, "Gutter")]
    write_extracts(installation.extracts, {"repairs_2026-10-30": sent_again})

    ended = ingest(installation)

    assert ended.code == DONE
    assert rows_of(ended) == {"repairs": (2, 1, 0, 1)}
    assert installation.record_totals()["repairs"] == 41


def test_a_folder_that_is_not_there_is_a_source_that_is_absent(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "home", tmp_path / "nowhere")

    ended = ingest(installation)
    night = installation.night()

    assert ended.code == PARTIAL
    assert "REDFLAGS_EXTRACTS" in ended.err
    assert (night.error, str(night.summary.outcome)) == (None, "partial")
    assert len(installation.messages()) == 1


def test_an_absent_source_leaves_the_alerts_of_the_others(tmp_path: Path) -> None:
    tables = with_rows(quiet_estate(), lock_changes=three_lock_changes(7))
    write_extracts(tmp_path / "extracts", tables)
    installation = Installation(tmp_path / "home", tmp_path / "extracts", knows_estate=True)
    (tmp_path / "config" / "sources").mkdir(parents=True)
    for path in installation.config.glob("*.toml"):
        (tmp_path / "config" / path.name).write_bytes(path.read_bytes())
    canonical = (installation.config / "sources" / "canonical.toml").read_text()
    (tmp_path / "config" / "sources" / "canonical.toml").write_text(canonical)
    (tmp_path / "config" / "sources" / "other.toml").write_text(
        'enabled = true\nkind = "delimited"\nfolder = "not there"\n'
        '[tables.asb]\nfiles = ["asb.csv"]\n[tables.asb.columns]\n'
        'report_ref = "ref"\nsubject_property_ref = "uprn"\nreported_at = "day"\n'
    )
    both = Installation(installation.home, installation.extracts, tmp_path / "config")

    ended = ingest(both)
    night = both.night()

    assert ended.code == PARTIAL
    assert "other" in ended.err
    assert str(night.summary.outcome) == "partial"
    assert [alert["tenancy_ref"] for alert in both.alerts()] == ["T0007"]


def test_every_fault_of_a_configuration_is_told_at_once(
    installation: Installation, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    (config / "sources").mkdir(parents=True)
    (config / "ruleset.toml").write_text('version = "1"\n[rules.x]\nkind = "count"\n')
    (config / "signals.toml").write_text("this is = = not TOML")
    (config / "sources" / "one.toml").write_text('kind = "smoke signals"\nenabled = true\n')
    (config / "sources" / "two.toml").write_text('password = "Zanzibarred"\nenabled = true\n')
    broken = Installation(
        installation.home, installation.extracts, config, {"REDFLAGS_NOTIFY_BY": "smtp"}
    )

    for words in (["ingest"], ["check"], ["score", "--output", str(tmp_path / "scores.csv")]):
        ended = broken.run(*words)

        assert ended.code == WRONG
        assert ended.out == ""
        for named in ("ruleset.toml", "signals.toml", "one.toml", "two.toml", "TEAM_ADDRESS"):
            assert named in ended.err
        assert "Zanzibarred" not in ended.err
    assert not (installation.home / "records").exists()


def test_a_rubbish_file_has_no_effect_on_how_others_are_read(tmp_path: Path) -> None:
    """Whatever bytes come as one table, the others are whole and no value is told."""
    for seed in range(5):
        installation = Installation(tmp_path / f"home{seed}", tmp_path / f"extracts{seed}")
        write_extracts(installation.extracts, an_estate())
        (installation.extracts / "asb.csv").write_bytes(random.Random(seed).randbytes(20_000))

        ended = ingest(installation)

        assert ended.code == PARTIAL
        assert rows_of(ended)["repairs"] == (40, 40, 0, 0)
        assert "asb.csv" in ended.err
        assert len(ended.err) < 1_000
