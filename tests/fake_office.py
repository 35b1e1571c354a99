"""A made-up leader's office for tests of pages: a major incident that is late, an indicator that got worse, three instructions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.access import Actor, Forbidden
from domain.clocks import Clock
from domain.comparison import Change
from domain.duty import Shift
from domain.incident_life import Incident
from domain.instructions import DEEDS, Event, Instruction, apply, by_need
from domain.performance import Compared, Performance
from domain.periods import Period
from domain.portfolio import Portfolio, portfolio
from domain.vital_signs import Scored
from domain.worsening import Fall
from services.instructions import Given, Seen
from services.office import Major, Worse
from services.office import Seen as OfficeSeen
from tests.fake_signs import CITY, HOUR, TOWN, FakeSigns, indicator, value

MINUTE = 60_000
EVERYTHING = Portfolio()
FLOOD = "0190b000-0000-7000-8000-000000000001"


def records(now: int) -> list[dict[str, Any]]:
    """Open incidents as the live picture holds them: a major one, and cases of two towns, some of them late."""
    titles = ("隧道积水", "井盖缺失", "路灯不亮", "暴露垃圾", "占道经营", "道路积水")
    return [_record(n, title, now) for n, title in enumerate(titles, start=1)]


def _record(n: int, title: str, now: int) -> dict[str, Any]:
    major = {"number": f"E-441900-{n:07d}", "spine": "emergency", "state": "responding", "class_code": "flood", "urgency": "critical"}
    case = {"number": f"C-441900-{n:07d}", "spine": "case", "state": "handling", "class_code": "manhole", "urgency": "normal"}
    grades = {"grade": "II", "response_level": "3"} if n == 1 else {"grade": "ungraded", "response_level": ""}
    return {
        "incident_id": FLOOD[:-1] + str(n), "title": title, "region": TOWN if n < 4 else "441900119", "lon": None, "lat": None,
        "address": "", "lead": "water", "departments": ("water",), "reported_at": now - n * HOUR, "clock": "handle",
        "due_at": now + (n - 3) * 20 * MINUTE, "near_at": now, "paused": False, "supervised": n % 2 == 0, "proposals": (), "alarms": (),
        "exercise": False, "version": 1, "source": "hotline", "device_id": "", **grades, **(major if n == 1 else case),
    }  # fmt: skip


@dataclass
class FakeInstructions:
    """The reads and deeds of services.instructions.Instructions, in memory."""

    at: int
    held: list[Instruction] = field(default_factory=list)
    events: dict[str, list[Event]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for n, (text, due) in enumerate(
            (("清淤排水，今日回报", -HOUR), ("核查路灯亮灯率下降原因", HOUR), ("汛期值班到位情况", 6 * HOUR)), start=1
        ):
            blank = Instruction(f"0190c000-0000-7000-8000-{n:012d}", f"I-441900-{n:07d}", "region", TOWN, "虎门镇", TOWN, "water")
            self._keep(blank, Event(1, "give", self.at - 2 * HOUR, "leader", {"text": text, "due_at": self.at + due}))
        self._keep(self.held[2], Event(2, "answer", self.at - HOUR, "handler", {"text": "三班 24 人在岗"}))

    def _keep(self, one: Instruction, event: Event) -> Instruction:
        after = apply(one, event)
        self.held = [*(held for held in self.held if held.instruction_id != one.instruction_id), after]
        self.events.setdefault(one.instruction_id, []).append(event)
        return after

    def ledger(self, actor: Actor, now: int, at: int | None = None) -> list[Instruction]:
        return by_need(self.held, now)

    def one(self, actor: Actor, instruction_id: str, at: int | None = None) -> Seen:
        found = next((one for one in self.held if one.instruction_id == instruction_id), None)
        if found is None:
            raise LookupError(instruction_id)
        whose = "giver" if actor.may("give_instruction") else "department"
        deeds = [name for name, deed in DEEDS.items() if found.state in deed.start and deed.whose == whose]
        return Seen(found, self.events[instruction_id], deeds)

    def give(self, actor: Actor, given: Given, now: int) -> Instruction:
        if not actor.may("give_instruction"):
            raise Forbidden("give_instruction")
        n = len(self.held) + 1
        blank = Instruction(
            f"0190c000-0000-7000-8000-{n:012d}", f"I-441900-{n:07d}", given.about, given.object, "虎门镇", TOWN, given.department
        )
        return self._keep(blank, Event(1, "give", now, actor.username, {"text": given.text, "due_at": given.due_at}))

    def act(self, actor: Actor, instruction_id: str, deed: str, said: Any, now: int) -> Instruction:
        one = self.one(actor, instruction_id).instruction
        return self._keep(one, Event(one.version + 1, deed, now, actor.username, {name: it for name, it in said.items() if it}))


@dataclass
class FakePortfolios:
    """One portfolio, everybody's."""

    kept: Portfolio = EVERYTHING
    set_by: list[tuple[str, str]] = field(default_factory=list)
    """Who set whose."""

    def of(self, actor: Actor, at: int | None = None) -> Portfolio:
        return self.kept

    def held(self, actor: Actor, username: str, now: int) -> Portfolio:
        return self.kept

    def write(self, actor: Actor, username: str, domains: Any, regions: Any, now: int, address: str = "") -> Portfolio:
        self.kept = portfolio(domains, regions)
        self.set_by.append((actor.username, username))
        return self.kept


