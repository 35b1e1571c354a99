"""The folder of recorded inputs, and a real ingest worker behind the real broker."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

import ingest
from config.settings import Settings
from data_adapters import wiring
from data_adapters.embedded import Urls
from data_adapters.mqtt import Subscription, make_sessions
from data_adapters.replay.__main__ import main as replay
from data_adapters.replay.mapping import read_mapping
from data_adapters.replay.messages import recorded as messages_from
from data_adapters.replay.table import read_rows
from data_adapters.sql.database import make_engine
from tests.broker_client import eventually

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def recorded() -> Path:
    """../shared/data from the project's root, or CITYDECK_REAL_DATA."""
    folder = Path(os.environ.get("CITYDECK_REAL_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no recorded inputs at {folder}; CITYDECK_REAL_DATA names the folder")
    return folder


@pytest.fixture(scope="module")
def worker(engines: Urls, database_url: str) -> Iterator[None]:
    """An ingest worker as ingest.py runs it, with a session of its own."""
    engine = make_engine(database_url)
    engine.dispose()
    share = Subscription("citydeck-real-data", ("city/v1/devices/#",), "", "city/v1/beat-real-data")
    make_sessions(engines.mqtt or "", [share])
    settings = Settings(database_url=database_url, redis_url=engines.redis, mqtt_url=engines.mqtt, mqtt_nats=True)
    running = ingest.Worker(wiring.build_ingest(settings, share), settings.batch_ms, settings.batch_readings)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    yield
    running.stop()
    thread.join(20)


@pytest.fixture
def played(worker: None, engines: Urls, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Path], int]:
    """Replay a file by a mapping and wait until ingest has stored or refused every message; returns how many there were."""
    monkeypatch.setenv("CITYDECK_MQTT_URL", engines.mqtt or "")

    def handled() -> int:
        with psycopg.connect(database_url) as connection:
            row = connection.execute("SELECT coalesce(sum(stored + duplicate + rejected), 0) FROM feed_health").fetchone()
        return int(row[0]) if row else 0

    def play(mapping: str, file: Path) -> int:
        described, before = tmp_path / "mapping.yaml", handled()
        described.write_text(mapping, encoding="utf-8")
        assert replay([str(described), str(file)]) == 0
        messages = len(messages_of(described, file))
        assert eventually(lambda: handled() >= before + messages, 240), f"{handled() - before} of {messages} messages came out"
        assert eventually(at_rest, 60), "other tests' retained messages count too, so rest is what shows that ours have all come"
        return messages

    def at_rest() -> bool:
        seen = handled()
        time.sleep(2)
        return handled() == seen

    return play


def messages_of(mapping: Path, file: Path) -> list[object]:
    """What the replayer makes of the file."""
    described = read_mapping(mapping)
    return list(messages_from(read_rows(file, described), described, Counter()))
