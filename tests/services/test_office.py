"""The leader's office on PostgreSQL: what got worse and against what, who has the major incidents, what a portfolio chooses, scopes."""

import io
from types import SimpleNamespace

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from config.languages import load_catalogues
from data_adapters.documents import Documents
from data_adapters.sql.account_repository import AccountRepository
from data_adapters.sql.portfolio_repository import PortfolioRepository
from domain.access import Actor, Forbidden
from domain.duty import Shift
from domain.portfolio import Portfolio
from domain.rises import Hot
from services.accounts import Accounts
from services.briefs import Names
from services.incident_ports import Query
from services.instructions import Given
from services.office import Office
from services.office_paper import MorningBrief
from services.portfolios import Portfolios
from services.user_desk import NotTaken, UserDesk
from tests.domain.incident_cast import DISPATCHER, LEADER, OPERATOR, SHIFT_LEADER
from tests.domain.test_indicators import attendance
from tests.services.reckoning_town import CITY, EAST, EASTERNER, HOUR, REGIONS, WEST, Town, ms, teach
from tests.services.test_instructions import PEOPLE, Ledger

HELD = (
    {f"portfolios.{name}" for name in ("of", "held", "write")}
    | {f"instructions.{name}" for name in ("give", "act", "ledger", "one")}
    | {f"office.{name}" for name in ("seen", "majors", "worse", "towns", "alarms")}
    | {"morning.document", "incident_board.towns"}
)
"""What the tests here, test_everybody_reads_the_ledger_of_their_own_scope, and of alarms tests/test_scopes.py, hold to scope."""
NOW = ms(10, 9)
SECURITY = Actor("security", frozenset({"security_admin"}))
GUARD = Shift("s", "seat", "water", "guard", "水务值班", "22000001", 0, 2**60)
CHIEF = Shift("c", "leader_on_duty", "", "boss", "带班", "22000002", 0, 2**60)
WORDS = load_catalogues()["zh"]


class House:
    """An office over made-up indicators and real incidents, portfolios and instructions."""

    def __init__(self, engine):
        self.town = Town(engine, [attendance(due_h=10), attendance(code="drugs", due_h=10, domain="ecology")])
        self.ledger = Ledger(engine)
        self.board, self.desk = self.ledger.city.board, self.ledger.city.desk
        store = AccountRepository(engine)
        accounts = Accounts(store, SimpleNamespace(add=lambda entry: None), SimpleNamespace(hash=lambda word: word))
        users = UserDesk(store, SimpleNamespace(), accounts, lambda: dict(REGIONS))
        self.lit = []
        self.portfolios = Portfolios(PortfolioRepository(engine), self.town, users, {"second": Portfolio(("ecology",), ())})
        duty = SimpleNamespace(on_duty=lambda actor, now, at=None: [CHIEF, GUARD])
        self.office = Office(
            self.portfolios, self.town.explaining, self.board, self.desk, self, duty, self.ledger.desk, lambda now: {"pump-1": "水泵一队"},
            self.town.regions, {"I", "II"}, 5.0, 30,
        )  # fmt: skip
        names = Names(lambda code: code, lambda code: REGIONS[code].name, lambda code: code, lambda spine, state: state, lambda code: code)
        hot = SimpleNamespace(hot=lambda actor, at: [Hot(EAST, "noise", 9, 2.0, 0.001, True), Hot(WEST, "light", 5, 2.0, 0.1, False)])
        said = lambda message, values: WORDS[message].format(**values)  # noqa: E731
        self.morning = MorningBrief(self.office, self.board, hot, names, Documents(), said, "Asia/Shanghai", lambda: True)

    def snapshot(self, actor, at=None):
        """The picture's incidents, and the alarms that a test has lit."""
        return SimpleNamespace(incidents=[one._asdict() for one in self.board.search(actor, Query(open=True), NOW)[0]], alarms=self.lit)

    def worse(self, actor=LEADER, **more):
        return [(one.sign.indicator.code, one.sign.region, one.since) for one in self.office.worse(actor, NOW, **more)]


