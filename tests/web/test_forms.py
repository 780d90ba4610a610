"""What every form does, on a page made for these tests."""

from pathlib import Path

import pytest
from flask import Blueprint, redirect, render_template_string
from flask.typing import ResponseReturnValue

from builders.web import Browser, a_site
from redflags.adapters.store import QueueStore
from redflags.domain.people import Role
from redflags.domain.welfare_check import Channel
from redflags.errors import InvalidAct
from redflags.web.shell import forms
from redflags.web.shell.access import logged_in
from redflags.web.shell.form_fields import NEVER_SEEN
from redflags.web.shell.wording import CHANNEL_WORDS

PAGE = """{% extends "base.html" %}{% from "macros.html" import post_form with context %}
{% block page_title %}Try{% endblock %}
{% block content %}<h1>Try</h1>{% call post_form(form, "Save") %}
{% for field in form if field.name not in ("csrf_token", "version") %}{{ field() }}{% endfor %}
{% endcall %}{% endblock %}"""


class TryForm(forms.CaseForm):
    who = forms.somebody("Who?", missing="Choose somebody")
    line = forms.short_text("One line", missing="Write a line", hint="A short one")
    text = forms.long_text("Many lines")
    channel = forms.choice("How?", CHANNEL_WORDS, missing="Say how")
    ways = forms.many("Which?", CHANNEL_WORDS)
    sure = forms.confirm("I am sure", missing="Say that you are sure")
    seen_at = forms.moment("When was it?", missing="Say when")
    seen_on = forms.day("Which day?")


FILLED: dict[str, object] = {
    "who": "P-1",
    "line": " a line ",
    "text": "first\r\nsecond",
    "channel": "phone",
    "ways": ["visit", "phone"],
    "sure": "y",
    "seen_at": ["3", "11", "2026", "4:15pm"],
    "seen_on": ["1", "2", "2026"],
}


class Inbox:
    """Where the page of these tests puts what it took."""

    def __init__(self) -> None:
        self.taken: list[TryForm] = []
        self.refuses: InvalidAct | None = None


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def somebody(store: QueueStore, tmp_path: Path, inbox: Inbox) -> Browser:
    site = a_site(store, tmp_path / "home")
    pages = Blueprint("try", __name__)

    @pages.route("/try", methods=["GET", "POST"])
    @logged_in
    def try_page() -> ResponseReturnValue:
        form = TryForm()
        form.who.offer([("P-1", "Ada"), ("P-2", "Ben")])
        if form.validate_on_submit():
            if inbox.refuses is None:
                inbox.taken.append(form)
                return redirect("/")
            forms.put_error(form, inbox.refuses)
        return render_template_string(PAGE, form=form)

    site.app.register_blueprint(pages)
    return site.browser(Role.REVIEWER)


def test_a_form_starts_with_nothing_chosen(somebody: Browser) -> None:
    page = somebody.get("/try")
    assert "checked" not in page.html
    assert "selected" not in page.html.replace('value="" selected', "")


def test_what_was_filled_in_is_taken(somebody: Browser, inbox: Inbox) -> None:
    page = somebody.post_form("/try", FILLED)
    assert page.status == 302, page.text
    (form,) = inbox.taken
    assert form.line.data == "a line"
    assert form.text.data == "first\nsecond"
    assert form.channel.data is Channel.PHONE
    assert form.ways.data == [Channel.VISIT, Channel.PHONE]
    assert str(form.seen_at.data) == "2026-11-03 16:15:00+00:00"
    assert str(form.seen_on.data) == "2026-02-01"


def test_all_faults_are_told_at_once_and_the_title_says_so(somebody: Browser) -> None:
    page = somebody.post_form("/try")
    assert page.title == "Error: Try – Housing queue"
    for fault in (
        "Choose somebody",
        "Write a line",
        "Say how",
        "Say that you are sure",
        "Say when",
    ):
        assert page.text.count(fault) >= 2, fault  # above all fields, and at its own
    assert 'href="#seen_at"' in page.html and 'id="seen_at"' in page.html


def test_a_box_to_tick_that_is_not_ticked_is_not_taken(somebody: Browser, inbox: Inbox) -> None:
    page = somebody.post_form("/try", {**FILLED, "sure": ""})
    assert "Say that you are sure" in page.text
    assert inbox.taken == []


