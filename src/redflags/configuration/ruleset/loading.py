"""Rule sets from files and texts; their faults are reported all at once."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from redflags.configuration.ruleset.rule_set import RuleSet
from redflags.configuration.thresholds import faults_of, parse_toml, read_toml
from redflags.errors import ConfigurationError


def load_ruleset(path: Path, signals: tuple[str, ...]) -> RuleSet:
    """Read a rule set.

    Args:
        path: the TOML file.
        signals: names a rule or a weight may use.

    Raises:
        ConfigurationError: every fault of the file, each with its key.
    """
    return _validated(path, read_toml(path), signals)


def ruleset_of_text(name: str, text: str, signals: tuple[str, ...]) -> RuleSet:
    """Like `load_ruleset`, for a rule set that is kept elsewhere; faults are told of `name`."""
    return _validated(Path(name), parse_toml(name, text), signals)


def _validated(path: Path, content: dict[str, Any], signals: tuple[str, ...]) -> RuleSet:
    try:
        return RuleSet.model_validate(content, context={"signals": signals})
    except ValidationError as error:
        raise ConfigurationError(faults_of(path, error)) from None


def load_usable_ruleset(path: Path, signals: tuple[str, ...]) -> tuple[RuleSet, tuple[str, ...]]:
    """Read a rule set for a replay: a rule that is wrong is set aside and named, not fatal.

    Returns:
        The rule set without the wrong rules, and each fault.

    Raises:
        ConfigurationError: something else than a rule is wrong, or no rule is left.
    """
    content = read_toml(path)
    set_aside: list[str] = []
    while True:
        try:
            ruleset = RuleSet.model_validate(content, context={"signals": signals})
        except ValidationError as error:
            wrong = {str(f["loc"][1]) for f in error.errors() if _is_of_a_rule(f["loc"])}
            faults = faults_of(path, error)
            if not wrong or len(wrong) == len(content["rules"]):
                raise ConfigurationError(faults) from None
            set_aside += [fault for fault in faults if fault.startswith(f"{path.name}: rules.")]
            content["rules"] = {k: v for k, v in content["rules"].items() if k not in wrong}
        else:
            return ruleset, tuple(set_aside)


def _is_of_a_rule(place: tuple[int | str, ...]) -> bool:
    return len(place) > 1 and place[0] == "rules"
