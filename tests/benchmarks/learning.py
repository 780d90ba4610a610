"""What 500 reviewed outcomes teach: a ranker learned on some landlords, tried on others.

    PYTHONPATH=tests python -m benchmarks.learning [--quick] [--card models/redflags-ranker.md]

Outcomes are what a year of fortnightly nights would have brought: the top of the order, each
household once a quiet period, and a few drawn below the line; all reviewed rightly, which no
landlord's are. Landlords learned on (seeds 1–4) are never those reported on (seeds 11–16). Twice:
with the weights of the rule set, and for a landlord whose weights are all alike, to see whether
outcomes mend an order that is wrong.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import average_precision_score

from redflags.analysis.learning.model_comparison import compare, held_out
from redflags.analysis.learning.outcome_labels import (
    BelowLineFinding,
    SamplingDesign,
    weight_below_line,
)
from redflags.analysis.learning.ranker import Outcomes, RankerModel, feature_matrix
from redflags.configuration.ruleset import RuleSet
from redflags.domain.quality_verdicts import BelowLineVerdict
from redflags.services.models.model_choice import RANKER
from redflags.services.models.ranker_card import card
from redflags.services.models.train_ranker import (
    RANDOM_STATE,
    Trained,
    new_model,
    prior_of,
    sampling_design_of,
    train,
)
from redflags.simulation import CHARACTERS, records_of, simulated_history, write_landlord
from yardstick.landlord import AS_OF, YEARS, _Ours
from yardstick.measures import active_on
from yardstick.posterior import posterior_tonight

Floats = npt.NDArray[np.float64]
OUTCOMES, RAISED, DRAWN = 500, 18, 3
NIGHTS, EVERY = 26, timedelta(days=14)
CAPACITY = 10
ALIKE, CONFIGURED = "weights all alike", "weights of the rule set"
LEARN = (("city", 20_000, 1), ("district", 20_000, 2), ("city", 20_000, 4))
REPORT = (
    ("city", 20_000, 11),
    ("district", 10_000, 12),
    ("association", 20_000, 13),
    ("association", 20_000, 14),
    ("district", 20_000, 15),
    ("city", 20_000, 16),
)
QUICK = (("city", 3_000, 1),), (("district", 3_000, 12),)


@dataclass(frozen=True)
class Night:
    """Everybody on one night: features, the order there is, and the truth."""

    as_of: date
    x: pd.DataFrame
    score: Floats
    household: npt.NDArray[np.int64]
    active: npt.NDArray[np.bool_]


def nights_of(
    kind: str, homes: int, seed: int, back: Sequence[int]
) -> Iterator[tuple[Night, Floats]]:
    """One landlord on some nights; with the posterior of the last, in the order of its rows."""
    history = simulated_history(homes, YEARS, seed, AS_OF, CHARACTERS[kind])
    landlord = records_of(history)
    best = posterior_tonight(history, landlord)
    chance = np.zeros(len(history.households))
    chance[best.household] = best.last
    with tempfile.TemporaryDirectory() as folder:
        write_landlord(landlord, Path(folder) / "extracts")
        with _Ours(Path(folder), history) as ours:
            for number in back:
                day = AS_OF - number * EVERY
                found = ours.detection(day)
                place = ours.households(found)
                people = place >= 0
                x = feature_matrix(found.measurements, ours.program.ruleset.ranking)[people]
                active = active_on(history, history.span.days - (AS_OF - day).days)
                household = place[people]
                yield (
                    Night(
                        day,
                        x.reset_index(drop=True),
                        found.score[people],
                        household,
                        active[household],
                    ),
                    chance[household],
                )


def reviewed(nights: Sequence[Night], prior: Floats, reach: SamplingDesign, seed: int) -> Outcomes:
    """The last `OUTCOMES` that reviewing these nights would have given, in `prior`'s order."""
    draw = np.random.default_rng(seed)
    last_raised: dict[int, date] = {}
    parts: list[Outcomes] = []
    for night in nights:
        order = np.argsort(-(night.x.to_numpy() @ prior), kind="stable")
        rested = night.as_of - timedelta(days=reach.quiet_days)
        free = [n for n in order if last_raised.get(int(night.household[n]), date.min) <= rested]
        below = draw.choice(free[RAISED : RAISED + reach.depth], DRAWN, replace=False)
        last_raised |= {int(night.household[n]): night.as_of for n in free[:RAISED]}
        rows = np.array([*free[:RAISED], *below])
        parts.append(_known(night, rows, prior))
    return _weighed(parts, reach)


