"""One value of a device: kept in its metric's unit, or refused by name."""

from decimal import Decimal

import pytest

from config.files import load_catalogue
from data_adapters.feeds.measured import Measured
from data_adapters.feeds.payloads import cbor_value, depth, json_value
from domain.event_time import EventTime
from domain.messages import Quality, RawMessage, Reading, Rejected
from domain.metrics import Metric, MetricCatalogue

NOW = 1_795_305_600_000
WHEN, MESSAGE = EventTime(NOW, Quality.GOOD, None), RawMessage("t", b"", NOW)
BOUNDLESS = Metric("length", "长度", "Length", "mm", "number", None, None, 0, "(local)")
MADE = Measured(MetricCatalogue([*load_catalogue(), BOUNDLESS]))


def reading(metric: str, raw: object, unit: str | None, device_id: str = "d"):
    made = MADE.reading(device_id, metric, raw, unit, WHEN, MESSAGE)
    if isinstance(made, Rejected):
        return made.reason
    assert isinstance(made, Reading)
    return made.text_value if made.value is None else made.value


@pytest.mark.parametrize(
    ("metric", "raw", "unit", "made"),
    [
        ("temperature", 72.5, "°F", 22.5),
        ("humidity", Decimal("0.55"), "1", 55.0),
        ("open", True, None, 1.0),
        ("wind_direction", "东北", None, "东北"),
        ("power_factor", 0.9, None, 0.9),
        ("power_factor", 90, "%", 0.9),
        ("temperature", 21, None, "no_unit"),
        ("temperature", 21, "m", "wrong_unit"),
        ("temperature", 21, "wibble", "unknown_unit"),
        ("temperature", 21, "x" * 100_000, "unknown_unit"),
        ("temperature", 2100, "°C", "out_of_range"),
        ("temperature", "21", "°C", "wrong_type"),
        ("temperature", True, "°C", "wrong_type"),
        ("temperature", float("nan"), "°C", "not_finite"),
        ("temperature", 10**400, "°C", "not_finite"),
        ("length", 1e307, "km", "not_finite"),
        ("open", 1, None, "wrong_type"),
        ("wind_direction", "a\x00", None, "nul"),
        ("wind_direction", "\ud800", None, "wrong_type"),
        ("wind_direction", "x" * 5000, None, "wrong_type"),
        ("warmth", 1, "°C", "unknown_metric"),
    ],
)
def test_a_value_is_kept_in_the_metrics_unit_or_refused_by_name(metric: str, raw: object, unit: str | None, made: object) -> None:
    assert reading(metric, raw, unit) == made


@pytest.mark.parametrize("device_id", ["", "x" * 129, "a\nb", "\ud800"])
def test_what_can_be_no_device_is_refused(device_id: str) -> None:
    assert reading("humidity", 1, "%", device_id) == "bad_device"


def test_brackets_in_texts_do_not_count_as_depth() -> None:
    assert depth(b'{"a": "[[[[[[[[[[[[[[[[[[[[\\"[[["}', 3) == 1
    assert depth(b"[" * 100_000, 16) == 17
    assert json_value(b'["' + b"[" * 100 + b'"]') == ["[" * 100]


def test_what_follows_a_cbor_document_and_its_dangerous_tags_are_refused() -> None:
    assert cbor_value(b"\x01") == 1
    for payload in (
        b"\x01\x01",
        b"",
        b"\x9f",
        bytes.fromhex("c5821a0fffffff03"),
        bytes.fromhex("d81c81d81d00"),
        bytes.fromhex("a201010102"),
    ):
        refused = cbor_value(payload)
        assert isinstance(refused, Rejected) and refused.reason == "bad_cbor"
