"""How codes, words and innocent reasons are weighed against each other."""

import pandas as pd
import pytest

from builders.signals import a_configuration, a_record, classifier, records, verdict
from redflags.analysis.reading.classification import Classifier
from redflags.analysis.reading.phrase_prefilter import FEW_TEXTS
from redflags.analysis.reading.signal_resolution import Verdict
from redflags.configuration.signals import SignalSet


def test_a_code_speaks_before_the_text() -> None:
    assert verdict("front door broken", code="390929").signal == "lock_change"


def test_the_text_adds_the_tell_to_the_signal_of_a_code() -> None:
    assert verdict("front door kicked in", code="390929") == Verdict(
        "lock_change", "force", "", "phrase:door kicked or broken through"
    )


def test_a_general_code_gives_way_to_the_text() -> None:
    assert verdict("board up front door", code="397001").signal == "door_damage"
    assert verdict("secure", code="397001").signal == "window_damage"


@pytest.mark.parametrize("code", ["390901", "390921"])
def test_both_ends_of_a_range_belong_to_it(code: str) -> None:
    assert verdict(code=code).signal == "lock_change"


@pytest.mark.parametrize("code", ["390900", "390922", "390922 ", "39092"])
def test_codes_beside_a_range_are_unknown(code: str) -> None:
    assert verdict(code=code).signal == ""


@pytest.mark.parametrize("code", ["fs040101", " FS040101", "\u00a0FS040101 "])
def test_codes_are_compared_without_case_or_blanks(code: str) -> None:
    assert verdict(code=code).innocent_reason == "planned"


@pytest.mark.parametrize(
    ("text", "signal", "tell", "reason"),
    [
        ("lost keys, change lock", "lock_change", "", "lost_key"),
        ("lost keys, change lock, ex has keys", "lock_change", "partner", ""),
        ("lost keys, change lock, ten in fear", "lock_change", "fear", ""),
        ("burglary, front door kicked in, CRN 12", "door_damage", "", "burglary"),
        ("burglary by ex partner, front door kicked in", "door_damage", "partner", ""),
        ("front door kicked in, CRN 12", "door_damage", "force", ""),
        ("police forced entry, front door kicked in", "door_damage", "", "services_entry"),
        ("police attended, front door kicked in", "door_damage", "force", ""),
        ("front door kicked in police informed", "door_damage", "force", ""),
        ("tenant kicked own door", "door_damage", "", "lost_key"),
        ("gas engineer gained access and int drs punched", "internal_damage", "force", ""),
        ("sanctuary: ex has threatened tenant, change locks", "lock_change", "", "sanctuary"),
    ],
)
def test_an_innocent_reason_explains_what_it_covers_and_yields_to_fear_and_partners(
    text: str, signal: str, tell: str, reason: str
) -> None:
    told = verdict(text)
    assert (told.signal, told.tell, told.innocent_reason) == (signal, tell, reason)


