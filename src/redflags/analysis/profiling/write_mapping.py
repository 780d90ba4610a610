"""A draft as the text of a mapping file; every guess says that it is one, and no value is told."""

from collections.abc import Iterator, Mapping, Sequence

from redflags.analysis.profiling.code_guesses import FALLBACKS, CodeBlock
from redflags.analysis.profiling.mapping_draft import (
    DraftColumn,
    DraftJoin,
    DraftSource,
    DraftTable,
)
from redflags.analysis.profiling.samples import Layout, Sureness
from redflags.analysis.profiling.toml_text import as_list, comment, guessed, quoted
from redflags.analysis.schemas import WORK_TYPES

_TOP = (
    "A mapping to start from, made by `redflags profile`. Each `# guess` says how sure it is:",
    "look at them all, fill in the codes, set enabled = true and run",
    "`redflags check --source NAME`. Every key is explained in docs/mapping.md.",
)


def mapping_text(source: DraftSource) -> str:
    """The mapping file, which can be read as it is unless something required is missing."""
    lines = [*(f"# {line}" for line in _TOP), "enabled = false", *_layout(source)]
    for table in source.tables:
        lines += ["", *_table(table)]
    return "\n".join(lines) + "\n"


def _layout(source: DraftSource) -> Iterator[str]:
    layout = source.layout
    yield f"kind = {quoted(layout.kind)}"
    if source.url:
        yield f"url = {quoted(source.url)}"
        yield "# paging, token_env and the like: see docs/mapping.md"
        return
    where = "below REDFLAGS_EXTRACTS; put the files there"
    yield f"folder = {quoted(layout.folder)}{guessed(Sureness.UNSURE, where)}"
    yield from _text_layout(layout)


def _text_layout(layout: Layout) -> Iterator[str]:
    if layout.kind in ("delimited", "fixed_width"):
        yield f"encoding = {quoted(layout.encoding)}{guessed(*_encoding(layout.encoding))}"
    if layout.kind == "delimited":
        why = "gives every row the same number of fields"
        yield f"delimiter = {quoted(layout.delimiter)}{guessed(Sureness.SURE, why)}"
    if layout.kind == "delimited" and layout.quote != '"':
        yield f"quote = {quoted(layout.quote)}{guessed(Sureness.LIKELY, 'how fields are quoted')}"
    if layout.last_line_open is not None:
        ends = "has no end" if layout.last_line_open else "has one, so one without has been cut off"
        said = str(layout.last_line_open).lower()
        yield f"last_line_open = {said}{guessed(Sureness.LIKELY, f'the last line {ends}')}"
    if layout.skip_lines:
        why = "lines before the header or the first record"
        yield f"skip_lines = {layout.skip_lines}{guessed(Sureness.LIKELY, why)}"


def _encoding(encoding: str) -> tuple[Sureness, str]:
    if encoding in ("utf-8", "utf-16"):
        return Sureness.SURE, "it can be read as that"
    return Sureness.LIKELY, "it is not UTF-8"


def _table(table: DraftTable) -> Iterator[str]:
    yield from _about(table)
    lead = f"tables.{table.table}"
    yield f"[{lead}]{guessed(table.sureness, 'the table, by names of columns and file')}"
    yield from _place(table)
    yield from _steps(table)
    for condition in table.drop_when:
        test = "filled = false" if condition.is_blank else f"prefix = {quoted(condition.prefix)}"
        yield (
            f"drop_when = [{{ column = {quoted(condition.column)}, {test} }}]"
            f"{guessed(Sureness.LIKELY, f'a total at the end; leaves out {condition.rows} rows')}"
        )
    yield f"[{lead}.columns]"
    yield from map(_column, table.columns)
    for name in table.missing:
        yield f'# {name} = "…"  # required, and no column looks like it: name one'
    yield from _values(f"{lead}.constants", table.constants, "no column says it")
    yield from _dates(lead, table)
    yield from _codes(lead, table)
    if table.join:
        yield from _join(f"{lead}.join.{table.join.alias}", table.join)


def _about(table: DraftTable) -> Iterator[str]:
    files = ", ".join(table.sample.files[:3]) or table.sample.resource
    yield from comment(f"{files}: {len(table.sample.rows)} rows were looked at.")
    if table.personal:
        listed = ", ".join(f'"{name}" ({what})' for name, what in table.personal.items())
        yield from comment(f"Personal, and never to be mapped: {listed}.")
    if table.unused:
        listed = ", ".join(f'"{name}" ({kind})' for name, kind in table.unused.items())
        yield from comment(f"Not used: {listed}.")
    for remark in table.remarks:
        yield from comment(f"Look: {remark}.")


def _place(table: DraftTable) -> Iterator[str]:
    sample = table.sample
    if sample.layout.kind == "json":
        yield f"resource = {quoted(sample.resource)}"
        if sample.items:
            yield f"items = {quoted(sample.items)}{guessed(Sureness.LIKELY, 'the list of records')}"
        return
    yield f"files = {as_list(table.files)}{guessed(Sureness.LIKELY, 'names of later files too')}"
    if sample.sheet:
        yield f"sheet = {quoted(sample.sheet)}"
    if sample.layout.fields:
        yield (
            "fields = {" + ", ".join(_fields(table)) + " }" + guessed(Sureness.UNSURE, "see above")
        )
        if sample.are_lines_cut:
            why = "lines differ in length"
            yield f'trailing_blanks = "trimmed"{guessed(Sureness.LIKELY, why)}'
    elif not sample.has_header:
        yield f"header = {as_list(sample.names)}{guessed(Sureness.LIKELY, 'no line has names')}"


