"""/live on a real gunicorn gevent worker: what a screen gets, and when it is cut or sent away."""

import itertools
import socket
import time

import psutil
import pytest
import requests

from services.accounts import hash_of
from services.fanout import STUCK_S
from tests.api.live_city import ENTRY, LiveCity, Reader, device


@pytest.fixture(scope="module")
def city(engines, database_url):
    city = LiveCity(engines, database_url)
    city.picture.rebuild("e1", {"tangxia_1": device("tangxia", 1.0), "humen_1": device("humen", 1.0)}, {}, {})
    city.start()
    yield city
    if city.process:
        city.stop()
    city.engine.dispose()


@pytest.fixture(scope="module")
def everybody(city):
    return city.person("everybody")


@pytest.fixture
def screen(city, everybody):
    reader = Reader(city, everybody)
    yield reader
    reader.close()


def clients(city):
    text = requests.get(city.url + "/metrics", timeout=5).text
    return float(next(line for line in text.splitlines() if line.startswith("citydeck_live_clients ")).split()[1])


def until(check, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not check() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert check()


def test_without_a_session_the_answer_is_a_problem_document(city):
    answer = requests.get(city.url + "/live", timeout=5)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_snapshot_comes_first_then_what_changed(city, screen):
    events = screen.events()
    kind, event_id, data = next(events)
    assert kind == "snapshot"
    assert event_id == f"{data['epoch']}-{data['version']}"
    assert set(data["pieces"]["tangxia|water|values"]) == {"tangxia_1"}
    assert data["pieces"]["441900||counts"]["devices"] == 2
    assert not any(name.endswith("_about") for name in data["pieces"])
    city.write(tangxia_1=2.5)
    kind, _, changed = next(events)
    assert (kind, changed["version"]) == ("delta", data["version"] + 1)
    assert changed["pieces"]["tangxia|water|values"]["tangxia_1"]["level"][1] == 2.5
    assert "humen|water|values" not in changed["pieces"]


def test_limited_scope_never_gets_another_towns_pieces(city):
    reader = Reader(city, city.person("tangxia_only", frozenset({"tangxia"})))
    events = reader.events()
    _, _, data = next(events)
    assert {name.partition("|")[0] for name in data["pieces"]} <= {"tangxia", ""}
    city.write(humen_1=5.0)
    city.write(tangxia_1=5.0)
    _, _, changed = next(events)
    assert set(changed["pieces"]) == {"tangxia|water|values"}
    reader.close()


def test_missed_frames_are_sent_to_a_screen_that_comes_back(city, everybody):
    reader = Reader(city, everybody)
    _, last, data = next(reader.events())
    reader.close()
    for value in (7.0, 8.0):
        city.write(tangxia_1=value)
    time.sleep(0.3)
    back = Reader(city, everybody, last)
    found = list(itertools.islice(back.events(), 2))
    assert [(kind, event["version"]) for kind, _, event in found] == [("delta", data["version"] + n) for n in (1, 2)]
    back.close()


@pytest.mark.parametrize("last", ["another-5", "e1-999999999"])
def test_unknown_position_gets_a_reset_and_a_snapshot(city, everybody, last):
    reader = Reader(city, everybody, last)
    assert [kind for kind, _, _ in itertools.islice(reader.events(), 2)] == ["reset", "snapshot"]
    reader.close()


def test_rebuilt_picture_resets_the_screens(city, screen):
    events = screen.events()
    next(events)
    city.picture.redis.flushall()
    city.picture.rebuild("e1", {"tangxia_1": device("tangxia", 3.0), "humen_1": device("humen", 1.0)}, {}, {})
    city.picture.redis.hset("citydeck:{live}:state", "epoch", "e2")
    found = list(itertools.islice(events, 2))
    assert [kind for kind, _, _ in found] == ["reset", "snapshot"]
    assert found[0][1] == ""
    assert found[1][2]["pieces"]["tangxia|water|values"]["tangxia_1"]["level"][1] == 3.0


def test_revoked_session_ends_its_stream_within_seconds(city):
    token = city.person("leaving")
    reader = Reader(city, token, timeout=10)
    events = reader.events()
    next(events)
    city.accounts.close_session(hash_of(token), ENTRY)
    started = time.monotonic()
    assert [kind for kind, _, _ in events][-1] == "reset"
    assert time.monotonic() - started < 6
    assert requests.head(city.url + "/live", headers={"Authorization": f"Bearer {token}"}, timeout=5).status_code == 401


def test_changed_scope_ends_the_stream_and_the_next_one_has_the_new_scope(city):
    token = city.person("moving", frozenset({"tangxia"}))
    reader = Reader(city, token, timeout=10)
    events = reader.events()
    next(events)
    city.set_scope("moving", frozenset({"humen"}), frozenset())
    assert [kind for kind, _, _ in events][-1] == "reset"
    back = Reader(city, token)
    _, _, data = next(back.events())
    assert "humen|water|values" in data["pieces"]
    assert "tangxia|water|values" not in data["pieces"]
    back.close()


def test_screen_that_stops_reading_is_cut_with_memory_flat(city, everybody):
    records = {f"tangxia_{n}": device("tangxia", float(n)) for n in range(1500)}

    def nobody_is_left():
        city.picture.note("ingest", {"judged_at": time.monotonic()})
        city.write(**{name: time.monotonic() for name in records})
        return clients(city) == 0

    until(nobody_is_left)
    deaf = [socket.create_connection(("127.0.0.1", city.port)) for _ in range(10)]
    for one in deaf:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        one.sendall(f"GET /live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {everybody}\r\n\r\n".encode())
    until(lambda: clients(city) == 10)
    worker = psutil.Process(city.worker_pid())
    started, before = time.monotonic(), worker.memory_info().rss
    while not nobody_is_left() and time.monotonic() - started < 30:
        time.sleep(0.3)
    assert clients(city) == 0
    assert time.monotonic() - started < STUCK_S + 10
    assert worker.memory_info().rss - before < 40_000_000
    for one in deaf:
        one.close()


def test_shutdown_ends_the_streams_at_once(city):
    token = city.person("humen_only", frozenset({"humen"}))
    readers = [Reader(city, token) for _ in range(5)]
    streams = [reader.events() for reader in readers]
    for stream in streams:
        next(stream)
    started = time.monotonic()
    city.process.terminate()
    for stream in streams:
        assert list(stream) == []
    assert time.monotonic() - started < 2
    assert city.stop() < 10, "sooner than the server gives streams that go on"
