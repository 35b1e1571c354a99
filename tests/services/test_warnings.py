"""Public warnings: where they hold, what is in force, what the city does by itself, what it says itself."""

from typing import Any

import pytest
from shapely.geometry import box

from config.warnings import load_warnings
from domain.access import Actor, Forbidden
from domain.messages import Event
from domain.registry import Region
from domain.warning_rules import Place, Placed, placed, within
from domain.warnings import Action, Area, Level, Standing, Status, Warned, as_facts
from services.own_warnings import FEED, Draft, NotIssued, OwnWarnings
from services.ports import FeedEvent
from services.warning_ports import Heard, Judged, Reached, Shelter
from services.warnings import Warnings, shown_as

NOW = 1_795_305_600_000
HOUR = 3_600_000
CONFIG = load_warnings()
CITY, SOUTH, EAST = "441900", "441900004", "441900003"
PLACES = [
    Place(CITY, "东莞市", None, box(0, 0, 10, 10)),
    Place(SOUTH, "南城街道", CITY, box(0, 0, 5, 5)),
    Place(EAST, "东城街道", CITY, box(5, 0, 10, 5)),
]
OFFICER = Actor("officer", frozenset({"duty_officer"}))
STEWARD = Actor("steward", frozenset({"data_steward"}))
HELD = {"warnings.active", "warnings.find", *(f"own_warnings.{name}" for name in ("issue", "lift", "listed"))}
"""What this file holds to rights and regions; warnings in force are public (tests/test_scopes.py)."""
ADMIN = Actor("admin", frozenset({"system_admin"}))


def warned(name: str = "w1", **more: Any) -> Warned:
    said = Warned(
        name, name, Action.ISSUE, Status.ACTUAL, (), NOW, "市气象台", "暴雨", Level.ORANGE, "", "", "", NOW, None, NOW + 6 * HOUR,
        (Area("东莞市", (("GB/T 2260", CITY),)),), {"zh-CN": {"headline": "暴雨橙色预警"}},
    )  # fmt: skip
    return said._replace(**more)