def _known(night: Night, rows: npt.NDArray[np.int64], prior: Floats) -> Outcomes:
    x = night.x.iloc[rows]
    return Outcomes(
        x=x,
        has_need=night.active[rows],
        weight=np.ones(len(rows)),
        household=night.household[rows].astype(str),
        night=np.full(len(rows), night.as_of, dtype="datetime64[D]"),
        order=x.to_numpy() @ prior,
        is_below_line=np.arange(len(rows)) >= RAISED,
    )


def _weighed(parts: Sequence[Outcomes], reach: SamplingDesign) -> Outcomes:
    whole = Outcomes(
        x=pd.concat([part.x for part in parts], ignore_index=True),
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ("has_need", "weight", "household", "night", "order", "is_below_line")
        },
    )
    looked_at = [
        BelowLineFinding(household, night.item(), BelowLineVerdict.RAISE)
        for household, night in zip(
            whole.household[whole.is_below_line], whole.night[whole.is_below_line], strict=True
        )
    ]
    weight = np.where(whole.is_below_line, weight_below_line(looked_at, reach), 1.0)
    return replace(whole, weight=weight).where(np.arange(len(whole))[-OUTCOMES:])


def learned_on(nights: Sequence[Night], prior: Floats, ruleset: RuleSet, seed: int) -> RankerModel:
    """Fit on what was reviewed, and say what the comparison made of it."""
    known = reviewed(nights, prior, sampling_design_of(ruleset), seed)
    prior_weights = tuple(float(weight) for weight in prior)
    blocks = held_out(
        known, lambda past, now: new_model(prior_weights).fit(past).score(now.x), CAPACITY
    )
    found = compare(blocks, RANDOM_STATE)
    model = new_model(prior_weights).fit(known)
    if found is not None:
        gap = found.average_precision
        print(
            f"  seed {seed}: {len(known)} outcomes, {known.has_need.mean():.0%} with a need; pull "
            f"{model.pull_:g}; held out {gap.value:+.3f} ({gap.low:+.3f} to {gap.high:+.3f}): "
            f"{'passes' if found.is_passing else 'does not pass'}"
        )
    return model


def _write_card(
    path: Path, nights: Sequence[Night], prior: Floats, ruleset: RuleSet, landlord: str
) -> None:
    trained = train(reviewed(nights, prior, sampling_design_of(ruleset), seed=0), ruleset)
    if isinstance(trained, Trained):
        where = f"a synthetic {landlord}"
        path.write_text(card(RANKER, trained, ruleset.hash, where), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two small landlords")
    parser.add_argument("--card", type=Path, help="write the card of the first landlord's order")
    wanted = parser.parse_args()
    learn, report = QUICK if wanted.quick else (LEARN, REPORT)
    from redflags.bootstrap import Program
    from redflags.settings import Settings

    ruleset = Program(Settings()).ruleset
    configured = np.array(prior_of(ruleset))
    priors = {CONFIGURED: configured, ALIKE: np.ones_like(configured)}
    models: dict[str, list[RankerModel]] = {name: [] for name in priors}
    for kind, homes, seed in learn:
        nights = [night for night, _ in nights_of(kind, homes, seed, range(NIGHTS, 0, -1))]
        if wanted.card is not None and (kind, homes, seed) == learn[0]:
            _write_card(wanted.card, nights, configured, ruleset, f"{kind} of {homes:,} homes")
        for name, prior in priors.items():
            print(f"{kind} {homes} seed {seed}, {name}")
            models[name] += [learned_on(nights, prior, ruleset, seed=draw) for draw in (0, 1)]
    print("\n| landlord | order | not learned | learned (mean of all) | posterior | of posterior |")
    print("|---|---|---|---|---|---|")
    for kind, homes, seed in report:
        ((night, best),) = nights_of(kind, homes, seed, [0])
        most = average_precision_score(night.active, best)
        for name, prior in priors.items():
            plain = average_precision_score(night.active, night.x.to_numpy() @ prior)
            each = [average_precision_score(night.active, m.score(night.x)) for m in models[name]]
            print(
                f"| {kind} {homes} seed {seed} | {name} | {plain:.3f} | {np.mean(each):.3f} | "
                f"{most:.3f} | {plain / most:.2f} → {np.mean(each) / most:.2f} |"
            )


if __name__ == "__main__":
    main()
