"""Warnings as CAP 1.2 (OASIS) and as an Atom list (RFC 4287) of them, for others who listen to this city."""

from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from domain.warnings import Action, Level, Status, Warned
from services.warning_ports import Heard

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
ATOM = "http://www.w3.org/2005/Atom"
TYPES = {Action.ISSUE: "Alert", Action.UPDATE: "Update", Action.CANCEL: "Cancel"}
STATUSES = {Status.ACTUAL: "Actual", Status.EXERCISE: "Exercise", Status.TEST: "Test"}
COLOUR = "预警颜色"
ZH = {Level.RED: "红色", Level.ORANGE: "橙色", Level.YELLOW: "黄色", Level.BLUE: "蓝色"}
UNKNOWN = "Unknown"
CATEGORY = "Other"
"""The city doesn't sort its hazards by CAP's twelve words, and guesses none."""
register_namespace("cap", CAP)


def cap_document(said: Warned) -> bytes:
    """The statement as a CAP 1.2 message. Urgency, severity and certainty are Unknown where the city didn't say them: the colour is a
    parameter, for CAP's severity is another scale."""
    alert = Element(f"{{{CAP}}}alert")
    sender, identifier, _ = name_of(said.alert)
    plain = {
        "identifier": identifier,
        "sender": sender,
        "sent": moment(said.sent_at),
        "status": STATUSES[said.status],
        "msgType": TYPES[said.action],
        "scope": "Public",
    }
    for name, value in plain.items():
        _put(alert, name, value)
    if said.references:
        _put(alert, "references", " ".join(",".join(name_of(one)) for one in said.references))
    for language, texts in said.texts.items():
        _info(alert, said, language, texts.get("headline", ""), texts.get("description", ""), texts.get("instruction", ""))
    return bytes(tostring(alert, encoding="UTF-8", xml_declaration=True))


def name_of(alert: str) -> tuple[str, str, str]:
    """CAP's sender, identifier and sent of one of our own alerts, whose last part is epoch milliseconds."""
    sender, identifier, sent = alert.rsplit(",", 2)
    return sender, identifier, moment(int(sent))


def moment(at: int) -> str:
    """A time as CAP wants it: whole seconds, and -00:00 for UTC."""
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def atom_document(listed: Iterable[Heard], base: str, title: str) -> bytes:
    """The list; each entry links to its CAP message below `base`."""
    register_namespace("", ATOM)
    feed, kept = Element(f"{{{ATOM}}}feed"), list(listed)
    newest = max((one.said.sent_at for one in kept), default=0)
    for name, value in {"id": base, "title": title, "updated": _rfc3339(newest)}.items():
        SubElement(feed, f"{{{ATOM}}}{name}").text = value
    for one in kept:
        entry = SubElement(feed, f"{{{ATOM}}}entry")
        headline = next((text.get("headline", "") for text in one.said.texts.values()), "") or one.said.hazard
        for name, value in {"id": f"urn:uuid:{one.warning_id}", "title": headline, "updated": _rfc3339(one.said.sent_at)}.items():
            SubElement(entry, f"{{{ATOM}}}{name}").text = value
        SubElement(entry, f"{{{ATOM}}}link", {"type": "application/cap+xml", "href": f"{base}/{one.warning_id}/cap"})
    return bytes(tostring(feed, encoding="UTF-8", xml_declaration=True))


def _rfc3339(at: int) -> str:
    return moment(at).replace("-00:00", "Z")


def _info(alert: Element, said: Warned, language: str, headline: str, description: str, instruction: str) -> None:
    info = SubElement(alert, f"{{{CAP}}}info")
    _put(info, "language", language)
    _put(info, "category", CATEGORY)
    _put(info, "event", said.hazard)
    if said.action is Action.CANCEL:
        _put(info, "responseType", "AllClear")
    for name, value in {"urgency": said.urgency, "severity": said.severity, "certainty": said.certainty}.items():
        _put(info, name, value or UNKNOWN)
    for name, at in {"effective": said.effective_at, "onset": said.onset_at, "expires": said.expires_at}.items():
        if at is not None:
            _put(info, name, moment(at))
    for name, value in {"senderName": said.sender, "headline": headline, "description": description, "instruction": instruction}.items():
        if value:
            _put(info, name, value)
    if said.level is not None:
        _named(info, "parameter", COLOUR, ZH[said.level])
    for area in said.areas:
        inner = SubElement(info, f"{{{CAP}}}area")
        _put(inner, "areaDesc", area.name)
        for ring in area.rings:
            _put(inner, "polygon", " ".join(f"{lat},{lon}" for lon, lat in ring))
        for lon, lat, metres in area.circles:
            _put(inner, "circle", f"{lat},{lon} {metres / 1000:g}")
        for scheme, code in area.codes:
            _named(inner, "geocode", scheme, code)


def _put(parent: Element, name: str, value: str) -> None:
    SubElement(parent, f"{{{CAP}}}{name}").text = value


def _named(parent: Element, name: str, key: str, value: str) -> None:
    one = SubElement(parent, f"{{{CAP}}}{name}")
    _put(one, "valueName", key)
    _put(one, "value", value)
