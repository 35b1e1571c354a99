"""A hand-written Dongguan for tests of the faces: no engine behind it, always the same city, standing still at NOW."""

import math
import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import shapely
import shapely.geometry

from domain.access import ROLES, Actor
from domain.alarms import Rule
from domain.registry import Department, Device, Region, short_name
from domain.sign_in import Policy
from services.adoption import Adoption, Heard
from services.alarm_incidents import BlindSpot
from services.alarm_pictures import Shown
from services.alarm_quality import RuleFigures
from services.duty import Uncovered
from services.neighbour_calls import NeighbourCall
from services.past_pictures import Changes, drawn
from services.people import People
from services.picture import Snapshot
from services.register import Register
from services.register_ports import Place, Point, RegionArea
from tests.fake_appeals import FakeAppeals
from tests.fake_dispatch import FakeDispatch, FakeIncidentDesk
from tests.fake_office import FakeInstructions, FakeOffice, FakePortfolios
from tests.fake_people import FakeAudit, FakeOperations, FakeOwnAccount, FakeUserDesk
from tests.fake_signs import FakeExplaining, FakeSigns
from tests.fake_upkeep import FakeDeviceFeeds, FakeFeedHealth, FakeUpkeep

NOW = 1_795_326_000_000
MINUTE = 60_000
TOWNS = """441900003 东城街道 Dongcheng 113.78 23.03|441900004 南城街道 Nancheng 113.74 23.00|441900005 万江街道 Wanjiang 113.72 23.04
441900006 莞城街道 Guancheng 113.75 23.045|441900101 石碣镇 Shijie 113.82 23.10|441900102 石龙镇 Shilong 113.86 23.11
441900103 茶山镇 Chashan 113.88 23.06|441900104 石排镇 Shipai 113.94 23.08|441900105 企石镇 Qishi 114.01 23.06
441900106 横沥镇 Hengli 113.97 23.01|441900107 桥头镇 Qiaotou 114.09 23.01|441900108 谢岗镇 Xiegang 114.14 22.96
441900109 东坑镇 Dongkeng 113.94 22.99|441900110 常平镇 Changping 114.00 22.97|441900111 寮步镇 Liaobu 113.87 22.99
441900112 樟木头镇 Zhangmutou 114.07 22.90|441900113 大朗镇 Dalang 113.93 22.93|441900114 黄江镇 Huangjiang 113.99 22.87
441900115 清溪镇 Qingxi 114.15 22.84|441900116 塘厦镇 Tangxia 114.09 22.80|441900117 凤岗镇 Fenggang 114.15 22.74
441900118 大岭山镇 Dalingshan 113.82 22.90|441900119 长安镇 Chang'an 113.80 22.81|441900121 虎门镇 Humen 113.67 22.82
441900122 厚街镇 Houjie 113.67 22.93|441900123 沙田镇 Shatian 113.60 22.88|441900124 道滘镇 Daojiao 113.66 23.00
441900125 洪梅镇 Hongmei 113.60 22.99|441900126 麻涌镇 Machong 113.56 23.05|441900127 望牛墩镇 Wangniudun 113.64 23.05
441900128 中堂镇 Zhongtang 113.65 23.10|441900129 高埗镇 Gaobu 113.74 23.09|441900401 松山湖 Songshan Lake 113.88 22.92"""
KINDS = {
    "air_quality": ("空气站", "Air station", {"pm25": (38, 12), "temperature": (21, 2)}),
    "rain_gauge": ("雨量站", "Rain gauge", {"rain_1h": (2, 2)}),
    "water_level": ("水位站", "River gauge", {"water_level": (1.9, 0.4)}),
    "standing_water": ("积水点", "Standing water", {"water_depth": (0.02, 0.02)}),
    "pump": ("泵站", "Pump", {"current": (18, 3)}),
    "traffic_flow": ("路段", "Road section", {"speed": (34, 6), "flow": (820, 200)}),
    "gas": ("气体站", "Gas station", {"lel": (3, 2)}),
    "power": ("变电站", "Substation", {"load": (48, 9)}),
}
METRICS = {
    "pm25": ("PM2.5", "PM2.5", "µg/m³", 0),
    "temperature": ("气温", "temperature", "°C", 1),
    "rain_1h": ("小时雨量", "rain in 1 h", "mm", 1),
    "water_level": ("水位", "river stage", "m", 2),
    "water_depth": ("积水深度", "standing water", "m", 2),
    "current": ("电流", "current", "A", 1),
    "speed": ("车速", "speed", "km/h", 0),
    "flow": ("流量", "flow", "veh/h", 0),
    "lel": ("可燃气", "combustible gas", "%LEL", 0),
    "load": ("负荷", "load", "MW", 0),
}
RULES = {
    "deep_water": ("道路积水过深", "deep standing water"),
    "pump_stopped": ("泵停机", "pump stopped"),
    "gas_high": ("可燃气超限", "combustible gas high"),
    "slow_road": ("车速过低", "traffic slow"),
    "river_high": ("河道水位过高", "river stage high"),
    "no_data": ("数据中断", "no data"),
}
BELOW = frozenset({"slow_road", "pump_stopped"})
"""Rules whose limit is a lowest one."""
ALARMS = (
    ("critical", "deep_water", "standing_water", "water_depth", "441900121", 0.62, 0.30, 2, None),
    ("critical", "gas_high", "gas", "lel", "441900123", 27.0, 20.0, 9, "duty_officer"),
    ("major", "pump_stopped", "pump", "current", "441900122", 0.0, 5.0, 7, None),
    ("major", "river_high", "water_level", "water_level", "441900112", 2.91, 2.80, 25, "operator"),
    ("minor", "slow_road", "traffic_flow", "speed", "441900115", 9.0, 15.0, 17, "operator"),
    ("minor", "slow_road", "traffic_flow", "speed", "441900003", 12.0, 15.0, 34, "operator"),
    ("warning", "no_data", "air_quality", "pm25", "441900103", None, 180.0, 41, None),
)


