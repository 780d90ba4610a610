"""The daily message: the same every day, and nothing to be read from it."""

from datetime import date, timedelta

from redflags.domain.message import Message
from redflags.services.night.daily_message import daily_message

YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(366)]


def message(as_of: date) -> Message:
    return daily_message(as_of, "team@landlord.test", "https://queue.landlord.test")


def test_it_is_as_long_on_every_day_of_a_year() -> None:
    lengths = {(len(m.subject), len(m.body), len(m.message_id)) for m in map(message, YEAR)}
    assert len(lengths) == 1


def test_but_for_the_date_it_is_the_same_every_day() -> None:
    def without_date(as_of: date) -> tuple[str, str]:
        day = as_of.strftime("%d/%m/%Y")
        said = message(as_of)
        assert day in said.subject
        assert day in said.body
        return said.subject.replace(day, ""), said.body.replace(day, "")

    assert len({without_date(as_of) for as_of in YEAR}) == 1


def test_it_leads_to_the_login_of_the_team() -> None:
    said = message(YEAR[0])
    assert said.recipient == "team@landlord.test"
    assert "https://queue.landlord.test\n" in said.body


def test_it_says_nothing_of_what_the_queue_is_about() -> None:
    said = message(YEAR[0])
    words = f"{said.kind} {said.subject} {said.body}".lower()
    for word in ("domestic", "abuse", "alert", "violence", "welfare", "check", "risk", "tenan"):
        assert word not in words


def test_each_day_has_its_own_id_and_the_same_day_the_same() -> None:
    assert len({message(as_of).message_id for as_of in YEAR}) == len(YEAR)
    assert message(YEAR[0]).message_id == message(YEAR[0]).message_id
