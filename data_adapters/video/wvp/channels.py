"""WVP's rows of channels, of both its catalogues, as entries. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from data_adapters.video.setup import PlatformSetup
from data_adapters.video.values import real, rows, table, whole, words
from domain.cameras import PTZ
from domain.gb28181 import division_of, known
from services.video_ports import BadAnswer, Entry

LOOKS: Mapping[int, float] = {1: 90, 2: 270, 3: 180, 4: 0, 5: 135, 6: 45, 7: 225, 8: 315}
"""DirectionType of GB/T 28181 A.2.1.6: 1 east, 2 west, 3 south, 4 north, 5 south-east, 6 north-east, 7 south-west, 8 north-west."""
KINDS: Mapping[int, str] = {0: PTZ[0], 1: PTZ[1], 2: PTZ[2], 3: PTZ[3], 4: PTZ[4], 5: PTZ[5], 6: PTZ[6], 7: PTZ[6], 8: PTZ[7]}
ONLINE = frozenset({"on", "1", "true", "online", "ok"})
WITHOUT_PICTURE = frozenset({"133", "134", "135", "136", "137"})
"""Types of peripherals (monitor, alarm and voice in and out) that are channels too."""
DEEPEST = 16


class Page(NamedTuple):
    """A page of WVP's lists: its rows that can be read, how many it has in all, and how many all pages have."""

    rows: list[Mapping[str, Any]]
    many: int
    total: int


class Node(NamedTuple):
    """A group of the catalogue tree: its name and the code of the one above it."""

    name: str
    above: str


def page_of(data: Any) -> Page:
    """A page of WVP's lists (`list`, `total`). Raises BadAnswer."""
    listed, total = table(data).get("list"), whole(table(data).get("total"))
    if not isinstance(listed, list) or total is None or total < 0:
        raise BadAnswer("a list without its rows or its total")
    return Page(rows(listed), len(listed), total)


def plain(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row of /api/common/channel without the prefix of its names: `gbDeviceId` -> `deviceId`. Its number stays as `gbId`."""
    cut = {key[2].lower() + key[3:]: value for key, value in row.items() if key[:2] == "gb" and len(key) > 2 and key[2].isupper()}
    return {**row, **cut, "id": row.get("gbId")}


def code_of(row: Mapping[str, Any]) -> str:
    """The channel's own code: `deviceId` now, `channelId` where `deviceId` was still its device's."""
    return words(row.get("channelId")) or words(row.get("deviceId"))


def is_group(row: Mapping[str, Any]) -> bool:
    """Whether the row is a node of the tree: WVP says so, its code does, or it is a division's."""
    code = known(code_of(row))
    return bool(whole(row.get("channelType"))) or (code.is_group if code else _is_division(code_of(row)))


def _is_division(code: str) -> bool:
    return code.isdigit() and 2 <= len(code) <= 8


def has_picture(row: Mapping[str, Any]) -> bool:
    """Whether the row is something that can be played: no group, no server, no user, no alarm input; without a code it may be."""
    code = known(code_of(row))
    if not code_of(row) or is_group(row):
        return False
    return code is None or (code.kind not in WITHOUT_PICTURE and code.kind[0] not in "2345")


def nodes_of(found: list[Mapping[str, Any]]) -> Iterator[tuple[str, Node]]:
    """The groups among some rows, each with its code."""
    for row in found:
        code = code_of(row)
        if code and is_group(row):
            yield code, Node(words(row.get("name")) or code, _above(row))


def path_of(row: Mapping[str, Any], nodes: Mapping[str, Node]) -> tuple[str, ...]:
    """The names of the groups above a channel, outermost first; one that leads back to itself ends there."""
    names: list[str] = []
    above, seen = _above(row), set[str]()
    while above in nodes and above not in seen and len(names) < DEEPEST:
        seen.add(above)
        names.append(nodes[above].name)
        above = nodes[above].above
    return tuple(reversed(names))


def _above(row: Mapping[str, Any]) -> str:
    """ParentID may name several, apart by slashes: the last is the nearest."""
    return words(row.get("parentId")).rpartition("/")[2]


def entry_of(row: Mapping[str, Any], channel: str, group: tuple[str, ...], setup: PlatformSetup, vehicles: Mapping[str, str]) -> Entry:
    """One channel. `vehicles`: code -> device that carries it."""
    code = code_of(row)
    parts = known(code)
    lon, lat = setup.wgs84(real(row.get("longitude")), real(row.get("latitude")))
    carried = vehicles.get(code) or vehicles.get(channel.partition("/")[0])
    return Entry(
        channel,
        words(row.get("name")) or code,
        _online(row.get("status")),
        code if parts else "",
        division_of(words(row.get("civilCode"))) or (parts.division if parts else ""),
        group,
        lon,
        lat,
        direction=LOOKS.get(whole(row.get("directionType")) or 0),
        ptz=KINDS.get(whole(row.get("ptzType") if "ptzType" in row else row.get("PTZType")) or 0, PTZ[0]),
        codec=words(row.get("videoCodec")).lower(),
        vehicle=carried,
    )


def _online(raw: Any) -> bool:
    """`ON`, 1 or true, as the version has it."""
    return (str(raw).lower() if isinstance(raw, bool) else words(raw).lower()) in ONLINE
