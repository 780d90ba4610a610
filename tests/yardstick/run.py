"""How near detection comes to what the data allow: `python tests/yardstick/run.py`.

Options: --quick for a small try; --landlords, --seeds, --strengths, --homes-share to take a part;
--resume to keep results of an earlier, unfinished run (they are not measured again, whatever was
changed since); --kept to show only those; --write FILE to put the tables between the markers of a
page.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yardstick.landlord import Case, Result

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "var" / "yardstick"
SIZES = {"district": 5_000, "city": 30_000, "association": 100_000}
SEEDS = (11, 12, 13)
TUNED_ON = "seeds 1 and 2"
STRENGTHS = (0.6, 1.0, 1.5)
NIGHTS_AT = 1.0
QUICK = {"district": 1_500, "city": 3_000}


def main(arguments: Sequence[str] | None = None) -> None:
    from yardstick.page import page, write

    options = _options(arguments)
    wanted = [case for case in _cases(options) if not options.kept or _kept(case).exists()]
    results = [_result(case, options.resume or options.kept) for case in wanted]
    text = page(results, TUNED_ON)
    print(text)
    if options.write:
        write(text, options.write)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--landlords", nargs="+", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS))
    parser.add_argument("--strengths", nargs="+", type=float, default=list(STRENGTHS))
    parser.add_argument("--homes-share", type=float, default=1.0)
    parser.add_argument("--no-nights", action="store_true")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--write", type=Path)
    return parser.parse_args(arguments)


def _cases(options: argparse.Namespace) -> Iterator["Case"]:
    """Every landlord, seed and strength; a year of nights on the first seed at one strength."""
    from yardstick.landlord import Case

    if options.quick:
        for landlord, homes in QUICK.items():
            yield Case(landlord, homes, SEEDS[0], 1.0, with_nights=landlord == "district")
        return
    for landlord in options.landlords:
        homes = round(SIZES[landlord] * options.homes_share)
        for strength in options.strengths:
            for seed in options.seeds:
                nights = seed == options.seeds[0] and strength == NIGHTS_AT
                yield Case(landlord, homes, seed, strength, nights and not options.no_nights)


def _kept(case: "Case") -> Path:
    return KEPT / f"{case.name}.json"


def _result(case: "Case", may_be_old: bool) -> "Result":
    """Measured now, or as an earlier run kept it; a line about it either way."""
    from yardstick.landlord import BEST, OURS, Case, Result, measured

    kept, begun = _kept(case), time.perf_counter()
    if may_be_old and kept.exists():
        found = json.loads(kept.read_text(encoding="utf-8"))
        result = Result(**found | {"case": Case(**found["case"])})
    else:
        result = measured(case)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(asdict(result)), encoding="utf-8")
    ours, best = (result.quality[name]["average precision"] for name in (OURS, BEST))
    seconds = time.perf_counter() - begun
    print(f"{case.name}: {ours:.3f} of {best:.3f} ({seconds:.0f} s)", file=sys.stderr, flush=True)
    return result


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tests"))
    main()
