"""Learned orders in a real registry: what the artefact holds, and who may make one champion."""

import json
import sys
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from builders.nights import ROOT
from builders.outcomes import EVEN, FEATURES, outcomes
from redflags.adapters import models
from redflags.adapters.models import ModelRegistry, Told
from redflags.adapters.models.model_file import FILE_NAME
from redflags.analysis.learning.model_comparison import Comparison, Difference
from redflags.analysis.learning.ranker import RankerModel
from redflags.errors import ModelUnavailable, UsageError
from redflags.services.models import promotion
from redflags.services.models.model_choice import RANKER
from redflags.services.models.promotion import CHAMPION, SHADOW, PromotionRequest, check
from redflags.services.models.ranker_card import card, lines, metrics, params, tags
from redflags.services.models.train_ranker import TooFew, Trained

FITTED = date(2026, 11, 20)
ROWS = 367


def a_trained(low: float = 0.01) -> Trained:
    comparison = Comparison(
        outcomes=300,
        needs=80,
        blocks=3,
        ours=0.6,
        learned=0.65,
        average_precision=Difference(0.05, low, 0.09),
        at_capacity=Difference(0.0, -0.02, 0.02),
    )
    known = outcomes(rows=ROWS)
    return Trained(
        model=RankerModel(EVEN, pulls=(300.0,)).fit(known),
        outcomes=ROWS,
        needs=int(known.has_need.sum()),
        below_line=0,
        first_night=date(2026, 1, 5),
        last_night=date(2026, 7, 6),
        calibration_error=0.02,
        comparison=comparison,
        challenger=None,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one registered order that passed its comparison; nobody promoted it."""
    home = tmp_path_factory.mktemp("ranker")
    trained = a_trained()
    told = Told(params(trained), metrics(trained), card(RANKER, trained, "abc", "a test"))
    ModelRegistry(home).register(trained.model, RANKER, tags(trained, "abc", "def"), FITTED, told)
    return home


def artefact(home: Path) -> Path:
    return next(home.rglob(FILE_NAME))


def test_a_registered_order_is_listed_with_its_comparison_and_no_alias(home: Path) -> None:
    (known,) = ModelRegistry(home).versions(RANKER)
    assert (known.version, known.aliases) == ("1", ())
    assert known.tags["comparison_passed"] == "yes"
    assert "+0.050 (+0.010 to +0.090)" in known.tags["comparison"]


def test_what_was_registered_is_not_used_until_it_is_champion(home: Path) -> None:
    registry = ModelRegistry(home)
    assert not registry.wants(RANKER)
    with pytest.raises(ModelUnavailable, match="no version"):
        registry.champion(RANKER, FEATURES)


def test_the_card_stands_beside_the_run(home: Path) -> None:
    written = next(home.rglob("card.md")).read_text(encoding="utf-8")
    assert written.startswith(f"# {RANKER}")
    assert "words of force, fear or a partner" in written


def test_the_card_in_the_project_is_one_that_the_code_writes() -> None:
    kept = (ROOT / "models" / f"{RANKER}.md").read_text(encoding="utf-8")

    def first_cells(text: str) -> list[str]:
        return sorted(line.split("|")[1].strip() for line in text.splitlines() if "|" in line)

    assert first_cells(kept) == first_cells(card(RANKER, a_trained(), "abc", "a test"))


def test_the_artefact_is_no_pickle_and_holds_no_row(home: Path) -> None:
    with ZipFile(artefact(home)) as archive:
        names = archive.namelist()
        arrays = [np.load(archive.open(name)) for name in names if name.endswith(".npy")]
        schema = archive.read("schema.json").decode()
    assert all(name.endswith((".npy", ".json")) for name in names)
    assert max(array.size for array in arrays) <= len(FEATURES)
    household = outcomes(rows=1).household[0]
    assert household not in schema
    assert json.loads(schema)["__class__"] == "RankerModel"


def test_a_champion_scores_as_the_model_that_was_registered(home: Path) -> None:
    registry = ModelRegistry(home)
    registry.promote(RANKER, "1")
    loaded = registry.champion(RANKER, FEATURES)
    fresh = outcomes(rows=20, seed=5).x
    assert isinstance(loaded.model, RankerModel)
    np.testing.assert_array_equal(loaded.model.score(fresh), a_trained().model.score(fresh))
    registry.take_away(RANKER, CHAMPION, "the test is over")
    assert not registry.wants(RANKER)


def wish(
    alias: str = CHAMPION, person: str = "Ann Lee", reason: str = "it passed"
) -> PromotionRequest:
    return PromotionRequest(RANKER, "1", alias, person, reason)


PASSING = tags(a_trained(low=0.001), "abc", "def")
NOT_PASSING = tags(a_trained(low=0.0), "abc", "def")


def test_a_person_a_reason_and_a_passing_comparison_are_enough() -> None:
    check(wish(), PASSING)


@pytest.mark.parametrize(
    ("asked", "known", "missing"),
    [
        (wish(person=" "), PASSING, "--by"),
        (wish(reason=" "), PASSING, "--reason"),
        (wish(), NOT_PASSING, "did not pass"),
        (wish(), {}, "no comparison"),
        (wish(), None, "no such version"),
        (wish(alias=SHADOW, person=""), PASSING, "--by"),
    ],
)
def test_what_is_missing_is_said(
    asked: PromotionRequest, known: dict[str, str] | None, missing: str
) -> None:
    with pytest.raises(UsageError, match=missing) as refused:
        check(asked, known)
    assert refused.value.exit_code == 2


def test_all_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(UsageError, match=r"--by.*--reason.*did not pass"):
        check(wish(person="", reason=""), NOT_PASSING)


def test_the_registry_marks_them_as_the_rule_reads_it() -> None:
    assert models.WAS_CHAMPION == promotion.WAS_CHAMPION


def test_a_shadow_needs_no_comparison() -> None:
    check(wish(alias=SHADOW), {})


def test_nights_may_go_back_to_what_they_have_worked_with() -> None:
    check(wish(), {"was_champion": "yes"})


def test_too_few_outcomes_are_said_in_numbers() -> None:
    assert "99 outcomes are known (20 with a need), and 100 are wanted" in str(TooFew(99, 20, 100))


def test_without_labels_held_out_nothing_is_called_better() -> None:
    assert "not shown to be better" in lines(a_trained(low=0.0))[1]
    assert "better than chance explains" in lines(a_trained(low=0.001))[1]


@pytest.mark.skipif(sys.platform != "linux", reason="the interpreter's modules are looked at")
def test_looking_for_a_learned_order_does_not_import_mlflow(home: Path) -> None:
    import subprocess

    script = (
        "import sys; from pathlib import Path; from redflags.adapters.models import ModelRegistry;"
        f"ModelRegistry(Path({str(home)!r})).wants({RANKER!r}); sys.exit('mlflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
