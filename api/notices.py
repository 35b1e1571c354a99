"""/api/v1/notices: one's own notices, answering a calling, and where one is reached; /api/v1/callings: the chain about a thing."""

import flask

from api.duty import told
from api.problems import Problem
from api.requests import identifier, json_object, now, query, text, texts
from api.session import private, signed_in
from domain.notices import Calling
from services.city import City
from services.notice_ports import Notice
from services.notice_words import people_in

SHOWN = ("notice_id", "thing", "username", "channel", "template", "link", "created_at", "state", "sent_at", "read_at", "error", "exercise")


def blueprint(city: City) -> flask.Blueprint:
    """Everything about notices."""
    pages = flask.Blueprint("api_notices", __name__, url_prefix="/api/v1")
    _mine(pages, city)
    _reached(pages, city)
    _sent(pages, city)
    return pages


def _mine(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/notices")
    def notices() -> flask.Response:
        found = city.notices.mine(signed_in(), query("unread") == "true")
        return private({"items": [_shown(one, city) for one in found]})

    @pages.post("/notices/read")
    def read() -> flask.Response:
        actor, ids = signed_in(), texts(json_object(), "notice_ids")
        known = {one.notice_id for one in city.notices.mine(actor)}
        return private({"read": city.notices.read(actor, [one for one in ids if one in known], now())})

    @pages.post("/notices/answer")
    def answer() -> flask.Response:
        actor, thing = signed_in(), text(json_object(), "thing")
        try:
            return private({"answered": city.notices.answer(actor, thing, now())})
        except LookupError as error:
            raise Problem(404, "Nobody calls you about this.") from error

    @pages.get("/callings/<thing>")
    def chain(thing: str) -> flask.Response:
        actor, wanted = signed_in(), identifier(thing)
        try:
            found = city.chains.of(actor, wanted, now())
        except LookupError as error:
            raise Problem(404, "You see nothing of that kind and id.") from error
        if found is None:
            raise Problem(404, "Nobody is or was called about this.")
        return private({"calling": _calling(found.calling), "notices": [_shown(one, city) for one in found.notices]})


def _reached(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/notices/addresses")
    def addresses() -> flask.Response:
        return private({"addresses": dict(city.notices.addresses(signed_in()))})

    @pages.put("/notices/addresses")
    def set_address() -> flask.Response:
        actor, document = signed_in(), json_object()
        try:
            city.notices.set_address(actor, text(document, "channel"), text(document, "address"))
        except ValueError as error:
            raise Problem(
                422, "`channel` is email, http or lang, and `address` what it takes: an e-mail address, a number, zh or en."
            ) from error
        return private({"addresses": dict(city.notices.addresses(actor))})


def _sent(pages: flask.Blueprint, city: City) -> None:
    @pages.get("/notices/sent")
    def sent() -> flask.Response:
        """What one's own deeds told others: whom it reached, and who has read it."""
        found = city.outbox.sent(signed_in(), query("number") or "")
        return private({"items": [{**one._asdict(), "notices": [_shown(each, city) for each in one.notices]} for one in found]})

    @pages.post("/notices/test")
    def test() -> flask.Response:
        actor = signed_in()
        with told():
            return private({"items": [_shown(one, city) for one in city.outbox.test(actor, now())]}, 201)


def _shown(one: Notice, city: City) -> dict[str, object]:
    """`people`: what those are called whose usernames stand in `params`."""
    people = {who: city.people.called(who) for who in sorted(people_in(one.params))}
    return {**{name: getattr(one, name) for name in SHOWN}, "params": dict(one.params), "people": people}


def _calling(one: Calling) -> dict[str, object]:
    return {**one._asdict(), "person": one.person, "not_reached": list(one.not_reached)}
