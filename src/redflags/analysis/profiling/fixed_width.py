"""Where the fields of a file of fixed width begin: columns of characters that are always blank."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from redflags.analysis.profiling.header_guesses import guess_header
from redflags.analysis.profiling.samples import Layout, Sample

LOOKED_AT = 2000
BLANK_SHARE, LEAST_DENSE = 0.01, 0.08
LAST_LINES = 30


def guess_fields(
    name: str, lines: Sequence[str], layout: Layout, remarks: tuple[str, ...]
) -> Sample:
    """The sample of a file of fixed width; without rows when its lines show no fields."""
    lengths = Counter(map(len, lines))
    length, rows = max(lengths.items(), key=lambda item: item[1], default=(0, 0))
    starts = _starts([line.ljust(length) for line in lines[:LOOKED_AT]])
    if len(starts) < 2:
        return Sample((name,), layout, (), (), remarks=(*remarks, "no fields can be seen"))
    ends = [*starts[1:], max(lengths)]
    fields = tuple((start + 1, end - start) for start, end in zip(starts, ends, strict=True))
    header = guess_header([_cut(line, fields) for line in lines])
    return Sample(
        files=(name,),
        layout=replace(layout, skip_lines=int(header.is_there), fields=fields),
        names=header.names,
        rows=header.rows,
        has_header=header.is_there,
        are_lines_cut=rows < len(lines),
        last_rows=tuple(_cut(line, fields) for line in lines[-LAST_LINES:]),
        remarks=(*remarks, "fields are told by blanks alone: two that touch are one here"),
    )


def _starts(lines: Sequence[str]) -> list[int]:
    """First characters of fields, from 0; a rare word at the end of a long text starts none."""
    filled = [
        sum(character != " " for character in column) / len(lines)
        for column in zip(*lines, strict=False)
    ]
    runs: list[tuple[int, float]] = []
    is_blank = True
    for place, share in enumerate(filled):
        if share > BLANK_SHARE and is_blank:
            runs.append((place, share))
        elif share > BLANK_SHARE:
            runs[-1] = (runs[-1][0], max(runs[-1][1], share))
        is_blank = share <= BLANK_SHARE
    starts = [start for start, densest in runs if densest >= LEAST_DENSE]
    return [0, *starts[1:]] if starts else []


def _cut(line: str, fields: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(line[start - 1 : start - 1 + length].strip() for start, length in fields)
