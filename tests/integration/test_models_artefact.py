"""What is read from a model's file: what was registered, of types agreed on, and able to score."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from builders.registered_models import FEATURES, FITTED, model
from redflags.adapters.models.local_copies import Pointer
from redflags.adapters.models.model_file import hash_of_features, read_model, sha256_of
from redflags.analysis.ordering.outliers import OutlierModel
from redflags.errors import ModelUnavailable


def pointer_to(path: Path, features: tuple[str, ...] = FEATURES) -> Pointer:
    """As the registry would have it for the file that is at `path` now."""
    return Pointer("1", sha256_of(path), hash_of_features(features), FITTED)


def test_a_type_that_was_not_agreed_on_is_not_loaded(tmp_path: Path) -> None:
    from skops.io import dump

    dump({"innocent": partial(print, "never")}, tmp_path / "odd.skops")
    with pytest.raises(ModelUnavailable, match="not trusted"):
        read_model(tmp_path / "odd.skops", pointer_to(tmp_path / "odd.skops"))


def without_detector() -> OutlierModel:
    broken = model()
    del broken.detector_
    return broken


def that_gives_no_number() -> OutlierModel:
    broken = model()
    broken.quantiles_ = np.full_like(broken.quantiles_, np.nan)
    return broken


@pytest.mark.parametrize("broken", [without_detector, that_gives_no_number])
def test_a_model_that_does_not_score_is_not_used(
    broken: Callable[[], OutlierModel], tmp_path: Path
) -> None:
    from skops.io import dump

    dump(broken(), tmp_path / "model.skops")
    with pytest.raises(ModelUnavailable, match="does not score"):
        read_model(tmp_path / "model.skops", pointer_to(tmp_path / "model.skops"))


def test_a_model_is_asked_for_its_features_rather_than_the_registry(tmp_path: Path) -> None:
    from skops.io import dump

    dump(model(features=FEATURES[::-1]), tmp_path / "model.skops")
    with pytest.raises(ModelUnavailable, match="other features"):
        read_model(tmp_path / "model.skops", pointer_to(tmp_path / "model.skops"))
