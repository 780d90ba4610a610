"""A line of sums at the end of a file is set aside as that, and is no job of any home."""

import pytest

from builders.detection import a_repair, validated
from redflags.analysis.schemas import PROPERTIES, REPAIRS
from redflags.domain.row_problem import ProblemCode

NOTHING: dict[str, str | None] = {"work_order_ref": None, "property_ref": None, "raised_at": None}


@pytest.mark.parametrize(
    "word",
    [
        *("Total", "TOTALS", "Total:", "Grand Total", "grand totals:", "Sub-total", "Subtotal"),
        *("Total cost", "total (30 jobs)", "Report total"),
    ],
)
def test_total_as_a_reference_is_a_line_of_sums(word: str) -> None:
    found = validated(REPAIRS, a_repair(work_order_ref=word)).iloc[0]
    assert found["_quarantined"]
    assert found["_faults"] == f"work_order_ref:{ProblemCode.TOTALS_ROW}"


@pytest.mark.parametrize("ref", ["Total-17", "TOTALLY 1", "W-TOTAL", "Totalis", "0"])
def test_a_reference_that_is_one_stays(ref: str) -> None:
    assert not validated(REPAIRS, a_repair(work_order_ref=ref)).iloc[0]["_quarantined"]


def test_a_sum_without_any_reference_or_date_is_a_line_of_sums() -> None:
    row = a_repair(cost_gbp="1234.00", status="completed", work_type="responsive") | NOTHING

    found = validated(REPAIRS, row).iloc[0]

    assert found["_quarantined"]
    assert f"work_order_ref:{ProblemCode.TOTALS_ROW}" in found["_faults"].split(";")


@pytest.mark.parametrize("tie", ["work_order_ref", "property_ref", "raised_at"])
def test_a_sum_that_is_tied_to_something_is_a_row_with_a_blank(tie: str) -> None:
    whole = a_repair(cost_gbp="20.00")
    row = whole | NOTHING | {tie: whole[tie]}

    assert "totals_row" not in validated(REPAIRS, row).iloc[0]["_faults"]


def test_a_padded_reference_and_other_tables_are_looked_at_too() -> None:
    found = validated(PROPERTIES, {"property_ref": "000Total"}).iloc[0]

    assert found["_faults"] == "property_ref:totals_row"