class Store:
    """WarningStore and OwnStore in memory."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Heard] = {}
        self.judged: dict[str, Judged] = {}
        self.answers: dict[str, Reached] = {}

    def keep(self, tx: Any, heard: Any) -> None:
        for one in heard:
            self.rows.setdefault((one.feed, one.said.statement), one._replace(number=f"W-{len(self.rows)}"))

    def add(self, heard: Heard) -> Heard:
        self.keep(None, [heard])
        return self.rows[heard.feed, heard.said.statement]

    def find(self, warning_id: str) -> Heard | None:
        return next((one for one in self.rows.values() if one.warning_id == warning_id), None)

    def held(self, until: int | None = None) -> list[Heard]:
        return [one for one in self.rows.values() if until is None or one.heard_at <= until]

    def judge(self, judged: Any, now: int) -> None:
        self.judged |= {one.warning_id: one for one in judged}

    def reached(self, warning_ids: Any) -> dict[str, Reached]:
        return {one: self.answers[one] for one in warning_ids if one in self.answers}

    def resources(self, kinds: Any) -> list[Shelter]:
        return [Shelter(f"{region}避险场所", kind, region, "22000000", 300, 120) for kind in kinds for region in (SOUTH, EAST)]

    def places(self) -> list[Place]:
        return PLACES


class Desk:
    """The services over one store, and what they put on the picture."""

    def __init__(self) -> None:
        self.store, self.noted = Store(), {}
        self.warnings = Warnings(self.store, CONFIG.placing, CONFIG.rules, CONFIG.unclear_after_ms, self.noted.__setitem__)

    def state(self, *said: Warned, heard_at: int = NOW) -> None:
        events = [Event("warning", one.statement, one.sent_at, None, None, None, as_facts(one), heard_at) for one in said]
        self.warnings.deal(None, [FeedEvent("cap", event) for event in events])

    def shown(self, now: int) -> list[dict[str, Any]]:
        self.warnings.round(now)
        return self.noted["warnings"]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def where(*areas: Area) -> Placed:
    return placed(warned(areas=areas), PLACES, CONFIG.placing)


@pytest.mark.parametrize(
    ("code", "regions"),
    [
        ("441900", (CITY,)),
        ("440000", (CITY,)),
        ("441900000000", (CITY,)),
        ("441900004", (SOUTH,)),
        ("441900004000", (SOUTH,)),
        ("440100", ()),
    ],
)
def test_a_code_is_the_city_one_of_its_places_or_elsewhere(code: str, regions: tuple[str, ...]) -> None:
    assert where(Area("x", (("GB/T 2260", code),))) == Placed(regions, "codes")


def test_a_drawn_area_is_the_places_that_it_covers_enough_of() -> None:
    assert where(Area("x", (), (tuple(box(0, 0, 5, 5).exterior.coords),))).regions == (SOUTH,)
    assert where(Area("x", (), (tuple(box(-1, -1, 11, 11).exterior.coords),))).regions == (CITY,)
    assert where(Area("x", (), (tuple(box(4.99, 0, 9, 5).exterior.coords),))).regions == (EAST,)
    assert where(Area("x", (), (tuple(box(50, 50, 60, 60).exterior.coords),))) == Placed((), "shape")


def test_words_name_the_inner_place_and_what_nobody_can_tell_is_said_so() -> None:
    assert where(Area("东莞市南城街道")) == Placed((SOUTH,), "name")
    assert where(Area("珠江口西岸")) == Placed((), "unknown")
    assert within([CITY], {SOUTH: CITY, CITY: None}, SOUTH) and not within([EAST], {SOUTH: CITY, CITY: None}, SOUTH)


def test_a_warning_is_on_the_picture_while_it_holds_and_sets_off_its_rule(desk: Desk) -> None:
    desk.state(warned(), warned("elsewhere", areas=(Area("x", (("GB/T 2260", "110000"),)),)))
    (one,) = desk.shown(NOW)
    assert (one["hazard"], one["level"], one["standing"], one["regions"]) == ("暴雨", "orange", "in_force", [CITY])
    assert (one["rules"], one["resources"], one["calls"]) == (["rainstorm"], ["shelter"], True)
    assert desk.store.judged[one["warning_id"]].call
    assert desk.shown(NOW + 6 * HOUR) == []


def test_the_shelters_of_the_places_concerned_are_listed_with_their_room(desk: Desk) -> None:
    desk.state(warned(areas=(Area("南城", (("GB/T 2260", SOUTH),)),)))
    (one,) = desk.shown(NOW)
    assert [(place["region"], place["free"], place["capacity"]) for place in one["places"]] == [(SOUTH, 120, 300)]
    assert desk.warnings.past_note(NOW)[0]["places"] == [], "how they were then is not kept"


def test_the_picture_of_a_past_moment_knows_what_had_been_heard_by_then(desk: Desk) -> None:
    desk.state(warned())
    desk.state(warned("over", action=Action.CANCEL, references=("w1",), sent_at=NOW + HOUR), heard_at=NOW + 2 * HOUR)
    assert desk.shown(NOW + 3 * HOUR) == []
    assert [one["hazard"] for one in desk.warnings.past_note(NOW + HOUR)] == ["暴雨"]
    assert desk.warnings.past_note(NOW - 1) == []


def test_a_test_is_shown_nowhere_and_an_exercise_is_marked(desk: Desk) -> None:
    desk.state(warned("t", status=Status.TEST), warned("e", status=Status.EXERCISE))
    assert [one["status"] for one in desk.shown(NOW)] == ["exercise"]


def test_a_yellow_rain_calls_nobody_and_a_red_one_of_any_hazard_does(desk: Desk) -> None:
    desk.state(warned("y", level=Level.YELLOW), warned("r", hazard="高温", level=Level.RED), warned("n", level=None))
    assert [(one["level"], one["calls"]) for one in desk.shown(NOW)] == [("red", True), ("yellow", False), (None, False)]


def test_a_place_nobody_can_tell_is_shown_but_calls_nobody(desk: Desk) -> None:
    desk.state(warned(areas=(Area("珠江口西岸"),)))
    (one,) = desk.shown(NOW)
    assert (one["placed"], one["regions"], one["rules"]) == ("unknown", [], [])


def test_facts_that_no_feed_makes_are_left_with_the_event(desk: Desk) -> None:
    event = Event("warning", "x", NOW, None, None, None, {"alert": "x", "action": "issue", "status": "actual"}, NOW)
    desk.warnings.deal(None, [FeedEvent("cap", event)])
    assert desk.store.rows == {}


def test_whoever_sees_the_picture_sees_the_warnings_and_how_the_calling_goes(desk: Desk) -> None:
    desk.state(warned())
    (one,) = desk.warnings.active(STEWARD, NOW)
    desk.store.answers[one.heard.warning_id] = Reached("answered", "officer", "officer", NOW)
    found = desk.warnings.find(STEWARD, one.heard.warning_id, NOW)
    assert found and shown_as(found)["reached"]["answered_by"] == "officer"
    assert desk.warnings.find(STEWARD, "another", NOW) is None
    with pytest.raises(Forbidden):
        desk.warnings.active(ADMIN, NOW)


class Noted:
    """An audit log in memory."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str]] = []

    def record(self, actor: str, action: str, now: int, object: str = "", outcome: str = "done", **_: Any) -> None:
        self.rows.append((actor, action, outcome))


