"""NGSI in all its forms: entities that an independent library made, those of the specifications, and what a network can deliver instead."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.ngsi.adapter import MAX_BYTES, MAX_ENTITIES, MAX_VALUES, NgsiFeed
from data_adapters.feeds.ngsi.models import MODELS, NOT_MEASURED
from data_adapters.feeds.setup import FeedSetup
from domain.event_time import parse_time
from domain.messages import Position, RawMessage, Reading, Rejected

NOW = 1_795_305_600_000
CATALOGUE = load_catalogue()
TIME = "2026-11-22T00:00:00Z"
CAPTURED = Path(__file__).parent / "captured.jsonl"
README = (Path(__file__).parents[4] / "data_adapters/feeds/ngsi/README.md").read_text()


def feed(**settings):
    return NgsiFeed(FeedSetup("ngsi", (), CATALOGUE, 300_000, settings))


def parse(said, **settings):
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    return feed(**settings).parse(RawMessage("ngsi/s1", payload, NOW), {})[0]


def values(outputs):
    return {one.metric: one.text_value if one.value is None else one.value for one in outputs if isinstance(one, Reading)}


def reasons(outputs):
    return [one.reason for one in outputs if isinstance(one, Rejected)]


def air(**attributes):
    return {"id": "urn:ngsi-ld:AirQualityObserved:a", "type": "AirQualityObserved", "dateObserved": TIME, **attributes}


def test_entities_of_another_library_are_read_with_their_units_and_times():
    (first, listed) = (json.loads(line) for line in CAPTURED.read_text().splitlines())
    message = RawMessage("t", first["payload"].encode(), parse_time(first["received_at"]))
    outputs = feed().parse(message, {})[0]
    assert values(outputs) == {"no2": 22, "co": 800, "humidity": 63, "temperature": 21.5}
    assert {(one.device_id, one.at) for one in outputs} == {("urn:ngsi-ld:AirQualityObserved:Dongguan:air-0417", NOW + 8 * 3_600_000)}
    both = feed().parse(RawMessage("t", listed["payload"].encode(), NOW), {})[0]
    assert values(both)["free"] == 121 and reasons(both) == ["no_time"], "the total says nothing of its time"


NORMALIZED_LD = {"type": "Property", "value": 22, "unitCode": "GP", "observedAt": TIME}
CONCISE = {"value": 22, "unitCode": "GP"}
V2 = {"type": "Number", "value": 22, "metadata": {"unitCode": {"type": "Text", "value": "GP"}, "timestamp": {"value": TIME}}}


@pytest.mark.parametrize("no2", [NORMALIZED_LD, CONCISE, V2], ids=["NGSI-LD normalized", "NGSI-LD concise", "NGSI-v2 normalized"])
def test_one_value_is_the_same_in_every_form(no2):
    assert reasons(parse(air(NO2=no2))) == ["out_of_range"], "22 mg/m³ is 22,000 µg/m³"
    assert values(parse(air(SO2={**no2, "value": 0.022}))) == {"so2": 22}


def test_key_values_have_the_units_of_the_model_and_a_pollutant_needs_one_from_the_settings():
    outputs = parse(air(temperature=12.2, relativeHumidity=0.54, windSpeed=0.64, NO2=69))
    assert values(outputs) == {"temperature": 12.2, "humidity": 54, "wind_speed": 0.64} and reasons(outputs) == ["no_unit"]
    named = {"metrics": {"NO2": {"metric": "no2", "unit": "GQ"}}}
    assert values(parse(air(NO2=69), **named)) == {"no2": 69}
    assert values(parse(air(NO2={"type": "Property", "value": 0.069, "unitCode": "GP"}), **named)) == {"no2": 69}


def test_the_unit_may_stand_in_measurand():
    assert values(parse(air(NO2=69, measurand=["NO2,69,GQ,Nitrogen dioxide", 7, "x"]))) == {"no2": 69}


def test_a_value_of_an_interval_stands_at_its_end_and_a_count_becomes_one_an_hour():
    flow = {"id": "t", "type": "TrafficFlowObserved", "dateObserved": "2026-11-22T07:55:00/2026-11-22T08:00:00", "intensity": 197}
    (reading,) = parse(flow, zone="Asia/Shanghai")
    assert (reading.metric, reading.value, reading.at) == ("flow", 2364, NOW)
    from_to = {**flow, "dateObserved": None, "dateObservedFrom": "2026-11-21T23:55:00Z", "dateObservedTo": TIME}
    assert values(parse(from_to)) == {"flow": 2364}
    assert reasons(parse({**flow, "dateObserved": TIME})) == ["no_interval"]


def test_times_without_an_offset_are_utc_unless_the_city_says_otherwise():
    (reading,) = parse(air(dateObserved="2026-11-22T00:00:00", temperature=1))
    assert reading.at == NOW
    (reading,) = parse(air(dateObserved="2026-11-22T08:00:00", temperature=1), zone="Asia/Shanghai")
    assert reading.at == NOW


def test_an_attributes_own_time_goes_before_its_entitys():
    outputs = parse(air(temperature={"value": 1, "observedAt": "2026-11-21T23:00:00Z"}, windSpeed=2))
    assert {one.metric: one.at for one in outputs} == {"temperature": NOW - 3_600_000, "wind_speed": NOW}


LAMP = {"id": "lamp", "type": "Streetlight", "powerState": "off", "status": "ok"}


def test_a_value_without_a_time_is_refused_or_by_a_setting_takes_that_of_its_receipt():
    assert reasons(parse(LAMP)) == ["no_time", "no_time"]
    outputs = parse(LAMP, without_time="received")
    assert values(outputs) == {"lit": 0, "device_status": "ok"} and {one.at for one in outputs} == {NOW}
    changed = parse({**LAMP, "dateModified": "2026-11-21T23:00:00Z"}, without_time="received")
    assert {one.at for one in changed} == {NOW - 3_600_000}


NOTIFICATIONS = {
    "NGSI-LD": {"id": "n", "type": "Notification", "subscriptionId": "s", "notifiedAt": TIME, "data": [air(temperature=1)]},
    "NGSI-LD over MQTT": {"metadata": {"Content-Type": "application/json"}, "body": {"type": "Notification", "data": [air(temperature=1)]}},
    "NGSI-v2": {"subscriptionId": "s", "data": [air(temperature=1)]},
    "one entity": {"subscriptionId": "s", "data": air(temperature=1)},
    "a list of entities": [air(temperature=1)],
}


@pytest.mark.parametrize("form", NOTIFICATIONS)
def test_notifications_of_every_kind_are_opened(form):
    assert values(parse(NOTIFICATIONS[form])) == {"temperature": 1} and form in README


def test_whole_iris_and_several_times_of_one_attribute_are_read():
    told = [{"type": "Property", "value": value, "observedAt": f"2026-11-22T00:0{value}:00Z"} for value in (1, 2)]
    outputs = parse({"id": "a", "type": "https://uri.fiware.org/ns/data-models#AirQualityObserved", "https://x.org/y/temperature": told})
    assert [(one.metric, one.value, one.at - NOW) for one in outputs] == [("temperature", 1, 60_000), ("temperature", 2, 120_000)]


def test_another_dataset_of_an_attribute_is_another_name():
    told = [{"type": "Property", "value": 1}, {"type": "Property", "value": 2, "datasetId": "urn:north"}]
    outputs = parse(air(temperature=told))
    assert values(outputs) == {"temperature": 1} and reasons(outputs) == ["unknown_metric"]
    assert values(parse(air(temperature=told[1]), metrics={"temperature@urn:north": "temperature"})) == {"temperature": 2}


def test_what_describes_a_thing_is_passed_over_and_what_nobody_knows_refused():
    said = air(address={"streetAddress": "x"}, refDevice="d", location={"type": "Point", "coordinates": [1, 2]}, CO_Level="good",
               source="x", radon=3, pollen={"birch": 3}, at={"type": "Relationship", "object": "urn:x"}, temperature=None)  # fmt: skip
    assert reasons(parse(said)) == ["unknown_metric", "not_handled", "wrong_type"]
    assert reasons(parse(air(address={}))) == ["nothing_measured"]


def test_a_citys_own_types_are_named_in_the_settings():
    bin_ = {"id": "bin-1", "type": "WasteContainer", "fillingLevel": 0.4, "observedAt": TIME}
    assert reasons(parse(bin_)) == ["unknown_type"]
    assert values(parse(bin_, models={"WasteContainer": {"fillingLevel": {"metric": "occupancy", "unit": "C62"}}})) == {"occupancy": 40}
    assert values(parse(bin_, others="keep")) == {"fillingLevel": 0.4}


def test_an_observation_may_belong_to_a_device_that_it_names():
    outputs = parse(
        air(refDevice={"type": "Relationship", "object": "urn:d:7"}, temperature=1), devices={"AirQualityObserved": "refDevice"}
    )
    assert [one.device_id for one in outputs] == ["urn:d:7"]


def test_an_alert_is_said_by_its_source():
    said = {"id": "Alert:1", "type": "Alert", "category": "security", "subCategory": "robbery", "severity": "high", "dateIssued": TIME}
    assert values(parse({**said, "alertSource": "Camera1"})) == {
        "alert_category": "security",
        "alert_subcategory": "robbery",
        "alert_severity": "high",
    }
    assert {one.device_id for one in parse({**said, "alertSource": "Camera1"})} == {"Camera1"}
    assert {one.device_id for one in parse(said)} == {"Alert:1"}


def test_several_values_packed_in_one_text_are_taken_apart():
    device = {"id": "d", "type": "Device", "dateLastValueReported": TIME, "value": "l%3D0.22%3Bt%3D21.2"}
    assert values(parse(device, metrics={"value.t": "temperature", "value.l": {"metric": "occupancy", "unit": "C62"}})) == {
        "temperature": 21.2,
        "occupancy": 22,
    }


def test_a_vehicle_has_a_position():
    bus = {"id": "bus", "type": "Vehicle", "location": {"type": "Point", "coordinates": [113.75, 23.02]}, "speed": 36, "heading": 90}
    assert parse({**bus, "observedAt": TIME}) == [Position("bus", NOW, 113.75, 23.02, 10, 90, NOW)]
    assert parse({**bus, "observedAt": TIME, "location": "23.02, 113.75"})[0].lon == 113.75
    assert reasons(parse({**bus, "observedAt": TIME, "location": {"type": "Polygon", "coordinates": []}})) == ["wrong_type"]
    assert reasons(parse(bus)) == ["no_time"]


@pytest.mark.parametrize("kind", NOT_MEASURED)
def test_what_measures_nothing_is_refused_by_name(kind):
    assert reasons(parse({"id": "x", "type": kind, "dateObserved": TIME})) == ["not_measured"]


def test_every_type_is_listed_in_the_readme():
    assert all(f"`{kind}`" in README for kind in {**MODELS, **NOT_MEASURED})


def test_every_metric_and_unit_of_the_models_is_known():
    feed(models={kind: {name: {"metric": one.metric, **({"unit": one.unit} if one.unit else {})} for name, one in model.measured.items()}
                 for kind, model in MODELS.items()})  # fmt: skip
    assert all(CATALOGUE.get(metric) for model in MODELS.values() for metric in model.renamed.values())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"nonsense", "bad_json"),
        (b" " * (MAX_BYTES + 1), "too_large"),
        ([air(temperature=1)] * (MAX_ENTITIES + 1), "too_large"),
        (b"[" + b"1," * 1_000_000 + b"1]", "too_large"),
        (air(temperature=[{"type": "Property", "value": 1}] * (MAX_VALUES + 1)), "too_large"),
        ({"temperature": 1}, "wrong_type"),
        ([7], "wrong_type"),
        ({"type": "FeatureCollection", "features": []}, "not_handled"),
        (air(id="x" * 129, temperature=1), "bad_device"),
        (air(dateObserved="yesterday", temperature=1), "bad_time"),
        (air(dateObserved=7, temperature=1), "bad_time"),
        (air(temperature={"value": 1, "observedAt": "noon"}), "bad_time"),
        (air(temperature={"value": 1, "unitCode": "XYZ"}, windSpeed=0), "ok"),
        (air(NO2={"value": 1, "unitCode": "XYZ"}), "unknown_unit"),
        (air(NO2={"value": 1, "unitCode": "CEL"}), "wrong_unit"),
        (air(temperature=99), "out_of_range"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason_that_the_readme_explains(content, reason):
    outputs = parse(content)
    assert reasons(outputs) == ([] if reason == "ok" else [reason]) and (reason == "ok" or f"`{reason}`" in README)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"zone": "Dongguan"}, "a time zone"),
        ({"without_time": "now"}, "one of reject, received"),
        ({"models": {"X": {"y": "z"}}}, "a metric of metrics.yaml"),
        ({"devices": ["X"]}, "the attribute"),
        ({"metrics": {"NO2": {"metric": "no2", "unit": "CEL"}}}, "cannot be told"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(settings, words):
    with pytest.raises(ConfigError, match=words):
        feed(**settings)


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just(TIME), st.just(f"{TIME}/{TIME}"))
trees = st.recursive(scalars, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)))
instances = st.dictionaries(
    st.sampled_from(["type", "value", "object", "unitCode", "observedAt", "metadata", "datasetId", "@value"]),
    st.one_of(st.sampled_from(["Property", "Relationship", "GeoProperty", "GQ"]), trees),
)
NAMES = [
    "temperature",
    "NO2",
    "location",
    "dateObserved",
    "dateObservedFrom",
    "value",
    "measurand",
    "powerState",
    "intensity",
    "speed",
    "x",
]
whole = st.builds(
    lambda kind, attributes: {"id": "d", "type": kind, **attributes},
    st.sampled_from([*MODELS, "X"]),
    st.dictionaries(st.sampled_from(NAMES), st.one_of(scalars, trees, instances, st.lists(instances, max_size=2))),
)
documents = st.one_of(whole, st.lists(whole, max_size=3), st.builds(lambda data: {"subscriptionId": "s", "data": data}, trees), trees)
HOSTILE = feed(others="keep", without_time="received")


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=60), documents.map(lambda one: json.dumps(one).encode())))
def test_nothing_that_a_network_can_deliver_makes_it_raise(payload):
    outputs, memory = HOSTILE.parse(RawMessage("t", payload, NOW), {})
    assert memory == {}
    for one in outputs:
        if isinstance(one, Reading):
            assert (one.value is None) != (one.text_value is None)
