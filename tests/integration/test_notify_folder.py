"""Messages as files: whole or not at all, once, and for their owner's eyes only."""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from builders.store import AS_OF, a_message
from redflags.adapters.notify import OutboxFolderNotifier
from redflags.errors import NotificationFailed


def test_a_message_becomes_one_private_file_under_its_id(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "outbox"
    OutboxFolderNotifier(folder).send(a_message())
    (path,) = folder.iterdir()
    assert path.name == f"{a_message().message_id}.eml"
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    assert mail["To"] == "team@landlord.test"
    assert mail.get_content().splitlines() == ["Log in to see it."]


def test_the_same_message_again_changes_nothing(tmp_path: Path) -> None:
    folder = OutboxFolderNotifier(tmp_path)
    folder.send(a_message())
    (path,) = tmp_path.iterdir()
    before = path.stat()
    folder.send(a_message())
    assert list(tmp_path.iterdir()) == [path]
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_another_day_is_another_file(tmp_path: Path) -> None:
    for days in range(3):
        OutboxFolderNotifier(tmp_path).send(a_message(AS_OF + timedelta(days=days)))
    assert len(list(tmp_path.iterdir())) == 3


def test_a_folder_that_cannot_be_is_told_without_the_message(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    with pytest.raises(NotificationFailed, match="folder_unwritable") as told:
        OutboxFolderNotifier(tmp_path / "taken").send(a_message())
    assert "team@" not in str(told.value)
