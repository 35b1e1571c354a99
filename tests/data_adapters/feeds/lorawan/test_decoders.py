"""Decoders of device models, on the messages that their makers' manuals show, and on bytes that are none."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.files import load_catalogue
from data_adapters.feeds.lorawan.decoders import DECODERS, Field, Place
from data_adapters.feeds.lorawan.uplinks import Uplinks, flatten, lorawan_fields
from data_adapters.feeds.setup import FeedSetup
from domain.event_time import EventTime
from domain.messages import Position, Quality, RawMessage, Reading, Rejected

NOW = 1_795_305_600_000
CATALOGUE = load_catalogue()
WHEN, MESSAGE = EventTime(NOW, Quality.GOOD, None), RawMessage("t", b"", NOW)


def uplinks(**settings):
    setup = FeedSetup("lora", (), CATALOGUE, 300_000, {"decoders": {name: name for name in DECODERS}, **settings})
    return Uplinks(setup, setup.read(lorawan_fields(setup)))


def raw(model, content, port=2, **settings):
    return uplinks(**settings).raw("d", [model], base64.b64encode(bytes.fromhex(content)).decode(), port, WHEN, MESSAGE)


def values(outputs):
    return {one.metric: one.value for one in outputs if isinstance(one, Reading)}


SHOWN = [
    ("dragino_lht65", "cbf60b0d0376010add7fff",
     {"battery_voltage": 3.062, "temperature": 28.29, "humidity": 88.6, "external_temperature": 27.81}),
    ("milesight_em300", "01755c03673401046865", {"battery": 92, "temperature": 30.8, "humidity": 50.5}),
    ("milesight_em300", "050001060000", {"leak": 1, "open": 0}),
    ("cayenne_lpp", "03670110", {"temperature": 27.2}),
    ("cayenne_lpp", "0167ffd702687801732703", {"temperature": -4.1, "humidity": 60, "air_pressure": 998.7}),
]  # fmt: skip


@pytest.mark.parametrize(("model", "content", "expected"), SHOWN)
def test_the_makers_own_example_is_read_as_they_read_it(model, content, expected):
    assert values(raw(model, content)) == expected


def test_two_sensors_of_one_kind_are_told_apart_by_their_channel():
    told = DECODERS["cayenne_lpp"](bytes.fromhex("03670110056700ff"), 1)
    assert told == [Field("temperature_3", 27.2, "°C"), Field("temperature_5", 25.5, "°C")]
    assert values(raw("cayenne_lpp", "03670110056700ff", metrics={"temperature_5": "temperature"})) == {"temperature": 25.5}


def test_a_tracker_says_where_it_is():
    (place,) = DECODERS["cayenne_lpp"](bytes.fromhex("018806765ff2960a0003e8"), 1)
    assert place == Place(-87.9094, 42.3519)
    assert isinstance(raw("cayenne_lpp", "018806765ff2960a0003e8")[0], Position)


def test_an_external_probe_that_is_not_there_is_not_told():
    assert "external_temperature" not in values(raw("dragino_lht65", "cbf60b0d0376017fff7fff"))
    assert "external_temperature" not in values(raw("dragino_lht65", "cbf60b0d0376000add7fff"))


@pytest.mark.parametrize(
    ("model", "content", "port"),
    [("dragino_lht65", "cbf6", 2), ("dragino_lht65", "cbf60b0d0376010add7fff", 5), ("milesight_em300", "0175", 85),
     ("milesight_em300", "ff0101", 85), ("cayenne_lpp", "0367", 1), ("cayenne_lpp", "01ff00", 1), ("cayenne_lpp", "018806", 1)],
)  # fmt: skip
def test_bytes_of_another_model_are_refused(model, content, port):
    (refused,) = raw(model, content, port)
    assert isinstance(refused, Rejected) and refused.reason == "undecodable" and model in refused.detail


def test_what_is_no_base64_is_refused():
    assert uplinks().raw("d", ["cayenne_lpp"], "??", 1, WHEN, MESSAGE)[0].reason == "undecodable"


def test_nested_values_get_dotted_names():
    assert list(flatten("", {"air": {"t": 1}, "levels": [2, {"x": 3}]})) == [("air.t", 1), ("levels.0", 2), ("levels.1.x", 3)]


@settings(deadline=None)
@given(st.sampled_from(sorted(DECODERS)), st.binary(max_size=60), st.integers(-1, 300))
def test_no_bytes_make_a_decoder_raise_beyond_its_feed(model, content, port):
    for one in uplinks(others="keep").raw("d", [model], base64.b64encode(content).decode(), port, WHEN, MESSAGE):
        assert isinstance(one, Reading | Position | Rejected)