def _fields(table: DraftTable) -> Iterator[str]:
    sample = table.sample
    for name, (start, length) in zip(sample.names, sample.layout.fields, strict=True):
        yield f" {quoted(name)} = [{start}, {length}]"


def _steps(table: DraftTable) -> Iterator[str]:
    """What is taken off or put before references and codes."""
    for key, values in _step_values(table.columns).items():
        if values:
            inner = ", ".join(f"{name} = {value}" for name, (value, _) in values.items())
            why = "; ".join(dict.fromkeys(reason for _, reason in values.values()))
            yield f"{key} = {{ {inner} }}{guessed(Sureness.LIKELY, why)}"
    plain = [column.column for column in table.columns if column.form.plain_numbers]
    if plain:
        yield f"plain_numbers = {as_list(plain)}{guessed(Sureness.LIKELY, 'numbers with .0')}"


def _step_values(columns: Sequence[DraftColumn]) -> dict[str, dict[str, tuple[str, str]]]:
    found: dict[str, dict[str, tuple[str, str]]] = {
        key: {} for key in ("part", "strip_prefix", "strip_suffix", "pad")
    }
    for column in columns:
        form, name = column.form, column.column
        why = f"{form.share_before:.0%} of the homes match without, {form.share_after:.0%} with it"
        if form.part or column.part:
            reason = why if form.part else "a code of its own"
            found["part"][name] = (quoted(form.part or column.part), reason)
        if form.strip_prefix:
            found["strip_prefix"][name] = (quoted(form.strip_prefix), why)
        if form.strip_suffix:
            found["strip_suffix"][name] = (quoted(form.strip_suffix), why)
        if form.pad:
            found["pad"][name] = (str(form.pad), why)
    return found


def _column(column: DraftColumn) -> str:
    looks = f"; {column.shapes}" if column.shapes else ""
    unmatched = ""
    if column.form.share_after and not column.form.changes:
        unmatched = f"; {column.form.share_after:.0%} are homes that are known"
    why = f"{column.why}; {column.filled} of {column.rows} filled{looks}{unmatched}"
    lead = column.form.put_before
    theirs = f"{lead}{{{column.theirs}}}" if lead else column.theirs
    return f"{column.column} = {quoted(theirs)}{guessed(column.sureness, why)}"


def _values(title: str, values: Mapping[str, str], why: str) -> Iterator[str]:
    if values:
        yield f"[{title}]"
        for name, value in values.items():
            yield f"{name} = {quoted(value)}{guessed(Sureness.UNSURE, why)}"


def _dates(lead: str, table: DraftTable) -> Iterator[str]:
    dated = [(column, column.dates) for column in table.columns if column.dates]
    if dated:
        yield f"[{lead}.date_format]"
    for column, dates in dated:
        formats = quoted(dates.formats[0]) if len(dates.formats) == 1 else as_list(dates.formats)
        yield f"{column.column} = {formats}{guessed(dates.sureness, dates.remark or 'its values')}"
    in_utc = [column.column for column, dates in dated if dates.is_utc]
    if in_utc:
        yield f"[{lead}.zone]"
        for name in in_utc:
            why = "days begin at 23:00 in summer"
            yield f'{name} = "UTC"{guessed(Sureness.LIKELY, why)}'


def _codes(lead: str, table: DraftTable) -> Iterator[str]:
    coded = [(column.column, column.codes) for column in table.columns if column.codes]
    for name, block in coded:
        if block.codes:
            yield f"# What each code of {name} means; codes that are not listed stay as they are."
            yield f"[{lead}.codes.{name}]"
            yield from _code_lines(name, block)
    defaults = {name: FALLBACKS[name] for name, block in coded if name in FALLBACKS and block.codes}
    yield from _values(f"{lead}.code_defaults", defaults, "for codes that are not listed")


def _code_lines(name: str, block: CodeBlock) -> Iterator[str]:
    for code in block.codes:
        sureness = Sureness.LIKELY if code.is_told else Sureness.UNSURE
        why = "its word" if code.is_told else "fill in" + _choices(name)
        yield (
            f"{quoted(code.theirs)} = {quoted(code.ours)}"
            f"{guessed(sureness, f'{why}; {code.rows} rows')}"
        )
    if block.not_shown:
        yield f"# {block.not_shown} more values are not shown: rare, long or perhaps personal."


def _choices(name: str) -> str:
    return f" ({' '.join(WORK_TYPES)})" if name == "work_type" else ""


def _join(title: str, join: DraftJoin) -> Iterator[str]:
    rows = len(join.sample.rows)
    yield from comment(
        f"{join.sample.files[0]} ({rows} rows) {'has' if join.is_parent else 'adds'} what is "
        f"called {join.alias}.… above. {join.orphans[0]} keys have no row there and "
        f"{join.orphans[1]} rows there are asked for by none: those do not come in."
    )
    yield f"[{title}]"
    yield f"files = {as_list(join.files)}{guessed(Sureness.LIKELY, 'names of later files too')}"
    why = "the same values stand in both"
    yield (
        f"on = {{ {quoted(join.main_key)} = {quoted(join.other_key)} }}"
        f"{guessed(Sureness.LIKELY, why)}"
    )
    if join.first:
        yield f"first = {as_list(join.first)}"
    if join.texts:
        yield f"texts = {as_list(join.texts)}"
    if join.sums:
        inner = ", ".join(f"{quoted(name)} = [{quoted(name)}]" for name in join.sums)
        yield f"sum = {{ {inner} }}"
