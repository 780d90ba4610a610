"""MLflow's database, made whole or not at all.

MLflow makes its tables in dozens of steps; a process that is killed between two of them leaves a
file that no later one can mend. So the tables are made under another name, and the file gets its
own when it is finished.
"""

from pathlib import Path

UNFINISHED = ".unfinished"


def make_whole(database: Path) -> None:
    """Make an empty registry at `database`; to be called while nobody else may."""
    from mlflow import MlflowClient

    unfinished = database.with_name(database.name + UNFINISHED)
    for leftover in database.parent.glob(f"{unfinished.name}*"):
        leftover.unlink()
    uri = f"sqlite:///{unfinished}"
    MlflowClient(uri, uri).search_registered_models(max_results=1)
    unfinished.replace(database)
