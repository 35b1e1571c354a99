"""Messages of every adapter in the registry, for tests that hold for all of them: those of SAMPLES, else what
tests/data_adapters/feeds/<name>/*.jsonl has. A new adapter needs a captured or documented message with a time in one of the two.
"""

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from google.transit import gtfs_realtime_pb2

from config.feeds import FeedConfig, load_feeds
from config.files import load_catalogue
from config.strict import ConfigError
from data_adapters.feeds.registry import ADAPTERS, make_feed, make_sources
from domain.event_time import parse_time
from domain.messages import Memory, RawMessage, Rejected
from services.polling import Source
from services.ports import Feed

HERE = Path(__file__).parent
T0 = 1_795_305_600_000
"""2026-11-22T00:00:00Z."""
MOST = 8
TTN = {
    "end_device_ids": {"device_id": "air-1", "application_ids": {"application_id": "air"}, "dev_eui": "A84041000181C061"},
    "received_at": "2026-11-22T00:00:00Z",
    "uplink_message": {"received_at": "2026-11-22T00:00:00Z", "decoded_payload": {"temperature": 21}, "f_cnt": 1},
}
CAP = """<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>city-1</identifier><sender>w@city</sender>
<sent>2026-11-22T00:00:00-00:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info><category>Met</category>
<event>Rain</event><urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty><area><areaDesc>City</areaDesc>
</area></info></alert>"""
CN_WARNING = {
    "identifier": "44190041600000_1", "sender": "center", "sendTime": "2026-11-22T00:00:00Z", "status": "Actual", "msgType": "Alert",
    "scope": "Public", "eventType": "11B03", "severity": "Orange", "headline": "东莞市气象台发布暴雨橙色预警", "description": "-",
    "areaDesc": "东莞市", "geocode": "441900",
}  # fmt: skip
GTFS = gtfs_realtime_pb2.FeedMessage()
GTFS.header.gtfs_realtime_version, GTFS.header.timestamp = "2.0", T0 // 1000
BUS = GTFS.entity.add(id="7")
BUS.vehicle.vehicle.id, BUS.vehicle.timestamp = "7", T0 // 1000
BUS.vehicle.position.latitude, BUS.vehicle.position.longitude = 23.02, 113.75
FRIGATE = {"id": "1-a", "camera": "gate", "label": "person", "start_time": T0 / 1000, "frame_time": T0 / 1000, "end_time": None}
ONVIF = {
    "UtcTime": "2026-11-22T00:00:00Z",
    "PropertyOperation": "Changed",
    "Source": {"VideoSourceToken": "v1"},
    "Data": {"IsMotion": True},
}
RECORDED = {
    "mediaServerId": "ms-1", "vhost": "__defaultVhost__", "app": "live", "stream": "gate", "schema": "rtsp", "file_name": "a.mp4",
    "file_path": "/r/a.mp4", "file_size": 100, "folder": "/r", "start_time": T0 // 1000, "time_len": 1.0, "url": "record/live/gate/a.mp4",
}  # fmt: skip
SAMPLES: dict[str, list[tuple[str, bytes]]] = {
    "gtfs_realtime": [("gtfs-realtime/vehicles", GTFS.SerializeToString())],
    "frigate": [("frigate/events", json.dumps({"type": "new", "before": {}, "after": FRIGATE}).encode())],
    "onvif": [("onvif/gate/onvif-ej/RuleEngine/CellMotionDetector/Motion/&/VideoSourceToken=v1", json.dumps(ONVIF).encode())],
    "zlmediakit": [("zlmediakit/on_record_mp4", json.dumps(RECORDED).encode())],
    "ttn": [("v3/air@city/devices/air-1/up", json.dumps(TTN).encode())],
    "hotline": [("hotline", '{"工单编号": "H-1", "受理时间": "2026-11-22 08:00:00", "诉求内容": "路灯不亮"}'.encode())],
    "open311": [("open311", b'[{"service_request_id": "1", "status": "open", "requested_datetime": "2026-11-22T00:00:00Z"}]')],
    "cap": [("cap/city", CAP.encode())],
    "cn_warning": [("cn-warning/city", json.dumps(CN_WARNING).encode())],
}
WHOM: tuple[Callable[[str], dict[str, Any]], ...] = (
    lambda url: {"urls": {"all": url}},
    lambda url: {"url": url},
    lambda url: {"url": url, "types": ["Thing"]},
)
"""How pollers are told whom to ask; a new way to say it belongs here."""


def config(adapter: str, **settings: Any) -> FeedConfig:
    """The adapter's entry of config/feeds.yaml, as a feed of the adapter's name; `settings` are added to its own."""
    shipped = next((one for one in load_feeds(ADAPTERS).values() if one.adapter == adapter), FeedConfig(adapter, adapter))
    return FeedConfig(adapter, adapter, shipped.topics, settings={**shipped.settings, **settings})


def feed_of(adapter: str) -> Feed:
    """A feed of the adapter."""
    return make_feed(config(adapter), load_catalogue(), 300_000)


def clean(adapter: str) -> list[RawMessage]:
    """Messages of which the adapter refuses nothing, in order; one at least brings something with a time of its own."""
    feed, memories, found = feed_of(adapter), dict[str, Memory](), []
    timed = False
    for message in _all(adapter):
        key = feed.partition_key(message.topic)
        outputs, after = feed.parse(message, memories.get(key, {}))
        if any(isinstance(one, Rejected) for one in outputs):
            continue
        memories[key] = after
        found.append(message)
        timed = timed or any(getattr(one, "at", None) is not None for one in outputs)
        if timed and len(found) >= MOST:
            break
    assert timed, f"{adapter}: no message with a time in tests/data_adapters/feeds/{adapter}/*.jsonl or in SAMPLES: add one"
    return found


def source_of(adapter: str, url: str) -> Source:
    """What a feed of the adapter asks at `url`, with a short time-out."""
    for whom in WHOM:
        with suppress(ConfigError, ValueError):
            asking = config(adapter, poll={**whom(url), "timeout_s": 0.1, "every_s": 30})
            return next(iter(make_sources(load_catalogue(), 300_000, [asking])))
    raise AssertionError(f"{adapter}: none of WHOM says whom to ask: add how this poller is told")


def _all(adapter: str) -> list[RawMessage]:
    lines = [
        json.loads(line) for path in sorted((HERE / adapter).glob("*.jsonl")) for line in path.read_text().splitlines() if line.strip()
    ]
    held = [RawMessage(one["topic"], _payload(one), parse_time(one.get("received_at", T0))) for one in lines]
    return [RawMessage(topic, payload, T0) for topic, payload in SAMPLES.get(adapter, [])] or held


def _payload(line: dict[str, Any]) -> bytes:
    if "payload_base64" in line:
        return base64.b64decode(line["payload_base64"])
    return str(line["payload"]).encode() if isinstance(line["payload"], str) else json.dumps(line["payload"]).encode()
