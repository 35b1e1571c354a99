"""The demo's cameras play: real video, without a seam where a clip begins anew, by both ways that its list names."""

import io
from itertools import islice, pairwise
from pathlib import Path
from urllib.request import urlopen

import pytest

from data_adapters.demo.clips import PIECE_S, PIECES, SCENES, endless, give_streams, playlist, serve
from data_adapters.demo.pack import build_demo_pack
from data_adapters.file_kinds import inspect
from data_adapters.video.list.adapter import ListPlatform
from data_adapters.video.setup import PlatformSetup


@pytest.mark.parametrize("scene", SCENES)
def test_a_clip_that_begins_anew_goes_on_without_a_seam(scene: str) -> None:
    av = pytest.importorskip("av")
    whole = b"".join(islice(endless(scene, lambda _: None), 1 + 2 * PIECES))
    with av.open(io.BytesIO(whole)) as video:
        frames = [(frame.time, frame.to_ndarray(format="gray").tobytes()) for frame in video.decode(video=0)]
    times = [at for at, _ in frames]
    assert len(frames) == 2 * PIECES * PIECE_S * 12 and times[0] == 0
    assert {round(after - before, 3) for before, after in pairwise(times)} == {0.083}
    assert len({picture for _, picture in frames}) > 100


def test_a_playlist_moves_on_and_names_pieces_that_are_there() -> None:
    assert playlist(1).count("#EXTINF") == 2
    lines = playlist(9).splitlines()
    assert "#EXT-X-MEDIA-SEQUENCE:6" in lines and lines[-1] == "9.m4s" and "#EXT-X-ENDLIST" not in lines


def test_the_demos_list_names_streams_that_answer(tmp_path: Path) -> None:
    folder, base = build_demo_pack(tmp_path), serve()
    give_streams(folder / "cameras.csv", base)
    platform = ListPlatform(PlatformSetup("pack", settings={"file": "cameras.csv"}, folder=folder))
    urls = platform.live("cam-003-01").urls
    assert set(urls) == {"hls", "fmp4"} and all(url.startswith(base) for url in urls.values())
    listed = urlopen(urls["hls"], timeout=5).read().decode()
    last = urls["hls"].replace("index.m3u8", listed.split()[-1])
    assert listed.startswith("#EXTM3U") and urlopen(last, timeout=5).read()[4:8] in (b"styp", b"moof")
    with urlopen(urls["fmp4"], timeout=5) as stream:
        assert stream.headers["Content-Type"] == "video/mp4" and stream.read(8)[4:] == b"ftyp"
    past = platform.playback("cam-003-01", 1_795_000_000_000, 1_795_000_010_000).urls
    assert urlopen(past["hls"], timeout=5).read().decode().split()[-2:] == ["4.m4s", "#EXT-X-ENDLIST"]
    with urlopen(past["fmp4"], timeout=5) as stream:
        assert stream.read().count(b"moof") == 5, "ten seconds, and then its end"
    assert "snapshot" in platform.offers("cam-003-01") and inspect(platform.snapshot("cam-003-01").content) == "image/jpeg"
    for wrong in ("/road/../x", "/other/index.m3u8", "/road/index.m3u8?x"):
        with pytest.raises(OSError, match="404"):
            urlopen(base + wrong, timeout=5)