@dataclass(frozen=True)
class Named:
    """A name in both languages, as the catalogues have them."""

    zh: str
    en: str
    unit: str = ""
    decimals: int = 1


METRIC_NAMES = {name: Named(zh, en, unit, decimals) for name, (zh, en, unit, decimals) in METRICS.items()}
KIND_NAMES = {name: Named(zh, en) for name, (zh, en, _) in KINDS.items()}
RULE_NAMES = {
    name: Rule(name, zh, en, (), "", "no_data" if name == "no_data" else "threshold", "major", "below" if name in BELOW else "above")
    for name, (zh, en) in RULES.items()
}


def towns() -> list[tuple[Region, float, float]]:
    """Every town with its centre."""
    found = []
    for entry in TOWNS.replace("\n", "|").split("|"):
        code, name, *english, lon, lat = entry.split()
        found.append((Region(code, name, "441900", "town", " ".join(english)), float(lon), float(lat)))
    return found


class FakeRegisterStore:
    """The towns above with `per_town` devices of the kinds in turn."""

    def __init__(self, per_town: int = 24) -> None:
        self.places_known = towns()
        dice = random.Random(1)
        kinds = list(KINDS)
        self.held = [
            Device(
                f"{kinds[n % len(kinds)]}-{region.code[-3:]}-{n:02d}",
                f"{short_name(region.name)}{KINDS[kinds[n % len(kinds)]][0]}{n + 1}号",
                kinds[n % len(kinds)],
                region.code,
                "water",
                lon + dice.gauss(0, 0.016),
                lat + dice.gauss(0, 0.013),
                60.0,
                name_en=f"{region.name_en} {KINDS[kinds[n % len(kinds)]][1].lower()} {n + 1}",
            )
            for region, lon, lat in self.places_known
            for n in range(per_town)
        ]
        self.waiting = [Device("rain-new-01", "", "", "", "", None, None, None, False)]

    def changes(self) -> list[int]:
        return [0]

    def regions(self, at: int | None) -> list[Region]:
        return [Region("441900", "东莞市", None, "city", "Dongguan"), *(region for region, _, _ in self.places_known)]

    def areas(self) -> list[RegionArea]:
        return [
            RegionArea(region, area, lon, lat, True)
            for (region, lon, lat), area in zip(self.places_known, _areas(self.places_known), strict=True)
        ]

    def departments(self, at: int | None) -> list[Department]:
        return [Department("water", "水务局", "Water bureau"), Department("housing", "住房和城乡建设局", "Housing and Construction Bureau")]

    def devices(self, at: int | None) -> list[Device]:
        return self.held

    def device(self, device_id: str, at: int | None) -> Device | None:
        return next((device for device in self.held if device.device_id == device_id), None)

    def unadopted(self) -> list[Device]:
        return self.waiting

    def places(self) -> list[Place]:
        return []

    def city(self) -> dict[str, Any]:
        bounds = [113.5, 22.68, 114.22, 23.15]
        return {"code": "441900", "name": "东莞市", "name_en": "Dongguan", "origin_center": "441900", "demo": True, "bounds": bounds}

    def adopt(self, device: Device, entry: Any) -> bool:
        known = [one for one in self.waiting if one.device_id == device.device_id]
        self.waiting = [one for one in self.waiting if one not in known]
        return bool(known)


