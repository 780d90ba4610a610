"""What holds of control charts and of fairness whatever the numbers."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from builders.cases import REVIEW
from redflags.analysis.monitoring.control_limits import Observed, moved, usual
from redflags.analysis.monitoring.group_rates import Group
from redflags.domain.night_figures import AREA, PROPERTY_TYPE, TENURE
from redflags.domain.quarter import Quarter
from redflags.services.reports.fairness_report import make_fairness_report

REVIEW_MADE_AT = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
COUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=60)
HISTOGRAMS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=45)
GROUPS = st.lists(
    st.builds(
        Group,
        name=st.uuids().map(str),
        homes=st.integers(0, 60),
        alerted=st.integers(0, 20),
        need=st.integers(0, 12),
        no_concern=st.integers(0, 12),
    ),
    max_size=6,
)


def nights(counts: list[int], out_of: int = 0) -> list[Observed]:
    return [
        Observed(date(2026, 1, 1) + timedelta(n), count, out_of) for n, count in enumerate(counts)
    ]


@given(COUNTS, st.sampled_from([0, 10_000]))
def test_what_is_usual_is_within_its_own_limits(counts: list[int], out_of: int) -> None:
    found = usual(nights(counts, out_of), 3.0)
    for night in nights([0] * 7, out_of):
        limits = found.limits(night, 3.0)
        assert 0 <= limits.low <= limits.centre <= limits.high


@given(COUNTS)
def test_the_order_of_the_nights_of_a_weekday_changes_nothing(counts: list[int]) -> None:
    mondays = [Observed(date(2026, 1, 5) + timedelta(7 * n), c) for n, c in enumerate(counts)]
    other_way = [Observed(a.as_of, b.count) for a, b in zip(mondays, mondays[::-1], strict=True)]
    one, other = usual(mondays, 3.0).rates[0], usual(other_way, 3.0).rates[0]
    assert abs(one - other) <= 1e-9 * max(one, 1.0)


@given(HISTOGRAMS)
def test_a_distribution_is_never_moved_by_less_than_nothing(pairs: list[tuple[int, int]]) -> None:
    expected, found = ([pair[side] for pair in pairs] for side in (0, 1))
    assert moved(expected, found) >= 0
    assert moved(expected, expected) == 0


@given(GROUPS)
def test_no_small_number_is_told_and_never_one_group_alone_is_held_back(
    groups: list[Group],
) -> None:
    split = {AREA: [], PROPERTY_TYPE: groups, TENURE: []}
    table = make_fairness_report(split, {}, Quarter(2026, 3), REVIEW_MADE_AT, REVIEW).tables[1]
    small = REVIEW.quality.small_number.value
    everybody, *lines = table.lines
    for group, line in zip(groups, lines, strict=True):
        if line.alert_rate is not None:
            assert min(group.homes, group.alerted) > small
        if line.found is not None:
            assert min(group.need, group.no_concern) > small
    for field in ("alert_rate", "found"):
        untold = sum(getattr(line, field) is None for line in lines)
        assert untold != 1 or getattr(everybody, field) is None
