"""Every adapter has met somebody who speaks its language: the demo city speaks to it, or a test drives it with what its peer said.

A new adapter fails here until the demo speaks to it (data_adapters/demo/platforms) or a line of PEERS says who was met, in which test.
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from data_adapters.demo.hotline import DemoHotline
from data_adapters.demo.open_desk import OpenDesk
from data_adapters.demo.pack import build_demo_pack
from data_adapters.demo.platforms.registry import PLATFORMS
from data_adapters.feeds.registry import ADAPTERS, configured
from data_adapters.topics.registry import KINDS
from data_adapters.topics.registry import configured as libraries
from data_adapters.video.registry import ADAPTERS as VIDEO
from data_adapters.video.registry import make_platforms

ROOT = Path(__file__).parents[2]
NATIVE, DESKS = "native", (DemoHotline.feed, OpenDesk.feed)
WHO: Mapping[str, str] = {"running": "{}", "encoder": "{}", "contract": "not tried against"}
"""Whom an adapter met, and what its README says of it (`{}`: the name). A peer that ran and was heard; another party's library that made
the messages; or, where no peer can be had, a server of the tests that keeps the platform's contract, with its faults."""


class Peer(NamedTuple):
    """`who`: a word of WHO; `name`; the `sign` of what was met in the test, whose path begins in tests/: the feed's own where left out."""

    who: str
    name: str
    sign: str = "captured.jsonl"
    test: str = "data_adapters/feeds/{0}/test_{0}_feed.py"


PEERS: Mapping[str, Peer] = {
    "feeds/zigbee2mqtt": Peer("running", "Zigbee2MQTT 2.14.1"),
    "feeds/sparkplug": Peer("running", "pysparkplug 0.6.1"),
    "feeds/chirpstack": Peer("encoder", "chirpstack-api 4.20.0"),
    "feeds/senml": Peer("encoder", "kpn-senml 1.0.1"),
    "feeds/ngsi": Peer("encoder", "ngsildclient 0.5.2"),
    "feeds/gtfs_realtime": Peer("encoder", "the bindings for JavaScript 2.2.0"),
    "feeds/onvif": Peer("encoder", "zeep", "encoded_by_zeep.xml"),
    "video/wvp": Peer("contract", "a WVP server", "wvp_server", "data_adapters/video/test_wvp.py"),
    "topics/files": Peer("encoder", "openpyxl", "openpyxl", "data_adapters/topics/test_files_library.py"),
    "topics/http_json": Peer("contract", "a department's interface", "serving", "data_adapters/topics/test_web_libraries.py"),
    "topics/prometheus": Peer("running", "Prometheus 2.42", 'which("prometheus")', "data_adapters/topics/test_prometheus_library.py"),
}
CONTRACTS = 2
"""So many have met nobody but a server of the tests. More would be a step back."""


def adapters() -> set[str]:
    """All that there are, by their folders; of libraries, which are modules, by their registry."""
    folders = {
        f"{place}/{one.parent.name}" for place in ("feeds", "video") for one in (ROOT / "data_adapters" / place).glob("*/adapter.py")
    }
    return folders | {f"topics/{kind}" for kind in KINDS}


def spoken_to(pack: Path) -> set[str]:
    """Those that the demo speaks to: of a feed that is on there somebody must say something."""
    speaks = {NATIVE, *DESKS, *PLATFORMS}
    feeds = {f"feeds/{feed.adapter}" for feed in configured(demo=True) if feed.name in speaks}
    cameras = make_platforms(pack)["pack"]
    video = {"video/list"} if any(page for page in cameras.catalogue()) else set()
    return feeds | video | {f"topics/{library.kind}" for library in libraries(demo=True)}


def untried(every: Iterable[str], spoken: Collection[str], peers: Collection[str]) -> list[str]:
    """Those that nobody has spoken to."""
    return sorted(one for one in every if one not in spoken and one not in peers)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return spoken_to(build_demo_pack(tmp_path_factory.mktemp("demo")))


def test_every_adapter_runs_in_the_demo_or_against_its_peer(spoken: set[str]) -> None:
    every = adapters()
    assert {f"feeds/{name}" for name in ADAPTERS} | {f"video/{name}" for name in VIDEO} <= every, "an adapter has a folder of its own"
    assert untried(every, spoken, PEERS) == []
    assert set(PEERS) <= every - spoken, "a line for what is gone, or for what the demo speaks to by now"
    assert untried([*every, "feeds/smoke"], spoken, PEERS) == ["feeds/smoke"]


@pytest.mark.parametrize("adapter", PEERS)
def test_the_test_that_is_named_meets_that_peer_and_the_readme_says_so(adapter: str) -> None:
    peer, (place, name) = PEERS[adapter], adapter.split("/")
    tried = ROOT / "tests" / peer.test.format(name)
    said = tried.read_text(encoding="utf-8")
    assert peer.sign in said and name in said
    if "." in peer.sign:
        assert (tried.parent / peer.sign).stat().st_size > 0
    readme = ROOT / "data_adapters" / (place if place == "topics" else adapter) / "README.md"
    assert WHO[peer.who].format(peer.name).lower() in readme.read_text(encoding="utf-8").lower()


def test_few_have_met_nobody_but_a_server_of_the_tests() -> None:
    assert sum(peer.who == "contract" for peer in PEERS.values()) <= CONTRACTS
