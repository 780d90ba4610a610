"""The synthetic landlord: made-up homes, households and records whose truth is known.

`simulate` gives the tables a landlord would hand over; `simulated_history` gives what really
happened, with every hidden cause and latent quality, for the yardstick.
"""

from redflags.simulation.characters import ASSOCIATION, CHARACTERS, CITY, DISTRICT, Character
from redflags.simulation.history import History
from redflags.simulation.landlord import Landlord, records_of, simulate, simulated_history
from redflags.simulation.writing import write_landlord

__all__ = [
    "ASSOCIATION",
    "CHARACTERS",
    "CITY",
    "DISTRICT",
    "Character",
    "History",
    "Landlord",
    "records_of",
    "simulate",
    "simulated_history",
    "write_landlord",
]
