"""Searching the audit log: the fields make a query, the grid asks for its blocks, the link exports the same."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from callbacks.faces import Faces, address, now_ms
from layouts import admin_audit
from services.account_ports import AuditQuery
from services.audit import COUNTED


def register(app: Dash, faces: Faces) -> None:
    """A query is what the fields said when the button was pressed, up to that moment, so that leafing through it shows the same log."""

    @app.callback(
        Output({"type": "audit-query"}, "data"),
        Output({"type": "audit-export"}, "href"),
        Output({"type": "audit-field", "name": "action"}, "data"),
        Output({"type": "grid", "name": "audit"}, "filterModel"),
        Input({"type": "audit-search"}, "n_clicks"),
        State({"type": "audit-field", "name": ALL}, "value"),
        State("url", "search"),
    )
    def ask(_clicks: int, _values: list[Any], search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or not actor.may("read_audit"):
            return (no_update,) * 4
        words, now = faces.words(search), now_ms()
        query = asked({one["id"]["name"]: one.get("value") for one in ctx.states_list[0]}, now)
        actions = [{"value": name, "label": admin_audit.action(words, name)} for name in faces.city.audit.actions(actor)]
        return query, admin_audit.export_address(query), actions, admin_audit.asked_at(now)

    @app.callback(
        Output({"type": "grid", "name": "audit"}, "getRowsResponse"),
        Output({"type": "audit-found"}, "children"),
        Input({"type": "grid", "name": "audit"}, "getRowsRequest"),
        State({"type": "audit-query"}, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def block(request: dict[str, Any] | None, query: dict[str, Any] | None, search: str | None) -> Any:
        actor = faces.actor()
        if actor is None or query is None or request is None:
            return no_update, no_update
        words = faces.words(search)
        start = int(request["startRow"])
        entries, total = faces.city.audit.search(actor, AuditQuery(**query), now_ms(), start, admin_audit.BLOCK, address())
        count = words("audit.found", n=words.number(total), more="+" if total >= COUNTED else "")
        return {"rowData": admin_audit.rows(words, entries), "rowCount": total}, count


def asked(fields: dict[str, Any], now: int) -> dict[str, Any]:
    """The search that the fields describe, as AuditQuery takes it."""
    words = {name: value.strip() for name in (*admin_audit.TEXTS, "action", "outcome") if (value := fields.get(name))}
    back = admin_audit.PERIODS.get(fields.get("period") or "")
    return {"since": now - back if back else 0, "until": now, **words}
