"""Instructions on PostgreSQL: given to a department, told, answered, closed; the ledger stays; an incident's own stand beside them."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from config.notices import load_call_rules
from data_adapters.sql.instruction_repository import InstructionRepository
from data_adapters.sql.notice_repository import NoticeRepository
from data_adapters.sql.people_repository import PeopleRepository
from domain.access import Actor, Forbidden
from domain.instructions import ANSWERED, CLOSED, GIVEN, Instruction
from domain.registry import Department
from services.duty_ports import NotTaken
from services.instructions import Given, Instructions
from services.notices import Notices
from tests.domain.incident_cast import HOUR, LEADER, T0
from tests.services.incident_fakes import REGIONS
from tests.services.test_incident_desk import City

EAST, WEST = "441900003", "441900004"
WATER = Actor("water-man", frozenset({"handler"}), departments=frozenset({"water"}))
ROADS = Actor("roads-man", frozenset({"handler"}), departments=frozenset({"roads"}))
CHIEF = Actor("chief", frozenset({"duty_officer"}))
EASTERN = Actor("east", frozenset({"operator"}), regions=frozenset({EAST}))
WESTERN = Actor("west", frozenset({"operator"}), regions=frozenset({WEST}))
OTHER_LEADER = Actor("second", frozenset({"leader"}))
PEOPLE = {"water-man": ("handler", ["water"]), "roads-man": ("handler", ["roads"]), "chief": ("duty_officer", []), "leader": ("leader", [])}


class Units:
    """The registers that instructions read."""

    def regions(self, at: int | None = None) -> dict:
        return dict(REGIONS)

    def departments(self, at: int | None = None) -> dict:
        return {code: Department(code, code) for code in ("water", "roads")}


class Ledger:
    """Instructions on a database, with the incidents beside them."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.city, self.now = engine, City(engine), T0
        self.notices, self.store = NoticeRepository(engine), InstructionRepository(engine, lambda: "441900")
        names = {"pm25": "PM2.5", **{code: one.name for code, one in REGIONS.items()}}
        told, people = Notices(self.notices, load_call_rules()), PeopleRepository(engine)
        self.desk = Instructions(self.store, self.city.desk, Units(), told, people, lambda about, code: names.get(code, ""))

    def give(self, about: str = "region", thing: str = EAST, **more: object) -> Instruction:
        given = {"department": "water", "text": "清淤", "due_at": T0 + HOUR, **more}
        return self.desk.give(LEADER, Given(about, thing, **given), T0)  # type: ignore[arg-type]

    def do(self, actor: Actor, one: Instruction, deed: str, **said: object) -> Instruction:
        self.now += 60_000
        return self.desk.act(actor, one.instruction_id, deed, said, self.now)

    def heard(self, username: str) -> list[str]:
        return [one.template for one in self.notices.of(username, True, 50)]

    def numbers(self, actor: Actor, at: int | None = None) -> list[str]:
        return [one.number for one in self.desk.ledger(actor, self.now, at)]


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    with engine.begin() as tx:
        tx.execute(text("TRUNCATE instructions, instruction_events, outbox, callings, incidents, incident_events CASCADE"))
        for name, (role, departments) in PEOPLE.items():
            tx.execute(text("INSERT INTO users (username, password_hash) VALUES (:n, '') ON CONFLICT DO NOTHING"), {"n": name})
            values = {"n": name, "d": departments, "roles": [role]}
            tx.execute(text("INSERT INTO user_scopes VALUES (:n, '{}', :d, :roles, '2020-01-01', NULL) ON CONFLICT DO NOTHING"), values)
    return Ledger(engine)


def test_an_instruction_goes_to_its_department_and_its_answer_to_the_leader_who_closes_it(ledger: Ledger) -> None:
    made = ledger.give()
    assert made.number.startswith("I-441900-") and made.title == "东城街道" and made.state == GIVEN
    assert ledger.heard("water-man") == ["instruction_given"] and not ledger.heard("roads-man")
    ledger.do(WATER, made, "take")
    answered = ledger.do(WATER, made, "answer", text="已清淤 300 米")
    assert (answered.state, answered.answered_by) == (ANSWERED, "water-man") and "instruction_answer" in ledger.heard("leader")
    closed = ledger.do(LEADER, made, "close")
    seen = ledger.desk.one(LEADER, made.instruction_id)
    assert closed.state == CLOSED and [one.deed for one in seen.events] == ["give", "take", "answer", "close"] and not seen.deeds


def test_an_answer_that_is_not_enough_goes_back_with_a_new_deadline(ledger: Ledger) -> None:
    made = ledger.give()
    ledger.do(WATER, made, "answer", text="好")
    back = ledger.do(LEADER, made, "send_back", text="请附断面数据", due_at=T0 + 2 * HOUR)
    assert (back.returns, back.due_at, back.state) == (1, T0 + 2 * HOUR, "taken")
    assert ledger.heard("water-man")[0] == "instruction_send_back"


def test_what_was_written_into_the_ledger_can_be_neither_changed_nor_removed(ledger: Ledger) -> None:
    ledger.give()
    for statement in ("UPDATE instruction_events SET actor = 'x'", "DELETE FROM instruction_events"):
        with pytest.raises(DBAPIError, match="stays"), ledger.engine.begin() as tx:
            tx.execute(text(statement))


