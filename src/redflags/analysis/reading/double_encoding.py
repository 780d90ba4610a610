"""UTF-8 that was once read as Windows-1252 or Latin-1: `â€™` for ’, `Â£` for £.

Only sequences that nobody writes are put right: Latin letters with marks, the punctuation, currency
and signs from U+2000 to U+2FFF, and emoji.
"""

import re


def _shown_as(byte: int) -> set[str]:
    """What a byte looks like when it is read in the wrong code page."""
    return {chr(byte), bytes([byte]).decode("cp1252", "ignore")} - {""}


_BYTE_OF = {shown: byte for byte in range(0x80, 0x100) for shown in _shown_as(byte)}
_LATER = "[" + "".join(sorted(re.escape(s) for s, b in _BYTE_OF.items() if b < 0xC0)) + "]"
_sequence = re.compile(
    f"[\u00c2-\u00c5]{_LATER}|\u00e2{_LATER}{{2}}|\u00ef\u00bb\u00bf|\u00ef\u00bf\u00bd"
    f"|\u00f0\u0178{_LATER}{{2}}|\u00f0\x9f{_LATER}{{2}}"
)
_lost_end_of_quote = re.compile("\u00e2\u20ac\ufffd")
_left_of_a_blank = re.compile("\u00c2(?= )")


def decoded_once(text: str) -> str:
    """The text with each such sequence read as UTF-8."""
    text = _sequence.sub(_as_utf8, text)
    text = _lost_end_of_quote.sub("\u201d", text)
    return _left_of_a_blank.sub("", text)


def _as_utf8(match: re.Match[str]) -> str:
    found = match.group()
    try:
        return bytes(_BYTE_OF[character] for character in found).decode()
    except UnicodeDecodeError:
        return found