@pytest.fixture
def own(desk: Desk) -> OwnWarnings:
    known = {one.code: Region(one.code, one.name, one.parent, "town") for one in PLACES}
    return OwnWarnings(desk.store, lambda: known, lambda: (CITY, "东莞市"), Noted())


def draft(**more: Any) -> Draft:
    return Draft("暴雨", Level.ORANGE, (SOUTH,), "南城暴雨橙色预警", "", "", NOW + 6 * HOUR)._replace(**more)


def test_what_the_city_says_itself_is_in_force_replaced_and_lifted(desk: Desk, own: OwnWarnings) -> None:
    first = own.issue(OFFICER, draft(), NOW)
    assert [one["regions"] for one in desk.shown(NOW)] == [[SOUTH]]
    second = own.issue(OFFICER, draft(level=Level.RED, regions=(CITY,), replaces=first.warning_id), NOW + 1)
    assert [(one["level"], one["warning_id"]) for one in desk.shown(NOW + 1)] == [("red", second.warning_id)]
    own.lift(OFFICER, second.warning_id, NOW + 2)
    assert desk.shown(NOW + 2) == [] and [one.said.action for one in own.listed(STEWARD, NOW + 2)] == ["cancel", "update", "issue"]
    assert own._audit.rows == [("officer", deed, "done") for deed in ("issue_warning", "issue_warning", "lift_warning")]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"hazard": " "}, "no_hazard"), ({"headline": ""}, "no_headline"), ({"description": "x" * 5001}, "too_long"),
     ({"regions": ()}, "no_region"),
     ({"regions": ("1",)}, "unknown_region"), ({"expires_at": NOW}, "no_end"), ({"expires_at": NOW + 32 * 24 * HOUR}, "no_end"),
     ({"replaces": "another"}, "not_ours")],
)  # fmt: skip
def test_a_draft_that_cannot_be_said_is_refused_by_name(own: OwnWarnings, change: dict[str, Any], code: str) -> None:
    with pytest.raises(NotIssued, match=code):
        own.issue(OFFICER, draft(**change), NOW)


def test_nobody_says_what_is_not_theirs_to_say(desk: Desk, own: OwnWarnings) -> None:
    east = Actor("east", frozenset({"duty_officer"}), regions=frozenset({EAST}))
    for actor, wanted in ((STEWARD, draft()), (east, draft()), (east, draft(regions=(EAST, CITY)))):
        with pytest.raises(Forbidden):
            own.issue(actor, wanted, NOW)
    assert own.issue(east, draft(regions=(EAST,)), NOW).placed.regions == (EAST,)
    desk.state(warned())
    with pytest.raises(NotIssued, match="not_ours"):
        own.lift(OFFICER, next(one.warning_id for one in desk.store.held() if one.feed != FEED), NOW)
    with pytest.raises(Forbidden):
        own.listed(ADMIN, NOW)
    assert desk.warnings.active(OFFICER, NOW)[0].standing is Standing.IN_FORCE
