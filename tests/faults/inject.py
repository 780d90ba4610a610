"""Faults as transfers, exports and people make them, put into good extracts."""

import csv
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import pairwise
from pathlib import Path

from openpyxl import load_workbook

PLACES = 20
Fault = tuple[str, Callable[[], None]]
"""What is done, and how to do it to the extract in place."""


def faults_of(folder: Path, seed: int) -> Iterator[Fault]:
    """Every fault that fits the files of `folder`; `seed` chooses places and bytes."""
    chance = random.Random(seed)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        yield from _broken_bytes(path, chance)
        yield from _by_kind(path, chance)
        yield f"{path.name}: gone", path.unlink
    for one, other in pairwise(files):
        yield f"{one.name} and {other.name} swapped", lambda a=one, b=other: _swap(a, b)


def _broken_bytes(path: Path, chance: random.Random) -> Iterator[Fault]:
    content = path.read_bytes()
    for place in sorted(chance.sample(range(1, len(content)), PLACES)):
        between = " between rows" if content[place - 1 : place] == b"\n" else ""
        yield f"{path.name}: cut at byte {place}{between}", lambda at=place: _cut(path, at)
    for number in range(10):
        seed = chance.random()
        yield f"{path.name}: 1 % of bytes changed ({number})", lambda s=seed: _change(path, s)
    yield f"{path.name}: empty", lambda: path.write_bytes(b"")
    yield f"{path.name}: twice over", lambda: path.write_bytes(path.read_bytes() * 2)


def _by_kind(path: Path, chance: random.Random) -> Iterator[Fault]:
    match path.suffix:
        case ".csv":
            yield from _columns(path, chance, _csv_rows, _write_csv)
        case ".xlsx":
            yield from _columns(path, chance, _sheet_rows, _write_sheet)
        case ".json" | ".jsonl":
            yield from _keys(path)
        case ".sqlite3":
            yield from _tables(path)


Rows = list[list[str]]


def _columns(
    path: Path,
    chance: random.Random,
    read: Callable[[Path], Rows],
    write: Callable[[Path, Rows], None],
) -> Iterator[Fault]:
    width = len(read(path)[0])

    def done(change: Callable[[Rows], Rows]) -> Callable[[], None]:
        return lambda: write(path, change(read(path)))

    for at in range(width):
        beside = (at + 1) % width
        yield f"{path.name}: column {at} dropped", done(lambda rows, c=at: _dropped(rows, c))
        yield f"{path.name}: column {at} renamed", done(lambda rows, c=at: _renamed(rows, c))
        yield f"{path.name}: column {at} doubled", done(lambda rows, c=at: _doubled(rows, c))
        yield f"{path.name}: column {at} blank", done(lambda rows, c=at: _filled(rows, c, ""))
        yield f"{path.name}: column {at} odd", done(lambda rows, c=at: _filled(rows, c, "31-31"))
        yield (
            f"{path.name}: columns {at} and {beside} swapped",
            done(lambda rows, a=at, b=beside: _swapped(rows, a, b)),
        )
    yield f"{path.name}: header gone", done(lambda rows: rows[1:])
    yield f"{path.name}: header twice", done(lambda rows: [rows[0], *rows])
    yield f"{path.name}: rows in disorder", done(lambda rows: [rows[0], *_mixed(rows, chance)])
    yield f"{path.name}: every row cut short", done(lambda rows: [rows[0], *_short(rows)])
    yield f"{path.name}: one field too many", done(lambda rows: [rows[0], *_long(rows)])


def _keys(path: Path) -> Iterator[Fault]:
    text = path.read_text(encoding="utf-8")
    names = sorted(
        {part.split('"')[0] for part in text.split('"')[1:] if part and part.isidentifier()}
    )
    keys = [name for name in names if f'"{name}":' in text]
    for key in keys:
        mark = f'"{key}":'
        yield f"{path.name}: key {key} renamed", _replaced(path, mark, f'"{key}_new":')
        yield f"{path.name}: key {key} a list", _replaced(path, f"{mark} ", f'{mark} [], "was": ')
        yield f"{path.name}: key {key} null", _replaced(path, f"{mark} ", f'{mark} null, "was": ')


