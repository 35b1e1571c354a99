"""The demo's weather bureau (cn_warning) and ocean office (cap): what they warn of, where and until when, and how each warning ends."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from config.warnings import load_warnings
from data_adapters.city_pack import Pack, read_pack
from data_adapters.demo.pack import build_demo_pack
from data_adapters.demo.platforms.registry import PLATFORMS
from data_adapters.demo.platforms.tide_office import NEW_MOON_MS, SHORE
from data_adapters.demo.platforms.weather_bureau import HAZARDS
from domain.messages import Event
from domain.warning_rules import Place, Placed, placed, rules_for
from domain.warnings import Action, Level, Standing, Status, Warned, from_facts, standings
from tests.data_adapters.test_demo_platforms import DAY, HOUR, MIDNIGHT, day_of_platform, heard

SPEAKERS = ("cn_warning", "cap")
LASTS = 120 * DAY
CHAIN = (Action.ISSUE, Action.UPDATE, Action.CANCEL)
RULES = load_warnings()


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return read_pack(build_demo_pack(tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="module")
def told(pack: Pack) -> dict[str, list[Warned]]:
    """What each of them says in four months, in its order, as its feed reads it; what stood before is left out."""
    return {name: warned(name, [due for due in PLATFORMS[name](pack).said(MIDNIGHT, MIDNIGHT + LASTS)]) for name in SPEAKERS}


def warned(name: str, said: Iterable[tuple[int, object]]) -> list[Warned]:
    outputs = list(heard(name, sorted(said, key=lambda due: due[0])))  # type: ignore[arg-type]
    assert all(isinstance(one, Event) and one.kind == "warning" for one in outputs)
    return [from_facts(str(one.event_id), one.facts) for one in outputs if isinstance(one, Event)]


def chains(said: list[Warned]) -> list[list[Warned]]:
    """Each warning with what ends it, those that were said whole."""
    by_alert = {one.alert: one for one in said}
    lifted = [one for one in said if one.action is Action.CANCEL]
    whole = [[by_alert.get(by_alert[one.references[0]].references[0]), by_alert[one.references[0]], one] for one in lifted[1:]]
    return [chain for chain in whole if None not in chain]  # type: ignore[misc]


def where(one: Warned, pack: Pack) -> Placed | None:
    places = [Place(found.region.code, found.region.name, found.region.parent, found.area) for found in pack.regions]
    return placed(one, places, RULES.placing)


@pytest.mark.parametrize("name", SPEAKERS)
def test_a_warning_is_in_force_with_colour_and_end_then_replaced_then_lifted(told: dict[str, list[Warned]], name: str) -> None:
    found = chains(told[name])
    assert len(found) >= 7
    for issued, update, lifted in found:
        assert tuple(one.action for one in (issued, update, lifted)) == CHAIN
        assert issued.hazard == update.hazard == lifted.hazard and len({issued.alert, update.alert, lifted.alert}) == 3
        assert all(one.level in (Level.BLUE, Level.YELLOW) and one.expires_at and one.sent_at < one.expires_at for one in (issued, update))
        assert update.expires_at and lifted.sent_at < update.expires_at and issued.sent_at < update.sent_at < lifted.sent_at
        assert issued.texts["zh-CN"]["instruction"] and not lifted.texts["zh-CN"]["instruction"]
        both = [issued, update, lifted]
        assert standings(both, issued.sent_at, DAY) == {issued.statement: Standing.IN_FORCE}
        assert standings(both, update.sent_at, DAY) == {issued.statement: Standing.REPLACED, update.statement: Standing.IN_FORCE}
        assert standings(both, lifted.sent_at, DAY)[update.statement] is Standing.LIFTED


@pytest.mark.parametrize("name", SPEAKERS)
def test_nobody_is_called_and_each_says_that_it_is_the_demos(told: dict[str, list[Warned]], name: str) -> None:
    for one in told[name]:
        assert one.status is Status.ACTUAL and one.level in (Level.BLUE, Level.YELLOW)
        assert rules_for(one, Standing.IN_FORCE, RULES.rules) == []
        assert (
            "演示" in one.sender
            and "演示" in one.texts["zh-CN"]["headline"]
            and "演示数据，并非真实预警" in one.texts["zh-CN"]["description"]
        )


def test_the_bureau_warns_of_what_the_season_brings_at_most_twice_a_day_and_not_of_rain(pack: Pack) -> None:
    year = warned("cn_warning", PLATFORMS["cn_warning"](pack).said(MIDNIGHT, MIDNIGHT + 365 * DAY))
    issued = [one for one in year if one.action is Action.ISSUE]
    assert {one.hazard for one in year} == {hazard.name for hazard in HAZARDS.values()} == {"寒潮", "大雾", "雷电", "高温"}
    assert max(Counter((one.sent_at - MIDNIGHT) // DAY for one in issued).values()) <= 2 and 100 < len(issued) < 320
    months = {hazard.name: set(hazard.months) for hazard in HAZARDS.values()}
    assert all(datetime.fromtimestamp((one.sent_at + 8 * HOUR) / 1000, UTC).month in months[one.hazard] for one in issued)
    grown = {(chain[0].level, chain[1].level) for chain in chains(year) if chain[0].hazard == "寒潮"}
    assert grown == {(Level.BLUE, Level.YELLOW)}


def test_a_warning_of_the_bureau_holds_in_the_city_or_in_the_towns_of_a_zone(pack: Pack, told: dict[str, list[Warned]]) -> None:
    parents = {one.region.code: one.region.parent for one in pack.regions}
    for chain in chains(told["cn_warning"]):
        (regions,) = {found.regions for found in (where(one, pack) for one in chain) if found}
        assert regions == (pack.city.code,) or (len(regions) > 1 and len({parents[code] for code in regions}) == 1)


def test_high_water_is_warned_of_at_spring_tides_along_the_shore_in_two_languages(pack: Pack, told: dict[str, list[Warned]]) -> None:
    for issued, update, lifted in chains(told["cap"]):
        found = where(update, pack)
        assert found and found.by == "shape" and sorted(found.regions) == sorted(SHORE)
        assert (issued.level, update.level, list(issued.texts)) == (Level.BLUE, Level.YELLOW, ["zh-CN", "en-US"])
        moon = (lifted.sent_at - NEW_MOON_MS) / DAY % (29.530589 / 2)
        assert 1 < moon < 2.5
    days = [after.sent_at - before.sent_at for before, after in pairwise(one for one in told["cap"] if one.action is Action.ISSUE)]
    assert min(days) > 14 * DAY


@pytest.mark.parametrize("name", SPEAKERS)
def test_a_demo_that_starts_while_a_warning_holds_hears_it_and_none_that_is_over(
    pack: Pack, told: dict[str, list[Warned]], name: str
) -> None:
    issued, update, lifted = chains(told[name])[0]
    for at, last in ((issued.sent_at - 1, None), (issued.sent_at, issued), (update.sent_at + 1, update), (lifted.sent_at, None)):
        stands = warned(name, [due for due in day_of_platform(PLATFORMS[name](pack), at, 0)])
        assert [one for one in stands if one.hazard == issued.hazard] == ([] if last is None else [last])
