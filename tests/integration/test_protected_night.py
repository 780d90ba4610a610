"""Protected households, sanctuary works and the canary, through a whole night."""

from datetime import timedelta
from pathlib import Path

import pytest

from builders.extracts import (
    AS_OF,
    concern,
    protection,
    quiet_estate,
    repair,
    three_lock_changes,
    with_rows,
    write_extracts,
)
from builders.nights import Installation

PROTECTED = {11: "open_case", 12: "staff_household", 13: "do_not_contact", 15: "a_new_code"}
GENERAL, WORKS = 14, 16


@pytest.fixture(scope="module")
def night_of_the_protected(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("protected")
    works = [
        row | {"reason": "Sanctuary scheme, fit new lock"} for row in three_lock_changes(WORKS)
    ]
    tables = with_rows(
        quiet_estate(),
        lock_changes=[
            *(row for number in (*PROTECTED, GENERAL) for row in three_lock_changes(number)),
            *works,
        ],
        protected=[
            *(protection(number, reason) for number, reason in PROTECTED.items()),
            protection(WORKS, "sanctuary_works"),
        ],
    )
    installation = Installation(
        folder / "home", write_extracts(folder / "extracts", tables), knows_estate=True
    )
    assert installation.night().error is None
    return installation


def test_a_protected_household_is_the_specialists_alone(
    night_of_the_protected: Installation,
) -> None:
    routes = {alert["tenancy_ref"]: alert["routing"] for alert in night_of_the_protected.alerts()}
    expected = {f"T{number:04}": "specialist" for number in PROTECTED} | {"T0014": "general"}
    assert routes == expected


def test_works_that_protect_somebody_raise_nothing(night_of_the_protected: Installation) -> None:
    households = {alert["tenancy_ref"] for alert in night_of_the_protected.alerts()}
    assert f"T{WORKS:04}" not in households


def test_a_protection_that_comes_later_takes_the_alert_out_of_the_general_queue(
    tmp_path: Path,
) -> None:
    tables = with_rows(quiet_estate(), lock_changes=three_lock_changes(GENERAL))
    installation = Installation(
        tmp_path / "home", write_extracts(tmp_path / "extracts", tables), knows_estate=True
    )
    assert installation.night().error is None
    assert [alert["routing"] for alert in installation.alerts()] == ["general"]

    protected = with_rows(tables, protected=[protection(GENERAL, "staff_household")])
    write_extracts(tmp_path / "extracts", protected)
    assert installation.night(AS_OF + timedelta(days=1)).error is None

    assert [alert["routing"] for alert in installation.alerts()] == ["specialist"]


def test_without_a_canary_the_night_fails_and_its_alerts_are_queued_all_the_same(
    tmp_path: Path,
) -> None:
    """Rules that only hear of concerns and homelessness cannot raise the canary."""
    tables = with_rows(quiet_estate(), concerns=[concern("C1", 7, 3)])
    config = deaf_configuration(tmp_path / "config")
    extracts = write_extracts(tmp_path / "extracts", tables)
    installation = Installation(tmp_path / "home", extracts, config, knows_estate=True)

    night = installation.night()

    assert night.error is not None
    assert type(night.error).__name__ == "CanaryMissing"
    assert night.error.exit_code == 4  # type: ignore[attr-defined]
    status = installation.run("status")
    assert status.code == 1
    assert "2026-10-31, failed" in status.out
    assert "canary" in status.out
    assert [alert["tenancy_ref"] for alert in installation.alerts()] == ["T0007"]


def test_a_night_repeated_with_ears_is_well_and_raises_nobody_twice(tmp_path: Path) -> None:
    tables = with_rows(
        quiet_estate(),
        concerns=[concern("C1", 7, 3)],
        repairs=[repair(f"X{n}", 9, n, "Bathroom door kicked in by ex partner") for n in (5, 30)],
    )
    extracts = write_extracts(tmp_path / "extracts", tables)
    deaf = Installation(tmp_path / "home", extracts, deaf_configuration(tmp_path / "config"))
    hearing = Installation(tmp_path / "home", extracts)
    deaf.night()

    again = hearing.night()

    assert again.error is None
    assert sorted(alert["tenancy_ref"] for alert in hearing.alerts()) == ["T0007", "T0009"]
    assert len(hearing.messages()) == 1
    assert again.summary.alerts.raised == 1
    assert again.summary.as_of == AS_OF


def deaf_configuration(folder: Path) -> Path:
    """The shipped configuration without any rule that listens to locks, doors or scores."""
    shipped = Installation(folder, folder).config
    (folder / "sources").mkdir(parents=True)
    for name in ("signals.toml", "review.toml", "sources/canonical.toml"):
        (folder / name).write_bytes((shipped / name).read_bytes())
    kept: list[str] = []
    is_kept = True
    for line in (shipped / "ruleset.toml").read_text().splitlines():
        if line.startswith("["):
            is_kept = not line.startswith("[rules.") or line in HEARD
        if is_kept:
            kept.append(line)
    (folder / "ruleset.toml").write_text("\n".join(kept) + "\n")
    return folder


HEARD = ("[rules.staff_concern]", "[rules.homeless_presentation]", "[rules.abandonment]")
