"""What holds of the posterior whatever a household's records are."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from builders.examples import examples
from builders.posterior import DAYS, Seen, a_likelihood, chance_of
from builders.simulation import a_history
from redflags.simulation import records_of
from yardstick.posterior import posterior_tonight

DAY = st.floats(0, DAYS, exclude_max=True)
RECORD = st.builds(
    Seen,
    day=DAY,
    chance=st.floats(0.001, 0.1),
    wear=st.sampled_from([0.0, 0.1]),
    noise=st.sampled_from([0.0, 0.01]),
    suffered=st.floats(0.0, 4.0),
)
RECORDS = st.lists(RECORD, max_size=7).map(
    lambda records: tuple(sorted(records, key=lambda record: record.day))
)


@examples(40)
@given(RECORDS)
def test_a_chance_is_a_chance(records: tuple[Seen, ...]) -> None:
    assert 0.0 < chance_of(a_likelihood(records), -9_000.0, severities=14) < 1.0


@examples(40)
@given(RECORDS, DAY)
def test_a_record_that_no_episode_brings_changes_nothing(
    records: tuple[Seen, ...], day: float
) -> None:
    innocent = Seen(day, chance=0.05, suffered=0.0)
    more = tuple(sorted([*records, innocent], key=lambda record: record.day))

    before = chance_of(a_likelihood(records), -9_000.0, severities=14)
    after = chance_of(a_likelihood(more), -9_000.0, severities=14)

    assert np.isclose(before, after, rtol=1e-9)


@examples(40)
@given(RECORDS, st.floats(0.5, 4.0))
def test_a_sign_on_the_last_day_never_lowers_the_chance(
    records: tuple[Seen, ...], suffered: float
) -> None:
    sign = Seen(DAYS - 0.01, chance=0.001, suffered=suffered)

    before = chance_of(a_likelihood(records), -9_000.0, severities=14)
    after = chance_of(a_likelihood((*records, sign)), -9_000.0, severities=14)

    assert after > before


def test_the_order_of_the_reports_changes_nothing() -> None:
    history = a_history(homes=150)
    landlord = records_of(history)
    reports = replace(landlord, asb=landlord.asb.sample(frac=1, random_state=1))

    chances = posterior_tonight(history, landlord).last

    assert np.allclose(chances, posterior_tonight(history, reports).last, rtol=1e-9)
