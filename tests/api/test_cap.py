"""What the city says to others as CAP is what it said, as another reader of CAP understands it."""

from xml.etree import ElementTree

import pytest

from api.cap import ATOM, atom_document, cap_document
from config.files import load_catalogue
from data_adapters.feeds.cap.adapter import CapFeed
from data_adapters.feeds.cap.polling import _links
from data_adapters.feeds.markup import xml_root
from data_adapters.feeds.setup import FeedSetup
from domain.messages import RawMessage
from domain.warning_rules import Placed
from domain.warnings import Action, Area, Level, Status, Warned, from_facts
from services.warning_ports import Heard

NOW = 1_795_305_600_000
SENT = "2026-11-22T00:00:00-00:00"
SAID = Warned(
    f"citydeck-441900,id1,{NOW}", f"citydeck-441900,id1,{NOW}", Action.UPDATE, Status.EXERCISE, (f"citydeck-441900,id0,{NOW - 1000}",), NOW,
    "东莞市", "暴雨", Level.ORANGE, "", "", "", NOW, None, NOW + 3_600_000,
    (Area("南城街道", (("GB/T 2260", "441900004"),), (((113.7, 22.9), (113.9, 23.1), (113.7, 23.1), (113.7, 22.9)),),
        ((113.75, 23.0, 500.0),)),),
    {"zh-CN": {"headline": "南城暴雨橙色预警", "description": "<雨>&", "instruction": ""}},
)  # fmt: skip


def understood(said: Warned) -> Warned:
    settings = {"level_parameter": "预警颜色", "levels": {"橙色": "orange"}}
    feed = CapFeed(FeedSetup("cap", (), load_catalogue(), 300_000, settings))
    (event,) = feed.parse(RawMessage("x", cap_document(said), NOW), {})[0]
    return from_facts(event.event_id, event.facts)


@pytest.mark.parametrize("action", list(Action))
def test_another_city_understands_what_this_one_says(action: Action) -> None:
    said = SAID._replace(action=action, references=() if action is Action.ISSUE else SAID.references)
    heard = understood(said)
    assert heard.alert == f"citydeck-441900,id1,{SENT}"
    assert heard.references == tuple(f"citydeck-441900,id0,{SENT.replace('22T00:00:00', '21T23:59:59')}" for _ in said.references)
    same = {name: getattr(said, name) for name in Warned._fields if name not in ("statement", "alert", "references")}
    told = {"severity": "Unknown", "urgency": "Unknown", "certainty": "Unknown"}
    assert {name: getattr(heard, name) for name in same} == {**same, **told}


def test_the_list_names_each_message_where_it_can_be_fetched() -> None:
    held = Heard("019aa000-0000-7000-8000-000000000001", "W-1", "city-deck", SAID, Placed((), "codes"), NOW)
    document = atom_document([held], "https://deck.city.local/api/v1/warnings", "东莞市")
    assert list(_links(xml_root(document), "https://deck.city.local/x")) == [
        f"https://deck.city.local/api/v1/warnings/{held.warning_id}/cap"
    ]
    assert ElementTree.fromstring(document).findtext(f"{{{ATOM}}}entry/{{{ATOM}}}title") == "南城暴雨橙色预警"
