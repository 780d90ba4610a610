"""Which version holds which alias, and why: the reason stays beside the version.

The audit trail takes no free text, so that is where a reason is kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from redflags.adapters.models.champion_lookup import CHAMPION, RETIRED
from redflags.errors import ModelUnavailable

if TYPE_CHECKING:
    from mlflow import MlflowClient

WAS_CHAMPION = "was_champion"
"""Tag of a version that nights have worked with: one may go back to it."""


def give(client: "MlflowClient", name: str, version: str, alias: str, because: str) -> None:
    """`version` holds `alias` from here on. Raises ModelUnavailable for no such version."""
    with _told_as_unavailable(f"version {version} of {name} in the registry"):
        client.set_registered_model_alias(name, alias, version)
        if alias == CHAMPION:
            client.set_model_version_tag(name, version, WAS_CHAMPION, "yes")
            client.delete_registered_model_tag(name, RETIRED)
        if because:
            client.set_model_version_tag(name, version, f"{alias}_because", because)


def take_away(client: "MlflowClient", name: str, alias: str, because: str) -> None:
    """Nobody holds `alias` from here on. Raises ModelUnavailable when nobody did."""
    with _told_as_unavailable(f"a version of {name} that is {alias}"):
        held = client.get_model_version_by_alias(name, alias)
        client.set_model_version_tag(name, held.version, "retired_because", because)
        if alias == CHAMPION:
            client.set_registered_model_tag(name, RETIRED, "yes")
        client.delete_registered_model_alias(name, alias)


@contextmanager
def _told_as_unavailable(expected: str) -> Iterator[None]:
    from mlflow.exceptions import MlflowException

    try:
        yield
    except MlflowException as error:
        raise ModelUnavailable(
            f"expected {expected}, got {error.error_code}; "
            "look at the versions with `redflags model list`"
        ) from None
