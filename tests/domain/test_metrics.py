"""A value that cannot be true is not taken."""

import pytest

from domain.metrics import Metric, MetricCatalogue

DEPTH = Metric("water_depth", "积水深度", "Standing water", "m", "number", 0.0, 20.0, 2, "local")
OPEN = Metric("open", "开启", "Open", "", "bool", None, None, 0, "local")
PLATE = Metric("plate", "车牌", "Plate", "", "string", None, None, 0, "local")


@pytest.mark.parametrize("value", [0, 0.0, 20, 20.0, 0.3])
def test_values_within_the_physical_range_are_taken_ends_included(value: float) -> None:
    assert DEPTH.fault(value) is None


@pytest.mark.parametrize("value", [-0.001, 20.001, -5])
def test_values_outside_the_physical_range_are_refused_and_the_range_is_named(value: float) -> None:
    fault = DEPTH.fault(value)
    assert fault is not None
    assert fault.reason == "out_of_range"
    assert str(value) in fault.detail and "0.0 to 20.0 m" in fault.detail


@pytest.mark.parametrize(
    ("metric", "value"), [(DEPTH, True), (DEPTH, "1"), (OPEN, 1), (OPEN, "true"), (PLATE, 1), (PLATE, False), (DEPTH, None)]
)
def test_a_value_of_another_type_is_refused(metric: Metric, value: object) -> None:
    fault = metric.fault(value)
    assert fault is not None and fault.reason == "wrong_type"


@pytest.mark.parametrize(("metric", "value"), [(OPEN, True), (OPEN, False), (PLATE, "粤S12345")])
def test_switches_and_texts_are_taken(metric: Metric, value: object) -> None:
    assert metric.fault(value) is None


def test_a_metric_without_bounds_takes_any_number() -> None:
    assert Metric("x", "某", "x", "", "number", None, None, 0, "local").fault(-1e300) is None


def test_an_undescribed_metric_is_unknown_not_an_error() -> None:
    catalogue = MetricCatalogue([DEPTH, OPEN])
    assert catalogue.get("mystery") is None
    assert catalogue.get("open") is OPEN
    assert [metric.name for metric in catalogue] == ["water_depth", "open"]
    assert len(catalogue) == 2
