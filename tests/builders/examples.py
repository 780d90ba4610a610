"""How many examples a property is shown: a few in `make test`, many times that in `make search`."""

from hypothesis import HealthCheck, settings

FIXED, SEARCH = "fixed", "search"
settings.register_profile(
    FIXED,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
"""The same examples on each run, however slow the machine is."""
settings.register_profile(
    SEARCH, settings.get_profile(FIXED), derandomize=False, max_examples=2_000, print_blob=True
)
"""Other examples on each run, twenty times as many; a seed that is given brings them back."""
USUAL = settings.get_profile(FIXED).max_examples


def examples(count: int) -> settings:
    """So many of them as a rule; in a search as many times that as of every other property."""
    return settings(max_examples=count * settings().max_examples // USUAL)
