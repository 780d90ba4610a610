"""Every notebook runs to its end on a landlord whose truth nobody knows, and names nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.notebooks import NOTEBOOKS, Ran, assert_names_nobody, run
from builders.own_landlord import AS_OF, an_own_landlord

pytestmark = pytest.mark.slow
SAID_OF_ONES_OWN = {
    "01": "did not come: ",
    "02": "nobody knows who was missed",
    "03": "No episodes are known here",
    "04": "learned from ",
    "05": "nobody knows who was innocent",
}


@pytest.fixture(scope="module")
def own_landlord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("own")
    an_own_landlord(folder)
    yield folder


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def own(request: pytest.FixtureRequest, own_landlord: Path) -> Ran:
    """As an analyst runs it on the landlord's records, whose truth nobody knows."""
    settings = {
        "REDFLAGS_HOME": str(own_landlord / "home"),
        "REDFLAGS_EXTRACTS": str(own_landlord / "extracts"),
        "REDFLAGS_AS_OF": AS_OF.isoformat(),
    }
    return Ran(request.param.stem, run(request.param, settings), own_landlord / "extracts")


def test_it_shows_its_pictures_on_ones_own_landlord(own: Ran) -> None:
    assert "Your own landlord" in own.shown.text
    assert own.shown.pictures >= 2


def test_it_names_nobody_of_ones_own_landlord(own: Ran) -> None:
    assert_names_nobody(own)


def test_it_says_what_is_known_of_ones_own_landlord_and_what_nobody_knows(own: Ran) -> None:
    assert SAID_OF_ONES_OWN[own.name[:2]] in own.shown.text