def _areas(known: list[tuple[Region, float, float]]) -> list[dict[str, Any]]:
    """Voronoi cells of the centres inside a hull around them: a sketch, as in the demo."""
    centres = shapely.MultiPoint([(lon, lat) for _, lon, lat in known])
    hull = centres.convex_hull.buffer(0.045)
    cells = [cell.intersection(hull) for cell in shapely.voronoi_polygons(centres, extend_to=hull).geoms]
    return [shapely.geometry.mapping(next(cell for cell in cells if cell.contains(shapely.Point(lon, lat)))) for _, lon, lat in known]


@dataclass
class FakePicture:
    """One standing snapshot; tests change its parts."""

    devices: dict[str, Any]
    alarms: list[dict[str, Any]]
    vehicles: dict[str, Any]
    counts: dict[str, Any]
    notes: dict[str, Any]
    at: int = NOW
    version: int = 1
    incidents: list[dict[str, Any]] = field(default_factory=list)

    def snapshot(self, actor: Actor, at: int | None = None, cursor: str | None = None) -> Snapshot:
        epoch, version, moment = ("e1", self.version, self.at) if at is None else (f"past-{at}", 0, at)
        return Snapshot(epoch, version, moment, self.devices, self.alarms, self.vehicles, self.counts, self.notes, {}, self.incidents)

    def changes(self, actor: Actor, at: int, since: int | None = None) -> Changes:
        return Changes(at, None, drawn(self.devices, self.alarms, self.vehicles, [], self.counts))

    def cursor(self, sections: Iterable[str]) -> str:
        return f"e1-{self.version}"

    def moment(self) -> tuple[str, int]:
        return "e1", self.at


def make_picture(store: FakeRegisterStore, now: int = NOW) -> FakePicture:
    """The picture of a rainy evening with seven alarms."""
    dice = random.Random(2)
    devices = {device.device_id: _record(device, dice, now) for device in store.held}
    alarms = [_alarm(store, number, row, now) for number, row in enumerate(ALARMS, start=1)]
    for alarm, row in zip(alarms, ALARMS, strict=True):
        held = devices[alarm["device_id"]]
        if row[5] is not None:
            held["values"][alarm["metric"]] = [now - 4_000, row[5], "good"]
    vehicles = {f"patrol-{n:02d}": _vehicle(dice, now) for n in range(30)}
    notes = {
        "ingest": {"lag_s": 0.4, "paused": False, "judged_at": now, "workers_missing": 0},
        "feeds": {
            "native": {"last_message_at": now - 900, "stored": 1_284_331, "duplicate": 12, "rejected": 3, "interval_s": 60},
            "command": {"last_message_at": now - 130_000, "stored": 41, "duplicate": 0, "rejected": 0},
        },
        "warnings": [
            {
                "warning_id": "w1",
                "number": "W-441900-0000001",
                "feed": "cap",
                "hazard": "暴雨",
                "level": "orange",
                "severity": "",
                "status": "actual",
                "sender": "市气象台",
                "sent_at": now - 10 * MINUTE,
                "effective_at": now - 10 * MINUTE,
                "expires_at": now + 60 * MINUTE,
                "texts": {"zh-CN": {"headline": "暴雨橙色预警", "description": "注意防范。"}},
                "standing": "in_force",
                "regions": ["441900"],
                "placed": "codes",
                "areas": ["东莞市"],
                "rules": ["rainstorm"],
                "resources": ["shelter"],
                "calls": True,
                "reached": {"state": "calling", "person": "officer", "answered_by": "", "answered_at": None},
                "places": [
                    {"name": "一号避险场所", "kind": "shelter", "region": "441900", "phone": "22000000", "capacity": 300, "free": 120}
                ],
            }
        ],
    }
    return FakePicture(devices, alarms, vehicles, _counts(store, devices, alarms), notes, now)


