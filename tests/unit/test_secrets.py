"""The secret key and what is made of it: pseudonyms and sealed text."""

import re
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from redflags.adapters.secrets import Pseudonymiser, TextSealer, derive, secret_key
from redflags.errors import ConfigurationError, StoreUnusable
from redflags.settings import Settings

KEY = b"a key for tests, long enough"
OTHER = b"another key for tests, as long"
SPAWN = get_context("spawn")


def settings(home: Path, key: str | None = None) -> Settings:
    return Settings(home=home, secret_key=None if key is None else SecretStr(key))


def make_at_once(home: Path, together: Barrier, said: Path) -> None:
    together.wait(30)
    said.write_bytes(secret_key(settings(home)))


def test_the_environment_decides_and_no_file_is_made(tmp_path: Path) -> None:
    assert secret_key(settings(tmp_path, "0123456789abcdef")) == b"0123456789abcdef"
    assert list(tmp_path.iterdir()) == []


def test_a_key_one_character_short_is_refused_and_not_quoted(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="at least 16 characters, got 15") as told:
        secret_key(settings(tmp_path, "0123456789abcde"))
    assert "0123456789abcde" not in str(told.value)


@pytest.mark.parametrize("blank", [None, ""])
def test_without_one_a_key_is_made_once_for_its_owner_only(
    tmp_path: Path, blank: str | None
) -> None:
    home = tmp_path / "var"
    key = secret_key(settings(home, blank))
    assert len(key) >= 32
    assert secret_key(settings(home, blank)) == key
    assert [path.name for path in home.iterdir()] == ["secret.key"]
    assert (home / "secret.key").stat().st_mode & 0o777 == 0o600


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    assert secret_key(settings(tmp_path / "a")) != secret_key(settings(tmp_path / "b"))


def test_processes_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    home, together = tmp_path / "var", SPAWN.Barrier(3)
    said = [tmp_path / f"said-{number}" for number in range(3)]
    rivals = [SPAWN.Process(target=make_at_once, args=(home, together, path)) for path in said]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join(60)
    assert len({path.read_bytes() for path in said}) == 1
    assert [path.name for path in home.iterdir()] == ["secret.key"]


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    secret_key(settings(tmp_path))
    (tmp_path / "secret.key").chmod(0o640)
    with pytest.raises(ConfigurationError, match="expected mode 0600, got 0640"):
        secret_key(settings(tmp_path))


def test_an_emptied_key_file_is_refused(tmp_path: Path) -> None:
    secret_key(settings(tmp_path))
    (tmp_path / "secret.key").write_text("")
    with pytest.raises(ConfigurationError, match="secret key file"):
        secret_key(settings(tmp_path))


def test_each_purpose_has_its_own_key() -> None:
    assert derive(KEY, "sessions") == derive(KEY, "sessions")
    assert len({derive(KEY, "sessions"), derive(KEY, "pseudonyms"), derive(OTHER, "sessions")}) == 3
    assert len(derive(KEY, "sessions")) == 32


@given(st.text())
def test_a_pseudonym_has_one_shape(ref: str) -> None:
    assert re.fullmatch("H-[A-Z2-7]{10}", Pseudonymiser(KEY).pseudonym(ref))


def test_a_pseudonym_hangs_on_reference_and_key_and_nothing_else() -> None:
    pseudonym = Pseudonymiser(KEY).pseudonym("0001")
    assert Pseudonymiser(KEY).pseudonym("0001") == pseudonym
    assert Pseudonymiser(KEY).pseudonym("001") != pseudonym
    assert Pseudonymiser(OTHER).pseudonym("0001") != pseudonym


def test_pseudonyms_do_not_meet_by_chance() -> None:
    pseudonymiser = Pseudonymiser(KEY)
    assert len({pseudonymiser.pseudonym(f"{n:08}") for n in range(20_000)}) == 20_000


@given(st.text(), st.text())
def test_what_is_sealed_can_be_opened(text: str, record_key: str) -> None:
    sealer = TextSealer(KEY)
    assert sealer.open(sealer.seal(text, record_key), record_key) == text


@given(st.lists(st.tuples(st.text(), st.text()), max_size=20))
def test_many_are_sealed_each_for_its_record_and_never_alike(pairs: list[tuple[str, str]]) -> None:
    sealer = TextSealer(KEY)
    sealed = sealer.seal_many([text for text, _ in pairs], [key for _, key in pairs])
    opened = [sealer.open(one, key) for one, (_, key) in zip(sealed, pairs, strict=True)]
    assert opened == [text for text, _ in pairs]
    assert len({one[:12] for one in sealed}) == len(pairs)


def test_the_text_does_not_show_and_the_same_text_looks_different() -> None:
    sealer = TextSealer(KEY)
    first, second = sealer.seal_many(["front door"] * 2, ["repairs:1"] * 2)
    assert b"front door" not in first
    assert first != second


@pytest.mark.parametrize(("texts", "keys"), [(["a"], []), ([], ["a"]), (["a", "b"], ["a"])])
def test_texts_and_records_must_be_as_many(texts: list[str], keys: list[str]) -> None:
    with pytest.raises(ValueError, match=r"shorter|longer"):
        TextSealer(KEY).seal_many(texts, keys)


def test_another_key_says_what_to_do() -> None:
    sealed = TextSealer(KEY).seal("front door", "repairs:1")
    with pytest.raises(StoreUnusable, match="REDFLAGS_SECRET_KEY"):
        TextSealer(OTHER).open(sealed, "repairs:1")


def test_a_text_cannot_be_passed_off_as_another_records() -> None:
    sealed = TextSealer(KEY).seal("front door", "repairs:1")
    with pytest.raises(StoreUnusable):
        TextSealer(KEY).open(sealed, "repairs:2")


@pytest.mark.parametrize("position", [0, 12, -1])
def test_a_changed_byte_is_noticed(position: int) -> None:
    sealed = bytearray(TextSealer(KEY).seal("front door", "repairs:1"))
    sealed[position] ^= 1
    with pytest.raises(StoreUnusable):
        TextSealer(KEY).open(bytes(sealed), "repairs:1")


@pytest.mark.parametrize("length", [0, 5, 12, 20])
def test_a_cut_off_text_is_noticed(length: int) -> None:
    sealed = TextSealer(KEY).seal("front door", "repairs:1")
    with pytest.raises(StoreUnusable):
        TextSealer(KEY).open(sealed[:length], "repairs:1")
