"""ZLMediaKit's web hooks by name: what becomes of each, and what each is answered."""

from collections.abc import Mapping
from typing import Any

NOT_HANDLED: Mapping[str, str] = {
    "on_publish": "somebody begins to publish; on_stream_changed tells that the stream is there",
    "on_play": "somebody begins to watch; CityDeck audits its own viewers itself",
    "on_flow_report": "how much one viewer or publisher has used",
    "on_http_access": "somebody opens a file of the media server's",
    "on_rtsp_realm": "whether RTSP wants a password",
    "on_rtsp_auth": "which password RTSP wants",
    "on_shell_login": "somebody opens the media server's console",
    "on_record_ts": "a piece of an HLS recording",
    "on_record_hls": "a piece of an HLS recording",
    "on_rtp_server_timeout": "a port that nobody sent to",
    "on_send_rtp_stopped": "a stream that was sent on, for whoever sent it",
    "on_server_report": "the media server's own figures",
}
ALLOWED = {"code": 0, "msg": "success"}
ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "on_http_access": {"code": 0, "err": "", "path": "", "second": 600},
    "on_rtsp_realm": {"code": 0, "realm": ""},
    "on_rtsp_auth": {"code": -1, "msg": "RTSP asks CityDeck for no password", "encrypted": False, "passwd": ""},
    "on_shell_login": {"code": -1, "msg": "the console is not CityDeck's to open"},
}
"""What else than ALLOWED a hook is answered: its documentation says which fields it expects. `err` and `realm` empty: it may go on."""
UNWATCHED = ("on_stream_none_reader", "on_stream_not_found")
"""Answered with `close`: whether the media server is to end the stream, or the wait for it."""


def hook_of(topic: str) -> str:
    """The hook's name, at the end of the topic: `zlmediakit/on_play` or `on_play`."""
    return topic.rpartition("/")[2]


def answer(topic: str, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the media server is answered, before anybody has looked at what it said: it waits for no more than this."""
    hook = hook_of(topic)
    close = {"close": bool(settings.get("close_unwatched", False))} if hook in UNWATCHED else {}
    return {**ANSWERS.get(hook, ALLOWED), **close}
