"""A fake city in which people work, in each of its states: cases, orders and emergencies, crews, the roster, every indicator."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.access import Actor
from domain.clocks import Clock, Standing
from domain.comparison import Change
from domain.duty import Shift
from domain.incident_decisions import Move
from domain.incident_life import Event, Incident
from domain.incident_states import SPINES
from domain.incidents import BY_SERVICES, TRANSITIONS
from domain.performance import Compared, Performance
from domain.periods import Period
from domain.vital_signs import Rolled, Scored
from domain.worsening import Fall
from layouts.incidents.tabs import FLAGS
from layouts.office import is_major
from services.incident_desk import Seen
from services.incident_ports import Query, Row
from services.office import Major, Worse
from services.office import Seen as OfficeSeen
from services.people import People
from services.vital_signs import Sign, TownSign
from tests.fake_office import FakeInstructions, FakeOffice
from tests.fake_states import city_in
from tests.fake_wall import HOUR, RECORDED, RichExplaining, RichSigns, enrich
from tests.fakes import MINUTE, FakeCity, FakeIncidentBoard, towns

CALM = frozenset({"well", "critical", "stale"})
"""States in which work goes on and nothing of it presses."""
PRESSING = (
    ("连升路下穿隧道积水", "waterlogging", "emergency", "responding", "441900121", "critical", "II", "water", 62, 14),
    ("立沙岛可燃气浓度升高", "gas_leak", "emergency", "initial_action", "441900123", "critical", "ungraded", "fire", 19, 11),
    ("厚街泵站停机", "pump_station_failed", "case", "dispatched", "441900122", "urgent", "ungraded", "water", 7, 53),
    ("东江大道路面塌陷", "road_collapse", "case", "handling", "441900003", "critical", "ungraded", "transport", 96, -36),
    ("樟木头河堤渗水", "flood", "emergency", "verified", "441900112", "urgent", "ungraded", "water", 31, 29),
    ("中心路行道树倒伏", "tree_fallen", "case", "reported", "441900119", "urgent", "ungraded", "", 4, 26),
    ("寮步架空线缆垂落", "cable_hanging", "case", "accepted", "441900111", "urgent", "ungraded", "", 12, 18),
    ("居民反映地下车库进水", "help", "order", "reported", "441900004", "urgent", "ungraded", "", 3, 27),
)  # fmt: skip
ROUTINE = (
    ("鸿福路井盖破损", "manhole_cover_damaged", "case", "handling", "441900004", "normal", "ungraded", "urban_management", 190, 260),
    ("体育路路灯不亮", "street_light_out", "case", "dispatched", "441900003", "normal", "ungraded", "urban_management", 75, 1_300),
    ("运河漂浮物", "floating_rubbish", "case", "fed_back", "441900005", "normal", "ungraded", "water", 320, 400),
    ("松山湖夜间施工噪声", "construction_noise", "order", "handling", "441900401", "normal", "ungraded", "urban_management", 140, 620),
    ("市民咨询积分入学", "consult", "order", "accepted", "441900006", "normal", "ungraded", "", 26, 1_400),
    ("常平站前机动车乱停放", "illegal_parking", "case", "checked", "441900110", "normal", "ungraded", "police", 410, 900),
    ("大朗暴露垃圾", "exposed_rubbish", "case", "reported", "441900113", "normal", "ungraded", "", 9, 111),
    ("石龙公交站亭损坏", "bus_stop_damaged", "case", "filed", "441900102", "normal", "ungraded", "", 130, 500),
    ("长安工地扬尘", "construction_dust", "case", "verified", "441900119", "normal", "ungraded", "", 55, 350),
    ("企业反映用电增容", "enterprise", "order", "answered", "441900116", "normal", "ungraded", "transport", 1_500, 2_600),
)  # fmt: skip
"""Title, class, spine, state, town, urgency, grade, lead, minutes since the report, minutes until it is due."""


GUARDS = {"water": ("水务值班", "22000001"), "fire": ("消防值班", "22000119"), "transport": ("交通值班", "22000328")}
SENT: dict[str, tuple[list[str], list[str]]] = {
    "water": (["pump-1"], ["pump-2"]), "fire": (["fire-1"], ["fire-2", "gas-1"]), "transport": (["road-1"], []),
}  # fmt: skip
"""Department -> units of it on the scene, and on their way."""
NAMES = {"pump-1": "水泵一队", "pump-2": "水泵二队", "fire-1": "沙田消防站 1 车", "fire-2": "虎门消防站 3 车", "gas-1": "燃气抢修二组",
    "road-1": "道路抢修一队"}  # fmt: skip
LETTER = {"case": "C", "order": "H", "emergency": "E"}


def records(now: int, said: tuple[Any, ...] = (*PRESSING, *ROUTINE)) -> list[dict[str, Any]]:
    """Open incidents as the live picture holds them."""
    places = {region.code: (lon, lat) for region, lon, lat in towns()}
    return [_record(n, row, places, now) for n, row in enumerate(said, 1)]


def _record(n: int, row: tuple[Any, ...], places: Mapping[str, tuple[float, float]], now: int) -> dict[str, Any]:
    title, kind, spine, state, region, urgency, grade, lead, ago, left = row
    lon, lat = places[region]
    number = f"{LETTER[spine]}-441900-{n:07d}"
    return {
        "incident_id": f"0190b000-0000-7000-8000-{n:012d}", "number": number, "spine": spine, "state": state, "class_code": kind,
        "title": title, "urgency": urgency, "grade": grade, "response_level": "3" if grade == "II" else "", "region": region,
        "lon": lon + 0.004, "lat": lat - 0.003, "address": "", "lead": lead, "departments": (lead,) if lead else (),
        "reported_at": now - ago * MINUTE, "clock": "handle", "due_at": now + left * MINUTE, "near_at": now + (left - 30) * MINUTE,
        "paused": False, "supervised": left < 0, "proposals": (), "alarms": (), "exercise": False, "version": 4,
        "source": "hotline" if spine == "order" else "patrol", "device_id": "",
    }  # fmt: skip


@dataclass
class WorkingBoard(FakeIncidentBoard):
    """`services.incident_board.IncidentBoard` over the incidents of the live picture."""

    held: list[dict[str, Any]]

    def search(self, actor: Actor, query: Query, now: int) -> tuple[list[Any], int]:
        found = [one for one in self.held if _fits(one, query, now)]
        name = query.sort.lstrip("-")
        order = [*URGENCY] if name == "urgency" else None
        found.sort(key=lambda one: order.index(one[name]) if order else one[name], reverse=query.sort.startswith("-"))
        rows = [Row(**{"open": True, "changed_at": one["reported_at"], "carried": False, **one}) for one in found]
        return rows[query.offset : query.offset + query.limit], len(rows)


URGENCY = ("normal", "urgent", "critical")
SAME = ("spine", "urgency", "grade")
FLAGGED = ("overdue", "near_due", "supervised", "proposed", "contradicted")


def _fits(one: dict[str, Any], query: Query, now: int) -> bool:
    asked = query._asdict()
    return (
        query.open is not False
        and all(asked[name] in ("", one[name]) for name in SAME)
        and all(FLAGS[name](one, now) for name in FLAGGED if asked[name])
        and (not query.states or one["state"] in query.states)
        and (not query.steps or f"{one['spine']}.{one['state']}" in query.steps)
    )


@dataclass
class WorkingDesk:
    """`services.incident_desk.IncidentDesk` over the same incidents; a move is open to whose role and in which state the table says."""

    held: list[dict[str, Any]]

    def one(self, actor: Actor, incident_id: str, now: int, at: int | None = None) -> Seen:
        record = next((one for one in self.held if one["incident_id"] == incident_id), None)
        if record is None:
            raise LookupError(incident_id)
        incident, left = _incident(record), record["due_at"] - now
        moves = [
            Move(one.deed, one.needs, "")
            for (spine, _), one in TRANSITIONS.items()
            if spine == incident.spine and one.deed not in BY_SERVICES and incident.state in one.start and one.roles & actor.roles
        ]
        standing = Standing("overdue" if left < 0 else "near_due" if left < 30 * MINUTE else "on_time", left)
        return Seen(incident, _events(record), moves, {"handle": standing}, [])


def _incident(one: Mapping[str, Any]) -> Incident:
    clock = Clock(
        "handle", "natural_hours", one["due_at"] - one["reported_at"], 0, one["reported_at"], one["due_at"], one["reported_at"], None
    )
    said = {name: one[name] for name in (*RECORDED, "source")}
    place = {"lon": one["lon"], "lat": one["lat"], "address": one["address"]}
    return Incident(**said, place=place, reported_at=one["reported_at"], version=one["version"], clocks={"handle": clock})


STORY = {
    "emergency": ("report", "verify", "begin_initial_action", "assess", "start_response"),
    "case": ("report", "accept", "verify", "file", "dispatch", "sign", "feed_back", "check"),
    "order": ("report", "accept", "dispatch", "sign", "answer"),
}
"""Spine -> the deeds that lead from state to state, in the order of its states."""
ACTORS = ("operator", "operator", "dispatcher", "duty_officer", "leader", "handler", "handler", "operator")


def _events(one: Mapping[str, Any]) -> list[Event]:
    """What was done up to the state in which it is, spread over the time since."""
    states = [state.code for state in SPINES[one["spine"]]]
    told = STORY[one["spine"]][: states.index(one["state"]) + 1]
    gap = (one["due_at"] - one["reported_at"]) // 40
    at = [one["reported_at"] + n * gap for n in range(len(told))]
    return [
        Event(n, "state", deed, when, when, ACTORS[n - 1], {"source": one["source"]} if n == 1 else {})
        for n, (deed, when) in enumerate(zip(told, at, strict=True), 1)
    ]


class WorkingSigns(RichSigns):
    """Every indicator: all of them normal where the city is `calm`, none of them measured yet where it is `new`."""

    def __init__(self, now: int, calm: bool, new: bool, silent: bool = False) -> None:
        """`silent`: the sensors' feed is, so that nothing hourly has come since."""
        self.calm, self.new, self.silent = calm, new, silent
        super().__init__(now)

    def sign(self, code: str, region: str, dice: random.Random, n: int) -> Sign:
        """As of the rich city, for this one."""
        made = super().sign(code, region, dice, 1 if self.calm or self.new else n)
        if self.silent and made.value and made.indicator.cycle == "hour":
            return made._replace(value=made.value._replace(at=made.value.at - 3 * HOUR), state="late", scored=Scored(None, "late"))
        return made._replace(value=None, state="missing", band=None, scored=Scored(None, "missing")) if self.new else made

    def towns(self, actor: Actor, now: int, at: int | None = None) -> list[TownSign]:
        """Most towns at the high end."""
        scored = [(region.code, None if self.new else 62.0 + 31 * ((7 * n) % 11) / 11) for n, (region, _, _) in enumerate(towns())]
        return [TownSign(code, Rolled(score, 1.0, ()), {}) for code, score in scored]


