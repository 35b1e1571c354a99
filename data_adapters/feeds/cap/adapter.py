"""CAP, the Common Alerting Protocol: public warnings (README.md beside this file)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from lxml.etree import _Element

from config.strict import Field
from config.warnings import Signer, load_warnings
from data_adapters.feeds.cap.areas import area_of, texts_of
from data_adapters.feeds.cap.polling import POLL_FIELDS
from data_adapters.feeds.cap.rules import SCOPES, VERSIONS, broken_rule
from data_adapters.feeds.cap.signatures import signature_fault
from data_adapters.feeds.lists import SECRET
from data_adapters.feeds.markup import children, local, namespace, text_of, xml_root
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.warned import warning_event
from domain.event_time import NotATime, parse_time
from domain.events import MAX_ID
from domain.messages import Memory, Output, RawMessage, Rejected
from domain.warnings import TEXT_KEYS, Action, Area, Level, Status, Warned

ACTIONS = {"Alert": Action.ISSUE, "Update": Action.UPDATE, "Cancel": Action.CANCEL}
STATUSES = {"Actual": Status.ACTUAL, "Exercise": Status.EXERCISE, "Test": Status.TEST}
NOT_HANDLED = {
    "Ack": "says that somebody received a message",
    "Error": "says that somebody couldn't read a message",
    "System": "is for the alerting network itself",
    "Draft": "is not yet meant for anybody",
}
COLOUR = re.compile("([红橙黄蓝])色预警")
COLOURS = {"红": Level.RED, "橙": Level.ORANGE, "黄": Level.YELLOW, "蓝": Level.BLUE}
DEFAULT_LANGUAGE = "en-US"
ALL_CLEAR = "AllClear"
MOST_ALERTS = 500


class CapFeed:
    """Parses alerts, alone or inside an Atom or RSS document. It remembers nothing: references name what they end."""

    remembers = False

    def __init__(self, setup: FeedSetup, signers: Mapping[str, Signer] | None = None) -> None:
        """`signers`: by sender, those whose signatures are verified; None: those of config/warnings.yaml."""
        self._signers = load_warnings().signers if signers is None else signers
        self._settings = setup.read(cap_fields(), [SECRET])
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics

    def partition_key(self, topic: str) -> str:
        """All warnings of a feed stay in order."""
        return self.name

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """An event of the kind `warning` for each hazard that an alert tells of; Rejected for what the README lists. Never raises."""
        root = xml_root(message.payload)
        if isinstance(root, Rejected):
            return [root], memory
        alerts = [root] if local(root) == "alert" else list(_alerts(root))
        if not alerts:
            return [
                Rejected("no_alert", f"a {local(root)[:40]} that holds no alert itself; what it links to is asked for by `poll`")
            ], memory
        outputs = [output for alert in alerts[:MOST_ALERTS] for output in self._alert(alert, message)]
        if len(alerts) > MOST_ALERTS:
            outputs.append(Rejected("too_large", f"{len(alerts)} alerts, at most {MOST_ALERTS}"))
        return outputs, memory

    def _alert(self, alert: _Element, message: RawMessage) -> list[Output]:
        version = VERSIONS.get(namespace(alert))
        if version is None:
            return [Rejected("bad_version", f"CAP is read in version 1.1 and 1.2, not {namespace(alert)[:60]!r}")]
        fault = broken_rule(alert, version, self._settings["zulu"] == "take") or self._unhandled(alert) or self._unsigned(alert, message)
        if fault:
            return [fault]
        try:
            return list(self._events(alert, message))
        except NotATime as error:
            return [Rejected("bad_time", str(error))]

    def _unsigned(self, alert: _Element, message: RawMessage) -> Rejected | None:
        signer = self._signers.get(text_of(alert, "sender"))
        fault = self._signature_fault(alert, message) if signer and signer.required else ""
        return Rejected("bad_signature", f"{text_of(alert, 'sender')}: {fault}") if fault else None

    def _signature_fault(self, alert: _Element, message: RawMessage) -> str:
        signer = self._signers.get(text_of(alert, "sender"))
        return signature_fault(alert, signer.certificates, message.received_at) if signer else "no certificate of this sender is known"

    def _unhandled(self, alert: _Element) -> Rejected | None:
        for name in (text_of(alert, "msgType"), text_of(alert, "status")):
            if name in NOT_HANDLED:
                return Rejected("not_handled", f"{name} {NOT_HANDLED[name]}")
        scope = text_of(alert, "scope")
        return None if scope in self._settings["scopes"] else Rejected("not_handled", f"{scope}: the setting `scopes` leaves it out")

    def _events(self, alert: _Element, message: RawMessage) -> Iterator[Output]:
        infos = _by_hazard(list(children(alert, "info")))
        if not infos and text_of(alert, "msgType") != "Cancel":
            yield Rejected("nothing_said", "the alert has no info")
            return
        signed = not self._signature_fault(alert, message)
        for number, told in enumerate(infos or [{}]):
            said = self._said(alert, told, number, signed)
            yield said if isinstance(said, Rejected) else warning_event(said, message, self._clock_ahead_ms)

    def _said(self, alert: _Element, told: Mapping[str, _Element], number: int, signed: bool) -> Warned | Rejected:
        """What one hazard's info says, in all its languages. Raises NotATime."""
        info = next(iter(told.values()), None)
        areas = [] if info is None else [area_of(one) for one in children(info, "area")]
        fault = next((one for one in areas if isinstance(one, Rejected)), None)
        if fault:
            return fault
        key = ",".join(text_of(alert, name) for name in ("sender", "identifier", "sent"))
        sent_at = parse_time(text_of(alert, "sent"))
        return Warned(
            statement=_statement(key, number),
            alert=key,
            action=Action.CANCEL if _is_all_clear(info) else ACTIONS[text_of(alert, "msgType")],
            status=STATUSES[text_of(alert, "status")],
            references=tuple(text_of(alert, "references").split()),
            sent_at=sent_at,
            sender=text_of(info, "senderName") or text_of(alert, "sender"),
            hazard=text_of(info, "event"),
            level=self._level(info),
            severity=text_of(info, "severity"),
            urgency=text_of(info, "urgency"),
            certainty=text_of(info, "certainty"),
            effective_at=_moment(info, "effective") or sent_at,
            onset_at=_moment(info, "onset"),
            expires_at=_moment(info, "expires"),
            areas=tuple(one for one in areas if isinstance(one, Area)),
            texts={language: {name: text_of(one, name) for name in TEXT_KEYS} for language, one in told.items()},
            signed=signed,
        )

    def _level(self, info: _Element | None) -> Level | None:
        """By a parameter that the settings name, or by the words 红色预警 in event or headline; never by severity."""
        if info is None:
            return None
        words: Mapping[str, Level] = self._settings["levels"]
        for one in children(info, "parameter"):
            if text_of(one, "valueName") == self._settings["level_parameter"]:
                return words.get(text_of(one, "value").lower())
        named = COLOUR.search(text_of(info, "event") + " " + text_of(info, "headline"))
        return COLOURS[named[1]] if named else None


