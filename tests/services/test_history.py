"""The past as different people see it, and from which table it is read."""

from collections.abc import Sequence

import pytest

from domain.access import Actor, Forbidden
from services.history import DAY, HOUR, MINUTES_SPAN, RAW_AT_MOST, History
from services.register import Register
from services.register_ports import Point
from tests.services.test_register import EASTERN, EVERYWHERE, NOW, WATERY, FakeStore


class FakeHistory:
    """Notes what it was asked; answers `many` points."""

    def __init__(self, many: int = 1) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.points = [Point(NOW + step, 1.0, 1.0, 1.0) for step in range(many)]

    def raw(self, device_id: str, metric: str, since: int, until: int, received_by: int | None, most: int) -> list[Point]:
        self.asked.append(("raw", device_id, since, until, received_by))
        return self.points[:most]

    def rolled(self, grain: str, device_id: str, metric: str, since: int, until: int) -> list[Point]:
        self.asked.append((grain, device_id, since, until))
        return self.points

    def hour_so_far(self, device_ids: Sequence[str], metric: str, hour: int, until: int) -> list[Point]:
        self.asked.append(("so far", tuple(device_ids), hour, until))
        return self.points

    def rolled_over(self, grain: str, device_ids: Sequence[str], metric: str, since: int, until: int) -> list[Point]:
        self.asked.append((grain, tuple(device_ids), since, until))
        return self.points


def history(store: FakeHistory) -> History:
    return History(store, Register(FakeStore()))


@pytest.mark.parametrize(
    ("span", "source"),
    [(DAY, "raw"), (DAY + 1, "1m"), (MINUTES_SPAN["device"], "1m"), (MINUTES_SPAN["device"] + 1, "1h")],
)
def test_a_day_of_a_device_is_read_raw_and_longer_spans_from_roll_ups(span: int, source: str) -> None:
    store = FakeHistory()
    history(store).device(EVERYWHERE, "wl-1", "water_level", NOW - span, NOW)
    assert store.asked[-1][0] == source


@pytest.mark.parametrize(("span", "source"), [(MINUTES_SPAN["region"], "1m"), (MINUTES_SPAN["region"] + 1, "1h"), (HOUR, "1m")])
def test_a_region_is_never_read_raw(span: int, source: str) -> None:
    store = FakeHistory()
    history(store).region_trend(EVERYWHERE, "44", "water_level", NOW - span, NOW)
    assert store.asked == [(source, ("wl-1", "tf-1", "veh-1"), NOW - span, NOW)]


def test_a_past_trend_ends_with_the_hour_that_was_going_on_as_far_as_it_had_come() -> None:
    store, hour = FakeHistory(), (NOW // HOUR + 1) * HOUR
    history(store).region_trend(EVERYWHERE, "44", "water_level", hour - DAY, hour + 1_000, hour + 5_000)
    history(store).region_trend(EVERYWHERE, "44", "water_level", hour - DAY, hour, hour + 5_000)
    history(store).region_trend(EVERYWHERE, "44", "water_level", hour, hour + 1_000, hour + 5_000, "1h")
    over, so_far = ("1h", ("wl-1", "tf-1", "veh-1"), hour - DAY, hour), ("so far", ("wl-1", "tf-1", "veh-1"), hour, hour + 1_000)
    assert store.asked == [over, so_far, over, so_far]


def test_a_device_that_chatters_is_read_from_its_minutes() -> None:
    store = FakeHistory(many=RAW_AT_MOST + 1)
    history(store).device(EVERYWHERE, "wl-1", "water_level", NOW - DAY, NOW)
    assert [asked[0] for asked in store.asked] == ["raw", "1m"]


def test_a_region_trend_covers_what_lies_below_and_only_what_the_actor_sees() -> None:
    store = FakeHistory()
    for actor, region in ((EASTERN, "44"), (EASTERN, "44e"), (WATERY, "44"), (EVERYWHERE, "44e1")):
        history(store).region_trend(actor, region, "water_level", NOW - HOUR, NOW)
    assert {asked[1] for asked in store.asked} == {("wl-1",)}


def test_a_region_without_devices_has_an_empty_trend() -> None:
    assert history(FakeHistory()).region_trend(WATERY, "44w", "water_level", NOW - HOUR, NOW) == []


@pytest.mark.parametrize("actor", [EASTERN, WATERY, Actor("audit", frozenset({"auditor"}))])
def test_a_device_outside_the_scope_has_no_history(actor: Actor) -> None:
    with pytest.raises(Forbidden):
        history(FakeHistory()).device(actor, "tf-1", "speed", NOW - HOUR, NOW)


@pytest.mark.parametrize("actor", [EASTERN, Actor("audit", frozenset({"auditor"}))])
def test_a_region_outside_the_scope_has_no_trend(actor: Actor) -> None:
    with pytest.raises(Forbidden):
        history(FakeHistory()).region_trend(actor, "44w", "speed", NOW - HOUR, NOW)


def test_at_a_past_moment_nothing_later_is_told() -> None:
    store = FakeHistory()
    history(store).device(EVERYWHERE, "wl-1", "water_level", NOW, NOW + 3 * HOUR, at=NOW + HOUR)
    assert store.asked == [("raw", "wl-1", NOW, NOW + HOUR + 1, NOW + HOUR)]
