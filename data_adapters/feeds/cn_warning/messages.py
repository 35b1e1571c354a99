"""One warning in one message, with the elements of GB/T 35965.1 (应急信息交互协议 第1部分: 预警信息), as XML or JSON."""

import re
from collections.abc import Mapping
from typing import Any

from lxml.etree import _Element

from data_adapters.feeds.cap.areas import area_of_texts
from data_adapters.feeds.cn_warning.words import DIVISION, colour, moment, plain_text
from data_adapters.feeds.markup import children, text_of
from domain.messages import Rejected
from domain.warnings import Action, Area, Level, Status, Warned

ACTIONS = {"alert": Action.ISSUE, "update": Action.UPDATE, "cancel": Action.CANCEL}
STATUSES = {"actual": Status.ACTUAL, "exercise": Status.EXERCISE, "test": Status.TEST}
HAZARD = re.compile(r"(?:.*(?:发布|变更|更新|升级为?|降级为?|继续|解除))?([\u4e00-\u9fff]{2,12}?)[红橙黄蓝]色预警")
COLOUR = re.compile("([红橙黄蓝])色")
PLAIN = ("eventType", "severity", "urgency", "certainty", "effective", "onset", "expires", "headline", "description", "instruction")
FIELDS = (
    "identifier",
    "sender",
    "sendTime",
    "status",
    "msgType",
    "scope",
    "references",
    *PLAIN,
    "areaDesc",
    "polygon",
    "circle",
    "geocode",
)
SCHEME = "GB/T 2260"


def single_warning(told: _Element | Mapping[str, Any], types: Mapping[str, str]) -> Warned | Rejected:
    """The warning. `types`: what codes of `eventType` are called; a headline that names hazard and colour says it itself."""
    said = _fields(told)
    fault = _unhandled(said)
    if fault:
        return fault
    action = ACTIONS[said["msgType"].lower()]
    sent, effective = moment(said["sendTime"]), moment(said["effective"], None)
    onset, expires = moment(said["onset"], None), moment(said["expires"], None)
    level, area = _level(said), _area(said)
    found = next((one for one in (sent, effective, onset, expires, level, area) if isinstance(one, Rejected)), None)
    if found:
        return found
    return Warned(
        statement=said["identifier"],
        alert=said["identifier"],
        action=action,
        status=STATUSES[said["status"].lower()],
        references=tuple(re.split(r"[\s,;]+", said["references"])) if said["references"] else (),
        sent_at=sent,
        sender=said["sender"],
        hazard=_hazard(said, types),
        level=level,  # type: ignore[arg-type]
        severity="",
        urgency=said["urgency"],
        certainty=said["certainty"],
        effective_at=sent if effective is None else effective,
        onset_at=onset,
        expires_at=expires,
        areas=(area,),  # type: ignore[arg-type]
        texts={"zh-CN": {name: said[name] for name in ("headline", "description", "instruction")}},
    )


def _unhandled(said: Mapping[str, str]) -> Rejected | None:
    """Why the message warns nobody, or nobody whom it may warn."""
    if not said["identifier"]:
        return Rejected("wrong_type", "identifier: expected a text; neither a table nor a single warning")
    for name, known in (("status", STATUSES), ("msgType", ACTIONS)):
        if said[name].lower() not in known:
            return Rejected("not_handled", f"{name} {said[name][:40]!r}")
    if said["scope"] and said["scope"].lower() != "public":
        return Rejected("not_handled", f"scope {said['scope'][:40]!r}: a warning for some is not shown to all")
    if said["msgType"].lower() != "alert" and not said["references"]:
        return Rejected("wrong_type", "references: an update or a cancellation names what it ends")
    return None


def _fields(told: _Element | Mapping[str, Any]) -> dict[str, str]:
    """The elements as texts, those of `info` and its `area` among them; empty for what isn't there."""
    if isinstance(told, Mapping):
        parts = [one for one in (told, told.get("info"), _first(told, "area")) if isinstance(one, Mapping)]
        return {name: next((plain_text(part[name]) for part in parts if plain_text(part.get(name))), "") for name in FIELDS}
    elements = [told, *children(told, "info")][:2]
    elements += [area for element in elements for area in children(element, "area")][:1]
    return {name: next((text for one in elements if (text := plain_text(text_of(one, name)))), "") for name in FIELDS}


def _first(told: Mapping[str, Any], name: str) -> Any:
    info = told.get("info")
    return told.get(name) or (info.get(name) if isinstance(info, Mapping) else None)


def _level(said: Mapping[str, str]) -> Level | Rejected | None:
    """`severity` holds the colour here; Unknown is none. A headline that names one colour, and another, is a contradiction."""
    found = colour(said["severity"])
    if found is None and said["severity"].lower() not in ("", "unknown"):
        return Rejected("bad_level", f"severity {said['severity'][:40]!r} is none of Red, Orange, Yellow, Blue, Unknown")
    named = set(COLOUR.findall(said["headline"]))
    headline = colour(named.pop()) if len(named) == 1 else None
    if found and headline and found is not headline:
        return Rejected("bad_level", f"severity says {found.value}, the headline {headline.value}")
    return found or headline


def _hazard(said: Mapping[str, str], types: Mapping[str, str]) -> str:
    if said["eventType"] in types:
        return types[said["eventType"]]
    named = HAZARD.search(said["headline"])
    return named[1] if named else said["eventType"]


def _area(said: Mapping[str, str]) -> Area | Rejected:
    codes = [code for code in re.split(r"[\s,;]+", said["geocode"]) if code]
    wrong = next((code for code in codes if not DIVISION.match(code)), None)
    if wrong:
        return Rejected("bad_code", f"{wrong[:40]!r} is no division code of GB/T 2260")
    return area_of_texts(said["areaDesc"], tuple((SCHEME, code) for code in codes), [said["polygon"]], [said["circle"]])
