"""What a cell says as a value of its field, both sides of what is still understood; and never anything but a value or a reason."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import TYPES
from domain.imports import Formula, Read, RowError, Sheet, UnfitFile, Wanted, columns_of, read_cell, read_sheet

ZONE = ZoneInfo("Asia/Shanghai")
WANTED = (Wanted("town", "镇街", "text"), Wanted("day", "日期", "day"), Wanted("present", "实到人数", "whole"))
HEADING = ("日期", "镇街", "备注", "实到人数 ")


def read(*rows: tuple[Any, ...], most: int = 100) -> Read:
    return read_sheet(Sheet(HEADING, enumerate(rows, 2), "UTF-8"), WANTED, ("town", "day"), ZONE, most)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("text", 441900003.0, "441900003"),
        ("text", "  莞城 ", "莞城"),
        ("text", "=SUM(A1)", "=SUM(A1)"),
        ("whole", "1,234", 1234),
        ("whole", "１２", 12),
        ("whole", 12.0, 12),
        ("number", "-1,234.5", -1234.5),
        ("number", ".5", 0.5),
        ("number", "1e3", 1000.0),
        ("number", 10**30, 1e30),
        ("number", "9999999999999999999", 1e19),
        ("truth", "是", True),
        ("truth", "否", False),
        ("truth", 1, True),
        ("day", "2026-5-1", "2026-05-01"),
        ("day", "2026/05/01", "2026-05-01"),
        ("day", "2026年5月1日", "2026-05-01"),
        ("day", "20260501", "2026-05-01"),
        ("day", datetime(2026, 5, 1), "2026-05-01"),
        ("day", date(2026, 5, 1), "2026-05-01"),
        ("moment", "2026/05/01 08:30", "2026-05-01T08:30:00+08:00"),
        ("moment", "2026-05-01T00:30:00Z", "2026-05-01T00:30:00+00:00"),
        ("moment", date(2026, 5, 1), "2026-05-01T00:00:00+08:00"),
        ("whole", "", None),
        ("day", None, None),
    ],
)
def test_a_cell_is_read_as_its_field_says(kind: str, cell: Any, value: Any) -> None:
    assert read_cell(cell, kind, ZONE) == value


@pytest.mark.parametrize(
    ("kind", "cell", "reason"),
    [
        ("whole", "12.5", "not_whole"),
        ("whole", "1,23", "not_number"),
        ("whole", True, "not_number"),
        ("number", "nan", "not_number"),
        ("number", float("inf"), "not_number"),
        ("number", "1e999", "not_number"),
        ("number", 10**400, "not_number"),
        ("number", "12 人", "not_number"),
        ("number", ".", "not_number"),
        ("day", "05/06/2026", "not_day"),
        ("day", "2026-02-30", "not_day"),
        ("day", 46143, "not_day"),
        ("day", datetime(2026, 5, 1, 8), "not_day"),
        ("moment", "昨天", "not_moment"),
        ("truth", "也许", "not_truth"),
        ("text", "x" * 5000, "text_too_long"),
        ("number", Formula("=A1/0"), "formula_without_value"),
    ],
)
def test_what_cannot_be_read_has_a_reason_and_is_not_guessed(kind: str, cell: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_cell(cell, kind, ZONE)


CELLS = st.one_of(
    st.none(), st.text(max_size=40), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.builds(Formula, st.text())
)


@given(st.sampled_from(TYPES), CELLS)
def test_any_cell_becomes_a_value_or_a_reason(kind: str, cell: Any) -> None:
    try:
        found = read_cell(cell, kind, ZONE)
    except ValueError as error:
        assert str(error).replace("_", "").isalpha()
        return
    assert found is None or isinstance(found, str | int | float | bool)
    assert found == found and found not in (float("inf"), float("-inf"))


def test_rows_are_read_by_the_heading_in_any_order_and_wrong_ones_are_told_with_their_number() -> None:
    found = read(
        ("2026-05-01", "莞城", "x", "12"), ("2026-05-01", "东城", "", "十二"), ("", "", "", ""), ("2026-05-01", "莞城", "", "9"), ("",)
    )
    assert [(row.number, row.record_key, dict(row.values)) for row in found.rows] == [
        (2, "莞城|2026-05-01", {"town": "莞城", "day": "2026-05-01", "present": 12})
    ]
    assert list(found.errors) == [RowError(3, "实到人数", "十二", "not_number"), RowError(5, "town, day", "莞城|2026-05-01", "key_twice")]
    assert found.error_count == 2


def test_a_row_without_its_key_is_an_error() -> None:
    assert read(("2026-05-01", "", "", "12")).errors == [RowError(2, "town", "", "key_missing")]


@pytest.mark.parametrize(
    ("heading", "reason"),
    [(("日期", "镇街"), "column_missing"), (("日期", "镇街", "实到人数", "PRESENT"), "column_twice"), ((), "column_missing")],
)
def test_a_heading_that_lacks_a_field_or_has_it_twice_is_unfit(heading: tuple[str, ...], reason: str) -> None:
    with pytest.raises(UnfitFile, match=reason):
        columns_of(heading, WANTED)


def test_too_many_rows_are_unfit() -> None:
    rows = [("2026-05-01", str(n), "", "1") for n in range(4)]
    assert len(read(*rows, most=4).rows) == 4
    with pytest.raises(UnfitFile, match="too_many_rows: 3"):
        read(*rows, most=3)