def _record(device: Device, dice: random.Random, now: int) -> dict[str, Any]:
    values = {
        metric: [now - dice.randrange(1_000, 50_000), round(max(0.0, dice.gauss(*shape)), 2), "good"]
        for metric, shape in KINDS[device.kind][2].items()
    }
    if device.kind == "power":
        values = {metric: [now - 12 * MINUTE, value[1], "good"] for metric, value in values.items()}
    online = dice.random() > 0.03
    return {
        "region": device.region,
        "department": device.department,
        "kind": device.kind,
        "interval_s": 60.0,
        "online": online,
        "values": values,
    }


def _alarm(store: FakeRegisterStore, number: int, row: tuple[Any, ...], now: int) -> dict[str, Any]:
    severity, rule, kind, metric, region, value, limit, minutes, by = row
    device = next(one for one in store.held if one.region == region and one.kind == kind)
    raised = now - minutes * MINUTE - 14_000
    return {
        "alarm_id": f"0190a000-0000-7000-8000-{number:012d}",
        "number": f"A-441900-{number:07d}",
        "rule_id": rule,
        "device_id": device.device_id,
        "metric": metric,
        "region": region,
        "department": "water",
        "severity": severity,
        "state": "active",
        "raised_at": raised,
        "cleared_at": None,
        "raised_value": value,
        "limit_value": limit,
        "acknowledged_at": raised + MINUTE if by else None,
        "acknowledged_by": by,
    }


def _vehicle(dice: random.Random, now: int) -> dict[str, Any]:
    _, lon, lat = dice.choice(towns())
    place = {"lon": lon + dice.gauss(0, 0.02), "lat": lat + dice.gauss(0, 0.02)}
    return {"region": "441900", "department": "police", "at": now - 2_000, **place, "speed": 9.0, "course": dice.randrange(360)}


def _counts(store: FakeRegisterStore, devices: dict[str, Any], alarms: list[dict[str, Any]]) -> dict[str, Any]:
    counts: dict[str, Any] = {}
    for region in ["441900", *(region.code for region, _, _ in store.places_known)]:
        mine = [record for record in devices.values() if region in (record["region"], "441900")]
        raised = [alarm for alarm in alarms if region in (alarm["region"], "441900")]
        counts[region] = {
            "devices": len(mine),
            "online": sum(1 for record in mine if record["online"]),
            "stale": 0,
            "alarms": {s: sum(1 for alarm in raised if alarm["severity"] == s) for s in ("critical", "major", "minor", "warning")},
            "unacknowledged": sum(1 for alarm in raised if alarm["acknowledged_at"] is None),
        }
    return counts


LEVELS = {
    "rain_1h": (3, 3),
    "speed": (34, 8),
    "pm25": (42, 14),
    "load": (6800, 900),
    "water_level": (1.8, 0.2),
    "water_depth": (0.02, 0.02),
}


class FakeHistory:
    """A day that looks like one."""

    def region_trend(
        self, actor: Actor, region: str, metric: str, since: int, until: int, at: int | None = None, grain: str = ""
    ) -> list[Point]:
        middle, swing = LEVELS.get(metric, (10, 2))
        return list(_wave(middle, swing, since, until, 10 * MINUTE))

    def device(self, actor: Actor, device_id: str, metric: str, since: int, until: int, at: int | None = None) -> list[Point]:
        return list(_wave(*LEVELS.get(metric, (10, 2)), since, until, 5 * MINUTE))


