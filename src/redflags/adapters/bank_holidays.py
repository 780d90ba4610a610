"""Which days are bank holidays in England: a fact of each year, from the `holidays` package."""

from datetime import date

SATURDAY = 5
COUNTRY, NATION = "GB", "ENG"


def bank_holidays_between(start: date, end: date) -> list[tuple[date, str]]:
    """Each bank holiday from `start` to `end`, both included, with its name, in order.

    One that falls on a weekend is kept on a working day after it, and only that day is told.
    """
    from holidays import country_holidays

    years = range(start.year, end.year + 1)
    known = country_holidays(COUNTRY, subdiv=NATION, years=years)
    return [
        (day, name.replace("(observed)", "(substitute day)"))
        for day, name in sorted(known.items())
        if start <= day <= end and day.weekday() < SATURDAY
    ]
