"""Tags, character references and rich text as the words a reader would have seen."""

import html
import re

_INLINE = "a|abbr|b|big|code|del|em|font|i|img|ins|label|mark|o:p|s|small|span|strong|sub|sup|u"
_BLOCK = (
    "address|article|blockquote|body|br|center|dd|div|dl|dt|footer|form|h[1-6]|head|header|hr|html"
    "|li|ol|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
_ATTRIBUTES = r"""(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*\s*/?"""
_inline = re.compile(rf"(?i)</?(?:{_INLINE}){_ATTRIBUTES}>")
_block = re.compile(rf"(?i)</?(?:{_BLOCK}){_ATTRIBUTES}>")
_unseen = re.compile(r"(?is)<!--.*?-->|<(script|style)\b[^<>]*>.*?</\1\s*>|<!doctype[^<>]*>")
_reference = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def without_html(text: str) -> str:
    """Character references decoded, tags taken out; a block or a break becomes a line end.

    `&` without a semicolon (B&Q, R&M) and `<` that opens no tag of HTML stay as they are.
    """
    if "&" in text:
        text = _reference.sub(lambda match: html.unescape(match.group()), text)
    if "<" not in text:
        return text
    without = _inline.sub("", _unseen.sub("", text))
    lines = _block.sub("\n", without)
    return text if lines == text else lines.strip()


_RICH_TEXT = "{\\rtf"
_control = re.compile(r"\\(?:'([0-9A-Fa-f]{2})|([A-Za-z]+)(-?[0-9]+)? ?|(.))|([{}])|[\r\n]+", re.S)
_UNSHOWN = frozenset(
    {"fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "footer", "generator", "object"}
)
_SHOWN_AS = {
    **dict.fromkeys(("par", "line", "row", "sect", "page"), "\n"),
    **dict.fromkeys(("tab", "cell"), " "),
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "endash": "–",
    "emdash": "—",
    "bullet": "•",
}
_SHOWN_MARKS = {"~": " ", "_": "-", "-": ""}


def without_rich_text(text: str) -> str:
    """The words of rich text (RTF), whole or cut off; other text as it is."""
    start = text.find(_RICH_TEXT)
    if start < 0:
        return text
    return f"{text[:start]}{_RichText().read(text[start:])}".strip()


class _RichText:
    """Reads rich text from its first brace on; what follows the last one is plain again."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._is_shown = [True]
        self._left_to_skip = 0

    def read(self, text: str) -> str:
        at = 0
        for match in _control.finditer(text):
            self._say(text[at : match.start()])
            at = match.end()
            self._obey(match)
            if match[5] == "}" and len(self._is_shown) == 1:
                break
        return "".join(self._words) + text[at:]

    def _say(self, words: str) -> None:
        if self._is_shown[-1]:
            self._words.append(words[self._left_to_skip :])
            self._left_to_skip = max(0, self._left_to_skip - len(words))

    def _obey(self, match: re.Match[str]) -> None:
        byte, word, number, mark, brace = match.groups()
        if brace == "{":
            self._is_shown.append(self._is_shown[-1])
        elif brace and len(self._is_shown) > 1:
            self._is_shown.pop()
        elif byte:
            self._say(bytes.fromhex(byte).decode("cp1252", "replace"))
        elif mark == "*" or word in _UNSHOWN:
            self._is_shown[-1] = False
        elif word == "u" and number:
            self._say(chr(int(number) % 0x10000))
            self._left_to_skip = 1
        elif word or mark:
            self._say(_SHOWN_AS.get(word, "") if word else _SHOWN_MARKS.get(mark, mark))
