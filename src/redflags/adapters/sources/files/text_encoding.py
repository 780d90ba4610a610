"""Bytes of any declared encoding to blocks of whole UTF-8 lines, losing nothing on the way."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from redflags.errors import SourceRefused

BLOCK_BYTES = 8 << 20
LONGEST_LINE_BYTES = 16 << 20
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Whole lines as UTF-8, each with its line feed; `repaired` holds line indices, 0 = first."""

    data: bytes
    repaired: frozenset[int] = frozenset()

    @property
    def line_count(self) -> int:
        return self.data.count(b"\n")

    def followed_by(self, other: "TextBlock") -> "TextBlock":
        shift = self.line_count
        return TextBlock(
            self.data + other.data, self.repaired | {line + shift for line in other.repaired}
        )

    def cut(self, position: int) -> tuple["TextBlock", "TextBlock"]:
        """The lines before byte `position`, and the rest; a line must start there."""
        lines = self.data.count(b"\n", 0, position)
        return (
            TextBlock(self.data[:position], frozenset(n for n in self.repaired if n < lines)),
            TextBlock(
                self.data[position:], frozenset(n - lines for n in self.repaired if n >= lines)
            ),
        )


def text_blocks(stream: BinaryIO, encoding: str) -> Iterator[TextBlock]:
    """Blocks of about `BLOCK_BYTES`. A last line without a line feed gets one.

    A line that is not valid in `encoding` is read as Windows-1252, which is what it nearly always
    is, and listed in `repaired`: a repair job with an odd "é" is worth more than none. Raises
    SourceRefused when the file has no lines or is UTF-16 though declared otherwise.
    """
    lines = _utf16_lines(stream) if encoding == "utf-16" else _byte_lines(stream)
    for index, data in enumerate(lines):
        if index == 0 and encoding != "utf-16":
            _refuse_utf16(data, encoding)
            data = data.removeprefix(codecs.BOM_UTF8)  # noqa: PLW2901
        yield _as_utf8(data, "utf-8" if encoding == "utf-16" else encoding)


def _refuse_utf16(data: bytes, encoding: str) -> None:
    if data.startswith(_UTF16_MARKS):
        raise SourceRefused(
            f"expected {encoding}, but the file starts with the mark of UTF-16; "
            'set encoding = "utf-16" in the mapping or have it exported as UTF-8'
        )


def _byte_lines(stream: BinaryIO) -> Iterator[bytes]:
    carry = b""
    while chunk := stream.read(BLOCK_BYTES):
        end = chunk.rfind(b"\n") + 1
        if not end:
            carry += chunk
            _refuse_endless_line(carry)
            continue
        yield carry + chunk[:end]
        carry = chunk[end:]
    if carry:
        yield carry + b"\n"


def _utf16_lines(stream: BinaryIO) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    carry = ""
    while chunk := stream.read(BLOCK_BYTES):
        text = carry + decoder.decode(chunk)
        end = text.rfind("\n") + 1
        carry = text[end:]
        _refuse_endless_line(carry)
        if end:
            yield text[:end].encode(errors="replace")
    carry += decoder.decode(b"", final=True)
    if carry:
        yield carry.encode(errors="replace") + b"\n"


def _refuse_endless_line(carry: bytes | str) -> None:
    if len(carry) > LONGEST_LINE_BYTES:
        raise SourceRefused(
            "expected lines that end with a line feed; none came in the first 16 MB: "
            "not a text file, or its line ends are carriage returns only"
        )


def _as_utf8(data: bytes, encoding: str) -> TextBlock:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return _repaired(data, encoding)
    return TextBlock(data if encoding == "utf-8" else text.encode())


def _repaired(data: bytes, encoding: str) -> TextBlock:
    lines: list[bytes] = []
    repaired: set[int] = set()
    for index, line in enumerate(data.split(b"\n")[:-1]):
        try:
            lines.append(line.decode(encoding).encode())
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", errors="replace").encode())
            repaired.add(index)
    return TextBlock(b"\n".join(lines) + b"\n", frozenset(repaired))
