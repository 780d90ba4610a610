"""The composition root: settings in, wired program out. The only room that knows every part."""

from redflags.bootstrap.clock import utc_now
from redflags.bootstrap.night import open_night
from redflags.bootstrap.program import Program
from redflags.bootstrap.settings_faults import login_faults, notification_faults

__all__ = ["Program", "login_faults", "notification_faults", "open_night", "utc_now"]
