"""Where the values of a face come from, in words: key figures, counts, single measurements, and the feed that brings them. Vital signs say
it in layouts/sign_parts.py."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from domain.displays import Figure
from domain.registry import Device
from layouts.value import Origin
from layouts.value import normal as bounds_in_words
from layouts.view import Reckoned, View
from layouts.words import Words

NAMED = 3
"""So many departments, or feeds, are named."""


def of_figure(view: View, one: Figure, found: Reckoned) -> Origin:
    """A key figure: folded over the fresh values of its devices."""
    words, names = view.words, view.names
    kind, metric = names.kind(words, one.kind), names.metric(words, one.metric)
    used = words("origin.inputs_fresh", fresh=words.number(found.fresh), total=words.number(found.total))
    facts = {
        "source": " · ".join(filter(None, [words("origin.from_devices", kind=kind), _named(view, lambda feeds: feeds.of_kind(one.kind))])),
        "formula": words("origin.folded", fold=words(f"fold.{one.fold}"), metric=metric, kind=kind),
        "inputs": used,
        "owner": _owners(view, [device for device in view.devices.values() if device.kind == one.kind]),
        "quality": words("origin.suspect_of", n=words.number(found.suspect)) if found.suspect else words("detail.good"),
        "normal": " · ".join(filter(None, [bounds_in_words(words, one.normal), words.basis(one.source)])),
    }
    return Origin(words(f"figure.{one.id}"), facts, found.at)


def of_count(view: View, name: str, about: str) -> Origin:
    """Something counted in the picture itself: devices that answer, alarms that are lit. `about`: how it is counted."""
    words = view.words
    facts = {"source": words("origin.picture"), "formula": words(about), "owner": _owners(view, list(view.devices.values()))}
    return Origin(name, facts, view.snapshot.at)


def of_metric(view: View, device: Device, metric: str, held: Sequence[Any]) -> Origin:
    """One device's newest value of one metric: [at, value, quality]."""
    words = view.words
    name, kind = words.pick(device.name, device.name_en), view.names.kind(words, device.kind)
    facts = {
        "source": " · ".join(filter(None, [_named(view, lambda feeds: [feeds.of(device)]), name, device.device_id, kind])),
        "formula": words("origin.as_measured", every=f"{device.interval_s:g}") if device.interval_s else words("detail.on_change"),
        "owner": view.department_name(device.department),
        "quality": words("state.suspect") if held[2] == "suspect" else words("detail.good"),
        "about": view.names.basis(metric),
    }
    return Origin(f"{name} · {view.names.metric(words, metric)}", facts, held[0])


def feed_name(words: Words, feed: str) -> str:
    """The feed's name where the catalogue has one, else its id."""
    return words(f"feed.{feed}") if words.has(f"feed.{feed}") else feed


def _named(view: View, ask: Callable[[Any], Sequence[str]]) -> str:
    """The feeds that bring values, as the person who looks after them knows them; empty while nobody knows."""
    words, feeds = view.words, view.gathered.get("feeds")
    listed = words("list.comma").join(feed_name(words, feed) for feed in (ask(feeds)[:NAMED] if feeds else ()) if feed)
    return words("origin.feed", feed=listed) if listed else ""


def _owners(view: View, devices: Sequence[Device]) -> str:
    """The departments with the most of these devices."""
    counted = Counter(device.department for device in devices).most_common()
    return view.words("list.comma").join(view.department_name(code) for code, _ in counted[:NAMED] if code)
