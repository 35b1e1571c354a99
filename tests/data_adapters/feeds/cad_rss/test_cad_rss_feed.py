"""A dispatch centre's RSS: what units and calls become, and what a network can deliver instead."""

from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.feeds import FeedConfig
from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.cad_rss.adapter import CadRssFeed
from data_adapters.feeds.cad_rss.statuses import STATUSES
from data_adapters.feeds.registry import make_sources
from data_adapters.feeds.setup import FeedSetup
from domain.messages import Event, Position, RawMessage, Reading, Rejected
from domain.units import STATES
from tests.data_adapters.feeds.hostile import NOW, heard, messages
from tests.data_adapters.feeds.serving import QuietHandler, serving

README = (Path(__file__).parents[4] / "data_adapters/feeds/cad_rss/README.md").read_text()
MADE = "Sun, 22 Nov 2026 08:00:00 +0800"


def feed(**chosen):
    return CadRssFeed(FeedSetup("cad", (), load_catalogue(), 300_000, chosen))


def rss(*items, made=MADE):
    body = "".join("<item>" + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in item.items()) + "</item>" for item in items)
    return f"<rss version='2.0'><channel><pubDate>{made}</pubDate>{body}</channel></rss>".encode()


def parse(payload, **chosen):
    outputs = heard(feed(**chosen), RawMessage("x", payload, NOW))[0]
    assert all(f"`{one.reason}`" in README for one in outputs if isinstance(one, Rejected))
    return outputs


def unit(**more):
    return {"title": "E11", "X": "113.75", "Y": "23.02", "status": "ENR"} | more


def call(**more):
    return {"incidentId": "7", "incidentName": "Fire", "lastModified": MADE, "started": MADE, "ended": "", "resources": "E11 T3"} | more


def test_a_unit_is_where_and_what_the_list_says_when_it_was_made():
    place, status = parse(rss(unit()), device="fire-{unit}")
    assert place == Position("fire-E11", NOW, 113.75, 23.02, None, None, NOW)
    assert (status.device_id, status.metric, status.text_value, status.at) == ("fire-E11", "unit_status", "en_route", NOW)


@pytest.mark.parametrize(
    ("word", "state"), [("On Scene", "on_scene"), ("ONS", "on_scene"), ("qtr", "available"), ("NAV", "out_of_service")]
)
def test_words_of_several_agencies_mean_one_state(word, state):
    assert parse(rss(unit(status=word)))[1].text_value == state


def test_every_word_means_a_state_and_what_nobody_can_tell_is_said_with_the_place_kept():
    assert set(STATUSES.values()) <= set(STATES)
    place, refused = parse(rss(unit(status="WRS")))
    assert isinstance(place, Position) and refused.reason == "unknown_status" and "WRS" in refused.detail
    assert parse(rss(unit(status="WRS")), statuses={"wrs": "at_hospital"})[1].text_value == "at_hospital"


def test_a_call_is_an_event_and_the_same_call_changed_later_another():
    (one,) = parse(rss(call(), made=""))
    assert (one.kind, one.event_id, one.at, one.lon) == ("call", f"7/{NOW}", NOW, None)
    assert one.facts["status"] == "open" and one.facts["units"] == ["E11", "T3"] and not one.facts["exercise"]
    (over,) = parse(rss(call(ended=MADE, lastModified=MADE.replace("08:00:00", "08:05:00"))))
    assert over.event_id != one.event_id and (over.facts["status"], over.facts["ended_at"]) == ("closed", NOW)


@pytest.mark.parametrize("name", ["29 Training", "29Training", "TEST", "gas test", "Barstow Practice", "消防演练"])
def test_an_exercise_is_marked(name):
    assert parse(rss(call(incidentName=name)))[0].facts["exercise"]
    assert not parse(rss(call(incidentName="Attestation of Traininghall")))[0].facts["exercise"]


@pytest.mark.parametrize(
    ("item", "reason"),
    [(unit(title=""), "bad_device"), (unit(X="0", Y="0"), "no_fix"), (unit(X="200"), "out_of_range"),
     (call(lastModified="", started=""), "bad_time"),
     (call(point="23.02"), "out_of_range"), ({"title": "news"}, "not_handled")],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_by_name(item, reason):
    assert reason in [one.reason for one in parse(rss(item)) if isinstance(one, Rejected)]


def test_a_document_that_is_none_says_so():
    assert [parse(payload)[0].reason for payload in (rss(), b"<feed/>", rss(unit(), made="now"), b"no")] == [
        "nothing_said", "wrong_type", "bad_time", "bad_xml",
    ]  # fmt: skip


BOTH = {"urls": {"units": "http://cad.local"}, "header": "a", "parameter": "b"}


@pytest.mark.parametrize(
    "chosen", [{"device": "unit"}, {"device": "{x}"}, {"statuses": {"A": "gone"}}, {"exercise_words": "x"}, {"poll": {}}, {"poll": BOTH}]
)
def test_settings_that_mean_nothing_are_refused_at_start(chosen):
    with pytest.raises(ConfigError, match="cad"):
        feed(**chosen)


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
names = st.sampled_from(
    ["title", "X", "Y", "status", "incidentId", "incidentName", "lastModified", "started", "ended", "resources", "point"]
)
times = st.sampled_from([MADE, "Sun, 99 Nov 2026 08:00:00 +0800", "Sun, 22 Nov 2026 08:00:00 -0000"])


@given(
    messages(
        st.just("x"), st.binary(max_size=60) | st.lists(st.dictionaries(names, texts | times), max_size=3).map(lambda told: rss(*told))
    )
)
def test_whatever_comes_is_taken_or_refused(message):
    outputs = heard(feed(), message)[0]
    assert outputs or b"<title>" in message.payload or b"<status>" in message.payload
    assert all(isinstance(one, Position | Reading | Event) or f"`{one.reason}`" in README for one in outputs)


def test_a_list_is_asked_for_and_handed_on_when_it_has_changed():
    content, answered = {"/units": rss(unit())}, []

    class Centre(QuietHandler):
        def do_GET(self):
            mark = f'"{hash(content[self.path])}"'
            answered.append(304 if self.headers.get("If-None-Match") == mark else 200)
            self.send_response(answered[-1])
            self.send_header("ETag", mark)
            self.end_headers()
            self.wfile.write(content[self.path] if answered[-1] == 200 else b"")

    with serving(Centre) as url:
        settings = {"poll": {"urls": {"units": f"{url}/units"}, "timeout_s": 1}}
        (asking,) = make_sources(load_catalogue(), 0, [FeedConfig("cad", "cad_rss", settings=settings)])
        taken = [list(asking.fetch()) for _ in range(2)]
        content["/units"] = rss(unit(status="ONS"))
        taken.append(list(asking.fetch()))
    assert [[topic for topic, _ in round_] for round_ in taken] == [["cad-rss/units"], [], ["cad-rss/units"]]
    assert answered == [200, 304, 200]
