"""Passwords: long rather than odd (NIST SP 800-63B), hashed with argon2id."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from redflags.domain.people import Person
from redflags.errors import InvalidAct

SHORTEST = 12
LONGEST = 200
_TELLING = 4
"""Parts of a name shorter than this are in too many words to be refused."""
_HASHER = PasswordHasher()
_COMMON_IN_LINES = """
    000000000000 111111111111 112233445566 121212121212 123123123123 123321123321 123456123456
    123456654321 123456781234 1234567887654321 123456789000 123456789012 123456789101
    1234567890123 12345678901234 123456789012345 1234567890123456 1234567890qwerty 123456789abc
    123456789qwerty 123456qwerty 123qwe123qwe 123qweasdzxc 147258369147 1q2w3e4r5t6y 1q2w3e4r5t6y7u
    1q2w3e4r5t6y7u8i 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qazxsw23edc 222222222222 654321654321
    666666666666 888888888888 987654321000 987654321012 999999999999 aaaaaaaaaaaa abc123abc123
    abcd12345678 abcdefgh1234 abcdefgh12345678 abcdefghijkl abcdefghijklm administrator
    administrator1 asdfghjkl123 asdfghjkl1234 asdfghjkl;' asdfasdfasdf changeme1234 changemechangeme
    changeme123! charlie12345 chelseachelsea correcthorsebatterystaple dragon123456 football1234
    footballfootball fuckyou12345 fuckyoufuckyou hello1234567 hellohello12 iloveyou1234
    iloveyou12345 iloveyouforever iloveyouiloveyou iloveyousomuch letmein12345 letmeinletmein
    liverpool123 liverpool1234 liverpoolfc1 manchester12 manchesterunited michael12345
    mickeymouse1 mypassword12 mypassword123 p@ssw0rd1234 p@ssword1234 pa$$word1234 passw0rd1234
    password0123 password1111 password123! password1234 password12345 password123456
    password1234567 password12345678 password123456789 password2024 password2025 password2026
    password2027 passwordpassword princess1234 princessprincess q1w2e3r4t5y6 q1w2e3r4t5y6u7i8
    qazwsxedc123 qazwsxedcrfv qwerasdfzxcv qwerty123456 qwerty12345678 qwerty123qwerty
    qwertyqwerty qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwertyuiop[] qwertyuiopasdfgh
    qwertyuiopasdfghjkl sunshine1234 superman1234 test12345678 testtesttest thisismypassword
    unknown12345 welcome12345 welcome123456 welcomewelcome zaq12wsxcde3 zaq1zaq1zaq1
    zxcvbnm12345 zxcvbnmasdfghjkl zxcvbnmzxcvbnm
    housingqueue housingofficer welfarecheck redflagsredflags letmeinplease
"""
_COMMON = frozenset(_COMMON_IN_LINES.split())
"""What guessers try first among passwords this long."""


def checked_password(password: str, person: Person) -> str:
    """`password`, when it will do for `person`. Raises InvalidAct that never quotes it."""
    folded = password.casefold()
    if len(password) < SHORTEST:
        raise InvalidAct("password", f"The password must have at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise InvalidAct("password", f"The password must have at most {LONGEST} characters")
    if folded in _COMMON or len(set(folded)) < _TELLING:
        raise InvalidAct("password", "Many people use this password. Choose another one")
    if any(part in folded for part in _parts_of(person)):
        raise InvalidAct("password", "Leave your name and your email address out of the password")
    return password


def hash_password(password: str) -> str:
    """An argon2id hash with its parameters and salt: about 0.1 s and 64 MiB, on purpose."""
    return _HASHER.hash(password.encode("utf-8", "surrogatepass"))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one of the hash; without a hash it takes as long to say no."""
    try:
        _HASHER.verify(password_hash or _nobodys_hash(), password.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobodys_hash() -> str:
    return hash_password("of nobody, to take as long as anybody's")


def _parts_of(person: Person) -> set[str]:
    """The address, what stands before its @, and the words of the name."""
    local = person.email.partition("@")[0]
    parts = {person.email, local, *local.replace("-", ".").replace("_", ".").split(".")}
    parts |= set(person.name.casefold().split())
    return {part for part in parts if len(part) >= _TELLING}
