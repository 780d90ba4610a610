"""The diagram of an alert's states in the developer's page, drawn from the transition table.

Drawn anew, in tests/, by ``PYTHONPATH=. ../.venv/bin/python -m builders.state_diagram``
"""

from pathlib import Path

from redflags.domain.alert import TRANSITIONS, AlertMove, AlertState

PAGE = Path(__file__).parents[2] / "docs" / "developer.md"
BEGIN, END = "<!-- alert states: begin -->\n", "<!-- alert states: end -->\n"


def state_diagram() -> str:
    """Mermaid's text: one line for each pair of states, with every move that leads there."""
    lines = [f"    {state} --> {after}: {_named(moves)}" for state, after, moves in _arrows()]
    ends = [f"    [*] --> {AlertState.RAISED}", *lines, f"    {AlertState.CLOSED} --> [*]"]
    return "\n".join(["```mermaid", "stateDiagram-v2", *ends, "```", ""])


def drawn_block(page: str) -> str:
    """What stands between the two marks of the page."""
    return page.partition(BEGIN)[2].partition(END)[0]


def draw(page: str) -> str:
    """The page with the diagram as the table gives it."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    return f"{before}{begin}{state_diagram()}{end}{after}"


def _arrows() -> list[tuple[AlertState, AlertState, list[AlertMove]]]:
    found: dict[tuple[AlertState, AlertState], list[AlertMove]] = {}
    for (state, move), after in TRANSITIONS.items():
        found.setdefault((state, after), []).append(move)
    return [(state, after, moves) for (state, after), moves in found.items()]


def _named(moves: list[AlertMove]) -> str:
    return ", ".join(move.replace("_", " ") for move in moves)


if __name__ == "__main__":
    PAGE.write_text(draw(PAGE.read_text("utf-8")), "utf-8")
