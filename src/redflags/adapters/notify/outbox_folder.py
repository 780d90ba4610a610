"""Messages as files in a folder: the default, until a landlord names a mail server."""

import os
from pathlib import Path

from redflags.adapters.notify.mail_format import as_mail
from redflags.domain.message import Message
from redflags.errors import NotificationFailed

_SENDER = "redflags@redflags.invalid"


class OutboxFolderNotifier:
    """Writes each message once, as ``<message id>.eml``, readable by its owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message) -> None:
        """Write the file unless it is there. Raises NotificationFailed when it cannot be."""
        path = self._folder / f"{message.message_id}.eml"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not path.exists():
                _write_at_once(path, as_mail(message, _SENDER).as_bytes())
        except OSError as error:
            raise NotificationFailed(
                f"folder_unwritable: expected to write to the outbox folder, got {error.strerror}; "
                "check REDFLAGS_HOME and who owns it"
            ) from None


def _write_at_once(path: Path, content: bytes) -> None:
    """A reader sees the whole file or none; a crash leaves at most an unfinished ``.part``."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(path)
