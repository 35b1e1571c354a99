"""A producer of warnings is asked for its list, and for each alert that the list links to, once."""

import pytest

from config.feeds import FeedConfig
from config.files import load_catalogue
from data_adapters.feeds.registry import make_sources
from services.polling import SourceAway
from tests.data_adapters.feeds.cap.alerts import alert, written
from tests.data_adapters.feeds.serving import QuietHandler, serving

ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
LINK = '<entry><link href="/page.html"/><link type="application/cap+xml" href="{}"/></entry>'
ITEM = "<item><link>{}</link></item>"


class Producer(QuietHandler):
    """Serves `content` by path; remembers who asked for what, with which key."""

    content: dict[str, bytes]
    asked: list[tuple[str, str | None]]

    def do_GET(self):
        self.asked.append((self.path, self.headers.get("Authorization")))
        body = self.content.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")


@pytest.fixture
def producer():
    handler = type("Handler", (Producer,), {"content": {}, "asked": []})
    with serving(handler) as url:
        handler.url = url
        yield handler


def source(producer, place="/list", key_file=None, **poll):
    secrets = {"feed_key": f"file:{key_file}"} if key_file else {}
    settings = {"poll": {"urls": {"met": producer.url + place}, "timeout_s": 1, **poll}}
    (made,) = make_sources(load_catalogue(), 0, [FeedConfig("cap", "cap", settings=settings, secrets=secrets)])
    return made


def paths(producer):
    found = [path for path, _ in producer.asked]
    producer.asked.clear()
    return found


def taken_in_spite_of_a_loss(asking):
    """What a round brings that ends with a place away."""
    taken = []
    with pytest.raises(SourceAway, match="404"):
        for one in asking.fetch():
            taken.append(one)
    return taken


def test_each_alert_that_a_list_links_to_is_fetched_once(producer):
    producer.content |= {"/list": ATOM.format(LINK.format("/a.cap") + LINK.format("/b.cap")).encode(), "/a.cap": b"a", "/b.cap": b"b"}
    asking = source(producer)
    assert list(asking.fetch()) == [("cap/met", b"a"), ("cap/met", b"b")] and paths(producer) == ["/list", "/a.cap", "/b.cap"]
    producer.content["/list"] = ATOM.format(LINK.format("/b.cap") + LINK.format("/c.cap")).encode()
    producer.content["/c.cap"] = b"c"
    assert list(asking.fetch()) == [("cap/met", b"c")] and paths(producer) == ["/list", "/c.cap"]


def test_an_alert_that_is_away_holds_up_no_other_and_is_asked_for_again(producer):
    producer.content |= {"/list": f"<rss><channel>{ITEM.format('a.cap')}{ITEM.format('b.cap')}</channel></rss>".encode(), "/b.cap": b"b"}
    asking = source(producer)
    assert [taken_in_spite_of_a_loss(asking) for _ in range(2)] == [[("cap/met", b"b")], []]
    producer.content["/a.cap"] = b"a"
    assert list(asking.fetch()) == [("cap/met", b"a")]
    assert paths(producer).count("/b.cap") == 1


def test_a_file_or_a_list_that_holds_its_alerts_is_handed_on_when_it_has_changed(producer):
    whole = written(alert())
    producer.content |= {"/a.cap": whole, "/list": ATOM.format("<entry>" + whole.split(b"\n", 1)[1].decode() + "</entry>").encode()}
    for place in ("/a.cap", "/list"):
        asking = source(producer, place)
        assert [payload for _, payload in asking.fetch()] == [producer.content[place]]
        assert list(asking.fetch()) == []
        assert set(paths(producer)) == {place}


def test_a_link_elsewhere_is_not_followed_and_never_shown_the_key(producer, tmp_path):
    key = tmp_path / "key"
    key.write_text("s3cret")
    other = producer.url.replace("127.0.0.1", "localhost")
    producer.content |= {
        "/list": ATOM.format(LINK.format(f"{other}/x.cap") + LINK.format("/a.cap")).encode(),
        "/a.cap": b"a",
        "/x.cap": b"x",
    }
    assert [payload for _, payload in source(producer, key_file=key).fetch()] == [b"a"]
    assert {path for path, sent in producer.asked if sent == "Bearer s3cret"} == {"/list", "/a.cap"}
    producer.asked.clear()
    assert [payload for _, payload in source(producer, key_file=key, hosts=["localhost"]).fetch()] == [b"x", b"a"]
    assert {path for path, sent in producer.asked if sent is None} == {"/x.cap"}
