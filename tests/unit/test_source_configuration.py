"""Mapping files: every fault at once, in words, and never a secret."""

from pathlib import Path

import pytest

from builders.sources import READY, nothing_is_taken
from redflags.adapters.sources import load_sources
from redflags.errors import ConfigurationError, SourceRefused

GOOD = """
enabled = true
kind = "delimited"
[tables.lock_changes]
files = ["locks.csv"]
columns = { lock_change_ref = "No", property_ref = "Home", changed_at = "When" }
"""


def faults(tmp_path: Path, *files: str, environment: dict[str, str] | None = None) -> list[str]:
    for number, text in enumerate(files):
        (tmp_path / f"m{number}.toml").write_text(text)
    with pytest.raises(ConfigurationError) as raised:
        load_sources(tmp_path, tmp_path, environment or {})
    return list(raised.value.faults)


def test_enabled_sources_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(GOOD)
    (tmp_path / "a.toml").write_text(GOOD)
    (tmp_path / "c.toml").write_text(GOOD.replace("true", "false"))

    sources = load_sources(tmp_path, tmp_path, {})

    assert [source.name for source in sources] == ["a", "b"]
    assert sources[0].tables == ("lock_changes",)


def test_the_highest_precedence_comes_first_and_equals_by_name(tmp_path: Path) -> None:
    for name, precedence in (("a", 0), ("b", 2), ("c", 2), ("d", -1)):
        first = f"precedence = {precedence}\n"
        (tmp_path / f"{name}.toml").write_text(first + GOOD)

    sources = load_sources(tmp_path, tmp_path, {})

    assert [source.name for source in sources] == ["b", "c", "a", "d"]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (
            'lock_changes = "m1"',
            "same_jobs_as.lock_changes: expected the name of another mapping file; 'm1' came",
        ),
        (
            'repairs = "m0"',
            "same_jobs_as.repairs: expected the name of another mapping file; 'm0' came",
        ),
        (
            'tenancies = "canonical"',
            "same_jobs_as: expected one of repairs, lock_changes, asb, homelessness, concerns; "
            "'tenancies' came",
        ),
    ],
)
def test_jobs_are_shared_with_another_mapping_file(tmp_path: Path, said: str, fault: str) -> None:
    (tmp_path / "canonical.toml").write_text(GOOD.replace("true", "false"))
    assert faults(tmp_path, f"same_jobs_as = {{ {said} }}\n{GOOD}") == [f"sources/m0.toml: {fault}"]


def test_the_shipped_configuration_reads_the_canonical_folder_only(tmp_path: Path) -> None:
    assert [source.name for source in load_sources(READY, tmp_path, {})] == ["canonical"]


def test_every_ready_mapping_is_without_fault(tmp_path: Path) -> None:
    for path in READY.glob("*.toml"):
        text = path.read_text(encoding="utf-8").replace("enabled = false", "enabled = true", 1)
        (tmp_path / path.name).write_text(text, encoding="utf-8")

    sources = load_sources(
        tmp_path, tmp_path, {"CIVICA_DATABASE_URL": "postgresql+psycopg://nobody@localhost/none"}
    )

    assert len(sources) == len(list(READY.glob("*.toml")))


def test_an_unknown_key_is_a_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, GOOD + 'wehre = "a"') == [
        "sources/m0.toml: tables.lock_changes.wehre: "
        "expected a key of the mapping language; this one is not known"
    ]


def test_all_faults_of_all_files_come_together(tmp_path: Path) -> None:
    first = GOOD.replace('kind = "delimited"', 'kind = "delimited"\nencoding = "utf8x"\nextra = 1')
    second = GOOD.replace("property_ref", "prop_ref")

    found = faults(tmp_path, first, second)

    assert len(found) == 4
    assert any("encoding" in fault and "'utf8x' came" in fault for fault in found)
    assert any(fault.startswith("sources/m0.toml: extra") for fault in found)
    assert any("required column 'property_ref'" in fault for fault in found)
    assert any("'prop_ref' came" in fault for fault in found)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("lock_changes", "locks"), "tables.locks: expected one of"),
        (('"delimited"', '"excel"'), "kind"),
        (("enabled = true", "enabled = 'yes'"), "enabled: expected true or false"),
        (('files = ["locks.csv"]', "files = []"), "tables.lock_changes.files"),
        (('files = ["locks.csv"]', ""), "tables.lock_changes.files: Field required"),
        (("[tables", "[[tables"), "expected a TOML file"),
    ],
)
def test_each_fault_says_where_and_what(
    tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    (fault,) = faults(tmp_path, GOOD.replace(*change))

    assert words in fault


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('date_format = "dd/MM/yyyy"', "strptime directives such as %d/%m/%Y"),
        ('date_format = "%d/%m/%Q"', "strptime directives"),
        ('date_format = { property_ref = "%d/%m/%Y" }', "date_format"),
        ("pad = { property_ref = 0 }", "pad.property_ref"),
        ("pad = { reason = 8 }", "pad: expected a column of lock_changes"),
        ('where = [{ column = "a", equals = "b", prefix = "c" }]', "exactly one of"),
        ('where = [{ column = "a" }]', "exactly one of"),
        ('constants = { property_ref = "1" }', "constants.property_ref"),
        ('join = { x = { files = ["a"], on = { No = "n" } } }', "at least one of first"),
        ('where = [{ column = "x.b", filled = true }]\njoin = { x = { files = ["a"], '
         'on = { No = "n" }, first = ["a"] } }', "expected one of a of the join 'x'; 'b' came"),
    ],
)  # fmt: skip
def test_a_sentence_that_means_nothing_is_a_fault(tmp_path: Path, line: str, words: str) -> None:
    (fault,) = faults(tmp_path, GOOD + line)

    assert words in fault


