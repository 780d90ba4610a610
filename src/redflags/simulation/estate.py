"""The homes: what they are, which stand together, and what their surroundings are like."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redflags.simulation.characters import Character, Stock
from redflags.simulation.span import Flags, Floats, Ints

BUILD_YEARS = ((1900, 1939, 1.20), (1945, 1964, 1.10), (1965, 1989, 1.00), (1990, 2019, 0.75))
"""First and last year of a building age, and how often homes of it need repair."""
AGE_SHARES = (0.16, 0.34, 0.34, 0.16)
TYPE_DEMAND = {"house": 1.10, "flat": 0.92, "bungalow": 1.05, "sheltered": 0.80}
BEDROOMS = {
    "house": (0.0, 0.25, 0.60, 0.15),
    "flat": (0.50, 0.42, 0.08, 0.0),
    "maisonette": (0.05, 0.55, 0.40, 0.0),
    "bungalow": (0.60, 0.35, 0.05, 0.0),
    "sheltered": (0.90, 0.10, 0.0, 0.0),
    "other": (0.40, 0.30, 0.20, 0.10),
}


@dataclass(frozen=True)
class Estate:
    """Columns of one value per home; `cluster` is its block or street, `patch` its officer's area.

    `demand` (mean 1) is how often homes like it need repair, `noise` how often its area reports.
    """

    property_type: NDArray[np.object_]
    bedrooms: Ints
    build_year: Ints
    cluster: Ints
    patch: Ints
    is_block: Flags
    is_vandalised: Flags
    demand: Floats
    noise: Floats

    def __len__(self) -> int:
        return len(self.cluster)

    @property
    def is_sheltered(self) -> Flags:
        return np.asarray(self.property_type == "sheltered", dtype=np.bool_)


def build_estate(homes: int, character: Character, rng: np.random.Generator) -> Estate:
    """Blocks and streets side by side until there are `homes` homes, cut into patches."""
    kind, cluster = _clusters(homes, character.stock, rng)
    patch = _patches(cluster, character.homes_per_patch)
    types = np.array([stock.property_type for stock in character.stock], dtype=object)[kind]
    is_block = np.array([stock.is_block for stock in character.stock])[kind]
    age = rng.choice(len(AGE_SHARES), size=cluster[-1] + 1, p=AGE_SHARES)[cluster]
    return Estate(
        property_type=types,
        bedrooms=_bedrooms(types, rng),
        build_year=_build_years(age, cluster, rng),
        cluster=cluster,
        patch=patch,
        is_block=is_block,
        is_vandalised=is_block & _some(character.vandalised_share, cluster, rng),
        demand=_demand(types, age),
        noise=np.where(_some(character.noisy_patch_share, patch, rng), character.noisy_factor, 1.0),
    )


def _clusters(homes: int, stock: tuple[Stock, ...], rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Kind of stock and cluster number of each home."""
    mean_size = np.array([(kind.smallest + kind.largest) / 2 for kind in stock])
    weight = np.array([kind.share for kind in stock]) / mean_size
    kind = rng.choice(len(stock), size=homes, p=weight / weight.sum())
    low = np.array([kind.smallest for kind in stock])[kind]
    high = np.array([kind.largest for kind in stock])[kind]
    size = rng.integers(low, high + 1)
    needed = int(np.searchsorted(np.cumsum(size), homes)) + 1
    cluster = np.repeat(np.arange(needed), size[:needed])[:homes]
    return kind[cluster], cluster


def _patches(cluster: Ints, homes_per_patch: int) -> Ints:
    """Whole clusters, neighbours by number, in patches of about the same size."""
    first_home = np.searchsorted(cluster, np.arange(cluster[-1] + 1))
    return (first_home // homes_per_patch)[cluster]


def _some(share: float, group: Ints, rng: np.random.Generator) -> Flags:
    """True for all homes of a random `share` of the groups."""
    chosen: Flags = rng.random(group[-1] + 1) < share
    return np.take(chosen, group)


def _bedrooms(types: NDArray[np.object_], rng: np.random.Generator) -> Ints:
    chance = rng.random(len(types))
    bedrooms = np.ones(len(types), dtype=np.int64)
    for name, shares in BEDROOMS.items():
        of_type = types == name
        bedrooms[of_type] = 1 + np.searchsorted(np.cumsum(shares), chance[of_type])
    return np.minimum(bedrooms, 4)


def _build_years(age: Ints, cluster: Ints, rng: np.random.Generator) -> Ints:
    first = np.array([years[0] for years in BUILD_YEARS])[age]
    last = np.array([years[1] for years in BUILD_YEARS])[age]
    place = rng.random(cluster[-1] + 1)[cluster]
    years: Ints = (first + place * (last - first + 1)).astype(np.int64)
    return years


def _demand(types: NDArray[np.object_], age: Ints) -> Floats:
    of_type = np.array([TYPE_DEMAND.get(name, 1.0) for name in types])
    of_age = np.array([years[2] for years in BUILD_YEARS])[age]
    demand = of_type * of_age
    return np.asarray(demand / demand.mean(), dtype=np.float64)
