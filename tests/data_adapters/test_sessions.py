"""The broker's sessions when feeds or the number of workers change, on real engines: nothing is lost, and no old status returns."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from config.feeds import Topic
from config.settings import Settings, SettingsError
from data_adapters import preparing
from data_adapters.embedded import Embedded, Urls
from data_adapters.mqtt import MqttInlet
from data_adapters.parting import check_parting
from data_adapters.preparing import Sessions
from data_adapters.retained import Retained
from data_adapters.topic_plan import Plan
from tests.broker_client import eventually, mqtt_client

NATIVE = (Topic("city/v1/#", 4),)
MORE = (*NATIVE, Topic("tele/+/+", 2))
DEVICES = [f"d{n}" for n in range(12)]


class City:
    """The embedded broker of one data directory, started for one plan after another, and what the workers' sessions hold."""

    def __init__(self, place: Path, engine: Engine, urls: Urls, database_url: str) -> None:
        self.place, self.engine = place, engine
        self.settings = Settings(database_url=database_url, redis_url=urls.redis)

    @contextmanager
    def runs(self, plan: Plan) -> Iterator[str]:
        broker = Embedded(self.place / "data", plan.workers, {"mqtt"}, plan.topics)
        url = broker.start().mqtt
        try:
            settings = Settings(**{**self.settings.__dict__, "mqtt_url": url})
            Sessions(self.engine, settings, plan).make(broker.is_announced())
            yield str(broker.announce().mqtt)
        finally:
            broker.stop()

    def stored(self) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM readings")).scalar_one())


@pytest.fixture
def city(place: Path, engine: Engine, engines: Urls, database_url: str, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(preparing, "QUIET_S", 1.0)
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE mqtt_sessions, readings, presence, rejected_messages"))
    return City(place, engine, engines, database_url)


def say(url: str, messages: dict[str, str], retain: bool = False) -> None:
    client = mqtt_client(url, "sensor", clean=True)
    for sent in [client.publish(topic, said, qos=1, retain=retain) for topic, said in messages.items()]:
        sent.wait_for_publish(10)
    client.loop_stop()


def status(said: str) -> dict[str, str]:
    return {f"city/v1/devices/{device}/status": said for device in DEVICES}


def telemetry() -> dict[str, str]:
    return {f"city/v1/devices/{device}/telemetry": '{"at": 1795305600000, "values": {"pm25": 1}}' for device in DEVICES}


def heard(url: str, plan: Plan, wanted: int) -> dict[str, list[str]]:
    """What the plan's workers hear when they start, acknowledged, by topic; `wanted` messages at least."""
    inlets = [MqttInlet(url, share) for share in plan.shares()]
    came: dict[str, list[str]] = {}
    for inlet in inlets:
        inlet.start()
    eventually(lambda: sum(_take(inlet, came) for inlet in inlets) >= 0 and sum(map(len, came.values())) >= wanted, 20)
    eventually(lambda: sum(_take(inlet, came) for inlet in inlets) < 0, 0.5)
    for inlet in inlets:
        inlet.stop()
    return came


def _take(inlet: MqttInlet, came: dict[str, list[str]]) -> int:
    arrivals = inlet.take(1000, 0.05)
    for arrival in arrivals:
        came.setdefault(arrival.message.topic, []).append(arrival.message.payload.decode())
    inlet.acknowledge([arrival.receipt for arrival in arrivals])
    return len(arrivals)


def test_the_retained_status_is_the_newest_after_the_number_of_workers_changed_and_changed_back(city: City) -> None:
    one, two, three = (Plan(n, NATIVE) for n in (1, 2, 3))
    with city.runs(one) as url:
        say(url, status("online"), retain=True)
    with city.runs(two) as url:
        assert heard(url, two, 12) == {topic: ["online"] for topic in status("online")}
        say(url, status("offline"), retain=True)
        gone, *_ = status("")
        say(url, {gone: ""}, retain=True)
    still = {topic: ["offline"] for topic in status("offline") if topic != gone}
    for plan in (one, three, two, one):
        with city.runs(plan) as url:
            assert heard(url, plan, 11) == still, plan.workers


def test_what_waits_in_the_sessions_of_another_number_of_workers_is_stored(city: City) -> None:
    for n, plan in enumerate((Plan(2, NATIVE), Plan(1, NATIVE), Plan(1, MORE), Plan(2, MORE))):
        with city.runs(plan) as url:
            assert city.stored() == 12 * n
            say(url, {topic: said.replace("600000", f"60{n}000") for topic, said in telemetry().items()})


def test_new_topics_are_heard_and_removed_ones_no_longer(city: City) -> None:
    plug = {"tele/plug/STATE": "{}"}
    for plan, wanted in ((Plan(1, NATIVE, False), set()), (Plan(1, MORE, False), set(plug)), (Plan(1, NATIVE, False), set())):
        with city.runs(plan) as url:
            say(url, plug)
            assert set(heard(url, plan, len(wanted))) == wanted
    with city.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM mqtt_sessions")).scalar() == 1


def test_on_a_broker_that_devices_reach_nothing_falls_between_the_old_session_and_the_new(city: City) -> None:
    old, new = Plan(1, NATIVE, False), Plan(1, MORE, False)
    with city.runs(old) as url:
        say(url, telemetry())
        settings = Settings(**{**city.settings.__dict__, "mqtt_url": url})
        Sessions(city.engine, settings, new).make(announced=True)
        assert city.stored() == 12
        say(url, {"tele/plug/STATE": "{}", **telemetry()})
        assert set(heard(url, new, 13)) == {"tele/plug/STATE", *telemetry()}
        assert heard(url, new, 0) == {}


def test_an_interrupted_change_may_begin_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = Plan(1, NATIVE), Plan(2, NATIVE)
    with city.runs(one) as url:
        say(url, status("online"), retain=True)
        say(url, telemetry())
    for step in ("move", "sweep"):
        with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
            broken.setattr(Retained, step, _killed)
            with city.runs(two):
                pytest.fail("went on")
    with city.runs(two) as url:
        assert heard(url, two, 12) == {topic: ["online"] for topic in status("online")}
    assert city.stored() == 12


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_several_workers_on_a_broker_that_does_not_part_are_refused_in_one_line(city: City) -> None:
    with (
        city.runs(Plan(1, NATIVE)) as url,
        pytest.raises(SettingsError, match=r"^CITYDECK_INGEST_WORKERS: 2 workers need a broker [^\n]*$"),
    ):
        check_parting(url, Plan(2, NATIVE))


def test_several_workers_on_a_broker_that_parts_are_accepted(city: City) -> None:
    with city.runs(Plan(2, MORE)) as url:
        check_parting(url, Plan(2, MORE))
        check_parting(url, Plan(1, MORE))
        assert heard(url, Plan(2, MORE), 0) == {}
