"""`python -m data_adapters.feeds FEED FILE [--topic T]`: what a feed makes of captured payloads, without a running city.

FEED is an entry of config/feeds.yaml, on or off, or an adapter, which then runs without settings. FILE is one raw payload, or JSONL of
{"topic", "payload" | "payload_base64", "received_at"}. A raw payload needs T, unless its adapter looks at no topic. Prints one JSON line
for each reading, position, presence and event ({"event": ...}), or {"rejected": reason} with the detail on stderr. Exit code 2 when FEED
or FILE cannot be used.
"""

import argparse
import base64
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from config.feeds import FeedConfig, load_feeds
from config.files import load_catalogue
from config.settings import Settings
from config.strict import ConfigError
from data_adapters.feeds.registry import ADAPTERS, ANY_TOPIC, make_feed
from domain.event_time import NotATime, parse_time, to_datetime
from domain.messages import Event, Memory, Output, Position, Presence, RawMessage, Reading, Rejected, Reply
from services.ports import Feed

RECORD = {"payload", "payload_base64"}
TIMES = ("at", "received_at")
KINDS = {Reading: "reading", Position: "position", Presence: "presence"}


class Unusable(Exception):
    """FEED or FILE cannot be used; the text is one line for a person."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m data_adapters.feeds", description="Parse captured payloads without a running city.")
    parser.add_argument("feed", metavar="FEED", help=f"an entry of config/feeds.yaml, or one of: {', '.join(ADAPTERS)}")
    parser.add_argument("file", metavar="FILE", type=Path, help="one raw payload, or JSONL with a topic on each line")
    parser.add_argument("--topic", metavar="T", help="the topic of a raw payload, or of the JSONL lines that name none")
    given = parser.parse_args(arguments)
    try:
        config = _config(given.feed)
        feed = make_feed(config, load_catalogue(), Settings.clock_ahead_s * 1000)
        topic = given.topic or (given.feed if config.adapter in ANY_TOPIC else None)
        messages = list(_messages(_content(given.file), topic, time.time_ns() // 1_000_000))
    except (Unusable, ConfigError) as error:
        print(f"feeds: {error}", file=sys.stderr)
        return 2
    for output in _parsed(feed, messages):
        if isinstance(output, Reply):
            print(f"says back on {output.topic}: {base64.b64encode(output.payload).decode()}", file=sys.stderr)
            continue
        print(json.dumps(shown(output), ensure_ascii=False))
        if isinstance(output, Rejected):
            print(f"{output.reason}: {output.detail}", file=sys.stderr)
    return 0


def shown(output: Output) -> dict[str, Any]:
    """The output as it is printed: times as RFC 3339 UTC with milliseconds."""
    if isinstance(output, Rejected):
        return {"rejected": output.reason}
    fields = {name: value for name, value in output._asdict().items() if name != "redelivered" and value is not None}
    for name in TIMES:
        if name in fields:
            fields[name] = to_datetime(fields[name]).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"type": "event", "event": fields} if isinstance(output, Event) else {"type": KINDS[type(output)], **fields}


def _config(name: str) -> FeedConfig:
    known = {adapter: FeedConfig(adapter, adapter) for adapter in ADAPTERS} | load_feeds(ADAPTERS)
    if name not in known:
        raise Unusable(f"there is no feed {name!r}; there are: {', '.join(known)}")
    return known[name]


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror}") from None


def _messages(content: bytes, topic: str | None, now: int) -> Iterator[RawMessage]:
    """The messages of a file; its first line tells whether it is JSONL."""
    lines = [(number, line) for number, line in enumerate(content.splitlines(), 1) if line.strip()]
    if not lines or not RECORD.intersection(_object(lines[0][1])):
        if topic is None:
            raise Unusable("a raw payload needs --topic; a line of JSONL has topic and payload or payload_base64")
        yield RawMessage(topic, content, now)
        return
    for number, line in lines:
        try:
            yield _message({"topic": topic, "received_at": now, **_object(line)})
        except ValueError as error:
            raise Unusable(f"line {number}: {error}") from None


def _message(record: dict[str, Any]) -> RawMessage:
    if not isinstance(record["topic"], str):
        raise ValueError("expected an object with a topic")
    try:
        received_at = parse_time(record["received_at"])
        to_datetime(received_at)
    except (NotATime, OverflowError, ValueError) as error:
        raise ValueError(f"received_at: {error}") from None
    return RawMessage(record["topic"], _payload(record), received_at)


def _payload(record: dict[str, Any]) -> bytes:
    plain, encoded = record.get("payload"), record.get("payload_base64")
    if isinstance(encoded, str):
        try:
            return base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise ValueError(f"payload_base64: {error}") from None
    if isinstance(plain, str):
        return plain.encode(errors="surrogatepass")
    raise ValueError("expected payload or payload_base64, as text")


def _object(line: bytes) -> dict[str, Any]:
    """The JSON object of a line; {} when it is none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _parsed(feed: Feed, messages: Sequence[RawMessage]) -> Iterator[Output | Reply]:
    memories: dict[str, Memory] = {}
    for message in messages:
        key = feed.partition_key(message.topic)
        outputs, memories[key] = feed.parse(message, memories.get(key, {}))
        yield from outputs


if __name__ == "__main__":
    sys.exit(main())