def _alerts(root: _Element) -> Iterator[_Element]:
    """The alerts inside an Atom or RSS document."""
    return (one for one in root.iter() if local(one) == "alert" and namespace(one) in VERSIONS)


def _by_hazard(infos: Sequence[_Element]) -> list[dict[str, _Element]]:
    """The info elements, those that say the same in another language together: the second of each language is the second hazard. Chinese
    comes first, then English, then what comes first."""
    languages: dict[str, list[_Element]] = {}
    for info in infos:
        languages.setdefault(text_of(info, "language") or DEFAULT_LANGUAGE, []).append(info)
    order = sorted(languages, key=lambda name: (not name.lower().startswith("zh"), not name.lower().startswith("en")))
    most = max(map(len, languages.values()), default=0)
    return [{name: languages[name][place] for name in order if place < len(languages[name])} for place in range(most)]


def _is_all_clear(info: _Element | None) -> bool:
    """The info says that what was warned of is over (CAP 1.2, responseType)."""
    return info is not None and ALL_CLEAR in texts_of(info, "responseType")


def _statement(key: str, number: int) -> str:
    """The alert's own name, with the hazard's number where it tells of several; shortened to what can be stored."""
    name = f"{key}#{number}" if number else key
    return name if len(name) <= MAX_ID else sha256(name.encode(errors="surrogatepass")).hexdigest()


def _moment(info: _Element | None, name: str) -> int | None:
    told = text_of(info, name)
    return parse_time(told) if told else None


def _scopes(raw: Any) -> frozenset[str]:
    if not isinstance(raw, list) or not raw or not set(raw) <= SCOPES:
        raise ValueError(f"a list of {', '.join(sorted(SCOPES))}")
    return frozenset(raw)


def _levels(raw: Any) -> dict[str, Level]:
    if not isinstance(raw, dict) or not all(isinstance(word, str) and level in tuple(Level) for word, level in raw.items()):
        raise ValueError(f"words of the parameter, each with one of {', '.join(Level)}")
    return {word.lower(): Level(level) for word, level in raw.items()}


def _name(raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValueError("a parameter's valueName")
    return raw


def _zulu(raw: Any) -> str:
    if raw not in ("take", "reject"):
        raise ValueError("take or reject")
    return str(raw)


def cap_fields() -> dict[str, Field]:
    """The settings, those of the poller included."""
    return {
        **POLL_FIELDS,
        "scopes": (_scopes, frozenset({"Public"})),
        "level_parameter": (_name, ""),
        "levels": (_levels, {}),
        "zulu": (_zulu, "reject"),
    }
