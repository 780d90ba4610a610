"""The signal configuration: every fault at once, and a hash that means something."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from builders.signals import CONFIGURATION, a_configuration
from redflags.analysis.reading.classification import VOCABULARY
from redflags.configuration.signals import SignalSet, codes_named, load_signalset
from redflags.errors import ConfigurationError


def as_toml(content: dict[str, Any]) -> str:
    """TOML of plain nested dictionaries and lists, with inline tables."""

    def value(item: Any) -> str:
        if isinstance(item, dict):
            return "{" + ", ".join(f"{json.dumps(k)} = {value(v)}" for k, v in item.items()) + "}"
        if isinstance(item, list):
            return "[" + ", ".join(map(value, item)) + "]"
        return json.dumps(item)

    return "\n".join(f"{json.dumps(key)} = {value(item)}" for key, item in content.items())


def loaded(content: dict[str, Any], folder: Path) -> SignalSet:
    path = folder / "signals.toml"
    path.write_text(as_toml(content), encoding="utf-8")
    return load_signalset(path, VOCABULARY)


def faults_of(content: dict[str, Any], folder: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as refusal:
        loaded(content, folder)
    return refusal.value.faults


def with_phrase(**fields: Any) -> dict[str, Any]:
    return a_configuration(
        phrases=[{"name": "odd one", "any": ["kicked"], "tell": "force", **fields}]
    )


def with_code(**fields: Any) -> dict[str, Any]:
    entry = {"name": "odd one", "table": "repairs", "exact": ["1"], "signal": "lock_change"}
    return a_configuration(codes=[entry | fields])


def test_the_repositorys_own_configuration_has_no_fault() -> None:
    assert load_signalset(CONFIGURATION, VOCABULARY).version


def test_the_smallest_configuration_has_no_fault(tmp_path: Path) -> None:
    assert loaded(a_configuration(), tmp_path).version == "test"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (with_phrase(signal="lock_chnge"), "unknown signal 'lock_chnge'"),
        (with_phrase(tell="anger"), "unknown tell 'anger'"),
        (with_phrase(innocent_reason="weather"), "unknown innocent reason 'weather'"),
        (with_phrase(innocent_reason="storm"), "no section [innocent.storm]"),
        (with_phrase(tables=["repair"]), "unknown table 'repair'"),
        (with_phrase(any=["  "]), "empty phrase"),
        (with_phrase(any=["kick(ed)?"]), "not patterns"),
        (with_phrase(any=["Kicked"]), "lower-case"),
        (with_phrase(any=["@dor"]), "no group '@dor'"),
        (with_phrase(tell=""), "says nothing"),
        (with_phrase(nearby=["door"]), "nearby"),
        (with_phrase(within=21), "within"),
        (with_code(exact=[]), "names no code"),
        (with_code(exact=[" "]), "empty code"),
        (with_code(exact=["10..9"]), "a range is two numbers"),
        (with_code(column="sor"), "unknown column 'sor'"),
    ],
)
def test_a_fault_names_its_entry(content: dict[str, Any], said: str, tmp_path: Path) -> None:
    faults = faults_of(content, tmp_path)
    assert any(said in fault and "odd one" in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("section", "value", "said"),
    [
        ("innocent", {"weather": {"covers": ["all"]}}, "unknown innocent reason 'weather'"),
        ("innocent", {"storm": {"covers": ["roof"]}}, "unknown signal 'roof'"),
        ("silence", {"covers": ["all"], "loses_to": ["anger"]}, "unknown tell 'anger'"),
        ("tables", {"repair": {"always": "lock_change"}}, "unknown table 'repair'"),
        ("tables", {"asb": {"always": "noise"}}, "unknown signal 'noise'"),
        ("words", {"door": ["@gate"]}, "plain words only"),
        ("spellings", {"kicked": ["dr"]}, "'dr' is an abbreviation already"),
        ("spellings", {"kicked": ["kik"], "kick": ["kik"]}, "'kik' is 'kicked' already"),
        ("colour", "red", "colour"),
        ("version", "", "version"),
    ],
)
def test_a_fault_outside_the_entries_names_its_section(
    section: str, value: Any, said: str, tmp_path: Path
) -> None:
    faults = faults_of(a_configuration(**{section: value}), tmp_path)
    assert any(said in fault and section in fault for fault in faults), faults


def test_every_name_has_one_place_in_the_precedence(tmp_path: Path) -> None:
    content = a_configuration()
    content["precedence"]["tells"] = ["force", "force", "partner"]
    faults = " ".join(faults_of(content, tmp_path))
    assert "'force' is listed 2 times" in faults
    assert "'fear' is listed 0 times" in faults


def two_entries(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    common = {"table": "repairs", "signal": "lock_change"}
    return a_configuration(
        codes=[{"name": "one", **common, **first}, {"name": "two", **common, **second}]
    )


def test_the_same_code_in_two_entries_is_a_fault(tmp_path: Path) -> None:
    faults = faults_of(two_entries({"exact": ["1..5"]}, {"exact": ["3"]}), tmp_path)
    assert faults == (
        'signals.toml: codes "two": repairs code 3 is in "one" too; '
        "take it out of one, or give one a higher `precedence`",
    )


@pytest.mark.parametrize(
    "second",
    [
        {"exact": ["3"], "precedence": 1},
        {"prefixes": ["3"]},
        {"exact": ["6"]},
        {"exact": ["3"], "column": "trade_code"},
        {"exact": ["3"], "table": "asb"},
    ],
)
def test_a_code_may_be_in_two_entries_when_it_is_clear_which_speaks(
    second: dict[str, Any], tmp_path: Path
) -> None:
    assert loaded(two_entries({"exact": ["1..5"]}, second), tmp_path)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    content = with_phrase(signal="nonsense", any=["a*"], near=["@nobody"])
    content["innocent"]["weather"] = {"covers": ["all"]}
    content["codes"] = [{"name": "c", "table": "repairs", "tell": "anger", "colour": 1}]
    faults = " ".join(faults_of(content, tmp_path))
    for said in ("nonsense", "take out: *", "@nobody", "weather", "anger", "colour", "no code"):
        assert said in faults


def test_an_absent_or_unreadable_file_is_a_fault_of_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="REDFLAGS_CONFIG"):
        load_signalset(tmp_path / "nowhere.toml", VOCABULARY)
    (tmp_path / "broken.toml").write_text("version = ", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="not TOML"):
        load_signalset(tmp_path / "broken.toml", VOCABULARY)


def test_the_hash_is_the_same_whatever_the_layout(tmp_path: Path) -> None:
    content = a_configuration()
    turned = dict(reversed(list(deepcopy(content).items())))
    turned["phrases"][0]["any"].reverse()
    turned["phrases"][0]["why"] = "because"
    turned["version"] = "another day"
    assert loaded(content, tmp_path).hash == loaded(turned, tmp_path).hash


def _louder(content: dict[str, Any]) -> None:
    content["phrases"][0]["within"] = 9


def _stronger(content: dict[str, Any]) -> None:
    content["precedence"]["tells"].reverse()


def _spelled(content: dict[str, Any]) -> None:
    content["spellings"]["kicked"].append("kciked")


@pytest.mark.parametrize("change", [_louder, _stronger, _spelled])
def test_the_hash_changes_with_the_meaning(
    change: Callable[[dict[str, Any]], None], tmp_path: Path
) -> None:
    content = a_configuration()
    before = loaded(content, tmp_path).hash
    change(content)
    assert loaded(content, tmp_path).hash != before


def test_a_range_names_every_code_with_its_zeros() -> None:
    assert codes_named("0098..0101") == ("0098", "0099", "0100", "0101")
    assert codes_named("10\u201110") == ("10-10",)
