"""Bytes of any declared encoding to blocks of whole UTF-8 lines, losing nothing on the way."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from redflags.domain.half_characters import without_half_surrogates
from redflags.errors import SourceRefused

BLOCK_BYTES = 8 << 20
LONGEST_LINE_BYTES = 16 << 20
_LOOKED_AT_BYTES = 1024
_ONE_BYTE_EACH = ("cp1252", "latin-1")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Whole lines as UTF-8, each with its line feed; `repaired` holds line indices, 0 = first.

    `read_as` is the encoding that the bytes were in, where it is not the declared one. The last
    block of a file whose last line has no line end `is_cut`.
    """

    data: bytes
    repaired: frozenset[int] = frozenset()
    read_as: str = ""
    is_cut: bool = False

    @property
    def line_count(self) -> int:
        return self.data.count(b"\n")

    def followed_by(self, other: "TextBlock") -> "TextBlock":
        shift = self.line_count
        return TextBlock(
            self.data + other.data,
            self.repaired | {line + shift for line in other.repaired},
            self.read_as or other.read_as,
            other.is_cut,
        )

    def cut(self, position: int) -> tuple["TextBlock", "TextBlock"]:
        """The lines before byte `position`, and the rest; a line must start there."""
        lines = self.data.count(b"\n", 0, position)
        return (
            TextBlock(
                self.data[:position],
                frozenset(n for n in self.repaired if n < lines),
                self.read_as,
            ),
            TextBlock(
                self.data[position:],
                frozenset(n - lines for n in self.repaired if n >= lines),
                self.read_as,
                self.is_cut,
            ),
        )


def text_blocks(stream: BinaryIO, encoding: str) -> Iterator[TextBlock]:
    """Blocks of about `BLOCK_BYTES`. A last line without a line feed gets one.

    Bytes that are UTF-8 are read as that, whatever was declared: nothing else looks like it by
    chance. A line that is not valid in `encoding` is read as Windows-1252, which is what it nearly
    always is, and listed in `repaired`: a repair job with an odd "é" is worth more than none.
    Raises SourceRefused when the file has no lines or is UTF-16 though declared otherwise.
    """
    is_utf16 = encoding == "utf-16" and _looks_like_utf16(stream)
    lines = _utf16_lines(stream) if is_utf16 else _byte_lines(stream)
    for index, (data, is_cut) in enumerate(lines):
        if index == 0 and not is_utf16:
            _refuse_utf16(data, encoding)
            data = data.removeprefix(codecs.BOM_UTF8)  # noqa: PLW2901
        block = TextBlock(data) if is_utf16 else _as_utf8(data, encoding)
        yield replace(block, is_cut=is_cut)


def _looks_like_utf16(stream: BinaryIO) -> bool:
    start = stream.read(_LOOKED_AT_BYTES)
    stream.seek(0)
    return start.startswith(_UTF16_MARKS) or b"\0" in start


def _refuse_utf16(data: bytes, encoding: str) -> None:
    start = data[:_LOOKED_AT_BYTES]
    every_other = max(start[::2].count(0), start[1::2].count(0))
    if data.startswith(_UTF16_MARKS) or every_other > len(start) // 4:
        raise SourceRefused(
            f"expected {encoding}, but the file starts with the mark of UTF-16; "
            'set encoding = "utf-16" in the mapping or have it exported as UTF-8'
        )


def _byte_lines(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Whole lines, and whether the last of them had no line end."""
    carry = b""
    while chunk := stream.read(BLOCK_BYTES):
        end = chunk.rfind(b"\n") + 1
        if not end:
            carry += chunk
            _refuse_endless_line(carry)
            continue
        yield carry + chunk[:end], False
        carry = chunk[end:]
    if carry:
        yield carry + b"\n", True


def _utf16_lines(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    carry = ""
    while chunk := stream.read(BLOCK_BYTES):
        text = carry + decoder.decode(chunk)
        end = text.rfind("\n") + 1
        carry = text[end:]
        _refuse_endless_line(carry)
        if end:
            yield text[:end].encode(errors="replace"), False
    carry += decoder.decode(b"", final=True)
    if carry:
        yield carry.encode(errors="replace") + b"\n", True


def _refuse_endless_line(carry: bytes | str) -> None:
    if len(carry) > LONGEST_LINE_BYTES:
        raise SourceRefused(
            "expected lines that end with a line feed; none came in the first 16 MB: "
            "not a text file, or its line ends are carriage returns only"
        )


def _as_utf8(data: bytes, encoding: str) -> TextBlock:
    if data.isascii():
        return TextBlock(data)
    if _decoded(data, "utf-8") is not None:
        return TextBlock(data, read_as="" if encoding == "utf-8" else "utf-8")
    text = _decoded(data, encoding) if encoding in _ONE_BYTE_EACH else None
    return _line_by_line(data, encoding) if text is None else TextBlock(text.encode())


def _line_by_line(data: bytes, encoding: str) -> TextBlock:
    lines: list[bytes] = []
    repaired: set[int] = set()
    for index, line in enumerate(data.split(b"\n")[:-1]):
        text = _decoded(line, "utf-8")
        if text is None and encoding in _ONE_BYTE_EACH:
            text = _decoded(line, encoding)
        if text is None:
            text = _repaired(line)
            repaired.add(index)
        lines.append(text.encode())
    return TextBlock(b"\n".join(lines) + b"\n", frozenset(repaired))


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _repaired(line: bytes) -> str:
    """Halves of a character that some databases write as if each were one, else Windows-1252."""
    try:
        return without_half_surrogates(line.decode(errors="surrogatepass"))
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")
