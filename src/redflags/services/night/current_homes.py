"""Who lives where tonight, for the queue's directory: every current household but the canary."""

from collections.abc import Collection

from redflags.analysis.ordering.detection import Detection
from redflags.domain.alert import Routing
from redflags.domain.property_reference import Home


def current_homes(
    detection: Detection, canary_patch: str, protected: Collection[str], everybody: bool
) -> list[Home]:
    """One `Home` a household of the night.

    Args:
        detection: the scored night.
        canary_patch: the area of the household that is none.
        protected: households that are the specialist's alone.
        everybody: true when nobody knows who is protected, so that all of them are.
    """
    homes = detection.households
    columns = (homes[name].tolist() for name in ("household_ref", "property_ref"))
    patches = homes["patch"].fillna("").tolist()
    # looked up once: a hundred thousand looks at an enum are a quarter of a second
    theirs, general = Routing.SPECIALIST, Routing.SPECIALIST if everybody else Routing.GENERAL
    return [
        Home(ref, property_ref, patch, theirs if ref in protected else general)
        for ref, property_ref, patch in zip(*columns, patches, strict=True)
        if patch != canary_patch
    ]