class NoTasks:
    """Tasks of incidents: nobody was given one."""

    def of_incident(self, *_: Any) -> list[Any]:
        return []


@dataclass
class WorkingOffice(FakeOffice):
    """`services.office.Office` over the incidents and indicators of the same city."""

    held: Sequence[Mapping[str, Any]] = ()

    def seen(self, actor: Actor, now: int, at: int | None = None) -> OfficeSeen:
        said = super().seen(actor, now, at)
        majors = [_major(one, now) for one in self.held if is_major(one)] if said.majors else []
        hour = Period("hour", self.at - HOUR, self.at)
        dice = random.Random(9)
        changes = {
            one.indicator.code: {
                name: Change(name, hour, 1.0, round(dice.gauss(0, 3), 1), one.indicator.unit == "%") for name in ("last_year", "before")
            }
            for one in self.signs.held
            if one.value
        }
        ledger = [] if not self.held else said.ledger
        worse = [_worse(one, n) for n, one in enumerate(_fallen(self.signs.held))] if said.worse and self.held else []
        return said._replace(majors=majors, changes=changes, ledger=ledger, worse=worse, units=NAMES)

    def towns(self, actor: Actor, now: int, at: int | None = None) -> Compared:
        codes = [region.code for region, _, _ in towns()] if self.held else []
        rows = [_performance(code, n) for n, code in enumerate(codes)]
        ranked = [row.key for row in sorted(rows, key=lambda row: -(row.on_time or 0))]
        return Compared(rows, [ranked[:11], ranked[11:22], ranked[22:]])


