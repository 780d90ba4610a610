"""Order codes, trades, priorities and prices of each kind of job. Data only.

Codes of locks, doors, glass and innocent works as the contract's section 5 lists them; those of
other trades are invented in the same six-figure manner.
"""

from dataclasses import dataclass

from redflags.simulation.vocabulary import Topic, Wording


@dataclass(frozen=True, slots=True)
class Trade:
    """Trade codes seen on such jobs, share raised as an emergency, median and largest price in
    pounds, spread of the log price."""

    codes: tuple[str, ...]
    emergency_share: float
    median_gbp: float
    largest_gbp: float = 4_500.0
    log_spread: float = 1.0


TRADES: dict[Topic, Trade] = {
    Topic.PLUMBING: Trade(("PL", "PLUM"), 0.45, 92),
    Topic.HEATING: Trade(("GH", "GAS"), 0.50, 118),
    Topic.ELECTRICS: Trade(("EL",), 0.35, 88),
    Topic.KITCHEN: Trade(("CA", "JO"), 0.03, 115),
    Topic.DAMP: Trade(("PA", "BR"), 0.02, 180),
    Topic.ROOF: Trade(("RF",), 0.12, 210),
    Topic.DRAINS: Trade(("DR",), 0.55, 105),
    Topic.OUTSIDE: Trade(("FE", "BR"), 0.05, 160),
    Topic.FLOORS: Trade(("CA", "FL"), 0.05, 130),
    Topic.STORE: Trade(("CA",), 0.05, 90),
    Topic.VISIT: Trade(("GH", "EL"), 0.0, 35, log_spread=0.3),
    Topic.LOCK: Trade(("LK", "CA", "JO"), 0.60, 95, log_spread=0.5),
    Topic.DOOR: Trade(("CA", "JO"), 0.25, 130),
    Topic.WINDOW: Trade(("GZ",), 0.25, 145, log_spread=0.8),
    Topic.BOARDING: Trade(("GZ", "MS", "CA"), 0.90, 110, log_spread=0.5),
    Topic.INSIDE: Trade(("CA", "JO"), 0.08, 115),
    Topic.SECURITY: Trade(("CA", "LK"), 0.10, 60, log_spread=0.5),
    Topic.VOID_WORKS: Trade(("VO", "CA", "PA"), 0.0, 420, 9_000),
    Topic.SCREENS: Trade(("VO",), 0.0, 190, log_spread=0.4),
    Topic.FIRE_DOOR: Trade(("CA", "FS"), 0.0, 950, log_spread=0.2),
    Topic.NEW_WINDOWS: Trade(("GZ",), 0.0, 2_300, log_spread=0.25),
    Topic.NEW_DOOR: Trade(("CA",), 0.0, 880, log_spread=0.15),
    Topic.NEW_KITCHEN: Trade(("CA",), 0.0, 3_600, log_spread=0.15),
    Topic.ADAPTATION: Trade(("DA",), 0.02, 240, 6_000),
    Topic.COMMUNAL: Trade(("CA", "EL", "DV"), 0.30, 150),
    Topic.FIRE: Trade(("BR", "VO"), 1.0, 11_000, 16_500, log_spread=0.3),
}
MAJOR_WORKS_GBP = (5_000, 13_500)
"""Least and most of the one big order that some empty homes need."""

CODES: dict[Topic, str] = {
    Topic.PLUMBING: "610101 610307 611205 612403 613101 619901",
    Topic.HEATING: "685001 685103 686207 687305 688011",
    Topic.ELECTRICS: "715001 715203 716409 717105 718801",
    Topic.KITCHEN: "371101 371203 372307 373401",
    Topic.DAMP: "245101 245303 411001 411205",
    Topic.ROOF: "101003 101207 102401 151101 151309",
    Topic.DRAINS: "031101 031205 032303",
    Topic.OUTSIDE: "051101 051303 052407 053201",
    Topic.FLOORS: "431101 431203 432307",
    Topic.STORE: "070101 070103 345601 345603 391723 395203",
    Topic.VISIT: "689001 689003 719001",
    Topic.LOCK: "390929 390931 390933 390923 390925 325109 390901 390911 391301",
    Topic.DOOR: "321101 321303 322205 323107 324001 325117 322401",
    Topic.WINDOW: "515101 515203 525307 535101 549205 559103",
    Topic.BOARDING: "397000 397001 397008 575026 575019",
    Topic.INSIDE: "330001 330013 330045 335005 335091 342105 342107 342321",
    Topic.SECURITY: "391709 392509 392511 392705",
    Topic.VOID_WORKS: "901001 901003 902105 903207 904001",
    Topic.SCREENS: "397021 397023 397031 397035",
    Topic.FIRE_DOOR: "FS040101",
    Topic.NEW_WINDOWS: "559901",
    Topic.NEW_DOOR: "324901",
    Topic.NEW_KITCHEN: "379901",
    Topic.ADAPTATION: "DA974101 DA974103 DA974207 DA974301",
    Topic.COMMUNAL: "390929 322205 515203 719501 345705",
    Topic.FIRE: "990001 990003",
}
SPECIAL_CODES: dict[tuple[Topic, Wording], str] = {
    (Topic.LOCK, Wording.EVICTION): "396501 396503 396509",
    (Topic.LOCK, Wording.SERVICES): "396001 396003 396008 390929",
    (Topic.DOOR, Wording.SERVICES): "396001 396005 396008",
    (Topic.DOOR, Wording.TELL): "342311 342311 321101 322205 324001",
    (Topic.DOOR, Wording.BURGLARY): "342311 321101 322205",
}
"""Where the reason of a job changes which code it gets."""

PROGRAMME_TOPICS = (Topic.FIRE_DOOR, Topic.NEW_WINDOWS, Topic.NEW_DOOR, Topic.NEW_KITCHEN)
COMPLETE_SPELLINGS = (
    "Complete | Complete | COMPLETE",
    "Completed | Completed | Complete",
    "Work Complete | Work Complete | Completed",
)
"""How finished work was called in the first, second and last third of the span."""
CANCELLED_SPELLINGS = "Cancelled | CANCELLED | Work Cancelled"
NO_ACCESS_SPELLINGS = "No Access | N/A | No access - carded"
OPEN_SPELLINGS = "In Progress | Issued | Awaiting materials"
