"""city.yaml: who the city is. The keys are the table KEYS; a misspelt key is an error, an unknown one is only reported."""

import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data_adapters.city_pack.contents import CityFacts, Problem
from data_adapters.city_pack.files import read_yaml
from data_adapters.coordinates import DATUMS, UnknownDatum, datum_key
from domain.registry import Department

FILE = "city.yaml"
LONGEST_ATTRIBUTION = 120
KEYS = ("name", "name_en", "code", "origin_center", "datum", "timezone", "departments", "zones", "demo", "attribution")
DATUM_FILES = ("regions", "devices", "places")


def read_city(folder: Path, problems: list[Problem], notices: list[str]) -> CityFacts | None:
    """The facts of city.yaml, or None with problems."""
    tree = read_yaml(folder, FILE, problems)
    if tree is None:
        return None
    before = len(problems)
    report = _reporter(problems)
    _keys(tree, report, notices)
    name, name_en = _names(tree.get("name"), tree.get("name_en"), report)
    code = _code(tree.get("code"), report)
    facts = CityFacts(
        code=code,
        name=name,
        name_en=name_en,
        origin_center=str(tree.get("origin_center") or code),
        timezone=_timezone(tree.get("timezone", "Asia/Shanghai"), report),
        datums=_datums(tree.get("datum", "WGS-84"), report),
        departments=_departments(tree.get("departments") or [], report),
        zones=_zones(tree.get("zones") or [], report),
        demo=tree.get("demo") is True,
        attribution=_attribution(tree.get("attribution"), report),
    )
    return facts if len(problems) == before else None


Report = Callable[[str, Any, str], None]


def _reporter(problems: list[Problem]) -> Report:
    def report(field: str, value: Any, expected: str) -> None:
        problems.append(Problem(FILE, None, field, "" if value is None else str(value), expected))

    return report


def _keys(tree: dict[str, Any], report: Report, notices: list[str]) -> None:
    for key in tree:
        if key in KEYS:
            continue
        close = difflib.get_close_matches(str(key), KEYS, n=1, cutoff=0.75)
        if close:
            report(str(key), tree[key], f"the key {close[0]}")
        else:
            notices.append(f"{FILE}: key {key!r} isn't used")


def _names(name: Any, name_en: Any, report: Report) -> tuple[str, str]:
    """`name: 东莞市` with `name_en`, or `name: {zh: 东莞市, en: Dongguan}`."""
    if isinstance(name, dict):
        name, name_en = name.get("zh"), name_en or name.get("en")
    if not isinstance(name, str) or not name.strip():
        report("name", name, "the city's name")
        return "", ""
    return name.strip(), str(name_en or "").strip()


def _attribution(text: Any, report: Report) -> str:
    if text is not None and not (isinstance(text, str) and len(text) <= LONGEST_ATTRIBUTION):
        report("attribution", text, f"whose data the map shows, at most {LONGEST_ATTRIBUTION} characters")
        return ""
    return (text or "").strip()


def _code(code: Any, report: Report) -> str:
    text = str(code).strip() if isinstance(code, str | int) and not isinstance(code, bool) else ""
    if not re.fullmatch(r"[0-9A-Za-z_-]{1,32}", text):
        report("code", code, "the division code, for instance 441900")
    return text


def _timezone(name: Any, report: Report) -> str:
    try:
        ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        report("timezone", name, "an IANA time zone such as Asia/Shanghai")
    return str(name)


def _datums(value: Any, report: Report) -> dict[str, str]:
    """One datum for the whole pack, or one for each of regions, devices, places."""
    named = value if isinstance(value, dict) else dict.fromkeys(DATUM_FILES, value)
    datums = dict.fromkeys(DATUM_FILES, "WGS84")
    for file, datum in named.items():
        if file not in DATUM_FILES:
            report(f"datum.{file}", datum, f"one of {', '.join(DATUM_FILES)}")
            continue
        try:
            datums[file] = datum_key(str(datum))
        except UnknownDatum:
            report("datum", datum, f"one of {', '.join(DATUMS)}")
            break
    return datums


def _departments(entries: Any, report: Report) -> list[Department]:
    """`- {code: water, zh: 水务局, en: Water}`; `name` and `name_en` are understood as well."""
    if not isinstance(entries, list):
        report("departments", entries, "a list of {code, zh, en}")
        return []
    found: dict[str, Department] = {}
    for number, entry in enumerate(entries, start=1):
        entry = entry if isinstance(entry, dict) else {"code": entry, "zh": entry}
        code, name = str(entry.get("code") or "").strip(), str(entry.get("zh") or entry.get("name") or "").strip()
        if not code or not name:
            report(f"departments[{number}]", entry, "code and zh")
        elif code in found:
            report(f"departments[{number}].code", code, "a code used only once")
        else:
            found[code] = Department(code, name, str(entry.get("en") or entry.get("name_en") or "").strip())
    return list(found.values())


def _zones(entries: Any, report: Report) -> list[dict[str, Any]]:
    """`- {code: …, zh: …, en: …, regions: [codes]}`: groupings of the regions in regions.geojson."""
    if not isinstance(entries, list):
        report("zones", entries, "a list of {code, zh, en, regions}")
        return []
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or not entry.get("code") or not entry.get("zh") or not isinstance(entry.get("regions"), list):
            report(f"zones[{number}]", entry, "code, zh and regions (a list of codes)")
            return []
    return entries