def _tables(path: Path) -> Iterator[Fault]:
    with sqlite3.connect(path) as base:
        names = [name for (name,) in base.execute("SELECT name FROM sqlite_master")]
        columns = {n: [c[1] for c in base.execute(f"PRAGMA table_info({n})")] for n in names}
    for table, fields in columns.items():
        yield f"{table} gone", _ran(path, f"DROP TABLE {table}")
        yield f"{table} empty", _ran(path, f"DELETE FROM {table}")
        for field in fields:
            renamed = f"ALTER TABLE {table} RENAME COLUMN {field} TO {field}_new"
            yield f"{table}.{field} renamed", _ran(path, renamed)
            yield f"{table}.{field} blank", _ran(path, f"UPDATE {table} SET {field} = NULL")
            yield f"{table}.{field} odd", _ran(path, f"UPDATE {table} SET {field} = '31-31'")
            yield f"{table}.{field} bytes", _ran(path, f"UPDATE {table} SET {field} = x'00ff'")


def _ran(path: Path, statement: str) -> Callable[[], None]:
    def run() -> None:
        with sqlite3.connect(path) as base:
            base.execute(statement)

    return run


def _replaced(path: Path, old: str, new: str) -> Callable[[], None]:
    def write() -> None:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new), encoding="utf-8")

    return write


def _cut(path: Path, at: int) -> None:
    path.write_bytes(path.read_bytes()[:at])


def _change(path: Path, seed: float) -> None:
    chance, content = random.Random(seed), bytearray(path.read_bytes())
    for place in chance.sample(range(len(content)), max(1, len(content) // 100)):
        content[place] = chance.randrange(256)
    path.write_bytes(bytes(content))


def _swap(one: Path, other: Path) -> None:
    beside = one.with_suffix(".aside")
    shutil.move(one, beside)
    shutil.move(other, one)
    shutil.move(beside, other)


def _csv_rows(path: Path) -> Rows:
    text = path.read_bytes().decode("cp1252")
    return list(csv.reader(StringIO(text, newline="")))


def _write_csv(path: Path, rows: Rows) -> None:
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode("cp1252"))


def _sheet_rows(path: Path) -> Rows:
    return [["" if v is None else v for v in row] for row in load_workbook(path).active.values]


def _write_sheet(path: Path, rows: Rows) -> None:
    book = load_workbook(path)
    page = book.active
    page.delete_rows(1, page.max_row)
    for row in rows:
        page.append(row)
    book.save(path)


def _dropped(rows: Rows, at: int) -> Rows:
    return [[*row[:at], *row[at + 1 :]] for row in rows]


def _renamed(rows: Rows, at: int) -> Rows:
    return [[*rows[0][:at], "Something Else", *rows[0][at + 1 :]], *rows[1:]]


def _doubled(rows: Rows, at: int) -> Rows:
    return [[*row, row[at]] for row in rows]


def _filled(rows: Rows, at: int, value: str) -> Rows:
    return [rows[0], *([*row[:at], value, *row[at + 1 :]] for row in rows[1:])]


def _swapped(rows: Rows, a: int, b: int) -> Rows:
    """The values change places, and their names do not."""
    changed = [list(row) for row in rows[1:]]
    for row in changed:
        row[a], row[b] = row[b], row[a]
    return [rows[0], *changed]


def _mixed(rows: Rows, chance: random.Random) -> Rows:
    return chance.sample(rows[1:], len(rows) - 1)


def _short(rows: Rows) -> Rows:
    return [row[: len(row) // 2] for row in rows[1:]]


def _long(rows: Rows) -> Rows:
    return [[*row, "more"] for row in rows[1:]]
