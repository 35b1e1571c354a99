"""WVP's answer to play: its keys as ways to fetch a stream. Pure."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from data_adapters.video.values import table, words
from services.video_ports import NoStream

KEYS: Mapping[str, tuple[str, ...]] = {
    "whep": ("rtc", "rtcs"),
    "hls": ("hls", "https_hls"),
    "fmp4": ("fmp4", "https_fmp4"),
    "flv": ("flv", "https_flv"),
    "ws_flv": ("ws_flv", "wss_flv"),
    "rtsp": ("rtsp", "rtsps"),
}
"""Way -> WVP's keys, the first that is there."""
SCHEMES = frozenset({"http", "https", "ws", "wss", "rtsp", "rtsps"})
LONGEST = 2000
OWN_WEBRTC, WHEP = "/index/api/webrtc", "/index/api/whep"
"""ZLMediaKit's own exchange of WebRTC (JSON), which WVP names, and WHEP, which the same server speaks beside it."""
CODECS: Mapping[str, str] = {"h264": "h264", "avc": "h264", "h265": "h265", "hevc": "h265"}


def urls_of(data: Any, hosts: Collection[str]) -> dict[str, str]:
    """Way -> address. Addresses on none of `hosts` are left out: what a platform answers must not send us anywhere.

    Raises NoStream when nothing is left.
    """
    content = table(data)
    found = {way: next((good for key in keys if (good := _good(content.get(key), hosts))), "") for way, keys in KEYS.items()}
    left = {way: _whep(address) if way == "whep" else address for way, address in found.items() if address}
    if not left:
        raise NoStream("the answer names no address on a known media host")
    return left


def codec_of(data: Any) -> str:
    """The coding of the picture, h264 or h265; "" where it is neither or not said."""
    said = words(table(table(data).get("mediaInfo")).get("videoCodec")) or words(table(data).get("videoCodec"))
    return CODECS.get(said.lower(), "")


def _good(raw: Any, hosts: Collection[str]) -> str:
    if not isinstance(raw, str) or not 0 < len(raw) <= LONGEST or not raw.isprintable():
        return ""
    try:
        parts = urlsplit(raw)
        return raw if parts.scheme in SCHEMES and parts.hostname in hosts and parts.port != 0 else ""
    except ValueError:
        return ""


def _whep(address: str) -> str:
    parts = urlsplit(address)
    if parts.path != OWN_WEBRTC:
        return address
    asked = [(key, value) for key, value in parse_qsl(parts.query) if key != "type"]
    return urlunsplit(parts._replace(path=WHEP, query=urlencode(asked)))
