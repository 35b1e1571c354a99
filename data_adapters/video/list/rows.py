"""The rows of a list of cameras: read strictly, an error names the line."""

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml

from data_adapters.video.values import real, words
from domain.cameras import PTZ
from domain.gb28181 import known
from services.video_ports import WAYS, Entry

MOST = 20_000
LARGEST = 32 * 1024 * 1024
SCHEMES = {"rtsp": ("rtsp", "rtsps"), "ws_flv": ("ws", "wss")}
TEXTS = ("civil_code", "codec", "region", "department")
NUMBERS = {"lon": (-180, 180), "lat": (-90, 90), "direction": (0, 360), "field_of_view": (0, 360), "range_m": (0, 100_000)}
ADDRESSES = (*WAYS, *(f"sub_{way}" for way in WAYS), *(f"past_{way}" for way in WAYS), "picture")
COLUMNS = ("channel", "name", "online", "code", "group", "ptz", "wall", "vehicle", "device_id", *TEXTS, *NUMBERS, *ADDRESSES)
YES = {"": True, "1": True, "true": True, "yes": True, "online": True, "0": False, "false": False, "no": False, "offline": False}
Place = Callable[[float | None, float | None], tuple[float | None, float | None]]


class BadList(ValueError):
    """The file can't be used; the text says which line of it and why."""


class Row(NamedTuple):
    """A camera and its addresses: of the large picture, of the small one, of its recordings (see past_address), of a still one."""

    entry: Entry
    main: Mapping[str, str]
    sub: Mapping[str, str]
    past: Mapping[str, str]
    picture: str


def read_rows(path: Path, place: Place, relative: bool) -> dict[str, Row]:
    """Channel -> row. `place` brings a position to WGS 84; `relative`: addresses may begin with a slash. Raises BadList, OSError."""
    if path.stat().st_size > LARGEST:
        raise BadList(f"{path.name}: more than {LARGEST} bytes")
    found: dict[str, Row] = {}
    for number, raw in _read(path):
        try:
            row = _row(raw, place, relative)
        except ValueError as error:
            raise BadList(f"{path.name}: camera {number}: {error}") from None
        if row.entry.channel in found:
            raise BadList(f"{path.name}: camera {number}: channel: {row.entry.channel!r} is there twice")
        if len(found) == MOST:
            raise BadList(f"{path.name}: more than {MOST} cameras; so many belong on a platform")
        found[row.entry.channel] = row
    return found


def _read(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        if path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                yield from enumerate(csv.DictReader(file), 1)
            return
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError, csv.Error) as error:
        raise BadList(f"{path.name}: cannot be read: {' '.join(str(error).split())[:200]}") from None
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        raise BadList(f"{path.name}: expected a list of cameras, each with its keys")
    yield from enumerate(raw, 1)


def _row(raw: Mapping[Any, Any], place: Place, relative: bool) -> Row:
    unknown = [key for key, value in raw.items() if key not in COLUMNS and value not in (None, "")]
    if unknown:
        raise ValueError(f"{str(unknown[0])[:40]!r}: expected a known column: {', '.join(COLUMNS)}")
    said = {key: _said(raw.get(key)) for key in COLUMNS}
    if not said["channel"]:
        raise ValueError("channel: is missing")
    addresses = {name: _address(name, said[name], relative) for name in ADDRESSES if said[name]}
    main, sub, past = ({way: found for way in WAYS if (found := addresses.get(f"{which}{way}"))} for which in ("", "sub_", "past_"))
    return Row(_entry(said, place, ("main", "sub") if sub else ("main",)), main, sub, past, addresses.get("picture", ""))


def past_address(address: str, start: int, end: int) -> str:
    """The address of a recording: `{start}` and `{end}` in seconds since 1970, `{start_at}` and `{end_at}` as RFC 3339 in UTC, `{seconds}`
    its length are filled in. Times are epoch ms."""
    moments = {name: datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for name, at in (("start", start), ("end", end))}
    filled = {"start": start // 1000, "end": end // 1000, "seconds": (end - start) // 1000, **{f"{n}_at": at for n, at in moments.items()}}
    for name, value in filled.items():
        address = address.replace(f"{{{name}}}", str(value))
    return address


def _said(raw: Any) -> str:
    """A cell of CSV, or what YAML makes of one."""
    if isinstance(raw, bool | float):
        raw = str(raw).lower()
    return words(raw)


def _entry(said: Mapping[str, str], place: Place, streams: tuple[str, ...]) -> Entry:
    rest: dict[str, Any] = {name: _number(name, said[name], bounds) for name, bounds in NUMBERS.items()}
    lon, lat = place(rest.pop("lon"), rest.pop("lat"))
    rest |= {name: said[name] for name in TEXTS}
    if said["ptz"] and said["ptz"] not in PTZ:
        raise ValueError(f"ptz: {said['ptz']!r}: expected one of {', '.join(PTZ)}")
    if said["code"] and known(said["code"]) is None:
        raise ValueError(f"code: {said['code']!r}: expected the twenty digits of GB/T 28181")
    return Entry(
        said["channel"],
        said["name"] or said["channel"],
        _flag("online", said["online"]),
        said["code"],
        group=tuple(part for part in said["group"].split("/") if part),
        lon=lon,
        lat=lat,
        ptz=said["ptz"] or "unknown",
        streams=streams,
        wall=_flag("wall", said["wall"]) if said["wall"] else None,
        vehicle=said["vehicle"] or None,
        device_id=said["device_id"] or None,
        **rest,
    )


def _flag(name: str, raw: str) -> bool:
    if raw.lower() not in YES:
        raise ValueError(f"{name}: {raw!r}: expected yes or no")
    return YES[raw.lower()]


def _number(name: str, raw: str, bounds: tuple[float, float]) -> float | None:
    if not raw:
        return None
    value = real(raw)
    if value is None or not bounds[0] <= value <= bounds[1]:
        raise ValueError(f"{name}: {raw!r}: expected a number from {bounds[0]} to {bounds[1]}")
    return value


def _address(name: str, raw: str, relative: bool) -> str:
    if relative and raw.startswith("/") and not raw.startswith("//"):
        return raw
    schemes = SCHEMES.get(name.removeprefix("sub_").removeprefix("past_"), ("http", "https"))
    try:
        parts = urlsplit(raw)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(f"{name}: expected an address with {' or '.join(scheme + '://' for scheme in schemes)}")
    return raw
