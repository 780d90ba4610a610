"""Every route with who may use it: a route that is not in this table, or is there otherwise, fails.

Read it as the answer to "who can do what"; change it only when that is to change.
"""

from importlib import import_module

import pytest

from builders.web import Site
from redflags.web.shell.access import access_of
from redflags.web.shell.app import PAGES
from redflags.web.shell.navigation import LINKS

GET, POST, BOTH = "GET", "POST", "GET POST"
ANYBODY, LOGGED_IN = "anybody", "logged in"
CASES = "manager reviewer specialist"
DECIDING = "reviewer specialist"
LEADING = "manager specialist"

ROUTES = {
    # front, static files, health
    ("/", GET): LOGGED_IN,
    ("/health", GET): ANYBODY,
    ("/static/<path:filename>", GET): ANYBODY,
    # logging in and out
    ("/login", BOTH): ANYBODY,
    ("/login/oidc", GET): ANYBODY,
    ("/login/oidc/callback", GET): ANYBODY,
    ("/logout", POST): LOGGED_IN,
    ("/welcome/<token>", BOTH): ANYBODY,
    # one's own account
    ("/account", GET): LOGGED_IN,
    ("/account/away", POST): LOGGED_IN,
    ("/account/interest", BOTH): LOGGED_IN,
    ("/account/password", BOTH): LOGGED_IN,
    # everybody's accounts
    ("/people", GET): "admin",
    ("/people/add", BOTH): "admin",
    ("/people/<person_id>", BOTH): "admin",
    ("/people/<person_id>/barrier", BOTH): "admin",
    ("/people/<person_id>/link", POST): "admin",
    ("/people/<person_id>/off", POST): "admin",
    ("/people/<person_id>/on", POST): "admin",
    # rules and thresholds
    ("/analyst", GET): "analyst manager",
    # the queue
    ("/work", GET): CASES,
    ("/take-next", POST): DECIDING,
    ("/go/<link_id>", GET): ANYBODY,
    # one alert
    ("/alerts/<alert_id>", GET): CASES,
    ("/alerts/<alert_id>/answer", BOTH): CASES,
    ("/alerts/<alert_id>/claim", POST): DECIDING,
    ("/alerts/<alert_id>/decide", POST): DECIDING,
    ("/alerts/<alert_id>/look", BOTH): LEADING,
    ("/alerts/<alert_id>/note", BOTH): CASES,
    ("/alerts/<alert_id>/release", BOTH): DECIDING,
    ("/alerts/<alert_id>/take-over", POST): DECIDING,
    ("/alerts/<alert_id>/texts", POST): CASES,
    # the welfare check
    ("/alerts/<alert_id>/check", GET): CASES,
    ("/alerts/<alert_id>/check/assign", BOTH): CASES,
    ("/alerts/<alert_id>/check/attempt", BOTH): CASES,
    ("/alerts/<alert_id>/check/close", BOTH): CASES,
    ("/alerts/<alert_id>/check/dash", BOTH): CASES,
    ("/alerts/<alert_id>/check/outcome", BOTH): CASES,
    ("/alerts/<alert_id>/check/plan", BOTH): CASES,
    ("/alerts/<alert_id>/check/recharge", BOTH): CASES,
    ("/alerts/<alert_id>/check/stop", BOTH): LEADING,
    ("/alerts/<alert_id>/reopen", BOTH): CASES,
    # referrals
    ("/alerts/<alert_id>/referrals", GET): CASES,
    ("/alerts/<alert_id>/referrals/consent", BOTH): CASES,
    ("/alerts/<alert_id>/referrals/safeguarding", BOTH): CASES,
    ("/alerts/<alert_id>/referrals/<referral_id>/withdraw", BOTH): CASES,
    ("/referrals", GET): LEADING,
    ("/referrals/<referral_id>", BOTH): LEADING,
    # a colleague's concern
    ("/concern", BOTH): "manager repairs reviewer specialist",
    ("/concern/thanks", GET): "manager repairs reviewer specialist",
    # the team's work
    ("/manage", GET): "manager",
    ("/manage/alerts", GET): "manager",
    ("/manage/give", POST): "manager",
    # quality
    ("/quality", GET): LEADING,
    ("/quality/closed/<check_id>", BOTH): LEADING,
    ("/quality/homes/<as_of>/<int:rank>", POST): LEADING,
    ("/quality/homes/<as_of>/<int:rank>/verdict", POST): LEADING,
    # figures
    ("/reports", GET): "analyst auditor manager",
    ("/reports/csv", POST): "analyst auditor manager",
    # fairness, and what is unusual about the nights
    ("/fairness", GET): "analyst auditor manager",
    ("/fairness/csv", POST): "analyst auditor manager",
    ("/watching", GET): "analyst auditor manager",
    # the audit trail
    ("/audit", GET): "auditor",
    ("/audit/check", POST): "auditor",
    ("/audit/csv", POST): "auditor",
}


@pytest.fixture
def found(site: Site) -> dict[tuple[str, str], str]:
    views = site.app.view_functions
    return {
        (rule.rule, " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))): str(
            access_of(views[rule.endpoint])
        )
        for rule in site.app.url_map.iter_rules()
    }


def test_every_route_is_in_the_table_and_for_whom_it_says(
    found: dict[tuple[str, str], str],
) -> None:
    assert found == ROUTES


def test_every_task_has_its_pages(site: Site) -> None:
    modules = [import_module(f"redflags.web.{page}") for page in PAGES]
    assert {module.pages.name for module in modules} == set(site.app.blueprints)


def test_every_link_of_the_navigation_leads_somewhere(site: Site) -> None:
    assert {endpoint for endpoint, _ in LINKS} <= set(site.app.view_functions)


def test_an_administrator_may_use_no_page_about_an_alert() -> None:
    for (rule, _), who in ROUTES.items():
        if rule.startswith(("/alerts", "/referrals", "/work", "/concern")):
            assert "admin" not in who, rule


def test_whatever_is_for_anybody_shows_no_case() -> None:
    for_anybody = {rule for (rule, _), who in ROUTES.items() if who == ANYBODY}
    assert for_anybody == {
        "/go/<link_id>",
        "/health",
        "/login",
        "/login/oidc",
        "/login/oidc/callback",
        "/static/<path:filename>",
        "/welcome/<token>",
    }
