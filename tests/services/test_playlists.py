"""A platform's playlist with our own addresses in it: nothing of the platform is left, nothing leads elsewhere."""

import pytest

from services.playlists import rewritten
from services.video_ports import BadAnswer

BASE = "http://media.test:8080/live/road/index.m3u8?token=secret"
MASTER = """#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x",URI="audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=800000
low/index.m3u8
"""
MEDIA = """#EXTM3U
#EXT-X-TARGETDURATION:1
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES
#EXT-X-MAP:URI="init.mp4"
#EXT-X-PART:DURATION=0.2,URI="part-1.m4s"
#EXTINF:1.000,
/live/road/seg-1.m4s?k=1
#EXTINF:1.000,
http://media.test:8080/live/road/seg-2.m4s
"""


def own(kind: str, url: str) -> str:
    return f"<{kind} {url.removeprefix('http://media.test:8080/live/road/')}>"


def test_lists_and_pieces_get_our_addresses_and_what_needs_a_special_client_is_left_out():
    assert rewritten(MASTER, BASE, own).splitlines()[1:] == [
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x",URI="<list audio.m3u8>"',
        "#EXT-X-STREAM-INF:BANDWIDTH=800000",
        "<list low/index.m3u8>",
    ]
    assert rewritten(MEDIA, BASE, own).splitlines()[2:] == [
        '#EXT-X-MAP:URI="<part init.mp4>"',
        "#EXTINF:1.000,",
        "<part seg-1.m4s?k=1>",
        "#EXTINF:1.000,",
        "<part seg-2.m4s>",
    ]


@pytest.mark.parametrize("playlist", ["", "<html>", "#EXTM3U\nfile:///etc/passwd\n", '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="data:,x"\n'])
def test_what_is_no_playlist_or_leads_off_http_is_refused(playlist):
    with pytest.raises(BadAnswer):
        rewritten(playlist, BASE, own)


def test_a_playlist_without_end_is_refused():
    with pytest.raises(BadAnswer):
        rewritten("#EXTM3U\n" + "#EXTINF:1,\na.ts\n" * 5000, BASE, own)
