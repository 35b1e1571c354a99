"""The rules of CAP 1.1 and 1.2 (OASIS, element by element, chapter 3.2) that a message is held to; each by its name."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from lxml.etree import _Element

from data_adapters.feeds.markup import children, local, text_of
from domain.messages import Rejected

VERSIONS = {"urn:oasis:names:tc:emergency:cap:1.1": "1.1", "urn:oasis:names:tc:emergency:cap:1.2": "1.2"}
WORD = re.compile(r"[^\s,<&]{1,512}\Z")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d\Z")
ZULU = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\Z")
REFERENCE = re.compile(r"[^\s,<&]+,[^\s,<&]+,[^\s,<&]+\Z")
CATEGORIES = frozenset(["Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"])
RESPONSES = {"1.1": frozenset(["Shelter", "Evacuate", "Prepare", "Execute", "Monitor", "Assess", "None"])}
RESPONSES["1.2"] = RESPONSES["1.1"] | {"Avoid", "AllClear"}
URGENCIES = frozenset(["Immediate", "Expected", "Future", "Past", "Unknown"])
SEVERITIES = frozenset(["Extreme", "Severe", "Moderate", "Minor", "Unknown"])
CERTAINTIES = frozenset(["Observed", "Likely", "Possible", "Unlikely", "Unknown"])
TYPES = frozenset(["Alert", "Update", "Cancel", "Ack", "Error"])
STATUSES = frozenset(["Actual", "Exercise", "System", "Test", "Draft"])
SCOPES = frozenset(["Public", "Restricted", "Private"])
REFERRING = frozenset(["Update", "Cancel", "Ack", "Error"])
MOST_INFOS = 64
MOST_AREAS = 2_000


class Rule(NamedTuple):
    """What one element owes. `one_of`: its words; `form`: what its text looks like; `once`: not twice."""

    element: str
    required: bool = False
    once: bool = True
    one_of: frozenset[str] | None = None
    form: Callable[[str], bool] | None = None
    expected: str = ""


def _alert_rules(moment: Callable[[str], bool]) -> Sequence[Rule]:
    word = "no spaces, commas, < or &"
    return (
        Rule("identifier", required=True, form=_matches(WORD), expected=word),
        Rule("sender", required=True, form=_matches(WORD), expected=word),
        Rule("sent", required=True, form=moment, expected=A_MOMENT),
        Rule("status", required=True, one_of=STATUSES),
        Rule("msgType", required=True, one_of=TYPES),
        Rule("scope", required=True, one_of=SCOPES),
        Rule("references", form=_references, expected="sender,identifier,sent, several of them between spaces"),
    )


def _info_rules(version: str, moment: Callable[[str], bool]) -> Sequence[Rule]:
    return (
        Rule("category", required=True, once=False, one_of=CATEGORIES),
        Rule("event", required=True),
        Rule("responseType", once=False, one_of=RESPONSES[version]),
        Rule("urgency", required=True, one_of=URGENCIES),
        Rule("severity", required=True, one_of=SEVERITIES),
        Rule("certainty", required=True, one_of=CERTAINTIES | ({"Very Likely"} if version == "1.1" else frozenset())),
        *(Rule(name, form=moment, expected=A_MOMENT) for name in ("effective", "onset", "expires")),
        *(Rule(name) for name in ("language", "headline", "description", "instruction", "senderName", "web", "contact")),
    )


A_MOMENT = "YYYY-MM-DDThh:mm:ss with an offset such as +08:00; Z is not allowed"
AREA_RULES = (Rule("areaDesc", required=True),)


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: bool(pattern.match(text))


def _references(text: str) -> bool:
    return all(REFERENCE.match(one) for one in text.split())


def moment_form(zulu: bool) -> Callable[[str], bool]:
    """What a time looks like; `zulu`: with Z too, which the specification forbids and senders write."""
    return lambda text: bool(MOMENT.match(text)) or (zulu and bool(ZULU.match(text)))


def broken_rule(alert: _Element, version: str, zulu: bool) -> Rejected | None:
    """The first rule that the message breaks, or None."""
    moment = moment_form(zulu)
    fault = _broken(alert, _alert_rules(moment), "alert") or _conditional(alert)
    infos = list(children(alert, "info"))
    if fault or len(infos) > MOST_INFOS:
        return fault or _rule("info", f"at most {MOST_INFOS} info elements are read")
    for info in infos:
        areas = list(children(info, "area"))
        fault = _broken(info, _info_rules(version, moment), "info") or _named_values(info, ("eventCode", "parameter"))
        if fault or len(areas) > MOST_AREAS:
            return fault or _rule("area", f"at most {MOST_AREAS} areas are read")
        for area in areas:
            if fault := _broken(area, AREA_RULES, "area") or _named_values(area, ("geocode",)):
                return fault
    return None


def _broken(element: _Element, rules: Sequence[Rule], where: str) -> Rejected | None:
    told: Mapping[str, list[str]] = _texts(element)
    for rule in rules:
        # An element without text says nothing: senders leave templates' empty elements in.
        said = [text for text in told.get(rule.element, []) if text]
        if rule.required and not said:
            return _rule(rule.element, f"{where} has no {rule.element}")
        if rule.once and len(said) > 1:
            return _rule(rule.element, f"{where} has {rule.element} {len(said)} times")
        for text in said:
            if rule.one_of is not None and text not in rule.one_of:
                return _rule(rule.element, f"{text[:60]!r} is none of {', '.join(sorted(rule.one_of))}")
            if rule.form is not None and not rule.form(text):
                return _rule(rule.element, f"{text[:60]!r}: expected {rule.expected}")
    return None


def _texts(element: _Element) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for one in element:
        told.setdefault(local(one), []).append("".join(str(part) for part in one.itertext()).strip())
    return told


def _conditional(alert: _Element) -> Rejected | None:
    if text_of(alert, "msgType") in REFERRING and not text_of(alert, "references"):
        return _rule("references", f"{text_of(alert, 'msgType')} names no message that it refers to")
    if text_of(alert, "scope") == "Restricted" and not text_of(alert, "restriction"):
        return _rule("restriction", "Restricted says no restriction")
    if text_of(alert, "scope") == "Private" and not text_of(alert, "addresses"):
        return _rule("addresses", "Private says no addresses")
    return None


def _named_values(element: _Element, names: Sequence[str]) -> Rejected | None:
    for name in names:
        for one in children(element, name):
            if not text_of(one, "valueName"):
                return _rule(name, f"{name} has no valueName")
    return None


def _rule(element: str, detail: str) -> Rejected:
    return Rejected("breaks_rule", f"{element}: {detail}")
