"""How far a share seen in few cases may be from the truth."""

import pytest

from redflags.analysis.monitoring.confidence_intervals import Share, wilson


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    [
        # statsmodels.stats.proportion.proportion_confint(…, method="wilson")
        (0, 10, 0.0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (90, 100, 0.8256, 0.9448),
    ],
)
def test_the_interval_is_wilsons(hits: int, cases: int, low: float, high: float) -> None:
    assert wilson(hits, cases) == pytest.approx((low, high), abs=1e-4)


def test_nothing_seen_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert Share(0, 0).value is None


@pytest.mark.parametrize(("hits", "cases"), [(-1, 3), (4, 3)])
def test_more_hits_than_cases_are_refused(hits: int, cases: int) -> None:
    with pytest.raises(ValueError, match="expected 0 ≤ hits ≤ cases"):
        wilson(hits, cases)
