"""Units as the wire spells them: what is converted, and what nobody may guess."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import load_catalogue
from data_adapters.feeds.units import UnitError, WrongUnit, converter, known


@pytest.mark.parametrize(
    ("unit", "target", "value", "told"),
    [
        ("°F", "°C", 72.5, 22.5),
        ("℃", "°C", 21.4, 21.4),
        ("K", "°C", 273.15, 0),
        ("ug/m3", "µg/m³", 38, 38),
        ("μg/m³", "µg/m³", 38, 38),
        ("mg/m^3", "µg/m³", 0.5, 500),
        ("1", "%", 0.55, 55),
        ("%RH", "%", 63, 63),
        ("km/h", "m/s", 36, 10),
        ("m s-1", "km/h", 10, 36),
        ("m3/h", "m³/s", 3600, 1),
        ("ft", "m", 1, 0.3048),
        ("V", "kV", 120.1, 0.1201),
        ("Pa", "hPa", 101325, 1013.25),
        ("Wh", "kWh", 1500, 1.5),
        ("ppb", "ppm", 400, 0.4),
        ("人/㎡", "人/m²", 3, 3),
        ("毫克/立方米", "µg/m³", 0.5, 500),
        ("公里/小时", "m/s", 36, 10),
        ("摄氏度", "°C", 21, 21),
        ("dB(A)", "dBA", 61, 61),
        ("%", "", 95, 0.95),
        ("kVA", "VA", 2, 2000),
    ],
)
def test_a_value_is_told_in_the_metrics_unit(unit: str, target: str, value: float, told: float) -> None:
    assert converter(unit, target)(value) == told


@pytest.mark.parametrize(
    ("unit", "target"),
    [
        ("ppm", "µg/m³"), ("rpm", "Hz"), ("°", "%"), ("C", "°C"), ("pH", "A"),
        ("", "%"), ("%", "%LEL"), ("dB", "dBA"), ("人", "个"), ("W", "VA"),
    ],
)  # fmt: skip
def test_what_is_something_else_is_refused_not_guessed(unit: str, target: str) -> None:
    with pytest.raises(WrongUnit):
        converter(unit, target)


@pytest.mark.parametrize(
    "unit", ["度", "widgets per fortnight", "10**9 m", "km9999999", "m**9", "x" * 4000, "\x00", "__import__('os')", "("]
)
def test_text_that_is_no_unit_is_refused_at_once(unit: str) -> None:
    started = time.monotonic()
    with pytest.raises(UnitError) as refused:
        converter(unit, "m")
    assert refused.value.reason == "unknown_unit" and time.monotonic() - started < 5


def test_a_feeds_own_codes_come_first() -> None:
    dialect = {"C": "degC", "GQ": "ug/m3"}
    assert converter("C", "°C", dialect)(3) == 3 and converter("GQ", "µg/m³", dialect)(3) == 3


def test_every_unit_of_the_catalogue_is_known() -> None:
    for metric in load_catalogue():
        assert known(metric.unit) == metric.unit


@given(st.text(max_size=40), st.sampled_from(["m", "%", "", "µg/m³"]), st.floats(-1e6, 1e6))
def test_no_spelling_raises_anything_but_a_unit_error(unit: str, target: str, value: float) -> None:
    try:
        converter(unit, target)(value)
    except UnitError as error:
        assert str(error)
