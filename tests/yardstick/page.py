"""The tables of the yardstick in words and Markdown, from the results of all landlords."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from yardstick.ablation import CHANGED
from yardstick.landlord import BEST, OURS, Result
from yardstick.measures import ALERTED_SHARE, DEPTHS

BEGIN, END = "<!-- yardstick: begin -->", "<!-- yardstick: end -->"
MEASURES = (
    "average precision",
    *(f"precision at {depth}" for depth in DEPTHS),
    *(f"recall at {depth}" for depth in DEPTHS),
)
GOALS = {"median": 0.92, "worst": 0.85}
GROUP_GOAL = 1.5


def page(results: Sequence[Result], tuned_on: str) -> str:
    """Everything between the markers."""
    landlords = list(dict.fromkeys(result.case.landlord for result in results))
    parts = [_settings(results, tuned_on), _ratios(results)]
    for landlord in landlords:
        own = [result for result in results if result.case.landlord == landlord]
        parts += [f"### {_title(own)}", _orders(own), *_nights(own)]
    parts += ["### What each part is worth", _changed(results)]
    parts += ["### Innocent but eventful households", _groups(results)]
    return "\n\n".join(parts) + "\n"


def write(text: str, path: Path) -> None:
    """Put `text` between the markers of the file."""
    before, rest = path.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def _title(results: Sequence[Result]) -> str:
    case = results[0].case
    return f"{case.landlord.capitalize()}, {case.homes:,} homes"


def _settings(results: Sequence[Result], tuned_on: str) -> str:
    seeds = sorted({result.case.seed for result in results})
    strengths = sorted({result.case.strength for result in results})
    return (
        f"{len(results)} landlords; strengths of signal {_listed(strengths)}; reported on seeds "
        f"{_listed(seeds)}, tuned on {tuned_on}. Three years of records; about a tenth of the "
        "texts and a seventh of the codes are missing."
    )


def _ratios(results: Sequence[Result]) -> str:
    """Ours as a share of the posterior, landlord by landlord."""
    rows, ratios = [], []
    for result in results:
        ours, best = (result.quality[name]["average precision"] for name in (OURS, BEST))
        ratios.append(ours / best)
        case = result.case
        rows.append(
            [
                case.landlord,
                f"{case.homes:,}",
                str(case.seed),
                f"{case.strength}",
                f"{result.share_active:.2%}",
                f"{ours:.3f}",
                f"{best:.3f}",
                f"{ours / best:.2f}",
            ]
        )
    head = ["landlord", "homes", "seed", "strength", "active", OURS, BEST, "ratio"]
    median, worst = float(np.median(ratios)), min(ratios)
    verdict = (
        f"Ratio of average precisions: median **{median:.2f}** (goal {GOALS['median']}), "
        f"worst **{worst:.2f}** (goal {GOALS['worst']})."
    )
    return f"{verdict}\n\n{_table(head, rows)}"


def _orders(results: Sequence[Result]) -> str:
    """Mean of every measure over seeds and strengths, best order first."""
    names = [name for name in results[0].quality if not name.startswith(CHANGED)]
    means = {
        name: [float(np.mean([r.quality[name][measure] for r in results])) for measure in MEASURES]
        for name in names
    }
    ranked = sorted(names, key=lambda name: -means[name][0])
    rows = [[name, *(f"{value:.3f}" for value in means[name])] for name in ranked]
    head = ["order", "AP", *(f"P@{d}" for d in DEPTHS), *(f"R@{d}" for d in DEPTHS)]
    return _table(head, rows)


def _changed(results: Sequence[Result]) -> str:
    """Ours with one part changed: the share of the posterior's average precision it then has."""
    changed = [name for name in results[0].quality if name.startswith(CHANGED)]
    rows = []
    for name in (OURS, *changed):
        shares = [
            result.quality[name]["average precision"] / result.quality[BEST]["average precision"]
            for result in results
        ]
        words = "as shipped" if name == OURS else name.removeprefix(CHANGED)
        rows.append(
            [words, *(f"{v:.3f}" for v in (np.median(shares), np.mean(shares), min(shares)))]
        )
    head = ["order", "median ratio", "mean ratio", "worst ratio"]
    return _table(head, [rows[0], *sorted(rows[1:], key=lambda row: row[2])])


def _nights(results: Sequence[Result]) -> Iterable[str]:
    followed = [result for result in results if result.nights]
    if not followed:
        return
    names = list(followed[0].nights)
    measures = list(followed[0].nights[names[0]])
    rows = [
        [name, *(f"{np.mean([r.nights[name][m] for r in followed]):.2f}" for m in measures)]
        for name in names
    ]
    cases = _listed([f"seed {r.case.seed} at strength {r.case.strength}" for r in followed])
    yield f"A year of weekly nights at one alert per 1,000 homes a week ({cases}):"
    yield _table(["order", *measures], rows)


def _groups(results: Sequence[Result]) -> str:
    """How often innocents of a group are in the oddest twentieth, against all other innocents."""
    names = list(results[0].mistakes)
    groups = list(results[0].mistakes[names[0]])
    rows = []
    for group in groups:
        cells = [_times_as_often([r.mistakes[name][group] for r in results]) for name in names]
        rows.append([group, *cells])
    words = (
        f"How many times as often as other innocent households they are among the oddest "
        f"{ALERTED_SHARE:.0%} of homes (goal: at most {GROUP_GOAL}); all landlords together, "
        "in brackets the alerted innocents of the group."
    )
    return f"{words}\n\n{_table(['group', *names], rows)}"


def _times_as_often(counts: Sequence[list[int]]) -> str:
    alerted, size, others_alerted, others = np.sum(counts, axis=0).tolist()
    if not size or not others_alerted:
        return "–"
    return f"{alerted / size / (others_alerted / others):.2f} ({alerted})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _listed(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values)
