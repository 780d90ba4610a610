"""How references of homes are written in two places, and what makes them the same."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from redflags.analysis.profiling.value_shapes import shared_start

LEAST_OVERLAP, LEAST_GAIN, NEARLY_ALL = 0.5, 0.05, 0.95


@dataclass(frozen=True, slots=True)
class ReferenceForm:
    """What a mapping does to references so that they match, and what share then does."""

    strip_prefix: str = ""
    strip_suffix: str = ""
    part: str = ""
    pad: int = 0
    plain_numbers: bool = False
    put_before: str = ""
    share_before: float = 0.0
    share_after: float = 0.0

    @property
    def changes(self) -> bool:
        return bool(
            self.strip_prefix
            or self.strip_suffix
            or self.part
            or self.pad
            or self.plain_numbers
            or self.put_before
        )


def bare(reference: str) -> str:
    """A reference without letters and noughts before its digits: what two spellings share."""
    core = re.sub(r"^[^0-9]*0*", "", reference.removesuffix(".0")).casefold()
    return re.sub(r"[^0-9a-z]+$", "", core)


def without_prefix(homes: Sequence[str]) -> tuple[str, ...]:
    """References of homes without the letters that nearly all begin with; none where none do."""
    prefix = _shared_prefix(homes)
    return tuple(home.removeprefix(prefix) for home in homes) if prefix else ()


def overlap(values: Iterable[str], others: Iterable[str]) -> float:
    """The share of distinct `values` that are among `others`."""
    distinct, known = set(values), set(others) - {""}
    return len(distinct & known) / len(distinct) if distinct else 0.0


def form_between(values: Sequence[str], homes: Sequence[str]) -> ReferenceForm:
    """What is to be done to `values` so that most are among `homes`; no change when nothing is."""
    known, distinct = set(homes), sorted(set(values))
    before = overlap(distinct, known)
    best = ReferenceForm(share_before=before, share_after=before)
    for form in _candidates(distinct, sorted(known)):
        after = overlap((applied(form, value) for value in distinct), known)
        if after > best.share_after + LEAST_GAIN and after >= LEAST_OVERLAP:
            best = replace(form, share_before=before, share_after=after)
    return best


def applied(form: ReferenceForm, value: str) -> str:
    """The reference as the mapping would make it."""
    value = form.put_before + value
    if form.part and (match := re.search(form.part, value)):
        value = match[1]
    value = value.removeprefix(form.strip_prefix).removesuffix(form.strip_suffix).strip()
    if form.plain_numbers:
        value = value.removesuffix(".0").replace(",", "")
    return value.rjust(form.pad, "0") if form.pad else value


def _candidates(values: Sequence[str], homes: Sequence[str]) -> list[ReferenceForm]:
    prefix, suffix = _shared_prefix(values), _shared_suffix(values)
    width = _shared_width(homes)
    forms = [
        ReferenceForm(strip_prefix=p, strip_suffix=s, pad=w, plain_numbers=n)
        for n in (False, any(value.endswith(".0") for value in values))
        for s in dict.fromkeys(("", suffix))
        for p in dict.fromkeys(("", prefix))
        for w in dict.fromkeys((0, width))
    ]
    lead = re.escape(prefix)
    lacking = _shared_prefix(homes)
    return [
        *forms,
        *([ReferenceForm(put_before=lacking)] if lacking else []),
        ReferenceForm(part=f"^{lead}0*([1-9].*)$"),
        ReferenceForm(part="^[^0-9]*([0-9].*)$"),
        ReferenceForm(part="^[^0-9]*0*([1-9].*)$"),
        ReferenceForm(part="^[^0-9]*([0-9]+)[^0-9]*$"),
        ReferenceForm(part="([0-9]+)[^0-9]*$"),
    ]


def _shared_prefix(values: Sequence[str]) -> str:
    """What nearly all begin with, up to the first digit; two in a hundred may lack it."""
    starts = Counter(re.split(r"[0-9]", value)[0] for value in values)
    start, rows = starts.most_common(1)[0] if starts else ("", 0)
    return start if rows >= NEARLY_ALL * len(values) else shared_start(values)


def _shared_suffix(values: Sequence[str]) -> str:
    ends = Counter(re.split(r"[0-9]", value)[-1] for value in values)
    end, rows = ends.most_common(1)[0] if ends else ("", 0)
    return end if rows >= NEARLY_ALL * len(values) else ""


def _shared_width(homes: Sequence[str]) -> int:
    """The length of padded references; 0 where they differ or none begins with a nought."""
    widths = Counter(map(len, homes)).most_common(1)
    width, rows = widths[0] if widths else (0, 0)
    is_padded = any(home.startswith("0") for home in homes)
    return width if is_padded and rows >= NEARLY_ALL * len(homes) else 0
