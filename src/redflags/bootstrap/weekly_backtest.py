"""The backtest that nobody has to ask for: the live rule set beside those on their way to it."""

import shutil
from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.bootstrap.backtest import Wanted, run_backtest
from redflags.configuration.ruleset import RuleSet, ruleset_of_text
from redflags.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from redflags.bootstrap.program import Program
    from redflags.domain.known_ruleset import KnownRuleset

LIVE = "live"
FOLDER = "backtests"


def run_usual_backtest(
    program: "Program", first: date, last: date, asked: Collection[str] = ()
) -> list[str]:
    """Replay weekly nights from `first` to `last`; what there is to say, in counts alone.

    The folder ``backtests`` under home has the latest; what it was is in MLflow.

    Args:
        asked: hashes or versions of rule sets on record that stand beside the live one; those that
            are proposed, approved or in the shadow when none is asked for.

    Raises:
        ConfigurationError: every fault of the live configuration at once.
        UsageError: no such rule set, no records, or `last` comes before `first`.
    """
    from redflags.services.thresholds.backtest_report import lines

    program.check_configuration()
    beside, unusable = _usable(_chosen(program, asked))
    output = program.settings.home / FOLDER
    wanted = Wanted(first, last, output, [(LIVE, program.ruleset), *beside])
    told = lines(run_backtest(program, wanted))
    shutil.rmtree(output / ".replay")  # was for going on after a kill
    return [*unusable, *told]


def _chosen(program: "Program", asked: Collection[str]) -> "list[KnownRuleset]":
    """Rule sets on record that are not the live one, in their order there."""
    from redflags.adapters.store.ruleset_register import known_rulesets

    with program.queue_store() as store, store.reading() as connection:
        known = known_rulesets(connection)
    unknown = set(asked) - {name for one in known for name in (one.ruleset_hash, one.version)}
    if unknown:
        raise UsageError(
            f"expected hashes or versions of rule sets on record, and {len(unknown)} of "
            f"{len(asked)} are none; see redflags ruleset list"
        )
    wanted = (one for one in known if one.ruleset_hash != program.ruleset.hash)
    return [one for one in wanted if _is_wanted(one, asked)]


def _is_wanted(one: "KnownRuleset", asked: Collection[str]) -> bool:
    if asked:
        return one.ruleset_hash in asked or one.version in asked
    return one.is_shadow or one.standing in {"proposed", "backtested", "approved"}


def _usable(chosen: "list[KnownRuleset]") -> tuple[list[tuple[str, RuleSet]], list[str]]:
    """By name, and a line for each that this program cannot read any more."""
    named: list[tuple[str, RuleSet]] = []
    unusable: list[str] = []
    for one in chosen:
        name = f"ruleset-{one.ruleset_hash}"
        try:
            named.append((name, ruleset_of_text(name, one.content, COUNTED_SIGNALS)))
        except ConfigurationError as error:
            faults = len(error.faults)
            unusable.append(f"{name} is left out: this program finds {faults} faults in it")
    return named, unusable