@pytest.mark.parametrize(
    ("work_type", "reason"),
    [
        ("void", "void"),
        ("planned", "planned"),
        ("cyclical", "planned"),
        ("defect", "planned"),
        ("adaptation", "adaptation"),
        ("communal", "communal"),
        ("responsive", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_the_type_of_work_is_an_innocent_reason(work_type: str | None, reason: str) -> None:
    assert verdict("lock change", work_type=work_type).innocent_reason == reason


def test_a_programme_yields_to_force_at_one_door_and_an_empty_home_does_not() -> None:
    assert verdict("front door kicked in", work_type="planned").tell == "force"
    assert verdict("front door kicked in", work_type="void").innocent_reason == "void"


def test_a_code_about_a_shed_silences_force_but_not_fear() -> None:
    assert verdict("lock forced, door kicked in", code="391723").signal == ""
    assert verdict("ex partner kicked it in", code="391723").tell == "partner"


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (
            "mice, hole in wall behind cooker to block up",
            "main entrance door to block smashed glass",
            "communal",
        ),
        ("LC after forced entry for gas service", "door ok, tap found leaking", "services_entry"),
    ],
)
def test_the_excuse_of_a_sentence_stands_whatever_stands_beside_it(
    first: str, second: str, reason: str
) -> None:
    for text in (f"{first} / {second}", f"{second} / {first}"):
        assert (verdict(text).tell, verdict(text).innocent_reason) == ("", reason)


@pytest.mark.parametrize(
    "text",
    [
        "main entrance door smashed, to block up",
        "ambulance crew forced door, found frame split",
    ],
)
def test_what_takes_an_excuse_back_in_its_own_sentence_does_so(text: str) -> None:
    assert verdict(text).tell == "force"


def test_an_accident_told_in_another_sentence_takes_force_back() -> None:
    assert verdict("lounge window smashed").tell == "force"
    assert verdict("lounge window smashed / tripped over hoover").tell == ""


@pytest.mark.parametrize("status", ["Cancelled", "No access", "Complete", None])
def test_cancelled_and_no_access_jobs_still_tell(status: str | None) -> None:
    assert verdict("bedroom door punched", status=status).tell == "force"


@pytest.mark.parametrize(
    ("table", "signal"),
    [
        ("lock_changes", "lock_change"),
        ("homelessness", "homeless_presentation"),
        ("concerns", "staff_concern"),
        ("asb", "asb_report"),
        ("repairs", ""),
    ],
)
@pytest.mark.parametrize("text", ["", None, "window smashed by football"])
def test_what_a_table_is_about_is_its_signal(table: str, signal: str, text: str | None) -> None:
    told = verdict(text, table=table, work_type=None)
    assert told.signal == (signal or ("window_damage" if text else ""))


def test_an_unmapped_category_is_not_guessed() -> None:
    assert verdict("", table="asb", code="Category of our own").signal == ""


@pytest.mark.parametrize(
    "text",
    ["door.Kicked In", "DOOR:KICKED IN", "frnt dr kickd in", "door kicked-in", "door's kicked in"],
)
def test_text_is_read_as_operatives_write_it(text: str) -> None:
    expected = "" if text.startswith("door.") else "force"
    assert verdict(text).tell == expected


@pytest.mark.parametrize("written", ["front door forc'd", "FRONT_DOOR_KICKED_IN", "f/door kickd"])
def test_many_texts_are_read_as_each_would_be(written: str) -> None:
    given = records(*(a_record(f"{written} {number}") for number in range(FEW_TEXTS)))
    assert set(classifier().classify(given)["tell"]) == {"force"}


def test_an_entry_says_which_code_or_phrase_decided() -> None:
    assert verdict(code="390929").entry == "code:390929"
    assert verdict(code="515003").entry == "code:515*"
    assert verdict(trade_code="DA").entry == "trade_code:DA"
    assert verdict("reglaze").entry == "phrase:reglaze"
    assert verdict(table="lock_changes").entry == "table:lock_changes"
    assert verdict("tap dripping") == Verdict()


def test_the_result_keeps_the_index_and_the_order_of_the_records() -> None:
    given = records(a_record("tap"), a_record(table="concerns"), a_record(code="390929"))
    told = classifier().classify(given.set_axis(["x", "y", "x"]))
    assert list(told.index) == ["x", "y", "x"]
    assert list(told["signal"]) == ["", "staff_concern", "lock_change"]


def test_no_records_give_no_verdicts() -> None:
    told = classifier().classify(records())
    assert told.empty
    assert list(told.columns) == ["signal", "tell", "innocent_reason", "entry"]


@pytest.mark.parametrize("table", ["tenancies", None])
def test_a_record_of_another_table_is_refused_without_saying_what_is_in_it(table: str) -> None:
    with pytest.raises(ValueError, match="one of repairs") as refusal:
        classifier().classify(records(a_record("secret text", table=table)))
    assert "secret" not in str(refusal.value)


def test_unmapped_codes_are_counted_by_the_contracts_names() -> None:
    given = records(
        a_record(code="Z1"),
        a_record(code="Z1", trade_code="QQ"),
        a_record(code="390929", trade_code="CP"),
        a_record(table="asb", code="Odd", work_type=None),
        a_record(code=None),
    )
    found = classifier().unmapped_codes(given)
    assert found.to_dict("records") == [
        {"table": "repairs", "column": "sor_code", "code": "Z1", "n": 2},
        {"table": "asb", "column": "category", "code": "Odd", "n": 1},
        {"table": "repairs", "column": "trade_code", "code": "QQ", "n": 1},
    ]


def told_with(*codes: dict[str, object], code: str) -> str:
    signal_set = SignalSet.model_validate(a_configuration(codes=list(codes)))
    return str(Classifier(signal_set).classify(records(a_record(code=code)))["signal"].iloc[0])


def test_an_exact_code_beats_a_prefix_and_a_longer_prefix_a_shorter() -> None:
    entries = [
        {"name": "a", "table": "repairs", "prefixes": ["39"], "signal": "door_damage"},
        {"name": "b", "table": "repairs", "prefixes": ["3909"], "signal": "window_damage"},
        {"name": "c", "table": "repairs", "exact": ["390929"], "signal": "lock_change"},
    ]
    assert told_with(*entries, code="391000") == "door_damage"
    assert told_with(*entries, code="390930") == "window_damage"
    assert told_with(*entries, code="390929") == "lock_change"


def test_of_two_entries_with_one_code_the_higher_precedence_speaks() -> None:
    one = {"table": "repairs", "exact": ["1"]}
    entries = [
        {"name": "a", "signal": "door_damage", "precedence": 1, **one},
        {"name": "b", "signal": "lock_change", **one},
    ]
    assert told_with(*entries, code="1") == "door_damage"


@pytest.mark.slow
def test_a_hundred_thousand_distinct_texts_take_seconds_not_minutes() -> None:
    import time

    texts = [f"leak {n} under sink / ten reports front door {n} kicked in" for n in range(100_000)]
    given = pd.DataFrame({"text": texts}).reindex(columns=records().columns).assign(table="repairs")
    started = time.process_time()
    classifier().classify(given)
    assert time.process_time() - started < 6
