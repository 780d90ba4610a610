"""Half a character: what JSON may hold and no database, file or page takes."""


def without_half_surrogates(text: str) -> str:
    """Pairs joined to the character they stand for, halves replaced by U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
