"""The demo's neighbouring dispatch centre: the desk always has some of its calls, along the border, and they come to an end."""

from collections import defaultdict

import pytest

from config.feeds import load_feeds
from config.files import load_catalogue
from data_adapters.city_pack import Pack, read_pack
from data_adapters.demo.pack import build_demo_pack
from data_adapters.demo.platforms.cad_rss import BORDER, EVERY_MS, CadRss
from data_adapters.feeds.registry import ADAPTERS, make_feed
from domain.messages import Event, RawMessage

MIDNIGHT = 1_794_931_200_000
DAY = 86_400_000
FEED = "cad_rss"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return read_pack(build_demo_pack(tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="module")
def day(pack: Pack) -> list[tuple[int, list[Event]]]:
    """Every list of a day, as the feed reads it."""
    feed = make_feed(load_feeds(ADAPTERS, demo=True)[FEED], load_catalogue(), 300_000)
    said = [(at, feed.parse(RawMessage(one.topic, one.payload, at), {})[0]) for at, one in CadRss(pack).said(MIDNIGHT, MIDNIGHT + DAY)]
    assert all(isinstance(one, Event) and one.kind == "call" for _, calls in said for one in calls)
    return said  # type: ignore[return-value]


def test_there_are_open_calls_on_the_desk_but_never_a_flood(day: list[tuple[int, list[Event]]]) -> None:
    open_ones = [sum(one.facts["status"] == "open" for one in calls) for _, calls in day]
    assert len(day) == DAY // EVERY_MS and all(calls for _, calls in day)
    assert 1 <= sum(open_ones) / len(open_ones) <= 4 and max(open_ones) <= 6
    told = {(one.facts["number"], one.at): at for at, calls in reversed(day) for one in calls}
    news = [at - one_at for (_, one_at), at in told.items() if one_at >= MIDNIGHT]
    assert len(news) > 40 and all(-1_000 <= late <= EVERY_MS + 1_000 for late in news), "each list tells what is new since the last"


def test_a_call_is_stated_anew_once_it_is_over_and_lies_in_a_town_along_the_border(day: list[tuple[int, list[Event]]]) -> None:
    stated: dict[str, dict[int, Event]] = defaultdict(dict)
    for one in (one for _, calls in day for one in calls):
        stated[one.facts["number"]].setdefault(one.at, one)
    over = [list(told.values()) for told in stated.values() if [one.facts["status"] for one in told.values()] == ["open", "closed"]]
    assert len(over) > 20 and all(first.at < last.at == last.facts["ended_at"] for first, last in over)
    every = [one for told in stated.values() for one in told.values()]
    assert {one.facts["address"].removesuffix("市界附近") for one in every} <= set(BORDER)
    assert all(one.lon is not None and one.facts["units"] for one in every)
    drills = [one for one in every if one.facts["exercise"]]
    assert drills and all("演练" in one.facts["type"] for one in drills)
