"""What is said of a trained order: tags and numbers for the registry, sentences, and its card."""

from redflags.analysis.learning.model_comparison import Comparison, Difference
from redflags.analysis.learning.ranker import stream_of
from redflags.analysis.ordering.score_contributions import WORDS
from redflags.services.models.promotion import COMPARED, NO, PASSED, YES
from redflags.services.models.train_ranker import Trained

NOT_COMPARED = "too few outcomes to hold any out"
Fact = tuple[str, str]
"""What a row of the card is about, and what it says."""

_PURPOSE: tuple[Fact, ...] = (
    (
        "what",
        "a logistic model over the recency-weighted surprise of each stream, no "
        "coefficient negative, pulled towards the weights of the rule set",
    ),
    (
        "used for",
        "the order in which people look, when a person has made it champion; "
        "never which rule speaks, and never a decision",
    ),
)
_KEEPING: tuple[Fact, ...] = (
    (
        "holds",
        "coefficients, an intercept, two numbers of the calibration and feature names; "
        "no row, no reference",
    ),
    (
        "kept in",
        "MLflow's registry under this name; aliases `champion`, `challenger`, "
        "`shadow`; saved with skops, its SHA-256 checked at each load",
    ),
)
_LIMITS: tuple[Fact, ...] = (
    ("protected characteristics", "none are features, nor anything derived from them"),
    (
        "not known",
        "what is never looked at: outcomes come from the top of an order and from a "
        "small sample below the line",
    ),
    (
        "when it fails",
        "another version's features, a damaged file or an absent registry: the "
        "night goes on with the last good copy or in the order that was not learned, says so, "
        "and ends with exit 3",
    ),
)


def tags(trained: Trained, ruleset_hash: str, signals_hash: str) -> dict[str, str]:
    """What stands on the version: hashes, counts, dates and the comparison."""
    comparison = trained.comparison
    found = {
        "ruleset_hash": ruleset_hash,
        "signals_hash": signals_hash,
        "outcomes": str(trained.outcomes),
        "first_night": trained.first_night.isoformat(),
        "last_night": trained.last_night.isoformat(),
    }
    if comparison is None:
        return found
    passed = YES if comparison.is_passing else NO
    return found | {COMPARED: in_words(comparison), PASSED: passed}


def metrics(trained: Trained) -> dict[str, float]:
    """Numbers of the run."""
    found = {"calibration_error": trained.calibration_error}
    named = (("learned", trained.comparison), ("boosting", trained.challenger))
    for name, comparison in named:
        if comparison is None:
            continue
        found[f"{name}_average_precision"] = comparison.learned
        found["order_average_precision"] = comparison.ours
        parts = {
            "average_precision": comparison.average_precision,
            "at_capacity": comparison.at_capacity,
        }
        for measure, difference in parts.items():
            found[f"{name}_{measure}_difference"] = difference.value
            found[f"{name}_{measure}_low"] = difference.low
            found[f"{name}_{measure}_high"] = difference.high
    return found


def params(trained: Trained) -> dict[str, str | int | float]:
    return {
        "outcomes": trained.outcomes,
        "needs": trained.needs,
        "below_line": trained.below_line,
        "pull": trained.model.pull_,
        "folds": trained.model.folds,
    }


def in_words(comparison: Comparison) -> str:
    """The comparison in one sentence."""
    return (
        f"average precision on {comparison.outcomes} held-out outcomes {comparison.learned:.3f}, "
        f"the order there is {comparison.ours:.3f}; difference "
        f"{_interval(comparison.average_precision)}; "
        f"at capacity {_interval(comparison.at_capacity)}"
    )


def _interval(difference: Difference) -> str:
    return f"{difference.value:+.3f} ({difference.low:+.3f} to {difference.high:+.3f})"


def lines(trained: Trained) -> list[str]:
    """What `redflags model train` prints."""
    return [
        f"learned from {trained.outcomes} outcomes ({trained.needs} with a need, "
        f"{trained.below_line} from below the line), nights {trained.first_night} to "
        f"{trained.last_night}",
        *_compared("the learned order", trained.comparison),
        *_compared("gradient boosting, beside it", trained.challenger),
    ]


def _compared(what: str, comparison: Comparison | None) -> list[str]:
    if comparison is None:
        return [f"{what}: {NOT_COMPARED}"]
    verdict = "better than chance explains" if comparison.is_passing else "not shown to be better"
    return [f"{what}: {in_words(comparison)}: {verdict}"]


def card(name: str, trained: Trained, ruleset_hash: str, measured_on: str) -> str:
    """The model card as Markdown; aggregates only."""
    facts = [
        *_PURPOSE,
        *_source(trained, ruleset_hash, measured_on),
        *_measured(trained),
        *_KEEPING,
        *_LIMITS,
    ]
    told = "\n".join(f"| {what} | {words} |" for what, words in facts)
    weighed = "\n".join(f"| {sign} | {points:.2f} |" for sign, points in _weights(trained))
    return (
        f"# {name}\n\n| | |\n|---|---|\n{told}\n\n"
        f"| sign | points per power of ten |\n|---|---|\n{weighed}\n"
    )


def _source(trained: Trained, ruleset_hash: str, measured_on: str) -> tuple[Fact, ...]:
    return (
        (
            "learned from",
            f"{trained.outcomes} outcomes of {measured_on}, {trained.needs} with a "
            f"need, {trained.below_line} from the sample below the line; nights "
            f"{trained.first_night} to {trained.last_night}; rule set {ruleset_hash}",
        ),
        (
            "unknown outcomes",
            "could not reach and wrong data are left out; where nobody spoke to "
            "the household an outcome counts for part of one",
        ),
    )


def _measured(trained: Trained) -> tuple[Fact, ...]:
    return (
        ("pull", f"{trained.model.pull_:g}, chosen by cross-validation over households"),
        ("held out", "; ".join(_compared("learned", trained.comparison))),
        ("challenger", "; ".join(_compared("gradient boosting", trained.challenger))),
        ("calibration", f"mean gap between chance and outcome {trained.calibration_error:.3f}"),
    )


def _weights(trained: Trained) -> list[tuple[str, float]]:
    """Each sign in words with its points, the heaviest first."""
    pairs = zip(trained.model.feature_names_in_, trained.model.coef_, strict=True)
    heaviest_first = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
    return [(WORDS[stream_of(str(name))], float(points)) for name, points in heaviest_first]
