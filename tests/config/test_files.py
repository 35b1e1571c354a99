"""The files that a city changes are read strictly: an error is one line that says where, what, and what was expected."""

from pathlib import Path

import pytest

from config.alarm_rules import load_rules
from config.files import ConfigError, load_catalogue, load_kinds
from tests.config.spoiling import spoil


def test_the_files_that_ship_are_right() -> None:
    kinds, rules = load_kinds(), load_rules()
    assert len(kinds) >= 18
    assert {metric for kind in kinds.values() for metric in kind.metrics} <= {metric.name for metric in load_catalogue()}
    assert all(metric.source and metric.zh and metric.en for metric in load_catalogue())
    (deep, *_) = rules.for_device("standing_water", "water_depth")
    assert (deep.rule_id, deep.raise_value, deep.clear_value, deep.for_s, deep.severity) == (
        "standing_water_deep",
        0.3,
        0.2,
        60,
        "critical",
    )


def test_primary_means_each_kinds_own_metric() -> None:
    rules, kinds = load_rules(), load_kinds()
    for kind in kinds.values():
        silent = [metric for metric in rules.series_of(kind.kind) for rule in rules.for_device(kind.kind, metric) if rule.type == "no_data"]
        assert silent == ([kind.primary] if kind.primary else [])


WRONG = [
    ("metrics.yaml", "pm25", {"kind": "float"}, "metrics.yaml: pm25: kind: 'float': expected one of number, bool, string"),
    (
        "metrics.yaml",
        "pm25",
        {"range": [5, 5]},
        "metrics.yaml: pm25: range: [5, 5]: expected [low, high], low below high, null for no bound",
    ),
    (
        "metrics.yaml",
        "pm25",
        {"range": ["a", 5]},
        "metrics.yaml: pm25: range: ['a', 5]: expected [low, high], low below high, null for no bound",
    ),
    ("metrics.yaml", "pm25", {"decimals": True}, "metrics.yaml: pm25: decimals: True: expected a whole number from 0 to 6"),
    ("metrics.yaml", "pm25", {"zh": " "}, "metrics.yaml: pm25: zh: ' ': expected text"),
    ("metrics.yaml", "pm25", {"unit": 3}, "metrics.yaml: pm25: unit: 3: expected text, empty where there is no unit"),
    ("metrics.yaml", "pm25", {"source": ...}, "metrics.yaml: pm25: source: is missing"),
    (
        "metrics.yaml",
        "pm25",
        {"colour": "red"},
        "metrics.yaml: pm25: colour: 'red': expected a known key: zh, en, unit, kind, range, decimals, source",
    ),
    (
        "device_kinds.yaml",
        "pump",
        {"metrics": ["current", "current"]},
        "device_kinds.yaml: pump: metrics: ['current', 'current']: expected a list, none",
    ),
    ("device_kinds.yaml", "pump", {"primary": "pm25"}, "device_kinds.yaml: pump: primary: 'pm25': expected one of its metrics, or null"),
    ("device_kinds.yaml", "pump", {"domain": "water"}, "device_kinds.yaml: pump: domain: 'water': expected one of business, ecology,"),
    (
        "alarm_rules.yaml",
        "gas_leak",
        {"kinds": ["gass"]},
        "alarm_rules.yaml: gas_leak: kinds: ['gass']: expected a list, none twice, of air_quality,",
    ),
    ("alarm_rules.yaml", "gas_leak", {"metric": "pm25"}, "alarm_rules.yaml: gas_leak: metric: 'pm25': expected a metric of gas: lel"),
    ("alarm_rules.yaml", "gas_leak", {"clear": 15}, "alarm_rules.yaml: gas_leak: clear: 15.0: expected a number below raise (15)"),
    ("alarm_rules.yaml", "traffic_slow", {"clear": 9}, "alarm_rules.yaml: traffic_slow: clear: 9.0: expected a number above raise (10)"),
    (
        "alarm_rules.yaml",
        "gas_leak",
        {"raise": 101},
        "alarm_rules.yaml: gas_leak: raise: 101.0: expected a value within the metric's range, 0.0 to",
    ),
    ("alarm_rules.yaml", "gas_leak", {"raise": "15"}, "alarm_rules.yaml: gas_leak: raise: '15': expected a number"),
    ("alarm_rules.yaml", "gas_leak", {"raise": float("nan")}, "alarm_rules.yaml: gas_leak: raise: nan: expected a number"),
    ("alarm_rules.yaml", "gas_leak", {"for_s": -1}, "alarm_rules.yaml: gas_leak: for_s: -1: expected a number, 0 or more"),
    (
        "alarm_rules.yaml",
        "gas_leak",
        {"type": "treshold"},
        "alarm_rules.yaml: gas_leak: type: 'treshold': expected one of threshold, rate, no_data",
    ),
    ("alarm_rules.yaml", "gas_leak", {"severity": "high"}, "alarm_rules.yaml: gas_leak: severity: 'high': expected one of critical,"),
    ("alarm_rules.yaml", "gas_leak", {"k": 3}, "alarm_rules.yaml: gas_leak: k: 3: expected a known key: zh,"),
    ("alarm_rules.yaml", "no_data", {"k": 0.5}, "alarm_rules.yaml: no_data: k: 0.5: expected a number, 1 or more"),
    ("alarm_rules.yaml", "no_data", {"raise": 1}, "alarm_rules.yaml: no_data: raise: 1: expected a known key: zh,"),
    ("alarm_rules.yaml", "manhole_tampered", {"times": 1}, "alarm_rules.yaml: manhole_tampered: times: 1: expected a whole number from 2"),
    ("alarm_rules.yaml", "manhole_tampered", {"for_s": 1}, "alarm_rules.yaml: manhole_tampered: for_s: 1: expected a known key: zh,"),
    ("alarm_rules.yaml", "manhole_tampered", {"clear": 2}, "alarm_rules.yaml: manhole_tampered: clear: 2.0: expected a number below raise"),
    ("alarm_rules.yaml", "car_park_full", {"values": []}, "alarm_rules.yaml: car_park_full: values: []: expected a list of texts,"),
    ("alarm_rules.yaml", "car_park_full", {"values": ["full"]}, "alarm_rules.yaml: car_park_full: values: 'full': expected a value that"),
    ("alarm_rules.yaml", "vehicle_left_city", {"metric": "pm25"}, "alarm_rules.yaml: vehicle_left_city: metric: 'pm25': expected a known"),
    (
        "alarm_rules.yaml",
        "vehicle_left_city",
        {"side": "near"},
        "alarm_rules.yaml: vehicle_left_city: side: 'near': expected one of inside",
    ),
    (
        "alarm_rules.yaml",
        "video_urgent",
        {"types": ["gossip"]},
        "alarm_rules.yaml: video_urgent: types: 'gossip': expected a type of",
    ),
    ("alarm_rules.yaml", "video_urgent", {"types": []}, "alarm_rules.yaml: video_urgent: types: []: expected a list of types"),
    ("alarm_rules.yaml", "video_urgent", {"priorities": [5]}, "alarm_rules.yaml: video_urgent: priorities: [5]: expected a list of whole"),
    ("alarm_rules.yaml", "video_urgent", {"quiet_s": 0}, "alarm_rules.yaml: video_urgent: quiet_s: 0: expected a number, 1 or more"),
    ("alarm_rules.yaml", "video_urgent", {"metric": "online"}, "alarm_rules.yaml: video_urgent: metric: 'online': expected a known key"),
    (
        "alarm_rules.yaml",
        "vehicle_idling",
        {"while": {"metric": "ignition"}},
        "alarm_rules.yaml: vehicle_idling: while: {'metric': 'ignition'}",
    ),
    (
        "alarm_rules.yaml",
        "vehicle_idling",
        {"while": {"metric": "pm25", "values": [True]}},
        "alarm_rules.yaml: vehicle_idling: while: 'pm25': expected another metric of vehicle: ignition",
    ),
    (
        "alarm_rules.yaml",
        "vehicle_idling",
        {"while": {"metric": "ignition", "values": ["on"]}},
        "alarm_rules.yaml: vehicle_idling: while: 'on': expected a value that ignition can have",
    ),
    (
        "alarm_rules.yaml",
        "no_data",
        {"while": {"metric": "ignition", "values": [True]}},
        "alarm_rules.yaml: no_data: while: {'metric': 'ignition', 'values': [True]}: expected a known key",
    ),
    (
        "alarm_rules.yaml",
        "vehicle_left_city",
        {"region": ...},
        "alarm_rules.yaml: vehicle_left_city: region: '': expected a region's code or `own`, or else a polygon",
    ),
    (
        "alarm_rules.yaml",
        "vehicle_left_city",
        {"polygon": [[0, 0], [1, 1], [1, 0], [0, 1]]},
        "alarm_rules.yaml: vehicle_left_city: polygon: [[0, 0], [1, 1], [1, 0], [0, 1]]: expected a list of at least three",
    ),
]


