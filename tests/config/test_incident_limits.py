"""incident_limits.yaml: what is shipped can be used and says its source; what is wrong is told in one line."""

import pytest
import yaml

from config.incident_limits import ENTRIES, FILE, load_incident_limits
from config.strict import FOLDER
from domain.duplicates import likeness, said_alike
from domain.incident_states import GRADES
from tests.config.spoiling import assert_refused, changed


def test_every_number_and_list_is_there_with_its_unit_and_source():
    entries = yaml.safe_load((FOLDER / FILE).read_text(encoding="utf-8"))
    assert set(entries) == set(ENTRIES) and all(set(one) == {"value", "unit", "source"} for one in entries.values())
    limits = load_incident_limits()
    assert limits.quiet_ms == 600_000 and limits.nearby.reach_s == 600 and limits.unseen.shown_ms == 7 * 86_400_000
    assert (limits.attachment_bytes, limits.track_ms) == (20 * 1024 * 1024, 86_400_000)
    assert limits.major < set(GRADES)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("same_place: {value: 500", "same_place: {value: 0", "same_place: value: 0: expected more than 0 m"),
        ("quiet: {value: 10, unit: min", "quiet: {value: 10, unit: s", "quiet: unit: 's': expected min"),
        ("quiet: {value: 10", "quiet: {value: -10", "a number above 0"),
        ("{place: 0.5, time: 0.25", "{place: 0.6, time: 0.25", "together 1"),
        ("same_likely: {value: 0.5", "same_likely: {value: 50", "a share from 0 to 1"),
        ("satisfied: {value: 4", "satisfied: {value: 6", "a whole number from 1 to 5"),
        ("tiers: {value: 3", "tiers: {value: 0", "a whole number from 1 on"),
        ("attachment: {value: 20", "attachment: {value: 0.5", "attachment: value: 0.5: expected a whole number from 1 on"),
        ("attachment: {value: 20, unit: MB", "attachment: {value: 20, unit: KB", "attachment: unit: 'KB': expected MB"),
        ("track: {value: 24", "track: {value: 0", "a number above 0"),
        ("[natural_disaster, accident", "[storms, accident", "a list, none twice, of natural_disaster"),
        ("report_first: {value: [place", "report_first: {value: [where", "a list, none twice, of asked_for"),
        ("[school, kindergarten", "[school, school", "a list of words, none twice"),
        ("tiers: {", "tears: {", "expected exactly the entries"),
        (", unit: tiers, source: ", ", unit: tiers, because: ", "a known key: value, unit, source"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_it(tmp_path, old, new, says):
    assert_refused(load_incident_limits, tmp_path, (FILE, old, new), says)


def test_another_number_changes_what_is_alike(tmp_path):
    shipped, wide = (
        load_incident_limits().same,
        load_incident_limits(changed(tmp_path, FILE, "same_place: {value: 500", "same_place: {value: 1000")).same,
    )
    assert likeness(shipped, 0, 0, True, True).share == 1.0
    assert (likeness(shipped, 500, 0, True, True).share, likeness(wide, 500, 0, True, True).share) == (0.5, 0.75)
    assert likeness(shipped, 500, shipped.time_ms, False, True).share == 0.125
    assert said_alike(shipped, 1.0, None, shipped.time_ms, False, False).share == 0.75
