"""Six digits that change every half minute (TOTP, RFC 6238), each good once."""

import hmac
from datetime import datetime

import pyotp

STEP_SECONDS = 30
_DRIFT_STEPS = 1
"""Telephones' clocks go wrong; half a minute either way is forgiven."""
ISSUER = "Housing queue"


def code_at(totp_secret: str, step: int) -> str:
    return str(pyotp.TOTP(totp_secret, interval=STEP_SECONDS).generate_otp(step))


def step_at(now: datetime) -> int:
    """The number of the half minute since 1970."""
    return int(now.timestamp()) // STEP_SECONDS


def accepted_step(totp_secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """The half minute `code` belongs to; None when it is wrong, too old or was used."""
    digits = "".join(code.split()).encode("utf-8", "surrogatepass")
    for step in range(step_at(now) - _DRIFT_STEPS, step_at(now) + _DRIFT_STEPS + 1):
        is_right = hmac.compare_digest(code_at(totp_secret, step).encode(), digits)
        if is_right and (last_step is None or step > last_step):
            return step
    return None


def setup_address(totp_secret: str, email: str) -> str:
    """What an authenticator app reads from the square picture (``otpauth://``)."""
    totp = pyotp.TOTP(totp_secret, interval=STEP_SECONDS)
    return str(totp.provisioning_uri(name=email, issuer_name=ISSUER))
