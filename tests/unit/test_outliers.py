"""A score that is a function of the household's own row, and a model that holds no rows."""

import pickle
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from redflags.analysis.ordering.outliers import GRID, OutlierModel, reference_sample

ROWS, FEATURES = 777, 6
"""Seven hundred and seventy-seven: a length nothing in a forest has by itself."""


def surprises(rows: int = ROWS, seed: int = 0) -> pd.DataFrame:
    values = np.random.default_rng(seed).exponential(0.4, (rows, FEATURES))
    return pd.DataFrame(values, columns=[f"stream{number}_180" for number in range(FEATURES)])


@pytest.fixture(scope="module")
def model() -> OutlierModel:
    return OutlierModel(random_state=5).fit(surprises())


def test_a_score_is_the_same_whoever_is_scored_with_it(model: OutlierModel) -> None:
    tonight = surprises(401, seed=1)
    whole = model.surprise(tonight)
    halves = np.concatenate([model.surprise(tonight[:200]), model.surprise(tonight[200:])])
    mixed = np.random.default_rng(2).permutation(401)
    np.testing.assert_array_equal(whole, halves)
    np.testing.assert_array_equal(whole[mixed], model.surprise(tonight.iloc[mixed]))
    np.testing.assert_array_equal(whole[:1], model.surprise(tonight[:1]))


def test_the_same_seed_gives_the_same_model(model: OutlierModel) -> None:
    again, other = (OutlierModel(random_state=seed).fit(surprises()) for seed in (5, 6))
    tonight = surprises(50, seed=1)
    np.testing.assert_array_equal(model.surprise(tonight), again.surprise(tonight))
    assert (model.surprise(tonight) != other.surprise(tonight)).any()


def test_a_model_that_was_kept_scores_as_before(model: OutlierModel) -> None:
    kept = pickle.loads(pickle.dumps(model))
    tonight = surprises(50, seed=1)
    np.testing.assert_array_equal(model.surprise(tonight), kept.surprise(tonight))


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.iloc[:, :-1],
        lambda frame: frame.iloc[:, ::-1],
        lambda frame: frame.rename(columns={"stream0_180": "stream9_180"}),
        lambda frame: frame.assign(more=0.0),
    ],
)
def test_other_features_are_refused(model: OutlierModel, change) -> None:
    with pytest.raises(ValueError, match="fit a new reference"):
        model.surprise(change(surprises(3)))


def test_the_share_of_the_reference_that_is_odder_is_what_is_told(model: OutlierModel) -> None:
    reference = surprises()
    raw = model.detector_.decision_function(reference.to_numpy())
    for position in np.argsort(raw)[[100, 388, 700]]:
        odder = (raw > raw[position]).mean()
        told = model.surprise(reference.iloc[[position]])[0]
        assert 10**-told == pytest.approx(odder, abs=2 / GRID)


def test_odder_rows_are_told_apart_beyond_the_reference(model: OutlierModel) -> None:
    reference = surprises()
    extreme = pd.DataFrame(
        [reference.max() * share for share in (0.5, 0.8, 1.01)], columns=reference.columns
    )
    raw = model.detector_.decision_function(extreme.to_numpy())
    told = model.surprise(extreme)
    assert raw[-1] > model.quantiles_[-1], "the example must lie beyond the reference"
    assert (np.argsort(raw) == np.argsort(told)).all()
    assert (np.diff(told) > 0).all()
    assert told[-1] > np.log10(ROWS)


def test_a_higher_raw_score_never_gets_a_lower_surprise(model: OutlierModel) -> None:
    tonight = pd.concat([surprises(300, seed=3), surprises(300, seed=4) * 5])
    order = np.argsort(model.detector_.decision_function(tonight.to_numpy()), kind="stable")
    assert (np.diff(model.surprise(tonight)[order]) >= 0).all()


def test_alike_references_give_finite_scores() -> None:
    alike = pd.DataFrame(np.zeros((60, 2)), columns=["a", "b"])
    told = (
        OutlierModel()
        .fit(alike)
        .surprise(pd.DataFrame([[0.0, 0.0], [9.0, 9.0]], columns=["a", "b"]))
    )
    assert np.isfinite(told).all()


# ---------------------------------------------------------------- what the artefact holds


def inside(
    thing: object, path: str = "model", seen: dict[int, object] | None = None
) -> Iterator[tuple]:
    """Everything that can be reached from `thing`, as the pickle would reach it."""
    seen = {} if seen is None else seen
    if id(thing) in seen or isinstance(thing, (type, str, bytes, int, float, bool, type(None))):
        return
    seen[id(thing)] = thing  # kept alive, so that no other thing gets its number
    yield path, thing
    if isinstance(thing, dict):
        parts = thing.items()
    elif isinstance(thing, (list, tuple, set, frozenset)):
        parts = enumerate(thing)
    elif isinstance(thing, np.ndarray):
        parts = enumerate(thing) if thing.dtype == object else ()
    elif hasattr(thing, "__getstate__"):
        parts = [("state", thing.__getstate__())]
    else:
        parts = ()
    for name, part in parts:
        yield from inside(part, f"{path}.{name}", seen)


def sizes(thing: object) -> dict[str, int]:
    return {
        path: max(part.shape) if isinstance(part, np.ndarray) and part.ndim else len(part)
        for path, part in inside(thing)
        if (isinstance(part, np.ndarray) and part.ndim) or isinstance(part, (list, tuple, dict))
    }


def test_a_kept_model_holds_nothing_as_long_as_the_reference(model: OutlierModel) -> None:
    found = sizes(model)
    assert any(path.endswith(".nodes") for path in found), "looked inside the trees"
    assert [path for path, size in found.items() if size >= ROWS] == []


def test_the_search_would_find_rows_that_were_kept(model: OutlierModel) -> None:
    leaky = pickle.loads(pickle.dumps(model))
    leaky.detector_.decision_scores_ = np.zeros(ROWS)
    assert [path for path, size in sizes(leaky).items() if size >= ROWS] != []


def test_a_kept_model_does_not_grow_with_the_reference(model: OutlierModel) -> None:
    larger = OutlierModel(random_state=5).fit(surprises(4 * ROWS))
    assert len(pickle.dumps(larger)) < 1.2 * len(pickle.dumps(model))


def test_no_whole_row_of_the_reference_is_in_the_pickle(model: OutlierModel) -> None:
    kept = pickle.dumps(model)
    rows = surprises().to_numpy()
    assert not any(
        row.tobytes() in kept or row.astype(np.float32).tobytes() in kept for row in rows
    )


# ---------------------------------------------------------------- the reference


def test_the_reference_is_drawn_from_the_eligible_in_their_order() -> None:
    matrix = surprises(100)
    eligible = np.arange(100) % 2 == 0
    drawn = reference_sample(matrix, eligible, rows=20, random_state=1)
    assert len(drawn) == 20
    assert list(drawn.index) == sorted(set(drawn.index))
    assert all(position % 2 == 0 for position in drawn.index)
    assert drawn.equals(reference_sample(matrix, eligible, rows=20, random_state=1))
    assert not drawn.equals(reference_sample(matrix, eligible, rows=20, random_state=2))


@pytest.mark.parametrize(("rows", "drawn"), [(49, 49), (50, 50), (51, 50)])
def test_no_more_are_drawn_than_there_are(rows: int, drawn: int) -> None:
    eligible = np.arange(100) < 50
    assert len(reference_sample(surprises(100), eligible, rows, random_state=1)) == drawn
