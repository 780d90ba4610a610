"""What Prefect keeps in clear (states, logs, parameters, results) holds no data of the landlord."""

import pickle
from base64 import b64decode
from pathlib import Path

import pytest
from flows.local import run_night
from flows.open_nights import StageFailed

from builders.flows import AS_OF, FakeNight, PrefectServer, opening
from redflags.errors import SourceRefused
from redflags.settings import Settings

PLANTED = "T-0099887766 kicked in"


def everything_in(home: Path) -> bytes:
    """Every byte under `home`; results are pickles in base64, and are decoded."""
    files = [path for path in sorted(home.rglob("*")) if path.is_file()]
    results = [b64decode(path.read_bytes()) for path in results_in(home)]
    return b"".join([*(path.read_bytes() for path in files), *results])


def results_in(home: Path) -> set[Path]:
    return {path for path in home.glob("storage/*") if path.is_file()}


def refused_because_of(value: str) -> SourceRefused:
    try:
        raise ValueError(f"cannot read {value}")
    except ValueError as cause:
        error = SourceRefused("expected the column raised_at")
        error.__cause__ = cause
        return error


def test_prefect_keeps_no_value_of_a_record(
    operators_server: PrefectServer, capfd: pytest.CaptureFixture[str]
) -> None:
    fails = {"take asb": [refused_because_of(PLANTED)], "score": [ValueError(PLANTED)]}
    with pytest.raises(ValueError, match=PLANTED):
        run_night(Settings(), AS_OF, opening(FakeNight(fails=fails)))
    kept = everything_in(operators_server.home)
    printed = "".join(capfd.readouterr())
    assert results_in(operators_server.home), "Prefect pickles what a flow raised"
    assert b"score failed: ValueError" in kept
    assert b"expected the column raised_at" in kept
    assert PLANTED.encode() not in kept
    assert PLANTED not in printed


def test_prefect_keeps_no_result(operators_server: PrefectServer) -> None:
    before = results_in(operators_server.home)
    run_night(Settings(), AS_OF, opening(FakeNight()))
    assert results_in(operators_server.home) == before


def test_a_pickled_failure_takes_no_foreign_words_along() -> None:
    pickled = pickle.dumps(StageFailed("score", ValueError(PLANTED)))
    assert PLANTED.encode() not in pickled
    assert str(pickle.loads(pickled)) == "score failed: RedflagsError: ValueError"


def test_a_pickled_failure_keeps_our_own_error_without_its_cause() -> None:
    pickled = pickle.dumps(StageFailed("take asb", refused_because_of(PLANTED)))
    assert PLANTED.encode() not in pickled
    assert isinstance(pickle.loads(pickled).error, SourceRefused)
