"""Every notebook runs to its end on the landlord it makes up, and names nobody."""

import pytest

from builders.notebooks import NOTEBOOKS, Ran, assert_names_nobody, run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def made_up(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """As somebody runs it who has set nothing."""
    extracts = tmp_path_factory.mktemp("made-up") / "extracts"
    return Ran(request.param.stem, run(request.param, {}, extracts), extracts)


def test_it_shows_its_pictures_on_a_made_up_landlord(made_up: Ran) -> None:
    assert "A made-up landlord" in made_up.shown.text
    assert made_up.shown.pictures >= 3


def test_it_names_nobody_of_the_made_up_landlord(made_up: Ran) -> None:
    assert_names_nobody(made_up)