def test_every_deed_is_in_the_audit_log(ledger: Ledger) -> None:
    made = ledger.give()
    ledger.do(LEADER, made, "withdraw", text="误发")
    with ledger.engine.connect() as tx:
        rows = tx.execute(text("SELECT action, actor FROM audit_log WHERE object = :id ORDER BY id"), {"id": made.instruction_id}).all()
    assert [tuple(row) for row in rows] == [("instruction_give", "leader"), ("instruction_withdraw", "leader")]


def test_what_is_overdue_is_told_once_to_the_department_and_to_the_leader(ledger: Ledger) -> None:
    ledger.give()
    assert ledger.desk.watch(T0 + HOUR) == 0, "due at this very moment is in time"
    assert ledger.desk.watch(T0 + HOUR + 1) > 0 and ledger.desk.watch(T0 + HOUR + 2) == 0
    assert "instruction_overdue" in ledger.heard("water-man") and ledger.heard("leader") == ["instruction_overdue"]


def test_two_who_act_at_the_same_moment_do_not_overwrite_each_other(ledger: Ledger) -> None:
    made = ledger.give()
    ledger.do(WATER, made, "answer", text="好")
    with pytest.raises(NotTaken) as told:
        ledger.do(CHIEF, made, "answer", text="也好")
    assert told.value.code == "gone_on"


def test_an_instruction_about_an_incident_lives_in_the_incident_and_stands_in_the_ledger(ledger: Ledger) -> None:
    incident = ledger.city.report(title="鸿福路积水")
    made = ledger.give("incident", incident.incident_id)
    held = ledger.city.desk.mine(LEADER, incident.incident_id)
    assert list(held.instructions) == [made.instruction_id] and held.instructions[made.instruction_id]["lead"] == "water"
    (line,) = [one for one in ledger.desk.ledger(LEADER, T0) if one.about == "incident"]
    assert (line.title, line.state, line.overdue(T0 + HOUR + 1)) == ("鸿福路积水", GIVEN, True)
    said = {"instruction": made.instruction_id, "text": "已抽排"}
    ledger.city.desk.act(LEADER, incident.incident_id, "answer_instruction", said, held.version, T0 + 60_000)
    (line,) = [one for one in ledger.desk.ledger(LEADER, T0 + 60_000) if one.about == "incident"]
    assert (line.state, line.answer) == (CLOSED, "已抽排")


def test_the_ledger_of_a_past_moment_is_as_it_was_then(ledger: Ledger) -> None:
    made = ledger.give()
    ledger.do(WATER, made, "answer", text="好")
    assert [one.state for one in ledger.desk.ledger(LEADER, ledger.now, T0 + 1)] == [GIVEN]
    assert ledger.desk.ledger(LEADER, ledger.now, T0 - 1) == []


WRONG = {
    "unknown_about": {"about": "weather"}, "wrong_time": {"due_at": T0}, "empty": {"text": "  "}, "too_long": {"text": "x" * 5_000},
    "bad_text": {"text": "a\0b"},
}  # fmt: skip


@pytest.mark.parametrize("code", WRONG)
def test_what_cannot_be_an_instruction_is_refused_with_its_reason(ledger: Ledger, code: str) -> None:
    with pytest.raises(NotTaken) as told:
        ledger.give(**WRONG[code])  # type: ignore[arg-type]
    assert told.value.code == code


@pytest.mark.parametrize("wrong", [{"department": "nobody"}, {"thing": "441999"}, {"about": "indicator", "thing": "nothing"}])
def test_nothing_is_instructed_about_what_is_not_there(ledger: Ledger, wrong: dict) -> None:
    with pytest.raises(LookupError):
        ledger.give(**wrong)


def test_only_leaders_instruct_only_the_giver_closes_and_only_its_department_answers(ledger: Ledger) -> None:
    made = ledger.give()
    with pytest.raises(Forbidden):
        ledger.desk.give(CHIEF, Given("region", EAST, "water", "x"), T0)
    ledger.do(CHIEF, made, "take")
    ledger.do(WATER, made, "answer", text="好")
    for actor in (OTHER_LEADER, WATER, CHIEF):
        with pytest.raises(Forbidden):
            ledger.do(actor, made, "close")


def test_everybody_reads_the_ledger_of_their_own_scope(ledger: Ledger) -> None:
    east, west = ledger.give(), ledger.give(thing=WEST, department="roads")
    assert ledger.numbers(LEADER) == [east.number, west.number]
    assert ledger.numbers(WATER) == [east.number] and ledger.numbers(ROADS) == [west.number]
    assert ledger.numbers(EASTERN) == [east.number] and ledger.numbers(WESTERN) == [west.number]
    with pytest.raises(LookupError):
        ledger.desk.one(WESTERN, east.instruction_id)
    with pytest.raises(LookupError):
        ledger.do(ROADS, east, "answer", text="x")
    with pytest.raises(LookupError):
        ledger.desk.give(Actor("el", frozenset({"leader"}), regions=frozenset({EAST})), Given("region", WEST, "water", "x"), T0)
    auditor = Actor("auditor", frozenset({"auditor"}))
    for read in (lambda: ledger.numbers(auditor), lambda: ledger.desk.one(auditor, east.instruction_id)):
        with pytest.raises(Forbidden):
            read()
