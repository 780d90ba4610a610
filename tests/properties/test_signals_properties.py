"""What must hold for any text and any order of records."""

import random

import pandas as pd
from hypothesis import example, given
from hypothesis import strategies as st

from builders.examples import examples
from builders.signals import a_record, classifier, labelled, records, verdict
from redflags.analysis.reading.classification import RECORD_COLUMNS
from redflags.analysis.reading.personal_data_masking import mask, mask_all
from redflags.analysis.reading.phrase_prefilter import FEW_TEXTS

anything = examples(60)
LABELLED = pd.concat([labelled("tuned"), labelled("held_out")]).reindex(
    columns=[*RECORD_COLUMNS, "tell"]
)
TELLING = LABELLED[LABELLED["tell"] != ""]
TOLD = classifier().classify(LABELLED)
PLAIN = LABELLED[(LABELLED["table"] == "repairs") & (LABELLED["work_type"] != "void")]
QUIET_REPAIRS = sorted(set(PLAIN.loc[(TOLD["tell"] == "") & (PLAIN["code"] == ""), "text"]))
REPAIR_TEXTS = sorted(set(PLAIN["text"]))
TRIGGERS = ["kicked", "smashed", "punched", "forced", "lock", "window", "reglaze", "spyhole"]
LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=6)


def tells(texts: list[str]) -> list[str]:
    return list(classifier().classify(records(*map(a_record, texts)))["tell"])


@anything
@given(st.randoms(use_true_random=False), st.integers(1, len(LABELLED)))
def test_the_order_of_records_and_what_stands_beside_them_do_not_matter(
    random_order: random.Random, size: int
) -> None:
    chosen = random_order.sample(range(len(LABELLED)), size)
    told = classifier().classify(LABELLED.iloc[chosen])
    pd.testing.assert_frame_equal(told, TOLD.iloc[chosen])


def test_the_quick_look_at_many_texts_passes_by_nothing_that_speaks() -> None:
    many = pd.concat([LABELLED] * 3)
    assert len(LABELLED) > FEW_TEXTS
    one_by_one = pd.concat(
        [classifier().classify(LABELLED.iloc[[n]]) for n in range(len(LABELLED))]
    )
    pd.testing.assert_frame_equal(classifier().classify(many), pd.concat([one_by_one] * 3))


@anything
@given(st.sampled_from(TRIGGERS), LETTERS, LETTERS)
def test_a_word_inside_a_longer_word_says_nothing(word: str, before: str, after: str) -> None:
    told = verdict(f"zq{before}{word} {word}{after}zq door {before}zq{word} glass")
    assert (told.signal, told.tell) == ("", "")


@anything
@given(
    st.sampled_from(["not", "never", "wasn't", "no sign of being", "has not been", "not actually"]),
    st.sampled_from(["kicked in", "smashed", "forced open", "punched"]),
    st.sampled_from(["front door", "bedroom door", "lounge window"]),
)
def test_what_is_denied_is_no_tell(negation: str, act: str, thing: str) -> None:
    assert verdict(f"{thing} {negation} {act}").tell == ""
    assert verdict(f"{thing} {act}").tell == "force"


@anything
@given(
    st.sampled_from(["no answer", "no access", "no lights", "not urgent", "no damage to wall"]),
    st.sampled_from([", ", ". ", " / ", " - ", "; ", " but "]),
)
def test_a_negation_does_not_reach_over_the_end_of_a_thought(denied: str, mark: str) -> None:
    assert verdict(f"{denied}{mark}front door kicked in").tell == "force"


@anything
@given(
    st.sampled_from(REPAIR_TEXTS),
    st.sampled_from(QUIET_REPAIRS),
    st.sampled_from([" / ", "\n", "; "]),
)
@example(
    "main entrance door to block smashed glass",
    "mice, hole in wall behind cooker to block up",
    " / ",
)
@example(
    "LC after forced entry for gas service", "no forced entry found, door ok on arrival", " / "
)
def test_an_innocent_sentence_never_adds_a_tell(text: str, innocent: str, mark: str) -> None:
    alone, after, before = tells([text, f"{text}{mark}{innocent}", f"{innocent}{mark}{text}"])
    if not alone:
        assert (after, before) == ("", "")


@anything
@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert verdict(text).entry or not verdict(text).signal


DIGITS_AND_MARKS = st.text(alphabet="0123456789 +-()/.x@abceghz,", max_size=40)


@anything
@given(st.one_of(st.text(max_size=60), DIGITS_AND_MARKS))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@anything
@given(st.lists(st.one_of(st.none(), DIGITS_AND_MARKS, st.text(max_size=30)), max_size=8))
def test_masking_many_is_masking_each(texts: list[str | None]) -> None:
    assert mask_all(texts) == [text if text is None else mask(text) for text in texts]


@anything
@given(st.integers(0, 10**9 - 1), st.sampled_from([" am", ".", " pls", "/", ""]))
def test_no_mobile_number_survives(number: int, after: str) -> None:
    masked = mask(f"ring 07{number:09d}{after}")
    assert masked == f"ring [phone]{after}"
