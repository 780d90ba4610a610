"""Faults that no single value shows: names nobody knows, and entries that contradict each other.

They are looked for in the file as it was read, so that a fault of shape hides none of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from redflags.configuration.signals.signal_set import codes_named

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names a signal configuration may use; the layer that owns them hands them in.

    `code_columns` are the columns of a record that hold a code.
    """

    tables: tuple[str, ...]
    code_columns: tuple[str, ...]
    signals: tuple[str, ...]
    tells: tuple[str, ...]
    innocent_reasons: tuple[str, ...]


def faults_of_meaning(content: Content, vocabulary: Vocabulary) -> Iterator[str]:
    """Every fault between the entries of the file, one sentence each."""
    return chain(
        _unknown_names(content, vocabulary),
        _unknown_innocence(content, vocabulary),
        _unordered_names(content, vocabulary),
        _twice_named(content),
        _codes_in_two_entries(content),
        _entries_that_cannot_speak(content),
        _unknown_groups(content),
        _words_with_two_readings(content),
    )


def _entries(content: Content, kind: str) -> list[Content]:
    return [entry for entry in _listed(content.get(kind)) if isinstance(entry, dict)]


def _section(content: Content, name: str) -> Content:
    section = content.get(name)
    return section if isinstance(section, dict) else {}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [item for item in _listed(value) if isinstance(item, str)]


def _place(kind: str, entry: Content) -> str:
    return f'{kind} "{entry.get("name", "without a name")}"'


def _unknown(place: str, what: str, names: Iterable[Any], known: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if isinstance(name, str) and name and name not in known:
            yield f"{place}: unknown {what} {name!r}; known: {', '.join(known)}"


def _unknown_names(content: Content, vocabulary: Vocabulary) -> Iterator[str]:
    for kind in ("codes", "phrases"):
        for entry in _entries(content, kind):
            place = _place(kind, entry)
            tables = [entry.get("table"), *_texts(entry.get("tables"))]
            reason = entry.get("innocent_reason")
            yield from _unknown(place, "signal", [entry.get("signal")], vocabulary.signals)
            yield from _unknown(place, "tell", [entry.get("tell")], vocabulary.tells)
            yield from _unknown(place, "innocent reason", [reason], vocabulary.innocent_reasons)
            yield from _unknown(place, "table", tables, vocabulary.tables)
            yield from _unknown(place, "column", [entry.get("column")], vocabulary.code_columns)
    for table, rule in _section(content, "tables").items():
        yield from _unknown("tables", "table", [table], vocabulary.tables)
        signals = rule.values() if isinstance(rule, dict) else ()
        yield from _unknown(f"tables {table}", "signal", signals, vocabulary.signals)


def _unknown_innocence(content: Content, vocabulary: Vocabulary) -> Iterator[str]:
    reasons = _section(content, "innocent")
    yield from _unknown("innocent", "innocent reason", reasons, vocabulary.innocent_reasons)
    sections = {f"innocent {reason}": section for reason, section in reasons.items()}
    sections["silence"] = _section(content, "silence")
    for place, section in sections.items():
        if isinstance(section, dict):
            covered, lost = (_texts(section.get(key)) for key in ("covers", "loses_to"))
            yield from _unknown(place, "signal", covered, (*vocabulary.signals, "all"))
            yield from _unknown(place, "tell", lost, vocabulary.tells)
    for entry in (*_entries(content, "codes"), *_entries(content, "phrases")):
        reason = entry.get("innocent_reason")
        if reason in vocabulary.innocent_reasons and reason not in reasons:
            yield (
                f'"{entry.get("name")}": gives {reason!r}, but no section '
                f"[innocent.{reason}] says what that covers"
            )


def _unordered_names(content: Content, vocabulary: Vocabulary) -> Iterator[str]:
    order = _section(content, "precedence")
    for key in ("signals", "tells", "innocent_reasons"):
        known: tuple[str, ...] = getattr(vocabulary, key)
        listed = _texts(order.get(key))
        yield from _unknown("precedence", key, listed, known)
        for name in known:
            if listed.count(name) != 1:
                yield f"precedence {key}: {name!r} is listed {listed.count(name)} times, not once"


def _twice_named(content: Content) -> Iterator[str]:
    for kind in ("codes", "phrases"):
        names = Counter(entry.get("name") for entry in _entries(content, kind))
        for name, times in names.items():
            if isinstance(name, str) and times > 1:
                yield f'{kind} "{name}": {times} entries have this name; give each its own'


def _codes_in_two_entries(content: Content) -> Iterator[str]:
    """An exact code beats a prefix and a longer prefix a shorter; the same twice needs an order."""
    first: dict[tuple[Any, ...], str] = {}
    for entry in _entries(content, "codes"):
        name = str(entry.get("name"))
        for kind, code in _codes_of(entry):
            place = (entry.get("table"), entry.get("column", "code"), kind, code)
            earlier = first.setdefault((*place, entry.get("precedence", 0)), name)
            if earlier != name:
                yield (
                    f'codes "{name}": {place[0]} {place[1]} {code} is in "{earlier}" too; '
                    "take it out of one, or give one a higher `precedence`"
                )


def _codes_of(entry: Content) -> Iterator[tuple[str, str]]:
    for kind in ("exact", "prefixes"):
        for item in _texts(entry.get(kind)):
            try:
                yield from ((kind, code) for code in codes_named(item))
            except ValueError:
                continue  # a fault of shape, told with its place already


def _entries_that_cannot_speak(content: Content) -> Iterator[str]:
    for entry in _entries(content, "codes"):
        if not entry.get("exact") and not entry.get("prefixes"):
            yield f"{_place('codes', entry)}: names no code; fill `exact` or `prefixes`"
    for entry in _entries(content, "phrases"):
        if not any(entry.get(key) for key in ("signal", "tell", "innocent_reason")):
            yield f"{_place('phrases', entry)}: says nothing; give signal, tell or innocent_reason"


def _unknown_groups(content: Content) -> Iterator[str]:
    groups = _section(content, "words")
    for entry in _entries(content, "phrases"):
        for key in ("any", "near", "unless"):
            for phrase in _texts(entry.get(key)):
                if "@" in phrase and phrase.removeprefix("@") not in groups:
                    yield f"{_place('phrases', entry)}: no group {phrase!r} in [words]"
    nested = (f"words {name}" for name in groups if any("@" in p for p in _texts(groups[name])))
    plain = _texts(_section(content, "reading").get("nothing"))
    places = chain(nested, ("reading nothing" for phrase in plain if "@" in phrase))
    yield from (f"{place}: holds plain words only, no @group" for place in places)


def _words_with_two_readings(content: Content) -> Iterator[str]:
    read_as: dict[str, str] = dict.fromkeys(_section(content, "abbreviations"), "an abbreviation")
    for word, variants in _section(content, "spellings").items():
        for variant in _texts(variants):
            earlier = read_as.setdefault(variant, f"{word!r}")
            if earlier != f"{word!r}":
                yield f"spellings {word}: {variant!r} is {earlier} already"
