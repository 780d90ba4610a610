"""Splitting odd text by hand: whose line is malformed, and where reading goes on."""

import pytest

from redflags.adapters.sources.files.csv_split_by_hand import Dialect, split_carefully
from redflags.adapters.sources.files.row_shape import RowShape


def split(text: str, is_end: bool = True, quote: str = '"') -> list[tuple[int, int, object]]:
    lines = [line + "\n" for line in text.split("\n")[:-1]]
    records = split_carefully(lines, RowShape(3, 3), Dialect(quote=quote), is_end)
    return [(record.first, record.last, record.fields) for record in records]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1,2,3\n", [["1", "2", "3"]]),
        ("1,2\n4,5,6\n", [None, ["4", "5", "6"]]),
        ('1,"a\nb",3\n', [["1", "a\nb", "3"]]),
        ('1,"a""b",3\n', [["1", 'a"b', "3"]]),
        ('1,"a"b,3\n', [["1", "ab", "3"]]),
        ('1,6" x,3\n', [["1", '6" x', "3"]]),
        ("\n1,2,3\n\n", [["1", "2", "3"]]),
        ('1,"a,3\n4,5,6\n', [None, ["4", "5", "6"]]),
        ('1,"a,3\n4,"b",6\n', [None, ["4", "b", "6"]]),
        ('1,"a,3\n4,"",6\n7,"c",9\n', [None, ["4", "", "6"], ["7", "c", "9"]]),
        ('1,"a\nb"\n4,5,6\n', [None, ["4", "5", "6"]]),
        ('1,"a\nb",3,4\n', [None]),
        ("1,2\r3,4,5\n4,5,6\n", [None, ["4", "5", "6"]]),
    ],
)
def test_rows(text: str, rows: list[object]) -> None:
    assert [fields for _, _, fields in split(text)] == rows


def test_an_unfinished_last_row_waits_for_the_next_block() -> None:
    assert split('1,2,3\n4,"a\nb\n', is_end=False) == [(0, 1, ["1", "2", "3"])]
    assert split('1,2,3\n4,"a\nb\n') == [(0, 1, ["1", "2", "3"]), (1, 2, None), (2, 3, None)]


def test_a_row_does_not_wait_for_ever() -> None:
    text = '1,"a,3\n' + "4,5,6\n" * 2000

    assert split(text, is_end=False)[0] == (0, 1, None)
    assert len(split(text, is_end=False)) == 2001


def test_without_quoting_a_quote_is_a_character() -> None:
    assert split('1,"a,3\n', quote="") == [(0, 1, ["1", '"a', "3"])]
