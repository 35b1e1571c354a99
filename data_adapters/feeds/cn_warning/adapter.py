"""Chinese public warnings 红橙黄蓝: the table of those in force by division code, and single messages (README.md beside this file)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from config.strict import Field
from data_adapters.feeds.cn_warning.messages import single_warning
from data_adapters.feeds.cn_warning.words import DIVISION, division, level_of, moment, plain_text
from data_adapters.feeds.lists import POLL_FIELDS, SECRET
from data_adapters.feeds.markup import xml_root
from data_adapters.feeds.payloads import json_object
from data_adapters.feeds.setup import FeedSetup
from data_adapters.feeds.warned import warning_event
from domain.messages import Memory, Output, RawMessage, Rejected
from domain.warnings import Action, Area, Level, Status, Warned

MAX_BYTES = 4 * 1024 * 1024
MOST_WARNINGS = 20_000
REGION_SCHEME = "GB/T 2260"


class Row(NamedTuple):
    """One warning of the table, its key included: what says the same is the same warning."""

    key: str
    code: str
    place: str
    hazard: str
    level: Level
    issued_at: int
    expires_at: int | None


class CnWarningFeed:
    """Remembers which warnings the last table held: one that is gone from the next has been lifted 解除."""

    remembers = True

    def __init__(self, setup: FeedSetup) -> None:
        self._settings = setup.read(cn_fields(), [SECRET])
        self.name, self._clock_ahead_ms = setup.name, setup.clock_ahead_ms
        self.topics: Sequence[str] = setup.topics

    def partition_key(self, topic: str) -> str:
        """Tables follow each other: one order for all."""
        return self.name

    def parse(self, message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        """An event of the kind `warning` for each that is new, changed or lifted; Rejected for what the README lists. Never raises."""
        if message.payload.lstrip()[:1] == b"<":
            root = xml_root(message.payload)
            return [root if isinstance(root, Rejected) else self._single(root, message)], memory
        told = json_object(message.payload, MAX_BYTES)
        if isinstance(told, Rejected):
            return [told], memory
        if "warnings" not in told:
            return [self._single(told, message)], memory
        return self._table(told, message, memory)

    def _single(self, told: Any, message: RawMessage) -> Output:
        said = single_warning(told, self._settings["types"])
        if isinstance(said, Rejected):
            return said
        codes = [value for area in said.areas for scheme, value in area.codes if scheme == REGION_SCHEME]
        if codes and not any(self._concerns(code) for code in codes):
            return Rejected("elsewhere", f"{codes[0]} is neither in nor above {self._settings['of']}")
        return warning_event(said, message, self._clock_ahead_ms)

    def _table(self, told: Mapping[str, Any], message: RawMessage, memory: Memory) -> tuple[list[Output], Memory]:
        stated = moment(told.get("updated"), message.received_at)
        if isinstance(stated, Rejected):
            return [stated], memory
        if stated < memory.get("updated", stated):
            return [Rejected("old_table", "a newer table has been read before")], memory
        rows, faults, spoilt = self._rows(told["warnings"])
        known = {key: tuple(kept) for key, kept in memory.get("known", {}).items()}
        gone = {key: kept for key, kept in known.items() if key not in rows and kept[0] not in spoilt}
        if faults and not rows and "" in spoilt:
            return faults, memory
        still = {key: list(was) for key, was in known.items() if key not in rows and key not in gone}
        new = [row for key, row in rows.items() if key not in known]
        outputs = [warning_event(one, message, self._clock_ahead_ms) for one in _said(new, gone, stated)]
        kept = {key: list(known.get(key) or (row.code, row.hazard, row.place, _name(key, stated))) for key, row in rows.items()}
        return [*faults, *outputs], {"updated": stated, "known": {**kept, **still}}

    def _rows(self, told: Any) -> tuple[dict[str, Row], list[Output], set[str]]:
        """The table's rows by their keys, what is wrong with others, and the codes of those ("" for the whole table): what can't be read
        is not thereby lifted."""
        if not isinstance(told, dict) or sum(len(one) for one in told.values() if isinstance(one, list)) > MOST_WARNINGS:
            return {}, [Rejected("wrong_type", f"warnings: expected at most {MOST_WARNINGS}, by division code")], {""}
        rows: dict[str, Row] = {}
        faults: list[Output] = []
        spoilt: set[str] = set()
        for code, warnings in told.items():
            if isinstance(code, str) and DIVISION.match(code) and not self._concerns(code):
                continue
            for one in warnings if isinstance(warnings, list) else [warnings]:
                row = _row(code, one)
                if isinstance(row, Rejected):
                    faults.append(row)
                    spoilt.add(code)
                else:
                    rows[row.key] = row
        return rows, faults, spoilt

    def _concerns(self, code: str) -> bool:
        """Whether a place is in, or above, the city that the setting `of` names."""
        city: str | None = self._settings["of"]
        if city is None:
            return True
        own, other = city.rstrip("0"), code.rstrip("0")
        return own.startswith(other) or other.startswith(own)


def _row(code: Any, told: Any) -> Row | Rejected:
    if not isinstance(code, str) or not DIVISION.match(code):
        return Rejected("bad_code", f"{str(code)[:40]!r} is no division code of GB/T 2260")
    if not isinstance(told, dict):
        return Rejected("wrong_type", f"{code}: a warning is an object")
    hazard, place = plain_text(told.get("type")), plain_text(told.get("name")) or code
    if not hazard:
        return Rejected("wrong_type", f"{code}: type: expected a text")
    level = level_of(told.get("color"), told.get("level"))
    issued, expires = moment(told.get("issued")), moment(told.get("expires"), None)
    for one in (level, issued, expires):
        if isinstance(one, Rejected):
            return one._replace(detail=f"{code}: {one.detail}")
    key = f"{code}/{hazard}/{level}/{issued}/{'' if expires is None else expires}"
    return Row(key, code, place, hazard, level, issued, expires)  # type: ignore[arg-type]


def _name(key: str, stated: int) -> str:
    """What a warning is called: one that was lifted and is said again is another."""
    return f"{key}/{stated}"


def _said(new: Iterable[Row], was: Mapping[str, tuple[str, ...]], stated: int) -> list[Warned]:
    """What a table says that the one before didn't: a new warning, one that replaces the only one of its place and hazard that is gone,
    and what was lifted."""
    fresh, gone = list(new), dict(was)
    said = []
    for row in fresh:
        same = [key for key, kept in gone.items() if kept[:2] == (row.code, row.hazard)]
        alone = len(same) == 1 and sum((one.code, one.hazard) == (row.code, row.hazard) for one in fresh) == 1
        references = [gone.pop(same[0])[3]] if alone else []
        said.append(_warned(row, _name(row.key, stated), Action.UPDATE if alone else Action.ISSUE, references))
    return said + [_lifted(kept, stated) for kept in gone.values()]


def _warned(row: Row, name: str, action: Action, references: Sequence[str]) -> Warned:
    return Warned(
        statement=name,
        alert=name,
        action=action,
        status=Status.ACTUAL,
        references=tuple(references),
        sent_at=row.issued_at,
        sender=row.place,
        hazard=row.hazard,
        level=row.level,
        severity="",
        urgency="",
        certainty="",
        effective_at=row.issued_at,
        onset_at=None,
        expires_at=row.expires_at,
        areas=(Area(row.place, ((REGION_SCHEME, row.code),)),),
        texts={},
    )


def _lifted(kept: Sequence[str], stated: int) -> Warned:
    code, hazard, place, name = kept
    gone = Row("", code, place, hazard, Level.BLUE, stated, None)
    return _warned(gone, f"{name}/lifted/{stated}", Action.CANCEL, [name])._replace(level=None)


def cn_fields() -> dict[str, Field]:
    """The settings, those of the poller included."""
    return {**POLL_FIELDS, "of": (division, None), "types": (_types, {})}


def _types(raw: Any) -> dict[str, str]:
    if not isinstance(raw, dict) or not all(isinstance(one, str) for pair in raw.items() for one in pair):
        raise ValueError("codes of eventType, each with its hazard in words")
    return dict(raw)
