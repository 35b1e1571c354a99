"""duty.yaml and alarm_care.yaml: what is shipped can be used, and what is wrong is told in one line."""

import pytest

from config.alarm_care import load_alarm_care
from config.duty import load_duty_rules
from tests.config.spoiling import assert_refused, changed

HOUR, DAY = 3_600_000, 86_400_000
LOADERS = {"duty.yaml": load_duty_rules, "alarm_care.yaml": load_alarm_care}


def test_the_city_says_how_long_shifts_and_silences_last(tmp_path):
    rules = load_duty_rules()
    assert (rules.longest_ms, rules.early_ms) == (168 * HOUR, 2 * HOUR)
    assert load_duty_rules(changed(tmp_path, "duty.yaml", "longest_h: 168", "longest_h: 24")).longest_ms == DAY
    assert load_alarm_care().longest_silence_ms == 31 * DAY


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("duty.yaml", "limits: {", "limit: {", "limits: is missing"),
        ("duty.yaml", "gaps: {", "gap: {", "gaps: is missing"),
        ("duty.yaml", "longest_h: 168", "longest_h: 0", "a number, 1 or more"),
        ("duty.yaml", ", early_min: 120", "", "early_min: is missing"),
        ("duty.yaml", "watch_officer: {", "watchman: {", "expected one of"),
        ("alarm_care.yaml", "longest_days: 31", "longest_days: none", "a number"),
        ("alarm_care.yaml", "silence: {", "silences: {", "expected exactly the entries"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_it(tmp_path, name, old, new, says):
    assert_refused(LOADERS[name], tmp_path, (name, old, new), says)
