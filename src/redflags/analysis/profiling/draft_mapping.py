"""From samples to mappings: which tables they are, how their references meet, what is left."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from redflags.analysis.profiling.code_guesses import guess_codes
from redflags.analysis.profiling.column_profiles import (
    ColumnProfile,
    profile_columns,
)
from redflags.analysis.profiling.file_patterns import patterns_for
from redflags.analysis.profiling.home_standard import HOMES, home_standard, homes_of
from redflags.analysis.profiling.joined_samples import JoinGuess, guess_joins
from redflags.analysis.profiling.mapping_draft import (
    DraftColumn,
    DraftJoin,
    DraftSource,
    DraftTable,
)
from redflags.analysis.profiling.reference_forms import ReferenceForm, bare, form_between
from redflags.analysis.profiling.samples import Layout, Sample, Sureness
from redflags.analysis.profiling.table_guesses import ColumnGuess, TableGuess, guess_table
from redflags.analysis.profiling.totals_rows import rows_to_drop, without_totals
from redflags.analysis.profiling.value_shapes import share
from redflags.analysis.schemas import Kind

CODED = ("status", "trade_code", "priority_code", "work_type", "property_type", "reason_code")
_BOOK = "^(?:[A-Za-z]+-)?N?((?:[A-Z]{2})?[0-9].*)$"
_HAS_BOOK = re.compile(r"(?:[A-Za-z]+-N?|N)(?:[A-Z]{2})?\d{3,4}[0-9A-Z]{2,3}")
_LEADING_CODE = re.compile(r"\d{6}\b\W*\w")
CODE_BEFORE_TEXT, TEXT_AFTER_CODE = "^([0-9]{6})", r"(?s)^(?:[0-9]{6}\W*)?(.*)$"


def draft_sources(
    samples: Iterable[Sample], known_homes: Iterable[str] = ()
) -> tuple[tuple[DraftSource, ...], tuple[Sample, ...]]:
    """Mappings to start from, and the samples that no table explains.

    Args:
        known_homes: references of homes in the record store, the standard where there are any.
    """
    together = _of_same_columns([without_totals(sample) for sample in samples])
    guesses, strangers = _guessed(together, known_homes)
    standard = home_standard(guesses, known_homes)
    joins = guess_joins(guesses)
    in_joins = {id(join.other.sample) for join in joins}
    main = {id(join.main.sample): join for join in joins}
    tables = [
        _draft_table(guess, main.get(id(guess.sample)), standard, together)
        for guess in guesses
        if id(guess.sample) not in in_joins
    ]
    return tuple(_sources(tables)), strangers


def _of_same_columns(samples: Sequence[Sample]) -> list[Sample]:
    """Files with the same columns and layout are one table, month after month."""
    found: dict[tuple[object, ...], Sample] = {}
    for sample in samples:
        key = (
            sample.layout,
            sample.names if sample.has_header else sample.files,
            sample.sheet,
            sample.resource,
        )
        if first := found.get(key):
            found[key] = replace(
                first,
                files=(*first.files, *sample.files),
                rows=(*first.rows, *sample.rows),
                last_rows=sample.last_rows,
            )
        else:
            found[key] = sample
    return list(found.values())


def _guessed(
    samples: Sequence[Sample], known_homes: Iterable[str]
) -> tuple[list[TableGuess], tuple[Sample, ...]]:
    """Twice: the homes that the first look finds help the second."""
    profiled = [(sample, profile_columns(sample)) for sample in samples if sample.rows]
    homes = {bare(home) for home in known_homes} - {""}
    first = [guess_table(sample, profiles, homes) for sample, profiles in profiled]
    homes |= {bare(home) for guess in first if guess for home in homes_of(guess)}
    second = [guess_table(sample, profiles, homes) for sample, profiles in profiled]
    explained = {id(guess.sample) for guess in second if guess}
    strangers = tuple(sample for sample in samples if id(sample) not in explained)
    return [guess for guess in second if guess], strangers


def _draft_table(
    guess: TableGuess,
    join: JoinGuess | None,
    standard: Sequence[str],
    samples: Sequence[Sample],
) -> DraftTable:
    guess = join.main if join else guess
    others = [f for sample in samples if sample is not guess.sample for f in sample.files]
    draft_join = _draft_join(join, samples) if join else None
    columns = [_draft_column(guess, own, standard) for own in guess.columns.values()]
    if join and draft_join:
        columns += [
            _draft_column(join.other, other, standard, f"{draft_join.alias}.")
            for other in join.gives.values()
        ]
    columns = _with_code_before_text(columns, guess)
    given = {column.column for column in columns}
    key = guess.columns.get(guess.table.key[0])
    return DraftTable(
        table=guess.table.name,
        sample=guess.sample,
        files=patterns_for(guess.sample.files, others),
        sureness=guess.sureness,
        columns=tuple(columns),
        missing=tuple(name for name in guess.table.required_names if name not in given),
        constants=_constants(guess, given),
        drop_when=tuple(rows_to_drop(guess.sample, key.profile.name) if key else ()),
        join=draft_join,
        personal=_personal(guess) | (_personal(join.other) if join else {}),
        unused={profile.name: profile.kind.value for profile in guess.unused},
        remarks=(*guess.sample.remarks, *_remarks(guess)),
    )


def _draft_column(
    guess: TableGuess, own: ColumnGuess, standard: Sequence[str], lead: str = ""
) -> DraftColumn:
    profile = own.profile
    kind = guess.table.column(own.column).kind
    return DraftColumn(
        column=own.column,
        theirs=lead + profile.name,
        sureness=own.sureness,
        why=own.why,
        filled=len(profile.values),
        rows=profile.rows,
        shapes=profile.shapes if kind in (Kind.REF, Kind.MONEY) else "",
        dates=profile.dates if kind in (Kind.DATE, Kind.TIMESTAMP) else None,
        codes=guess_codes(own.column, profile.values) if own.column in CODED else None,
        form=_form(guess, own, standard),
        part=_book(own.column, profile),
    )


def _form(guess: TableGuess, own: ColumnGuess, standard: Sequence[str]) -> ReferenceForm:
    if own.column not in HOMES or not standard or own.profile.values == tuple(standard):
        return ReferenceForm()
    return form_between(own.profile.values, standard)


def _book(column: str, profile: ColumnProfile) -> str:
    """What takes the name of the book off codes of a schedule of rates."""
    if column != "sor_code":
        return ""
    with_book = sum(bool(_HAS_BOOK.fullmatch(value)) for value in profile.values)
    return _BOOK if share(profile.values, with_book) >= 0.1 else ""


def _with_code_before_text(columns: list[DraftColumn], guess: TableGuess) -> list[DraftColumn]:
    """A rate code in front of the description is split off where no column has it."""
    if guess.table.name != "repairs" or any(column.column == "sor_code" for column in columns):
        return columns
    description = guess.columns.get("description")
    values = description.profile.values if description else ()
    if (
        not description
        or share(values, sum(bool(_LEADING_CODE.match(value)) for value in values)) < 0.5
    ):
        return columns
    why = "most texts begin with a rate code"
    split = [
        replace(column, part=TEXT_AFTER_CODE) if column.column == "description" else column
        for column in columns
    ]
    code = next(column for column in split if column.column == "description")
    first = replace(code, column="sor_code", part=CODE_BEFORE_TEXT, why=why)
    return [*split, replace(first, sureness=Sureness.LIKELY)]


def _constants(guess: TableGuess, given: set[str]) -> dict[str, str]:
    is_untyped = guess.table.name == "repairs" and "work_type" not in given
    return {"work_type": "responsive"} if is_untyped else {}


def _personal(guess: TableGuess) -> dict[str, str]:
    return {p.name: p.personal for p in guess.profiles if p.personal}


def _remarks(guess: TableGuess) -> list[str]:
    remarks = [
        f'"{own.profile.name}" has decimal commas: have it exported with points'
        for own in guess.columns.values()
        if own.profile.has_decimal_commas
    ]
    key = guess.columns.get(guess.table.key[0])
    if key and not key.profile.is_unique:
        rows = len(key.profile.values) - key.profile.distinct
        remarks.append(f'"{key.profile.name}" comes more than once in {rows} rows: see repeated')
    return remarks


def _draft_join(join: JoinGuess, samples: Sequence[Sample]) -> DraftJoin:
    others = [f for s in samples if s is not join.other.sample for f in s.files]
    table = join.main.table
    names = {name: own.profile.name for name, own in join.gives.items()}
    kinds = {name: table.column(name).kind for name in names}
    is_put_together = not join.is_parent
    texts = [names[n] for n, kind in kinds.items() if is_put_together and kind is Kind.TEXT]
    sums = [names[n] for n, kind in kinds.items() if is_put_together and kind is Kind.MONEY]
    return DraftJoin(
        alias=_alias(join.other.sample),
        files=patterns_for(join.other.sample.files, others),
        main_key=join.main_key,
        other_key=join.other_key,
        first=tuple(n for n in names.values() if n not in (*texts, *sums)),
        texts=tuple(texts),
        sums=tuple(sums),
        is_parent=join.is_parent,
        orphans=join.orphans,
        sample=join.other.sample,
    )


def _alias(sample: Sample) -> str:
    """A word of the file's name for its columns."""
    words = re.findall(r"[a-z]+", sample.files[0].rpartition(".")[0].casefold())
    return max(words, key=len, default="other")


def _sources(tables: Sequence[DraftTable]) -> list[DraftSource]:
    """Tables of one layout in one file; a second one of the same name needs a file of its own."""
    groups: list[tuple[Layout, str, list[DraftTable]]] = []
    for table in tables:
        layout = replace(table.sample.layout, fields=())
        for known, url, members in groups:
            is_free = all(member.table != table.table for member in members)
            if (known, url) == (layout, table.sample.url) and is_free:
                members.append(table)
                break
        else:
            groups.append((layout, table.sample.url, [table]))
    return [
        DraftSource(members[0].table, layout, tuple(members), url)
        for layout, url, members in groups
    ]
