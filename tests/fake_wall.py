"""Makes the fake city of the faces rich enough for every scene of the wall: incidents, units, a roster, all indicators, hot themes."""

import random
from typing import Any

import yaml

from config.incident_files import load_classes
from domain.access import Actor
from domain.clocks import Clock, Standing
from domain.duty import Shift
from domain.incident_life import Event, Incident
from domain.metrics import DOMAINS
from domain.registry import Department
from domain.rises import Hot
from domain.units import Status, Unit
from domain.vital_signs import Band, Part, Rolled, Scored, roll_up, score
from services.incident_desk import Seen
from services.unit_ports import UnitNow
from services.vital_signs import Overview, Sign, TownSign
from tests.fake_signs import FakeExplaining, indicator, value
from tests.fakes import MINUTE, FakeCity, towns

HOUR = 60 * MINUTE
TITLES = (
    "连升路下穿隧道积水",
    "立沙岛可燃气泄漏",
    "鸿福路井盖缺失",
    "东江大道路面塌陷",
    "厂房冒烟",
    "夜间施工噪声",
    "路灯成片不亮",
    "占道经营",
    "河面漂浮油污",
)
DEPARTMENTS = (("water", "水务局", "Water bureau"), ("fire", "消防救援支队", "Fire and rescue"), ("police", "公安局", "Public security"),
    ("urban_management", "城市管理局", "Urban management"), ("transport", "交通运输局", "Transport"))  # fmt: skip
STATES = ("available", "available", "available", "assigned", "en_route", "on_scene", "returning", "out_of_service")
RECORDED = ("incident_id", "number", "spine", "state", "class_code", "title", "urgency", "grade", "response_level", "region", "lead")
"""What the picture's record of an incident and the incident itself both have."""


def incident(n: int, now: int, dice: random.Random) -> dict[str, Any]:
    """Incident `n` as the live picture has it; the first one is a grave emergency."""
    region, lon, lat = dice.choice(towns())
    grave = n == 0
    spine = "emergency" if n < 2 else ("case", "order")[n % 2]
    state = {"emergency": "responding" if grave else "initial_action", "case": "handling", "order": "dispatched"}[spine]
    classes = [one.code for one in load_classes()]
    due = now + dice.randrange(-90, 300) * MINUTE
    return {
        "incident_id": f"0190b000-0000-7000-8000-{n:012d}", "number": f"E-441900-{n:07d}", "spine": spine, "state": state,
        "class_code": classes[n % len(classes)], "title": TITLES[n % len(TITLES)], "urgency": ("critical", "urgent", "normal")[min(n, 2)],
        "grade": "II" if grave else "ungraded", "response_level": "2" if grave else "", "region": region.code, "lon": lon, "lat": lat,
        "address": "中心路 8 号", "lead": DEPARTMENTS[n % 5][0], "departments": (DEPARTMENTS[n % 5][0],),
        "reported_at": now - dice.randrange(5, 300) * MINUTE, "clock": "handle", "due_at": due, "near_at": due - 30 * MINUTE,
        "paused": n == 7, "supervised": False, "proposals": (), "alarms": (), "exercise": False, "version": 4, "source": "hotline",
        "device_id": "",
    }  # fmt: skip


def seen(one: dict[str, Any], now: int) -> Seen:
    """The incident with a few events and two clocks."""
    base = one["reported_at"]
    deeds = (
        ("report", "state", "officer"),
        ("verify", "state", "officer"),
        ("begin_initial_action", "state", "officer"),
        ("unit", "unit", "dispatcher"),
        ("assess", "level", "duty_officer"),
        ("start_response", "level", "leader"),
        ("unit", "unit", "crew"),
    )
    data = {"unit_id": "unit-00", "status": "on_scene", "source": "hotline"}
    events = [
        Event(n, kind, deed, base + n * 2 * MINUTE, base + n * 2 * MINUTE, actor, data) for n, (deed, kind, actor) in enumerate(deeds, 1)
    ]
    clocks = {
        name: Clock(name, "natural_hours", HOUR, 0, base, base, base, None, now + left)
        for name, left in (("verify", -4 * MINUTE), ("handle", 41 * MINUTE))
    }
    standings = {name: Standing("overdue" if clock.due_at < now else "on_time", clock.due_at - now) for name, clock in clocks.items()}
    place = {"lon": one["lon"], "lat": one["lat"], "address": one["address"]}
    known = {name: one[name] for name in RECORDED}
    return Seen(Incident(**known, place=place, reported_at=base, version=len(events), clocks=clocks), events, [], standings, [])


