"""The shape of `config/signals.toml`, section by section, and its hash."""

import json
import unicodedata
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

ALLOWED_IN_PHRASES = frozenset("abcdefghijklmnopqrstuvwxyz0123456789 /@_")
WIDEST_RANGE = 20_000


def normalised_code(code: str) -> str:
    """A code as it is compared: compatibility forms folded, any hyphen plain, trimmed, capital."""
    folded = unicodedata.normalize("NFKC", code).replace("\u2010", "-").replace("\u2011", "-")
    return folded.strip().upper()


def codes_named(item: str) -> tuple[str, ...]:
    """The codes an item stands for: itself, or each of a range ``"390901..390921"``.

    Raises ValueError when a range is not two numbers of the same length in rising order.
    """
    low, dots, high = item.partition("..")
    if not dots:
        return (normalised_code(item),)
    rising = low.isdecimal() and high.isdecimal() and len(low) == len(high) and low <= high
    if not rising or int(high) - int(low) >= WIDEST_RANGE:
        raise ValueError(
            f"{item}: a range is two numbers of the same length, the lower first, "
            f"of at most {WIDEST_RANGE} codes; list the codes instead"
        )
    return tuple(str(number).zfill(len(low)) for number in range(int(low), int(high) + 1))


def _checked_phrase(phrase: str) -> str:
    if not phrase.strip():
        raise ValueError("an empty phrase matches nothing; remove it")
    strange = sorted(set(phrase) - ALLOWED_IN_PHRASES)
    if strange:
        raise ValueError(
            "phrases are lower-case words, not patterns, without punctuation; "
            f"take out: {' '.join(strange)}"
        )
    return " ".join(phrase.split())


def _checked_code(code: str) -> str:
    if not normalised_code(code):
        raise ValueError("an empty code matches nothing; remove it")
    codes_named(code)
    return normalised_code(code)


Phrase = Annotated[str, AfterValidator(_checked_phrase)]
Code = Annotated[str, AfterValidator(_checked_code)]


class Frozen(BaseModel):
    """Values that cannot change, and refuse a key they do not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Meaning(Frozen):
    """What an entry says when it matches; all blank means "known, and no sign of anything"."""

    name: str = Field(min_length=1)
    signal: str = ""
    tell: str = ""
    innocent_reason: str = ""
    why: str = Field(default="", exclude=True)


class CodeEntry(Meaning):
    """Codes of one column of one table; `column = "code"` is the table's own code.

    `silences`: the code is about a thing that is no sign (a shed), whatever force its text names.
    `yields_to_text`: the code is general, and a phrase that gives a signal knows better.
    """

    table: str
    column: str = "code"
    exact: tuple[Code, ...] = ()
    prefixes: tuple[Code, ...] = ()
    silences: bool = False
    yields_to_text: bool = False
    precedence: int = 0


class PhraseEntry(Meaning):
    """Speaks when one of `any` stands in the text and is not negated.

    With `near`, one of those must stand at most `within` words away in the same sentence; with
    `unless`, none of those anywhere in the text, or in the same sentence where the entry gives an
    innocent reason; `in_order`: the one of `any` comes first. `@door` stands for the group `door`
    of `[words]`.
    """

    tables: tuple[str, ...] = ("repairs", "lock_changes")
    any: tuple[Phrase, ...] = Field(min_length=1)
    near: tuple[Phrase, ...] = ()
    within: int = Field(default=4, ge=0, le=20)
    unless: tuple[Phrase, ...] = ()
    in_order: bool = False
    negatable: bool = True


class Innocence(Frozen):
    """The signals an innocent reason explains ("all": whatever is said), and the tells it cannot.

    `silence` of the SignalSet is the same for codes that silence their text.
    """

    covers: tuple[str, ...] = Field(min_length=1)
    loses_to: tuple[str, ...] = ()


class TableRule(Frozen):
    """`always`: every record has this signal. `otherwise`: a record without a code has it when its
    text says nothing."""

    always: str = ""
    otherwise: str = ""


class Reading(Frozen):
    """How text is read: what negates, what may stand between, what ends a thought, what is noise.

    `nothing` phrases are taken out before anything is looked for: a shed door is no door.
    """

    negators: tuple[Phrase, ...]
    fillers: tuple[Phrase, ...]
    window_words: int = Field(ge=1, le=12)
    breaks: tuple[Phrase, ...] = ()
    nothing: tuple[Phrase, ...] = ()


class Precedence(Frozen):
    """The first name is the strongest."""

    signals: tuple[str, ...]
    tells: tuple[str, ...]
    innocent_reasons: tuple[str, ...]


class SignalSet(Frozen):
    """The whole configuration; `hash` changes only when some record could be read differently."""

    version: str = Field(min_length=1)
    reading: Reading
    abbreviations: dict[str, Phrase]
    spellings: dict[str, tuple[Phrase, ...]]
    words: dict[str, tuple[Phrase, ...]]
    precedence: Precedence
    innocent: dict[str, Innocence]
    silence: Innocence
    tables: dict[str, TableRule]
    codes: tuple[CodeEntry, ...]
    phrases: tuple[PhraseEntry, ...]

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content in one order: comments, `why`, `version`, layout do not count."""
        content = _in_one_order(self.model_dump(mode="json", exclude={"version", "precedence"}))
        content["precedence"] = self.precedence.model_dump(mode="json")
        return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _in_one_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _in_one_order(item) for key, item in value.items()}
    if isinstance(value, list):
        ordered = [_in_one_order(item) for item in value]
        return sorted(ordered, key=lambda item: json.dumps(item, sort_keys=True))
    return value
