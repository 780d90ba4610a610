"""The diagram of an alert's states in the docs is what the transition table gives."""

from builders.state_diagram import PAGE, draw, drawn_block, state_diagram
from redflags.domain.alert import TRANSITIONS


def test_the_developers_page_draws_the_states_as_the_table_has_them() -> None:
    page = PAGE.read_text("utf-8")
    assert drawn_block(page) == state_diagram()
    assert draw(page) == page


def test_every_move_of_the_table_is_in_the_diagram() -> None:
    lines = state_diagram().splitlines()
    for (state, move), after in TRANSITIONS.items():
        (line,) = [one for one in lines if one.startswith(f"    {state} --> {after}:")]
        assert move.replace("_", " ") in line.partition(": ")[2].split(", ")
