"""An answer as a reader meets it: its words, its title, its forms as a browser would send them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.test import TestResponse

DRAWN = re.compile(r' nonce="[^"]*"|<input[^>]*name="(?:csrf_token|form_id)"[^>]*>')


@dataclass
class Page:
    """An answer as a reader meets it."""

    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def answer(self) -> str:
        """Every character that was sent."""
        return self.response.get_data(as_text=True)

    @property
    def html(self) -> str:
        """The answer without what was drawn at random for it: a nonce or a token may hold any
        short word, so "this is not on the page" can only be asked of the rest."""
        return DRAWN.sub("", self.answer)

    @property
    def text(self) -> str:
        """What can be read on it, blanks drawn together."""
        return _readable(self.html)

    @property
    def title(self) -> str:
        return _readable(re.search(r"<title[^>]*>(.*?)</title>", self.html, re.S)[1])  # type: ignore[index]

    @property
    def headers(self) -> Mapping[str, str]:
        return self.response.headers

    @property
    def leads_to(self) -> str:
        """Where a redirect goes, blank when it is none."""
        return self.response.headers.get("Location", "")

    def forms(self) -> list["Form"]:
        reader = _FormReader()
        reader.feed(self.answer)
        return reader.forms


@dataclass
class Form:
    """A form on a page: where it goes and what is in it already."""

    method: str
    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)


def _readable(html: str) -> str:
    reader = _TextReader()
    reader.feed(html)
    return " ".join(" ".join(reader.pieces).split())


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(data)


class _FormReader(HTMLParser):
    """Forms and what a browser would send of them if nothing was typed."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("method", "get").lower(), given.get("action", "")))
        elif tag == "input" and self.forms:
            is_box = given.get("type") in ("radio", "checkbox")
            if given.get("name") and (not is_box or "checked" in given):
                self._add(given["name"], given.get("value", ""))
        elif tag == "textarea" and self.forms:
            self.area = given.get("name", "")
            self._add(self.area, "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1].fields[self.area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.area = "" if tag == "textarea" else self.area

    def _add(self, name: str, value: str) -> None:
        self.forms[-1].fields.setdefault(name, []).append(value)
