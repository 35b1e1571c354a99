"""The forms of the duty page: what each begins with, and what is done with what was typed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from callbacks import warning_forms
from callbacks.duty import CENTER, Look, wrong_rows
from callbacks.said import moment_of, text_of, texts_of
from callbacks.sheet import Said, Sheets
from domain.access import Forbidden
from domain.duty import POSTS, Gap, Shift
from layouts import duty_forms
from layouts.duty_forms import Opening
from layouts.duty_parts import DAY_MS
from layouts.incidents.fields import Choice
from services.duty_book import KINDS
from services.duty_ports import Contact, NotTaken
from services.duty_scope import may

AHEAD_MS = 60 * DAY_MS
"""Shifts so far ahead can be swapped."""
MINUTE_MS = 60_000
LANGUAGES = ("zh", "en")


def _moment(said: Said, name: str) -> int:
    found = moment_of(said, name)
    if found is None:
        raise NotTaken("wrong_time", value=name)
    return found


# ---- choices ----


def people(look: Look) -> list[Choice]:
    """Everybody who can be on a roster, by name."""
    names = look.city.roster.people(look.actor)
    return sorted(((code, f"{name} ({code})" if name and name != code else code) for code, name in names.items()), key=lambda one: one[1])


def units(look: Look, action: str) -> list[Choice]:
    """The units for which the actor may do this; the center itself is the one without a code, which a form leaves empty."""
    regions = look.city.register.regions()
    return [(page.code, look.naming.unit(page.code)) for page in look.city.duty_book.pages(look.actor, look.now)
            if page.code and may(look.actor, action, page.code, regions)]  # fmt: skip


def shift_line(look: Look, one: Shift) -> str:
    """A shift in a line: who, when, which post."""
    words = look.naming.words
    return f"{one.name} {words.day_clock(one.starts)}–{words.clock(one.ends)} {words(f'post.{one.post}')}"


def upcoming(look: Look) -> Sequence[Shift]:
    """Shifts that are not over."""
    found: Sequence[Shift] = look.city.roster.shifts(look.actor, look.now, look.now + AHEAD_MS)
    return found


# ---- shifts ----


def _gap_of(thing: str) -> Gap | None:
    """`gap:<post>:<starts>:<ends>`, as the alarm of a gap says it."""
    parts = thing.split(":")
    if len(parts) != 4 or parts[0] != "gap" or not (parts[2].isdecimal() and parts[3].isdecimal()):
        return None
    return Gap(parts[1], CENTER, int(parts[2]), int(parts[3]), 0, 1)


def _usual(look: Look) -> Mapping[str, int]:
    """When the next day's first shift begins and ends, as the city's rules have it."""
    for starts, ends in look.city.roster.rules.patterns.values():
        day = look.midnight + DAY_MS
        return {"starts": day + starts * MINUTE_MS, "ends": day + (ends if ends > starts else ends + DAY_MS // MINUTE_MS) * MINUTE_MS}
    return {}


def _open_shift(look: Look, thing: str) -> Component:
    words, gap = look.naming.words, _gap_of(thing)
    values: Mapping[str, Any] = _usual(look)
    if gap is not None:
        values = {"post": gap.post, "starts": gap.starts, "ends": gap.ends}
    elif thing:
        held = look.city.roster.one(look.actor, thing)
        values = {
            "post": held.post,
            "unit": held.department,
            "person": held.username,
            "phone": held.phone,
            "starts": held.starts,
            "ends": held.ends,
        }
    options = {"post": [(post, words(f"post.{post}")) for post in POSTS], "unit": units(look, "edit_roster"), "person": people(look)}
    return duty_forms.build(words, "shift", thing, Opening(options, values))


def _send_shift(look: Look, thing: str, said: Said) -> None:
    shift_id = "" if _gap_of(thing) else thing
    span = _moment(said, "starts"), _moment(said, "ends")
    made = Shift(shift_id, text_of(said, "post"), text_of(said, "unit"), text_of(said, "person"), "", text_of(said, "phone"), *span)
    look.city.roster.write(look.actor, made, look.now)


def _send_roster(look: Look, _thing: str, said: Said) -> str | None:
    return wrong_rows(look, look.city.roster.read_file(look.actor, text_of(said, "file"), look.now)[1])


def _open_remove(look: Look, thing: str) -> Component:
    line = html.P(look.naming.words("sheet.shift_remove.lead", shift=shift_line(look, look.city.roster.one(look.actor, thing))))
    return duty_forms.build(look.naming.words, "shift_remove", thing, Opening(lead=[line]))


def _send_remove(look: Look, thing: str, _said: Said) -> None:
    look.city.roster.remove(look.actor, thing, look.now)


# ---- swaps ----


def _open_swap(look: Look, thing: str) -> Component:
    words, coming, me = look.naming.words, upcoming(look), look.actor.username
    mine = [(one.shift_id, shift_line(look, one)) for one in coming if one.username == me]
    options = {
        "mine": mine,
        "other": [(one.shift_id, shift_line(look, one)) for one in coming if one.username != me],
        "colleague": [one for one in people(look) if one[0] != me],
    }
    chosen = thing or (mine[0][0] if len(mine) == 1 else "")
    lead = [html.P(words("sheet.swap.lead" if mine else "sheet.swap.none"))]
    return duty_forms.build(words, "swap", thing, Opening(options, {"mine": chosen} if chosen else {}, lead))


def _send_swap(look: Look, _thing: str, said: Said) -> None:
    """Their shift in exchange names the colleague; without one the colleague stands in."""
    other, colleague = text_of(said, "other"), text_of(said, "colleague")
    asked_of = look.city.roster.one(look.actor, other).username if other else colleague
    if not asked_of or (colleague and colleague != asked_of):
        raise NotTaken("who_instead", value=colleague)
    look.city.duty_changes.ask(look.actor, text_of(said, "mine"), asked_of, other or None, text_of(said, "reason"), look.now)


# ---- numbers ----


def _contact(look: Look, thing: str) -> Contact:
    found: list[Contact] = [
        one for page in look.city.duty_book.pages(look.actor, look.now) for one in page.contacts if one.contact_id == thing
    ]
    if not found:
        raise LookupError(thing)
    return found[0]


def _open_contact(look: Look, thing: str) -> Component:
    held = _contact(look, thing) if thing else Contact("", "", "", "", "")
    values = {"unit": held.department, "name": held.name, "duty": held.post, "phone": held.phone}
    return duty_forms.build(look.naming.words, "contact", thing, Opening({"unit": units(look, "edit_roster")}, values))


def _send_contact(look: Look, thing: str, said: Said) -> None:
    made = Contact(thing, text_of(said, "unit"), text_of(said, "name"), text_of(said, "duty"), text_of(said, "phone"))
    look.city.duty_book.write(look.actor, made, look.now)


def _open_contact_remove(look: Look, thing: str) -> Component:
    held = _contact(look, thing)
    line = html.P(look.naming.words("sheet.contact_remove.lead", contact=f"{look.naming.unit(held.department)} {held.name} {held.phone}"))
    return duty_forms.build(look.naming.words, "contact_remove", thing, Opening(lead=[line]))


def _send_contact_remove(look: Look, thing: str, _said: Said) -> None:
    look.city.duty_book.remove(look.actor, thing, look.now)


def _send_contacts(look: Look, _thing: str, said: Said) -> str | None:
    return wrong_rows(look, look.city.duty_book.read_file(look.actor, text_of(said, "file"), look.now)[1])


# ---- roll calls, and where one is reached ----


def _open_roll(look: Look, _thing: str) -> Component:
    words = look.naming.words
    if not look.actor.may("call_roll"):
        raise Forbidden("call_roll")
    there = {one.department for one in look.city.roster.on_duty(look.actor, look.now)}
    known = [("center", look.naming.unit(CENTER)), *units(look, "call_roll")]
    first = sorted(known, key=lambda one: (CENTER if one[0] == "center" else one[0]) not in there)
    options = {"kind": [(kind, words(f"duty.kind.{kind}")) for kind in KINDS], "units": first}
    lead = [html.P(words("sheet.roll.lead", n=len(there)))]
    return duty_forms.build(words, "roll", "", Opening(options, {"kind": KINDS[0]}, lead))


def _send_roll(look: Look, _thing: str, said: Said) -> None:
    """The units that were chosen; without a choice every one where somebody is on duty."""
    chosen = [CENTER if unit == "center" else unit for unit in texts_of(said, "units")]
    there = dict.fromkeys(one.department for one in look.city.roster.on_duty(look.actor, look.now))
    look.city.duty_book.call_roll(look.actor, text_of(said, "kind"), chosen or list(there) or [CENTER], look.now)


def _open_reached(look: Look, _thing: str) -> Component:
    words, held = look.naming.words, dict(look.city.notices.addresses(look.actor))
    options = {"lang": [(lang, words(f"duty.lang.{lang}")) for lang in LANGUAGES]}
    return duty_forms.build(words, "reached", "", Opening(options, {"lang": "zh", **held}, [html.P(words("sheet.reached.lead"))]))


def _send_reached(look: Look, _thing: str, said: Said) -> None:
    for channel in ("email", "http", "lang"):
        try:
            look.city.notices.set_address(look.actor, channel, text_of(said, channel))
        except ValueError:
            raise NotTaken(f"address_{channel}") from None


def _asking(name: str) -> Callable[[Look, str], Component]:
    """A form that begins with nothing."""
    return lambda look, thing: duty_forms.build(look.naming.words, name, thing, Opening())


SHEETS = Sheets(
    {
        "shift": _open_shift,
        "shift_remove": _open_remove,
        "swap": _open_swap,
        "contact": _open_contact,
        "contact_remove": _open_contact_remove,
        "contacts": _asking("contacts"),
        "roster": _asking("roster"),
        "roll": _open_roll,
        "reached": _open_reached,
        "warning": warning_forms.open_warning,
        "warning_lift": warning_forms.open_lift,
    },
    {
        "shift": _send_shift,
        "shift_remove": _send_remove,
        "swap": _send_swap,
        "contact": _send_contact,
        "contact_remove": _send_contact_remove,
        "contacts": _send_contacts,
        "roster": _send_roster,
        "roll": _send_roll,
        "reached": _send_reached,
        "warning": warning_forms.send_warning,
        "warning_lift": warning_forms.send_lift,
    },
)
"""The forms of /duty."""
