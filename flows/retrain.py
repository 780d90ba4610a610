"""Learning from outcomes as a Prefect flow: fits and registers a challenger, never promotes."""

import os

from prefect import flow

from flows.open_nights import spoken_neutrally
from redflags.domain.clock import london
from redflags.settings import read_settings


@flow(name="retrain", persist_result=False, log_prints=True)
def retrain() -> None:
    """Train on everything that is known by today; says so when that is too little.

    What it prints are counts and dates, which may stand in Prefect's log.
    """
    from redflags.bootstrap import Program, utc_now
    from redflags.bootstrap.train_ranker import run_training

    os.umask(0o077)  # models and numbers are for their owner's eyes only
    with spoken_neutrally("retrain"):
        today = london(utc_now()).date()
        print(*run_training(Program(read_settings()), today), sep="\n")  # noqa: T201 - into the log
