"""What makes `/mobile` work without a network: its page for offline, the service worker, the manifest. No sign-in: nothing in them is
about a person or the city's state."""

import hashlib
import json
from pathlib import Path

from dash import Dash

from callbacks.faces import Faces
from callbacks.incidents import naming_of
from layouts import field
from layouts.words import LANGUAGES

STYLES = ("tokens.css", "value.css", "mobile.css", "field.css")
SHARED = ("theme.js", "ticks.js", "value.js", "provenance.js")
ALONE = "field_worker.js"
"""The service worker's own file: no page loads it."""


def register(app: Dash, faces: Faces) -> None:
    """Three addresses below /mobile, which is as far as the worker reaches."""
    assets = Path(str(app.config.assets_folder))
    server = app.server

    def answer(body: str, kind: str, **headers: str) -> object:
        said = {"Cache-Control": "no-cache", **{name.replace("_", "-"): value for name, value in headers.items()}}
        return server.response_class(body, content_type=f"{kind}; charset=utf-8", headers=said)

    @server.get("/mobile/offline/<any(zh, en):lang>")  # type: ignore[untyped-decorator]
    def offline(lang: str) -> object:
        return answer(page(faces, assets, lang), "text/html")

    @server.get("/mobile/setup/<any(zh, en):lang>")  # type: ignore[untyped-decorator]
    def setup(lang: str) -> object:
        return answer(said(faces, lang), "application/json")

    @server.get(field.WORKER)  # type: ignore[untyped-decorator]
    def worker() -> object:
        made = [*(page(faces, assets, lang) for lang in LANGUAGES), *(said(faces, lang) for lang in LANGUAGES)]
        pages = [f"/mobile/{kind}/{lang}" for kind in ("offline", "setup") for lang in LANGUAGES]
        held = [*pages, *(address(assets, name) for name in (*STYLES, *scripts(assets))), "/assets/icons/field.svg", field.MANIFEST]
        mark = hashlib.sha256("".join(made).encode()).hexdigest()[:12]
        start = f"const MARK = {json.dumps(mark)}, HELD = {json.dumps(held)};\n"
        return answer(start + (assets / ALONE).read_text(), "text/javascript", Service_Worker_Allowed="/mobile")

    @server.get(field.MANIFEST)  # type: ignore[untyped-decorator]
    def manifest() -> object:
        city = faces.city.register.city()
        return answer(json.dumps(field.manifest("zh", str(city.get("name", ""))), ensure_ascii=False), "application/manifest+json")


def said(faces: Faces, lang: str) -> str:
    """Words and names in one language."""
    words = faces.words(f"?lang={lang}")
    return json.dumps(field.setup(naming_of(faces, words), faces.names), ensure_ascii=False)


def page(faces: Faces, assets: Path, lang: str) -> str:
    """The page for no network, in one language."""
    words, city = faces.words(f"?lang={lang}"), faces.city.register.city()
    title = words.pick(city.get("name", ""), city.get("name_en", ""))
    styles, code = ([address(assets, name) for name in names] for names in (STYLES, scripts(assets)))
    return field.offline_page(words, title, styles, code)


def scripts(assets: Path) -> list[str]:
    """The scripts of the work tab: what it shares with other faces first; field_app.js starts the others and comes last."""
    found = sorted(path.name for path in assets.glob("field_*.js") if path.name not in (ALONE, "field_app.js"))
    return [*SHARED, *found, "field_app.js"]


def address(assets: Path, name: str) -> str:
    """A file's address, which changes with its content."""
    return f"/assets/{name}?v={hashlib.sha256((assets / name).read_bytes()).hexdigest()[:12]}"