def _major(one: Mapping[str, Any], now: int) -> Major:
    name, phone = GUARDS[one["lead"]]
    guard = Shift("s", "seat", one["lead"], "w", name, phone, 0, 2**53)
    return Major(_incident(one), [guard], *SENT[one["lead"]], "handle", one["due_at"], one["due_at"] < now)


def _fallen(signs: Sequence[Sign]) -> list[Sign]:
    """Of what is outside normal the gravest."""
    return sorted((one for one in signs if one.outside and one.value), key=lambda one: one.scored.score or 0.0)[:5]


def _worse(one: Sign, n: int) -> Worse:
    """It was within normal yesterday or a week ago."""
    low, high = (one.band.low, one.band.high) if one.band else (None, None)
    then = low * 1.02 if low is not None else (high or 0.0) * 0.94
    before, now = 78.0 - 3 * n, one.scored.score or 0.0
    earlier = one.value._replace(value=then) if one.value else None
    return Worse(one, ("day", "week")[n % 2], earlier, Fall(before - now, before, now, 1.0))  # type: ignore[arg-type]


def _performance(town: str, n: int) -> Performance:
    reported, share = 18 + (n * 13) % 41, 0.80 + 0.19 * ((n * 5) % 17) / 17
    return Performance(town, reported, reported - 3, share, share, None, None, None, None, None, round(reported / 46, 2))


