"""indicators.yaml says what every figure is made of; what it cannot be made of is refused at the start, with the line that is wrong."""

import shutil

import pytest

from config.indicators import load_indicators, load_reckoning
from config.strict import FOLDER
from data_adapters.topics.registry import KINDS
from domain.metrics import DOMAINS
from tests.config.spoiling import assert_refused

FILES = ("indicators.yaml", "vital_signs.yaml", "topics.yaml", "departments.yaml", "metrics.yaml", "device_kinds.yaml")


def load(folder):
    return load_indicators(KINDS, folder)


@pytest.fixture
def folder(tmp_path):
    for name in FILES:
        shutil.copy(FOLDER / name, tmp_path)
    return tmp_path


def test_the_city_has_sixty_indicators_in_its_six_domains():
    found = load(FOLDER)
    assert len(found) >= 60 and {one.domain for one in found} == set(DOMAINS)
    assert {one.made.library for one in found} > {"live", "education", "ecology", "grid", "city_management", "cloud", "network"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("from: education.attendance", "from: education.nothing", "school_attendance: from: 'education.nothing'"),
        ("from: live.readings", "from: live.nothing", "from: 'live.nothing'.*readings"),
        ("parameters: {kind: air_quality, metric: pm25}", "parameters: {kind: air_quality}", "parameters"),
        ("metric: pm25", "metric: pm26", "parameters: metric: 'pm26'"),
        ("fold: share, value: present, of: enrolled", "fold: share, value: present", "of: ''"),
        ("value: untrue", "value: wrong", "value: 'wrong'"),
        ("cycle: month, level: town, normal: [0.6, null]", "cycle: month, level: town, normal: learnt", "only a cycle of hour or day"),
        ("normal: [null, 100], target: 50", "normal: [null, 100], target: 120", "a better value than the edge"),
        ("normal: [null, 100], target: 50", "normal: [null, 100], target: null", "target"),
        ("normal: [65, 93], target: null", "normal: [65, null], target: null", "both ends"),
        ("owner: education", "owner: nobody", "owner: 'nobody'"),
        ("domain: livelihood", "domain: lively", "domain: 'lively'"),
        ("direction: higher", "direction: up", "direction: 'up'"),
    ],
)
def test_an_indicator_that_cannot_be_is_refused_at_the_start(folder, old, new, says):
    assert_refused(load, folder, ("indicators.yaml", old, new), says)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("least_coverage: {value: 0.5", "least_coverage: {value: 1.5", "least_coverage"),
        ("weight_support: {value: 1", "weight_support: {value: 0", "weight_support"),
        ("anomaly_calm: {value: 24, unit: h", "anomaly_calm: {value: 24, unit: d", "unit"),
    ],
)
def test_rules_of_reckoning_that_cannot_be_are_refused(folder, old, new, says):
    assert_refused(load_reckoning, folder, ("vital_signs.yaml", old, new), says)
