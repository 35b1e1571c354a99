"""Errors under /api as RFC 9457 problem documents. Nothing a client sends gets another kind of answer."""

from http import HTTPStatus
from typing import Any

import flask

from domain.access import Forbidden
from services.city import City

MEDIA_TYPE = "application/problem+json"
HTTP_ERRORS = (400, 401, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 422, 428, 429, 431, 500, 501, 502, 503, 504)


class Problem(Exception):
    """An answer of 4xx or 503: `detail` tells a person what was wrong and what to do, `code` a page which rule it was, `more` what else
    belongs to it (RFC 9457 3.2)."""

    def __init__(
        self, status: int, detail: str, headers: dict[str, str] | None = None, code: str = "", more: dict[str, Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.more = more or {}
        self.status = status
        self.detail = detail
        self.headers = headers or {}


def document(
    status: int, detail: str, headers: dict[str, str] | None = None, code: str = "", more: dict[str, Any] | None = None
) -> flask.Response:
    """A problem document. `type` stays about:blank: the status says what kind it is, as RFC 9457 4.2.1 has it."""
    content: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    content |= {**(more or {}), **({"code": code} if code else {})}
    answer = flask.jsonify(content)
    answer.status_code = status
    answer.content_type = MEDIA_TYPE
    answer.headers["Cache-Control"] = "no-store"
    answer.headers.extend(headers or {})
    return answer


def blueprint(city: City) -> flask.Blueprint:
    """Error handlers for the whole application, and the answer to paths under /api that do not exist."""
    pages = flask.Blueprint("api_problems", __name__)
    pages.app_errorhandler(Problem)(lambda problem: document(problem.status, problem.detail, problem.headers, problem.code, problem.more))
    pages.app_errorhandler(Forbidden)(_forbidden)
    for status in HTTP_ERRORS:
        pages.app_errorhandler(status)(_http_error)
    pages.add_url_rule("/api/", "nothing", _nothing)
    pages.add_url_rule("/api/<path:anything>", "nothing", _nothing)
    return pages


def _nothing(anything: str = "") -> flask.Response:
    return document(404, "There is nothing at this address; /api/openapi.json lists what there is.")


def _forbidden(error: Forbidden) -> flask.Response:
    return document(403, f"Your account does not have the right to do this ({error}).")


def _http_error(error: Any) -> Any:
    """What Flask itself refuses, and 500 for what nobody caught (it is in the log by then). Pages keep their own answer."""
    if not flask.request.path.startswith("/api/") or error.code is None:
        return error
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    detail = error.description or ""
    if error.code >= 500:
        detail = "The server failed at this request; its log says why. Nothing was changed unless the next read shows it."
    return document(error.code, detail, kept)
