"""ZLMediaKit: every hook by name with its answer, streams that come and go, the media server's own silence, polling."""

import json
import re
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.feeds import FeedConfig
from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.registry import make_answers, make_sources
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.zlmediakit.adapter import ZlMediaKitFeed
from data_adapters.feeds.zlmediakit.hooks import NOT_HANDLED, answer
from domain.messages import Event, Presence, RawMessage, Reading, Rejected
from services.polling import SourceAway
from tests.data_adapters.feeds.hostile import NOW, heard, messages, payloads
from tests.data_adapters.feeds.serving import QuietHandler, serving

README = (Path(__file__).parents[4] / "data_adapters/feeds/zlmediakit/README.md").read_text()
CATALOGUE = load_catalogue()
STREAM = {"mediaServerId": "ms-1", "vhost": "__defaultVhost__", "app": "live", "stream": "gate", "schema": "rtsp"}
SECRETS = {"params": "token=s3cret", "originUrl": "rtsp://admin:s3cret@10.0.0.9/1", "ip": "10.0.0.77"}


def feed(**settings):
    return ZlMediaKitFeed(FeedSetup("zlmediakit", (), CATALOGUE, 300_000, settings))


def parse(hook, said, memory=None, **settings):
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    return heard(feed(**settings), RawMessage(f"zlmediakit/{hook}", payload, NOW), memory)


def changed(up, **more):
    return parse("on_stream_changed", {**STREAM, **SECRETS, "regist": up, **more})[0]


def states(outputs):
    assert [(one.device_id, bool(one.value)) for one in outputs if isinstance(one, Reading)] == [
        (one.device_id, one.online) for one in outputs if isinstance(one, Presence)
    ]
    return {one.device_id: one.online for one in outputs if isinstance(one, Presence)}


@pytest.mark.parametrize("up", [True, False])
def test_a_stream_that_comes_or_goes_is_its_cameras_presence(up):
    found = changed(up)
    (event,) = [one for one in found if isinstance(one, Event)]
    assert event.facts == {"stream": "live/gate", "what": "up" if up else "down", "server": "ms-1", "schema": "rtsp"}
    assert states(found) == {"gate": up}


def test_the_same_stream_in_another_schema_is_told_and_changes_no_presence():
    assert [type(one) for one in changed(True, schema="hls")] == [Event]
    assert states(parse("on_stream_changed", {**STREAM, "schema": "rtmp", "regist": True}, schema="rtmp")[0]) == {"gate": True}


