"""Learning from outcomes, wired: from closed alerts to a registered challenger."""

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redflags.bootstrap.program import Program
    from redflags.services.models.train_ranker import TooFew, Trained


def run_training(program: "Program", as_of: date) -> list[str]:
    """Train on what is known up to `as_of` and register; what there is to say of it.

    Raises:
        ConfigurationError: every fault of settings and configuration at once.
        ModelUnavailable: the registry did not take it.
    """
    from redflags.services.models.train_ranker import TooFew

    program.check_configuration()
    trained = _trained(program, as_of)
    if isinstance(trained, TooFew):
        return [str(trained)]
    return _registered(program, trained, as_of)


def _trained(program: "Program", as_of: date) -> "Trained | TooFew":
    from redflags.adapters.records import CANARY_PATCH
    from redflags.adapters.store.known_outcomes import closed_cases, looked_at_below_line
    from redflags.analysis.learning.outcome_labels import known_outcomes
    from redflags.services.models import train_ranker

    with program.queue_store() as queue:
        with queue.reading() as connection:
            cases = closed_cases(connection, as_of)
            looked_at = looked_at_below_line(connection, as_of)
        known = known_outcomes(cases, looked_at, train_ranker.sampling_design_of(program.ruleset))
        fewest = train_ranker.settings_of(program.ruleset).fewest_outcomes.value
        if len(known) < fewest:
            return train_ranker.TooFew(len(known), sum(one.has_need for one in known), fewest)
        with program.record_store() as records:
            outcomes = train_ranker.gather(
                records, program.ruleset, known, queue.confirmed, CANARY_PATCH
            )
    return train_ranker.train(outcomes, program.ruleset)


def _registered(program: "Program", trained: "Trained", as_of: date) -> list[str]:
    from redflags.adapters.models import Told
    from redflags.services.models import ranker_card
    from redflags.services.models.model_choice import RANKER
    from redflags.services.models.promotion import CHALLENGER

    ruleset_hash = program.ruleset.hash
    told = Told(
        ranker_card.params(trained),
        ranker_card.metrics(trained),
        ranker_card.card(RANKER, trained, ruleset_hash, "this landlord"),
    )
    tags = ranker_card.tags(trained, ruleset_hash, program.signal_set.hash)
    made = program.registry.register(trained.model, RANKER, tags, as_of, told)
    program.registry.promote(RANKER, made.version, CHALLENGER)
    return [*ranker_card.lines(trained), f"registered {RANKER} {made.version} as {CHALLENGER}"]
