"""config/feeds.yaml is read strictly: an error is one line that says where, what, and what was expected."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from config.feeds import FeedConfig, Topic, load_feeds, overlap
from config.languages import load_catalogues
from config.settings import read_secret
from config.strict import REQUIRED, ConfigError, one_of
from data_adapters.feeds.registry import ADAPTERS, configured, make_feed, make_feeds
from data_adapters.feeds.setup import FeedSetup
from domain.messages import RawMessage
from domain.metrics import MetricCatalogue

GOOD: dict[str, Any] = {"adapter": "native", "topics": ["weather/+"]}
NOBODY = MetricCatalogue([])


def written(folder: Path, **feeds: Any) -> Path:
    (folder / "feeds.yaml").write_text(yaml.safe_dump(feeds, allow_unicode=True), encoding="utf-8")
    return folder


def test_the_file_that_ships_is_right_and_the_native_feed_is_its_first_entry() -> None:
    first, *_ = configured()
    assert (first.name, first.adapter, first.topics, first.datum) == ("native", "native", (Topic("city/v1/#", 4),), "wgs84")
    assert set(make_feeds(NOBODY, 0, configured())) == {feed.name for feed in configured()}


def test_every_feed_that_ships_is_named_in_words_and_in_both_languages() -> None:
    for words in load_catalogues().values():
        assert [name for name in load_feeds(ADAPTERS, demo=True) if f"feed.{name}" not in words] == []


def test_all_keys_are_taken_and_only_the_adapter_must_be_there(tmp_path: Path) -> None:
    whole = {
        "adapter": "native",
        "topics": ["a/+", {"filter": "b/+/c/#", "key_level": 2}],
        "enabled": False,
        "interval_s": 30,
        "datum": "bd09",
        "clock_ahead_s": 0,
        "settings": {"unit": "C"},
        "secrets": {"token": "env:TTN_TOKEN"},
    }
    found = load_feeds(ADAPTERS, written(tmp_path, whole=whole, least={"adapter": "native"}))
    topics = (Topic("a/+"), Topic("b/+/c/#", 2))
    assert found["whole"] == FeedConfig("whole", "native", topics, False, 30.0, "bd09", 0.0, {"unit": "C"}, {"token": "env:TTN_TOKEN"})
    assert found["least"] == FeedConfig("least", "native")


WRONG = [
    ({"adapter": "smoke"}, "feeds.yaml: weather: adapter: 'smoke': expected one of native"),
    ({"adaptor": "native"}, "feeds.yaml: weather: adaptor: 'native': expected a known key: adapter, topics,"),
    ({"topics": "a/b"}, "feeds.yaml: weather: topics: 'a/b': expected a list of topic filters"),
    ({"topics": ["a/#/b"]}, "feeds.yaml: weather: topics: ['a/#/b']: expected MQTT topic filters"),
    ({"topics": ["a b"]}, "feeds.yaml: weather: topics: ['a b']: expected MQTT topic filters"),
    ({"topics": ["#"]}, "feeds.yaml: weather: topics: ['#']: expected MQTT topic filters"),
    ({"topics": ["part/0/a"]}, "feeds.yaml: weather: topics: ['part/0/a']: expected MQTT topic filters"),
    ({"topics": ["$SYS/a"]}, "feeds.yaml: weather: topics: ['$SYS/a']: expected MQTT topic filters"),
    (
        {"topics": [{"filter": "a/b", "key_level": 2}]},
        "feeds.yaml: weather: topics: [{'filter': 'a/b', 'key_level': 2}]: expected a key_level",
    ),
    (
        {"topics": [{"filter": "a/+", "key_level": 0}]},
        "feeds.yaml: weather: topics: [{'filter': 'a/+', 'key_level': 0}]: expected a key_level",
    ),
    (
        {"topics": [{"filter": "a/+", "key_level": 3}]},
        "feeds.yaml: weather: topics: [{'filter': 'a/+', 'key_level': 3}]: expected a key_level",
    ),
    ({"topics": [{"topic": "a"}]}, "feeds.yaml: weather: topics: [{'topic': 'a'}]: expected topic filters"),
    ({"enabled": "yes"}, "feeds.yaml: weather: enabled: 'yes': expected true or false"),
    ({"interval_s": 0}, "feeds.yaml: weather: interval_s: 0: expected seconds above 0, or null"),
    ({"datum": "gcj"}, "feeds.yaml: weather: datum: 'gcj': expected one of wgs84, gcj02, bd09"),
    ({"clock_ahead_s": -1}, "feeds.yaml: weather: clock_ahead_s: -1: expected a number, 0 or more"),
    ({"settings": ["a"]}, "feeds.yaml: weather: settings: ['a']: expected names with values"),
    ({"settings": {"api_key": "x"}}, "feeds.yaml: weather: settings: {'api_key': '(not shown)'}: expected 'api_key' under `secrets`"),
    ({"secrets": {"token": "hunter2"}}, "feeds.yaml: weather: secrets: '(not shown)': expected env:NAME or file:/path for 'token'"),
]


@pytest.mark.parametrize(("changes", "line"), WRONG)
def test_an_error_names_file_feed_key_value_and_what_was_expected(tmp_path: Path, changes: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_feeds(ADAPTERS, written(tmp_path, weather={**GOOD, **changes}))
    assert str(error.value).startswith(line)
    assert "\n" not in str(error.value)


def test_a_feeds_name_is_fit_for_a_metric_and_a_word(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"feeds\.yaml: 气象: name: '气象': expected a small letter"):
        load_feeds(ADAPTERS, written(tmp_path, 气象=GOOD))
    with pytest.raises(ConfigError, match=r"feeds\.yaml: tick: name: 'tick': expected a name that CityDeck itself does not use"):
        make_feed(FeedConfig("tick", "native"), NOBODY, 0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a/b", "a/b", True),
        ("a/+", "a/b", True),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("a/+/c", "a/b/+", True),
        ("a/b", "a/c", False),
        ("a/+", "a/b/c", False),
        ("a", "a/b", False),
        ("a/b/#", "a/c/#", False),
    ],
)
def test_no_topic_may_be_taken_by_two_filters(tmp_path: Path, one: str, other: str, same: bool) -> None:
    assert overlap(one, other) is overlap(other, one) is same
    folder = written(tmp_path, first={**GOOD, "topics": [one]}, second={**GOOD, "topics": [other]})
    if same:
        with pytest.raises(ConfigError, match=r"feeds\.yaml: second: topics: .*: expected topics that no other filter takes"):
            load_feeds(ADAPTERS, folder)
    else:
        assert len(load_feeds(ADAPTERS, folder)) == 2


def test_a_feed_that_is_off_takes_no_topic(tmp_path: Path) -> None:
    folder = written(tmp_path, first={**GOOD, "enabled": False}, second=GOOD)
    assert [feed.enabled for feed in load_feeds(ADAPTERS, folder).values()] == [False, True]


def test_an_adapter_refuses_settings_that_it_does_not_know() -> None:
    with pytest.raises(ConfigError, match=r"feeds\.yaml: weather: settings: colour: 'red': expected a known key"):
        make_feed(FeedConfig("weather", "native", settings={"colour": "red"}), NOBODY, 0)
    setup = FeedSetup("weather", (), NOBODY, 0, {"unit": "K"})
    with pytest.raises(ConfigError, match=r"feeds\.yaml: weather: settings: unit: 'K': expected one of C, F"):
        setup.read({"unit": (one_of("C", "F"), REQUIRED)})


def test_a_secret_comes_from_a_variable_or_a_file_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    assert read_secret(f"file:{tmp_path}/token") == read_secret("env:TOKEN", {"TOKEN": "s3cret"}) == "s3cret"
    for reference in ("env:NO_SUCH_VARIABLE", f"file:{tmp_path}/missing"):
        with pytest.raises(ConfigError, match=r"^feeds\.yaml: weather: secrets: token: '[^\n]*expected a (variable|file) [^\n]*$"):
            make_feed(FeedConfig("weather", "native", secrets={"token": reference}), NOBODY, 0)


def test_positions_of_a_feed_in_another_datum_are_converted_once() -> None:
    message = RawMessage("city/v1/devices/bus/location", b'{"at": 1795305600000, "lon": 113.7519, "lat": 23.0207}', 1_795_305_600_000)
    places = {}
    for datum in ("wgs84", "gcj02", "bd09"):
        (position,), _ = make_feed(FeedConfig("native", "native", datum=datum), NOBODY, 0).parse(message, {})
        places[datum] = (position.lon, position.lat)
    assert places["wgs84"] == (113.7519, 23.0207)
    assert 0.004 < places["wgs84"][0] - places["gcj02"][0] < 0.007
    assert 0.010 < places["wgs84"][0] - places["bd09"][0] < 0.013


def test_a_feeds_own_clock_bound_goes_before_the_citys() -> None:
    ahead = RawMessage("city/v1/devices/d/telemetry", b'{"at": 1795305660000, "values": {"x": 1}}', 1_795_305_600_000)
    for bound_s, quality in ((None, "suspect"), (60, "good")):
        (reading,), _ = make_feed(FeedConfig("native", "native", clock_ahead_s=bound_s), NOBODY, 0).parse(ahead, {})
        assert reading.quality == quality
