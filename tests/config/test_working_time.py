"""When a city works is read strictly: an error is one line that says where, what, and what was expected."""

from datetime import date
from pathlib import Path

import pytest

from config.strict import ConfigError
from config.working_time import load_office, load_years

ZONE = "zone: {value: Asia/Shanghai, source: a test}\n"
OFFICE = 'office: {value: ["08:30-12:00", "13:30-18:00"], source: a test}\n'
SHARE = "near_due_share: {value: 0.2, source: a test}\n"


def test_the_files_that_ship_are_right() -> None:
    office = load_office()
    assert (office.zone, office.near_due_share) == ("Asia/Shanghai", 0.2)
    assert office.spans == ((510, 720), (810, 1080))
    assert load_years() == {}


def test_an_office_day_may_end_at_midnight(tmp_path: Path) -> None:
    (tmp_path / "working_time.yaml").write_text(ZONE + SHARE + 'office: {value: ["16:00-24:00"], source: a test}\n', encoding="utf-8")
    assert load_office(tmp_path).spans == ((960, 1440),)


SPANS = 'expected spans like "08:30-12:00", in order and apart, together 8 hours'


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (ZONE.replace("Shanghai", "Dongguan") + OFFICE + SHARE, "working_time.yaml: zone: value: 'Asia/Dongguan': expected a time zone"),
        (ZONE.replace("Asia/Shanghai", "8") + OFFICE + SHARE, "working_time.yaml: zone: value: 8: expected a time zone"),
        (ZONE.replace("Asia/Shanghai", "../etc") + OFFICE + SHARE, "working_time.yaml: zone: value: '../etc': expected a time zone"),
        (ZONE + OFFICE.replace("18:00", "17:59") + SHARE, SPANS),
        (ZONE + OFFICE.replace("18:00", "18:01") + SHARE, SPANS),
        (ZONE + OFFICE.replace("12:00", "13:30").replace("18:00", "16:30") + SHARE, SPANS),
        (ZONE + OFFICE.replace("08:30-12:00", "22:00-24:01") + SHARE, SPANS),
        (ZONE + OFFICE.replace("08:30-12:00", "8:30-12:00") + SHARE, SPANS),
        (ZONE + 'office: {value: "08:00-16:00", source: a test}\n' + SHARE, SPANS),
        (ZONE + "office: {value: [8], source: a test}\n" + SHARE, SPANS),
        (ZONE + OFFICE + SHARE.replace("0.2", "1"), "working_time.yaml: near_due_share: value: 1: expected a number between 0 and 1"),
        (ZONE + OFFICE + SHARE.replace("0.2", "0"), "working_time.yaml: near_due_share: value: 0: expected a number between 0 and 1"),
        (ZONE + OFFICE + SHARE.replace("0.2", '"20 %"'), "working_time.yaml: near_due_share: value: '20 %': expected a number"),
        (ZONE + OFFICE, "working_time.yaml: near_due_share: expected exactly the entries zone, office, near_due_share"),
        (ZONE + OFFICE + SHARE + SHARE.replace("near", "far"), "working_time.yaml: far_due_share: expected exactly the entries"),
        (ZONE + OFFICE + "near_due_share: {value: 0.2}\n", "working_time.yaml: near_due_share: source: is missing"),
    ],
)
def test_an_error_names_file_entry_key_value_and_what_was_expected(tmp_path: Path, content: str, line: str) -> None:
    (tmp_path / "working_time.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_office(tmp_path)
    assert line in str(error.value)
    assert "\n" not in str(error.value)


def test_a_year_is_read(tmp_path: Path) -> None:
    line = '"2100": {holidays: [2100-01-01], workdays: [2100-01-02], source: a test}\n'
    (tmp_path / "holidays.yaml").write_text(line, encoding="utf-8")
    year = load_years(tmp_path)[2100]
    assert [year.is_working_day(date(2100, 1, day)) for day in (1, 2, 3, 4)] == [False, True, False, True]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('"21": {holidays: [], workdays: [], source: x}', 'holidays.yaml: 21: expected a year like "2027"'),
        ("2100: {holidays: [], workdays: [], source: x}", "holidays.yaml: 2100:"),
        ('"2100": {holidays: [2099-12-31], workdays: [], source: x}', "'2099-12-31': expected days of 2100, each in one of the two"),
        (
            '"2100": {holidays: [2100-01-01], workdays: [2100-01-01], source: x}',
            "'2100-01-01': expected days of 2100, each in one of the two",
        ),
        ('"2100": {holidays: ["2100-01-01"], workdays: [], source: x}', "expected a list of dates like 2027-01-01, none twice"),
        ('"2100": {holidays: [2100-01-01, 2100-01-01], workdays: [], source: x}', "expected a list of dates like 2027-01-01, none twice"),
        ('"2100": {holidays: [2100-01-01 08:00:00], workdays: [], source: x}', "expected a list of dates like 2027-01-01, none twice"),
        ('"2100": {holidays: 2100-01-01, workdays: [], source: x}', "expected a list of dates like 2027-01-01, none twice"),
        ('"2100": {holidays: [], source: x}', "holidays.yaml: 2100: workdays: is missing"),
        ('"2100": {holidays: [], workdays: []}', "holidays.yaml: 2100: source: is missing"),
    ],
)
def test_a_year_that_cannot_be_right_is_refused_in_one_line(tmp_path: Path, content: str, line: str) -> None:
    (tmp_path / "holidays.yaml").write_text(content + "\n", encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_years(tmp_path)
    assert line in str(error.value)
    assert "\n" not in str(error.value)
