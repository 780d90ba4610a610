"""What is taken out of a text or put right in it, and what stays."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags.analysis.reading.personal_data_masking import mask, mask_all
from redflags.analysis.reading.text_cleaning import clean, clean_column, clean_texts, text_column


@pytest.mark.parametrize(
    ("came", "cleaned"),
    [
        ("tenant didn&#39;t report", "tenant didn't report"),
        ("didn&#x27;t &quot;force&quot; it", 'didn\'t "force" it'),
        ("partner&rsquo;s door &amp; window", "partner’s door & window"),
        ("front&nbsp;door", "front door"),
        ("didn&amp;#39;t", "didn't"),
        ("door&#13;&#10;kicked in", "door\r\nkicked in"),
        ("<p>kicked in<br/>by ex</p>", "kicked in\nby ex"),
        ('<div class="x">kicked <b>in</b></div>', "kicked in"),
        ("&lt;p&gt;kicked in&lt;/p&gt;", "kicked in"),
        ("<style>p { color: red }</style>kicked<!-- x --> in", "kicked in"),
    ],
)
def test_what_a_web_page_leaves_goes(came: str, cleaned: str) -> None:
    assert clean(came) == cleaned


@pytest.mark.parametrize(
    ("came", "cleaned"),
    [
        ("wasn\u00e2\u20ac\u2122t", "wasn’t"),
        ("wasn\u00e2\x80\x99t", "wasn’t"),
        ("wasn\x92t", "wasn’t"),
        ("\u00c2\u00a320", "£20"),
        ("\u00c3\u201a\u00c2\u00a320", "£20"),
        ("caf\u00c3\u00a9", "café"),
        ("ex\u00c2\u00a0partner", "ex partner"),
        ("ex\u00c2 partner", "ex partner"),
        ("\u00e2\u20ac\u0153no\u00e2\u20ac\ufffd", "“no”"),
        ("\u00f0\u0178\u02dc\u20ac", "\U0001f600"),
        ("\u00ef\u00bb\u00bfname", "name"),
        ("didn\ufffdt say, WASN?T in", "didn't say, WASN'T in"),
    ],
)
def test_what_a_wrong_code_page_made_is_put_right(came: str, cleaned: str) -> None:
    assert clean(came) == cleaned


@pytest.mark.parametrize(
    ("came", "cleaned"),
    [
        ("kicked_x000D_\nchanged", "kicked\r\nchanged"),
        ("kicked_x000D_changed", "kicked\nchanged"),
        (r"{\rtf1 door kicked in}", "door kicked in"),
        (r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0\fs20 door\par kicked\par in}", "door\nkicked\nin"),
        (r"{\rtf1\ansi{\*\generator X;}it\'92s \{in\} wasn\u8217?t}", "it’s {in} wasn’t"),
        (r"{\rtf1\ansi door kicked", "door kicked"),
        (r"see {\rtf1 door} again", "see door again"),
    ],
)
def test_what_office_programs_leave_goes(came: str, cleaned: str) -> None:
    assert clean(came) == cleaned


@pytest.mark.parametrize(
    ("came", "cleaned"),
    [
        ("J1\0\0", "J1"),
        ("a\rb\vc\u2028d", "a\nb\nc\nd"),
        ("a\u00a0b\u202fc\u3000d", "a b c d"),
        ("ki\u200bck\u00aded\ufeff", "kicked"),
        ("a\x01b\x1fc", "a b c"),
        ("half \ud83d here", "half \ufffd here"),
        ("whole \ud83d\ude00", "whole \U0001f600"),
    ],
)
def test_characters_that_nobody_sees_go(came: str, cleaned: str) -> None:
    assert clean(came) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "",
        "B&Q, R&M; M&S",
        "parts&copy no semicolon",
        "a < b and c > d, 5<6>4, <unknown> <door>",
        "if a<b and c>d",
        "café”… “naïve” – 6′ × 4″ £20 §3",
        "10\u201110 ex\u2011partner",
        "a\r\nb\tc\nd",
        "Zoë Müller Ångström ÉCLAT É”",
        "W_x12 A_x00_B",
        r"C:\rtf {plain}",
        "was it? n?x ten?",
        "门 \U0001f468 ñ",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert clean(text) == text
    assert clean_texts([text, "<br>"])[0] == text


PIECES = st.sampled_from(
    [
        *("&amp;", "&#39;", "#39;", "amp;", "<b", ">", "<br>", "_x000D_", "_x005F_", "x000D_"),
        *("{\\rtf1 ", "}", "\\par ", "\\'92", "\u00c2", "\u00c3", "\u201a", "\u00a3", "\u00e2"),
        *("\u20ac", "\u2122", "\x92", "\ufffd", "t ", "n?t", "a", " ", "07700", "900461"),
        *("\0", "\r", "\n", "\u00a0"),
    ]
)
UGLY = st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join)


@settings(max_examples=300, deadline=None)
@given(UGLY)
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@settings(max_examples=200, deadline=None)
@given(UGLY)
def test_no_control_and_no_half_character_is_left(text: str) -> None:
    left = clean(text)

    assert not any(ord(c) < 32 and c not in "\t\r\n" for c in left)
    assert left.encode().decode() == left


@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | UGLY, max_size=8), st.integers(0, 3))
def test_a_column_is_cleaned_as_each_of_its_cells_would_be(
    texts: list[str | None], first: int
) -> None:
    column = text_column(texts).slice(min(first, len(texts)))

    cleaned = clean_column(column).to_pylist()

    assert cleaned == [text if text is None else clean(text) for text in column.to_pylist()]


def test_an_empty_column_and_one_of_blanks_stay() -> None:
    assert clean_column(pa.array([], pa.string())).to_pylist() == []
    assert clean_column(pa.array([None, None], pa.string())).to_pylist() == [None, None]


@pytest.mark.parametrize(
    "between",
    [
        *("&nbsp;", "\u00a0", "\u202f", "\u2011", "\u2013", "_x000D_", "\r\n", "\n", "\t", "\0"),
        *("<br>", "\u200b", "\u00c2\u00a0", "&#8209;", "\u00e2\u20ac\u201c"),
    ],
)
def test_a_phone_number_is_masked_whatever_stands_in_it(between: str) -> None:
    text = f"call 07700{between}900461 first"

    assert mask(text) == "call [phone] first"
    assert mask_all([text, "tap drips"]) == ["call [phone] first", "tap drips"]


def test_hyphens_and_lines_around_a_number_stay_as_they_came() -> None:
    assert mask("ex\u2011partner\nring 07700\u2011900461\u2011now") == (
        "ex\u2011partner\nring [phone]\u2011now"
    )
