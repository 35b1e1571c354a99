"""/api/v1/catalogue: the resource catalogue; how libraries and layers stand; manual import."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flask

from api.problems import Problem
from api.requests import body, identifier, json_object, now, query, query_limit, query_time, uuid, yes_or_no
from api.session import private, signed_in
from domain.access import Forbidden
from services.catalogue_ports import Entry
from services.city import City
from services.import_ports import Import
from services.manual_import import NotImported, Preview

LARGEST_FILE = 20 * 1024 * 1024
FILTERS = ("library", "provider", "share")
DEEDS = ("confirm", "drop", "undo")
UNKNOWN = "There is no import of that id."


def blueprint(city: City) -> flask.Blueprint:
    """Everything about the catalogue and manual import."""
    pages = flask.Blueprint("api_catalogue", __name__, url_prefix="/api/v1")
    _entries(pages, city)
    _state(pages, city)
    _imports(pages, city)
    return pages


def _entries(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/catalogue")
    def search() -> flask.Response:
        asked = {name: query(name) or "" for name in FILTERS}
        found = city.catalogue.search(signed_in(), query("q") or "", query_time("at"), **asked, most=query_limit())
        moment = now()
        items = [{**_entry(city, one.entry, moment), "matching": [field.name for field in one.fields]} for one in found.matches]
        return private({"items": items, "total": found.total})

    @pages.get("/catalogue/<code>")
    def entry(code: str) -> flask.Response:
        try:
            found = city.catalogue.entry(signed_in(), identifier(code, 256), query_time("at"))
        except LookupError as error:
            raise Problem(404, "There is no such resource.") from error
        return private({**_entry(city, found, now()), "fields": [one._asdict() for one in found.resource.fields]})


def _state(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/libraries")
    def libraries() -> flask.Response:
        return private({"items": [_standing(one) for one in city.catalogue.libraries(signed_in(), now())]})

    @pages.get("/reconciliations")
    def reconciliations() -> flask.Response:
        found = city.catalogue.reconciliations(signed_in())
        return private({"items": [{**one._asdict(), "agrees": one.agrees} for one in found]})

    @pages.get("/reconciliations/<resource>/differences")
    def differences(resource: str) -> flask.Response:
        return private({"items": [one._asdict() for one in city.catalogue.differences(signed_in(), identifier(resource, 256))]})


def _imports(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/imports")
    def listed() -> flask.Response:
        return private({"items": [_import(one) for one in city.imports.imports(signed_in())]})

    @pages.post("/imports")
    def bring() -> flask.Response:
        actor = signed_in()
        of = {name: query(name) or "" for name in ("library", "table", "file_name")}
        if not actor.may("steward_data"):
            raise Forbidden("steward_data")
        if flask.request.mimetype != "application/octet-stream":
            raise Problem(415, "Send the file's bytes as application/octet-stream.")
        with _not_imported("There is no such table for files."):
            return private(_preview(city.imports.preview(actor, **of, content=body(LARGEST_FILE), now=now())), 201)

    @pages.get("/imports/<import_id>")
    def look(import_id: str) -> flask.Response:
        with _not_imported(UNKNOWN):
            return private(_preview(city.imports.look(signed_in(), uuid(import_id))))

    @pages.post("/imports/<import_id>/<deed>")
    def act(import_id: str, deed: str) -> flask.Response:
        actor, document = signed_in(), json_object()
        if deed not in DEEDS:
            raise Problem(404, f"A deed is one of {', '.join(DEEDS)}.")
        skip = yes_or_no(document, "skip_errors") if "skip_errors" in document else False
        with _not_imported(UNKNOWN):
            return private(_import(_done(city, deed, actor, uuid(import_id), skip)))


@contextmanager
def _not_imported(unknown: str) -> Iterator[None]:
    """404 in these words for what is unknown, 409 for what has gone on meanwhile, 422 for a file or a deed that is refused."""
    try:
        yield
    except LookupError as error:
        raise Problem(404, unknown) from error
    except NotImported as error:
        raise Problem(409 if error.reason == "gone_on" else 422, f"This was not done: {error}.", code=error.reason) from error


def _done(city: City, deed: str, actor: Any, import_id: str, skip: bool) -> Import:
    if deed == "confirm":
        return city.imports.confirm(actor, import_id, skip, now())
    return (city.imports.drop if deed == "drop" else city.imports.undo)(actor, import_id, now())


def _entry(city: City, entry: Entry, moment: int) -> dict[str, Any]:
    said = {name: value for name, value in entry.resource._asdict().items() if name not in ("fields", "gone_at")}
    times = {name: getattr(entry, name) for name in ("landed", "inspected_at", "newest_at", "landed_at", "landed_rows")}
    return {**said, "related": list(entry.resource.related), **times, "late_ms": city.catalogue.late(entry, moment)}


def _standing(one: Any) -> dict[str, Any]:
    runs = [run._asdict() for run in one.runs]
    return {**one.state._asdict(), "resources": one.resources, "fields": one.fields, "late": list(one.late), "runs": runs}


def _import(one: Import) -> dict[str, Any]:
    return {**one._asdict(), "errors": [error._asdict() for error in one.errors]}


def _preview(found: Preview) -> dict[str, Any]:
    return {**_import(found.found), "first": [{"row": one.number, "values": dict(one.values)} for one in found.rows]}
