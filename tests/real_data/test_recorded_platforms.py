"""Recorded messages of other platforms: Sparkplug, NGSI, ChirpStack, The Things Stack, by the entries of config/feeds.yaml as shipped."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from config.feeds import load_feeds
from config.files import load_catalogue
from data_adapters.feeds.registry import ADAPTERS, make_feed
from domain.messages import Presence, RawMessage, Reading, Rejected

pytestmark = pytest.mark.real_data
NOW = 1_795_305_600_000
SHIPPED = load_feeds(ADAPTERS)
CATALOGUE = load_catalogue()
NGSI_LD, NGSI_V2, KEY_VALUES = ".example-normalized-ld.jsonld", ".example-normalized.json", ".example.json"


def feed(name, **settings):
    shipped = SHIPPED[name]
    return make_feed(replace(shipped, settings={**shipped.settings, **settings}), CATALOGUE, 300_000)


def values(outputs):
    return {one.metric: one.text_value if one.value is None else one.value for one in outputs if isinstance(one, Reading)}


def reasons(outputs):
    return [one.reason for one in outputs if isinstance(one, Rejected)]


def test_the_sparkplug_node_is_followed_from_birth_to_death_by_its_alias(recorded: Path):
    heard, memory, told = feed("sparkplug"), {}, []
    for file, kind in (("NBIRTH", "NBIRTH"), ("NDATA_alias_only", "NDATA"), ("NDEATH", "NDEATH")):
        payload = (recorded / "sparkplug" / f"{file}.bin").read_bytes()
        outputs, memory = heard.parse(RawMessage(f"spBv1.0/g/{kind}/n", payload, NOW), json.loads(json.dumps(memory)))
        told.append((values(outputs), [one.online for one in outputs if isinstance(one, Presence)], reasons(outputs)))
    assert told == [
        ({"Water/Level": 2.37, "Pump/Running": 1}, [True], []),
        ({"Water/Level": 2.91}, [], []),
        ({}, [False], []),
    ]


NGSI = {
    "AirQualityObserved": {
        "temperature": 12.2, "humidity": 54, "wind_speed": 0.64, "wind_bearing": 186, "precipitation": 0, "co": 500_000, "no": 45,
        "no2": 69, "nox": 139, "so2": 11, "air_quality_index": 65, "air_quality_level": "moderate",
    },
    "CrowdFlowObserved": {"people": 100, "headway": 5, "congested": 0},
    "Device": {"battery": 75, "signal_quality": 86, "device_status": "ok"},
    "NoiseLevelObserved": {"noise": 67.8, "noise_max": 94.5, "noise_slow": 91.6, "noise_day": 65.4},
    "OffStreetParking": {"free": 132, "total": 414},
    "OnStreetParking": {"free": 3, "total": 6},
    "ParkingSpot": {"parking_status": "free"},
    "Streetlight": {"lit": 0, "device_status": "ok"},
    "TrafficFlowObserved": {"flow": 2364, "occupancy": 76, "speed": 52.6, "vehicle_length": 9.87, "headway": 0.5},
}  # fmt: skip
REFUSED = {"Device": ["unknown_metric"] * 2, "NoiseLevelObserved": ["not_handled"]}
"""Two values packed in one text under names of the device's own; a spectrum."""


@pytest.mark.parametrize("form", [NGSI_LD, NGSI_V2, KEY_VALUES])
@pytest.mark.parametrize("model", NGSI)
def test_an_entity_says_the_same_in_every_form(recorded: Path, model: str, form: str):
    outputs, _ = feed("ngsi").parse(RawMessage("ngsi", (recorded / "ngsi" / f"{model}{form}").read_bytes(), NOW), {})
    assert values(outputs) == NGSI[model] and reasons(outputs) == REFUSED.get(model, [])


def test_alerts_are_said_by_their_source(recorded: Path):
    for file, source, category in (
        ("example-1.json", "https://account.lab.fiware.org/users/8", "traffic"),
        ("example-2.json", "Camera1234", "security"),
        ("example-normalized-ld.jsonld", "https://account.lab.fiware.org/users/8", "traffic"),
        ("example-normalized.json", "https://account.lab.fiware.org/users/8", "traffic"),
    ):
        outputs, _ = feed("ngsi").parse(RawMessage("ngsi", (recorded / "ngsi" / f"Alert.{file}").read_bytes(), NOW), {})
        assert {one.device_id for one in outputs} == {source} and values(outputs)["alert_category"] == category


@pytest.mark.parametrize("form", [NGSI_LD, NGSI_V2, KEY_VALUES])
@pytest.mark.parametrize("model", ["SmartSpot", "Open311_ServiceRequest", "Open311_ServiceType"])
def test_what_measures_nothing_is_refused_by_name(recorded: Path, model: str, form: str):
    outputs, _ = feed("ngsi").parse(RawMessage("ngsi", (recorded / "ngsi" / f"{model}{form}").read_bytes(), NOW), {})
    assert reasons(outputs) == ["not_measured"]


def test_every_recorded_entity_is_read_or_refused_by_name_without_settings_too(recorded: Path):
    files = sorted((recorded / "ngsi").iterdir())
    plain = make_feed(replace(SHIPPED["ngsi"], settings={}), CATALOGUE, 300_000)
    assert len(files) == 40 and all(plain.parse(RawMessage("ngsi", file.read_bytes(), NOW), {})[0] for file in files)


LORA = "0101010101010101"


@pytest.mark.parametrize(
    ("event", "expected", "refused"),
    [
        ("up", {"signal_strength": -36, "signal_noise": 10.5}, ["no_decoder"]),
        ("join", {}, []),
        ("status", {"link_margin": 10, "battery": 88.3, "external_power": 0}, []),
    ],
)
def test_chirpstacks_events_are_read(recorded: Path, event: str, expected: dict, refused: list):
    payload = (recorded / "mqtt" / "chirpstack_v4" / f"{event}.json").read_bytes()
    outputs, _ = feed("chirpstack").parse(RawMessage(f"application/a/device/{LORA}/event/{event}", payload, NOW), {})
    assert values(outputs) == expected and reasons(outputs) == refused
    assert {one.device_id for one in outputs if not isinstance(one, Rejected)} == {LORA}


def test_an_uplink_from_the_things_stacks_storage_is_refused_until_somebody_decodes_it(recorded: Path):
    payload = (recorded / "mqtt" / "ttn_v3" / "storage_uplinks.json").read_bytes()
    assert reasons(feed("ttn").parse(RawMessage("v3/app1/devices/dev1/up", payload, NOW), {})[0]) == ["no_decoder"]
    outputs, _ = feed("ttn", decoders={"app1": "cayenne_lpp"}).parse(RawMessage("v3/app1/devices/dev1/up", payload, NOW), {})
    assert reasons(outputs) == ["undecodable"], "its bytes are no Cayenne LPP"
