"""Public warnings on PostgreSQL: from a feed's message to the picture, the calling and the past."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text

from config.warnings import load_warnings
from data_adapters.sql.database import make_engine
from data_adapters.sql.event_queue import SqlEventQueue
from data_adapters.sql.waiting_repository import WaitingRepository
from data_adapters.sql.warning_repository import WarningRepository
from domain.messages import RawMessage
from domain.warnings import Action, Level, as_facts
from services.event_queue import Consumer
from services.warnings import KIND, Warnings
from tests.data_adapters.ingest_town import NOW, Town
from tests.services.test_warnings import CITY, HOUR, warned
from tests.stating import Stating

SQUARE = '{"type": "Polygon", "coordinates": [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]]}'


class House:
    """A town that hears warnings, and its jobs."""

    def __init__(self, engine: Engine) -> None:
        self.town = Town(engine, {"stating": Stating()})
        self.store, self.noted, config = WarningRepository(engine), {}, load_warnings()
        self.warnings = Warnings(self.store, config.placing, config.rules, config.unclear_after_ms, self.noted.__setitem__)
        self.taking = Consumer(SqlEventQueue(engine), "warnings", {KIND}, self.warnings.deal)

    def hear(self, *said: Any, now: int = NOW) -> list[Any]:
        """What stands on the picture after these have come."""
        told = [
            RawMessage("stating/x", json.dumps({"kind": KIND, "event_id": one.statement, "facts": as_facts(one), "at": now}).encode(), now)
            for one in said
        ]
        self.town.hand_in(*told, feed="stating")
        self.taking.round(now)
        self.warnings.round(now)
        return self.noted["warnings"]


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    engine = make_engine(database_url)
    made = House(engine)
    made.town.empty()
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE event_cursors, warnings, regions, callings, feed_events"))
        tx.execute(
            text("INSERT INTO regions (code, name, level, outline) VALUES (:code, '东莞市', 'city', CAST(:outline AS jsonb))"),
            {"code": CITY, "outline": SQUARE},
        )
    yield made
    engine.dispose()


def test_a_warning_goes_from_the_feed_to_the_picture_and_to_the_duty_roster_and_is_over(house: House) -> None:
    (one,) = house.hear(warned(sent_at=NOW, effective_at=NOW, expires_at=NOW + 6 * HOUR))
    assert (one["regions"], one["level"], one["number"][:2], one["reached"]) == ([CITY], "orange", "W-", None)
    (due,) = WaitingRepository(house.town.engine).due("warning", NOW)
    assert (due.thing, due.params["title"]) == (f"warning:{one['warning_id']}", "暴雨橙色预警")
    with house.town.engine.begin() as tx:
        tx.execute(
            text("""INSERT INTO callings (calling_id, thing, template, params, chain, position, call, next_at, state, answered_by, superior)
                VALUES (gen_random_uuid(), :thing, 'warning', '{}', '{officer}', 0, 1, now(), 'calling', '', '')"""),
            {"thing": due.thing},
        )
    assert house.warnings.past_note(NOW)[0]["reached"]["person"] == "officer"
    assert WaitingRepository(house.town.engine).due("warning", NOW) == [], "called about once"
    house.warnings.round(NOW + 6 * HOUR)
    assert house.noted["warnings"] == [] and WaitingRepository(house.town.engine).over() == [due.thing]


def test_a_cancellation_holds_whichever_comes_first_and_what_is_elsewhere_is_not_read_again(house: House) -> None:
    lifted = warned("c", action=Action.CANCEL, references=("w1",), areas=())
    assert house.hear(lifted) == [] and house.hear(warned("w1")) == []
    other = warned("far")._replace(areas=(warned().areas[0]._replace(codes=(("GB/T 2260", "110000"),)),))
    assert house.hear(other, warned("gone", action=Action.CANCEL, references=("far",), areas=other.areas)) == []
    assert {one.said.statement for one in house.store.held()} == {"c", "w1"}


def test_the_same_statement_again_changes_nothing_and_what_was_set_off_stays(house: House) -> None:
    first = house.hear(warned())
    assert house.hear(warned(), now=NOW + 1000) == first
    graver = house.hear(warned("w2", action=Action.UPDATE, references=("w1",), level=Level.RED))
    assert [one["rules"] for one in graver] == [["rainstorm", "any_red"]]
    assert house.town.ask("SELECT statement, standing, rules FROM warnings ORDER BY seq") == [
        ("w1", "replaced", []),
        ("w2", "in_force", ["rainstorm", "any_red"]),
    ]
