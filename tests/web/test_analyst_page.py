"""The analyst's bench: the rules in words, other thresholds tried, and no household anywhere."""

import json
from pathlib import Path

import pytest
from sqlalchemy import insert

from builders.alert_pages import raised
from builders.kept_nights import LATEST, PSEUDONYM, keep_facts, keep_nights
from builders.rulesets import with_min_score, without_episodes
from builders.store import NOW, an_alert
from builders.web import Browser, Site
from redflags.adapters.kept_nights import FactFolder
from redflags.adapters.store import ruleset_register
from redflags.adapters.store.ruleset_tables import SHADOW_NIGHTS
from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.configuration.ruleset import ruleset_of_text
from redflags.domain.people import Role
from redflags.services.thresholds.threshold_preview import ThresholdPreview
from redflags.web.bench.bench_wording import score_words

LOCKS = "frequent_lock_changes.min_count"


@pytest.fixture
def ann(site: Site) -> Browser:
    return site.browser(Role.ANALYST, name="Ann")


@pytest.mark.both_engines
def test_every_threshold_is_told_with_unit_reason_owner_and_date(ann: Browser) -> None:
    page = ann.get("/analyst")
    assert page.status == 200
    for words in (
        "3 lock changes",
        "like homes have about 0.03 a year once relets and lost keys are out",
        "365 days",
        "Analyst",
        "21 November 2026",
    ):
        assert words in page.text


def test_what_a_score_means_is_told(site: Site, ann: Browser) -> None:
    keep_nights(site, [3] * 8)
    page = ann.get("/analyst")
    assert "A score is the weight of the evidence, in powers of ten" in page.text
    assert "scores at least" in page.text
    before = ruleset_of_text("before", without_episodes(), COUNTED_SIGNALS)
    assert score_words(before).startswith("A score is a weighted sum")


def test_a_rule_set_whose_scores_cannot_be_compared_is_marked(ann: Browser, site: Site) -> None:
    assert ann.person is not None
    kinds = {"a" * 16: without_episodes(), "b" * 16: with_min_score(2.5), "c" * 16: "not TOML ="}
    with site.store.writing() as connection:
        for name, content in kinds.items():
            given = {"ruleset_hash": name, "version": "9", "parent": None, "content": content}
            ruleset_register.propose(connection, ann.person, NOW, reason="Try", **given)
    page = ann.get("/analyst")
    assert page.text.count("Proposed; other scores") == 1
    assert "Proposed; other scores" in page.text.split("a" * 16)[1].split("9 (")[0]
    assert "their scores and score thresholds cannot be compared" in page.text


@pytest.mark.parametrize(("live", "low"), [(2.0, "0.5"), (2.25, "0.75"), (4.5, "1.25")])
def test_a_slider_can_stand_where_its_threshold_is(live: float, low: str, tmp_path: Path) -> None:
    """A browser moves a slider to the nearest step from its low end."""
    ruleset = ruleset_of_text("live", with_min_score(live), COUNTED_SIGNALS)
    folder = FactFolder(tmp_path)
    keep_facts(folder, ruleset, [3] * 8)
    tried = ThresholdPreview(folder, ruleset).preview({})
    assert tried is not None
    (slider,) = [one for one in tried.adjustable if one.name == "min_score"]
    assert f"{slider.low:g}" == low
    assert (slider.value - slider.low) % slider.step == 0


def test_without_nights_it_says_so(ann: Browser) -> None:
    assert "No nights are kept yet" in ann.get("/analyst").text


def test_a_threshold_is_tried_by_its_address(site: Site, ann: Browser) -> None:
    keep_nights(site, [3] * 8 + [2] * 7)
    assert "8 flagged on the latest night" in ann.get("/analyst").text
    tried = ann.get(f"/analyst?{LOCKS}=2")
    assert "15 flagged on the latest night" in tried.text
    assert 'value="2"' in tried.html


@pytest.mark.parametrize("wish", ["1", "-4", "0"])
def test_what_is_not_kept_cannot_be_asked(site: Site, ann: Browser, wish: str) -> None:
    """Below the floor the answer would be wrong, so the floor is asked."""
    keep_nights(site, [3] * 8 + [2] * 7 + [1] * 9)
    assert "15 flagged on the latest night" in ann.get(f"/analyst?{LOCKS}={wish}").text


@pytest.mark.parametrize("wish", ["nan", "inf", "many", "", "1e999", "<b>"])
def test_a_wish_that_is_no_number_changes_nothing(site: Site, ann: Browser, wish: str) -> None:
    keep_nights(site, [3] * 8)
    page = ann.get("/analyst", query_string={LOCKS: wish, "nobody.min_count": "2"})
    assert page.status == 200
    assert "<b>" not in page.html


def test_small_counts_are_held_back_everywhere(site: Site, ann: Browser) -> None:
    keep_nights(site, [3] * 5 + [2] * 7)
    page = ann.get("/analyst")
    assert "5 or fewer flagged on the latest night" in page.text
    assert "5 flagged" not in page.text
    assert "12 flagged" in page.html  # in what the slider would say at two


def test_no_household_is_on_the_page(site: Site, ann: Browser) -> None:
    keep_nights(site, [3] * 8)
    raised(site, an_alert("a1", "TEN-77", raised_on=LATEST))
    page = ann.get(f"/analyst?{LOCKS}=2")
    assert PSEUDONYM not in page.html
    assert "TEN-77" not in page.html


def test_each_slider_carries_what_it_would_do_alone(site: Site, ann: Browser) -> None:
    keep_nights(site, [3] * 8 + [2] * 7)
    page = ann.get("/analyst")
    first = page.html.split('data-rungs="')[1].split('">')[0]
    texts = first.replace("&#34;", '"')
    rungs = dict(json.loads(texts))
    assert "15 flagged" in rungs["2"]
    assert "8 flagged" in rungs["3"]


def test_alerts_a_week_stand_against_the_capacity(site: Site, ann: Browser) -> None:
    alerts = [an_alert(f"a{n}", f"T{n}", raised_on=LATEST) for n in range(71)]
    raised(site, *alerts)
    page = ann.get("/analyst")
    assert "which can review 70 a week" in page.text
    assert "71" in page.text
    assert "over capacity" in page.text


def test_the_shadow_is_told_in_numbers(site: Site, ann: Browser) -> None:
    assert ann.person is not None
    with site.store.writing() as connection:
        given = {"ruleset_hash": "e" * 16, "version": "9", "parent": None, "content": "x"}
        ruleset_register.propose(connection, ann.person, NOW, reason="Less noise", **given)
        numbers = {"flagged": 40, "raised": 4, "entering": 12, "leaving": 0}
        night = {"as_of": LATEST, "ruleset_hash": "e" * 16, "live_hash": "f" * 16, **numbers}
        connection.execute(insert(SHADOW_NIGHTS).values(**night))
    page = ann.get("/analyst")
    assert "Less noise" in page.text
    assert "3 November 2026" in page.text
    assert "5 or fewer" in page.text


def test_the_page_asks_the_database_little(site: Site, ann: Browser) -> None:
    keep_nights(site, [3] * 8)
    ann.get("/analyst")
    with site.counting() as cost:
        ann.get("/analyst")
    assert cost.queries < 10
