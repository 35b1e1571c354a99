"""The incident desk on PostgreSQL: reporting, acting at the same time, merging, handing over, the matrix, scopes, and the past."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from data_adapters.sql.incident_repository import IncidentRepository
from data_adapters.sql.incident_rows import row_of
from domain.access import Actor, Forbidden
from domain.clocks import Allowance, near_at
from domain.duties import Duty
from domain.incident_fold import fold
from domain.incident_life import Incident
from domain.incidents import TRANSITIONS, Refused
from services.incident_board import IncidentBoard
from services.incident_desk import IncidentDesk
from services.incident_ports import Changed, Query, Step
from tests.domain.incident_cast import DISPATCHER, HANDLER, HOUR, LEADER, LIMITS, OPERATOR, PEOPLE, SHIFT_LEADER, T0, WORKING
from tests.domain.test_incidents import SAID
from tests.services.incident_fakes import FakeHandbook, Heard

REPORT = {"title": "鸿福路积水", "source": "hotline", "class_code": "standing_water", "place": {"lon": 113.8, "lat": 23.0}}
DUTY = Duty("water_rule", ("standing_water",), (), "", "water", ("urban_management",), Allowance(4, "natural_hours"), "test")
WEST = Actor("west", frozenset({"operator"}), regions=frozenset({"441900004"}))
TRAFFIC_SEAT = Actor("seat", frozenset({"dispatcher"}), departments=frozenset({"transport"}))


class City:
    """The desk and the board on one database."""

    def __init__(self, engine: Engine) -> None:
        self.quiet: bool | None = None
        self.heard, self.handbook = Heard(), FakeHandbook({"standing_water": DUTY})
        self.store = IncidentRepository(engine, lambda: "441900")
        self.desk = IncidentDesk(
            self.store, self.handbook, lambda: "441900", lambda alarms, now: self.quiet if alarms else None, self.heard
        )
        self.board = IncidentBoard(self.store, self.handbook.regions, self.handbook.group, LIMITS)
        self.now = T0

    def report(self, **more: object) -> Incident:
        return self.desk.report(OPERATOR, {**REPORT, **more}, self.now)

    def do(self, actor: Actor, incident: Incident, deed: str, **said: object) -> Incident:
        self.now += 60_000
        return self.desk.act(actor, incident.incident_id, deed, said, incident.version, self.now)

    def dispatched(self) -> Incident:
        found = self.do(OPERATOR, self.do(OPERATOR, self.report(), "accept"), "verify", note="属实")
        return self.do(DISPATCHER, self.do(SHIFT_LEADER, found, "file"), "dispatch")


@pytest.fixture
def city(engine: Engine) -> Iterator[City]:
    yield City(engine)


def refusal(city: City, *deed: object, **said: object) -> Refused:
    with pytest.raises(Refused) as caught:
        city.do(*deed, **said)  # type: ignore[arg-type]
    return caught.value


def test_a_report_gets_a_number_its_region_and_its_spine(city: City) -> None:
    made = city.report()
    assert made.region == "441900003" and made.spine == "case" and made.state == "reported" and made.number.startswith("C-441900-")
    assert city.report(class_code="help").spine == "order" and city.report(class_code="flood").spine == "emergency"
    assert city.heard.steps[0].incident == made


def test_a_report_from_a_device_lies_where_the_device_is(city: City) -> None:
    made = city.report(place={"device_id": "water-1"})
    assert (made.place["lon"], made.region) == (113.8, "441900003")
    for wrong, code in ({"device_id": "none"}, "unknown_device"), ({"lon": 999, "lat": 0}, "bad_field"), ({}, "missing"):
        with pytest.raises(Refused) as caught:
            city.report(place=wrong)
        assert caught.value.code == code


def test_the_same_request_again_reports_nothing_twice(city: City) -> None:
    request = uuid4().hex
    first = city.desk.report(OPERATOR, REPORT, T0, request_id=request)
    assert city.desk.report(OPERATOR, REPORT, T0 + 1, request_id=request) == first
    accepted = city.desk.act(OPERATOR, first.incident_id, "accept", {}, 1, T0 + 2, request_id=request + "a")
    again = city.desk.act(OPERATOR, first.incident_id, "accept", {}, 1, T0 + 3, request_id=request + "a")
    assert accepted == again and again.version == 2


def test_the_same_report_sent_twice_at_the_same_moment_is_one_incident(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    request, gate, number = uuid4().hex, Barrier(2), city.store.number
    monkeypatch.setattr(city.store, "number", lambda: (gate.wait(10), number())[1])
    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(city.desk.report, OPERATOR, REPORT, T0, request_id=request) for _ in range(2)]
        first, second = (one.result(30) for one in sent)
    assert first == second and city.store.find(first.incident_id) == first
    assert len(city.heard.steps) == 1, "one report was told of"


def test_a_request_already_sent_elsewhere_writes_nothing_and_is_told_as_changed(city: City) -> None:
    request, other = uuid4().hex, city.report()
    city.desk.report(OPERATOR, REPORT, T0, request_id=request)
    step = city.desk.next_step(other, "accept", OPERATOR, {}, T0 + 1)._replace(request_id=request)
    with pytest.raises(Changed) as told:
        city.store.append([step])
    assert told.value.incident == other == city.store.find(other.incident_id)


def test_a_dispatch_names_its_rule_and_another_lead_needs_a_reason(city: City) -> None:
    sent = city.dispatched()
    assert (sent.lead, sent.assisting, sent.rule_id) == ("water", ("urban_management",), "water_rule")
    assert sent.clocks["handle"].allowed_ms == 4 * HOUR
    other = city.do(SHIFT_LEADER, city.do(OPERATOR, city.do(OPERATOR, city.report(), "accept"), "verify", note="-"), "file")
    assert refusal(city, DISPATCHER, other, "dispatch", lead="transport").code == "not_by_matrix"
    by_hand = city.do(DISPATCHER, other, "dispatch", lead="transport", override_reason="隧道内归交通")
    assert (by_hand.lead, by_hand.rule_id) == ("transport", "by_hand"), "what a person chose is not told to be the matrix's"
    back = city.do(DISPATCHER, by_hand, "reassign", lead="water", reason="仍归水务")
    assert back.rule_id == "water_rule" and city.do(DISPATCHER, back, "reassign", lead="transport", reason="误").rule_id == "by_hand"


def test_where_the_matrix_has_no_rule_the_dispatcher_sets_the_deadline(city: City) -> None:
    filed = city.report(class_code="manhole")
    for actor, deed, said in ((OPERATOR, "accept", {}), (OPERATOR, "verify", {"note": "-"}), (SHIFT_LEADER, "file", {})):
        filed = city.do(actor, filed, deed, **said)
    assert refusal(city, DISPATCHER, filed, "dispatch", lead="water").code == "no_rule"
    sent = city.do(DISPATCHER, filed, "dispatch", lead="water", deadline={"amount": 2, "unit": "natural_hours"})
    assert sent.clocks["handle"].allowed_ms == 2 * HOUR and sent.rule_id == "none"


def test_of_two_who_act_at_once_the_second_is_told_and_nothing_is_overwritten(city: City) -> None:
    made = city.report()
    city.do(OPERATOR, made, "accept")
    with pytest.raises(Changed) as caught:
        city.do(SHIFT_LEADER, made, "decline", reason="重复")
    assert [event.deed for event in caught.value.events] == ["accept"] and caught.value.incident.state == "accepted"
    assert city.store.find(made.incident_id).state == "accepted"  # type: ignore[union-attr]
    stale = Step(made, city.store.events(made.incident_id)[1], None)
    with pytest.raises(Changed):
        city.store.append([stale])


def test_what_units_and_tasks_report_meanwhile_refuses_nobodys_deed(city: City) -> None:
    made = city.report()
    step = city.desk.next_step(made, "unit", DISPATCHER, {"unit_id": "u1", "status": "on_scene"}, city.now)
    city.store.append([step])
    assert city.do(OPERATOR, made, "accept").version == 3
    with pytest.raises(Changed):
        city.do(SHIFT_LEADER, made, "decline", reason="重复")


def test_messages_overwrite_nothing_and_need_no_version(city: City) -> None:
    made = city.report()
    city.do(OPERATOR, made, "accept")
    after = city.desk.act(OPERATOR, made.incident_id, "call", {"who": "水务局值班室", "text": "已告知"}, None, city.now + 1)
    assert after.version == 3
    with pytest.raises(Refused):
        city.desk.act(OPERATOR, made.incident_id, "decline", {"reason": "-"}, None, city.now + 2)


def test_merging_keeps_both_histories_and_takes_the_alarms_along(city: City) -> None:
    alarm = str(uuid4())
    one, other = city.report(), city.report(alarms=[alarm])
    merged = city.do(OPERATOR, other, "merge", into=one.incident_id)
    into = city.store.find(one.incident_id)
    assert into is not None and merged.state == "merged" and merged.merged_into == one.incident_id
    assert into.merged_from == (other.incident_id,) and into.alarms == (alarm,)
    assert sorted(city.store.of_alarm(alarm)) == sorted([one.incident_id, other.incident_id])


def test_a_hand_over_carries_a_receipt_and_ends_the_case(city: City) -> None:
    case = city.report()
    asked = city.do(OPERATOR, case, "hand_over", spine="emergency", reason="水位持续上涨")
    made = asked.handovers[0]["incident_id"]
    emergency = city.store.find(made)
    assert emergency is not None and emergency.spine == "emergency" and emergency.handed_from == case.incident_id
    city.do(OPERATOR, emergency, "verify", note="属实")
    ended = city.store.find(case.incident_id)
    assert ended is not None and ended.state == "handed_over" and ended.handovers[0]["receipt"] == emergency.number


def test_what_is_handed_over_and_declined_comes_back(city: City) -> None:
    order = city.report(class_code="help")
    made = city.do(OPERATOR, order, "hand_over", spine="case", reason="属部件问题").handovers[0]["incident_id"]
    city.do(OPERATOR, city.store.find(made), "decline", reason="不属实")  # type: ignore[arg-type]
    after = city.store.find(order.incident_id)
    assert after is not None and after.handovers[0]["refused"] == "不属实" and after.open


def test_nobody_sees_or_touches_what_lies_outside_their_scope(city: City) -> None:
    sent = city.dispatched()
    for stranger in (WEST, TRAFFIC_SEAT):
        with pytest.raises(LookupError):
            city.desk.one(stranger, sent.incident_id, city.now)
        with pytest.raises(LookupError):
            city.do(stranger, sent, "remind", note="-")
        assert sent.incident_id not in [row.incident_id for row in city.board.search(stranger, Query(limit=1000), city.now)[0]]
    assert city.desk.one(HANDLER, sent.incident_id, city.now).incident == sent
    with pytest.raises(Refused):
        city.desk.report(WEST, REPORT, city.now)
    with pytest.raises(Forbidden):
        city.desk.report(Actor("a", frozenset({"auditor"})), REPORT, city.now)


def test_the_past_is_as_it_was_then_known(city: City) -> None:
    sent = city.dispatched()
    then = city.now - 90_000
    assert city.desk.one(OPERATOR, sent.incident_id, city.now, then).incident.state == "verified"
    assert sent.incident_id in {one.incident_id for one in city.board.past(OPERATOR, then) if one.state == "verified"}
    assert not city.board.past(OPERATOR, T0 - 1)
    with pytest.raises(LookupError):
        city.desk.one(OPERATOR, sent.incident_id, city.now, T0 - 1)


def test_lists_are_searched_filtered_and_sorted(city: City) -> None:
    sent = city.dispatched()
    mark = f"编号{uuid4().hex[:6]}"
    urgent = city.report(title=mark, urgency="critical", place={"lon": 113.5, "lat": 23.0, "address": "南城%_路"})
    rows, total = city.board.search(OPERATOR, Query(text=mark), city.now)
    assert total == 1 and rows[0].incident_id == urgent.incident_id and rows[0].region == "441900004"
    assert city.board.search(OPERATOR, Query(text="%_路", limit=1), city.now)[0][0].address == "南城%_路"
    assert city.board.search(OPERATOR, Query(text=mark, regions=("441900003",)), city.now)[1] == 0
    assert city.board.search(OPERATOR, Query(text=mark, regions=("441900",)), city.now)[1] == 1
    late = city.now + 4 * HOUR + 1
    assert sent.incident_id in {row.incident_id for row in city.board.search(OPERATOR, Query(overdue=True, limit=1000), late)[0]}
    near = sent.clocks["handle"].due_at - HOUR // 2  # type: ignore[operator]
    assert sent.incident_id in {row.incident_id for row in city.board.search(OPERATOR, Query(near_due=True, limit=1000), near)[0]}
    by_urgency = city.board.search(OPERATOR, Query(sort="urgency", limit=1000), city.now)[0]
    assert by_urgency[0].urgency == "critical" and by_urgency[-1].urgency == "normal"


def test_a_report_near_in_place_time_and_class_is_offered_as_the_same(city: City) -> None:
    made = city.report(place={"lon": 113.9, "lat": 23.5})
    assert city.board.alike(OPERATOR, 113.9005, 23.5, "standing_water", city.now)[0].row.incident_id == made.incident_id
    assert not city.board.alike(OPERATOR, 113.91, 23.5, "standing_water", city.now)
    assert not city.board.alike(WEST, 113.9005, 23.5, "standing_water", city.now)


def test_what_an_alarm_began_is_not_closed_while_its_sensor_disagrees(city: City) -> None:
    city.quiet = False
    made = city.report(alarms=[str(uuid4())])
    for actor, deed, said in (
        (OPERATOR, "accept", {}), (OPERATOR, "verify", {"note": "-"}), (SHIFT_LEADER, "file", {}), (DISPATCHER, "dispatch", {}),
        (HANDLER, "sign", {}), (HANDLER, "feed_back", {"note": "完成"}), (OPERATOR, "check", {"note": "-"}),
    ):  # fmt: skip
        made = city.do(actor, made, deed, **said)
    assert refusal(city, SHIFT_LEADER, made, "close").code == "world_disagrees"
    city.quiet = True
    assert city.do(SHIFT_LEADER, made, "close").state == "closed"


def test_events_are_append_only(city: City, engine: Engine) -> None:
    city.report()
    for statement in ("DELETE FROM incident_events", "UPDATE incident_events SET actor = 'x'"):
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as tx:
            tx.execute(text(statement))


def test_every_incident_can_be_made_again_from_its_events(city: City, engine: Engine) -> None:
    chance = random.Random(7)
    for _ in range(25):
        one = city.report(class_code=chance.choice(["standing_water", "flood", "help", "manhole"]))
        for _ in range(18):
            actor = chance.choice([*PEOPLE, LEADER])
            try:
                moves = [move for move in city.desk.one(actor, one.incident_id, city.now).moves if move.deed not in NOT_HERE]
                onward = [move for move in moves if move.deed in ONWARD]
                move = chance.choice(onward or moves)
                one = city.do(actor, one, move.deed, **{name: SAID[name] for name in move.needs})
            except (Refused, LookupError, IndexError):
                continue
    with engine.connect() as tx:
        rows = list(tx.execute(text("SELECT *, incident_id::text AS id, alarms::text[] AS alarm_ids FROM incidents")).mappings())
    assert len(rows) >= 25
    for row in rows:
        events = city.store.events(row["id"])
        again = fold(row["id"], row["number"], events)
        clock = again.pressing[1]
        made = row_of(again, near_at(clock, WORKING) if clock else None, "441900", events[-1].recorded_at)
        assert {**made, "alarms": list(made["alarms"])} == {name: row[ALSO_CALLED.get(name, name)] for name in made}
    assert len({row["state"] for row in rows}) >= 6


ONWARD = {one.deed for one in TRANSITIONS.values() if one.to and one.deed not in ("void", "decline")}
NOT_HERE = ("merge", "absorb", "receipt", "hand_back", "attach", "link_alarm")
ALSO_CALLED = {"incident_id": "id", "alarms": "alarm_ids"}
