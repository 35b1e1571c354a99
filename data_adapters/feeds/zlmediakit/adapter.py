"""ZLMediaKit: web hooks and lists of streams (README.md beside this file)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from config.strict import Field, one_of, text, yes_or_no
from data_adapters.feeds.measured import Measured, float_of
from data_adapters.feeds.payloads import json_object
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.stated import fingerprint, identity, said, stated, undated
from data_adapters.feeds.times import by_number
from data_adapters.feeds.topics import TopicPattern, filled, topic_pattern
from data_adapters.feeds.zlmediakit.hooks import NOT_HANDLED, hook_of
from data_adapters.feeds.zlmediakit.polling import LISTS, POLL_FIELDS, SECRET
from domain.event_time import NotATime
from domain.messages import Memory, Output, Presence, RawMessage, Rejected

MAX_BYTES = 8 * 1024 * 1024
MOST_STREAMS = 5000
NOT_THERE = -500
"""What getMediaInfo answers for a stream that is not there."""
SCHEMAS = ("rtsp", "rtmp", "fmp4", "ts", "hls", "hls.fmp4")


class ZlMediaKitFeed:
    """Parses hooks and lists. It remembers which streams were up in the last list, to tell which are gone."""

    remembers = True

    def __init__(self, setup: FeedSetup) -> None:
        self._settings = setup.read(zlmediakit_fields(), [SECRET])
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics
        self._measured = Measured(setup.catalogue)
        self._handlers: dict[str, Callable[[dict[str, Any], RawMessage], Iterator[Output]]] = {
            "on_stream_changed": self._changed,
            "on_stream_none_reader": self._unwatched,
            "on_stream_not_found": self._not_found,
            "on_record_mp4": self._recorded,
            "on_server_keepalive": self._alive,
            "on_server_started": self._alive,
            "on_server_exited": self._exited,
        }

    def partition_key(self, topic: str) -> str:
        """The feed: what a media server tells stays in order."""
        return self.name

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """Events, presences, readings; Rejected for what the README lists. Never raises."""
        hook = hook_of(message.topic)
        if hook in NOT_HANDLED:
            return [Rejected("not_handled", f"{hook}: {NOT_HANDLED[hook]}")], memory
        if hook not in self._handlers and hook not in LISTS:
            return [Rejected("unknown_hook", f"{hook[:60]!r} is no hook of ZLMediaKit's; the topic names it")], memory
        body = json_object(message.payload, MAX_BYTES)
        if isinstance(body, Rejected):
            return [body], memory
        if hook in LISTS:
            return self._listed(body, message, memory, whole=hook == LISTS[0])
        return list(self._handlers[hook](body, message)), memory

    def _changed(self, body: dict[str, Any], message: RawMessage) -> Iterator[Output]:
        """A stream comes in several schemas, one message each; the setting `schema` says which of them is the stream."""
        if not isinstance(body.get("regist"), bool) or body.get("schema") not in SCHEMAS:
            yield Rejected("wrong_type", "`regist` is true or false, `schema` one of ZLMediaKit's")
            return
        yield self._event(body, "up" if body["regist"] else "down", message)
        device_id = self._device_id(body)
        if body["schema"] == self._settings["schema"] and isinstance(device_id, str):
            yield from self._state(device_id, body["regist"], message)

    def _unwatched(self, body: dict[str, Any], message: RawMessage) -> Iterator[Output]:
        yield self._event(body, "unwatched", message)

    def _not_found(self, body: dict[str, Any], message: RawMessage) -> Iterator[Output]:
        yield self._event(body, "not_found", message)

    def _recorded(self, body: dict[str, Any], message: RawMessage) -> Iterator[Output]:
        device_id, start, seconds, size = (
            self._device_id(body),
            *(float_of(body.get(name)) for name in ("start_time", "time_len", "file_size")),
        )
        if isinstance(device_id, Rejected) or not start:
            yield device_id if isinstance(device_id, Rejected) else Rejected("no_time", "`start_time` says when the recording begins")
            return
        try:
            when = by_number(start, message, self._clock_ahead_ms)
        except NotATime as error:
            yield Rejected("bad_time", str(error))
            return
        facts = {
            "stream": _stream(body),
            "server": said(body.get("mediaServerId")),
            "file": said(body.get("file_name")),
            "url": said(body.get("url")),
            "start": when.at,
            "duration_s": seconds,
            "bytes": size,
        }
        yield stated(
            "record",
            identity(facts["server"], "record", facts["stream"], body["start_time"], facts["file"]),
            device_id,
            facts,
            when,
            message,
        )

    def _alive(self, body: dict[str, Any], message: RawMessage) -> Iterator[Output]:
        yield from self._state(self._server(body), True, message)

    def _exited(self, body: dict[str, Any], message: RawMessage) -> Iterator[Output]:
        yield from self._state(self._server(body), False, message)

    def _listed(self, body: dict[str, Any], message: RawMessage, memory: Memory, whole: bool) -> tuple[list[Output], Memory]:
        """Every stream of the list is up. Those of the last one that a whole list no longer has are down."""
        if body.get("code") == NOT_THERE and not whole:
            body = {**body, "code": 0, "online": False}
        if body.get("code") != 0:
            return [Rejected("refused", f"the media server answered code {body.get('code')!r:.20}: {said(body.get('msg'))[:100]}")], memory
        listed = body.get("data", [] if whole else [body])
        found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        if len(found) > MOST_STREAMS:
            return [Rejected("too_large", f"{len(found)} entries, at most {MOST_STREAMS}")], memory
        outputs = list(self._state(self._settings["server"], True, message))
        up: dict[str, str] = {}
        for one in found:
            device_id = self._device_id(one)
            if one.get("schema") != self._settings["schema"]:
                continue
            if isinstance(device_id, Rejected):
                outputs.append(device_id)
            elif one.get("online") is False:
                outputs += self._state(device_id, False, message)
            else:
                up[_stream(one)] = device_id
        outputs += [output for device_id in dict.fromkeys(up.values()) for output in self._state(device_id, True, message)]
        if not whole:
            return outputs, memory
        before = memory.get("up", {}).items()
        gone = dict.fromkeys(device_id for stream, device_id in before if stream not in up and device_id not in up.values())
        outputs += [output for device_id in gone for output in self._state(device_id, False, message)]
        return outputs, {"up": up}

    def _event(self, body: dict[str, Any], what: str, message: RawMessage) -> Output:
        device_id, when = self._device_id(body), undated(message, "received")
        if isinstance(device_id, Rejected) or isinstance(when, Rejected):
            return device_id if isinstance(device_id, Rejected) else when  # type: ignore[return-value]
        facts = {"stream": _stream(body), "what": what, "server": said(body.get("mediaServerId")), "schema": said(body.get("schema"))}
        event_id = identity(what, facts["stream"], facts["schema"], message.received_at, fingerprint(message))
        return stated("stream", event_id, device_id, facts, when, message)

    def _device_id(self, body: Mapping[str, Any]) -> str | Rejected:
        for pattern in self._settings["streams"]:
            parts = pattern.parts(_stream(body))
            if parts is not None:
                return filled(self._settings["device"], {"camera": parts.get("camera", ""), "server": self._server(body)})
        return Rejected("bad_device", f"no pattern of the setting `streams` fits {_stream(body)[:80]!r}")

    def _server(self, body: Mapping[str, Any]) -> str:
        return said(body.get("mediaServerId")) or str(self._settings["server"])

    def _state(self, device_id: str, online: bool, message: RawMessage) -> Iterator[Output]:
        when = undated(message, "received")
        if not isinstance(when, Rejected):
            reading = self._measured.reading(device_id, "online", online, "", when._replace(source=None), message)
            yield reading
            if not isinstance(reading, Rejected):
                yield Presence(device_id, online, message.received_at)


def zlmediakit_fields() -> dict[str, Field]:
    """The settings."""
    return {
        **POLL_FIELDS,
        "streams": (_patterns, (TopicPattern("{app}/{camera}"),)),
        "device": (_device, "{camera}"),
        "server": (text, "zlmediakit"),
        "schema": (one_of(*SCHEMAS), "rtsp"),
        "close_unwatched": (yes_or_no, False),
    }


def _patterns(raw: Any) -> tuple[TopicPattern, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("a list of `{app}/{camera}` patterns")
    made = tuple(topic_pattern(one) for one in raw)
    if not all("camera" in one.names for one in made):
        raise ValueError("patterns that have {camera}")
    return made


def _device(raw: Any) -> str:
    if not isinstance(raw, str) or "{camera}" not in raw:
        raise ValueError("text with {camera}, and {server} where it wants it")
    return raw


def _stream(body: Mapping[str, Any]) -> str:
    """`app/stream`; never its parameters, which hold tokens, nor where it comes from, which holds passwords."""
    return f"{said(body.get('app'))}/{said(body.get('stream'))}"
