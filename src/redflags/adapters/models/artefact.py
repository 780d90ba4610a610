"""A model as a file: skops, which holds data and names of types, and never runs what it reads."""

import hashlib
from pathlib import Path

from redflags.analysis.learning import RankerModel
from redflags.analysis.outliers import OutlierModel
from redflags.errors import ModelUnavailable

Model = OutlierModel | RankerModel
FILE_NAME = "model.skops"
TRUSTED_TYPES = (
    "pyod.models.iforest.IForest",
    "redflags.analysis.learning.RankerModel",
    "redflags.analysis.outliers.OutlierModel",
    "sklearn.tree._tree.Tree",
)
"""What our models are made of, beyond what skops trusts by itself; nothing else is loaded."""


def sha256_of(path: Path) -> str:
    """Hash of the whole file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_of_features(features: tuple[str, ...]) -> str:
    """One hash for the names of the columns in their order."""
    return hashlib.sha256("\n".join(features).encode()).hexdigest()


def verify(path: Path, sha256: str) -> None:
    """Raises ModelUnavailable when `path` is not the file that was registered."""
    if not path.is_file():
        raise ModelUnavailable("its file is not there")
    if sha256_of(path) != sha256:
        raise ModelUnavailable("its file is not the one that was registered (sha256 differs)")


def read_model(path: Path, sha256: str) -> Model:
    """The model in `path`. Raises ModelUnavailable when it is not whole or not of trusted types."""
    verify(path, sha256)
    from skops.io import load

    try:
        model = load(path, trusted=list(TRUSTED_TYPES))
    except Exception as error:
        raise ModelUnavailable(f"its file cannot be read ({type(error).__name__})") from None
    if not isinstance(model, Model):
        raise ModelUnavailable(f"its file holds a {type(model).__name__}")
    return model
