"""/healthz, /readyz and /metrics: what is said, and that the reasons are right on both sides of every limit."""

import flask
import pytest

from api import health, metrics
from config.freshness import load_freshness
from config.languages import load_catalogues
from data_adapters.affairs import CityFacts, checks
from data_adapters.exposition import exposition
from data_adapters.live_frames import RedisFrames
from data_adapters.sql.database import make_engine
from layouts import admin_system
from layouts.words import Words
from services.state_of_affairs import REASONS, FeedCount, IngestState, StateOfAffairs, disk_reason
from tests.layouts.test_panels import texts

FRESHNESS = load_freshness()


class Figures:
    """The Facts port, by hand."""

    def __init__(self, lag_s=1.0, beat_age_s=1.0, workers=1):
        self.state = IngestState(lag_s, beat_age_s, workers)

    def ingest(self):
        return self.state

    def feeds(self):
        return [FeedCount("native", "stored", 5), FeedCount("native", "rejected", 2)]

    def suggestions(self):
        return {"theme": {"accepted": 6, "changed": 2}}

    def notices(self):
        return {"waiting": 0}

    def alarms_of_rules(self):
        return {"gas_leak": (3, 1)}

    def open_incidents(self):
        return 7

    def active_alarms(self):
        return 3

    def screens(self):
        return 4, 1234


class CityOf:
    """As much of a City as these pages use."""

    def __init__(self, facts, must_answer=None, workers=1):
        self.affairs = StateOfAffairs(facts, must_answer or {}, workers, FRESHNESS)
        self.metrics = exposition(facts)


def client(city):
    app = flask.Flask("test")
    app.register_blueprint(health.blueprint(city))
    app.register_blueprint(metrics.blueprint(city))
    return app.test_client()


def test_ready_when_everything_answers():
    answer = client(CityOf(Figures(lag_s=30.0, beat_age_s=10.0), {"redis": lambda: None})).get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "ready")


@pytest.mark.parametrize(
    ("figures", "workers"),
    [(Figures(lag_s=30.1), 1), (Figures(beat_age_s=10.1), 1), (Figures(beat_age_s=None, workers=0), 1), (Figures(workers=1), 2)],
)
def test_not_ready_while_ingest_lags_is_silent_or_incomplete(figures, workers):
    answer = client(CityOf(figures, workers=workers)).get("/readyz")
    assert answer.status_code == 503
    assert set(answer.json["reasons"]) == {"ingest"}


def test_check_that_raises_is_a_reason_and_the_process_is_still_up():
    def broken():
        raise ConnectionError("refused")

    page = client(CityOf(Figures(), {"redis": broken}))
    assert page.get("/readyz").json["reasons"] == {"redis": "ConnectionError: refused"}
    assert page.get("/healthz").status_code == 200


def test_disk_is_full_below_five_percent_or_over_the_citys_own_limit():
    assert disk_reason(None, None, 50, 1000, 0.05) is None
    assert "free" in disk_reason(None, None, 49, 1000, 0.05)
    assert disk_reason(2_000_000_000, 2.0, 500, 1000, 0.05) is None
    assert "limit" in disk_reason(2_000_000_001, 2.0, 500, 1000, 0.05)


def test_figures_have_the_names_of_the_contract():
    text = client(CityOf(Figures())).get("/metrics").get_data(as_text=True)
    assert 'citydeck_ingest_messages_total{feed="native",outcome="stored"} 5.0' in text
    assert "citydeck_ingest_lag_seconds 1.0" in text
    assert "citydeck_live_clients 4.0" in text
    assert "citydeck_live_frame_bytes 1234.0" in text
    assert "citydeck_alarms_active 3.0" in text
    assert "citydeck_incidents_open 7.0" in text


def test_new_city_on_real_engines_waits_only_for_ingest(engines, database_url, tmp_path):
    engine = make_engine(database_url)
    frames = RedisFrames(engines.redis)
    facts = CityFacts(engine, frames, workers=1)
    ready = StateOfAffairs(facts, checks(engine, frames, engines.mqtt, tmp_path, 100.0, 0.05), 1, FRESHNESS).ready()
    assert set(ready) == {"ingest"}
    assert facts.feeds() == []
    unreachable = checks(engine, RedisFrames("redis://127.0.0.1:1"), "mqtt://127.0.0.1:1", tmp_path, None, 0.05)
    assert {"redis", "mqtt"} <= set(StateOfAffairs(facts, unreachable, 1, FRESHNESS).ready())
    engine.dispose()


def test_why_a_part_fails_is_said_in_the_page_s_language():
    catalogues, failing = load_catalogues(), {"disk": disk_reason(None, None, 49, 1000, 0.05)}
    said = {lang: texts(admin_system.health(Words(lang, held), failing)) for lang, held in catalogues.items()}
    assert "磁盘仅剩" in said["zh"] and "are free" in said["en"] and "are free" not in said["zh"]
    assert all(f"health.{code}" in catalogue for code in REASONS for catalogue in catalogues.values())
