"""What is masked in job text, and what must stay."""

import pytest

from redflags.analysis.reading.personal_data_masking import mask, mask_all


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ring 07700900123 first", "ring [phone] first"),
        ("07700 900 123", "[phone]"),
        ("07700-900-123", "[phone]"),
        ("tel:07700900123mob", "tel:[phone]mob"),
        ("(0161) 496 0000", "[phone]"),
        ("020 7946 0000", "[phone]"),
        ("0800 123 4567", "[phone]"),
        ("+44 7700 900123", "[phone]"),
        ("+44 (0)161 496 0000", "[phone]"),
        ("0044 20 7946 0000", "[phone]"),
        ("447700900123", "[phone]"),
        ("020 79 46 00 00", "[phone]"),
        ("0161 496 0000 ext 3", "[phone] ext 3"),
        ("07700 900 123 2 rooms", "[phone] 2 rooms"),
        ("07700 900123 07700 900124", "[phone] [phone]"),
        ("07700 900123/07700 900124", "[phone]/[phone]"),
        ("mail test.person@example.org today", "mail [e-mail] today"),
        ("at E9 6PT", "at [postcode]"),
        ("flat 3 sw1a2aa", "flat 3 [postcode]"),
        ("M12 3AB.", "[postcode]."),
    ],
)
def test_what_could_lead_to_a_person_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "390929 342105",
        "SOR 390929 x 2",
        "DA974002 FS040101",
        "WO 10000012",
        "WO 0012345678",
        "prop ref 00012345",
        "order 20240105001 qty 10",
        "1200x600",
        "1981x762x35 door",
        "2000 1000 0900",
        "01/02/2024 09:30",
        "01-02-2024 10:30",
        "02-08-2024 103 mm @ site",
        "2024-01-05 10:30 to 12:00",
        "bed2 2no int drs",
        "b2 1st fix",
        "x2 2no",
        "E9 6PTS",
        "CRN 24/0012345/22",
        "tnt @10.30am",
        "",
    ],
)
def test_codes_orders_sizes_and_dates_stay(text: str) -> None:
    assert mask(text) == text


def test_many_texts_are_masked_as_each_would_be_and_missing_ones_stay_missing() -> None:
    texts = ["tap drips", None, "ring 07700 900123", "", "a@example.org", "at E9 6PT"]
    assert mask_all(texts) == [text if text is None else mask(text) for text in texts]
    assert mask_all([]) == []