def _wave(middle: float, swing: float, since: int, until: int, step: int) -> Iterable[Point]:
    dice = random.Random(int(middle * 100))
    for at in range(since, until, step):
        value = max(0.0, middle + swing * math.sin(at / 1.4e7) + dice.gauss(0, swing / 6))
        yield make_point(at, value)


def make_point(at: int, value: float) -> Point:
    """A point of a trend whose mean, lowest and highest value are close together."""
    return Point(at, value, value * 0.9, value * 1.1)


@dataclass
class FakeAccounts:
    """Every role has an account of its own name; the token is the name. `new` is somebody with an initial password."""

    policy: Policy = field(default_factory=lambda: Policy(kinds=3))
    screens: Any = None
    """Whom a paired screen's token stands for, where the city has walls (tests.fake_steering.py)."""

    def actor_of(self, token: str, now: int) -> Actor | None:
        if self.screens and (screen := self.screens(token, now)):
            return screen
        if token == "new":
            return Actor(token, name="新人", must_change=True)
        return Actor(token, frozenset({token}), name=token) if token in ROLES else None

    def sign_in(self, username: str, password: str, now: int, address: str = "", agent: str = "") -> str:
        return username


@dataclass
class FakeAlarmDesk:
    """Remembers what was acknowledged, and does it on the picture at once."""

    picture: FakePicture
    taken: list[tuple[str, str]] = field(default_factory=list)

    def acknowledge(self, actor: Actor, alarm_id: str, now: int) -> bool:
        self.taken.append((actor.username, alarm_id))
        for alarm in self.picture.alarms:
            if alarm["alarm_id"] == alarm_id:
                alarm.update(acknowledged_at=now, acknowledged_by=actor.username)
        self.picture.version += 1
        return True


class FakeHeard:
    """Every unadopted device has said two metrics."""

    def heard(self, device_ids: Collection[str]) -> dict[str, Heard]:
        return {one: Heard(one, NOW, 1_240, ("rain_1h", "temperature")) for one in device_ids}


class FakeIncidentBoard:
    """A city in which nobody has reported anything."""

    def search(self, actor: Actor, query: Any, now: int) -> tuple[list[Any], int]:
        return [], 0

    def alike(self, *_: Any) -> list[Any]:
        return []

    def blind_spots(self, *_: Any) -> list[Any]:
        return [BlindSpot("i-1", "C-441900-0000007", "鸿福路积水", "standing_water", "441900121", 113.66, 22.83, NOW - MINUTE, 2)]


class FakeNeighbourCalls:
    """One call of the next town's fire brigade, an exercise without a place, and one that became an incident."""

    def open(self, *_: Any) -> list[NeighbourCall]:
        fire = NeighbourCall("cad", "26-1", "仓库冒烟", "火警", "鸿福路 7 号", ("E11", "T3"), NOW - MINUTE, NOW, 113.75, 23.02, False)
        drill = fire._replace(number="26-2", name="", type="演练", address="", units=(), lon=None, lat=None, exercise=True)
        return [fire, drill, fire._replace(number="26-3", name="交通事故", taken="C-441900-0000007", incident_id="i-1")]


class FakeAlarmQuality:
    """Two rules, one of them often wrong."""

    def rules(self, *_: Any) -> list[RuleFigures]:
        return [RuleFigures("gas_high", 8, 6, 0.75, 2), RuleFigures("deep_water", 12, 0, 0.0, 0)]


class FakeNotices:
    """A city in which nobody is told anything."""

    def mine(self, actor: Actor, unread_only: bool = False) -> list[Any]:
        return []

    def people_called(self, actor: Actor) -> list[Any]:
        return []

    def read(self, *_: Any) -> int:
        return 0


class FakeRoster:
    """A center whose posts are all covered, unless a test says otherwise."""

    def __init__(self) -> None:
        self.short: list[Uncovered] = []
        self.there: list[Any] = []

    def uncovered(self, actor: Actor, now: int, at: int | None = None) -> list[Uncovered]:
        return self.short

    def on_duty(self, actor: Actor, now: int, at: int | None = None) -> list[Any]:
        return self.there


