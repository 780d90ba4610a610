"""The outlier model fitted anew, wired: from the records as they are to a registered version."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from redflags.errors import ModelUnavailable, UsageError

if TYPE_CHECKING:
    from redflags.adapters.models import ModelRegistry
    from redflags.bootstrap.program import Program
    from redflags.services.models.refit_outliers import Refitted


@dataclass(frozen=True)
class Registered:
    """A new version that nobody has made champion yet, and the champion of before."""

    version: str
    former: str | None
    refitted: "Refitted"


def run_refit(program: "Program", as_of: date) -> Registered:
    """Fit on the households of `as_of` and register.

    Raises:
        ConfigurationError: every fault of settings and configuration at once.
        ModelUnavailable: the registry does not answer, lost what it had or did not take it.
        UsageError: there are no records, or too few households.
    """
    program.check_configuration()
    former = _champion(program.registry)
    refitted = _refitted(program, as_of)
    return Registered(_registered(program, refitted), former, refitted)


def _champion(registry: "ModelRegistry") -> str | None:
    """Asked first: nobody should wait for a model that cannot be kept."""
    from redflags.services.models.model_choice import OUTLIERS
    from redflags.services.models.promotion import CHAMPION

    known = registry.versions(OUTLIERS)
    if not known and registry.has_any(OUTLIERS):
        raise ModelUnavailable(
            f"expected the versions of {OUTLIERS} that nights have used, but the model registry "
            "knows none; restore it, or see docs/operator.md for what to do when it is lost"
        )
    return next((one.version for one in known if CHAMPION in one.aliases), None)


def _refitted(program: "Program", as_of: date) -> "Refitted":
    from redflags.adapters.records import CANARY_PATCH
    from redflags.services.models.refit_outliers import refit

    with program.record_store() as records, program.queue_store() as queue:
        if not any(records.totals().values()):
            raise UsageError("there are no records yet; run `redflags ingest` first")
        # or the hash that is kept would be of signals that the records were not classified with
        records.reclassify(program.ingest_policy(as_of), program.signal_set.hash)
        confirmed = queue.confirmed(as_of)
        return refit(records, program.ruleset, program.models(), confirmed, as_of, CANARY_PATCH)


def _registered(program: "Program", refitted: "Refitted") -> str:
    from redflags.adapters.models import Told
    from redflags.services.models import outlier_card
    from redflags.services.models.model_choice import OUTLIERS

    ruleset_hash = program.ruleset.hash
    tags = outlier_card.tags(refitted, ruleset_hash, program.signal_set.hash)
    told = Told(
        outlier_card.params(refitted),
        outlier_card.metrics(refitted),
        outlier_card.card(refitted, ruleset_hash),
    )
    made = program.registry.register(refitted.model, OUTLIERS, tags, refitted.as_of, told)
    return made.version