@pytest.mark.parametrize(("name", "entry", "changes", "line"), WRONG)
def test_an_error_names_file_entry_key_value_and_what_was_expected(
    folder: Path, name: str, entry: str, changes: dict[str, object], line: str
) -> None:
    spoil(folder, name, entry, **changes)
    with pytest.raises(ConfigError) as error:
        load_rules(folder)
    assert str(error.value).startswith(line)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("a: {zh: x}\na: {zh: y}\n", "metrics.yaml: is not YAML: 'a' is there twice"),
        ("a: {zh: x, zh: y}\n", "metrics.yaml: is not YAML: 'zh' is there twice"),
        ("- a\n", "metrics.yaml: ['a']: expected entries"),
        ("", "metrics.yaml: None: expected entries"),
        ("a: [1", "metrics.yaml: is not YAML:"),
        ("a: 5\n", "metrics.yaml: a: 5: expected a name with keys"),
    ],
)
def test_what_is_no_table_of_entries_is_one_line_too(folder: Path, content: str, line: str) -> None:
    (folder / "metrics.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_catalogue(folder)
    assert str(error.value).startswith(line)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "metrics.yaml").unlink()
    with pytest.raises(ConfigError, match=r"metrics\.yaml: cannot be read"):
        load_catalogue(folder)
