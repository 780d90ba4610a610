"""What is said of an outlier model that was fitted anew: tags, numbers, and its card."""

from redflags.services.models.model_choice import OUTLIERS
from redflags.services.models.refit_outliers import Refitted, changed

Fact = tuple[str, str]
"""What a row of the card is about, and what it says."""

_USE: tuple[Fact, ...] = (
    (
        "used for",
        "a small part of the order in which people look (`ranking.outlier_weight`), and to break "
        "ties; never a decision",
    ),
)
_KEEPING: tuple[Fact, ...] = (
    ("holds", "trees, quantiles of the sample's scores, feature names; no row, no reference"),
    (
        "kept in",
        "MLflow's registry under this name; alias `champion`; saved with skops, its SHA-256 "
        "checked at each load",
    ),
    (
        "score of a household",
        "a function of its own row: the same whoever else is in the batch",
    ),
)
_LIMITS: tuple[Fact, ...] = (
    ("not known", "whether it is better than the one before: there is no comparison with outcomes"),
    ("protected characteristics", "none are features, nor anything derived from them"),
    (
        "when it fails",
        "a damaged file or an absent registry: the night goes on with the last good copy or a "
        "reference of its own; a rule set with other features: the same, until somebody runs "
        "`redflags model refit`; it says so, and ends with exit 3",
    ),
)


def tags(refitted: Refitted, ruleset_hash: str, signals_hash: str) -> dict[str, str]:
    """What stands on the version: hashes, counts and dates."""
    return {
        "ruleset_hash": ruleset_hash,
        "signals_hash": signals_hash,
        "reference_households": str(refitted.model.reference_rows_),
        "households": str(refitted.households),
        "first_day": refitted.first_day.isoformat(),
        "last_day": refitted.as_of.isoformat(),
    }


def params(refitted: Refitted) -> dict[str, str | int | float]:
    model = refitted.model
    return {
        "reference_households": model.reference_rows_,
        "households": refitted.households,
        "features": len(model.feature_names_in_),
        "random_state": model.random_state,
        "compared_with": refitted.overlap.compared_with,
    }


def metrics(refitted: Refitted) -> dict[str, float]:
    return {"oddest": refitted.overlap.oddest, "oddest_stay": refitted.overlap.stay}


def card(refitted: Refitted, ruleset_hash: str) -> str:
    """The model card as Markdown; aggregates only."""
    facts = [*_made(refitted, ruleset_hash), *_USE, *_KEEPING, *_LIMITS]
    told = "\n".join(f"| {what} | {words} |" for what, words in facts)
    return f"# {OUTLIERS}\n\n| | |\n|---|---|\n{told}\n"


def _made(refitted: Refitted, ruleset_hash: str) -> tuple[Fact, ...]:
    model = refitted.model
    return (
        (
            "what",
            f"a PyOD isolation forest ({model.n_estimators} trees, at most {model.max_samples} "
            f"households each) over {len(model.feature_names_in_)} surprises",
        ),
        (
            "fitted on",
            f"a seeded sample of {model.reference_rows_} of {refitted.households} households, "
            f"confirmed ones left out; records from {refitted.first_day} to {refitted.as_of}; "
            f"rule set {ruleset_hash}",
        ),
        ("measured", changed(refitted)),
    )
