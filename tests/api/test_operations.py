"""Feed health and operations work orders over HTTP and for Prometheus: what is described, and nothing invented where nobody knows."""

from collections.abc import Iterator
from typing import Any

import flask
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api import operations
from api.openapi import SCHEMAS
from data_adapters.exposition import exposition
from data_adapters.feed_exposition import FeedCollector
from domain.upkeep import NotPossible
from tests.api.conftest import Person, assert_problem
from tests.fake_upkeep import ORDER_ID, FakeFeedHealth, FakeUpkeep
from tests.test_docs import NoFacts

NOW = 1_795_305_600_000


@pytest.fixture
def steward(app: flask.Flask, city: Any) -> Iterator[Person]:
    city.feed_health, city.upkeep = FakeFeedHealth(NOW), FakeUpkeep(NOW)
    app.register_blueprint(operations.blueprint(city))
    yield Person(app).sign_in("data_steward")


def fits(answer: Any, schema: str) -> None:
    assert answer.status_code == 200 and set(answer.get_json()) == set(SCHEMAS[schema]["required"])


def test_feeds_and_orders_are_told_as_described(steward: Person) -> None:
    for path, schema in (
        ("/feeds/health", "FeedHealths"),
        ("/feeds/ngsi/health", "FeedInFull"),
        (f"/upkeep/{ORDER_ID}", "UpkeepInFull"),
        ("/upkeep", "UpkeepOrders"),
        ("/feeds/ngsi/rejected?reason=bad_json", "RejectedMessages"),
    ):
        fits(steward.get(path), schema)
    for path, schema in (("/feeds/health", "FeedHealth"), ("/upkeep", "UpkeepOrder")):
        assert set(steward.get(path).get_json()["items"][0]) == set(SCHEMAS[schema]["required"])


def test_what_cannot_be_known_is_null_with_a_reason(steward: Person) -> None:
    mapping = next(one for one in steward.get("/feeds/health").get_json()["items"] if one["feed"] == "mapping")
    assert mapping["state"] == "unknown" and mapping["last_at"] is None and mapping["unknown"]["last_at"] == "never"
    assert {mapping[name] for name in ("expected_rate", "lag_ms", "error_share", "suspect_share")} == {None}


def test_a_deed_is_done_and_one_that_does_not_fit_is_a_conflict(steward: Person, city: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    done = steward.send("POST", f"/upkeep/{ORDER_ID}/deeds", json={"deed": "take"})
    assert done.get_json()["state"] == "working" and city.upkeep.done == [("data_steward", "take", "")]

    def refuse(*_: Any) -> None:
        raise NotPossible("not_recovered")

    monkeypatch.setattr(city.upkeep, "act", refuse)
    refused = steward.send("POST", f"/upkeep/{ORDER_ID}/deeds", json={"deed": "close"})
    assert_problem(refused, 409)
    assert refused.get_json()["code"] == "not_recovered"


@pytest.mark.parametrize("path", ["/feeds/nobody/health", "/upkeep/no-id"])
def test_what_is_not_there_is_404(steward: Person, path: str) -> None:
    assert_problem(steward.get(path), 404)


def test_a_leader_reads_no_feed_health(steward: Person, app: flask.Flask) -> None:
    assert_problem(Person(app).sign_in("leader").get("/feeds/health"), 403)


def test_prometheus_gets_the_figures_and_nothing_for_what_is_not_known() -> None:
    feeds = FakeFeedHealth(NOW)
    figures, _ = exposition(NoFacts(), FeedCollector(feeds, FakeUpkeep(NOW), lambda: NOW))()
    found = {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(figures.decode())
        for sample in family.samples
    }
    assert found["citydeck_feed_state", "ngsi", "down"] == 1 and found["citydeck_feed_state", "ngsi", "good"] == 0
    assert found["citydeck_feed_last_message_timestamp_seconds", "native"] == (NOW - 900) / 1000
    assert found["citydeck_feed_lag_seconds", "ngsi", "0.5"] == 0.1 and found["citydeck_feed_error_ratio", "ngsi"] == 0.097
    assert found["citydeck_feed_failures", "ngsi", "poll"] == 7 and found["citydeck_feed_rejected_day", "ngsi", "bad_json"] == 97
    assert found["citydeck_upkeep_orders", "pending"] == 1
    assert not [key for key in found if key[1:] == ("mapping",) and key[0] in ("citydeck_feed_error_ratio", "citydeck_feed_expected_rate")]
