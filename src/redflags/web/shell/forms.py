"""Forms: fields that look alike, refuse alike, start empty, and say plainly what they expect.

A form names its fields as `InvalidAct.field` names them, so that what the store refuses is shown
where it was typed::

    class NoteForm(CaseForm):
        text = long_text("What do you want to note?", missing="Write your note")

    if form.validate_on_submit() and done(form, lambda work: add_note(work, ..., form.text.data)):
        return redirect(...)
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from unicodedata import category, normalize

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, PasswordField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from redflags.errors import InvalidAct
from redflags.web.shell import request_context
from redflags.web.shell.form_fields import (
    ChoiceField,
    DayField,
    ManyField,
    MomentField,
    PersonField,
    VersionField,
)
from redflags.web.shell.widgets import CheckboxInput, CountedTextInput, PasswordInput, TextInput

if TYPE_CHECKING:
    from redflags.casework.unit_of_work import UnitOfWork

MOST_LETTERS = 4_000
"""The longest free text, in characters: about a page and a half."""
MOST_IN_A_LINE = 200
# the soft hyphen, the byte order mark, and the marks of reading direction
_UNSEEN = frozenset("\u00ad\u200b\u2060\ufeff\u200e\u200f\u061c") | {
    chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


class PageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form with its token against forgery."""


class CaseForm(PageForm):
    """A form about an alert: it carries the version of the alert that was seen."""

    version = VersionField()


def short_text(
    label: str,
    *,
    missing: str = "",
    hint: str = "",
    most: int = MOST_IN_A_LINE,
    classes: str = "",
    **attributes: str,
) -> Field:
    """One line of text. Without `missing` (what to say when it is empty) it may stay empty."""
    checks = [Said(missing), NotLonger(most), Plain()]
    widget = TextInput(classes, **attributes)
    return StringField(label, checks, [tidy_line], hint, widget=widget)


def long_text(
    label: str, *, missing: str = "", hint: str = "", most: int = MOST_LETTERS, rows: int = 5
) -> Field:
    """Lines of text. Without `missing` it may stay empty."""
    checks = [Said(missing), NotLonger(most), Plain()]
    return TextAreaField(label, checks, [tidy], hint, widget=CountedTextInput(most, rows))


def password(label: str, *, missing: str, hint: str = "", is_new: bool = False) -> Field:
    """A password, taken as it is: blanks at its ends belong to it."""
    widget = PasswordInput("new-password" if is_new else "current-password")
    return PasswordField(label, [Said(missing), NotLonger(1_000)], description=hint, widget=widget)


def choice(
    label: str,
    words: Mapping[Any, str],
    *,
    missing: str,
    hint: str = "",
    hints: Mapping[Any, str] | None = None,
) -> Field:
    """Radios, none of them chosen: one of `words`' keys. `hints` says more about some."""
    return ChoiceField(label, words, missing, hints, description=hint)


def many(label: str, words: Mapping[Any, str], *, missing: str = "", hint: str = "") -> Field:
    """Boxes to tick: a list of `words`' keys. Without `missing` none need be ticked."""
    return ManyField(label, words, missing, description=hint)


def confirm(label: str, *, missing: str = "", hint: str = "") -> Field:
    """One box to tick. With `missing` it must be."""
    return BooleanField(label, [Said(missing)], description=hint, widget=CheckboxInput())


def somebody(label: str, *, missing: str = "Choose somebody", hint: str = "") -> Field:
    """A list of people, nobody chosen; the page says who: ``form.person.offer([(id, name)])``."""
    return PersonField(label, missing, description=hint)


def day(label: str, *, missing: str = "", hint: str = "For example, 3 11 2026") -> Field:
    """A date, in three boxes of one name."""
    return DayField(label, missing, description=hint)


def moment(
    label: str,
    *,
    missing: str = "",
    hint: str = "For example, 3 11 2026 and 9:30am or 16:15",
) -> Field:
    """A moment in London time, in four boxes of one name; its data is UTC."""
    return MomentField(label, missing, description=hint)


def done(form: PageForm, act: "Callable[[UnitOfWork], object]") -> bool:
    """Do `act` in one transaction of who asks; False, with the error at its field, when refused."""
    try:
        with request_context.unit_of_work() as work:
            act(work)
    except InvalidAct as error:
        put_error(form, error)
        return False
    return True


def put_error(form: PageForm, error: InvalidAct) -> None:
    """Show what the store refused at the field it is about, or above all fields."""
    if error.field in form:
        field = form[error.field]
        field.errors = [*field.errors, error.expected]
    else:
        form.form_errors = [*form.form_errors, error.expected]


def error_list(form: PageForm) -> list[dict[str, str]]:
    """What is wrong, for the summary at the top: each with a link to its field."""
    general = [{"text": text, "href": "#main-content"} for text in form.form_errors]
    of_fields = [
        {"text": str(field.errors[0]), "href": f"#{field.id}"} for field in form if field.errors
    ]
    return general + of_fields


def tidy(text: str | None) -> str:
    """As it looks: one kind of line end and of blank, none around it, nothing that is not seen.

    Word processors put in hyphens and blanks of their own; marks that turn the direction of
    reading could make a text look like another. What joins letters in some scripts stays.
    """
    lines = "\n".join(normalize("NFC", text or "").splitlines())
    seen = (" " if category(c) == "Zs" else c for c in lines if c not in _UNSEEN)
    return "".join(seen).strip()


def tidy_line(text: str | None) -> str:
    """`tidy`, and in one line."""
    return " ".join(tidy(text).split())


class Said:
    """Refuses an empty field, where it must not be."""

    def __init__(self, missing: str) -> None:
        self.missing = missing

    def __call__(self, form: object, field: Field) -> None:
        if self.missing and not field.data:
            raise StopValidation(self.missing)


class NotLonger:
    """Refuses more than `most` characters."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: object, field: Field) -> None:
        if len(field.data or "") > self.most:
            raise ValidationError(f"Use {self.most:,} characters or fewer")


class Plain:
    """Refuses control characters, other than those between lines and words."""

    def __call__(self, form: object, field: Field) -> None:
        if any(category(c) == "Cc" and c not in "\n\t" for c in field.data or ""):
            raise ValidationError("Use letters, numbers and punctuation only")
