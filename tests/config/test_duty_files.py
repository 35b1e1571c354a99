"""duty.yaml, alarm_care.yaml and freshness.yaml: what is shipped can be used, and what is wrong is told in one line."""

import pytest

from config.alarm_care import load_alarm_care
from config.duty import load_duty_rules
from config.freshness import load_freshness
from tests.config.spoiling import assert_refused, changed

HOUR, DAY = 3_600_000, 86_400_000
LOADERS = {"duty.yaml": load_duty_rules, "alarm_care.yaml": load_alarm_care, "freshness.yaml": load_freshness}


def test_the_city_says_how_long_shifts_and_silences_last(tmp_path):
    rules = load_duty_rules()
    assert (rules.longest_ms, rules.early_ms) == (168 * HOUR, 2 * HOUR)
    assert load_duty_rules(changed(tmp_path, "duty.yaml", "longest_h: 168", "longest_h: 24")).longest_ms == DAY
    assert load_alarm_care().longest_silence_ms == 31 * DAY


def test_what_is_old_and_how_long_what_is_over_is_shown_is_the_citys_decision(tmp_path):
    patient = load_freshness(changed(tmp_path, "freshness.yaml", "stale_after: {value: 3", "stale_after: {value: 5"))
    assert [one.is_stale(60, 240_000) for one in (load_freshness(), patient)] == [True, False]
    assert [patient.is_stale(60, age) for age in (300_000, 300_001)] == [False, True] and not patient.is_stale(None, 10**12)
    care = load_alarm_care(changed(tmp_path, "alarm_care.yaml", "shown_h: 24", "shown_h: 48"))
    assert (care.cleared_shown_ms, care.silence_listed_ms, care.quality_ms) == (2 * DAY, DAY, 92 * DAY)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("duty.yaml", "limits: {", "limit: {", "limits: is missing"),
        ("duty.yaml", "gaps: {", "gap: {", "gaps: is missing"),
        ("duty.yaml", "longest_h: 168", "longest_h: 0", "a number, 1 or more"),
        ("duty.yaml", ", early_min: 120", "", "early_min: is missing"),
        ("duty.yaml", "short: major", "short: grave", "one of critical, major"),
        ("duty.yaml", ", coming: major", "", "coming: is missing"),
        ("duty.yaml", "watch_officer: {", "watchman: {", "expected one of"),
        ("alarm_care.yaml", "longest_days: 31", "longest_days: none", "a number"),
        ("alarm_care.yaml", "alarms: 30", "alarms: 1", "a whole number, 2 or more"),
        ("alarm_care.yaml", "shown_h: 24", "shown_h: 0", "a number, 1 or more"),
        ("alarm_care.yaml", ", listed_h: 24", "", "listed_h: is missing"),
        ("alarm_care.yaml", "major: urgent", "major: high", "one of critical, urgent, normal"),
        ("freshness.yaml", "value: 3,", "value: 0,", "a number, 1 or more"),
        ("freshness.yaml", "value: 3, unit: intervals", "value: 3, unit: s", "expected intervals"),
        ("freshness.yaml", "value: 10, unit: intervals", "value: 1, unit: intervals", "expected more than 1"),
        ("freshness.yaml", "value: 0.05", "value: 1", "a share"),
        ("freshness.yaml", "disk_left:", "disk:", "expected exactly the entries"),
        ("alarm_care.yaml", "silence: {", "silences: {", "expected exactly the entries"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_it(tmp_path, name, old, new, says):
    assert_refused(LOADERS[name], tmp_path, (name, old, new), says)
