"""The map of the desk's keys, which `?` shows: a line for each name that assets/incident_keys.js and its neighbours answer to."""

from dash import html

from layouts.words import Words

KEYS: dict[str, tuple[str, ...]] = {
    "j": ("j", "k", "ArrowDown", "ArrowUp"),
    "enter": ("Enter",),
    "n": ("n",),
    "digits": tuple("123456789"),
    "send": ("Ctrl+Enter",),
    "esc": ("Escape",),
    "slash": ("/",),
    "tabs": ("[", "]"),
    "panes": ("e", "d", "a"),
    "order": ("s",),
    "propose": ("p",),
    "u": ("u",),
    "w": ("w",),
    "second": ("o",),
    "panels": ("F6", "Shift+F6"),
    "group": ("g", "Enter"),
    "m": ("m",),
    "help": ("?",),
}
"""Name of a line -> its keys as browsers call them, with Ctrl or Shift before them; a test compares them with what the scripts hear."""


def build(words: Words) -> html.Div:
    """The map, hidden until somebody asks for it."""
    lines = [part for name in KEYS for part in _line(words, name)]
    close = html.Button(words("keys.close"), className="desk-button", **{"data-keys": "close"})
    head = html.Div([html.H2(words("keys.title")), close], className="keys-head")
    box = html.Div([head, html.Dl(lines)], className="keys-box", **{"data-scroll": "y"})
    return html.Div(box, className="keys", hidden=True, role="dialog", **{"data-keys": "box", "aria-label": words("keys.title")})


def _line(words: Words, name: str) -> tuple[html.Dt, html.Dd]:
    data = {"data-key-name": name, "data-key-keys": " ".join(KEYS[name])}
    return html.Dt(html.Kbd(words(f"key.{name}")), **data), html.Dd(words(f"keys.{name}"))
