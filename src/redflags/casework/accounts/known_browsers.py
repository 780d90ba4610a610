"""Browsers somebody logged in with before: others' wrong passwords do not make them wait.

(OWASP's "device cookies".) A mark gives no rights. It only says which wrong passwords count.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from redflags.casework.accounts.account_fields import plain_email
from redflags.casework.accounts.account_keys import AccountKeys


def browser_mark(keys: AccountKeys, email: str, now: datetime) -> str:
    """What a browser keeps after its owner logged in: a name for it, a moment, a signature."""
    content = f"{secrets.token_hex(8)}.{int(now.timestamp())}"
    return f"{content}.{_signature(keys, email, content)}"


def known_browser(
    keys: AccountKeys, email: str, mark: str, now: datetime, holds: timedelta
) -> str | None:
    """The browser's name; None when the mark is another account's, too old or made up."""
    content, _, signature = mark.rpartition(".")
    name, _, moment = content.partition(".")
    if not hmac.compare_digest(_signature(keys, email, content).encode(), signature.encode()):
        return None
    return name if int(moment) + holds.total_seconds() > now.timestamp() else None


def _signature(keys: AccountKeys, email: str, content: str) -> str:
    return keys.browser_signature(f"{plain_email(email)}\n{content}")
