"""The live picture in a real Valkey: what is written comes out in frames, whoever dies in between."""

import json
import threading
import time

import pytest

from data_adapters.live_frames import RedisFrames
from data_adapters.live_redis import FRAMES, STATE, RedisLivePicture
from services.live_ports import LiveUnavailable

AT = 1_763_790_000_123


def device(region="tangxia", value=1.5, online=True):
    values = {"level": [AT, value, "good"], "门": [AT + 1, "开", "suspect"]}
    return {"region": region, "department": "water", "kind": "water_level", "interval_s": 60.0, "online": online, "values": values}


@pytest.fixture
def picture(engines):
    live = RedisLivePicture(engines.redis, slot_ms=1)
    live.redis.flushall()
    return live


@pytest.fixture
def frames(engines, picture):
    return RedisFrames(engines.redis)


def flushed(picture, frames, epoch, version):
    time.sleep(0.003)
    assert picture.flush()
    (frame,) = frames.after(epoch, version, 0.01)
    return {name: json.loads(text) for name, text in frame.pieces.items()}


def test_empty_server_has_no_epoch_and_takes_nothing(picture, frames):
    assert picture.epoch() is None
    assert frames.load() is None
    assert not picture.write("e1", {"d1": device()}, {}, {})
    assert not picture.note("ingest", {})
    assert not picture.flush()


def test_values_and_times_survive_to_the_last_digit(picture, frames):
    picture.rebuild("e1", {}, {}, {})
    assert picture.write("e1", {"d1": device(value=0.1 + 0.2), 'q"|x': device(value=1e-300)}, {}, {})
    pieces = flushed(picture, frames, "e1", 1)
    assert pieces["tangxia|water|values"] == {"d1": device(value=0.1 + 0.2)["values"], 'q"|x': device(value=1e-300)["values"]}
    assert pieces["tangxia|water|_about"]["d1"] == ["water_level", 60.0]


def test_frame_holds_only_what_changed(picture, frames):
    picture.rebuild("e1", {"d1": device(), "d2": device()}, {}, {})
    assert not picture.flush()
    picture.write("e1", {"d1": device(value=2.0), "d2": device()}, {}, {})
    assert set(flushed(picture, frames, "e1", 1)["tangxia|water|values"]) == {"d1"}


def test_device_that_changes_region_leaves_the_old_piece(picture, frames):
    picture.rebuild("e1", {"d1": device()}, {}, {})
    picture.write("e1", {"d1": device("humen")}, {}, {})
    pieces = flushed(picture, frames, "e1", 1)
    assert pieces["tangxia|water|values"] == {"d1": None}
    assert pieces["humen|water|values"] == {"d1": device()["values"]}
    picture.write("e1", {"d1": None}, {}, {})
    assert flushed(picture, frames, "e1", 2)["humen|water|values"] == {"d1": None}
    assert frames.load().pieces == {}


def test_alarm_taken_off_is_told(picture, frames):
    record = {"region": "tangxia", "department": "water", "raised_at": AT}
    picture.rebuild("e1", {}, {"a1": record}, {})
    picture.write("e1", {}, {"a1": None}, {"bus": {"region": "tangxia", "department": "bus", "at": AT, "lon": 113.75, "lat": 23.02}})
    pieces = flushed(picture, frames, "e1", 1)
    assert pieces["tangxia|water|alarms"] == {"a1": None}
    assert pieces["tangxia|bus|vehicles"] == {"bus": {"at": AT, "lon": 113.75, "lat": 23.02}}


def test_frames_come_at_most_four_times_a_second_from_any_number_of_workers(engines, picture, frames):
    picture.rebuild("e1", {}, {}, {})
    made = []

    def work(number):
        live = RedisLivePicture(engines.redis)
        for n in range(50):
            live.write("e1", {f"d{number}": device(value=n)}, {}, {})
            made.append(live.flush())
            time.sleep(0.01)

    workers = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    started = time.monotonic()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert 2 <= sum(made) <= (time.monotonic() - started) * 4.2 + 1
    time.sleep(0.25)
    picture.flush()
    last = {}
    for frame in frames.after("e1", 1, 0.01):
        last |= json.loads(frame.pieces["tangxia|water|values"])
    assert last == {f"d{n}": device(value=49)["values"] for n in range(3)}


def test_what_a_killed_worker_wrote_is_in_the_next_workers_frame(engines, picture, frames):
    picture.rebuild("e1", {}, {}, {})
    RedisLivePicture(engines.redis).write("e1", {"d1": device()}, {}, {})  # dies before its flush
    assert set(flushed(picture, frames, "e1", 1)["tangxia|water|values"]) == {"d1"}


def test_write_under_an_old_epoch_changes_nothing(picture, frames):
    picture.rebuild("e1", {"d1": device()}, {}, {})
    picture.rebuild("e2", {"d1": device(value=3.0)}, {}, {})
    assert not picture.write("e1", {"d1": device(value=9.0)}, {}, {})
    assert picture.epoch() == "e2"
    assert json.loads(frames.load().pieces["tangxia|water|values"])["d1"]["level"][1] == 3.0
    assert frames.after("e1", 1, 0.01) is None


def test_server_that_came_back_with_an_older_state_counts_as_empty(picture, frames):
    picture.rebuild("e1", {"d1": device()}, {}, {})
    picture.redis.hset(STATE, "run_id", "another")
    assert picture.epoch() is None
    assert frames.load() is None
    assert not picture.write("e1", {"d1": device()}, {}, {})


def test_frames_that_are_gone_ask_for_a_reload(picture, frames):
    picture.rebuild("e1", {}, {}, {})
    for n in range(3):
        picture.write("e1", {"d1": device(value=n)}, {}, {})
        time.sleep(0.003)
        picture.flush()
    assert [frame.version for frame in frames.after("e1", 1, 0.01)] == [2, 3, 4]
    picture.redis.xtrim(FRAMES, maxlen=1, approximate=False)
    assert frames.after("e1", 1, 0.01) is None
    picture.redis.delete(FRAMES)
    assert frames.after("e1", 1, 0.01) is None
    assert frames.after("e1", 4, 0.01) == []


def test_screens_of_all_web_workers_are_added_up_and_a_dead_workers_forgotten(frames):
    frames.report_clients("w1", 3)
    frames.report_clients("w2", 4)
    frames.redis.hset("citydeck:{live}:screens", "dead", "9 1000")
    assert frames.totals()[0] == 7


def test_unreachable_server_is_said():
    with pytest.raises(LiveUnavailable):
        RedisFrames("redis://127.0.0.1:1/0").load()
