"""Kinds of landlord: what the housing stock is like, and which parts of it are lively."""

from dataclasses import dataclass

from redflags.simulation.calibration import CALIBRATED
from redflags.simulation.process import Process


@dataclass(frozen=True, slots=True)
class Stock:
    """One kind of home: its share of all homes and how many stand together (block or street)."""

    property_type: str
    share: float
    smallest: int
    largest: int
    is_block: bool


HOUSE = Stock("house", 0.42, 8, 40, is_block=False)
FLAT = Stock("flat", 0.36, 6, 60, is_block=True)
MAISONETTE = Stock("maisonette", 0.05, 6, 30, is_block=True)
BUNGALOW = Stock("bungalow", 0.09, 4, 16, is_block=False)
SHELTERED = Stock("sheltered", 0.07, 18, 42, is_block=True)
OTHER = Stock("other", 0.01, 2, 6, is_block=False)


@dataclass(frozen=True, slots=True)
class Character:
    """A kind of landlord.

    `vandalised_share` of its blocks see vandalism; in `noisy_patch_share` of its patches every
    household is reported `noisy_factor` times as often.
    """

    name: str
    stock: tuple[Stock, ...]
    homes_per_patch: int
    vandalised_share: float
    noisy_patch_share: float
    noisy_factor: float
    process: Process = CALIBRATED


def _stock(house: float, flat: float, bungalow: float, sheltered: float) -> tuple[Stock, ...]:
    """The six kinds of home; maisonettes and others take what the four shares leave."""
    left = 1.0 - house - flat - bungalow - sheltered
    shares = (house, flat, left * 0.8, bungalow, sheltered, left * 0.2)
    kinds = (HOUSE, FLAT, MAISONETTE, BUNGALOW, SHELTERED, OTHER)
    return tuple(
        Stock(kind.property_type, share, kind.smallest, kind.largest, kind.is_block)
        for kind, share in zip(kinds, shares, strict=True)
    )


DISTRICT = Character(
    name="quiet district",
    stock=_stock(house=0.56, flat=0.18, bungalow=0.16, sheltered=0.08),
    homes_per_patch=450,
    vandalised_share=0.0,
    noisy_patch_share=0.0,
    noisy_factor=1.0,
)
CITY = Character(
    name="city with vandalised blocks and noisy estates",
    stock=_stock(house=0.40, flat=0.42, bungalow=0.05, sheltered=0.07),
    homes_per_patch=550,
    vandalised_share=0.05,
    noisy_patch_share=0.15,
    noisy_factor=2.5,
)
ASSOCIATION = Character(
    name="association spread over patches",
    stock=_stock(house=0.45, flat=0.32, bungalow=0.09, sheltered=0.09),
    homes_per_patch=180,
    vandalised_share=0.02,
    noisy_patch_share=0.06,
    noisy_factor=2.0,
)
CHARACTERS = {"district": DISTRICT, "city": CITY, "association": ASSOCIATION}
