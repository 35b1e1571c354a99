"""Open311 GeoReport v2: every document in both formats, a server that is asked by windows and pages, and what a network can deliver."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.feeds import load_feeds
from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.open311.adapter import Open311Feed
from data_adapters.feeds.open311.polling import server
from data_adapters.feeds.registry import ADAPTERS, make_feed
from data_adapters.feeds.setup import FeedSetup
from domain.events import checked
from domain.messages import Event, RawMessage, Rejected
from services.polling import SourceAway
from tests.data_adapters.feeds.hostile import NOW, heard, messages, payloads
from tests.data_adapters.feeds.serving import QuietHandler, serving

CATALOGUE = load_catalogue()
REQUEST = {
    "service_request_id": "638344", "status": "open", "status_notes": "In work", "service_name": "Sidewalk and Curb Issues",
    "service_code": "006", "description": "A lamp lies on the pavement", "agency_responsible": "Works",
    "requested_datetime": "2026-11-21T06:37:38-08:00", "updated_datetime": "2026-11-21T16:00:00Z", "address": "8TH AVE and JUDAH ST",
    "lat": 37.762221815, "long": -122.4651145, "media_url": None, "email": "a@example.org", "phone": "138 0000 0000",
}  # fmt: skip
XML = """<?xml version="1.0" encoding="utf-8"?><service_requests><request>{}</request></service_requests>""".format(
    "".join(f"<{name}>{'' if value is None else value}</{name}>" for name, value in REQUEST.items())
).encode()
SERVICES = [
    {"service_code": "006", "service_name": "Sidewalk", "group": "Streets", "metadata": True, "type": "realtime", "keywords": "a, b"}
]
KEYS = (*REQUEST, "token", "update_id", "service_requests", "attributes", "code", "jurisdiction_id", "group")


def feed(**chosen) -> Open311Feed:
    return Open311Feed(FeedSetup("open311", (), CATALOGUE, 300_000, chosen))


def parse(said, made=None, memory=None):
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    return heard(made or feed(), RawMessage("open311/requests", payload, NOW), memory)


def only(said, made=None, memory=None) -> Event:
    found = parse(said, made, memory)[0]
    assert [type(one) for one in found] == [Event], found
    return found[0]


def test_a_request_says_the_same_in_json_and_in_xml() -> None:
    one, other = only([REQUEST]), only(XML)
    assert one == other
    assert (one.facts["number"], one.facts["status"], one.lon, one.lat) == ("638344", "open", -122.4651145, 37.762221815)
    assert one.at == 1_795_276_800_000 and one.facts["theme"] == "Sidewalk and Curb Issues"
    assert one.facts["appellant"] == {"phone": "13800000000", "email": "a@example.org"}
    assert only({"service_requests": [REQUEST]}) == one


def test_closing_is_another_statement_and_the_same_again_is_not() -> None:
    closed = only([{**REQUEST, "status": "closed", "updated_datetime": "2026-11-21T18:00:00Z"}])
    assert closed.facts["status"] == "closed" and closed.event_id != only([REQUEST]).event_id
    assert only([REQUEST]).event_id == only(XML).event_id


def test_services_give_a_request_with_a_mere_code_its_name_and_theme() -> None:
    _, memory = parse(SERVICES)
    bare = {name: value for name, value in REQUEST.items() if name != "service_name"}
    said = only([bare], memory=memory).facts
    assert (said["title"], said["theme"]) == ("Sidewalk", "Streets")
    xml = b"<services><service><service_code>7</service_code><service_name>Trees</service_name></service></services>"
    assert parse(xml, memory=memory)[1]["services"].keys() == {"006", "7"}


def test_a_request_with_a_token_gets_its_number_when_the_server_has_made_one() -> None:
    waiting = {**REQUEST, "service_request_id": "", "token": "t1"}
    assert only([waiting]).facts["number"] == "token:t1"
    told = only([{"service_request_id": "638344", "token": "t1"}]).facts
    assert (told["number"], told["token"]) == ("638344", "t1")


def test_an_update_is_a_statement_of_its_request() -> None:
    xml = b"""<service_request_updates><request_update><update_id>u1</update_id><service_request_id>638344</service_request_id>
        <status>CLOSED</status><updated_datetime>2026-11-21T18:00:00Z</updated_datetime><description>Done</description>
        </request_update></service_request_updates>"""
    said = only(xml).facts
    assert (said["number"], said["status"], said["note"]) == ("638344", "closed", "Done")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", "bad_json"), (b"<a/>", "unknown_document"), (b"<a", "bad_xml"), (b"7", "unknown_document"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><services><service>&b;</service></services>', "doctype"),
        ([{"code": 404, "description": "no such service"}], "server_error"),
        (b"<errors><error><code>403</code><description>rate limit</description></error></errors>", "server_error"),
        ({"service_code": "006", "attributes": [{"code": "a", "variable": True}]}, "not_stored"), ([{"service_name": "x"}], "no_service"),
        ([{**REQUEST, "service_request_id": None}], "no_number"),
        ([{**REQUEST, "updated_datetime": None, "requested_datetime": ""}], "no_time"),
        ([{**REQUEST, "updated_datetime": "2026-11-21T18:00:00"}], "bad_time"),
        ([{**REQUEST, "jurisdiction_id": "elsewhere"}], "other_jurisdiction"),
    ],
)  # fmt: skip
def test_what_is_no_order_is_refused_by_name(said, reason: str) -> None:
    assert [one.reason for one in parse(said, feed(jurisdiction_id="here"))[0]] == [reason]


def test_a_word_of_the_servers_own_is_what_the_settings_say_else_kept() -> None:
    assert only([{**REQUEST, "status": "Duplicate"}], feed(statuses={"duplicate": "closed"})).facts["status"] == "closed"
    assert only([{**REQUEST, "status": "Duplicate"}]).facts == {**only([REQUEST]).facts, "status": "other", "said": "Duplicate"}


@settings(max_examples=150, deadline=None)
@given(messages(st.sampled_from(["open311/requests", "open311/services"]), payloads(*KEYS)))
def test_whatever_comes_is_an_event_that_can_be_kept_or_a_refusal_with_its_reason(message: RawMessage) -> None:
    for one in heard(feed(), message)[0]:
        assert isinstance(one, Rejected) or checked(one) is one


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS[:-6]), st.text(max_size=20), max_size=8))
def test_any_request_in_xml_is_read_or_refused(fields) -> None:
    body = "".join(f"<{name}><![CDATA[{value.replace(']]>', '')}]]></{name}>" for name, value in fields.items())
    assert len(parse(f"<service_requests><request>{body}</request></service_requests>".encode(errors="ignore"))) >= 1


@pytest.mark.parametrize("chosen", [{"statuses": {"x": "gone"}}, {"poll": {}}, {"poll": {"url": "http://h", "days": 0}}, {"other": 1}])
def test_a_wrong_setting_stops_the_start_with_one_line(chosen) -> None:
    with pytest.raises(ConfigError, match=r"^feeds\.yaml: open311: settings: "):
        feed(**chosen)


def test_the_shipped_settings_can_be_switched_on() -> None:
    assert make_feed(load_feeds(ADAPTERS)["open311"], CATALOGUE, 300_000).name == "open311"


def test_a_server_is_asked_by_windows_and_pages_and_for_the_numbers_of_tokens() -> None:
    asked = []

    class City311(QuietHandler):
        def do_GET(self) -> None:
            where = urlsplit(self.path)
            said = {name: values[0] for name, values in parse_qs(where.query).items()}
            asked.append((where.path, said))
            self.send_response(503 if len(asked) > 8 else 200)
            self.end_headers()
            self.wfile.write(json.dumps(answers(where.path, said)).encode())

    def answers(path, said):
        if path.endswith("services.json"):
            return SERVICES
        if "/tokens/" in path:
            return [{"service_request_id": "900", "token": "t9"}]
        first = said["page"] == "1"
        return [{**REQUEST, "service_request_id": f"{said['start_date'][:4]}-{n}"} for n in range(2)] if first else [
            {**REQUEST, "service_request_id": "", "token": "t9"}]  # fmt: skip

    with serving(City311) as place:
        poll = {"url": f"{place}/v2", "days": 100, "page": 2, "jurisdiction_id": "city"}
        source = server(FeedSetup("open311", (), CATALOGUE, 300_000, {"poll": poll}, {"open311_key": "geheim"}))
        assert source is not None
        topics = [topic for topic, _ in source.fetch()]
        round_of = ["open311/requests", "open311/requests", "open311/tokens"]
        assert topics == ["open311/services", *round_of, *round_of]
        assert {(said["jurisdiction_id"], said["api_key"]) for _, said in asked} == {("city", "geheim")}
        windows = [(said["start_date"], said["end_date"]) for path, said in asked if path.endswith("requests.json")]
        assert windows[0][1] == windows[2][0] and len(set(windows)) == 2
        with pytest.raises(SourceAway, match="503") as away:
            list(source.fetch()) and list(source.fetch())
        assert "geheim" not in str(away.value)