class FakeChains:
    """A city in which nobody is called."""

    def going_on(self, actor: Actor, kind: str, ids: Collection[str]) -> dict[str, Any]:
        return {}

    def of(self, actor: Actor, thing: str, now: int) -> None:
        return None

    def shown(self, thing: str) -> None:
        return None


class FakeAlarmPictures:
    """What was noted of each alarm: put it into `shown`."""

    def __init__(self) -> None:
        self.shown: dict[str, Shown] = {}

    def of(self, actor: Actor, alarm_id: str, at: int | None = None) -> Shown | None:
        return self.shown.get(alarm_id)


class FakeSilences:
    """No maintenance anywhere."""

    def listed(self, actor: Actor, at: int) -> list[Any]:
        return []


class NothingAround:
    """No camera is near."""

    def camera_at(self, actor: Actor, device: Device, at: int) -> None:
        return None


@dataclass
class FakeCity:
    """What the faces ask of services.city.City. One that is `lost` answers nothing."""

    store: FakeRegisterStore
    picture: FakePicture
    register: Register
    history: FakeHistory
    accounts: FakeAccounts
    alarm_desk: FakeAlarmDesk
    adoption: Adoption
    lost: bool = False
    user_desk: FakeUserDesk = field(default_factory=FakeUserDesk)
    own_account: FakeOwnAccount = field(default_factory=FakeOwnAccount)
    audit: FakeAudit = field(default_factory=FakeAudit)
    operations: FakeOperations = field(default_factory=FakeOperations)
    incident_board: FakeIncidentBoard = field(default_factory=FakeIncidentBoard)
    neighbour_calls: FakeNeighbourCalls = field(default_factory=FakeNeighbourCalls)
    appeals: FakeAppeals = field(default_factory=FakeAppeals)
    notices: FakeNotices = field(default_factory=FakeNotices)
    silences: FakeSilences = field(default_factory=FakeSilences)
    chains: FakeChains = field(default_factory=FakeChains)
    roster: FakeRoster = field(default_factory=FakeRoster)
    dispatch: FakeDispatch = field(default_factory=FakeDispatch)
    incident_desk: FakeIncidentDesk = field(default_factory=FakeIncidentDesk)
    vital_signs: FakeSigns = field(default_factory=lambda: FakeSigns(NOW))
    instructions: FakeInstructions = field(default_factory=lambda: FakeInstructions(NOW))
    portfolios: FakePortfolios = field(default_factory=FakePortfolios)
    office: FakeOffice = field(default_factory=lambda: FakeOffice(NOW, FakeInstructions(NOW), FakeSigns(NOW)))
    explaining: FakeExplaining = field(default_factory=lambda: FakeExplaining(FakeSigns(NOW)))
    alarm_quality: FakeAlarmQuality = field(default_factory=FakeAlarmQuality)
    alarm_pictures: FakeAlarmPictures = field(default_factory=FakeAlarmPictures)
    feed_health: FakeFeedHealth = field(default_factory=lambda: FakeFeedHealth(NOW))
    device_feeds: FakeDeviceFeeds = field(default_factory=FakeDeviceFeeds)
    upkeep: FakeUpkeep = field(default_factory=lambda: FakeUpkeep(NOW))
    surroundings: NothingAround = field(default_factory=NothingAround)
    people: People = field(default_factory=lambda: People(dict, lambda: NOW))


def make_city(now: int = NOW, per_town: int = 24) -> FakeCity:
    """A city of its own for each test."""
    store = FakeRegisterStore(per_town)
    picture = make_picture(store, now)
    told = FakeInstructions(now)
    held = FakePortfolios()
    office = {"instructions": told, "portfolios": held, "office": FakeOffice(now, told, FakeSigns(now), held)}
    desk, adoption = FakeAlarmDesk(picture), Adoption(store, FakeHeard())
    return FakeCity(store, picture, Register(store), FakeHistory(), FakeAccounts(), desk, adoption, **office)
