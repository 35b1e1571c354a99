"""What duty needs from outside. Times are epoch ms; a unit is a department's or a region's code, empty for the center itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.access import Actor
from domain.duty import Shift


class NotTaken(ValueError):
    """A duty matter that cannot be written down so; `code` says why, `params` its names."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


LONGEST = {"phone": 64, "caller": 200, "name": 200, "post": 200, "address": 500}
"""So many letters what is written down may have at most, by its name; MOST_LETTERS for what is not here."""
MOST_LETTERS = 4_000


def written(value: str, name: str) -> str:
    """A text as it is kept, without the blanks around it. Raises NotTaken `too_long`, and `bad_text` for what no database keeps."""
    said = value.strip()
    if len(said) > LONGEST.get(name, MOST_LETTERS):
        raise NotTaken("too_long", value=name)
    if "\0" in said or any("\ud800" <= letter <= "\udfff" for letter in said):
        raise NotTaken("bad_text", value=name)
    return said


class Change(NamedTuple):
    """A swap 调班 (`other_shift_id` is what is given for it) or a stand-in 替班. State: asked, agreed, approved, refused."""

    change_id: str
    kind: str
    shift_id: str
    other_shift_id: str | None
    department: str
    asked_by: str
    asked_of: str
    reason: str
    state: str
    asked_at: int
    agreed_at: int | None = None
    decided_by: str = ""
    decided_at: int | None = None
    refusal: str = ""


class LogEntry(NamedTuple):
    """A line of the duty log 值班日志."""

    entry_id: str
    department: str
    at: int
    recorded_at: int
    username: str
    kind: str
    text: str
    link: str = ""


class PhoneCall(NamedTuple):
    """A line of the telephone log: who called, what, and whom they have told already; `incident_id` once it became one."""

    call_id: str
    department: str
    at: int
    recorded_at: int
    username: str
    caller: str
    phone: str
    text: str
    told: str
    address: str
    incident_id: str | None = None


class HandOver(NamedTuple):
    """A hand-over 交接班 with what was open; the next shift signs it."""

    handover_id: str
    department: str
    by_username: str
    at: int
    note: str
    open_matters: Sequence[Mapping[str, Any]]
    signed_by: str = ""
    signed_at: int | None = None
    signed_note: str = ""


class Contact(NamedTuple):
    """A number of the address book that is always the same: a duty room, a switchboard."""

    contact_id: str
    department: str
    name: str
    post: str
    phone: str


class Roll(NamedTuple):
    """A roll call 点名 or a duty check 查岗; `nobody`: units where nobody was on duty."""

    roll_id: str
    kind: str
    asked_by: str
    asked_at: int
    departments: Sequence[str]
    nobody: Sequence[str]


class RosterStore(Protocol):
    """data_adapters/sql/duty_repository.py."""

    def shifts(self, since: int, until: int, at: int | None = None) -> list[Shift]:
        """Those that touch the time, as written down at `at` (None: now), by their beginning."""

    def shift(self, shift_id: str) -> Shift | None:
        """One as it is now."""

    def write(self, ended: Sequence[str], new: Sequence[Shift], by: str, now: int) -> None:
        """End these and begin those in one transaction. Raises NotTaken `collides` where somebody would sit at two posts at once."""

    def names(self) -> Mapping[str, str]:
        """Username -> name of everybody who can be on a roster."""

    def changes(self, open_only: bool) -> list[Change]:
        """Swaps and stand-ins, newest first."""

    def change(self, change_id: str) -> Change | None: ...

    def put_change(self, change: Change, expected: str, exchanged: Sequence[Shift] = ()) -> bool:
        """Keep a new one (`expected` empty) or its next state; False when it has gone on meanwhile. With its approval the shifts that are
        `exchanged` take their new form, in the same transaction. Raises NotTaken `collides`."""


class RoomStore(Protocol):
    """data_adapters/sql/duty_room_repository.py."""

    def log(self, entry: LogEntry) -> None: ...

    def entries(self, department: str, until: int, most: int) -> list[LogEntry]:
        """Recorded at or before `until`, newest first."""

    def phone(self, call: PhoneCall) -> None: ...

    def phone_calls(self, department: str, until: int, most: int) -> list[PhoneCall]: ...

    def phone_call(self, call_id: str) -> PhoneCall | None: ...

    def became(self, call_id: str, incident_id: str) -> None:
        """The telephone call is this incident."""

    def hand_over(self, one: HandOver) -> None: ...

    def hand_overs(self, department: str, until: int, most: int) -> list[HandOver]: ...

    def one_hand_over(self, handover_id: str) -> HandOver | None: ...

    def sign(self, handover_id: str, username: str, note: str, now: int) -> bool:
        """False when it is signed already."""

    def contacts(self, at: int | None = None) -> list[Contact]: ...

    def put_contacts(self, new: Sequence[Contact], ended: Sequence[str], by: str, now: int) -> None: ...

    def call_roll(self, roll: Roll) -> None: ...

    def rolls(self, until: int, most: int) -> list[Roll]: ...


Calendar = Callable[[Sequence[Shift], str], bytes]
"""Shifts and a title -> iCalendar (RFC 5545)."""
Matters = Callable[[Actor, int], Sequence[Mapping[str, Any]]]
"""What is open in an actor's scope: kind, title, since, link."""