@pytest.mark.parametrize("who", ["P-3", "' OR 1=1 --"])
def test_only_who_is_in_the_list_can_be_chosen(somebody: Browser, inbox: Inbox, who: str) -> None:
    page = somebody.post_form("/try", {**FILLED, "who": who})
    assert "Choose somebody from the list" in page.text
    assert inbox.taken == []


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("channel", "pigeon", "Say how"),
        ("line", "   ", "Write a line"),
        ("line", "\u00a0\u00ad", "Write a line"),
        ("line", "a" * 201, "Use 200 characters or fewer"),
        ("text", "a" * 4_001, "Use 4,000 characters or fewer"),
        ("line", "a\x07b", "Use letters, numbers and punctuation only"),
        ("text", "a\x1b[31mb", "Use letters, numbers and punctuation only"),
        ("seen_at", ["31", "2", "2026", "9am"], "Enter a real date"),
        ("seen_at", ["3", "2", "2026", ""], "Enter a real time"),
        ("seen_at", ["3", "2"], "Enter a real date"),
        ("seen_on", ["", "2", "2026"], "Enter a real date"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_field(
    somebody: Browser, inbox: Inbox, field: str, value: object, told: str
) -> None:
    page = somebody.post_form("/try", {**FILLED, field: value})
    assert told in page.text
    assert f'href="#{field}"' in page.html
    assert inbox.taken == []


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("a" * 200, "a" * 200),
        ("two\r\nlines\tand a tab", "two lines and a tab"),
        ("no\u00a0break", "no break"),
        ("soft\u00adhyphen", "softhyphen"),
        ("turned\u202eround", "turnedround"),
        ("👩‍👧 Ğürkan Ólafs", "👩‍👧 Ğürkan Ólafs"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_a_line_is_taken_as_it_looks(
    somebody: Browser, inbox: Inbox, typed: str, taken: str
) -> None:
    somebody.post_form("/try", {**FILLED, "line": typed})
    assert [form.line.data for form in inbox.taken] == [taken]


def test_a_long_text_may_have_its_full_length(somebody: Browser, inbox: Inbox) -> None:
    somebody.post_form("/try", {**FILLED, "text": "é" * 4_000})
    assert [len(form.text.data) for form in inbox.taken] == [4_000]


def test_what_was_typed_is_shown_again_and_runs_nothing(somebody: Browser) -> None:
    script = "</textarea><script>alert(1)</script>"
    page = somebody.post_form("/try", {**FILLED, "text": script, "line": '"><b>', "channel": ""})
    assert script not in page.html
    assert "&lt;/textarea&gt;&lt;script&gt;" in page.html
    assert '"><b>' not in page.html
    for typed in ('value="16:15"', 'value="4:15pm"'):
        assert (typed in page.html) is (typed == 'value="4:15pm"')


def test_what_was_chosen_is_shown_again(somebody: Browser) -> None:
    page = somebody.post_form("/try", {**FILLED, "line": ""})
    (form,) = [form for form in page.forms() if "version" in form.fields]
    assert form.fields["channel"] == ["phone"]
    assert form.fields["ways"] == ["visit", "phone"]
    assert form.fields["sure"] == ["y"]


def test_what_the_store_refuses_is_shown_at_its_field(somebody: Browser, inbox: Inbox) -> None:
    inbox.refuses = InvalidAct("text", "Say more")
    page = somebody.post_form("/try", FILLED)
    assert '<a href="#text">Say more</a>' in page.html
    assert page.title.startswith("Error: ")


def test_what_is_about_no_field_is_shown_above_them(somebody: Browser, inbox: Inbox) -> None:
    inbox.refuses = InvalidAct("take_next", "You have three already")
    page = somebody.post_form("/try", FILLED)
    assert "You have three already" in page.text
    assert page.title.startswith("Error: ")


@pytest.mark.parametrize("version", ["", "x", "-1", "1e3", "²", "9" * 50])
def test_a_form_without_a_version_that_was_seen_is_out_of_date(
    somebody: Browser, inbox: Inbox, version: str
) -> None:
    somebody.post_form("/try", {**FILLED, "version": version})
    assert [form.version.data for form in inbox.taken] == [NEVER_SEEN]


def test_the_browser_keeps_nothing_of_a_form(somebody: Browser) -> None:
    assert 'novalidate autocomplete="off"' in somebody.get("/try").html
