"""One secret key, and what is made of it: a key per purpose, pseudonyms, sealed text."""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from redflags.errors import ConfigurationError, StoreUnusable
from redflags.settings import Settings

_SHORTEST_KEY = 16
_NONCE_BYTES = 12
_OTHERS = 0o077


def secret_key(settings: Settings) -> bytes:
    """The key of this installation: ``REDFLAGS_SECRET_KEY``, else a file made once.

    Raises ConfigurationError when the key is too short to be one, or others can read the file.
    """
    if settings.secret_key is not None and settings.secret_key.get_secret_value():
        return _long_enough(settings.secret_key.get_secret_value(), "REDFLAGS_SECRET_KEY")
    path = settings.secret_key_path
    if not path.exists():
        _make_key_file(path)
    _refuse_if_others_can_read(path)
    return _long_enough(path.read_text(encoding="ascii").strip(), "the secret key file")


def derive(key: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose (HKDF-SHA256, RFC 5869); none tells of another."""
    return HKDF(SHA256(), length=32, salt=b"redflags", info=purpose.encode()).derive(key)


class Pseudonymiser:
    """References as logs and reports may show them: the same for the same reference and key."""

    def __init__(self, key: bytes) -> None:
        self._key = derive(key, "pseudonyms")

    def pseudonym(self, ref: str) -> str:
        """``H-`` and ten letters or digits: 50 bits of HMAC-SHA256."""
        digest = hmac.digest(self._key, ref.encode(), hashlib.sha256)
        return f"H-{base64.b32encode(digest[:10])[:10].decode()}"


class TextSealer:
    """Text as it is stored: AES-256-GCM, bound to its record, so that rows cannot be swapped.

    A sealed text is 12 bytes of nonce, the cipher text, and 16 bytes that prove it whole.
    """

    def __init__(self, key: bytes, purpose: str = "job text") -> None:
        self._cipher = AESGCM(derive(key, purpose))

    def seal(self, text: str, record_key: str) -> bytes:
        return self.seal_many([text], [record_key])[0]

    def seal_many(self, texts: Sequence[str], record_keys: Sequence[str]) -> list[bytes]:
        """Each text sealed for the record key beside it. Raises ValueError on unequal lengths."""
        encrypt = self._cipher.encrypt
        nonces = os.urandom(_NONCE_BYTES * len(texts))  # one call: a million would take seconds
        return [
            (nonce := nonces[start : start + _NONCE_BYTES])
            + encrypt(nonce, text.encode(), record_key.encode())
            for start, text, record_key in zip(
                range(0, len(nonces), _NONCE_BYTES), texts, record_keys, strict=True
            )
        ]

    def open(self, sealed: bytes, record_key: str) -> str:
        """The text. Raises StoreUnusable when key or record is another, or a byte was changed."""
        nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, content, record_key.encode()).decode()
        except (InvalidTag, ValueError):
            raise StoreUnusable(
                "expected text sealed with this secret key for this record, got something else; "
                "set REDFLAGS_SECRET_KEY to the key (or put back the key file) with which the "
                "record store was written"
            ) from None


def _make_key_file(path: Path) -> None:
    """Write the whole key aside, then link it: of two processes the first wins, both read it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as handle:
        handle.write(secrets.token_urlsafe(32) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass  # another process made it first, and that one counts
    finally:
        aside.unlink()


def _refuse_if_others_can_read(path: Path) -> None:
    mode = path.stat().st_mode & 0o777
    if mode & _OTHERS:
        raise ConfigurationError(
            [
                f"the secret key file: expected mode 0600, got {mode:04o}; "
                "take the others' rights away (chmod 600) and find out who read it"
            ]
        )


def _long_enough(key: str, where: str) -> bytes:
    if len(key) < _SHORTEST_KEY:
        raise ConfigurationError(
            [
                f"{where}: expected at least {_SHORTEST_KEY} characters, got {len(key)}; make one "
                'with: python -c "import secrets; print(secrets.token_urlsafe(32))"'
            ]
        )
    return key.encode()
