"""The flow that learns: deployed beside the night, and harmless where there is nothing to learn."""

from pathlib import Path

import pytest
import yaml

from builders.extracts import AS_OF, quiet_estate, write_extracts
from builders.nights import ROOT, Installation, forked


def _retrained(environment: dict[str, str]) -> None:
    import os

    os.environ.update(environment)
    from flows.retrain import retrain

    retrain.fn()


def test_it_is_deployed_beside_the_night() -> None:
    named = yaml.safe_load((ROOT / "flows" / "prefect.yaml").read_text(encoding="utf-8"))
    (ours,) = [d for d in named["deployments"] if d["name"] == "retrain"]
    assert ours["entrypoint"] == "flows/retrain.py:retrain"
    assert ours["schedules"][0]["timezone"] == "Europe/London"


@pytest.mark.slow
def test_with_nothing_to_learn_from_it_ends_well_and_registers_nothing(tmp_path: Path) -> None:
    write_extracts(tmp_path / "extracts", quiet_estate())
    installation = Installation(tmp_path / "home", tmp_path / "extracts")
    assert installation.run("ingest", "--as-of", AS_OF.isoformat()).code in {0, 3}
    forked(_retrained, installation.environment)
    assert not (installation.home / "mlflow").exists()
