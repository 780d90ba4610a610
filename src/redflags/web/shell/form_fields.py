"""The kinds of field that forms are made of; `redflags.web.shell.forms` is how pages use them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from wtforms import Field, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from redflags.web.shell.date_parsing import day_of, moment_of
from redflags.web.shell.widgets import CheckboxesInput, PartsInput, RadioInput, SelectInput

NEVER_SEEN = -1
"""No version of an alert: a form that comes without one is refused as out of date."""


class VersionField(IntegerField):  # type: ignore[misc]  # WTForms has no types
    """Which version of the alert was on the screen."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        typed = valuelist[0] if valuelist else ""
        is_number = typed.isascii() and typed.isdigit() and len(typed) < 10
        self.data = int(typed) if is_number else NEVER_SEEN


class ChoiceField(RadioField):  # type: ignore[misc]
    """One of an enum's members, or of the given keys; its data is None until one is chosen."""

    widget = RadioInput()

    def __init__(
        self,
        label: str,
        words: Mapping[Any, str],
        missing: str,
        hints: Mapping[Any, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.members = {_key(member): member for member in words}
        self.hints = {_key(member): hint for member, hint in (hints or {}).items()}
        self.missing = missing
        choices = [(_key(member), text) for member, text in words.items()]
        super().__init__(label, choices=choices, coerce=str, **kwargs)

    def process_data(self, value: object) -> None:
        """Nothing is preset."""
        self.data = None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = self.members.get(valuelist[0]) if valuelist else None

    def iter_choices(self) -> Iterable[tuple[str, str, bool, dict[str, object]]]:
        chosen = None if self.data is None else _key(self.data)
        return [(value, text, value == chosen, {}) for value, text in self.choices]

    def pre_validate(self, form: object) -> None:
        if self.data is None and self.missing:
            raise ValidationError(self.missing)


class ManyField(SelectMultipleField):  # type: ignore[misc]
    """Any of an enum's members; its data is a list of them."""

    widget = CheckboxesInput()

    def __init__(self, label: str, words: Mapping[Any, str], missing: str, **kwargs: Any) -> None:
        self.members = {_key(member): member for member in words}
        self.missing = missing
        choices = [(_key(member), text) for member, text in words.items()]
        super().__init__(label, choices=choices, coerce=str, **kwargs)

    def process_data(self, value: Iterable[object] | None) -> None:
        self.data = list(value or ())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = [self.members[value] for value in valuelist if value in self.members]

    def iter_choices(self) -> Iterable[tuple[str, str, bool, dict[str, object]]]:
        chosen = {_key(member) for member in self.data or ()}
        return [(value, text, value in chosen, {}) for value, text in self.choices]

    def pre_validate(self, form: object) -> None:
        if self.missing and not self.data:
            raise ValidationError(self.missing)


class PersonField(SelectField):  # type: ignore[misc]
    """Somebody of a list that the page offers (`offer`); nobody is preset."""

    widget = SelectInput()

    def __init__(self, label: str, missing: str, **kwargs: Any) -> None:
        self.missing = missing
        super().__init__(label, choices=[("", "Choose somebody")], coerce=str, **kwargs)

    def offer(self, people: Iterable[tuple[str, str]]) -> None:
        """`people`: person_id and name of each."""
        self.choices = [("", "Choose somebody"), *people]

    def pre_validate(self, form: object) -> None:
        offered = {value for value, _ in self.choices if value}
        if self.missing and not self.data:
            raise ValidationError(self.missing)
        if self.data and self.data not in offered:
            raise ValidationError("Choose somebody from the list")


class _PartsField(Field):  # type: ignore[misc]
    """Boxes of one name, one after the other."""

    missing = ""
    data: date | None

    def typed(self, number: int) -> str:
        """What was typed into a box, to show it again."""
        raw = self.raw_data or ()
        return str(raw[number]) if number < len(raw) else ""

    def process_data(self, value: object) -> None:
        self.data = None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = None
        typed = [part.strip() for part in valuelist]
        if any(typed):
            self.data = self.read(typed)

    def pre_validate(self, form: object) -> None:
        if self.data is None and self.missing and not self.process_errors:
            raise ValidationError(self.missing)

    def read(self, typed: Sequence[str]) -> date:
        raise NotImplementedError


class DayField(_PartsField):
    """A day: three boxes of one name. Its data is a date, or None."""

    widget = PartsInput(("Day", 2), ("Month", 2), ("Year", 4))

    def __init__(self, label: str, missing: str, **kwargs: Any) -> None:
        self.missing = missing
        super().__init__(label, **kwargs)

    def read(self, typed: Sequence[str]) -> date:
        return day_of(typed)


class MomentField(_PartsField):
    """A day and a time in London: four boxes of one name. Its data is a UTC moment, or None."""

    widget = PartsInput(("Day", 2), ("Month", 2), ("Year", 4), ("Time", 5))
    data: datetime | None

    def __init__(self, label: str, missing: str, **kwargs: Any) -> None:
        self.missing = missing
        super().__init__(label, **kwargs)

    def read(self, typed: Sequence[str]) -> datetime:
        return moment_of(typed).astimezone(UTC)


def _key(member: object) -> str:
    return str(member.value if isinstance(member, Enum) else member)
