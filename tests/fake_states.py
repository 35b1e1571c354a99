"""The states a face must be looked at in: what each does to a fake city. Each starts from a city of its own."""

import random
from collections.abc import Callable
from typing import Any

from domain.access import Actor
from services.picture import urgency
from services.register_ports import Point
from tests.fakes import ALARMS, MINUTE, FakeCity, FakeHistory, _alarm, _counts, make_city, make_point

STORM = 500
"""How many alarms a storm has."""
HOUR = 60 * MINUTE
DAMP_M = 0.04
"""What gauges of standing water say on a dry road at most."""


def all_well(city: FakeCity) -> None:
    """Nobody is called, nothing is late: what a city looks like most of the year."""
    city.picture.notes["warnings"] = []
    city.picture.notes["feeds"] = {
        name: {**note, "last_message_at": city.picture.at - 900, "rejected": 0} for name, note in city.picture.notes["feeds"].items()
    }
    city.office.calm, city.picture.incidents = True, []
    _fresh(city)
    with_alarms(city, [])


class Rising(FakeHistory):
    """A day in which water rises from the kerb's foot to what the critical alarm says, in its last twenty minutes."""

    def device(self, actor: Actor, device_id: str, metric: str, since: int, until: int, at: int | None = None) -> list[Point]:
        if metric != "water_depth":
            return super().device(actor, device_id, metric, since, until, at)
        highest, risen = ALARMS[0][5], 20 * MINUTE
        return [make_point(one, 0.02 + (highest - 0.02) * max(0.0, 1 - (until - one) / risen)) for one in range(since, until, MINUTE)]


def one_critical(city: FakeCity) -> None:
    """One critical alarm that nobody has taken, in a city that is well otherwise."""
    all_well(city)
    city.history = Rising()
    alarm = _alarm(city.store, 1, ALARMS[0], city.picture.at)
    city.picture.devices[alarm["device_id"]]["values"]["water_depth"] = [city.picture.at - 3_000, ALARMS[0][5], "good"]
    with_alarms(city, [alarm])


def storm(city: FakeCity) -> None:
    """A typhoon's hour: STORM alarms of every severity in every town, a fifth of them taken, and a warning for four towns."""
    dice = random.Random(3)
    towns = [region.code for region, _, _ in city.store.places_known]
    raised = []
    for number in range(1, STORM + 1):
        severity, rule, kind, metric, _, value, limit, _, _ = dice.choice(ALARMS)
        row = (
            severity,
            rule,
            kind,
            metric,
            dice.choice(towns),
            value,
            limit,
            dice.randrange(1, 55),
            dice.choice((None,) * 4 + ("operator",)),
        )
        alarm = _alarm(city.store, number, row, city.picture.at)
        alarm["device_id"] = dice.choice([one.device_id for one in city.store.held if (one.region, one.kind) == (row[4], kind)])
        city.picture.devices[alarm["device_id"]]["values"][metric] = [city.picture.at - 3_000, value, "good"]
        raised.append(alarm)
    with_alarms(city, raised)
    city.picture.notes["warnings"] = [{**one, "regions": towns[:4]} for one in city.picture.notes["warnings"]]


def stale_feed(city: FakeCity) -> None:
    """The sensors' feed has been silent for an hour: no value of it may look like now."""
    all_well(city)
    city.picture.notes["feeds"]["native"]["last_message_at"] = city.picture.at - HOUR
    for record in city.picture.devices.values():
        record["values"] = {metric: [city.picture.at - HOUR, value[1], value[2]] for metric, value in record["values"].items()}


class NoHistory:
    """Nothing was ever measured."""

    def region_trend(self, *_: Any, **__: Any) -> list[Point]:
        return []

    device = region_trend


def empty(city: FakeCity) -> None:
    """A city on its first day: towns, and nothing else yet."""
    city.history = NoHistory()
    city.store.held.clear()
    city.picture.devices.clear()
    city.picture.vehicles.clear()
    city.picture.notes["warnings"] = []
    city.picture.notes["feeds"] = {}
    with_alarms(city, [])


def as_it_is(city: FakeCity) -> None:
    """The evening of the fakes: seven alarms, one warning, one silent feed."""


def with_alarms(city: FakeCity, raised: list[dict[str, Any]]) -> None:
    """The city with these alarms and no others; what is counted of them fits."""
    city.picture.alarms[:] = sorted(raised, key=urgency)
    city.picture.counts.clear()
    city.picture.counts.update(_counts(city.store, city.picture.devices, raised))
    city.picture.version += 1


def _fresh(city: FakeCity) -> None:
    for record in city.picture.devices.values():
        record["online"] = True
        record["values"] = {
            metric: [city.picture.at - 3_000, _calm(metric, value[1]), "good"] for metric, value in record["values"].items()
        }


def _calm(metric: str, value: Any) -> Any:
    """A value of a city where all is well: no road is under water."""
    return min(value, DAMP_M) if metric == "water_depth" else value


STATES: dict[str, Callable[[FakeCity], None]] = {
    "evening": as_it_is,
    "well": all_well,
    "critical": one_critical,
    "storm": storm,
    "stale": stale_feed,
    "empty": empty,
}
"""State -> what it does to a city. 'lost' (the server is gone) and 'no-right' (somebody who may not see it) are done to the visitor."""


def city_in(state: str, now: int, per_town: int = 30) -> FakeCity:
    """A city in that state. Raises KeyError for one that is not known."""
    city = make_city(now, per_town)
    STATES[state](city)
    return city
