"""Every operation of the API's own description, asked with what schemathesis makes of it, as every role: never a server error."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import openapi

from api.openapi import description
from tests.api.test_incidents import REPORT
from tests.api.test_real_city import real, signed_in  # noqa: F401

SCHEMA = openapi.from_dict(description())
OPERATIONS = {
    f"{found.ok().method.upper()} {found.ok().path}": found.ok()
    for found in SCHEMA.get_all_operations()
    if "session" not in found.ok().path and found.ok().path.startswith("/api/v1/")
}
"""All but those that would sign us out."""
ROLES = ("operator", "dispatcher", "duty_officer", "leader", "handler", "data_steward", "system_admin", "security_admin", "auditor")


@pytest.fixture(scope="module")
def people(real: Any) -> dict[str, Any]:  # noqa: F811
    found = {role: signed_in(real, role) for role in ROLES}
    made = found["operator"].send("POST", "/incidents", json={"data": REPORT}).get_json()
    return {**found, "incident_id": made["incident_id"]}


@pytest.mark.parametrize("name", sorted(OPERATIONS))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_no_operation_answers_with_a_server_error(people: dict[str, Any], name: str, data: st.DataObject) -> None:
    operation = OPERATIONS[name]
    case = data.draw(operation.as_strategy())
    role = data.draw(st.sampled_from(ROLES))
    path = operation.path.removeprefix("/api/v1")
    known = {**(case.path_parameters or {})}
    if "incident_id" in known and data.draw(st.booleans()):
        known["incident_id"] = people["incident_id"]
    for parameter, value in known.items():
        path = path.replace("{" + parameter + "}", str(value).replace("/", "%2F").replace("?", "%3F").replace("#", "%23"))
    body = {"json": case.body} if isinstance(case.body, dict | list | str | int | float | bool) else {}
    answer = people[role].send(operation.method.upper(), path, query_string=_plain(case.query or {}), **body)
    assert answer.status_code < 500, (role, path, body, answer.get_data(as_text=True)[:500])


def _plain(query: Any) -> dict[str, str]:
    """A query as a browser can send it: text without halves of surrogate pairs."""
    return {str(name): str(value).encode("utf-8", "replace").decode() for name, value in dict(query).items()}