@dataclass
class FakeOffice:
    """The reads of services.office.Office. It shows the portfolio of `portfolios`."""

    at: int
    instructions: FakeInstructions
    signs: FakeSigns
    portfolios: FakePortfolios = field(default_factory=FakePortfolios)
    calm: bool = False
    """Nothing presses: no major incident is open, nothing got worse, every post is filled."""

    def seen(self, actor: Actor, now: int, at: int | None = None) -> OfficeSeen:
        due = self.at - 40 * MINUTE
        clock = Clock("handle", "natural_hours", HOUR, 0, due - HOUR, due, due - HOUR, None)
        said = {"urgency": "critical", "grade": "II", "response_level": "3", "region": TOWN, "lead": "water"}
        incident = Incident(
            FLOOD,
            "E-441900-0000001",
            "emergency",
            "responding",
            title="隧道积水",
            reported_at=self.at - HOUR,
            clocks={"handle": clock},
            **said,
        )
        guard = Shift("s", "seat", "water", "w", "水务值班", "22000001", 0, 2**53)
        posts = (
            ("leader_on_duty", "带班领导甲", "22000002"),
            ("shift_leader", "值班长乙", "22000003"),
            ("watch_officer", "值班员丙", "22000004"),
        )
        people = [Shift(f"b{n}", post, "", f"p{n}", name, phone, 0, 2**53) for n, (post, name, phone) in enumerate(posts)]
        major = Major(incident, [guard], ["pump-1"], ["pump-2"], "handle", due, True)
        lamp = indicator("lamps", zh="路灯亮灯率", en="Street lamps lit", domain="operation")
        bad = self.signs.held[0]._replace(indicator=lamp, value=value(lamp, self.at - HOUR, 91.2), scored=Scored(48.0))
        worse = Worse(bad, "day", value(lamp, self.at - 25 * HOUR, 97.4), Fall(38.0, 86.0, 48.0, 1.0))
        period = Period("hour", self.at - HOUR, self.at)
        changes = {
            "odd": {
                "last_year": Change("last_year", period, None, None, True, "no_value"),
                "before": Change("before", period, 91.0, -1.0, True),
            }
        }
        ledger = self.instructions.ledger(actor, now)
        overview, pressing = self.signs.overview(actor, now, CITY), (([], [], people) if self.calm else ([worse], [major], people[:2]))
        return OfficeSeen(self.portfolios.kept, overview, changes, *pressing, ledger, {"pump-1": "水泵一队"})

    def majors(self, actor: Actor, now: int, at: int | None = None) -> Sequence[Major]:
        return self.seen(actor, now, at).majors

    def towns(self, actor: Actor, now: int, at: int | None = None) -> Compared:
        rows = [
            Performance(TOWN, 40, 30, 0.7, 0.75, None, None, None, None, None, 0.48),
            Performance("441900119", 12, 12, 0.96, 1.0, None, None, None, None, None, 0.15),
        ]
        return Compared(rows, [["441900119"], [TOWN], []])