@given(st.booleans(), st.sampled_from(["on_stream_changed", "on_stream_none_reader", "on_stream_not_found", "on_record_mp4"]))
def test_tokens_passwords_and_viewers_are_never_taken(up, hook):
    body = {**STREAM, **SECRETS, "regist": up, "start_time": NOW // 1000, "file_name": "a.mp4"}
    kept = json.dumps([one._asdict() for one in parse(hook, body)[0]], default=dict)
    assert "s3cret" not in kept and "10.0.0" not in kept


def test_nobody_watches_nothing_there_and_a_recording_are_events():
    (unwatched,), _ = parse("on_stream_none_reader", STREAM)
    (missing,), _ = parse("on_stream_not_found", STREAM)
    body = {
        **STREAM,
        "start_time": NOW // 1000 - 60,
        "time_len": 11.5,
        "file_size": 1_913_597,
        "file_name": "15-53-02.mp4",
        "url": "record/x.mp4",
    }
    (recorded,), _ = parse("on_record_mp4", body)
    assert (unwatched.facts["what"], missing.facts["what"], recorded.kind) == ("unwatched", "not_found", "record")
    assert (recorded.at, recorded.facts["duration_s"], recorded.facts["bytes"]) == (NOW - 60_000, 11.5, 1_913_597)


@pytest.mark.parametrize(("hook", "online"), [("on_server_keepalive", True), ("on_server_started", True), ("on_server_exited", False)])
def test_the_media_server_itself_is_a_device_that_can_fall_silent(hook, online):
    assert states(parse(hook, {"mediaServerId": "ms-1", "data": {}})[0]) == {"ms-1": online}
    assert states(parse(hook, {})[0]) == {"zlmediakit": online}


@pytest.mark.parametrize("hook", [*NOT_HANDLED, "on_invented"])
def test_other_hooks_are_rejected_by_name(hook):
    reason = "not_handled" if hook in NOT_HANDLED else "unknown_hook"
    assert [one.reason for one in parse(hook, STREAM)[0]] == [reason]
    assert hook == "on_invented" or f"`{hook}`" in README


def test_every_hook_gets_the_answer_that_its_documentation_expects():
    for hook in set(re.findall(r"`(on_\w+)`", README)):
        refused = hook in ("on_rtsp_auth", "on_shell_login")
        assert answer(f"x/{hook}", {})["code"] == (-1 if refused else 0)
    answers = make_answers([FeedConfig("zlm", "zlmediakit", settings={"close_unwatched": True}), FeedConfig("native", "native")])
    assert set(answers) == {"zlm"} and answers["zlm"]("on_stream_none_reader") == {"code": 0, "msg": "success", "close": True}
    assert answer("on_stream_not_found", {})["close"] is False and answer("on_http_access", {})["err"] == ""


def test_a_list_tells_who_is_up_and_who_is_gone_since_the_last():
    def listed(*streams):
        return {"code": 0, "data": [{**STREAM, **SECRETS, "stream": name} for name in streams]}

    first, memory = parse("getMediaList", listed("gate", "yard"))
    assert states(first) == {"zlmediakit": True, "gate": True, "yard": True} and "s3cret" not in json.dumps(memory)
    second, memory = parse("getMediaList", listed("gate"), memory)
    assert states(second) == {"zlmediakit": True, "gate": True, "yard": False}
    third, memory = parse("getMediaList", {"code": 0}, memory)
    assert states(third) == {"zlmediakit": True, "gate": False} and memory == {"up": {}}
    refused, kept = parse("getMediaList", {"code": -100, "msg": "Incorrect secret"}, {"up": {"live/gate": "gate"}})
    assert [one.reason for one in refused] == ["refused"] and kept == {"up": {"live/gate": "gate"}}


def test_a_stream_name_is_read_by_the_first_pattern_that_fits():
    patterns = ["rtp/{platform}_{camera}", "live/{camera}"]
    body = {**STREAM, "regist": True, "app": "rtp", "stream": "44190000002000000001_44190000001320000001"}
    found, _ = parse("on_stream_changed", body, streams=patterns, device="{server}-{camera}")
    assert states(found) == {"ms-1-44190000001320000001": True}
    assert [one.reason for one in parse("on_stream_changed", {**body, "app": "x"}, streams=patterns)[0]] == ["bad_device"]
    with pytest.raises(ConfigError, match="patterns that have"):
        feed(streams=["live/x"])


@pytest.mark.parametrize(
    ("hook", "said", "reason"),
    [
        ("on_stream_changed", b"{", "bad_json"),
        ("on_stream_changed", b"[]", "wrong_type"),
        ("on_stream_changed", {**STREAM, "regist": 1}, "wrong_type"),
        ("on_stream_changed", {**STREAM, "regist": True, "schema": "smoke"}, "wrong_type"),
        ("on_stream_none_reader", {}, "bad_device"),
        ("on_record_mp4", STREAM, "no_time"),
        ("on_record_mp4", {**STREAM, "start_time": 1e300}, "bad_time"),
    ],
)
def test_what_can_not_be_taken_is_rejected_by_name(hook, said, reason):
    found = parse(hook, said)[0]
    assert [one.reason for one in found if isinstance(one, Rejected)][:1] == [reason] and f"`{reason}`" in README


class MediaServer(QuietHandler):
    """Knows one stream, and its secret."""

    def do_GET(self):
        asked = {name: one for name, (one,) in parse_qs(urlsplit(self.path).query).items()}
        if asked.get("secret") != "s3cret":
            body = {"code": -100, "msg": "Incorrect secret"}
        elif "getMediaList" in self.path:
            body = {"code": 0, "data": [STREAM]}
        else:
            body = {"code": 0, "online": True} if asked["stream"] == "gate" else {"code": -500, "msg": "can not find the stream"}
        payload = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)


def asked(tmp_path, handler: type[BaseHTTPRequestHandler], **poll):
    (tmp_path / "secret").write_text("s3cret\n")
    with serving(handler) as url:
        config = FeedConfig(
            "zlm",
            "zlmediakit",
            settings={"poll": {"url": url, "timeout_s": 2, **poll}},
            secrets={"api_secret": f"file:{tmp_path / 'secret'}"},
        )
        (source,) = make_sources(CATALOGUE, 0, [config])
        return list(source.fetch())


def test_the_media_server_is_asked_for_all_its_streams_or_for_named_ones(tmp_path):
    ((topic, payload),) = asked(tmp_path, MediaServer)
    assert states(parse(topic, payload)[0]) == {"zlmediakit": True, "gate": True}
    answers = asked(tmp_path, MediaServer, streams=["live/gate", "live/yard"])
    assert [states(parse(topic, payload)[0]) for topic, payload in answers] == [
        {"zlmediakit": True, "gate": True},
        {"zlmediakit": True, "yard": False},
    ]


def test_a_media_server_that_is_away_is_named_without_its_secret(tmp_path):
    class Broken(MediaServer):
        def do_GET(self):
            self.send_response(500)
            self.end_headers()

    with pytest.raises(SourceAway) as error:
        asked(tmp_path, Broken)
    assert "500" in str(error.value) and "s3cret" not in str(error.value)


KEYS = ("mediaServerId", "app", "stream", "schema", "regist", "start_time", "code", "data", "online", "time_len")
HOOKS = ("on_stream_changed", "on_record_mp4", "on_server_keepalive", "getMediaList", "getMediaInfo", "on_stream_none_reader", "x")


@given(messages(st.sampled_from(HOOKS), payloads(*KEYS)))
def test_whatever_comes_is_parsed_or_rejected(message):
    outputs = heard(feed(), message)[0]
    assert all(getattr(one, "received_at", message.received_at) == message.received_at for one in outputs)