@pytest.fixture
def house(engine):
    with engine.begin() as tx:
        tables = "instructions, instruction_events, portfolios, outbox, callings, incidents, incident_events"
        tx.execute(text(f"TRUNCATE {tables} CASCADE"))
        for name in (*PEOPLE, "second", "security", "east"):
            tx.execute(text("INSERT INTO users (username, password_hash) VALUES (:n, '') ON CONFLICT DO NOTHING"), {"n": name})
    made = House(engine)
    for day in range(1, 9):
        teach(made.town, day, east=(98, 100), west=(98, 100))
    teach(made.town, 9, east=(93, 100), west=(98, 100))
    made.town.reckon(NOW)
    return made


def flooded(house, **more):
    incident = house.ledger.city.report(title="隧道积水", class_code="flood", urgency="critical", **more)
    said = {"unit_id": "pump-1", "status": "on_scene", "department": "water"}
    return house.desk.unit_events(OPERATOR, incident.incident_id, [(said, None)], house.ledger.city.now + 1)


def test_what_got_worse_stands_against_its_own_normal_of_yesterday_the_gravest_first(house):
    house.portfolios.write(LEADER, "leader", ["livelihood"], [EAST, WEST], NOW)
    (worse,) = house.office.worse(LEADER, NOW)
    assert (worse.sign.region, worse.since, worse.then.value, worse.sign.value.value) == (EAST, "day", 98, 93)
    assert worse.fall.points >= 40 and worse.fall.before == 100


def test_what_was_as_bad_a_day_ago_has_got_worse_since_a_week_ago_only(house):
    teach(house.town, 10, east=(93, 100), west=(98, 100))
    house.town.reckon(ms(11, 9))
    found = [(one.since, one.sign.region) for one in house.office.worse(LEADER, ms(11, 9))]
    assert set(found) == {("week", CITY)}


def test_a_year_that_is_not_held_is_said_not_to_be_held(house):
    changes = house.office.seen(LEADER, NOW).changes["attendance"]
    assert (changes["last_year"].change, changes["last_year"].why_not) == (None, "no_value")
    assert changes["before"].change == -2.5 and changes["before"].in_points


def test_a_major_incident_says_who_has_it_who_is_there_and_what_is_due_next(house):
    city = house.ledger.city
    city.report(title="路灯不亮")
    taken = city.do(OPERATOR, city.do(OPERATOR, city.report(title="隧道积水", urgency="critical"), "accept"), "verify", note="属实")
    made = city.do(DISPATCHER, city.do(SHIFT_LEADER, taken, "file"), "dispatch")
    for unit, status in (("pump-1", "on_scene"), ("pump-2", "en_route")):
        said = {"unit_id": unit, "status": status, "department": "water"}
        made = house.desk.unit_events(OPERATOR, made.incident_id, [(said, None)], city.now)
    (major,) = house.office.seen(LEADER, city.now).majors
    assert (major.incident.lead, [one.name for one in major.guards]) == ("water", ["水务值班"])
    assert (major.there, major.coming, major.clock) == (["pump-1"], ["pump-2"], "handle")
    clock = made.clocks["handle"]
    assert major.due_at == clock.due_at and not major.overdue
    assert house.office.seen(LEADER, clock.due_at + 1).majors[0].overdue
    assert house.office.majors(LEADER, city.now) == [major]


def test_a_portfolio_chooses_what_is_shown_and_takes_no_right_away(house):
    flooded(house, place={"lon": 113.7, "lat": 23.0})
    house.portfolios.write(LEADER, "leader", ["ecology"], [EAST], NOW)
    seen = house.office.seen(LEADER, NOW)
    assert set(seen.changes) == {"drugs"} and seen.overview.region == EAST and seen.majors == []
    assert house.worse() == [("drugs", EAST, "day")]
    assert len(house.snapshot(LEADER).incidents) == 1, "what lies elsewhere is still theirs to see"


