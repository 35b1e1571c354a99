"""Makes Sparkplug payloads for tests by the schema; captured.jsonl has those that real edge nodes made."""

from collections.abc import Iterable, Mapping
from typing import Any

from config.files import load_catalogue
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.sparkplug.adapter import SparkplugFeed
from data_adapters.feeds.sparkplug.schema import Payload
from domain.messages import RawMessage, Reading, Rejected, Reply

NOW = 1_795_305_600_000
CATALOGUE = load_catalogue()
ALL_KEPT: Mapping[str, Any] = {"others": "keep"}


def feed(settings: Mapping[str, Any] = ALL_KEPT) -> SparkplugFeed:
    return SparkplugFeed(FeedSetup("sparkplug", ("spBv1.0/#",), CATALOGUE, 300_000, settings))


def metric(name: str = "", datatype: int = 10, value: Any = None, field: str = "double_value", **more: Any) -> dict[str, Any]:
    """The arguments of one metric; without `value` it has none."""
    told = {"name": name.encode(), "datatype": datatype, "timestamp": NOW, **more}
    return {key: one for key, one in ({**told, field: value} if value is not None else told).items() if one not in (b"", None)}


def payload(metrics: Iterable[Mapping[str, Any]] = (), seq: int | None = 0, at: int | None = NOW) -> bytes:
    made = Payload()
    if seq is not None:
        made.seq = seq
    if at is not None:
        made.timestamp = at
    for one in metrics:
        made.metrics.add(**one)
    return bytes(made.SerializeToString())


def birth(*metrics: Mapping[str, Any], bd: int = 3, seq: int = 0, at: int = NOW) -> bytes:
    return payload([metric("bdSeq", 8, bd, "long_value"), *metrics], seq, at)


def death(bd: int = 3) -> bytes:
    return payload([metric("bdSeq", 8, bd, "long_value")], None)


class Listener:
    """Follows one edge node as ingest does: what a message leaves behind is there for the next."""

    def __init__(self, settings: Mapping[str, Any] = ALL_KEPT) -> None:
        self.feed, self.memory = feed(settings), {}
        self.at = NOW

    def hear(self, kind: str, content: bytes, device: str = "", redelivered: bool = False) -> list[Any]:
        topic = f"spBv1.0/g/{kind}/n" + (f"/{device}" if device else "")
        self.at += 1000
        outputs, self.memory = self.feed.parse(RawMessage(topic, content, self.at, redelivered=redelivered), self.memory)
        return list(outputs)


def values(outputs: Iterable[Any]) -> dict[str, Any]:
    return {one.metric: one.text_value if one.value is None else one.value for one in outputs if isinstance(one, Reading)}


def reasons(outputs: Iterable[Any]) -> list[str]:
    return [one.reason for one in outputs if isinstance(one, Rejected)]


def asked(outputs: Iterable[Any]) -> list[str]:
    return [one.topic for one in outputs if isinstance(one, Reply)]
