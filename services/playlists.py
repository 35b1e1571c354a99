"""Playlists of HTTP Live Streaming (RFC 8216) with our own addresses in place of the platform's.

What asks for a special way of fetching (low-latency parts, blocking reload, RFC 8216bis) is left out: the rest plays without it.
"""

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from services.video_ports import BadAnswer

LIST, PART = "list", "part"
HEAD = "#EXTM3U"
MOST_LINES = 5_000
URI = re.compile(r'URI="([^"]*)"')
OF_LISTS = ("#EXT-X-STREAM-INF", "#EXT-X-MEDIA:", "#EXT-X-I-FRAME-STREAM-INF")
LEFT_OUT = ("#EXT-X-SERVER-CONTROL", "#EXT-X-PART", "#EXT-X-PRELOAD-HINT", "#EXT-X-RENDITION-REPORT", "#EXT-X-SKIP")


def rewritten(playlist: str, base: str, address: Callable[[str, str], str]) -> str:
    """`address(kind, url)` gives our own address of a further playlist (LIST) or a piece (PART) at the platform's `url`.

    Raises BadAnswer for what is no playlist, and for addresses that are not http(s).
    """
    lines = playlist.replace("\r\n", "\n").split("\n")
    if not playlist.lstrip("\ufeff").startswith(HEAD) or len(lines) > MOST_LINES:
        raise BadAnswer("no playlist")

    def own(kind: str, url: str) -> str:
        whole = urljoin(base, url.strip())
        if urlsplit(whole).scheme not in ("http", "https"):
            raise BadAnswer("an address in a playlist that is not http")
        return address(kind, whole)

    made, before = [], ""
    for line in lines:
        if line.startswith(LEFT_OUT):
            continue
        if line.startswith("#"):
            kind = LIST if line.startswith(OF_LISTS) else PART
            made.append(URI.sub(lambda found, kind=kind: f'URI="{own(kind, found[1])}"', line))  # type: ignore[misc]
        elif line.strip():
            made.append(own(LIST if before.startswith(OF_LISTS) else PART, line))
        before = line if line.strip() else before
    return "\n".join(made) + "\n"