CALLED = {"operator": "值班员", "dispatcher": "派遣员", "duty_officer": "值班长", "leader": "带班领导", "handler": "处置员"}
"""Username -> name, of those who did something."""


def working_city(state: str, now: int, per_town: int = 90) -> FakeCity:
    """The city in that state of tests/fake_states.py, with the work that goes with it; an empty one has none. Raises KeyError."""
    city = city_in(state, now, per_town)
    enrich(city)
    new = state == "empty"
    held = [] if new else records(now, ROUTINE) if state in CALM else records(now)
    city.picture.incidents, signs = held, WorkingSigns(now, state in CALM, new, state == "stale")
    if new:
        city.dispatch.held, city.roster.there, city.appeals.found = [], [], []
    if state in CALM:
        city.appeals.found = [one._replace(now=15 - n, usual=13.5 - n, rising=False) for n, one in enumerate(city.appeals.found)]
    vars(city).update(incident_board=WorkingBoard(held), incident_desk=WorkingDesk(held), vital_signs=signs)
    vars(city).update(explaining=RichExplaining(signs), office=_office(city, held, signs, state))  # type: ignore[arg-type]
    vars(city).update(tasks=NoTasks(), filmed=not new, people=People(lambda: CALLED, lambda: now))
    return city


def _office(city: FakeCity, held: list[dict[str, Any]], signs: WorkingSigns, state: str) -> WorkingOffice:
    now, told = city.picture.at, FakeInstructions(city.picture.at)
    if state in CALM:
        told.held = [one for one in told.held if not one.overdue(now)]
    city.instructions = told
    return WorkingOffice(now, told, signs, city.portfolios, state in CALM or state == "empty", held)  # type: ignore[arg-type]