def unit(n: int, now: int, dice: random.Random, run: str) -> UnitNow:
    """Unit `n`; every seventh is at the grave emergency."""
    state = ("on_scene", "en_route", "acknowledged")[n // 7 % 3] if n % 7 == 0 else STATES[n % len(STATES)]
    region, lon, lat = dice.choice(towns())
    department = DEPARTMENTS[n % 5]
    made = Unit(f"unit-{n:02d}", f"{department[1][:2]}{n + 1:02d} 车", "vehicle", frozenset(), lon, lat, region.code, department[0])
    status = Status(state, now - dice.randrange(1, 90) * MINUTE, run if n % 7 == 0 else "", lon, lat)
    return UnitNow(made, status, 1, (), "", True, lon, lat, now - 5_000, 0)


class RichSigns:
    """Every indicator of config/indicators.yaml with a value; one of nine outside normal, one of twenty late."""

    def __init__(self, now: int) -> None:
        self.at = now // HOUR * HOUR - HOUR
        with open("config/indicators.yaml", encoding="utf-8") as file:
            self.known = yaml.safe_load(file)
        dice = random.Random(5)
        self.held = [self.sign(code, "441900", dice, n) for n, code in enumerate(self.known)]

    def sign(self, code: str, region: str, dice: random.Random, n: int) -> Sign:
        """A sign of one region."""
        said = self.known[code]
        normal = (10.0, 40.0) if said["normal"] == "learnt" else tuple(said["normal"])
        names = {name: said[name] for name in ("zh", "en", "unit", "decimals", "domain", "cycle", "level", "direction", "target")}
        made = indicator(code, **names, normal=normal)
        low, high = normal
        edge = high if low is None else low
        good = said["target"] if said["target"] is not None else (edge + (high if high is not None and low is not None else edge)) / 2
        share = dice.random() * 0.9 if n % 9 else -0.4
        amount = max(0.0, edge + (good - edge) * share)
        band, late = Band(*normal), n % 20 == 19
        held = value(made, self.at - 9 * HOUR if late else self.at, amount)
        return Sign(
            made,
            region,
            held,
            "late" if late else "ok",
            band,
            Scored(None, "late") if late else score(amount, band, said["target"] or good, said["direction"]),
        )

    def overview(self, actor: Actor, now: int, region: str | None = None, at: int | None = None) -> Overview:
        domains = {
            name: roll_up([Part(one.indicator.code, 1.0, one.scored) for one in self.held if one.indicator.domain == name], 0.5)
            for name in DOMAINS
        }
        return Overview(
            "441900", now, roll_up([Part(name, 1.0, Scored(one.score)) for name, one in domains.items()], 0.5), domains, self.held, []
        )

    def towns(self, actor: Actor, now: int, at: int | None = None) -> list[TownSign]:
        return [TownSign(region.code, Rolled(60.0 + n, 1.0, ()), {}) for n, (region, _, _) in enumerate(towns())]

    def places(self, actor: Actor, code: str, now: int, at: int | None = None) -> list[Sign]:
        dice = random.Random(len(code))
        found = [self.sign(code, region.code, dice, n) for n, (region, _, _) in enumerate(towns(), 1)]
        return sorted(found, key=lambda one: (one.scored.score is None, one.scored.score or 0.0))


class RichExplaining(FakeExplaining):
    """Two days of values around each sign's own."""

    def series(self, actor: Actor, code: str, region: str | None, now: int, at: int | None = None, since: int | None = None) -> Any:
        sign, dice = next(one for one in self.signs.held if one.indicator.code == code), random.Random(code)
        amount = sign.value.value
        held = [value(sign.indicator, self.signs.at - n * HOUR, amount * dice.uniform(0.93, 1.07)) for n in range(40, 0, -1)]
        return sign.indicator, "441900", [*held, sign.value], []


def roster(now: int) -> list[Shift]:
    """The center's posts, a person in two departments and in every town."""
    posts = (
        ("leader_on_duty", "带班领导甲"),
        ("shift_leader", "值班长乙"),
        ("watch_officer", "甲"),
        ("watch_officer", "乙"),
        ("seat", "丙"),
        ("seat", "丁"),
    )
    ours = [Shift(str(n), post, "", str(n), name, "", now - HOUR, now + 7 * HOUR) for n, (post, name) in enumerate(posts)]
    return ours + [
        Shift(f"t{n}", "watch_officer", code, f"t{n}", "值班员", "", now - HOUR, now + 7 * HOUR)
        for n, code in enumerate(("water", "housing", *(region.code for region, _, _ in towns())))
    ]


THEMES = (
    (31, 8.5),
    (28, 9.5),
    (24, 7.5),
    (23, 19.5),
    (21, 18.5),
    (19, 17.5),
    (17, 15.5),
    (16, 14.5),
    (14, 13.5),
    (13, 12.5),
    (11, 10.5),
    (10, 9.5),
)
"""How often a hot theme was named, and how often it usually is."""


def enrich(city: FakeCity) -> FakeCity:
    """The city with all of that."""
    now, dice = city.picture.at, random.Random(3)
    city.picture.incidents = [incident(n, now, dice) for n in range(24)]
    city.incident_desk.seen = {one["incident_id"]: seen(one, now) for one in city.picture.incidents}
    city.dispatch.held = [unit(n, now, dice, city.picture.incidents[0]["incident_id"]) for n in range(60)]
    city.roster.there = roster(now)
    city.vital_signs = RichSigns(now)  # type: ignore[assignment]
    city.explaining = RichExplaining(city.vital_signs)  # type: ignore[arg-type]
    city.appeals.found = [
        Hot(region.code, one.code, *THEMES[n], 0.001, n < 3)
        for n, ((region, _, _), one) in enumerate(zip(towns()[:12], list(load_classes())[:12], strict=False))
    ]
    city.store.departments = lambda at: [Department(*one) for one in DEPARTMENTS]  # type: ignore[method-assign]
    return city
