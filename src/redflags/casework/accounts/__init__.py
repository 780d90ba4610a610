"""People: accounts, one-time links, sessions, logging in, and households they must never see.

Plain functions of a connection, in the caller's transaction; what changes something is audited
in it. An audit entry names people by id, and never a household or an e-mail address.
"""

from redflags.casework.accounts.account_fields import faults_of, plain_email, plain_patches
from redflags.casework.accounts.account_keys import AccountKeys
from redflags.casework.accounts.change_password import NewPassword, change_password
from redflags.casework.accounts.declared_interests import declare, withdraw
from redflags.casework.accounts.first_administrator import FIRST_EMAIL, OPERATOR, first_admin_link
from redflags.casework.accounts.known_browsers import browser_mark
from redflags.casework.accounts.log_in import (
    Attempt,
    Entry,
    Refusal,
    enter,
    has_password,
    log_in,
    log_out,
    person_from_outside,
    refuse_outside_login,
)
from redflags.casework.accounts.manage_accounts import (
    add_person,
    area_faults,
    change_person,
    disable_person,
    enable_person,
    known_patches,
    names,
    people,
    person,
    person_with_email,
    set_away,
)
from redflags.casework.accounts.one_time_codes import setup_address
from redflags.casework.accounts.one_time_links import (
    Acceptance,
    accept_invitation,
    invite,
    invited_person,
    refuse_link,
)
from redflags.casework.accounts.sessions import (
    end_session,
    end_sessions_of,
    open_session,
    person_of_session,
    touch_session,
)

__all__ = [
    "FIRST_EMAIL",
    "OPERATOR",
    "Acceptance",
    "AccountKeys",
    "Attempt",
    "Entry",
    "NewPassword",
    "Refusal",
    "accept_invitation",
    "add_person",
    "area_faults",
    "browser_mark",
    "change_password",
    "change_person",
    "declare",
    "disable_person",
    "enable_person",
    "end_session",
    "end_sessions_of",
    "enter",
    "faults_of",
    "first_admin_link",
    "has_password",
    "invite",
    "invited_person",
    "known_patches",
    "log_in",
    "log_out",
    "names",
    "open_session",
    "people",
    "person",
    "person_from_outside",
    "person_of_session",
    "person_with_email",
    "plain_email",
    "plain_patches",
    "refuse_link",
    "refuse_outside_login",
    "set_away",
    "setup_address",
    "touch_session",
    "withdraw",
]
