"""What logging in needs of the installation's key: sealing, pseudonyms, the new phone's secret."""

import base64
import hashlib
import hmac

from redflags.adapters.secrets import TextSealer, derive

_TOTP_BYTES = 20  # as RFC 4226 recommends; 32 letters and digits to type


class AccountKeys:
    """Made once per process from the installation's secret; a key for each purpose."""

    def __init__(self, secret: bytes) -> None:
        self._sealer = TextSealer(secret, "login codes")
        self._traces = derive(secret, "login traces")
        self._enrolment = derive(secret, "enrolment")
        self._browsers = derive(secret, "known browsers")

    def trace(self, text: str) -> str:
        """64 hex digits that stand for an account or a network address in what is kept."""
        return _mac(self._traces, text).hex()

    def enrolment_secret(self, token: str) -> str:
        """The secret a one-time link sets up: of the link itself, so that nobody can send another.

        Base32, as authenticator apps take it.
        """
        return base64.b32encode(_mac(self._enrolment, token)[:_TOTP_BYTES]).decode()

    def browser_signature(self, text: str) -> str:
        return _mac(self._browsers, text).hex()

    def seal(self, totp_secret: str, person_id: str) -> bytes:
        return self._sealer.seal(totp_secret, person_id)

    def open(self, sealed: bytes, person_id: str) -> str:
        """Raises StoreUnusable when another key or another person's row was used."""
        return self._sealer.open(sealed, person_id)


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
