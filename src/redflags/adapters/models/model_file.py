"""A model as a file: skops, which holds data and names of types, and never runs what it reads."""

import hashlib
import io
import json
import zipfile
from math import isfinite
from pathlib import Path

import numpy as np
import pandas as pd

from redflags.adapters.models.local_copies import Pointer
from redflags.analysis.learning.model_versions import Model
from redflags.analysis.ordering.outliers import OutlierModel
from redflags.errors import ModelUnavailable

FILE_NAME = "model.skops"
_SCHEMA = "schema.json"
TRUSTED_TYPES = (
    "pyod.models.iforest.IForest",
    "redflags.analysis.learning.ranker.RankerModel",
    "redflags.analysis.ordering.outliers.OutlierModel",
    "sklearn.tree._tree.Tree",
)
"""What our models are made of, beyond what skops trusts by itself; nothing else is loaded."""


FORMER_MODULES = {
    "redflags.analysis.learning": "redflags.analysis.learning.ranker",
    "redflags.analysis.outliers": "redflags.analysis.ordering.outliers",
}
"""Where the types of models registered by earlier versions are now."""


def sha256_of(path: Path) -> str:
    """Hash of the whole file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_of_features(features: tuple[str, ...]) -> str:
    """One hash for the names of the columns in their order."""
    return hashlib.sha256("\n".join(features).encode()).hexdigest()


def verify(path: Path, sha256: str) -> None:
    """Raises ModelUnavailable when `path` is not the file that was registered."""
    try:
        if sha256_of(path) == sha256:
            return
    except FileNotFoundError:
        raise ModelUnavailable("its file is not there") from None
    except OSError as error:
        raise ModelUnavailable(f"its file cannot be opened ({type(error).__name__})") from None
    raise ModelUnavailable("its file is damaged or was replaced (its sha256 differs)")


def read_model(path: Path, pointer: Pointer) -> Model:
    """The model in `path`, tried out once.

    Raises:
        ModelUnavailable: it is not the file that was registered, is of types that are not trusted,
            was fitted on other features than the registry says, or does not score.
    """
    verify(path, pointer.sha256)
    model = _loaded(path)
    try:
        fits = hash_of_features(model.feature_names_in_) == pointer.features_sha256
        score = _score_of_a_quiet_home(model)
    except Exception as error:
        raise ModelUnavailable(f"its model does not score ({type(error).__name__})") from None
    if not fits:
        raise ModelUnavailable("its model was fitted on other features than the registry says")
    if not isfinite(score):
        raise ModelUnavailable("its model does not score (no number came)")
    return model


def _loaded(path: Path) -> Model:
    from skops.io import loads
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        model = loads(_with_types_of_today(path.read_bytes()), trusted=list(TRUSTED_TYPES))
    except UntrustedTypesFoundException:
        raise ModelUnavailable(
            "its file holds types that are not trusted, and nothing of it was run"
        ) from None
    except Exception as error:
        raise ModelUnavailable(
            f"its file cannot be read as a model ({type(error).__name__})"
        ) from None
    if not isinstance(model, Model):
        raise ModelUnavailable("its file holds something else than a model")
    return model


def _with_types_of_today(content: bytes) -> bytes:
    """The same model, with the names of types that have moved since it was registered mended."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        schema = json.loads(archive.read(_SCHEMA), object_hook=_moved)
        mended = io.BytesIO()
        with zipfile.ZipFile(mended, "w") as copy:
            for name in archive.namelist():
                kept = json.dumps(schema).encode() if name == _SCHEMA else archive.read(name)
                copy.writestr(name, kept)
    return mended.getvalue()


def _moved(part: dict[str, object]) -> dict[str, object]:
    module = part.get("__module__")
    if isinstance(module, str) and module in FORMER_MODULES:
        return part | {"__module__": FORMER_MODULES[module]}
    return part


def _score_of_a_quiet_home(model: Model) -> float:
    features = list(model.feature_names_in_)
    quiet = pd.DataFrame(np.zeros((1, len(features))), columns=features)
    (score,) = model.surprise(quiet) if isinstance(model, OutlierModel) else model.score(quiet)
    return float(score)