SQL = """
enabled = true
kind = "sql"
{place}
[tables.lock_changes]
query = "SELECT 1"
columns = {{ lock_change_ref = "No", property_ref = "Home", changed_at = "When" }}
"""


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://reader:hunter2@db/uh",
        "postgresql://db/uh?user=reader&password=hunter2",
        "mssql+pyodbc://:hunter2@db/uh",
    ],
)
def test_a_password_in_a_url_is_a_fault_that_tells_where_it_belongs(
    tmp_path: Path, url: str
) -> None:
    (fault,) = faults(tmp_path, SQL.format(place=f'url = "{url}"'))

    assert 'url_env = "CIVICA_DATABASE_URL"' in fault
    assert "hunter2" not in fault


def test_a_password_in_the_wrong_place_is_not_shown_either(tmp_path: Path) -> None:
    text = GOOD.replace('kind = "delimited"', 'kind = "delimited"\nencoding = "a://b:hunter2@c"')

    found = faults(tmp_path, text)

    assert len(found) == 2
    assert "hunter2" not in "".join(found)


def test_a_key_that_is_named_like_a_secret_never_shows_its_value(tmp_path: Path) -> None:
    found = faults(tmp_path, SQL.format(place='url_env = "X"\npassword = "hunter2"'))

    assert "hunter2" not in "".join(found)


def refused(tmp_path: Path, text: str, environment: dict[str, str] | None = None) -> str:
    """Why the source that the mapping describes is refused when it is read."""
    (tmp_path / "m0.toml").write_text(text)
    (source,) = load_sources(tmp_path, tmp_path, environment or {})
    assert source.tables == ("lock_changes",)
    with pytest.raises(SourceRefused) as raised:
        next(source.extracts(nothing_is_taken))
    return str(raised.value)


def test_an_environment_variable_that_is_not_set_refuses_its_source_only(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(GOOD)
    (tmp_path / "m0.toml").write_text(SQL.format(place='url_env = "CIVICA_DATABASE_URL"'))

    good, bad = load_sources(tmp_path, tmp_path, {})

    assert (good.name, bad.name, bad.tables) == ("good", "m0", ("lock_changes",))
    with pytest.raises(SourceRefused, match="environment variable CIVICA_DATABASE_URL; not set"):
        next(bad.extracts(nothing_is_taken))


def test_where_a_file_is_wrong_what_other_sources_lack_is_told_with_it(tmp_path: Path) -> None:
    found = faults(tmp_path, GOOD + "wehre = 1", SQL.format(place='url_env = "CIVICA"'))

    assert len(found) == 2
    assert found[1] == "sources/m1.toml: url_env: expected the environment variable CIVICA; not set"


def test_a_url_in_the_environment_that_is_none_is_not_shown(tmp_path: Path) -> None:
    text = SQL.format(place='url_env = "U"')

    words = refused(tmp_path, text, {"U": "nosuchdriver://reader:hunter2@db"})

    assert "expected a SQLAlchemy URL" in words
    assert "hunter2" not in words


def test_a_url_in_the_file_that_is_none_is_a_fault_of_the_file(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, SQL.format(place='url = "nosuchdriver://db"'))

    assert "expected a SQLAlchemy URL" in fault


def test_a_query_that_writes_is_a_fault(tmp_path: Path) -> None:
    text = SQL.format(place='url = "sqlite:///x.db"').replace("SELECT 1", "DELETE FROM rmworder")

    (fault,) = faults(tmp_path, text)

    assert "tables.lock_changes.query" in fault


def test_no_enabled_mapping_at_all_is_a_fault(tmp_path: Path) -> None:
    assert faults(tmp_path) == [
        "sources: expected a mapping file with enabled = true; there is none"
    ]
