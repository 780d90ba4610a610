"""How references of homes are to be written, so that those of all tables meet."""

from collections.abc import Iterable, Sequence

from redflags.analysis.profiling.reference_forms import form_between, without_prefix
from redflags.analysis.profiling.table_guesses import TableGuess

HOMES = ("property_ref", "subject_property_ref")
_HOME_TABLES = ("properties", "tenancies")


def home_standard(guesses: Sequence[TableGuess], known_homes: Iterable[str]) -> tuple[str, ...]:
    """The one under which most match: where homes are not stored yet, their prefix may go too."""
    standard = _standard(guesses, known_homes)
    bare_one = () if tuple(known_homes) else without_prefix(standard)
    if not bare_one or _matching(guesses, standard) >= _matching(guesses, bare_one):
        return standard
    return bare_one


def _standard(guesses: Sequence[TableGuess], known_homes: Iterable[str]) -> tuple[str, ...]:
    """How references of homes are to be written: as they are stored, or as the homes' own file."""
    if stored := tuple(known_homes):
        return stored
    by_table = {guess.table.name: homes_of(guess) for guess in guesses}
    return next((by_table[name] for name in _HOME_TABLES if by_table.get(name)), ())


def _matching(guesses: Sequence[TableGuess], standard: Sequence[str]) -> float:
    own = [guess.columns[name] for guess in guesses for name in HOMES if name in guess.columns]
    return sum(form_between(column.profile.values, standard).share_after for column in own)


def homes_of(guess: TableGuess) -> tuple[str, ...]:
    column = guess.columns.get("property_ref")
    return column.profile.values if column and guess.table.name in _HOME_TABLES else ()