def test_a_portfolio_is_set_by_its_leader_or_an_administrator_kept_with_its_past_and_audited(house, engine):
    assert house.portfolios.of(Actor("second", frozenset({"leader"}))).domains == ("ecology",), (
        "config/leaders.yaml, until somebody sets it"
    )
    house.portfolios.write(LEADER, "leader", ["support"], [], NOW)
    house.portfolios.write(SECURITY, "leader", ["business"], [EAST], NOW + HOUR)
    assert house.portfolios.of(LEADER) == Portfolio(("business",), (EAST,)) and house.portfolios.of(LEADER, NOW + 1).domains == ("support",)
    assert house.portfolios.held(SECURITY, "leader", NOW + HOUR).domains == ("business",)
    with engine.connect() as tx:
        rows = tx.execute(text("SELECT actor FROM audit_log WHERE action = 'set_portfolio' AND object = 'leader' ORDER BY id")).scalars()
        assert list(rows)[-2:] == ["leader", "security"]


def test_nobody_else_sets_a_portfolio_and_it_names_what_there_is(house):
    for actor, whose in ((SHIFT_LEADER, "leader"), (LEADER, "second"), (SHIFT_LEADER, SHIFT_LEADER.username), (SECURITY, "security")):
        with pytest.raises(Forbidden):
            house.portfolios.write(actor, whose, [], [], NOW)
    with pytest.raises(LookupError):
        house.portfolios.held(SECURITY, "nobody", NOW)
    for domains, regions in ((["weather"], []), ([], ["441999"])):
        with pytest.raises(NotTaken):
            house.portfolios.write(LEADER, "leader", domains, regions, NOW)


def test_a_towns_leader_sees_the_office_of_the_town_and_nothing_of_the_others(house):
    flooded(house, place={"lon": 113.7, "lat": 23.0})
    house.ledger.give(thing=WEST)
    seen = house.office.seen(EASTERNER, NOW)
    assert (seen.overview.region, seen.majors, seen.ledger) == (EAST, [], [])
    assert house.office.majors(EASTERNER, NOW) == []
    assert {region for _, region, _ in house.worse(EASTERNER)} == {EAST}
    assert [row.key for row in house.office.towns(EASTERNER, NOW).rows] == []
    for read in (house.office.seen, house.office.majors, house.office.worse, house.office.towns):
        with pytest.raises(Forbidden):
            read(SECURITY, NOW)
    with pytest.raises(Forbidden):
        house.morning.document(SECURITY, "pdf", NOW)


def alarm(severity, region=EAST, acknowledged_at=None, state="active", silence_id=None):
    return {"severity": severity, "region": region, "acknowledged_at": acknowledged_at, "state": state, "silence_id": silence_id}


def test_the_alarms_of_a_leader_are_those_that_are_lit_in_their_towns(house):
    aside = [alarm("major", state="cleared"), alarm("major", silence_id="works")]
    house.lit = [
        alarm("minor", acknowledged_at=NOW),
        alarm("critical"),
        alarm("critical", acknowledged_at=NOW),
        alarm("major", WEST),
        *aside,
    ]
    assert house.office.alarms(LEADER) == [("critical", 2, 1), ("major", 1, 1), ("minor", 1, 0)]
    house.portfolios.write(LEADER, "leader", [], [EAST], NOW)
    assert house.office.alarms(LEADER) == [("critical", 2, 1), ("minor", 1, 0)]


def test_the_morning_brief_is_a_paper_of_what_the_office_shows(house):
    flooded(house)
    house.lit = [alarm("critical"), alarm("critical", acknowledged_at=NOW), alarm("minor", acknowledged_at=NOW)]
    now = ms(11, 9)
    teach(house.town, 10, east=(70, 100), west=(90, 100))
    house.town.reckon(now)
    house.ledger.desk.give(LEADER, Given("region", EAST, "water", "清淤排水", now + HOUR), now)
    content, media_type, name = house.morning.document(LEADER, "pdf", now)
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert media_type == "application/pdf" and name == "morning-2026-05-11-0900.pdf"
    for part in (
        "晨报 5 月 11 日（演示数据）",
        "到校率",
        "当前告警",
        "紧急 2（未确认 1）；次要 1",
        "较上周同时 98.0 → 80.0",
        "常态 94.0",
        "同比 无基期数据",
        "环比 −15.5",
        "隧道积水",
        "水泵一队",
        "带班",
        "清淤排水",
        "noise 9",
    ):
        assert part in said.replace("\n", ""), part
    assert house.morning.document(LEADER, "docx", NOW)[0][:2] == b"PK"
    with pytest.raises(LookupError):
        house.morning.document(LEADER, "rtf", NOW)
